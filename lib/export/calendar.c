/* calendar.c - days, months and ticks. */
#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "taskctl/memory.h"
#include "taskctl/time.h"

enum {
	MINUTE_MS = 60 * 1000,
	HOUR_MINUTES = 60,
	DAY_MINUTES = 24 * 60,
	DAY_MS = DAY_MINUTES * MINUTE_MS,
	WEEK_MINUTES = 7 * DAY_MINUTES,
	FIRST_MONDAY = 4, /* 5 January 1970, in days since 1970 */
	YEAR_MONTHS = 12,
};

static const char month_name[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char day_name[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
	"Sun" };

/* months: since the year 0. */
static int64_t
month_start(int64_t months)
{
	return tctl_date_days(
		   months / YEAR_MONTHS, months % YEAR_MONTHS + 1, 1) *
	       DAY_MS;
}

struct tctl_date
tctl_date_of(int64_t ms)
{
	char text[TCTL_INSTANT_TEXT];
	struct tctl_date date = { .year = 1970, .month = 1, .day = 1 };
	int64_t days = tctl_floor_div(ms, DAY_MS);

	sscanf(tctl_instant_write(ms, text), "%d-%d-%dT%d:%d", &date.year,
	    &date.month, &date.day, &date.hour, &date.minute);
	date.weekday = (int)(days - FIRST_MONDAY -
			     7 * tctl_floor_div(days - FIRST_MONDAY, 7));
	return date;
}

struct tctl_axis_step
tctl_axis_choose(int64_t span_ms, double width_px, double least_px)
{
	static const struct tctl_axis_step step[] = { { 5, 0 }, { 15, 0 },
		{ 30, 0 }, { 60, 0 }, { 120, 0 }, { 180, 0 }, { 360, 0 },
		{ 720, 0 }, { DAY_MINUTES, 0 }, { 2 * DAY_MINUTES, 0 },
		{ WEEK_MINUTES, 0 }, { 2 * WEEK_MINUTES, 0 }, { 0, 1 },
		{ 0, 3 }, { 0, 12 }, { 0, 60 }, { 0, 120 }, { 0, 600 } };
	size_t i = 0;

	for (; i + 1 < TCTL_COUNT(step); i++) {
		double minutes = step[i].minutes > 0
				     ? step[i].minutes
				     : step[i].months * 30.0 * DAY_MINUTES;

		if (minutes * MINUTE_MS / (double)span_ms * width_px >=
		    least_px)
			break;
	}
	return step[i];
}

struct tctl_axis_step
tctl_axis_above(struct tctl_axis_step tick)
{
	if (tick.minutes > 0 && tick.minutes < DAY_MINUTES)
		return (struct tctl_axis_step){ DAY_MINUTES, 0 };
	if (tick.minutes > 0)
		return (struct tctl_axis_step){ 0, 1 };
	return (struct tctl_axis_step){ 0, YEAR_MONTHS };
}

int64_t
tctl_axis_floor(struct tctl_axis_step tick, int64_t ms)
{
	if (tick.minutes > 0) {
		/* Whole weeks begin on Mondays. */
		int64_t origin = tick.minutes % WEEK_MINUTES == 0
				     ? (int64_t)FIRST_MONDAY * DAY_MS
				     : 0;
		int64_t step_ms = (int64_t)tick.minutes * MINUTE_MS;

		return origin + tctl_floor_div(ms - origin, step_ms) * step_ms;
	}
	struct tctl_date date = tctl_date_of(ms);
	int64_t months = (int64_t)date.year * YEAR_MONTHS + date.month - 1;

	months = tctl_floor_div(months, tick.months) * tick.months;
	return month_start(months);
}

int64_t
tctl_axis_next(struct tctl_axis_step tick, int64_t ms)
{
	struct tctl_date date;
	int64_t months;

	if (tick.minutes > 0)
		return ms + (int64_t)tick.minutes * MINUTE_MS;
	date = tctl_date_of(ms);
	months =
	    (int64_t)date.year * YEAR_MONTHS + date.month - 1 + tick.months;
	return month_start(months);
}

char *
tctl_axis_label(
    struct tctl_axis_step tick, int64_t ms, char buf[TCTL_DATE_TEXT])
{
	struct tctl_date date = tctl_date_of(ms);

	if (tick.minutes > 0 && tick.minutes < DAY_MINUTES)
		snprintf(
		    buf, TCTL_DATE_TEXT, "%02d:%02d", date.hour, date.minute);
	else if (tick.minutes >= DAY_MINUTES)
		snprintf(buf, TCTL_DATE_TEXT, "%s %d", day_name[date.weekday],
		    date.day);
	else if (tick.months < YEAR_MONTHS)
		snprintf(buf, TCTL_DATE_TEXT, "%s", month_name[date.month - 1]);
	else
		snprintf(buf, TCTL_DATE_TEXT, "%d", date.year);
	return buf;
}

char *
tctl_axis_heading(
    struct tctl_axis_step tick, int64_t ms, char buf[TCTL_DATE_TEXT])
{
	struct tctl_date date = tctl_date_of(ms);

	if (tick.minutes > 0)
		snprintf(buf, TCTL_DATE_TEXT, "%s %d %s %d",
		    day_name[date.weekday], date.day,
		    month_name[date.month - 1], date.year);
	else if (tick.months < YEAR_MONTHS)
		snprintf(buf, TCTL_DATE_TEXT, "%s %d",
		    month_name[date.month - 1], date.year);
	else
		snprintf(buf, TCTL_DATE_TEXT, "%d", date.year);
	return buf;
}

char *
tctl_minute_show(int64_t ms, char buf[TCTL_DATE_TEXT])
{
	struct tctl_date date = tctl_date_of(ms);

	snprintf(buf, TCTL_DATE_TEXT, "%04d-%02d-%02d %02d:%02d", date.year,
	    date.month, date.day, date.hour, date.minute);
	return buf;
}
