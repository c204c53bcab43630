/* share.c - tasks shared out among agents, and what can be said of it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shop.h"

/* What schedules consist of, in the workload's numbers. */
struct shared {
	const struct tctl_workload *work;
	const struct tctl_shop *shop;
	struct tctl_turn *turn;
	uint32_t *order; /* nodes by start, then topologically */
	size_t *after;	 /* who takes over a node's agent, or TCTL_NONE */
	size_t *then;	 /* who takes over its mutex */
};

static bool
is_running(const struct tctl_workload *work, size_t v)
{
	return work->running != NULL && work->running[v] != TCTL_NONE;
}

/* --- what follows what -----------------------------------------------------
 */

/* Chain nodes of one key in the order of their starts.  What was begun although
 * another of its mutex was in work follows nothing: it runs beside it. */
static void
chain(const struct shared *s, size_t keys, const size_t key[], size_t next[])
{
	size_t *last = tctl_xcalloc(keys, sizeof(*last));

	for (size_t k = 0; k < keys; k++)
		last[k] = TCTL_NONE;
	for (size_t i = 0; i < s->shop->nodes; i++) {
		size_t v = s->shop->origin[s->order[i]], before;

		next[v] = TCTL_NONE;
		if (key[v] >= keys || s->work->weight_s[v] == 0)
			continue;
		before = last[key[v]];
		if (before == TCTL_NONE ||
		    s->turn[v].end_s > s->turn[before].end_s)
			last[key[v]] = v;
		if (before != TCTL_NONE &&
		    s->turn[v].start_s >= s->turn[before].end_s)
			next[before] = v;
	}
	free(last);
}

static int64_t
latest_start_s(const struct tctl_turn *turn)
{
	return turn->start_s + turn->slack_s;
}

static void
find_slack(struct shared *s, int64_t makespan_s)
{
	const struct tctl_graph *graph = s->work->graph;

	for (size_t i = s->shop->nodes; i-- > 0;) {
		size_t v = s->shop->origin[s->order[i]];
		int64_t latest_s = makespan_s;

		for (size_t e = graph->next_at[v]; e < graph->next_at[v + 1];
		     e++) {
			size_t w = graph->next[e];

			if (!is_running(s->work, w) &&
			    latest_start_s(&s->turn[w]) < latest_s)
				latest_s = latest_start_s(&s->turn[w]);
		}
		if (s->after[v] != TCTL_NONE &&
		    latest_start_s(&s->turn[s->after[v]]) < latest_s)
			latest_s = latest_start_s(&s->turn[s->after[v]]);
		if (s->then[v] != TCTL_NONE &&
		    latest_start_s(&s->turn[s->then[v]]) < latest_s)
			latest_s = latest_start_s(&s->turn[s->then[v]]);
		s->turn[v].slack_s = latest_s - s->turn[v].end_s;
	}
	/* What runs has started already. */
	for (size_t v = 0; v < graph->nodes; v++)
		if (is_running(s->work, v) && s->work->weight_s[v] == 0)
			s->turn[v].slack_s = 0;
}

/* --- what decides ----------------------------------------------------------
 */

/* Is v on a chain that decides, if only needs are looked at? */
static bool
decides_by_needs(const struct shared *s, uint32_t v)
{
	size_t old = s->shop->origin[v];

	return s->turn[old].earliest_s / s->shop->unit + s->shop->tail[v] ==
		   s->shop->path &&
	       s->turn[old].earliest_s == s->turn[old].start_s;
}

static bool
follows(const struct shared *s, size_t v, size_t w)
{
	return w != TCTL_NONE && s->turn[w].start_s == s->turn[v].end_s &&
	       s->turn[w].slack_s == 0;
}

/* The next of a chain: what needs v, or takes over from it. */
static size_t
next_of_path(
    const struct shared *s, const uint32_t number[], size_t v, bool by_needs)
{
	const struct tctl_graph *graph = s->work->graph;

	for (size_t e = graph->next_at[v]; e < graph->next_at[v + 1]; e++) {
		size_t w = graph->next[e];

		if (!is_running(s->work, w) && follows(s, v, w) &&
		    (!by_needs || decides_by_needs(s, number[w])))
			return w;
	}
	if (by_needs)
		return TCTL_NONE;
	if (follows(s, v, s->after[v]))
		return s->after[v];
	return follows(s, v, s->then[v]) ? s->then[v] : TCTL_NONE;
}

/* Where a chain begins; the end of the nodes: nowhere. */
static size_t
first_of_path(const struct shared *s, const uint32_t number[], bool by_needs)
{
	size_t v = 0;

	while (v < s->shop->nodes &&
	       (s->turn[v].start_s != 0 || s->turn[v].slack_s != 0 ||
		   s->work->weight_s[v] == 0 ||
		   (by_needs && !decides_by_needs(s, number[v]))))
		v++;
	return v;
}

/* Among equals the smallest number, as tctl_schedule_cpm has it. */
static void
find_path(struct shared *s, struct tctl_timetable *out)
{
	size_t nodes = s->shop->nodes, v = nodes;
	bool by_needs = s->shop->path * s->shop->unit == out->makespan_s;
	uint32_t *number = tctl_xcalloc(nodes, sizeof(*number));

	for (uint32_t i = 0; i < nodes; i++)
		number[s->shop->origin[i]] = i;
	if (by_needs)
		v = first_of_path(s, number, true);
	if (v == nodes) {
		by_needs = false;
		v = first_of_path(s, number, false);
	}
	for (; v < nodes; v = next_of_path(s, number, v, by_needs))
		if (s->work->weight_s[v] > 0)
			out->path[out->path_count++] = v;
	free(number);
}

/* --- the needs alone -------------------------------------------------------
 */

static void
find_waves(const struct tctl_shop *shop, struct tctl_timetable *out)
{
	size_t *wave = tctl_xcalloc(shop->nodes, sizeof(*wave));

	for (uint32_t v = 0; v < shop->nodes; v++) {
		for (uint32_t e = shop->prev_at[v]; e < shop->prev_at[v + 1];
		     e++)
			if (wave[shop->prev[e]] > wave[v])
				wave[v] = wave[shop->prev[e]];
		wave[v] += shop->weight[v] > 0;
		if (shop->weight[v] > 0)
			out->turn[shop->origin[v]].wave = wave[v];
		if (wave[v] > out->waves)
			out->waves = wave[v];
	}
	free(wave);
}

static void
hand_over(const struct tctl_workload *work, const struct tctl_shop *forth,
    const struct tctl_shop *back, const struct tctl_try *best,
    struct tctl_timetable *out)
{
	size_t nodes = forth->nodes;
	struct shared s = { .work = work,
		.shop = forth,
		.turn = out->turn,
		.order = best->list,
		.after = tctl_xcalloc(nodes, sizeof(*s.after)),
		.then = tctl_xcalloc(nodes, sizeof(*s.then)) };
	size_t *agent = tctl_xcalloc(nodes, sizeof(*agent));

	for (uint32_t v = 0; v < nodes; v++) {
		struct tctl_turn *turn = &out->turn[forth->origin[v]];

		turn->start_s = best->start[v] * forth->unit;
		turn->end_s = best->end[v] * forth->unit;
		turn->agent =
		    best->lane[v] == TCTL_NOBODY ? TCTL_NONE : best->lane[v];
		turn->earliest_s =
		    forth->is_fixed[v]
			? turn->start_s
			: (back->tail[v] - forth->weight[v]) * forth->unit;
	}
	for (size_t v = 0; v < nodes; v++)
		agent[v] = out->turn[v].agent;
	chain(&s, work->agents, agent, s.after);
	for (size_t v = 0; v < nodes; v++)
		s.then[v] = TCTL_NONE;
	if (work->mutex != NULL)
		chain(&s, work->mutexes, work->mutex, s.then);
	find_slack(&s, out->makespan_s);
	find_path(&s, out);
	find_waves(forth, out);
	free(agent);
	free(s.after);
	free(s.then);
}

void
tctl_schedule_share(const struct tctl_workload *work,
    const struct tctl_effort *effort, struct tctl_timetable *out)
{
	struct tctl_shop forth, back;
	struct tctl_try best;
	int64_t bound;

	memset(out, 0, sizeof(*out));
	out->turn = tctl_xcalloc(work->graph->nodes, sizeof(*out->turn));
	out->path = tctl_xcalloc(work->graph->nodes, sizeof(*out->path));
	tctl_shop_init(work, &forth, &back);
	best = tctl_try_new(&forth);
	bound = tctl_shop_bound(&forth, &back);
	tctl_shop_search(&forth, &back, bound,
	    &(struct tctl_effort){ .seed = effort->seed }, &best);
	if (best.span > bound)
		bound = tctl_shop_bound_energy(&forth, &back, bound);
	tctl_shop_search(&forth, &back, bound, effort, &best);
	if (best.span > bound &&
	    tctl_shop_exact(&forth, bound, effort->placements, &best))
		bound = best.span;
	tctl_shop_choose_lanes(&forth, work, &best);
	assert(best.span >= bound);
	out->makespan_s = best.span * forth.unit;
	out->lower_bound_s = bound * forth.unit;
	out->optimal = best.span == bound;
	hand_over(work, &forth, &back, &best, out);
	tctl_shop_release(&forth);
}

void
tctl_timetable_release(struct tctl_timetable *timetable)
{
	free(timetable->turn);
	free(timetable->path);
}
