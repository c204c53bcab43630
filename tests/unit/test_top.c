/* test_top.c - the live board without a terminal: order, filter, cursor, keys,
 * and screens of every size. */
#include "test.h"

#include "../../cmd/taskctl-top/top.h"
#include "taskctl/text.h"

enum { TASKS = 40 };

static struct tctl_task task[TASKS];
static struct tctl_sprint_status sprint;
static struct tctl_event event[3];
static const char *detail[3] = { "", "a note", "" };
static struct tctl_lease lease = { .task = "1.3",
	.agent = "ann",
	.session = "s",
	.host = "here",
	.worktree = "/w",
	.acquired_ms = 0,
	.expires_ms = 3600000 };
static struct tctl_stuck stuck = { .kind = TCTL_STUCK_FAILED,
	.task = "1.4",
	.title = "x",
	.why = "failed",
	.next = "taskctl reopen 1.4" };
static struct tctl_top_agent agent = { .agent = "ann",
	.session = "s",
	.host = "here",
	.worktree = "/w",
	.tasks = "1.3",
	.task_count = 1 };

/* Nothing of it is freed: it is all ours. */
static void
fill(struct tctl_top *top)
{
	static char id[TASKS][16];

	memset(top, 0, sizeof(*top));
	for (int i = 0; i < TASKS; i++) {
		snprintf(id[i], sizeof(id[i]), "1.%d", i + 1);
		task[i] = (struct tctl_task){ .id = id[i],
			.ref = id[i],
			.plan = "p",
			.sprint = "1",
			.title = i % 2 ? "木工の計画を立てる 🎉" : "Plain",
			.estimate_s = 3600 * (i % 3),
			.state = TCTL_STATE_READY };
	}
	task[2].state = TCTL_STATE_CLAIMED;
	task[2].lease = &lease;
	task[3].state = TCTL_STATE_FAILED;
	task[0].state = TCTL_STATE_DONE;
	sprint = (struct tctl_sprint_status){
		.key = "1", .title = "One", .plan = "p"
	};
	for (int i = 0; i < 3; i++)
		event[i] = (struct tctl_event){ .id = i + 1,
			.kind = "claimed",
			.task = "1.1",
			.plan = "p" };
	top->board.tasks.at = task;
	top->board.tasks.count = TASKS;
	top->board.report.sprint = &sprint;
	top->board.report.sprint_count = 1;
	top->board.report.totals = (struct tctl_totals){
		.tasks = TASKS, .percent = 2, .estimate_s = 100, .done_s = 2
	};
	top->board.report.stuck = &stuck;
	top->board.report.stuck_count = 1;
	top->board.events.at = event;
	top->board.events.count = 3;
	top->board.detail = detail;
	top->board.agent = &agent;
	top->board.agent_count = 1;
	top->agent = "bob";
	top->width = 80;
	top->height = 24;
	for (int i = 0; i < TCTL_TOP_LISTS; i++)
		top->place[i].sort = tctl_top_list[i]->sort;
	tctl_top_arrange(top);
}

static void
empty(struct tctl_top *top)
{
	memset(&top->board, 0, sizeof(top->board));
	tctl_top_release(top);
}

static void
keys(struct tctl_top *top, const char *text)
{
	for (; *text != '\0'; text++)
		(void)tctl_top_key(top, *text);
}

static void
what_goes_on_comes_first(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	assert_int_equal(top.count, TASKS);
	assert_string_equal(tctl_top_task(&top), "1.3"); /* claimed */
	keys(&top, "j");
	assert_string_equal(tctl_top_task(&top), "1.4"); /* failed */
	keys(&top, "j");
	assert_string_equal(tctl_top_task(&top), "1.2"); /* ready */
	keys(&top, "G");
	assert_string_equal(tctl_top_task(&top), "1.1"); /* done */
	empty(&top);
}

static void
ids_are_in_the_order_of_the_plan(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	keys(&top, "sssssss"); /* round to TASK */
	assert_int_equal(top.place[TCTL_TOP_TASKS].sort, 0);
	keys(&top, "jjjjjjjjj");
	assert_string_equal(tctl_top_task(&top), "1.10");
	keys(&top, "S");
	assert_string_equal(tctl_top_task(&top), "1.40");
	empty(&top);
}

static void
the_cursor_stays_on_its_task(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	keys(&top, "jjjj");
	assert_string_equal(tctl_top_task(&top), "1.6");
	task[5].state = TCTL_STATE_CLAIMED; /* it goes to the front */
	tctl_top_arrange(&top);
	assert_string_equal(tctl_top_task(&top), "1.6");
	assert_int_equal(top.place[TCTL_TOP_TASKS].at, 1);
	top.board.tasks.count = 3; /* and is gone */
	tctl_top_arrange(&top);
	assert_non_null(tctl_top_task(&top));
	top.board.tasks.count = 0;
	tctl_top_arrange(&top);
	assert_null(tctl_top_task(&top));
	empty(&top);
}

static void
the_filter_looks_into_every_column(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	keys(&top, "/ANN\r");
	assert_int_equal(top.count, 1);
	assert_string_equal(tctl_top_task(&top), "1.3");
	(void)tctl_top_key(&top, 27);
	assert_int_equal(top.count, TASKS);
	keys(&top, "/");
	(void)tctl_top_key(&top, 0x6728); /* 木 */
	assert_int_equal(top.count, TASKS / 2);
	(void)tctl_top_key(&top, TCTL_TOP_KEY_BACKSPACE);
	assert_int_equal(top.count, TASKS);
	for (int i = 0; i < 300; i++) /* longer than it may be */
		(void)tctl_top_key(&top, 0x6728);
	assert_true(tctl_text_is_utf8(
	    top.place[0].filter, strlen(top.place[0].filter), NULL));
	empty(&top);
}

static void
nothing_is_done_unconfirmed(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	assert_int_equal(tctl_top_key(&top, 'c'), TCTL_TOP_GO_ON);
	assert_int_equal(top.mode, TCTL_TOP_CONFIRM);
	assert_int_equal(tctl_top_key(&top, 'x'), TCTL_TOP_GO_ON);
	assert_int_equal(tctl_top_key(&top, 'y'), TCTL_TOP_GO_ON);
	(void)tctl_top_key(&top, 'd');
	assert_int_equal(tctl_top_key(&top, 'y'), TCTL_TOP_ACT);
	assert_int_equal(top.act, TCTL_TOP_DONE);
	assert_string_equal(top.act_task, "1.3");
	top.agent = NULL;
	(void)tctl_top_key(&top, 'c');
	assert_int_equal(top.mode, TCTL_TOP_BROWSE);
	assert_true(top.said && top.message[top.messages - 1].is_error);
	top.agent = "bob";
	top.lost = true;
	(void)tctl_top_key(&top, 'c');
	assert_int_equal(top.mode, TCTL_TOP_BROWSE);
	empty(&top);
}

/* Whoever goes into things and never back. */
static void
the_way_back_is_kept_within_bounds(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	for (int i = 0; i < 100; i++) {
		tctl_top_go(&top, TCTL_TOP_TASK, i % 2 ? "1.1" : "1.2");
		tctl_top_arrange(&top);
	}
	assert_int_equal(top.backs, TCTL_TOP_BACK_MAX);
	for (int i = 0; i < 100; i++)
		(void)tctl_top_key(&top, 27);
	assert_int_equal(top.backs, 0);
	for (int i = 0; i < 2000; i++)
		tctl_top_say(&top, i % 2, "message %d", i);
	assert_string_equal(top.message[top.messages - 1].text, "message 1999");
	empty(&top);
}

/* A screen stays within its size, whatever is on it; nothing stands on top of
 * something else. */
static void
check_screen(const struct tctl_top *top)
{
	struct tctl_top_screen screen;
	int end[64];

	tctl_top_draw(top, &screen);
	for (int i = 0; i < 64; i++)
		end[i] = 0;
	for (size_t i = 0; i < screen.count; i++) {
		const struct tctl_top_span *span = &screen.at[i];
		char *text =
		    strndup(screen.text + span->from, span->to - span->from);

		if (span->y >= 0 && span->y < top->height) {
			assert_true(span->x >= end[span->y]);
			end[span->y] = span->x + tctl_text_width(text);
			assert_true(end[span->y] <= top->width);
		}
		assert_null(strpbrk(text, "\x1b\n\r\t"));
		free(text);
	}
	tctl_top_screen_release(&screen);
}

static void
every_size_is_drawn(void **state)
{
	struct tctl_top top;

	(void)state;
	fill(&top);
	task[1].title = "\x1b]0;owned\x07 \x1b[2J\n\xff";
	top.board.report.title = "A very long title of a plan, 木工木工木工";
	sprint.goal = "A long goal, 木工木工木工 too, and what it is for";
	top.board.report.forecast = (struct tctl_forecast){ .tasks = 3 };
	top.only_sprint = tctl_xstrdup("1");
	top.only_plan = tctl_xstrdup("p");
	tctl_top_say(&top, true, "%s",
	    "an error with words enough for two "
	    "lines, and more than two on those "
	    "screens that are small");
	for (int view = 0; view < TCTL_TOP_VIEWS; view++)
		for (top.width = 1; top.width <= 130; top.width += 3)
			for (top.height = 1; top.height < 60; top.height += 4) {
				top.view = (enum tctl_top_view)view;
				tctl_top_arrange(&top);
				tctl_top_move(&top, top.width);
				check_screen(&top);
			}
	empty(&top);
}

/* What stands on a line of the screen; owned (free). */
static char *
line_of(const struct tctl_top *top, int y)
{
	struct tctl_top_screen screen;
	char *line = tctl_xstrdup("");

	tctl_top_draw(top, &screen);
	for (size_t i = 0; i < screen.count; i++) {
		const struct tctl_top_span *span = &screen.at[i];
		char *longer = span->y != y ? NULL
					    : tctl_xprintf("%s%.*s", line,
						  (int)(span->to - span->from),
						  screen.text + span->from);

		if (longer == NULL)
			continue;
		free(line);
		line = longer;
	}
	tctl_top_screen_release(&screen);
	return line;
}

static void
the_forecast_takes_the_lines_that_it_needs(void **state)
{
	static const struct {
		int width, height, head;
		const char *first;
	} size[] = { { 76, 24, 5,
			 "at this pace done by 1970-01-01 00:01, "
			 "nine times in ten by 1970-01-01 00:02" },
		{ 75, 24, 6, "at this pace done by 1970-01-01 00:01" },
		{ 63, 16, 5,
		    "done by 1970-01-01 00:01 (p50), "
		    "or by 1970-01-01 00:02 (p90)" },
		{ 59, 16, 6, "done by 1970-01-01 00:01 (p50)" },
		{ 76, 15, 2, NULL } };
	struct tctl_top top;

	(void)state;
	fill(&top);
	top.utc = true;
	assert_int_equal(tctl_top_head(&top), 4);
	top.board.report.forecast = (struct tctl_forecast){
		.tasks = 3, .p50_ms = 60000, .p90_ms = 120000
	};
	for (size_t i = 0; i < TCTL_COUNT(size); i++) {
		char *line;

		top.width = size[i].width;
		top.height = size[i].height;
		tctl_top_arrange(&top);
		assert_int_equal(tctl_top_head(&top), size[i].head);
		check_screen(&top);
		line = line_of(&top, 3);
		if (size[i].first != NULL)
			assert_string_equal(line, size[i].first);
		else
			assert_null(strstr(line, "done by"));
		free(line);
	}
	empty(&top);
}

/* A text without blanks, with nothing but blanks, of bytes that are none. */
static void
pages_break_any_text(void **state)
{
	static const char *const nasty[] = { "", " ", "          ",
		" \xff\xff\xff",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b",
		"木工木工木工木工木工木工木工木工木工木工木工木工木工 木 工" };
	struct tctl_top top;

	(void)state;
	fill(&top);
	for (size_t i = 0; i < TCTL_COUNT(nasty); i++)
		tctl_top_say(&top, false, "%s", nasty[i]);
	for (top.width = 1; top.width < 60; top.width++) {
		top.view = TCTL_TOP_MESSAGES;
		tctl_top_arrange(&top);
		assert_true(top.page.count >= TCTL_COUNT(nasty));
		check_screen(&top);
	}
	empty(&top);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_on_comes_first),
		cmocka_unit_test(ids_are_in_the_order_of_the_plan),
		cmocka_unit_test(the_cursor_stays_on_its_task),
		cmocka_unit_test(the_filter_looks_into_every_column),
		cmocka_unit_test(nothing_is_done_unconfirmed),
		cmocka_unit_test(the_way_back_is_kept_within_bounds),
		cmocka_unit_test(every_size_is_drawn),
		cmocka_unit_test(the_forecast_takes_the_lines_that_it_needs),
		cmocka_unit_test(pages_break_any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
