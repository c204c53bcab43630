/* test_write_back.c - a plan's bytes, and those with other ticks. */
#include "taskctl/plan.h"
#include "test.h"

static struct tctl_plan *
read_plan(const char *bytes, size_t length)
{
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_plan *plan = NULL;
	struct tctl_error err;

	if (tctl_plan_read(bytes, length, &options, &plan, &err) != TCTL_OK)
		fail_msg("%s", err.text);
	return plan;
}

/* All ticks of one task (TCTL_NONE: of all) set to done. */
static char *
write_back(const char *bytes, size_t length, size_t task, bool done,
    size_t *out_length)
{
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_plan *plan = read_plan(bytes, length);
	bool *want = tctl_xcalloc(plan->tick_count, sizeof(*want));
	struct tctl_error err;
	char *out = NULL;

	for (size_t i = 0; i < plan->tick_count; i++)
		want[i] = task == TCTL_NONE || plan->tick[i].task == task
			      ? done
			      : plan->tick[i].done;
	if (tctl_plan_write_back(bytes, length, plan, &options, want, &out,
		out_length, &err) != TCTL_OK)
		fail_msg("%s", err.text);
	free(want);
	tctl_plan_free(plan);
	return out;
}

static void
becomes(const char *from, bool done, const char *to)
{
	size_t length;
	char *out = write_back(from, strlen(from), TCTL_NONE, done, &length);

	assert_string_equal(out, to);
	assert_int_equal(length, strlen(to));
	free(out);
}

#define TOP "# P\n\n## Sprint 1 : One (1h)\n\n"

static void
boxes_of_steps_and_criteria(void **unused)
{
	static const char open[] =
	    TOP "#### Task 1.1 : A\n\n- [ ] a\n  - [ ] b\n"
		"\n**Criteria** :\n- [ ] c [ ]\n* plain\n";
	static const char done[] =
	    TOP "#### Task 1.1 : A\n\n- [x] a\n  - [x] b\n"
		"\n**Criteria** :\n- [x] c [ ]\n* plain\n";

	(void)unused;
	becomes(open, true, done);
	becomes(done, false, open);
	becomes(open, false, open);
}

static void
the_box_is_ticked_as_elsewhere_in_the_plan(void **unused)
{
	(void)unused;
	becomes(TOP "#### Task 1.1 : A\n\n- [X] a\n- [ ] b\n", true,
	    TOP "#### Task 1.1 : A\n\n- [X] a\n- [X] b\n");
}

static void
signs_and_words_after_a_title(void **unused)
{
	static const struct {
		const char *done, *open;
	} same[] = {
		{ "A ✅ done", "A ⬜ to do" },
		{ "A ✅ (done)", "A ⬜ (to do)" },
		{ "A ✅ Terminé", "A ⬜ À faire" },
		{ "A - COMPLETE ✅", "A - TO DO ⬜" },
		{ "A (fait) (2h)", "A (à faire) (2h)" },
		{ "A ⭐ PRIORITY ✅ (done)", "A ⭐ PRIORITY ⬜ (to do)" },
		{ "A ☑ (erledigt)", "A ☐ (offen)" },
		{ "A `b` **c** ✅ done", "A `b` **c** ⬜ to do" },
		{ "A ✅ done 2025-03-01", "A ⬜ to do 2025-03-01" },
		{ "A ✅ (done, by Ana) (2h)", "A ⬜ (to do, by Ana) (2h)" },
		{ "A ✅ done (PR 12, by Ana, see the notes)",
		    "A ⬜ to do (PR 12, by Ana, see the notes)" },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(same); i++) {
		char done[200], open[200], *back;
		size_t length;

		snprintf(done, sizeof(done), TOP "#### Task 1.1 : %s\n",
		    same[i].done);
		snprintf(open, sizeof(open), TOP "#### Task 1.1 : %s\n",
		    same[i].open);
		becomes(done, false, open);
		back = write_back(open, strlen(open), 0, true, &length);
		becomes(back, false, open);
		free(back);
	}
}

static void
cells_and_fields_of_state(void **unused)
{
	(void)unused;
	becomes(TOP "| Task | State |\n|---|---|\n| 1.1 A | To do |\n"
		    "| 1.2 B | ⏳ In progress (Ann) |\n| 1.3 C | ❌ |\n"
		    "| 1.4 D | **Open** |\n| 1.5 E | `TODO` |\n| 1.6 F |  |\n",
	    true,
	    TOP "| Task | State |\n|---|---|\n| 1.1 A | Done |\n"
		"| 1.2 B | ✅ Done (Ann) |\n| 1.3 C | ✅ |\n"
		"| 1.4 D | **Done** |\n| 1.5 E | `DONE` |\n| 1.6 F |  |\n");
	becomes(TOP
	    "| Task | Statut |\n|---|---|\n| 1.1 A | ✔️ Terminée |\n"
	    "| 1.2 B | en cours |\n",
	    false,
	    TOP "| Task | Statut |\n|---|---|\n| 1.1 A | ⬜ À faire |\n"
		"| 1.2 B | en cours |\n");
	becomes(TOP "#### Task 1.1 : A\n**Status** : open\n", true,
	    TOP "#### Task 1.1 : A\n**Status** : done\n");
}

#define STATES "| Task | State |\n|---|---|\n"

/* Only the sign and the word of the state are anybody's but its writer's. */
static void
remarks_beside_a_state_stay(void **unused)
{
	(void)unused;
	becomes(TOP STATES "| 1.1 A | ✅ Done 2025-03-01, by Ana |\n"
			   "| 1.2 B | 100 % — see #4 |\n"
			   "| 1.3 C | done on 2025-03-01 by Bob, reviewed |\n"
			   "| 1.4 D | Done ✅ (again) |\n",
	    false,
	    TOP STATES "| 1.1 A | ⬜ To do 2025-03-01, by Ana |\n"
		       "| 1.2 B | To do — see #4 |\n"
		       "| 1.3 C | to do on 2025-03-01 by Bob, reviewed |\n"
		       "| 1.4 D | To do ⬜ (again) |\n");
}

/* What nobody can tell from a remark is no place. */
static void
no_place(const char *text, bool done)
{
	struct tctl_plan *plan = read_plan(text, strlen(text));

	assert_int_equal(plan->task[0].ticked, done);
	assert_int_equal(plan->tick_count, 0);
	tctl_plan_free(plan);
}

static void
a_state_that_is_not_told_from_the_rest_is_no_place(void **unused)
{
	(void)unused;
	no_place(TOP "#### Task 1.1 : A ✅ (Déjà fait avec Zoé)\n", true);
	no_place(TOP STATES "| 1.1 A | ✅ Already done by Ana |\n", true);
	no_place(TOP STATES "| 1.1 A | ✅ d**on**e |\n", true);
	no_place(TOP STATES "| 1.1 A | done, merged |\n", true);
	no_place(TOP STATES "| 1.1 A | done, 100 % |\n", true);
	no_place(TOP STATES "| 1.1 A | ⏳ waits for Zoé |\n", false);
}

static void
what_is_borrowed_is_a_state_and_no_remark(void **unused)
{
	(void)unused;
	becomes(TOP "#### Task 1.1 : Fix ✅ done marker\n\n"
		    "#### Task 1.2 : B\n"
		    "**Status** : in progress (see notes)\n\n"
		    "#### Task 1.3 : C\n**Status** : 🎉 done\n\n"
		    "#### Task 1.4 : D\n**Status** : ❌\n",
	    true,
	    TOP "#### Task 1.1 : Fix ✅ done marker\n\n"
		"#### Task 1.2 : B\n**Status** : done (see notes)\n\n"
		"#### Task 1.3 : C\n**Status** : 🎉 done\n\n"
		"#### Task 1.4 : D\n**Status** : ✅\n");
}

static void
line_ends_byte_order_mark_and_missing_newline_stay(void **unused)
{
	(void)unused;
	becomes("\xEF\xBB\xBF# P\r\n\r\n## Sprint 1 : Ü\r\n\r\n"
		"#### Task 1.1 : é 日本\r\n\r\n\t- [ ] x\r\n- [ ] é\r\n- [ ] z",
	    true,
	    "\xEF\xBB\xBF# P\r\n\r\n## Sprint 1 : Ü\r\n\r\n"
	    "#### Task 1.1 : é 日本\r\n\r\n\t- [ ] x\r\n- [x] é\r\n- [x] z");
}

/* Text as an editor leaves it that takes UTF-8 for Mac Roman. */
static void
damaged_text_stays_damaged(void **unused)
{
	static const char sound[] =
	    TOP "#### Task 1.1 : Été ✅ (terminé)\n\n- [ ] été\n- [x] là\n";
	/* ✅ is E2 9C 85 there; ⬜ is E2 AC 9C. */
	static const char damaged[] =
	    TOP "#### Task 1.1 : √ât√© ‚úÖ (termin√©)\n\n- [ ] √©t√©\n"
		"- [x] l√†\n";
	static const char ticked[] =
	    TOP "#### Task 1.1 : √ât√© ‚úÖ (termin√©)\n\n- [x] √©t√©\n"
		"- [x] l√†\n";
	static const char opened[] =
	    TOP "#### Task 1.1 : √ât√© ‚¨ú (√† faire)\n\n- [ ] √©t√©\n"
		"- [ ] l√†\n";
	struct tctl_plan *plan = read_plan(damaged, strlen(damaged));

	(void)unused;
	assert_string_equal(plan->task[0].title, "Été");
	tctl_plan_free(plan);
	becomes(damaged, true, ticked);
	becomes(damaged, false, opened);
	becomes(sound, true,
	    TOP "#### Task 1.1 : Été ✅ (terminé)\n\n- [x] été\n- [x] là\n");
}

static void
other_bytes_than_were_read_are_refused(void **unused)
{
	static const char text[] = TOP "#### Task 1.1 : A\n\n- [ ] a\n";
	static const char other[] = TOP "#### Task 1.1 : A\n\nx [ ] a\n";
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_plan *plan = read_plan(text, strlen(text));
	const bool want[] = { true };
	struct tctl_error err;
	char *out = NULL;
	size_t length;

	(void)unused;
	assert_int_equal(plan->tick_count, 1);
	assert_int_equal(tctl_plan_write_back(other, strlen(other), plan,
			     &options, want, &out, &length, &err),
	    TCTL_EINVALID);
	assert_int_equal(tctl_plan_write_back(text, 20, plan, &options, want,
			     &out, &length, &err),
	    TCTL_EINVALID);
	assert_non_null(strstr(err.text, "line 7, column 4"));
	assert_null(out);
	tctl_plan_free(plan);
}

static void
a_format_may_have_its_own_word_for_the_opposite(void **unused)
{
	static const char text[] = TOP "#### Task 1.1 : A\n**Status** : open\n";
	const struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_plan *plan = read_plan(text, strlen(text));
	const bool want[] = { true };
	struct tctl_error err;
	char *out = NULL;
	size_t length;

	(void)unused;
	plan->tick[0].opposite = "closed";
	assert_int_equal(tctl_plan_write_back(text, strlen(text), plan,
			     &options, want, &out, &length, &err),
	    TCTL_OK);
	assert_string_equal(
	    out, TOP "#### Task 1.1 : A\n**Status** : closed\n");
	free(out);
	tctl_plan_free(plan);
}

static void
the_difference_is_one_that_patch_understands(void **unused)
{
	char *diff = tctl_text_diff(
	    "p.md", "a\nb\nc\nd\ne\nf", 11, "a\nb\nc\nd\nE\nf", 11);

	(void)unused;
	assert_string_equal(diff, "--- p.md\n+++ p.md\n@@ -2,5 +2,5 @@\n b\n"
				  " c\n d\n-e\n+E\n f\n"
				  "\\ No newline at end of file\n");
	free(diff);
	diff = tctl_text_diff("p.md", "a\n", 2, "a\n", 2);
	assert_string_equal(diff, "");
	free(diff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_of_steps_and_criteria),
		cmocka_unit_test(the_box_is_ticked_as_elsewhere_in_the_plan),
		cmocka_unit_test(signs_and_words_after_a_title),
		cmocka_unit_test(cells_and_fields_of_state),
		cmocka_unit_test(remarks_beside_a_state_stay),
		cmocka_unit_test(
		    a_state_that_is_not_told_from_the_rest_is_no_place),
		cmocka_unit_test(what_is_borrowed_is_a_state_and_no_remark),
		cmocka_unit_test(
		    line_ends_byte_order_mark_and_missing_newline_stay),
		cmocka_unit_test(damaged_text_stays_damaged),
		cmocka_unit_test(other_bytes_than_were_read_are_refused),
		cmocka_unit_test(
		    a_format_may_have_its_own_word_for_the_opposite),
		cmocka_unit_test(the_difference_is_one_that_patch_understands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
