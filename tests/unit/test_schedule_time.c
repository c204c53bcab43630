/* test_schedule_time.c - working hours, and when it will be done. */
#include "test.h"

#include "taskctl/schedule.h"
#include "taskctl/time.h"

enum { H = TCTL_HOUR_S, D = TCTL_DAY_S };

static void
office_hours_are_read(void **unused)
{
	struct tctl_calendar week;
	size_t column;

	(void)unused;
	assert_true(tctl_calendar_read("mon-fri 09:00-17:00", &week, &column));
	assert_int_equal(week.shifts, 5);
	assert_int_equal(week.week_s, 40 * H);
	assert_int_equal(week.shift[4].open_s, 4 * D + 9 * H);
	assert_true(tctl_calendar_read(
	    "Mon, wed-friday 9-12 13:30-17; SUN 20:00-24:00", &week, &column));
	assert_int_equal(week.shifts, 9);
	assert_int_equal(week.shift[8].close_s, TCTL_WEEK_S);
	assert_true(tctl_calendar_read("fri-mon 22:00-06:00", &week, &column));
	assert_int_equal(week.shift[0].open_s, 0); /* Sunday's night */
	assert_int_equal(week.shift[0].close_s, 6 * H);
	assert_int_equal(week.week_s, 32 * H);
}

static void
nonsense_is_refused_with_its_column(void **unused)
{
	static const struct {
		const char *text;
		size_t column;
	} bad[] = { { "", 1 }, { "always", 1 }, { "mon", 4 }, { "mon-fri", 8 },
		{ "mon-xyz 9-17", 5 }, { "mon 25-26", 5 }, { "mon 9:61-17", 5 },
		{ "mon 9-9", 5 }, { "mon 09:00", 5 },
		{ "mon 9-17, mon 12-13", 15 }, { "mon 9-17 forever", 10 },
		{ "mond\xc3\xa9 9-17", 5 }, { "mon 9-24:30", 5 },
		{ "mon 24:00-0:00", 5 } };
	struct tctl_calendar week;
	size_t column;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(bad); i++) {
		column = 0;
		assert_false(tctl_calendar_read(bad[i].text, &week, &column));
		assert_int_equal(column, bad[i].column);
	}
}

/* Pieces of calendars in any order, and anything else. */
static void
any_text_is_read_or_refused(void **unused)
{
	static const char *const piece[] = { "mon", "fri", "sunday", "-", ",",
		" ", "9", "17", ":30", "24:00", "0", ";", "x", "\xff", "7-6 " };
	uint64_t seed = 1;

	(void)unused;
	for (int i = 0; i < 20000; i++) {
		char text[128] = "";
		struct tctl_calendar week;
		size_t column = 0;

		for (int n = 0; n < 12; n++) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			strcat(text, piece[(seed >> 33) % TCTL_COUNT(piece)]);
		}
		if (!tctl_calendar_read(text, &week, &column)) {
			assert_in_range(column, 1, strlen(text) + 1);
			continue;
		}
		assert_true(week.shifts > 0 && week.week_s > 0);
		for (size_t n = 1; n < week.shifts; n++)
			assert_true(
			    week.shift[n].open_s >= week.shift[n - 1].close_s);
		assert_true(tctl_calendar_end_s(&week, 12345, 99999) >= 99999);
	}
}

static void
work_rests_at_night_and_over_the_weekend(void **unused)
{
	struct tctl_calendar week;
	size_t column;

	(void)unused;
	assert_true(tctl_calendar_read("mon-fri 9-17", &week, &column));
	/* Monday at nine: a day's work ends at five, the next begins at nine */
	assert_int_equal(tctl_calendar_end_s(&week, 9 * H, 8 * H), 8 * H);
	assert_int_equal(tctl_calendar_start_s(&week, 9 * H, 8 * H), 24 * H);
	assert_int_equal(tctl_calendar_end_s(&week, 9 * H, 9 * H), 25 * H);
	/* Saturday: nothing begins before Monday at nine */
	assert_int_equal(tctl_calendar_start_s(&week, 5 * D, 0), 2 * D + 9 * H);
	assert_int_equal(tctl_calendar_end_s(&week, 5 * D, 0), 0);
	assert_int_equal(tctl_calendar_end_s(&week, 5 * D, H), 2 * D + 10 * H);
	/* Friday at four: two hours end on Monday at ten */
	assert_int_equal(
	    tctl_calendar_end_s(&week, 4 * D + 16 * H, 2 * H), 2 * D + 18 * H);
	/* whole weeks end where they began, but for the weekend */
	assert_int_equal(tctl_calendar_end_s(&week, 9 * H, 400 * H),
	    9 * 7 * D + 4 * D + 8 * H);
}

/* The same by walking second by second is the truth. */
static void
the_clock_agrees_with_one_that_walks(void **unused)
{
	struct tctl_calendar week;
	size_t column;
	const int64_t from_s = 3 * D + 15 * H;
	int64_t worked_s = 0;

	(void)unused;
	assert_true(tctl_calendar_read(
	    "mon-thu 22-6, sat 0-24, sun 0-1", &week, &column));
	for (int64_t t = 0; t < 3 * TCTL_WEEK_S; t += 900) {
		int64_t at_s = (from_s + t) % TCTL_WEEK_S;

		for (size_t i = 0; i < week.shifts; i++) {
			if (at_s < week.shift[i].open_s ||
			    at_s >= week.shift[i].close_s)
				continue;
			assert_int_equal(
			    tctl_calendar_start_s(&week, from_s, worked_s), t);
			worked_s += 900;
			assert_int_equal(
			    tctl_calendar_end_s(&week, from_s, worked_s),
			    t + 900);
		}
	}
}

/* --- forecast --------------------------------------------------------------
 */

/* A task of an hour by its estimate. */
static struct tctl_past
done(int64_t from_h, double hours, uint64_t group)
{
	return (struct tctl_past){ .started_ms = from_h * H * 1000,
		.finished_ms = (int64_t)(((double)from_h + hours) * H) * 1000,
		.estimate_s = H,
		.group = group };
}

static void
two_finished_tasks_tell_nothing(void **unused)
{
	struct tctl_past past[] = { done(0, 1, 1), done(1, 1, 1) };
	const struct tctl_rest rest = { .work_s = H };
	struct tctl_forecast forecast;

	(void)unused;
	assert_false(tctl_schedule_forecast(past, 2, &rest, 1, &forecast));
}

/* Everything took twice its estimate, one after another: so it goes on. */
static void
a_steady_pace_goes_on(void **unused)
{
	struct tctl_past past[] = { done(2, 2, 1), done(0, 2, 1),
		done(4, 2, 1) };
	const struct tctl_rest rest = { .now_ms = 6 * H * 1000,
		.work_s = 4 * H,
		.path_s = H,
		.tasks_on_path = 1 };
	struct tctl_forecast forecast;

	(void)unused;
	assert_true(tctl_schedule_forecast(past, 3, &rest, 1, &forecast));
	assert_int_equal(forecast.tasks, 3);
	assert_int_equal(forecast.p50_ms, (6 + 8) * H * 1000);
	assert_int_equal(forecast.p90_ms, forecast.p50_ms);
}

/* The longest path is not shared out. */
static void
more_agents_do_not_shorten_the_path(void **unused)
{
	struct tctl_past past[] = { done(0, 1, 1), done(0, 1, 2),
		done(0, 1, 3) };
	struct tctl_rest rest = {
		.work_s = 6 * H, .path_s = H, .tasks_on_path = 1
	};
	struct tctl_forecast forecast;

	(void)unused;
	assert_true(tctl_schedule_forecast(past, 3, &rest, 1, &forecast));
	assert_int_equal(forecast.p50_ms, 2 * H * 1000); /* three at once */
	rest.agents = 6;
	assert_true(tctl_schedule_forecast(past, 3, &rest, 1, &forecast));
	assert_int_equal(forecast.p50_ms, H * 1000);
	rest.path_s = 5 * H;
	assert_true(tctl_schedule_forecast(past, 3, &rest, 1, &forecast));
	assert_int_equal(forecast.p50_ms, 5 * H * 1000);
}

/* Eight hours a day were worked: the next eight take a day, not a night. */
static void
nights_count_and_long_pauses_are_cut(void **unused)
{
	struct tctl_past past[] = { done(0, 8, 1), done(24, 8, 1),
		done(48, 8, 1) };
	const struct tctl_rest rest = { .work_s = 1 * H };
	struct tctl_forecast forecast;

	(void)unused;
	assert_true(tctl_schedule_forecast(past, 3, &rest, 1, &forecast));
	assert_true(forecast.at_work > 0.42 && forecast.at_work < 0.43);
	past[2].started_ms += INT64_C(1000) * D * 1000;
	past[2].finished_ms += INT64_C(1000) * D * 1000;
	assert_true(tctl_schedule_forecast(past, 3, &rest, 1, &forecast));
	assert_true(forecast.at_work > 0.2); /* 24 of 24 + 16 + 64 */
}

/* An agent who is slow makes the range wide; a seed makes it always the same.
 */
static void
what_varied_is_a_range(void **unused)
{
	struct tctl_past past[20];
	const struct tctl_rest rest = {
		.work_s = 40 * H, .path_s = H, .tasks_on_path = 1
	};
	struct tctl_forecast forecast, again;

	(void)unused;
	for (int i = 0; i < 20; i++)
		past[i] = done(4 * i, i % 2 ? 1 : 3, (uint64_t)(i % 2));
	assert_true(tctl_schedule_forecast(past, 20, &rest, 1, &forecast));
	assert_true(forecast.p90_ms > forecast.p50_ms * 5 / 4);
	assert_true(forecast.pace > 1.99 && forecast.pace < 2.01);
	assert_true(tctl_schedule_forecast(past, 20, &rest, 1, &again));
	assert_int_equal(forecast.p90_ms, again.p90_ms);
	for (int i = 0; i < 20; i++)
		past[i].group = 0;
	assert_true(tctl_schedule_forecast(past, 20, &rest, 1, &again));
	assert_true(again.p90_ms < forecast.p90_ms);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(office_hours_are_read),
		cmocka_unit_test(nonsense_is_refused_with_its_column),
		cmocka_unit_test(any_text_is_read_or_refused),
		cmocka_unit_test(work_rests_at_night_and_over_the_weekend),
		cmocka_unit_test(the_clock_agrees_with_one_that_walks),
		cmocka_unit_test(two_finished_tasks_tell_nothing),
		cmocka_unit_test(a_steady_pace_goes_on),
		cmocka_unit_test(more_agents_do_not_shorten_the_path),
		cmocka_unit_test(nights_count_and_long_pauses_are_cut),
		cmocka_unit_test(what_varied_is_a_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
