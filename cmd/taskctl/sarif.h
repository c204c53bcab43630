/* floor: cmd - complaints as SARIF 2.1.0, for code hosts. */
#ifndef TASKCTL_CMD_SARIF_H
#define TASKCTL_CMD_SARIF_H

#include <json-c/json.h>

/* One run of the diagnostics of an answer; its rules are the codes' table.
 * The result is the caller's. */
struct json_object *tctl_sarif(struct json_object *diagnostics);

#endif
