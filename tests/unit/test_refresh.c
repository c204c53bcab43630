/* test_refresh.c - a list of tasks that is brought up to date says what one
 * that is read anew says, whatever has happened. */
#include "store_test.h"

#include "taskctl/json.h"
#include "taskctl/plan.h"

static const struct tctl_caller who = { .agent = "ada",
	.session = "s",
	.token = -1,
	.host = "here",
	.worktree = "/w",
	.evidence = "manual" };

/* Two sprints with a third behind the second; steps that follow each other,
 * with a gate. */
static const char *const plans[] = { "tests/plans/kitchen.md",
	"tests/plans/bakery-deployment.md" };

static void
import(const char *path)
{
	static char bytes[1 << 16];
	struct tctl_plan_options options = { .file = path };
	struct tctl_import import;
	struct tctl_plan *plan;
	FILE *from = fopen(path, "r");
	size_t length;

	assert_non_null(from);
	length = fread(bytes, 1, sizeof(bytes), from);
	fclose(from);
	OK(tctl_plan_read(bytes, length, &options, &plan, &err));
	OK(tctl_plan_import(&coord, &who, plan, false, false, &import, &err));
	tctl_import_release(&import);
	tctl_plan_free(plan);
}

static int64_t
newest(void)
{
	struct tctl_events events;
	int64_t id;

	OK(tctl_events_newest(&coord, NULL, 1, &events, &err));
	id = events.at[0].id;
	tctl_events_release(&events);
	return id;
}

/* Something happens to a task, if it can. */
static void
happen(const char *id, unsigned what)
{
	struct tctl_strings ids = { (const char *[]){ id }, 1 };
	struct tctl_answer answer = { .late = false };
	struct tctl_error no;

	switch (what) {
	case 0:
	case 1:
		(void)!tctl_lease_claim(&coord, &who, id, -1, &answer, &no);
		break;
	case 2:
	case 3:
		(void)!tctl_lease_done(&coord, &who, id, NULL, &answer, &no);
		break;
	case 4:
		(void)!tctl_lease_release(
		    &coord, &who, id, NULL, false, &answer, &no);
		break;
	case 5:
		(void)!tctl_lease_fail(&coord, &who, id, "x", &answer, &no);
		break;
	case 6:
		(void)!tctl_task_reopen(&coord, &who, id, NULL, &answer, &no);
		break;
	case 7:
		(void)!tctl_gate_approve(
		    &coord, &who, id, true, "so", &answer, &no);
		break;
	case 8:
		(void)!tctl_task_cancel(&coord, &who, id, NULL, &answer, &no);
		break;
	case 9:
		(void)!tctl_lease_heartbeat(&coord, &who, &ids, &answer, &no);
		break;
	case 10:
		(void)!tctl_note_add(&coord, &who, id, "n", &answer, &no);
		break;
	default:
		(void)!tctl_step_tick(&coord, &who, id, 1, false, &answer, &no);
	}
	tctl_answer_release(&answer);
}

static void
same(const struct tctl_tasks *a, const struct tctl_tasks *b, unsigned seed)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		struct json_object *x = tctl_json_task(&a->at[i]);
		struct json_object *y = tctl_json_task(&b->at[i]);

		if (strcmp(json_object_to_json_string(x),
			json_object_to_json_string(y)) != 0)
			fail_msg("after %u:\n%s\n%s", seed,
			    json_object_to_json_string(x),
			    json_object_to_json_string(y));
		json_object_put(x);
		json_object_put(y);
	}
}

static void
a_refreshed_list_is_the_list(void **state)
{
	struct tctl_coord brief = coord;
	struct tctl_tasks kept, fresh;
	int64_t after;
	bool known;

	(void)state;
	for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++)
		import(plans[i]);
	brief.detail = TCTL_DETAIL_ROW;
	after = newest();
	OK(tctl_tasks_list(&brief, NULL, &kept, &err));
	srand(5);
	for (unsigned n = 0; n < 600; n++) {
		size_t i = (size_t)rand() % kept.count;
		int64_t last;

		happen(kept.at[i].ref, (unsigned)rand() % 12);
		if (n % 3 == 0) /* more than one at a time */
			continue;
		last = newest();
		OK(tctl_tasks_refresh(
		    &brief, after, last, &kept, &known, &err));
		assert_true(known);
		after = last;
		OK(tctl_tasks_list(&brief, NULL, &fresh, &err));
		same(&kept, &fresh, n);
		tctl_tasks_release(&fresh);
	}
	tctl_tasks_release(&kept);
}

static void
of_an_edit_it_says_that_it_does_not_know(void **state)
{
	struct tctl_fields fields = { .title = "Another title",
		.priority = -1 };
	struct tctl_answer answer;
	struct tctl_tasks kept;
	int64_t after = newest();
	bool known;

	(void)state;
	OK(tctl_tasks_list(&coord, NULL, &kept, &err));
	OK(tctl_task_edit(&coord, &who, "kitchen:1.2", &fields, &answer, &err));
	tctl_answer_release(&answer);
	OK(tctl_tasks_refresh(&coord, after, newest(), &kept, &known, &err));
	assert_false(known);
	tctl_tasks_release(&kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refreshed_list_is_the_list),
		cmocka_unit_test(of_an_edit_it_says_that_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
