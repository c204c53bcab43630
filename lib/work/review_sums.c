/* review_sums.c - a sprint review: what it comes to. */
#include <stdlib.h>
#include <string.h>

#include "review.h"

struct tctl_review_agent *
tctl_review_agent(struct tctl_review *out, const char *name)
{
	for (size_t i = 0; i < out->agents; i++)
		if (strcmp(out->agent[i].name, name) == 0)
			return &out->agent[i];
	out->agent = tctl_arena_grow(
	    out->arena, out->agent, out->agents, sizeof(*out->agent));
	out->agent[out->agents] = (struct tctl_review_agent){
		.name = tctl_arena_strdup(out->arena, name)
	};
	return &out->agent[out->agents++];
}

/* --- sums
 * ---------------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
tctl_review_median(double *number, size_t count)
{
	if (count == 0)
		return 0;
	qsort(number, count, sizeof(*number), by_number);
	return (number[(count - 1) / 2] + number[count / 2]) / 2;
}

static int
by_effort(const void *a, const void *b)
{
	const struct tctl_review_agent *x = a, *y = b;

	if (x->sum.planned_s != y->sum.planned_s)
		return x->sum.planned_s < y->sum.planned_s ? 1 : -1;
	if (x->sum.done != y->sum.done)
		return x->sum.done < y->sum.done ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void
add_finished(struct tctl_review_sum *sum, int64_t planned_s, int64_t actual_s)
{
	sum->done++;
	if (planned_s <= 0 || actual_s <= 0)
		return;
	sum->planned_s += planned_s;
	sum->actual_s += actual_s;
}

bool
tctl_review_is_over(const struct tctl_totals *totals)
{
	return totals->tasks == totals->state[TCTL_STATE_DONE] +
				    totals->state[TCTL_STATE_CANCELLED];
}

/* Its last result, once nothing is left of what was begun. */
static void
see_the_end(struct tctl_reader *r)
{
	struct tctl_review *out = r->out;
	bool over = out->began_ms > 0 && tctl_review_is_over(&out->totals);

	for (size_t i = 0; i < out->tasks; i++) {
		struct tctl_review_sprint *sprint = r->track[i].sprint;
		int64_t done_ms = out->of[i].done_ms;

		if (over && done_ms > out->ended_ms)
			out->ended_ms = done_ms;
		if (sprint != NULL && sprint->began_ms > 0 &&
		    tctl_review_is_over(&sprint->status.totals) &&
		    done_ms > sprint->ended_ms)
			sprint->ended_ms = done_ms;
	}
}

void
tctl_review_add_up(struct tctl_reader *r)
{
	struct tctl_review *out = r->out;
	double *ratio =
	    tctl_arena_alloc(out->arena, (out->tasks + 1) * sizeof(*ratio));
	size_t ratios = 0;

	for (size_t i = 0; i < out->tasks; i++) {
		const struct tctl_task *task = &out->task[i];
		struct tctl_review_sprint *sprint = r->track[i].sprint;
		int64_t planned_s = task->estimate_s;
		int64_t actual_s = out->of[i].actual_s;

		if (task->is_gate || task->state != TCTL_STATE_DONE)
			continue;
		add_finished(&out->sum, planned_s, actual_s);
		if (sprint != NULL)
			add_finished(&sprint->sum, planned_s, actual_s);
		if (task->finished_by != NULL)
			add_finished(
			    &tctl_review_agent(out, task->finished_by)->sum,
			    planned_s, actual_s);
		if (planned_s > 0 && actual_s > 0)
			ratio[ratios++] = (double)actual_s / (double)planned_s;
	}
	out->median_ratio = tctl_review_median(ratio, ratios);
	if (out->agents > 0)
		qsort(out->agent, out->agents, sizeof(*out->agent), by_effort);
	see_the_end(r);
}
