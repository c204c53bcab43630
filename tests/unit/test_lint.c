/* test_lint.c - the codes of complaints: one table, and all are in it. */
#include <ctype.h>
#include <glob.h>

#include "taskctl/plan.h"
#include "test.h"

static void
the_table_is_sorted_and_whole(void **unused)
{
	const struct tctl_lint_code *code = tctl_lint_codes;

	(void)unused;
	for (; code->name != NULL; code++) {
		assert_non_null(code->meaning);
		assert_non_null(code->example);
		assert_non_null(code->remedy);
		assert_ptr_equal(tctl_lint_code_find(code->name), code);
		if (code[1].name != NULL)
			assert_true(strcmp(code->name, code[1].name) < 0);
	}
	assert_null(tctl_lint_code_find("nothing"));
}

static char *
slurp(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(file);
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	fclose(file);
	return text;
}

/* What a call has in quotes first: its code, where it is all of [a-z_]. */
static void
look_at_call(const char *path, const char *at)
{
	const char *end = strstr(at, ");"), *open = strchr(at, '"');
	size_t length;
	char code[64];

	if (end == NULL || open == NULL || open > end)
		return; /* the code is a variable: a caller names it */
	length = strcspn(++open, "\"");
	for (size_t i = 0; i < length; i++)
		if (!islower((unsigned char)open[i]) && open[i] != '_')
			return;
	snprintf(code, sizeof(code), "%.*s", (int)length, open);
	if (tctl_lint_code_find(code) == NULL)
		fail_msg("%s: \"%s\" is not in lint_codes.c", path, code);
}

static void
every_code_that_is_said_is_in_it(void **unused)
{
	static const char *const call[] = { "tctl_say(", "say_groups(",
		"\tsay(" };
	glob_t files;

	(void)unused;
	assert_int_equal(glob("lib/plan/*.c", 0, NULL, &files), 0);
	glob("lib/work/write_back.c", GLOB_APPEND, NULL, &files);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		char *text = slurp(files.gl_pathv[i]);

		for (size_t k = 0; k < TCTL_COUNT(call); k++)
			for (const char *at = text;
			     (at = strstr(at, call[k])) != NULL; at++)
				look_at_call(files.gl_pathv[i], at);
		free(text);
	}
	globfree(&files);
}

/* --- ids that were made ----------------------------------------------- */

static void
made_ids_go_to_their_places_and_nothing_else_changes(void **unused)
{
	static const char own[] = "\xEF\xBB\xBF# P\r\n\r\n## Sprint 1 : Ü\r\n"
				  "\r\n#### Task 1.1 : é\r\n\r\n"
				  "#### Task 1.2 : B";
	static const char without[] = "\xEF\xBB\xBF# P\r\n\r\n## Sprint 1 : Ü"
				      "\r\n\r\n#### Task : é\r\n\r\n"
				      "#### Task : B";
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_made made[] = { { 0, 5, 11, "", " " },
		{ 1, 7, 11, "", " " } };
	struct tctl_plan *plan = NULL;
	struct tctl_error err;
	char *out = NULL;
	size_t length;

	(void)unused;
	assert_int_equal(
	    tctl_plan_read(own, sizeof(own) - 1, &options, &plan, &err),
	    TCTL_OK);
	plan->made = made;
	plan->made_count = 2;
	assert_int_equal(tctl_plan_fix_ids(without, sizeof(without) - 1, plan,
			     &options, &out, &length, &err),
	    TCTL_OK);
	assert_string_equal(out, own);
	assert_int_equal(length, sizeof(own) - 1);
	free(out);

	/* What does not read back as those tasks is not written. */
	made[1].column = 14;
	out = NULL;
	assert_int_equal(tctl_plan_fix_ids(without, sizeof(without) - 1, plan,
			     &options, &out, &length, &err),
	    TCTL_EINVALID);
	assert_null(out);
	tctl_plan_free(plan);
}

/* "{#id}" stands behind the line's text, and is none of it. */
static void
an_id_at_the_end_of_a_line_is_no_part_of_its_title(void **unused)
{
	static const char text[] =
	    "# P\n\n## Sprint 1 : S\n\n#### Task 1.1 : **A** \r\n\n"
	    "- [ ] do `it`\n";
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_made made[] = { { 0, 5, 0, " {#", "}" },
		{ 0, 7, 0, " {#", "}" } };
	struct tctl_plan *plan = NULL, *again = NULL;
	struct tctl_error err;
	char *out = NULL;
	size_t length;

	(void)unused;
	assert_int_equal(
	    tctl_plan_read(text, sizeof(text) - 1, &options, &plan, &err),
	    TCTL_OK);
	plan->made = made;
	plan->made_count = 2;
	assert_int_equal(tctl_plan_fix_ids(text, sizeof(text) - 1, plan,
			     &options, &out, &length, &err),
	    TCTL_OK);
	assert_string_equal(out,
	    "# P\n\n## Sprint 1 : S\n\n#### Task 1.1 : **A** {#1.1} \r\n\n"
	    "- [ ] do `it` {#1.1}\n");
	assert_int_equal(
	    tctl_plan_read(out, length, &options, &again, &err), TCTL_OK);
	assert_string_equal(again->task[0].title, "A");
	assert_string_equal(again->task[0].steps.at[0].text, "do it");
	free(out);
	tctl_plan_free(again);
	tctl_plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_sorted_and_whole),
		cmocka_unit_test(every_code_that_is_said_is_in_it),
		cmocka_unit_test(
		    made_ids_go_to_their_places_and_nothing_else_changes),
		cmocka_unit_test(
		    an_id_at_the_end_of_a_line_is_no_part_of_its_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
