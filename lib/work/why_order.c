/* why_order.c - what order has against a task: bars, and what a gate misses. */
#include <string.h>

#include "why.h"

/* A gate may judge thousands; whoever asks reads a few. */
enum { JUDGED_SHOWN = 20 };

struct barriers {
	struct tctl_arena *arena;
	int64_t bars;
	const char *step;
	const char *gate;
	const char *sprint;
};

static void
take_barriers(void *into, const char *const col[])
{
	struct barriers *barriers = into;

	/* In the order of the columns of task_barriers. */
	barriers->bars = tctl_col(col[0]);
	barriers->step = tctl_arena_strdup(barriers->arena, col[1]);
	barriers->gate = tctl_arena_strdup(barriers->arena, col[2]);
	barriers->sprint = tctl_arena_strdup(barriers->arena, col[3]);
}

static void
add_bars(struct tctl_why *why, const struct barriers *barriers)
{
	struct tctl_arena *arena = barriers->arena;

	if (barriers->bars & TCTL_BAR_IS_GATE)
		tctl_why_add(why, arena, TCTL_WHY_IS_GATE, NULL, NULL,
		    "it is a gate: it is approved, not claimed");
	if (barriers->bars & TCTL_BAR_GATE)
		tctl_why_add(why, arena, TCTL_WHY_GATE, barriers->gate, NULL,
		    tctl_arena_printf(arena,
			"its sprint waits for the gate %s, which is not "
			"approved",
			barriers->gate));
	if (barriers->bars & TCTL_BAR_STEP)
		tctl_why_add(why, arena, TCTL_WHY_STEP, barriers->step, NULL,
		    tctl_arena_printf(arena,
			"it comes after %s, which is not done",
			barriers->step));
	if (barriers->bars & TCTL_BAR_SPRINT)
		tctl_why_add(why, arena, TCTL_WHY_SPRINT, barriers->sprint,
		    NULL,
		    tctl_arena_printf(arena,
			"its sprint follows sprint %s, which is not done",
			barriers->sprint));
}

static void
add_criteria(struct tctl_why *why, struct tctl_arena *arena)
{
	const struct tctl_items *criteria = &why->task.at[0].criteria;

	for (size_t i = 0; i < criteria->count; i++)
		if (!criteria->at[i].done)
			tctl_why_add(why, arena, TCTL_WHY_CRITERION, NULL, NULL,
			    tctl_arena_printf(arena,
				"its criterion %zu is open: %s", i + 1,
				criteria->at[i].text));
}

struct judged {
	int64_t id[JUDGED_SHOWN + 1];
	size_t count;
};

static void
take_judged(void *into, const char *const col[])
{
	struct judged *judged = into;

	judged->id[judged->count++] = tctl_col(col[0]);
}

static enum tctl_status
add_judged(struct tctl_why *why, struct tctl_view *view, int64_t row,
    struct tctl_error *err)
{
	struct judged judged = { .count = 0 };
	struct tctl_tasks tasks;
	enum tctl_status status =
	    tctl_query(view->coord->store, tctl_sql_gate_judged,
		TCTL_ARGS(TCTL_N(row), TCTL_N(JUDGED_SHOWN + 1)), take_judged,
		&judged, NULL, err);
	size_t shown =
	    judged.count > JUDGED_SHOWN ? JUDGED_SHOWN : judged.count;

	if (status == TCTL_OK)
		status =
		    tctl_view_load_ids(view, judged.id, shown, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++) {
		const char *word = tctl_state_word(tasks.at[i].state);

		tctl_why_add(why, view->arena, TCTL_WHY_JUDGED, tasks.at[i].ref,
		    word,
		    tctl_arena_printf(view->arena,
			"it judges %s, which is %s%s", tasks.at[i].ref, word,
			i + 1 == shown && judged.count > shown
			    ? "; and more than that"
			    : ""));
	}
	return status;
}

enum tctl_status
tctl_why_order(struct tctl_why *out, struct tctl_view *view, int64_t row,
    struct tctl_error *err)
{
	struct barriers barriers = { .arena = view->arena };
	enum tctl_state state = out->task.at[0].state;
	enum tctl_status status;

	if (state == TCTL_STATE_DONE || state == TCTL_STATE_CANCELLED)
		return TCTL_OK;
	status = tctl_query(view->coord->store, tctl_sql_task_barriers,
	    TCTL_ARGS(TCTL_N(row)), take_barriers, &barriers, NULL, err);
	if (status != TCTL_OK)
		return status;
	add_bars(out, &barriers);
	if ((barriers.bars & TCTL_BAR_IS_GATE) == 0)
		return TCTL_OK;
	add_criteria(out, view->arena);
	return add_judged(out, view, row, err);
}
