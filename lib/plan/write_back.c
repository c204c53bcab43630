/* write_back.c - a plan's bytes that say what has become of it. */
#include <stdlib.h>
#include <string.h>

#include "write_text.h"
#include "encoding.h"
#include "state_words.h"
#include "taskctl/plan.h"
#include "words.h"

/* What the plan itself writes, the first time, for each kind of place. */
struct used {
	char text[TCTL_TICK_WORD + 1][2][TCTL_STATE_TEXT];
};

static const char *
used_or_null(const struct used *used, enum tctl_tick_kind kind, bool done)
{
	const char *text = used->text[kind][done];

	return *text == '\0' ? NULL : text;
}

/* "In progress" is no word for what nobody has begun. */
static bool
is_known(const struct tctl_tick *tick, const char *text)
{
	return tick->kind != TCTL_TICK_WORD ||
	       tctl_word_is(text, strlen(text),
		   tick->done ? TCTL_WORD_DONE : TCTL_WORD_OPEN);
}

static void
learn(const struct tctl_bytes *bytes, const struct tctl_plan *plan,
    const struct tctl_edit_text edit[], struct used *used)
{
	memset(used, 0, sizeof(*used));
	for (size_t i = 0; i < plan->tick_count; i++) {
		const struct tctl_tick *tick = &plan->tick[i];
		char *text = used->text[tick->kind][tick->done];

		if (*text == '\0' && edit[i].from < edit[i].to)
			tctl_edit_read(bytes, &edit[i], text, TCTL_STATE_TEXT);
		if (!is_known(tick, text))
			*text = '\0';
	}
}

/* The bytes must be those that the plan was read from. */
static bool
is_there(const struct tctl_bytes *bytes, const struct tctl_tick *tick,
    const struct tctl_edit_text *edit)
{
	const char *at = bytes->at + edit->from;

	if (edit->from > edit->to)
		return false;
	if (tick->kind != TCTL_TICK_BOX)
		return true;
	return edit->from > 0 && edit->to < bytes->length && at[-1] == '[' &&
	       at[1] == ']' && (*at == 'x' || *at == 'X') == tick->done;
}

static enum tctl_status
turn(struct tctl_arena *arena, const struct tctl_bytes *bytes,
    const struct tctl_plan *plan, const bool done[],
    struct tctl_edit_text edit[], struct tctl_error *err)
{
	struct used used;

	learn(bytes, plan, edit, &used);
	for (size_t i = 0; i < plan->tick_count; i++) {
		const struct tctl_tick *tick = &plan->tick[i];
		char text[TCTL_STATE_TEXT], turned[TCTL_STATE_TEXT];

		if (tick->done == done[i])
			continue;
		if (!is_there(bytes, tick, &edit[i]))
			return tctl_fail(err, TCTL_EINVALID,
			    "line %d, column %d: the place that says whether "
			    "%s is done is not there any more",
			    tick->line, tick->column,
			    plan->task[tick->task].id);
		edit[i].text = tick->opposite;
		if (tick->opposite != NULL)
			continue;
		tctl_edit_read(bytes, &edit[i], text, sizeof(text));
		tctl_state_turn(tick->kind, text, done[i],
		    used_or_null(&used, tick->kind, done[i]), turned);
		edit[i].text = tctl_arena_strdup(arena, turned);
	}
	return TCTL_OK;
}

bool
tctl_plan_same_tasks(const struct tctl_plan *a, const struct tctl_plan *b)
{
	bool same = a->task_count == b->task_count;

	for (size_t i = 0; same && i < a->task_count; i++)
		same = !strcmp(a->task[i].id, b->task[i].id) &&
		       !strcmp(a->task[i].title, b->task[i].title);
	return same;
}

/* What was written must read back as what was meant, and as nothing else. */
static enum tctl_status
check(const char *bytes, size_t length, const struct tctl_plan *plan,
    const struct tctl_plan_options *options, const bool done[],
    struct tctl_error *err)
{
	struct tctl_plan *again = NULL;
	enum tctl_status status =
	    tctl_plan_read(bytes, length, options, &again, err);
	size_t i = 0;

	if (status != TCTL_OK)
		return status;
	if (tctl_plan_same_tasks(again, plan) &&
	    again->tick_count == plan->tick_count)
		while (i < plan->tick_count && again->tick[i].done == done[i] &&
		       again->tick[i].task == plan->tick[i].task)
			i++;
	if (i < plan->tick_count) {
		status = tctl_fail(err, TCTL_EINVALID,
		    "line %d, column %d: what would be written there does not "
		    "read back as \"%s\"; nothing was written",
		    plan->tick[i].line, plan->tick[i].column,
		    done[i] ? "done" : "not done");
	}
	tctl_plan_free(again);
	return status;
}

enum tctl_status
tctl_plan_write_back(const char *bytes, size_t length,
    const struct tctl_plan *plan, const struct tctl_plan_options *options,
    const bool done[], char **out, size_t *out_length, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_bytes look = tctl_bytes_look(bytes, length);
	struct tctl_edit_text *edit =
	    tctl_arena_alloc(arena, (plan->tick_count + 1) * sizeof(*edit));
	char *made = NULL;
	size_t made_length = 0;
	enum tctl_status status;

	for (size_t i = 0; i < plan->tick_count; i++) {
		edit[i].place.line = plan->tick[i].line;
		edit[i].place.column = plan->tick[i].column;
		edit[i].length = plan->tick[i].length;
	}
	tctl_edits_find(&look, edit, plan->tick_count);
	status = turn(arena, &look, plan, done, edit, err);
	if (status == TCTL_OK)
		status = tctl_edits_apply(
		    &look, edit, plan->tick_count, &made, &made_length, err);
	if (status == TCTL_OK)
		status = check(made, made_length, plan, options, done, err);
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
