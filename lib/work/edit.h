/* floor: work - what hand-made and imported changes of the plan share. */
#ifndef TASKCTL_WORK_EDIT_H
#define TASKCTL_WORK_EDIT_H

#include "answer.h"

/* The plan of tasks that belong to no file. */
#define TCTL_HAND_PLAN "hand"

/* Bits of task.hand: fields that a person has set, which an import leaves. */
enum {
	TCTL_HAND_TITLE = 1,
	TCTL_HAND_SPRINT = 2,
	TCTL_HAND_AGENT = 4,
	TCTL_HAND_ESTIMATE = 8,
	TCTL_HAND_MUTEX = 16,
	TCTL_HAND_PRIORITY = 32,
};

/* One edit by hand: its change, its answer, its author, its task. */
struct tctl_edit {
	struct tctl_change change;
	struct tctl_answer *out;
	struct tctl_actor actor;
	struct tctl_row row;
};

/* Begin a change and find the task (id NULL: none yet).  After anything but
 * TCTL_OK nothing is left to be ended. */
enum tctl_status tctl_edit_begin(struct tctl_edit *edit,
    const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Write it down (data is taken), load the answer, commit; or roll back. */
enum tctl_status tctl_edit_end(struct tctl_edit *edit, enum tctl_status status,
    enum tctl_event_kind kind, struct json_object *data,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The task is not what it was when its lease lapsed: no coming back. */
enum tctl_status tctl_edit_bury(
    struct tctl_edit *edit, struct tctl_error *err) TCTL_MUST_CHECK;

/* Store the edge need -> edit's task, and count it if need is not done.  One
 * that is there already is left as it is.  The caller refreshes the network. */
enum tctl_status tctl_edit_link(struct tctl_edit *edit,
    const struct tctl_row *need, const char *origin,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The name of the plan that a task is of: its key alone does not say which task
 * is meant.  Kept in the change's arena. */
enum tctl_status tctl_edit_plan_name(struct tctl_edit *edit,
    const struct tctl_row *row, const char **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* {key: text}, or {} for NULL. */
struct json_object *tctl_edit_data(const char *key, const char *text);

/* Is a name or title one?  TCTL_EINVALID: empty, longer than most bytes, not
 * UTF-8, or with a control character.  NULL is fine. */
enum tctl_status tctl_text_check(const char *what, const char *text,
    size_t most, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
