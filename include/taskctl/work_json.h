/* floor: work - what the work floor answers, as JSON: for every program. */
#ifndef TASKCTL_WORK_JSON_H
#define TASKCTL_WORK_JSON_H

#include "taskctl/json.h"
#include "taskctl/work.h"

/* All of these are owned by the caller (json_object_put). */
struct json_object *tctl_json_tasks(const struct tctl_tasks *tasks);
struct json_object *tctl_json_status(const struct tctl_status_report *report);
/* Parts of that. */
struct json_object *tctl_json_totals(const struct tctl_totals *totals);
struct json_object *tctl_json_sprint(const struct tctl_sprint_status *sprint);
struct json_object *tctl_json_stuck(const struct tctl_status_report *report);
struct json_object *tctl_json_outlook(const struct tctl_outlook *outlook);
struct json_object *tctl_json_share(const struct tctl_share *share);
/* {p50, p90, basis, provided, …}, or NULL: there is none. */
struct json_object *tctl_json_forecast(const struct tctl_forecast *forecast,
    const struct tctl_dropped dropped[], size_t dropped_count);
struct json_object *tctl_json_event(const struct tctl_event *event);
struct json_object *tctl_json_why(const struct tctl_why *why);

/* How the last lease ended: {agent, ended, at, worktree}, or NULL. */
struct json_object *tctl_json_last_lease(const struct tctl_why *why);

/* {name: list} with each task */
void tctl_json_add_tasks(
    struct json_object *to, const char *key, const struct tctl_tasks *tasks);

#endif
