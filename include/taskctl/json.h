/* floor: json - the model as json-c objects: the keys of the contract.
 *
 * What returns an object gives it to the caller (json_object_put). */
#ifndef TASKCTL_JSON_H
#define TASKCTL_JSON_H

#include <json-c/json.h>

#include "taskctl/diagnostic.h"
#include "taskctl/model.h"

#define TCTL_JSON_SCHEMA "taskctl/1"

struct json_object *tctl_json_task(const struct tctl_task *task);
struct json_object *tctl_json_lease(const struct tctl_lease *lease);
struct json_object *tctl_json_strings(const struct tctl_strings *list);

/* JSON that is written as text, at once. */
struct tctl_json_text {
	char *at; /* the caller's (free); NULL at first */
	size_t used;
	size_t size;
};

/* Where a task stands in its plan. */
struct tctl_json_place {
	int64_t position;  /* from 0 */
	const char *chain; /* the id of the first of its steps; NULL: no step */
	int64_t step;
};

/* What the plan says of a task, and not what has become of it: an event's
 * data, so that the events alone can rebuild the task.  Takes the place of what
 * was in text; the result is text->at. */
const char *tctl_json_planned(const struct tctl_task *task,
    const struct tctl_json_place *place, struct tctl_json_text *text);

/* The place alone, of a task that has only moved: {"id", "gate", "ticked",
 * "line", "position" …}; with items also its files, criteria and steps. */
struct json_object *tctl_json_moved(const struct tctl_task *task,
    const struct tctl_json_place *place, bool items);

/* RFC 3339 with milliseconds, or null for 0. */
struct json_object *tctl_json_instant(int64_t wall_ms);

/* Add a member that is not there yet; value is taken, key kept (a literal). */
void tctl_json_add(
    struct json_object *to, const char *key, struct json_object *value);

/* The string, or null for NULL. */
struct json_object *tctl_json_text(const char *text);

/* {file, line, column, severity, code, message[, other_line]} */
struct json_object *tctl_json_diagnostic(const struct tctl_diagnostic *d);

#endif
