/* test_model.c - states, lists, and when two spellings are the same id. */
#include "test.h"

#include "taskctl/model.h"
#include "taskctl/text.h"

static void
states_are_read_by_the_words_they_are_written_with(void **unused)
{
	enum tctl_state state;

	(void)unused;
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		const char *word = tctl_state_word((enum tctl_state)i);
		assert_true(tctl_state_read(word, &state));
		assert_int_equal(state, i);
	}
	assert_string_equal(tctl_state_word(TCTL_STATE_READY), "ready");
	assert_false(tctl_state_read("redy", &state));
	assert_false(tctl_state_read("", &state));
}

static void
lists_keep_their_order(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_strings strings = { 0 };
	struct tctl_items items = { 0 };

	(void)unused;
	for (int i = 0; i < 100; i++) {
		tctl_strings_add(
		    arena, &strings, tctl_arena_printf(arena, "%d", i));
		tctl_items_add(arena, &items, strings.at[i], i % 2 == 0, i);
	}
	assert_int_equal(strings.count, 100);
	assert_int_equal(items.count, 100);
	assert_string_equal(strings.at[99], "99");
	assert_string_equal(items.at[42].text, "42");
	assert_true(items.at[42].done);
	assert_int_equal(items.at[42].line, 42);
	tctl_arena_free(arena);
}

static void
the_usual_spellings_of_an_id_are_one(void **unused)
{
	static const char *const row[][2] = { { "1.2", "1.2" },
		{ "task_1_2", "1.2" }, { "task-1.2", "1.2" },
		{ "Task 1.2", "1.2" }, { "TASK1.2", "1.2" }, { "#1.2", "1.2" },
		{ "Task #1.2", "1.2" }, { "# 1-2", "1.2" },
		{ "Task\u00a01\u20132", "1.2" }, { " 1.2 ", "1.2" },
		{ "1 . 2", "1.2" }, { "1.10", "1.10" }, { "1.1", "1.1" },
		{ "US1-3", "us1.3" }, { "us1_3", "us1.3" }, { "T4.2", "t4.2" },
		{ "T-001", "t.001" }, { "TODO-001", "todo.001" },
		{ "taskforce-1", "taskforce.1" }, { "task", "task" },
		{ "Task-", "task" }, { "PLAN:1.2", "plan:1.2" },
		{ "\u0391", "\u03b1" }, { "\u00c9-1", "e\u0301.1" },
		{ "e\u0301-1", "e\u0301.1" } };
	char out[TCTL_ID_MAX];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		assert_true(tctl_id_normalise(row[i][0], out));
		assert_string_equal(out, row[i][1]);
	}
}

static void
the_compared_form_of_an_id_is_its_own_form(void **unused)
{
	static const char *const id[] = { "task task 1", "##1", "Task-#-1",
		"tasktask1", "É_é", "-_-a" };
	char once[TCTL_ID_MAX], twice[TCTL_ID_MAX];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(id); i++) {
		assert_true(tctl_id_normalise(id[i], once));
		assert_true(tctl_id_normalise(once, twice));
		assert_string_equal(once, twice);
	}
}

static void
what_cannot_be_an_id_is_refused(void **unused)
{
	static const char *const id[] = { "", " ", "#", "-._", "1.2\n", "a\tb",
		"\x1b", "a\u202e", "\xff" };
	char out[TCTL_ID_MAX], longer[TCTL_ID_MAX + 1];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(id); i++)
		assert_false(tctl_id_normalise(id[i], out));

	memset(longer, 'x', sizeof(longer));
	longer[TCTL_ID_MAX] = '\0';
	assert_false(tctl_id_normalise(longer, out));
	longer[TCTL_ID_MAX - 1] = '\0';
	assert_true(tctl_id_normalise(longer, out));
	assert_string_equal(out, longer);
}

static void
agents_are_compared_without_case_separators_and_the_word(void **unused)
{
	static const char *const row[][2] = { { "Agent A", "a" },
		{ "agent_A", "a" }, { "A", "a" }, { "agentA", "a" },
		{ "AGENT-A", "a" }, { "agent1", "1" }, { "A agent", "a" },
		{ "backend-agent", "backend" }, { "BackendAgent", "backend" },
		{ "Agent", "agent" }, { "agent agent", "agent" },
		{ "agentic", "agentic" }, { "reagent", "reagent" },
		{ "claude.opus 4", "claudeopus4" }, { "\u00c9ve", "e\u0301ve" },
		{ "", "" } };
	char out[TCTL_AGENT_MAX];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		tctl_agent_normalise(row[i][0], out);
		assert_string_equal(out, row[i][1]);
	}
}

static void
a_long_agent_name_is_cut_between_characters(void **unused)
{
	char name[1000] = "x", out[TCTL_AGENT_MAX];

	(void)unused;
	for (size_t i = 1; i + 3 < sizeof(name); i += 3)
		memcpy(name + i, "日", 4);
	tctl_agent_normalise(name, out);
	assert_int_equal(strlen(out), 199);
	assert_true(tctl_text_is_utf8(out, strlen(out), NULL));
}

static void
any_bytes_at_all_are_safe_as_a_name(void **unused)
{
	char name[40], out[TCTL_AGENT_MAX], id[TCTL_ID_MAX];

	(void)unused;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		size_t length = (size_t)rand() % (sizeof(name) - 1);
		for (size_t i = 0; i < length; i++)
			name[i] = (char)(1 + rand() % 255);
		name[length] = '\0';
		tctl_agent_normalise(name, out);
		if (tctl_id_normalise(name, id))
			assert_true(tctl_text_is_utf8(id, strlen(id), NULL));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    states_are_read_by_the_words_they_are_written_with),
		cmocka_unit_test(lists_keep_their_order),
		cmocka_unit_test(the_usual_spellings_of_an_id_are_one),
		cmocka_unit_test(the_compared_form_of_an_id_is_its_own_form),
		cmocka_unit_test(what_cannot_be_an_id_is_refused),
		cmocka_unit_test(
		    agents_are_compared_without_case_separators_and_the_word),
		cmocka_unit_test(a_long_agent_name_is_cut_between_characters),
		cmocka_unit_test(any_bytes_at_all_are_safe_as_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
