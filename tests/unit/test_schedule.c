/* test_schedule.c - the critical path method. */
#include "test.h"

#include "taskctl/schedule.h"

enum { a, b, c, d, NODES };

/* clang-format off */
/*  a(1) --> b(5) --> d(4)
 *     \---> c(2) ---/       */
static const struct tctl_edge diamond[] = { {a,b}, {a,c}, {b,d}, {c,d} };
/* clang-format on */

static void
earliest_times_and_slack_of_a_diamond(void **unused)
{
	static const int64_t weight[] = { 1, 5, 2, 4 };
	static const struct tctl_slot want[] = { { 0, 1, 0 }, { 1, 6, 0 },
		{ 1, 3, 3 }, { 6, 10, 0 } };
	static const size_t want_path[] = { a, b, d };
	struct tctl_slot slot[NODES];
	struct tctl_graph graph;
	size_t path[NODES], length;

	(void)unused;
	tctl_graph_init(&graph, NODES, diamond, 4);
	assert_int_equal(
	    tctl_schedule_cpm(&graph, weight, slot, path, &length), 10);
	assert_memory_equal(slot, want, sizeof(want));
	assert_int_equal(length, 3);
	assert_memory_equal(path, want_path, sizeof(want_path));
	tctl_graph_release(&graph);
}

static void
of_two_critical_paths_the_one_of_smaller_indexes_is_told(void **unused)
{
	static const int64_t weight[] = { 1, 2, 2, 1 };
	static const size_t want[] = { a, b, d };
	struct tctl_slot slot[NODES];
	struct tctl_graph graph;
	size_t path[NODES], length;

	(void)unused;
	tctl_graph_init(&graph, NODES, diamond, 4);
	tctl_schedule_cpm(&graph, weight, slot, path, &length);
	assert_int_equal(length, 3);
	assert_memory_equal(path, want, sizeof(want));
	assert_int_equal(slot[c].slack_s, 0);
	tctl_graph_release(&graph);
}

static void
a_barrier_of_no_weight_is_left_in_the_path(void **unused)
{
	/* two tasks, the barrier 3, one task after it */
	static const struct tctl_edge edge[] = { { 0, 3 }, { 1, 3 }, { 3, 2 } };
	static const int64_t weight[] = { 3, 7, 2, 0 };
	static const size_t want[] = { 1, 3, 2 };
	struct tctl_slot slot[4];
	struct tctl_graph graph;
	size_t path[4], length;

	(void)unused;
	tctl_graph_init(&graph, 4, edge, 3);
	assert_int_equal(
	    tctl_schedule_cpm(&graph, weight, slot, path, &length), 9);
	assert_int_equal(length, 3);
	assert_memory_equal(path, want, sizeof(want));
	assert_int_equal(slot[0].slack_s, 4);
	tctl_graph_release(&graph);
}

static void
nothing_to_do_takes_no_time(void **unused)
{
	struct tctl_slot slot[1];
	struct tctl_graph graph;
	size_t path[1], length = 7;

	(void)unused;
	tctl_graph_init(&graph, 0, NULL, 0);
	assert_int_equal(
	    tctl_schedule_cpm(&graph, NULL, slot, path, &length), 0);
	assert_int_equal(length, 0);
	tctl_graph_release(&graph);
}

/*
 * Of random DAGs (edges from smaller to larger indexes): delaying a task by its
 * slack changes nothing, by one second more the makespan; the path told has no
 * gap and fills the makespan.
 */
enum { SMALL = 10, ROUNDS = 2000 };

static int64_t
makespan_if_delayed(const struct tctl_graph *graph, const int64_t weight[],
    size_t delayed, int64_t by)
{
	int64_t end[SMALL], makespan = 0;

	for (size_t v = 0; v < graph->nodes; v++) {
		int64_t start = 0;
		for (size_t e = graph->prev_at[v]; e < graph->prev_at[v + 1];
		     e++)
			if (end[graph->prev[e]] > start)
				start = end[graph->prev[e]];
		end[v] = start + weight[v] + (v == delayed ? by : 0);
		if (end[v] > makespan)
			makespan = end[v];
	}
	return makespan;
}

static void
check_random(size_t n, const struct tctl_edge edge[], size_t count,
    const int64_t weight[])
{
	struct tctl_slot slot[SMALL];
	struct tctl_graph graph;
	size_t path[SMALL], length;
	int64_t makespan, sum = 0;

	tctl_graph_init(&graph, n, edge, count);
	makespan = tctl_schedule_cpm(&graph, weight, slot, path, &length);
	for (size_t v = 0; v < n; v++) {
		int64_t slack = slot[v].slack_s;
		assert_int_equal(
		    makespan, makespan_if_delayed(&graph, weight, v, slack));
		assert_int_equal(makespan + 1,
		    makespan_if_delayed(&graph, weight, v, slack + 1));
	}
	for (size_t i = 0; i < length; i++) {
		assert_int_equal(slot[path[i]].start_s, sum);
		assert_int_equal(slot[path[i]].slack_s, 0);
		sum += weight[path[i]];
		if (i > 0)
			assert_true(
			    tctl_graph_reaches(&graph, path[i - 1], path[i]));
	}
	assert_int_equal(sum, makespan);
	tctl_graph_release(&graph);
}

static void
slack_is_exactly_what_a_task_can_be_late(void **unused)
{
	(void)unused;
	srand(3);
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = 1 + (size_t)rand() % SMALL, count = 0;
		struct tctl_edge edge[2 * SMALL];
		int64_t weight[SMALL];

		for (size_t v = 0; v < n; v++)
			weight[v] = rand() % 6;
		for (size_t e = (size_t)rand() % (2 * n); e > 0; e--) {
			size_t v = (size_t)rand() % n, w = (size_t)rand() % n;
			if (v < w)
				edge[count++] = (struct tctl_edge){ v, w };
		}
		check_random(n, edge, count, weight);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(earliest_times_and_slack_of_a_diamond),
		cmocka_unit_test(
		    of_two_critical_paths_the_one_of_smaller_indexes_is_told),
		cmocka_unit_test(a_barrier_of_no_weight_is_left_in_the_path),
		cmocka_unit_test(nothing_to_do_takes_no_time),
		cmocka_unit_test(slack_is_exactly_what_a_task_can_be_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
