/* floor: plan - task objects, as JSON of any origin writes them. */
#ifndef PLAN_JSON_TASK_H
#define PLAN_JSON_TASK_H

#include "groups.h"
#include "json_text.h"

/* Tasks while they are read from objects; zeroed but for draft. */
struct tctl_json_batch {
	struct tctl_draft *draft;
	struct tctl_groups groups;
	struct tctl_json_need *need;
	size_t need_count;
	struct tctl_index gone; /* ids that are cancelled: not loaded */
};

/* What a member's name stands for; *rank: the least is the best of several. */
enum tctl_json_field {
	TCTL_JSON_NONE,
	TCTL_JSON_ID,
	TCTL_JSON_TITLE,
	TCTL_JSON_STATUS,
	TCTL_JSON_DONE,
	TCTL_JSON_NEEDS,
	TCTL_JSON_ESTIMATE,
	TCTL_JSON_PRIORITY,
	TCTL_JSON_AGENT,
	TCTL_JSON_MUTEX,
	TCTL_JSON_SPRINT,
	TCTL_JSON_FILES,
	TCTL_JSON_CRITERIA,
	TCTL_JSON_STEPS,
	TCTL_JSON_FIELDS,
};

/* The members of an object by what they stand for; NULL: it has none. */
struct tctl_json_members {
	struct json_object *at[TCTL_JSON_FIELDS];
	const char *name[TCTL_JSON_FIELDS];
	char unit[24]; /* of ESTIMATE */
};

void tctl_json_members(
    struct json_object *object, struct tctl_json_members *out);

/* Does the object have an id, and a title or state or dependencies? */
bool tctl_json_is_task(struct json_object *object);

/* The first of an array that could be tasks, or NULL. */
struct json_object *tctl_json_first(struct json_object *array);

/**
 * Add the task of an object, with all but its sprint and its dependencies.
 *
 * @param prefix before its id: "" or the name of what ids are unique in
 * @return       the task, or TCTL_NONE: it is cancelled or has no id, and that
 *               is said
 */
size_t tctl_json_add_task(struct tctl_json_batch *batch,
    struct json_object *object, const char *prefix);

/* What SPRINT says; titled "Phase 2" where it is a number. */
void tctl_json_put_in_sprint(
    struct tctl_json_batch *batch, size_t task, struct json_object *object);

/* Note dependencies: an id, an array of ids, or objects that have one. */
void tctl_json_add_needs(struct tctl_json_batch *batch, size_t task,
    struct json_object *object, struct json_object *needs, const char *prefix);

/* Note one by its id. */
void tctl_json_add_need(struct tctl_json_batch *batch, size_t task,
    struct json_object *object, const char *id, const char *prefix);

/* Make sprints and edges, when all tasks are read. */
void tctl_json_finish(struct tctl_json_batch *batch);

#endif
