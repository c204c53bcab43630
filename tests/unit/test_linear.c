/* test_linear.c - large and hostile plans are read, or refused, in linear time.
 *
 * Processor time, not the clock: the machine may be busy with others. */
#include "taskctl/plan.h"
#include "test.h"

enum {
	MIB = 1024 * 1024,
#ifdef __SANITIZE_ADDRESS__
	MOST_S = 20,
#else
	MOST_S = 2,
#endif
	SHARE = 8, /* of the text, for each dialect that is asked for by name */
};

static char *
repeat(const char *head, const char *piece, size_t length, size_t *out_length)
{
	size_t n = strlen(head), step = strlen(piece);
	char *text = tctl_xcalloc(n + length + step, 1);

	memcpy(text, head, n);
	for (; n < length; n += step)
		memcpy(text + n, piece, step);
	*out_length = n;
	return text;
}

/* By content, then, a part of it, as each dialect; each within the time. */
static void
is_quick(char *text, size_t length)
{
	for (size_t i = 0; i == 0 || tctl_plan_formats[i - 1] != NULL; i++) {
		const struct tctl_plan_options options = { .file = "p.md",
			.format = i == 0 ? NULL : tctl_plan_formats[i - 1],
			.with_advice = true };
		struct tctl_plan *plan = NULL;
		struct tctl_error err;
		clock_t start = clock();
		double seconds;
		size_t part = i == 0 ? length : length / SHARE;

		while (part > 0 && (text[part] & 0xC0) == 0x80)
			part--;
		if (tctl_plan_read(text, part, &options, &plan, &err) ==
		    TCTL_OK)
			tctl_plan_free(plan);
		seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
		if (seconds > (i == 0 ? (double)MOST_S : 0.5 * MOST_S))
			fail_msg("%.1f s as %s: %.60s", seconds,
			    i == 0 ? "anything" : options.format, text);
	}
	free(text);
}

static void
is_quick_repeated(const char *head, const char *piece, size_t size)
{
	size_t length;
	char *text = repeat(head, piece, size, &length);

	is_quick(text, length);
}

#define TOP "# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n"

static void
ten_megabytes_of_nested_lists(void **unused)
{
	size_t n = 0;
	char *text;

	(void)unused;
	is_quick_repeated(TOP, "- [ ] a\n  - [ ] b\n    - [x] c\n", 10 * MIB);
	is_quick_repeated(TOP, "- ", 10 * MIB);
	is_quick_repeated(TOP, "> - ", 10 * MIB);
	/* One level deeper each line, as deep as that much can be. */
	text = tctl_xcalloc(11 * MIB, 1);
	for (int depth = 0; n < 10 * MIB; depth++) {
		memset(text + n, ' ', (size_t)depth * 2);
		n += (size_t)depth * 2;
		memcpy(text + n, "- [ ] a\n", 8);
		n += 8;
	}
	is_quick(text, n);
}

static void
a_hundred_thousand_columns(void **unused)
{
	enum { COLUMNS = 100 * 1000 };
	char *text = tctl_xcalloc(COLUMNS * 20, 1), *at = text;

	(void)unused;
	at = stpcpy(at, TOP "| Task | State ");
	for (int i = 0; i < COLUMNS; i++)
		at = stpcpy(at, "| c");
	at = stpcpy(at, "|\n|---|---");
	for (int i = 0; i < COLUMNS; i++)
		at = stpcpy(at, "|---");
	at = stpcpy(at, "|\n| 1.1 A | Done ");
	for (int i = 0; i < COLUMNS; i++)
		at = stpcpy(at, "| x");
	at = stpcpy(at, "|\n");
	is_quick(text, (size_t)(at - text));
}

static void
a_table_without_an_end(void **unused)
{
	(void)unused;
	is_quick_repeated(TOP "| Task | State |\n|---|---|\n",
	    "| 1.1 A | Done |\n", 10 * MIB);
	is_quick_repeated(
	    TOP "| Task | State |\n|---|---|\n", "| 1.1 A ", 10 * MIB);
}

static void
long_lines_words_and_signs(void **unused)
{
	static const char *const piece[] = { "✅ ", "(done) ", "a ", "1.1, ",
		"**a** ", "`a` ", "\xC3\xA9", "√©", "⬜ to do ", "[x] ", "*",
		"2h ", "<", "&amp;", "[a](b) ", "\\" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(piece); i++) {
		is_quick_repeated(TOP "**Status** : ", piece[i], MIB);
		is_quick_repeated(TOP "#### Task 1.2 : ", piece[i], MIB);
	}
}

/* Of a sprint without a task all is looked at. */
static void
goals_without_an_end(void **unused)
{
	static const char *const piece[] = { "- **Goal**:\n", "a\n",
		"**Goal**:\n\n", "### Goal\n\n", "> **Goal**:\n\n",
		"## Sprint 2 : B\n### Goal\na\n" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(piece); i++)
		is_quick_repeated(
		    TOP "## Sprint 3\n\n### Goal\n\n", piece[i], MIB);
}

static void
more_than_is_read_is_refused_at_once(void **unused)
{
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_plan *plan = NULL;
	struct tctl_error err;
	size_t length;
	char *text = repeat(TOP, "- [ ] a\n", TCTL_PLAN_BYTES_MAX + 8, &length);

	(void)unused;
	assert_int_equal(
	    tctl_plan_read(text, length, &options, &plan, &err), TCTL_EINVALID);
	assert_null(strchr(err.text, '\n'));
	free(text);
}

/* All boxes of a large plan at once. */
static void
writing_back_is_linear(void **unused)
{
	const struct tctl_plan_options options = { .file = "p.md" };
	size_t length, out_length;
	char *text = repeat(TOP, "- [ ] a\n", 4 * MIB, &length), *out = NULL;
	struct tctl_plan *plan = NULL;
	struct tctl_error err;
	clock_t start = clock();
	bool *done;

	(void)unused;
	assert_int_equal(
	    tctl_plan_read(text, length, &options, &plan, &err), TCTL_OK);
	done = tctl_xcalloc(plan->tick_count, sizeof(*done));
	memset(done, true, plan->tick_count);
	assert_int_equal(tctl_plan_write_back(text, length, plan, &options,
			     done, &out, &out_length, &err),
	    TCTL_OK);
	assert_int_equal(out_length, length);
	if (clock() - start > MOST_S * 2 * CLOCKS_PER_SEC)
		fail_msg("%ld ticks of the clock", (long)(clock() - start));
	free(out);
	free(done);
	free(text);
	tctl_plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_megabytes_of_nested_lists),
		cmocka_unit_test(a_hundred_thousand_columns),
		cmocka_unit_test(a_table_without_an_end),
		cmocka_unit_test(long_lines_words_and_signs),
		cmocka_unit_test(goals_without_an_end),
		cmocka_unit_test(more_than_is_read_is_refused_at_once),
		cmocka_unit_test(writing_back_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
