/* test_same.c - when two texts say the same plan, and how ids are made. */
#include "../../lib/plan/draft.h"
#include "plan_test.h"

#define TOP "# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n"
#define BOTTOM \
	"\n#### Task 1.2 : B\n**Dependencies** : 1.1\n" \
	"\n## Sprint 2 : Two\n\n#### Task 2.1 : C\n"

static void
any_difference_is_one(void **unused)
{
	static const char *const other[] = {
		TOP BOTTOM "\n#### Task 2.2 : D\n",
		TOP BOTTOM "\n## Sprint 3 : Three\n",
		TOP "**Duration** : 2h\n" BOTTOM,
		TOP "**Agent** : A\n" BOTTOM,
		TOP "**Priority** : high\n" BOTTOM,
		TOP "**Status** : done\n" BOTTOM,
		TOP "\n#### Task 1.2 : Bee\n**Dependencies** : 1.1\n"
		    "\n## Sprint 2 : Two\n\n#### Task 2.1 : C\n",
		TOP "\n#### Task 1.2 : B\n"
		    "\n## Sprint 2 : Two\n\n#### Task 2.1 : C\n",
		TOP "\n#### Task 1.2 : B\n**Dependencies** : 2.1\n"
		    "\n## Sprint 2 : Two\n\n#### Task 2.1 : C\n",
		TOP "\n#### Task 1.2 : B\n**Dependencies** : 1.1\n"
		    "\n## Sprint 7 : Two\n\n#### Task 2.1 : C\n",
	};
	struct tctl_plan *plan, *same, *differs;

	(void)unused;
	plan = plan_of_text(TOP BOTTOM);
	same = plan_of_text("Words.\n\n" TOP BOTTOM "\nMore words.\n");
	assert_true(tctl_plan_same(plan, same));
	for (size_t i = 0; i < TCTL_COUNT(other); i++) {
		differs = plan_of_text(other[i]);
		if (tctl_plan_same(plan, differs))
			fail_msg("%zu is the same: %s", i, other[i]);
		tctl_plan_free(differs);
	}
	tctl_plan_free(same);
	tctl_plan_free(plan);
}

static void
ids_of_headings(void **unused)
{
	static const char *const row[][2] = {
		{ "Pre-Deployment (complete these first)", "pre-deployment" },
		{ "Étape Zéro", "etape-zero" },
		{ "(remark)", "remark" },
		{ "!!!", "section" },
		{ "Make sure that all of the backups were really restored",
		    "make-sure-that-all-of-the-backups-were" },
		{ "ääääääääääääääääääääääääääääääääääääääääääääää",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
		{ "警告警告警告警告警告警告警告警告警告",
		    "警告警告警告警告警告警告警" },
	};
	struct tctl_arena *arena = tctl_arena_new();

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++)
		assert_string_equal(
		    tctl_slug(arena, row[i][0], strlen(row[i][0])), row[i][1]);
	tctl_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_difference_is_one),
		cmocka_unit_test(ids_of_headings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
