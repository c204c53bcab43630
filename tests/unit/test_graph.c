/* test_graph.c - order, cycles, reach and tails of dependency graphs. */
#include "test.h"

#include "taskctl/graph.h"

enum { a, b, c, d };

/* clang-format off */
/*  a --> b --> d
 *   \--> c --/     */
static const struct tctl_edge diamond[] = { {a,b}, {a,c}, {b,d}, {c,d} };
/* clang-format on */

/* --- a slow reference --------------------------------------------------- */

enum { SMALL = 12, ROUNDS = 3000 };

struct matrix {
	size_t n;
	bool edge[SMALL][SMALL];
	bool path[SMALL][SMALL]; /* one edge or more */
};

/* A random graph of up to SMALL nodes; acyclic if so wished, in an order of
 * its nodes that is not that of their indexes. */
static size_t
random_graph(struct matrix *m, bool acyclic, struct tctl_edge edge[])
{
	size_t place[SMALL], count = 0;

	memset(m, 0, sizeof(*m));
	m->n = 1 + (size_t)rand() % SMALL;
	for (size_t v = 0; v < m->n; v++) {
		size_t other = (size_t)rand() % (v + 1);
		place[v] = place[other];
		place[other] = v;
	}
	for (size_t e = (size_t)rand() % (2 * m->n); e > 0; e--) {
		size_t v = (size_t)rand() % m->n, w = (size_t)rand() % m->n;
		if (acyclic && place[v] >= place[w])
			continue;
		m->edge[v][w] = m->path[v][w] = true;
		edge[count++] = (struct tctl_edge){ v, w };
	}
	for (size_t k = 0; k < m->n; k++)
		for (size_t i = 0; i < m->n; i++)
			for (size_t j = 0; j < m->n; j++)
				m->path[i][j] |= m->path[i][k] && m->path[k][j];
	return count;
}

static bool
has_cycle(const struct matrix *m)
{
	for (size_t v = 0; v < m->n; v++)
		if (m->path[v][v])
			return true;
	return false;
}

/* --- order ---------------------------------------------------------------- */

static void
order_puts_every_node_after_what_it_needs(void **unused)
{
	struct tctl_graph graph;
	size_t order[4];

	(void)unused;
	tctl_graph_init(&graph, 4, diamond, 4);
	assert_int_equal(tctl_graph_order(&graph, order), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(order[i], i);
	tctl_graph_release(&graph);
}

static void
order_does_not_depend_on_the_order_of_edges(void **unused)
{
	struct tctl_edge edge[] = { { a, d }, { a, c }, { a, b } };
	struct tctl_graph graph;
	size_t order[4];

	(void)unused;
	tctl_graph_init(&graph, 4, edge, 3);
	assert_int_equal(tctl_graph_order(&graph, order), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(order[i], i);
	tctl_graph_release(&graph);
}

static void
an_empty_graph_has_an_empty_order(void **unused)
{
	struct tctl_graph graph;
	size_t none[1];

	(void)unused;
	tctl_graph_init(&graph, 0, NULL, 0);
	assert_int_equal(tctl_graph_order(&graph, none), 0);
	assert_int_equal(tctl_graph_cycle(&graph, none), 0);
	tctl_graph_release(&graph);
}

static void
repeated_edges_change_nothing(void **unused)
{
	static const struct tctl_edge edge[] = { { a, b }, { a, b }, { a, b } };
	struct tctl_graph graph;
	size_t order[2];

	(void)unused;
	tctl_graph_init(&graph, 2, edge, 3);
	assert_int_equal(tctl_graph_order(&graph, order), 2);
	assert_int_equal(tctl_graph_cycle(&graph, order), 0);
	tctl_graph_release(&graph);
}

static void
rows_hold_neighbours_in_ascending_order(void **unused)
{
	static const struct tctl_edge edge[] = { { d, a }, { c, a }, { b, a },
		{ d, b }, { d, c } };
	struct tctl_graph graph;

	(void)unused;
	tctl_graph_init(&graph, 4, edge, 5);
	assert_int_equal(graph.prev_at[a], 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(graph.prev[i], b + i);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(graph.next[graph.next_at[d] + i], a + i);
	tctl_graph_release(&graph);
}

/* --- cycles --------------------------------------------------------------- */

static void
a_cycle_is_named_whole_and_in_order(void **unused)
{
	/* 4 -> 2 -> 5 -> 1 -> 4, with a tail in and a tail out of it */
	static const struct tctl_edge edge[] = { { 0, 4 }, { 4, 2 }, { 2, 5 },
		{ 5, 1 }, { 1, 4 }, { 5, 3 } };
	static const size_t want[] = { 1, 4, 2, 5 };
	struct tctl_graph graph;
	size_t cycle[6];

	(void)unused;
	tctl_graph_init(&graph, 6, edge, 6);
	assert_int_equal(tctl_graph_cycle(&graph, cycle), 4);
	assert_memory_equal(cycle, want, sizeof(want));
	assert_int_equal(tctl_graph_order(&graph, cycle), 1);
	tctl_graph_release(&graph);
}

static void
a_node_that_needs_itself_is_a_cycle_of_one(void **unused)
{
	static const struct tctl_edge edge[] = { { a, b }, { b, b } };
	struct tctl_graph graph;
	size_t cycle[2];

	(void)unused;
	tctl_graph_init(&graph, 2, edge, 2);
	assert_int_equal(tctl_graph_cycle(&graph, cycle), 1);
	assert_int_equal(cycle[0], b);
	tctl_graph_release(&graph);
}

static void
random_cycles_are_real_simple_and_found_when_there(void **unused)
{
	(void)unused;
	srand(1);
	for (int round = 0; round < ROUNDS; round++) {
		struct tctl_edge edge[2 * SMALL];
		size_t cycle[SMALL], length;
		bool seen[SMALL] = { false };
		struct tctl_graph graph;
		struct matrix m;
		size_t count = random_graph(&m, false, edge);

		tctl_graph_init(&graph, m.n, edge, count);
		length = tctl_graph_cycle(&graph, cycle);
		assert_int_equal(length > 0, has_cycle(&m));
		for (size_t i = 0; i < length; i++) {
			assert_true(m.edge[cycle[i]][cycle[(i + 1) % length]]);
			assert_false(seen[cycle[i]]);
			seen[cycle[i]] = true;
			assert_true(cycle[0] <= cycle[i]);
		}
		tctl_graph_release(&graph);
	}
}

/* --- random DAGs ---------------------------------------------------------- */

static int64_t
slow_tail(const struct matrix *m, const int64_t weight[], size_t v)
{
	int64_t longest = 0;

	for (size_t w = 0; w < m->n; w++)
		if (m->edge[v][w] && slow_tail(m, weight, w) > longest)
			longest = slow_tail(m, weight, w);
	return weight[v] + longest;
}

static void
random_dags_agree_with_a_slow_reference(void **unused)
{
	(void)unused;
	srand(2);
	for (int round = 0; round < ROUNDS; round++) {
		struct tctl_edge edge[2 * SMALL];
		size_t order[SMALL], place[SMALL];
		int64_t weight[SMALL], tail[SMALL];
		struct tctl_graph graph;
		struct matrix m;
		size_t count = random_graph(&m, true, edge);

		tctl_graph_init(&graph, m.n, edge, count);
		assert_int_equal(tctl_graph_order(&graph, order), m.n);
		for (size_t i = 0; i < m.n; i++) {
			place[order[i]] = i;
			weight[i] = rand() % 10;
		}
		for (size_t e = 0; e < count; e++)
			assert_true(
			    place[edge[e].before] < place[edge[e].after]);
		tctl_graph_tails(&graph, order, weight, tail);
		for (size_t v = 0; v < m.n; v++) {
			assert_int_equal(tail[v], slow_tail(&m, weight, v));
			for (size_t w = 0; w < m.n; w++)
				assert_int_equal(
				    tctl_graph_reaches(&graph, v, w),
				    v == w || m.path[v][w]);
		}
		tctl_graph_release(&graph);
	}
}

static void
tails_are_the_longest_remaining_paths(void **unused)
{
	static const int64_t weight[] = { 1, 5, 2, 4 };
	static const size_t order[] = { a, b, c, d };
	struct tctl_graph graph;
	int64_t tail[4];

	(void)unused;
	tctl_graph_init(&graph, 4, diamond, 4);
	tctl_graph_tails(&graph, order, weight, tail);
	assert_int_equal(tail[a], 10);
	assert_int_equal(tail[b], 9);
	assert_int_equal(tail[c], 6);
	assert_int_equal(tail[d], 4);
	tctl_graph_release(&graph);
}

/* --- size ----------------------------------------------------------------- */

static void
a_chain_of_a_million_nodes_is_an_ordinary_graph(void **unused)
{
	enum { N = 1000000 };
	struct tctl_edge *edge = calloc(N, sizeof(*edge));
	size_t *order = calloc(N, sizeof(*order));
	int64_t *weight = calloc(N, sizeof(*weight));
	int64_t *tail = calloc(N, sizeof(*tail));
	struct tctl_graph graph;

	(void)unused;
	for (size_t i = 0; i < N; i++) {
		weight[i] = 1;
		edge[i] = (struct tctl_edge){ N - 1 - i, N - 2 - i };
	}
	tctl_graph_init(&graph, N, edge, N - 1);
	assert_int_equal(tctl_graph_order(&graph, order), N);
	assert_int_equal(order[0], N - 1);
	tctl_graph_tails(&graph, order, weight, tail);
	assert_int_equal(tail[N - 1], N);
	assert_true(tctl_graph_reaches(&graph, N - 1, 0));
	assert_false(tctl_graph_reaches(&graph, 0, N - 1));
	tctl_graph_release(&graph);

	edge[N - 1] = (struct tctl_edge){ 0, N - 1 };
	tctl_graph_init(&graph, N, edge, N);
	assert_int_equal(tctl_graph_cycle(&graph, order), N);
	tctl_graph_release(&graph);
	free(tail);
	free(weight);
	free(order);
	free(edge);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_puts_every_node_after_what_it_needs),
		cmocka_unit_test(order_does_not_depend_on_the_order_of_edges),
		cmocka_unit_test(an_empty_graph_has_an_empty_order),
		cmocka_unit_test(repeated_edges_change_nothing),
		cmocka_unit_test(rows_hold_neighbours_in_ascending_order),
		cmocka_unit_test(a_cycle_is_named_whole_and_in_order),
		cmocka_unit_test(a_node_that_needs_itself_is_a_cycle_of_one),
		cmocka_unit_test(
		    random_cycles_are_real_simple_and_found_when_there),
		cmocka_unit_test(random_dags_agree_with_a_slow_reference),
		cmocka_unit_test(tails_are_the_longest_remaining_paths),
		cmocka_unit_test(
		    a_chain_of_a_million_nodes_is_an_ordinary_graph),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
