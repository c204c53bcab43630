/* test_reserve.c - whose a path is, and the files that plans name. */
#include "store_test.h"

#include "taskctl/reserve.h"

static struct tctl_caller
agent(const char *name)
{
	return (struct tctl_caller){ .agent = name,
		.session = "s",
		.token = -1,
		.host = "here",
		.worktree = "/w",
		.evidence = "manual" };
}

/* An agent with a task of its name, who reserves. */
static enum tctl_status
reserve(const char *name, const char *pattern)
{
	const struct tctl_caller who = agent(name);
	struct tctl_strings list = { &pattern, 1 };
	struct tctl_reserving out;
	enum tctl_status status =
	    tctl_reserve(&coord, &who, name, &list, &out, &err);

	tctl_reserving_release(&out);
	return status;
}

static void
begin_work(const char *name)
{
	const struct tctl_caller who = agent(name);
	const struct tctl_fields fields = { .title = name, .priority = -1 };
	const struct tctl_strings none = { NULL, 0 };
	struct tctl_answer answer;

	OK(tctl_task_add(&coord, &who, name, &fields, &none, &answer, &err));
	tctl_answer_release(&answer);
	OK(tctl_lease_claim(&coord, &who, name, -1, &answer, &err));
	tctl_answer_release(&answer);
}

static void
whose(const char *path, bool is_folder, const char *task, const char *pattern)
{
	struct tctl_reservations all;
	const struct tctl_reservation *found;

	OK(tctl_reservations_read(&coord, &all, &err));
	found = tctl_reservations_find(&all, path, is_folder);
	if (task == NULL && found != NULL)
		fail_msg("%s: %s", path, found->pattern);
	if (task != NULL) {
		assert_non_null(found);
		assert_string_equal(found->task, task);
		assert_string_equal(found->agent, task);
		assert_string_equal(found->pattern, pattern);
		assert_true(found->token > 0 && found->expires_ms > 0);
	}
	tctl_reservations_release(&all);
}

static void
a_path_is_of_one_task_or_of_none(void **state)
{
	(void)state;
	begin_work("ann");
	begin_work("bob");
	whose("src/a.c", false, NULL, NULL);
	OK(reserve("ann", "src/"));
	OK(reserve("ann", "/x/*"));
	OK(reserve("ann", "!/x/free"));
	OK(reserve("bob", "docs/"));
	OK(reserve("bob", "/inc/*.h"));
	whose("src/a.c", false, "ann", "src/");
	whose("src", true, "ann", "src/");
	whose("src", false, NULL, NULL);
	whose("x/a", false, "ann", "/x/*");
	whose("x/free", false, NULL, NULL);
	whose("docs/a", false, "bob", "docs/");
	whose("inc/a.h", false, "bob", "/inc/*.h");
	whose("README.md", false, NULL, NULL);
}

/* What is granted although one might match below the other. */
static void
the_outermost_folder_decides(void **state)
{
	(void)state;
	begin_work("eve");
	begin_work("zoe");
	whose("src/docs/a", false, "ann", "src/");
	whose("docs/src/a", false, "bob", "docs/");
	assert_int_equal(reserve("eve", "top/**"), TCTL_OK);
	assert_int_equal(reserve("zoe", "mid/"), TCTL_OK);
	/* Both match top/mid: eve says where. */
	whose("top/mid/a", false, "eve", "top/**");
	whose("mid/a", false, "zoe", "mid/");
	whose("a/mid/a", false, "zoe", "mid/");
	assert_int_equal(reserve("zoe", "top/x.h"), TCTL_ETAKEN);
}

static void
it_is_gone_with_the_lease(void **state)
{
	const struct tctl_caller who = agent("ann");
	struct tctl_answer answer;

	(void)state;
	OK(tctl_lease_release(&coord, &who, "ann", NULL, false, &answer, &err));
	tctl_answer_release(&answer);
	whose("src/a.c", false, NULL, NULL);
	whose("src/docs/a", false, "bob", "docs/");
	assert_int_equal(reserve("ann", "src/"), TCTL_ESTALE);
	OK(reserve("eve", "src/"));
}

static void
files_of_plans_are_bound_to_the_root(void **state)
{
	static const struct {
		const char *file;
		const char *pattern; /* NULL: it is none */
	} row[] = { { "lib/a.c", "/lib/a.c" }, { "README.md", "/README.md" },
		{ "./a", "/a" }, { "/a", "/a" }, { "lib/", "/lib/" },
		{ "src/**/*.ts", "/src/**/*.ts" },
		{ "app/[id]/page.tsx", "/app/\\[id]/page.tsx" },
		{ "!a", "/!a" }, { "#a", "/#a" }, { "a b", "/a b" },
		{ "a\\b", "/a\\\\b" }, { "https://a.b/c", NULL },
		{ "../a", NULL }, { "a/../b", NULL }, { "~/a", NULL },
		{ "", NULL }, { ".", NULL }, { "/", NULL } };

	(void)state;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct tctl_arena *arena = tctl_arena_new();
		const struct tctl_pattern *pattern =
		    tctl_reservation_of_file(arena, row[i].file);

		if ((pattern == NULL) != (row[i].pattern == NULL))
			fail_msg("%s", row[i].file);
		if (pattern != NULL)
			assert_string_equal(
			    tctl_pattern_text(pattern), row[i].pattern);
		tctl_arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_of_one_task_or_of_none),
		cmocka_unit_test(the_outermost_folder_decides),
		cmocka_unit_test(it_is_gone_with_the_lease),
		cmocka_unit_test(files_of_plans_are_bound_to_the_root),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
