/* depend.c - dep add and rm: edges by hand. */
#include <string.h>
#include <bsd/string.h>
#include <json-c/json.h>

#include "edit.h"
#include "network.h"

static void
take_origin(void *into, const char *const col[])
{
	strlcpy(
	    into, tctl_col_text(col[0]), sizeof(((struct tctl_row *)0)->state));
}

/* A new edge counts only if what it leads from is not done: otherwise the
 * task would never be ready. */
static enum tctl_status
count(struct tctl_edit *edit, const struct tctl_row *need, int64_t by,
    struct tctl_error *err)
{
	if (strcmp(need->state, "done") == 0)
		return TCTL_OK;
	return tctl_query(edit->change.store, tctl_sql_count_unmet_one,
	    TCTL_ARGS(TCTL_N(by), TCTL_N(edit->row.id)), NULL, NULL, NULL, err);
}

static enum tctl_status
read_origin(struct tctl_edit *edit, const struct tctl_row *need,
    char origin[16], struct tctl_error *err)
{
	origin[0] = '\0';
	return tctl_query(edit->change.store, tctl_sql_dep_origin,
	    TCTL_ARGS(TCTL_N(edit->row.id), TCTL_N(need->id)), take_origin,
	    origin, NULL, err);
}

enum tctl_status
tctl_edit_link(struct tctl_edit *edit, const struct tctl_row *need,
    const char *origin, struct tctl_error *err)
{
	struct tctl_store *store = edit->change.store;
	char there[16];
	enum tctl_status status = read_origin(edit, need, there, err);

	if (status != TCTL_OK)
		return status;
	if (there[0] != '\0' && strcmp(there, "cut") != 0)
		return TCTL_OK;
	status = there[0] == '\0'
		     ? tctl_query(store, tctl_sql_dep_insert,
			   TCTL_ARGS(TCTL_N(edit->row.id), TCTL_N(need->id),
			       TCTL_T(origin)),
			   NULL, NULL, NULL, err)
		     : tctl_query(store, tctl_sql_dep_set_origin,
			   TCTL_ARGS(TCTL_T(origin), TCTL_N(edit->row.id),
			       TCTL_N(need->id)),
			   NULL, NULL, NULL, err);
	return status == TCTL_OK ? count(edit, need, 1, err) : status;
}

/* An edge of the plan is kept as cut, so that the next import knows. */
static enum tctl_status
unlink_need(
    struct tctl_edit *edit, const struct tctl_row *need, struct tctl_error *err)
{
	struct tctl_store *store = edit->change.store;
	char there[16];
	enum tctl_status status = read_origin(edit, need, there, err);

	if (status != TCTL_OK)
		return status;
	if (there[0] == '\0' || strcmp(there, "cut") == 0)
		return tctl_fail(err, TCTL_ENOTFOUND, "%s does not need %s",
		    edit->row.key, need->key);
	status = strcmp(there, "plan") == 0
		     ? tctl_query(store, tctl_sql_dep_set_origin,
			   TCTL_ARGS(TCTL_T("cut"), TCTL_N(edit->row.id),
			       TCTL_N(need->id)),
			   NULL, NULL, NULL, err)
		     : tctl_query(store, tctl_sql_dep_delete,
			   TCTL_ARGS(TCTL_N(edit->row.id), TCTL_N(need->id)),
			   NULL, NULL, NULL, err);
	return status == TCTL_OK ? count(edit, need, -1, err) : status;
}

struct naming {
	struct tctl_arena *arena;
	const char *name;
};

static void
take_name(void *into, const char *const col[])
{
	struct naming *naming = into;

	naming->name = tctl_arena_strdup(naming->arena, tctl_col_text(col[1]));
}

enum tctl_status
tctl_edit_plan_name(struct tctl_edit *edit, const struct tctl_row *row,
    const char **out, struct tctl_error *err)
{
	struct naming naming = { edit->change.arena, "" };
	enum tctl_status status =
	    tctl_query(edit->change.store, tctl_sql_task_reference,
		TCTL_ARGS(TCTL_N(row->id)), take_name, &naming, NULL, err);

	*out = naming.name;
	return status;
}

/* Edge by both ends' names: {needs, needs_plan}. */
static struct json_object *
data_of(const char *needs, const char *plan)
{
	struct json_object *data = tctl_edit_data("needs", needs);

	json_object_object_add(
	    data, "needs_plan", json_object_new_string(plan));
	return data;
}

static enum tctl_status
change_edge(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, const char *needs, bool add, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_edit edit;
	struct tctl_row need;
	const char *plan = NULL;
	int64_t id;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, task, out, err);

	if (status != TCTL_OK)
		return status;
	status =
	    tctl_row_find(coord->store, edit.change.arena, needs, &id, err);
	if (status == TCTL_OK)
		status = tctl_row_read(
		    coord->store, edit.change.arena, id, &need, err);
	if (status == TCTL_OK)
		status = add ? tctl_edit_link(&edit, &need, "hand", err)
			     : unlink_need(&edit, &need, err);
	if (status == TCTL_OK)
		status = tctl_edit_plan_name(&edit, &need, &plan, err);
	if (status == TCTL_OK)
		status = tctl_network_refresh(&edit.change, err);
	if (status == TCTL_OK)
		status = tctl_edit_bury(&edit, err);
	if (status == TCTL_OK && add && strcmp(edit.row.state, "claimed") == 0)
		tctl_answer_warn(out,
		    "%s is in work already; the new dependency does not stop "
		    "it",
		    edit.row.key);
	return tctl_edit_end(&edit, status,
	    add ? TCTL_EVENT_DEP_ADDED : TCTL_EVENT_DEP_REMOVED,
	    status == TCTL_OK ? data_of(need.key, plan) : NULL, err);
}

enum tctl_status
tctl_dep_add(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, const char *needs, struct tctl_answer *out,
    struct tctl_error *err)
{
	return change_edge(coord, who, task, needs, true, out, err);
}

enum tctl_status
tctl_dep_remove(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, const char *needs, struct tctl_answer *out,
    struct tctl_error *err)
{
	return change_edge(coord, who, task, needs, false, out, err);
}
