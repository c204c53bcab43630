/* floor: json - the model as json-c objects: the keys of the contract.
 *
 * Every function returns an object that the caller owns (json_object_put). */
#ifndef TASKCTL_JSON_H
#define TASKCTL_JSON_H

#include <json-c/json.h>

#include "taskctl/diagnostic.h"
#include "taskctl/model.h"

#define TCTL_JSON_SCHEMA "taskctl/1"

struct json_object *tctl_json_task(const struct tctl_task *task);
/* What the plan says of a task, and not what has become of it: an event's
 * data, so that the events alone can rebuild the task. */
struct json_object *tctl_json_planned(const struct tctl_task *task);
struct json_object *tctl_json_lease(const struct tctl_lease *lease);
struct json_object *tctl_json_strings(const struct tctl_strings *list);

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
