/* floor: work - the fields of a task that a person can set. */
#ifndef TASKCTL_WORK_EDIT_FIELDS_H
#define TASKCTL_WORK_EDIT_FIELDS_H

#include <json-c/json.h>

#include "edit.h"

/* The columns of a task that a person can set. */
struct tctl_task_columns {
	const char *title;
	int64_t sprint;
	int64_t position;
	int64_t priority;
	int64_t estimate_s;
	const char *agent;
	const char *mutex;
	int64_t line;
	int64_t hand;
	bool orphaned;
};

/* Read where edit's task stands in its plan: position and line. */
enum tctl_status tctl_task_columns_place(struct tctl_edit *edit,
    struct tctl_task_columns *at, struct tctl_error *err) TCTL_MUST_CHECK;

/* Could these be the fields of a task?  TCTL_EINVALID: one could not. */
enum tctl_status tctl_fields_check(
    const struct tctl_fields *fields, struct tctl_error *err) TCTL_MUST_CHECK;

/* Bring the columns to what the fields ask for, and note in data which were
 * set.  The fields' strings are borrowed. */
enum tctl_status tctl_fields_apply(struct tctl_edit *edit,
    const struct tctl_fields *fields, struct tctl_task_columns *at,
    struct json_object *data, struct tctl_error *err) TCTL_MUST_CHECK;

/* Write them to the row of edit's task. */
enum tctl_status tctl_task_columns_write(struct tctl_edit *edit,
    const struct tctl_task_columns *at, struct tctl_error *err) TCTL_MUST_CHECK;

/* Its sprint or the graph may be another now: count and measure again. */
enum tctl_status tctl_edit_recount(
    struct tctl_edit *edit, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
