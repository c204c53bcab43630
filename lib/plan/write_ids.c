/* write_ids.c - the ids that were made for a plan, written into it. */
#include <stdlib.h>

#include "write_text.h"
#include "taskctl/plan.h"

/* The tasks must be the same, and their ids the plan's own. */
static enum tctl_status
check(const char *bytes, size_t length, const struct tctl_plan *plan,
    const struct tctl_plan_options *options, struct tctl_error *err)
{
	struct tctl_plan *again = NULL;
	enum tctl_status status =
	    tctl_plan_read(bytes, length, options, &again, err);

	if (status != TCTL_OK)
		return status;
	if (!tctl_plan_same_tasks(plan, again) || again->made_count != 0)
		status = tctl_fail(err, TCTL_EINVALID,
		    "line %d, column %d: with its ids written into it the plan "
		    "does not read back as the same tasks; nothing was written",
		    plan->made[0].line,
		    plan->made[0].column == 0 ? 1 : plan->made[0].column);
	tctl_plan_free(again);
	return status;
}

enum tctl_status
tctl_plan_fix_ids(const char *bytes, size_t length,
    const struct tctl_plan *plan, const struct tctl_plan_options *options,
    char **out, size_t *out_length, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_bytes look = tctl_bytes_look(bytes, length);
	struct tctl_edit_text *edit =
	    tctl_arena_alloc(arena, (plan->made_count + 1) * sizeof(*edit));
	char *made = NULL;
	size_t made_length = 0;
	enum tctl_status status;

	for (size_t i = 0; i < plan->made_count; i++) {
		const struct tctl_made *m = &plan->made[i];

		edit[i].place.line = m->line;
		edit[i].place.column = m->column;
		edit[i].text = tctl_arena_printf(arena, "%s%s%s", m->prefix,
		    plan->task[m->task].id, m->suffix);
	}
	tctl_edits_find(&look, edit, plan->made_count);
	status = tctl_edits_apply(
	    &look, edit, plan->made_count, &made, &made_length, err);
	if (status == TCTL_OK && plan->made_count != 0)
		status = check(made, made_length, plan, options, err);
	if (status == TCTL_OK) {
		*out = made;
		*out_length = made_length;
	} else {
		free(made);
	}
	tctl_bytes_release(&look);
	tctl_arena_free(arena);
	return status;
}
