/* answer.c - building what a change answers with. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

void
tctl_answer_begin(struct tctl_answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	answer->task.arena = tctl_arena_new();
}

struct tctl_arena *
tctl_answer_arena(struct tctl_answer *answer)
{
	return answer->task.arena;
}

void
tctl_answer_release(struct tctl_answer *answer)
{
	/* why shares the arena. */
	tctl_tasks_release(&answer->task);
}

enum tctl_status
tctl_answer_load_all(const struct tctl_change *change,
    struct tctl_answer *answer, const int64_t *row, size_t count,
    struct tctl_error *err)
{
	struct tctl_view view;
	enum tctl_status status =
	    tctl_view_of_change(change, tctl_answer_arena(answer), &view, err);

	if (status == TCTL_OK)
		status =
		    tctl_view_load_ids(&view, row, count, &answer->task, err);
	return status;
}

enum tctl_status
tctl_answer_load(const struct tctl_change *change, struct tctl_answer *answer,
    int64_t row, struct tctl_error *err)
{
	return tctl_answer_load_all(change, answer, &row, 1, err);
}

enum tctl_status
tctl_answer_load_known(const struct tctl_change *change,
    struct tctl_answer *answer, int64_t row, const struct tctl_lease_row *lease,
    const struct tctl_known *known, struct tctl_error *err)
{
	struct tctl_view view;

	tctl_view_of_known(change, tctl_answer_arena(answer), lease, &view);
	view.known = known;
	return tctl_view_load_ids(&view, &row, 1, &answer->task, err);
}

enum tctl_status
tctl_answer_why(const struct tctl_change *change, struct tctl_answer *answer,
    int64_t row, struct tctl_error *err)
{
	struct tctl_view view;
	enum tctl_status status =
	    tctl_view_of_change(change, tctl_answer_arena(answer), &view, err);

	view.detail = TCTL_DETAIL_ALL;
	if (status == TCTL_OK)
		status = tctl_why_fill(&view, row, &answer->why, err);
	return status;
}

void
tctl_answer_keep(struct tctl_answer *answer, struct tctl_strings *to,
    const struct tctl_strings *from)
{
	struct tctl_arena *arena = tctl_answer_arena(answer);

	for (size_t i = 0; i < from->count; i++)
		tctl_strings_add(
		    arena, to, tctl_arena_strdup(arena, from->at[i]));
}

void
tctl_answer_warn(struct tctl_answer *answer, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	tctl_strings_add(tctl_answer_arena(answer), &answer->warned,
	    tctl_arena_strdup(tctl_answer_arena(answer), text));
}
