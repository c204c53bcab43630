/* time.c - instants: milliseconds since 1970 in, text out. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "taskctl/memory.h"
#include "taskctl/time.h"

enum { SECOND_MS = 1000 };

/* A day of the proleptic Gregorian calendar. */
struct date {
	long long year;
	unsigned char month;
	unsigned char day;
};

/*
 * The date of a day counted from 1970-01-01.  gmtime_r would do, but the first
 * call of it reads the zone file, and every claim writes an instant.
 *
 * Years are taken to begin in March, so that the leap day comes last: then all
 * cycles (400, 100, 4 years, 1 year) divide out, the last one of its kind being
 * a day longer.
 */
static struct date
date_of(int64_t day)
{
	enum {
		SINCE_MARCH_2000 = -11017,
		IN_400 = 146097,
		IN_100 = 36524,
		IN_4 = 1461,
		IN_1 = 365
	};
	static const int month_days[] = { 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31, 31, 29 };
	int64_t cycle = tctl_floor_div(day + SINCE_MARCH_2000, IN_400);
	int rest = (int)(day + SINCE_MARCH_2000 - cycle * IN_400);
	int centuries = rest / IN_100 < 3 ? rest / IN_100 : 3;
	int fours, years, month = 0;

	rest -= centuries * IN_100;
	fours = rest / IN_4;
	rest -= fours * IN_4;
	years = rest / IN_1 < 3 ? rest / IN_1 : 3;
	rest -= years * IN_1;
	while (rest >= month_days[month])
		rest -= month_days[month++];

	return (struct date){
		.year = 2000 + 400 * cycle + 100 * centuries + 4 * fours +
			years + (month >= 10),
		.month = (unsigned char)((month + 2) % 12 + 1),
		.day = (unsigned char)(rest + 1),
	};
}

int64_t
tctl_date_days(int64_t year, int64_t month, int64_t day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2;
	era = tctl_floor_div(year, 400);
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - 719468;
}

/* Two digits, and what stands behind them. */
static char *
two(char *at, unsigned number, char behind)
{
	*at++ = (char)('0' + number / 10 % 10);
	*at++ = (char)('0' + number % 10);
	*at++ = behind;
	return at;
}

/* Without printf from the month on: a report has thousands of times. */
char *
tctl_instant_write(int64_t wall_ms, char buf[TCTL_INSTANT_TEXT])
{
	int64_t wall_s = tctl_floor_div(wall_ms, SECOND_MS);
	int64_t day = tctl_floor_div(wall_s, TCTL_DAY_S);
	unsigned ms = (unsigned)(wall_ms - wall_s * SECOND_MS);
	unsigned s = (unsigned)(wall_s - day * TCTL_DAY_S);
	struct date date = date_of(day);
	char *at = buf;

	if (date.year >= 0 && date.year <= 9999) {
		at = two(at, (unsigned)date.year / 100, '\0') - 1;
		at = two(at, (unsigned)date.year, '-');
	} else {
		at += snprintf(at, TCTL_INSTANT_TEXT, "%04lld-", date.year);
	}
	at = two(at, date.month, '-');
	at = two(at, date.day, 'T');
	at = two(at, s / TCTL_HOUR_S, ':');
	at = two(at, s / TCTL_MINUTE_S % 60, ':');
	at = two(at, s % 60, '.');
	*at++ = (char)('0' + ms / 100);
	at = two(at, ms, 'Z');
	*at = '\0';
	return buf;
}

char *
tctl_instant_show(int64_t wall_ms, bool utc, char buf[TCTL_INSTANT_TEXT])
{
	time_t wall_s = tctl_floor_div(wall_ms, SECOND_MS);
	struct tm tm;

	if (!utc && localtime_r(&wall_s, &tm) != NULL &&
	    strftime(buf, TCTL_INSTANT_TEXT, "%F %T %z", &tm) > 0)
		return buf;

	/* The machine's form, made readable: a blank for T, UTC for .000Z. */
	tctl_instant_write(wall_ms, buf);
	*strchr(buf, 'T') = ' ';
	snprintf(strchr(buf, '.'), sizeof(" UTC"), " UTC");
	return buf;
}

/* --- read -------------------------------------------------------------------
 */

/* count digits and what must stand before them (0: nothing). */
static bool
digits(const char **at, char before, int count, int most, int *out)
{
	const char *p = *at;

	if (before != '\0' && *p++ != before)
		return false;
	*out = 0;
	for (int i = 0; i < count; i++, p++) {
		if (*p < '0' || *p > '9')
			return false;
		*out = *out * 10 + (*p - '0');
	}
	*at = p;
	return *out <= most;
}

/* ":30.250" after the minutes, or nothing. */
static bool
read_seconds(const char **at, int *s, int *ms)
{
	int scale = 100;

	if (**at != ':')
		return true;
	if (!digits(at, ':', 2, 60, s))
		return false;
	if (**at != '.')
		return true;
	for (++*at; **at >= '0' && **at <= '9'; ++*at, scale /= 10)
		*ms += (**at - '0') * scale;
	return true;
}

/* "Z", "+01:00", "+0100"; false: none of these. */
static bool
read_zone(const char **at, int *offset_s)
{
	char sign = **at;
	int hours, minutes;

	if (sign == 'Z' || sign == 'z') {
		++*at;
		*offset_s = 0;
		return true;
	}
	if (sign != '+' && sign != '-')
		return false;
	if (!digits(at, sign, 2, 23, &hours) ||
	    !digits(at, **at == ':' ? ':' : '\0', 2, 59, &minutes))
		return false;
	*offset_s = (hours * TCTL_HOUR_S + minutes * TCTL_MINUTE_S) *
		    (sign == '-' ? -1 : 1);
	return true;
}

bool
tctl_instant_read(const char *text, bool utc, int64_t *out)
{
	int year, month, day, hour = 0, minute = 0, s = 0, ms = 0, offset_s = 0;
	struct tm tm = { .tm_isdst = -1 };
	int64_t wall_s;
	bool has_zone;

	if (!digits(&text, '\0', 4, 9999, &year) ||
	    !digits(&text, '-', 2, 12, &month) ||
	    !digits(&text, '-', 2, 31, &day) || month == 0 || day == 0)
		return false;
	if ((*text == 'T' || *text == 't' || *text == ' ') &&
	    (!digits(&text, *text, 2, 24, &hour) ||
		!digits(&text, ':', 2, 59, &minute) ||
		!read_seconds(&text, &s, &ms)))
		return false;
	text += *text == ' ';
	has_zone = read_zone(&text, &offset_s);
	if (*text != '\0')
		return false;
	wall_s = tctl_date_days(year, month, day) * TCTL_DAY_S +
		 hour * TCTL_HOUR_S + minute * TCTL_MINUTE_S + s;
	if (!has_zone && !utc) {
		tm.tm_year = year - 1900;
		tm.tm_mon = month - 1;
		tm.tm_mday = day;
		tm.tm_hour = hour;
		tm.tm_min = minute;
		tm.tm_sec = s;
		wall_s = mktime(&tm);
	}
	*out = (wall_s - offset_s) * SECOND_MS + ms;
	return true;
}
