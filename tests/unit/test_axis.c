/* test_axis.c - the time axis of a chart: how fine, where, and what it says. */
#include "../../lib/export/calendar.h"
#include "taskctl/memory.h"
#include "taskctl/time.h"
#include "test.h"

enum { DAY_MINUTES = 24 * 60 };

static int64_t
at(const char *text)
{
	int64_t ms;

	assert_true(tctl_instant_read(text, true, &ms));
	return ms;
}

static void
it_is_as_fine_as_it_has_room_for(void **unused)
{
	static const struct {
		int64_t days;
		struct tctl_axis_step want;
	} row[] = {
		{ 1, { 180, 0 } },
		{ 7, { DAY_MINUTES, 0 } },
		{ 60, { 7 * DAY_MINUTES, 0 } },
		{ 365, { 0, 3 } },
		{ 3650, { 0, 12 * 5 } },
		{ 365000, { 0, 600 } },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct tctl_axis_step have =
		    tctl_axis_choose(row[i].days * TCTL_DAY_S * 1000, 800, 80);

		assert_int_equal(have.minutes, row[i].want.minutes);
		assert_int_equal(have.months, row[i].want.months);
	}
}

static void
what_stands_at_a_tick_and_over_it(void **unused)
{
	static const struct {
		struct tctl_axis_step tick;
		const char *floor, *next, *label, *heading;
	} row[] = {
		{ { 60, 0 }, "2026-03-05 14:00", "2026-03-05 15:00", "14:00",
		    "Thu 5 Mar 2026" },
		{ { DAY_MINUTES, 0 }, "2026-03-05", "2026-03-06", "Thu 5",
		    "Thu 5 Mar 2026" },
		{ { 7 * DAY_MINUTES, 0 }, "2026-03-02", "2026-03-09", "Mon 2",
		    "Mon 2 Mar 2026" },
		{ { 0, 1 }, "2026-03-01", "2026-04-01", "Mar", "Mar 2026" },
		{ { 0, 3 }, "2026-01-01", "2026-04-01", "Jan", "Jan 2026" },
		{ { 0, 12 }, "2026-01-01", "2027-01-01", "2026", "2026" },
	};
	int64_t ms = at("2026-03-05 14:35");
	char text[TCTL_DATE_TEXT];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		int64_t floor = tctl_axis_floor(row[i].tick, ms);

		assert_int_equal(floor, at(row[i].floor));
		assert_int_equal(
		    tctl_axis_next(row[i].tick, floor), at(row[i].next));
		assert_string_equal(
		    tctl_axis_label(row[i].tick, floor, text), row[i].label);
		assert_string_equal(tctl_axis_heading(row[i].tick, floor, text),
		    row[i].heading);
	}
	assert_string_equal(tctl_minute_show(ms, text), "2026-03-05 14:35");
}

static void
days_stand_over_hours_months_over_days_years_over_months(void **unused)
{
	(void)unused;
	assert_int_equal(
	    tctl_axis_above((struct tctl_axis_step){ 60, 0 }).minutes,
	    DAY_MINUTES);
	assert_int_equal(
	    tctl_axis_above((struct tctl_axis_step){ DAY_MINUTES, 0 }).months,
	    1);
	assert_int_equal(
	    tctl_axis_above((struct tctl_axis_step){ 0, 1 }).months, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_as_fine_as_it_has_room_for),
		cmocka_unit_test(what_stands_at_a_tick_and_over_it),
		cmocka_unit_test(
		    days_stand_over_hours_months_over_days_years_over_months),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
