/* where.c - taskctl where: which .tasks/ and which store, and why. */
#include "commands.h"
#include "print.h"
#include "taskctl/json.h"

static enum tctl_status
where_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct tctl_place *place = &ctx->place;

	(void)request;
	(void)err;
	*out = json_object_new_object();
	json_object_object_add(*out, "tasks", tctl_json_text(place->tasks));
	json_object_object_add(
	    *out, "tasks_because", tctl_json_text(place->why_tasks));
	json_object_object_add(*out, "store", tctl_json_text(place->store));
	json_object_object_add(
	    *out, "store_because", tctl_json_text(place->why_store));
	json_object_object_add(*out, "repository", tctl_json_text(place->repo));
	json_object_object_add(
	    *out, "worktree", tctl_json_text(place->worktree));
	json_object_object_add(
	    *out, "passed_over", tctl_json_text(place->passed_over));
	return TCTL_OK;
}

static void
where_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	static const char *const line[][2] = { { "tasks", "tasks_because" },
		{ "store", "store_because" }, { "repository", NULL },
		{ "worktree", NULL } };

	for (size_t i = 0; i < TCTL_COUNT(line); i++) {
		const char *value = tctl_get(out, line[i][0]);

		fprintf(to, "%-10s  ", line[i][0]);
		tctl_put(ctx, to, TCTL_BOLD, value[0] == '\0' ? "none" : value);
		if (line[i][1] != NULL)
			fprintf(to, "  (%s)", tctl_get(out, line[i][1]));
		fputs("\n", to);
	}
	if (tctl_get(out, "passed_over")[0] == '\0')
		return;
	fputs("not used    ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "passed_over"));
	fputs("  (a worktree's own copy)\n", to);
}

const struct tctl_command tctl_command_where = {
	.name = "where",
	.group = TCTL_GROUP_LOOK,
	.summary = "say which .tasks/ and which store are used, and why",
	.about = "The nearest .tasks/ here or above; inside a linked git "
		 "worktree always the main worktree's (of a bare "
		 "repository the nearest at or above it), so that all agents "
		 "share one; a copy of .tasks/ in the worktree is not used, "
		 "and named here.",
	.example = "$ taskctl where",
	.needs = TCTL_NEEDS_PLACE,
	.run = where_run,
	.text = where_text,
};
