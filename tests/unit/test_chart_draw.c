/* test_chart_draw.c - pictures: contrast, ticks, and text that stays text. */
#include <math.h>

#include "test.h"

#include "../../lib/export/calendar.h"
#include "taskctl/canvas.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static const int64_t morning = INT64_C(1769158800000);

/* --- colours ----------------------------------------------------------------
 */

static double
linear(unsigned byte)
{
	double c = byte / 255.0;

	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double
luminance(unsigned rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) +
	       0.0722 * linear(rgb & 0xff);
}

/* Source: WCAG 2.1, contrast ratio. */
static double
contrast(enum tctl_paint a, enum tctl_paint b, bool dark)
{
	double x = luminance(tctl_paint_rgb(a, dark));
	double y = luminance(tctl_paint_rgb(b, dark));

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static void
text_and_bars_can_be_seen(void **unused)
{
	static const enum tctl_paint ground[] = { TCTL_PAINT_PAGE,
		TCTL_PAINT_STRIPE };
	static const enum tctl_paint word[] = { TCTL_PAINT_INK,
		TCTL_PAINT_FAINT, TCTL_PAINT_STUCK, TCTL_PAINT_FAILED };
	static const enum tctl_paint bar[] = { TCTL_PAINT_DONE,
		TCTL_PAINT_CLAIMED, TCTL_PAINT_READY, TCTL_PAINT_PENDING,
		TCTL_PAINT_STUCK, TCTL_PAINT_FAILED, TCTL_PAINT_CRITICAL,
		TCTL_PAINT_NOW };

	(void)unused;
	for (int dark = 0; dark <= 1; dark++) {
		for (size_t g = 0; g < TCTL_COUNT(ground); g++) {
			for (size_t i = 0; i < TCTL_COUNT(word); i++)
				assert_true(
				    contrast(word[i], ground[g], dark) >= 4.5);
			for (size_t i = 0; i < TCTL_COUNT(bar); i++)
				assert_true(
				    contrast(bar[i], ground[g], dark) >= 3);
		}
		assert_true(
		    contrast(TCTL_PAINT_INK, TCTL_PAINT_HEADER, dark) >= 4.5);
	}
}

/* --- the axis ---------------------------------------------------------------
 */

static void
ticks_stand_on_round_times(void **unused)
{
	static const struct {
		int minutes, months;
		const char *floor, *next;
	} row[] = {
		{ 15, 0, "2026-01-23 09:00", "2026-01-23 09:15" },
		{ 720, 0, "2026-01-23 00:00", "2026-01-23 12:00" },
		{ 1440, 0, "2026-01-23 00:00", "2026-01-24 00:00" },
		{ 10080, 0, "2026-01-19 00:00", "2026-01-26 00:00" },
		{ 0, 1, "2026-01-01 00:00", "2026-02-01 00:00" },
		{ 0, 3, "2026-01-01 00:00", "2026-04-01 00:00" },
		{ 0, 12, "2026-01-01 00:00", "2027-01-01 00:00" },
	};
	char text[TCTL_DATE_TEXT];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct tctl_axis_step step = { row[i].minutes, row[i].months };
		int64_t ms = tctl_axis_floor(step, morning + 7 * MINUTE);

		assert_string_equal(tctl_minute_show(ms, text), row[i].floor);
		ms = tctl_axis_next(step, ms);
		assert_string_equal(tctl_minute_show(ms, text), row[i].next);
	}
	assert_int_equal(tctl_date_of(morning).weekday, 4); /* Friday */
}

static void
ticks_are_as_fine_as_there_is_room(void **unused)
{
	(void)unused;
	assert_int_equal(tctl_axis_choose(HOUR, 1000, 60).minutes, 5);
	assert_int_equal(tctl_axis_choose(12 * HOUR, 1000, 60).minutes, 60);
	assert_int_equal(
	    tctl_axis_choose(INT64_C(365) * 24 * HOUR, 1000, 60).months, 1);
	/* However long: the coarsest. */
	assert_int_equal(tctl_axis_choose(INT64_MAX, 1000, 60).months, 600);
}

/* --- text -------------------------------------------------------------------
 */

static struct tctl_bar bar;

static struct tctl_chart
chart_of(const char *title)
{
	bar = (struct tctl_bar){ .id = "1.1",
		.title = title,
		.section = title,
		.agent = title,
		.mutex = title,
		.why = title,
		.start_ms = morning,
		.end_ms = morning + HOUR,
		.planned_start_ms = morning,
		.planned_end_ms = morning + HOUR,
		.state = TCTL_STATE_READY,
		.estimate_s = 3600,
		.percent = -1 };
	return (struct tctl_chart){ .title = title,
		.bar = &bar,
		.bar_count = 1,
		.now_ms = morning,
		.task_count = 1,
		.percent = 0 };
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

static void
no_title_becomes_markup(void **unused)
{
	static const char evil[] =
	    "</title></text></script><script>x</script>\" onload='y' &\x01\xff";
	struct tctl_chart chart = chart_of(evil);
	char *svg = NULL, *html = NULL;

	(void)unused;
	TEXT_OF(svg, to, tctl_export_svg(to, &chart, TCTL_THEME_AUTO));
	assert_int_equal(count(svg, "<script"), 0);
	assert_null(strstr(svg, "' "));
	assert_null(strchr(svg, '\x01'));
	assert_non_null(strstr(svg, "&#60;script&#62;x"));
	assert_int_equal(count(svg, "<text"), count(svg, "</text>"));
	assert_non_null(strstr(svg, "prefers-color-scheme:dark"));
	TEXT_OF(html, to, tctl_export_html(to, &chart, TCTL_THEME_DARK));
	assert_int_equal(count(html, "<script"), 2);
	assert_int_equal(count(html, "</script"), 2);
	assert_non_null(strstr(html, "\\u003c\\/script>"));
	assert_non_null(strstr(html, "data-theme=\"dark\""));
	assert_int_equal(count(html, "http:") + count(html, "https:"), 1);
	free(svg);
	free(html);
}

static void
the_same_chart_gives_the_same_bytes(void **unused)
{
	struct tctl_chart chart = chart_of("Title");
	char *first = NULL, *second = NULL;

	(void)unused;
	TEXT_OF(first, to, tctl_export_svg(to, &chart, TCTL_THEME_LIGHT));
	TEXT_OF(second, to, tctl_export_svg(to, &chart, TCTL_THEME_LIGHT));
	assert_string_equal(first, second);
	assert_null(strstr(first, "prefers-color-scheme"));
	free(first);
	free(second);
}

static void
a_tip_tells_everything(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_chart chart = chart_of("Title");

	(void)unused;
	chart.bar[0].attempts = 2;
	chart.bar[0].slack_s = 1800;
	chart.bar[0].after = "1";
	assert_string_equal(tctl_bar_tip(&chart.bar[0], arena),
	    "1.1 Title\nready\n2026-01-23 09:00 – 2026-01-23 10:00 UTC (1h)\n"
	    "planned: 2026-01-23 09:00 – 2026-01-23 10:00 UTC (1h)\n"
	    "slack: 30m\nagent: Title\nmutex: Title\nwaits for: 1\n"
	    "lapsed: 2×\nstuck: Title");
	assert_string_equal(tctl_chart_summary(&chart, arena),
	    "2026-01-23 09:00 UTC · 1 task · 0 % done (0 of 1) · 1 stuck · "
	    "ends 2026-01-23 10:00");
	tctl_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_bars_can_be_seen),
		cmocka_unit_test(ticks_stand_on_round_times),
		cmocka_unit_test(ticks_are_as_fine_as_there_is_room),
		cmocka_unit_test(no_title_becomes_markup),
		cmocka_unit_test(the_same_chart_gives_the_same_bytes),
		cmocka_unit_test(a_tip_tells_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
