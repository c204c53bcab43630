/* test_schedule_share.c - tasks shared out among agents: nothing is broken,
 * nothing shorter exists, and long searches are not needed. */
#include "test.h"

#include "../../lib/schedule/shop.h"

enum { NODES_MOST = 64 };

/* The next number of a row that a seed begins, below n. */
static uint32_t
draw(uint64_t *seed, uint32_t n)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (uint32_t)((*seed >> 33) % n);
}

/* Each pair of nodes is an edge in percent of all cases. */
static void
random_graph(uint64_t seed, size_t n, uint32_t percent, int64_t weight[],
    struct tctl_graph *out)
{
	struct tctl_edge *edge = NULL;
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		weight[i] = 1 + draw(&seed, 10);
		for (size_t b = 0; b < i; b++)
			if (draw(&seed, 100) < percent) {
				edge = tctl_grow(edge, m, sizeof(*edge));
				edge[m++] = (struct tctl_edge){ b, i };
			}
	}
	tctl_graph_init(out, n, edge, m);
	free(edge);
}

static size_t
of(const size_t array[], size_t v)
{
	return array == NULL ? TCTL_NONE : array[v];
}

static bool
overlap(const struct tctl_turn *a, const struct tctl_turn *b)
{
	return a->start_s < a->end_s && b->start_s < b->end_s &&
	       a->start_s < b->end_s && b->start_s < a->end_s;
}

/* Nobody does two things at once, and nobody does what is another's. */
static void
check_pair(const struct tctl_workload *work, const struct tctl_turn turn[],
    size_t v, size_t w)
{
	bool both_run = of(work->running, v) != TCTL_NONE &&
			of(work->running, w) != TCTL_NONE;

	if (!overlap(&turn[v], &turn[w]))
		return;
	assert_true(
	    turn[v].agent != turn[w].agent || turn[v].agent >= work->agents);
	assert_true(both_run || of(work->mutex, v) == TCTL_NONE ||
		    of(work->mutex, v) != of(work->mutex, w));
}

static void
check_node(const struct tctl_workload *work, const struct tctl_timetable *table,
    size_t v)
{
	const struct tctl_turn *turn = &table->turn[v];
	const struct tctl_graph *graph = work->graph;
	size_t running = of(work->running, v);

	assert_int_equal(turn->end_s - turn->start_s, work->weight_s[v]);
	assert_true(turn->start_s >= turn->earliest_s);
	assert_true(turn->end_s + turn->slack_s <= table->makespan_s);
	assert_true(turn->slack_s >= 0);
	if (running != TCTL_NONE && running >= work->agents)
		assert_int_equal(turn->start_s, 0);
	if (running != TCTL_NONE && running < work->agents &&
	    work->weight_s[v] > 0)
		assert_int_equal(turn->agent, running);
	if (work->weight_s[v] == 0)
		assert_int_equal(turn->agent, TCTL_NONE);
	else if (running == TCTL_NONE)
		assert_true(turn->agent < work->agents);
	if (running != TCTL_NONE)
		return;
	if (work->wish_is_duty && of(work->wish, v) != TCTL_NONE &&
	    work->weight_s[v] > 0)
		assert_int_equal(turn->agent, work->wish[v]);
	for (size_t e = graph->prev_at[v]; e < graph->prev_at[v + 1]; e++)
		assert_true(table->turn[graph->prev[e]].end_s <= turn->start_s);
}

/* Everything that must hold of any answer. */
static void
check(const struct tctl_workload *work, const struct tctl_timetable *table)
{
	int64_t last_s = 0, path_s = 0;

	for (size_t v = 0; v < work->graph->nodes; v++) {
		check_node(work, table, v);
		for (size_t w = 0; w < v; w++)
			check_pair(work, table->turn, v, w);
		if (table->turn[v].end_s > last_s)
			last_s = table->turn[v].end_s;
	}
	assert_int_equal(table->makespan_s, last_s);
	assert_true(table->lower_bound_s <= table->makespan_s);
	assert_int_equal(
	    table->optimal, table->lower_bound_s == table->makespan_s);
	for (size_t i = 0; i < table->path_count; i++) {
		const struct tctl_turn *turn = &table->turn[table->path[i]];

		assert_int_equal(turn->start_s, path_s);
		assert_int_equal(turn->slack_s, 0);
		path_s = turn->end_s;
	}
	assert_int_equal(path_s, table->makespan_s);
}

/* --- the shortest schedule by trying all of them ---------------------------
 */

struct brute {
	const struct tctl_workload *work;
	int64_t end_s[NODES_MOST];
	bool placed[NODES_MOST];
	int64_t free_s[8];
	int64_t held_s[8];
	int64_t best_s;
};

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void try_all(struct brute *b, size_t placed, int64_t span_s);

static void
try_place(struct brute *b, size_t v, size_t agent, size_t placed,
    int64_t span_s, int64_t ready_s)
{
	size_t mutex = of(b->work->mutex, v);
	int64_t free_s = b->free_s[agent], held_s = 0, end_s;

	if (mutex != TCTL_NONE)
		held_s = b->held_s[mutex];
	end_s = later(later(ready_s, free_s), held_s) + b->work->weight_s[v];
	b->end_s[v] = b->free_s[agent] = end_s;
	if (mutex != TCTL_NONE)
		b->held_s[mutex] = end_s;
	b->placed[v] = true;
	try_all(b, placed + 1, later(span_s, end_s));
	b->placed[v] = false;
	b->free_s[agent] = free_s;
	if (mutex != TCTL_NONE)
		b->held_s[mutex] = held_s;
}

static void
try_all(struct brute *b, size_t placed, int64_t span_s)
{
	const struct tctl_graph *graph = b->work->graph;

	if (span_s >= b->best_s)
		return;
	if (placed == graph->nodes) {
		b->best_s = span_s;
		return;
	}
	for (size_t v = 0; v < graph->nodes; v++) {
		int64_t ready_s = 0;
		bool can = !b->placed[v];

		for (size_t e = graph->prev_at[v]; e < graph->prev_at[v + 1];
		     e++) {
			can &= b->placed[graph->prev[e]];
			ready_s = later(ready_s, b->end_s[graph->prev[e]]);
		}
		for (size_t k = 0; can && k < b->work->agents; k++)
			if (!b->work->wish_is_duty ||
			    of(b->work->wish, v) == TCTL_NONE ||
			    of(b->work->wish, v) == k)
				try_place(b, v, k, placed, span_s, ready_s);
	}
}

/* What runs stands first: on its agent, or beside all of them. */
static int64_t
shortest_s(const struct tctl_workload *work)
{
	struct brute b = { .work = work, .best_s = INT64_MAX };
	size_t placed = 0;
	int64_t span_s = 0;

	for (size_t v = 0; v < work->graph->nodes; v++) {
		size_t agent = of(work->running, v);

		if (agent == TCTL_NONE)
			continue;
		b.end_s[v] = work->weight_s[v];
		if (agent < work->agents && work->weight_s[v] > 0)
			b.end_s[v] = b.free_s[agent] += work->weight_s[v];
		if (of(work->mutex, v) != TCTL_NONE && work->weight_s[v] > 0)
			b.held_s[work->mutex[v]] =
			    later(b.held_s[work->mutex[v]], b.end_s[v]);
		b.placed[v] = true;
		span_s = later(span_s, b.end_s[v]);
		placed++;
	}
	try_all(&b, placed, span_s);
	return b.best_s;
}

enum { WITH_MUTEX = 1, WITH_WISH = 2, WITH_DUTY = 4, WITH_RUNNING = 8 };

struct small {
	int64_t weight_s[NODES_MOST];
	size_t mutex[NODES_MOST], wish[NODES_MOST], running[NODES_MOST];
	struct tctl_graph graph;
	struct tctl_workload work;
};

static void
random_workload(uint64_t seed, size_t n, unsigned with, struct small *out)
{
	size_t agents = 1 + draw(&seed, 3);

	random_graph(seed, n, 15 + draw(&seed, 30), out->weight_s, &out->graph);
	for (size_t v = 0; v < n; v++) {
		bool has_begun = draw(&seed, 4) == 0;

		if (draw(&seed, 8) == 0)
			out->weight_s[v] = 0;
		out->mutex[v] = draw(&seed, 2) ? TCTL_NONE : draw(&seed, 2);
		out->wish[v] = draw(&seed, 3) == 0
				   ? TCTL_NONE
				   : draw(&seed, (uint32_t)agents);
		out->running[v] =
		    has_begun ? draw(&seed, (uint32_t)agents + 1) : TCTL_NONE;
	}
	out->work = (struct tctl_workload){ .graph = &out->graph,
		.weight_s = out->weight_s,
		.mutex = with & WITH_MUTEX ? out->mutex : NULL,
		.mutexes = 2,
		.wish = with & (WITH_WISH | WITH_DUTY) ? out->wish : NULL,
		.wish_is_duty = with & WITH_DUTY,
		.running = with & WITH_RUNNING ? out->running : NULL,
		.agents = agents };
}

static void
tiny_workloads_are_solved_as_by_trying_everything(void **unused)
{
	const struct tctl_effort effort = { 7, 100000 };

	(void)unused;
	for (uint64_t seed = 0; seed < 800; seed++) {
		struct small small;
		struct tctl_timetable table;

		random_workload(
		    seed, 1 + seed % 6, (unsigned)(seed / 6) % 16, &small);
		tctl_schedule_share(&small.work, &effort, &table);
		check(&small.work, &table);
		assert_int_equal(table.makespan_s, shortest_s(&small.work));
		assert_true(table.optimal);
		tctl_timetable_release(&table);
		tctl_graph_release(&small.graph);
	}
}

/* Larger than what is searched exhaustively, and with little effort. */
static void
any_workload_is_scheduled_without_breaking_a_rule(void **unused)
{
	(void)unused;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct small small;
		struct tctl_timetable table;

		random_workload(seed, 20 + seed % 40, seed % 16, &small);
		tctl_schedule_share(&small.work,
		    &(struct tctl_effort){ seed, (int64_t)seed * 100 }, &table);
		check(&small.work, &table);
		tctl_timetable_release(&table);
		tctl_graph_release(&small.graph);
	}
}

/* --- quality ---------------------------------------------------------------
 */

/* Optima by exhaustive search; longest path first alone misses each. */
static const struct {
	uint64_t seed;
	size_t nodes;
	uint32_t percent;
	size_t agents;
	int64_t optimum_s;
} hard[] = {
	/* clang-format off */
	{ 703, 30, 15, 5, 41 },
	{ 705, 30, 15, 2, 90 },
	{ 1121, 30, 15, 3, 53 },
	{ 1130, 30, 15, 2, 78 },
	{ 1163, 30, 15, 5, 37 },
	{ 1636, 40, 12, 3, 75 },
	{ 1645, 40, 12, 2, 109 },
	{ 2754, 40, 12, 6, 49 },
	{ 2756, 40, 12, 3, 72 },
	{ 3708, 40, 12, 5, 46 },
	{ 2754, 50, 10, 6, 63 },
	{ 2755, 50, 10, 2, 142 },
	{ 271, 60, 20, 3, 103 },
	{ 281, 60, 20, 3, 119 },
	{ 586, 60, 20, 3, 109 },
	{ 596, 60, 20, 3, 113 },
	{ 736, 60, 20, 3, 106 },
	/* clang-format on */
};

static void
optima_are_found(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(hard); i++) {
		int64_t weight_s[NODES_MOST];
		struct tctl_graph graph;
		struct tctl_timetable table;
		struct tctl_workload work = { .graph = &graph,
			.weight_s = weight_s,
			.agents = hard[i].agents };

		random_graph(hard[i].seed, hard[i].nodes, hard[i].percent,
		    weight_s, &graph);
		tctl_schedule_share(
		    &work, &(struct tctl_effort){ 1, 0 }, &table);
		assert_true(table.makespan_s > hard[i].optimum_s);
		tctl_timetable_release(&table);
		tctl_schedule_share(&work,
		    &(struct tctl_effort){ 1, TCTL_EFFORT_USUAL }, &table);
		check(&work, &table);
		assert_int_equal(table.makespan_s, hard[i].optimum_s);
		tctl_timetable_release(&table);
		tctl_graph_release(&graph);
	}
}

/* From the first schedule on, without any search before it. */
static void
looking_at_all_schedules_finds_the_optimum(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(hard); i++) {
		int64_t weight_s[NODES_MOST], bound;
		struct tctl_graph graph;
		struct tctl_shop forth, back;
		struct tctl_try best;
		struct tctl_workload work = { .graph = &graph,
			.weight_s = weight_s,
			.agents = hard[i].agents };

		random_graph(hard[i].seed, hard[i].nodes, hard[i].percent,
		    weight_s, &graph);
		tctl_shop_init(&work, &forth, &back);
		best = tctl_try_new(&forth);
		bound = tctl_shop_bound(&forth, &back);
		tctl_shop_search(
		    &forth, &back, bound, &(struct tctl_effort){ 1, 0 }, &best);
		if (tctl_shop_exact(&forth, bound, 3000000, &best))
			assert_int_equal(
			    best.span * forth.unit, hard[i].optimum_s);
		bound = tctl_shop_bound_energy(&forth, &back, bound);
		assert_true(bound * forth.unit <= hard[i].optimum_s);
		tctl_shop_release(&forth);
		tctl_graph_release(&graph);
	}
}

/* One task, four after it that three agents share, and one after those: of the
 * 16 seconds in the middle each agent does 5 1/3 at the least. */
static void
work_that_must_lie_between_two_times_is_a_bound(void **unused)
{
	static const struct tctl_edge edge[] = { { 0, 1 }, { 0, 2 }, { 0, 3 },
		{ 0, 4 }, { 1, 5 }, { 2, 5 }, { 3, 5 }, { 4, 5 } };
	static const int64_t weight_s[] = { 6, 4, 4, 4, 4, 6 };
	struct tctl_graph graph;
	struct tctl_shop forth, back;
	int64_t bound;

	(void)unused;
	tctl_graph_init(&graph, 6, edge, 8);
	tctl_shop_init(
	    &(struct tctl_workload){
		.graph = &graph, .weight_s = weight_s, .agents = 3 },
	    &forth, &back);
	bound = tctl_shop_bound_energy(&forth, &back, forth.path);
	assert_int_equal(bound * forth.unit, 6 + 6 + 6); /* 16 / 3 is 6 */
	tctl_shop_release(&forth);
	tctl_graph_release(&graph);
}

/* The mutex is held for ten seconds by somebody outside. */
static void
what_waits_for_a_mutex_in_use_is_in_the_bound(void **unused)
{
	static const int64_t weight_s[] = { 10, 5, 5 };
	static const size_t mutex[] = { 0, 0, 0 };
	static const size_t running[] = { 3, TCTL_NONE, TCTL_NONE };
	struct tctl_graph graph;
	struct tctl_timetable table;
	struct tctl_workload work = { .graph = &graph,
		.weight_s = weight_s,
		.mutex = mutex,
		.mutexes = 1,
		.running = running,
		.agents = 3 };

	(void)unused;
	tctl_graph_init(&graph, 3, NULL, 0);
	tctl_schedule_share(&work, &(struct tctl_effort){ 1, 0 }, &table);
	check(&work, &table);
	assert_int_equal(table.lower_bound_s, 20);
	assert_true(table.optimal);
	tctl_timetable_release(&table);
	tctl_graph_release(&graph);
}

/* A tenth of the effort is enough for restarts, and too little for
 * the exhaustive search: so this is about the former. */
static void
the_search_alone_finds_most(void **unused)
{
	size_t found = 0;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(hard); i++) {
		int64_t weight_s[NODES_MOST];
		struct tctl_graph graph;
		struct tctl_timetable table;

		random_graph(hard[i].seed, hard[i].nodes, hard[i].percent,
		    weight_s, &graph);
		tctl_schedule_share(&(struct tctl_workload){ .graph = &graph,
					.weight_s = weight_s,
					.agents = hard[i].agents },
		    &(struct tctl_effort){ 1, 40000 }, &table);
		found += table.makespan_s == hard[i].optimum_s;
		tctl_timetable_release(&table);
		tctl_graph_release(&graph);
	}
	assert_true(found >= TCTL_COUNT(hard) - 1);
}

static void
the_same_seed_gives_the_same_schedule(void **unused)
{
	struct tctl_timetable a, b;
	struct small small;

	(void)unused;
	random_workload(99, 60, WITH_MUTEX | WITH_WISH, &small);
	tctl_schedule_share(
	    &small.work, &(struct tctl_effort){ 5, 100000 }, &a);
	tctl_schedule_share(
	    &small.work, &(struct tctl_effort){ 5, 100000 }, &b);
	assert_memory_equal(a.turn, b.turn, 60 * sizeof(*a.turn));
	tctl_timetable_release(&a);
	tctl_timetable_release(&b);
	tctl_graph_release(&small.graph);
}

/* --- what is told of a schedule --------------------------------------------
 */

/* Two agents; 0 and 1 take 3, 2 needs both and takes 1, 3 takes 2. */
static void
slack_path_and_waves(void **unused)
{
	static const struct tctl_edge edge[] = { { 0, 2 }, { 1, 2 } };
	static const int64_t weight_s[] = { 3, 3, 1, 2 };
	static const size_t wish[] = { 1, 0, 1, TCTL_NONE };
	struct tctl_graph graph;
	struct tctl_timetable table;
	struct tctl_workload work = {
		.graph = &graph, .weight_s = weight_s, .wish = wish, .agents = 2
	};

	(void)unused;
	tctl_graph_init(&graph, 4, edge, 2);
	tctl_schedule_share(&work, &(struct tctl_effort){ 1, 1000 }, &table);
	check(&work, &table);
	assert_int_equal(table.makespan_s, 5);
	assert_true(table.optimal);
	assert_int_equal(table.waves, 2);
	assert_int_equal(table.turn[2].wave, 2);
	assert_int_equal(table.turn[0].agent, 1); /* as wished */
	assert_int_equal(table.turn[1].agent, 0);
	assert_int_equal(table.turn[2].agent, 1);
	assert_int_equal(table.turn[2].slack_s, 1);
	assert_int_equal(table.turn[3].slack_s, 0);
	assert_int_equal(table.path_count, 2); /* 1, and 3 on its agent */
	assert_int_equal(table.path[1], 3);
	tctl_timetable_release(&table);
	tctl_graph_release(&graph);
}

/* Where needs alone decide, the path is that of tctl_schedule_cpm. */
static void
with_agents_enough_the_path_is_that_of_the_needs(void **unused)
{
	(void)unused;
	for (uint64_t seed = 0; seed < 50; seed++) {
		int64_t weight_s[NODES_MOST];
		struct tctl_slot slot[NODES_MOST];
		size_t path[NODES_MOST], length;
		struct tctl_graph graph;
		struct tctl_timetable table;

		random_graph(seed, 30, 10, weight_s, &graph);
		tctl_schedule_share(
		    &(struct tctl_workload){
			.graph = &graph, .weight_s = weight_s, .agents = 30 },
		    &(struct tctl_effort){ 1, 1000 }, &table);
		assert_int_equal(table.makespan_s,
		    tctl_schedule_cpm(&graph, weight_s, slot, path, &length));
		assert_int_equal(table.path_count, length);
		assert_memory_equal(table.path, path, length * sizeof(*path));
		tctl_timetable_release(&table);
		tctl_graph_release(&graph);
	}
}

/* Forty sprints of five equal tasks for two: three rounds each, although the
 * work alone would be two and a half.  That an edge is there twice adds no
 * work.
 */
static void
sprints_add_up_in_the_bound(void **unused)
{
	enum { SPRINTS = 40, TASKS = 5, NODES_ALL = SPRINTS * (TASKS + 1) };
	static int64_t weight_s[NODES_ALL];
	struct tctl_edge edge[3 * NODES_ALL];
	struct tctl_graph graph;
	struct tctl_timetable table;
	size_t edges = 0;

	(void)unused;
	for (size_t s = 0; s < SPRINTS; s++)
		for (size_t t = 0; t < TASKS; t++) {
			size_t v = s * (TASKS + 1) + t;

			weight_s[v] = 900;
			edge[edges++] = (struct tctl_edge){ v, v + TASKS - t };
			edge[edges++] = (struct tctl_edge){ v, v + TASKS - t };
			if (s > 0)
				edge[edges++] =
				    (struct tctl_edge){ v - t - 1, v };
		}
	tctl_graph_init(&graph, NODES_ALL, edge, edges);
	tctl_schedule_share(
	    &(struct tctl_workload){
		.graph = &graph, .weight_s = weight_s, .agents = 2 },
	    &(struct tctl_effort){ 1, 0 }, &table);
	assert_int_equal(table.lower_bound_s, SPRINTS * 3 * 900);
	assert_true(table.optimal);
	tctl_timetable_release(&table);
	tctl_graph_release(&graph);
}

static void
nothing_to_do_is_done(void **unused)
{
	struct tctl_graph graph;
	struct tctl_timetable table;

	(void)unused;
	tctl_graph_init(&graph, 0, NULL, 0);
	tctl_schedule_share(
	    &(struct tctl_workload){ .graph = &graph, .agents = 1 },
	    &(struct tctl_effort){ 1, 1000 }, &table);
	assert_int_equal(table.makespan_s, 0);
	assert_true(table.optimal);
	tctl_timetable_release(&table);
	tctl_graph_release(&graph);
}

/* A hundred thousand tasks, half of them behind one mutex. */
static void
many_tasks_take_no_square_time(void **unused)
{
	enum { MANY = 100000 };
	int64_t *weight_s = tctl_xcalloc(MANY, sizeof(*weight_s));
	size_t *mutex = tctl_xcalloc(MANY, sizeof(*mutex));
	struct tctl_edge *edge = tctl_xcalloc(MANY, sizeof(*edge));
	struct tctl_timetable table;
	struct tctl_graph graph;
	uint64_t seed = 3;
	clock_t before;

	(void)unused;
	for (size_t i = 0; i < MANY; i++) {
		weight_s[i] = 1 + draw(&seed, 9);
		mutex[i] = i % 2 == 0 ? 0 : TCTL_NONE;
		edge[i] = (struct tctl_edge){ i / 2, i };
	}
	tctl_graph_init(&graph, MANY, edge + 1, MANY - 1);
	before = clock();
	tctl_schedule_share(&(struct tctl_workload){ .graph = &graph,
				.weight_s = weight_s,
				.mutex = mutex,
				.mutexes = 1,
				.agents = 8 },
	    &(struct tctl_effort){ 1, TCTL_EFFORT_USUAL }, &table);
	/* 0.3 s; a square would be minutes, sanitizers are a few times. */
	assert_true(clock() - before < 8 * CLOCKS_PER_SEC);
	assert_true(table.lower_bound_s <= table.makespan_s);
	tctl_timetable_release(&table);
	tctl_graph_release(&graph);
	free(weight_s);
	free(mutex);
	free(edge);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    tiny_workloads_are_solved_as_by_trying_everything),
		cmocka_unit_test(
		    any_workload_is_scheduled_without_breaking_a_rule),
		cmocka_unit_test(optima_are_found),
		cmocka_unit_test(looking_at_all_schedules_finds_the_optimum),
		cmocka_unit_test(
		    work_that_must_lie_between_two_times_is_a_bound),
		cmocka_unit_test(what_waits_for_a_mutex_in_use_is_in_the_bound),
		cmocka_unit_test(the_search_alone_finds_most),
		cmocka_unit_test(the_same_seed_gives_the_same_schedule),
		cmocka_unit_test(slack_path_and_waves),
		cmocka_unit_test(
		    with_agents_enough_the_path_is_that_of_the_needs),
		cmocka_unit_test(sprints_add_up_in_the_bound),
		cmocka_unit_test(nothing_to_do_is_done),
		cmocka_unit_test(many_tasks_take_no_square_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
