/* calendar.c - working hours: from working time to time. */
#include <string.h>

#include "taskctl/schedule.h"
#include "taskctl/time.h"

/* --- reading ---------------------------------------------------------------
 */

struct reader {
	const char *text;
	const char *at;
	struct tctl_calendar *out;
};

static void
skip(struct reader *r, const char *these)
{
	r->at += strspn(r->at, these);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A day of the week from 0, by at least three letters; -1: none stands here. */
static int
read_day(struct reader *r)
{
	static const char *const name[] = { "monday", "tuesday", "wednesday",
		"thursday", "friday", "saturday", "sunday" };
	enum { LEAST = 3 };

	for (int day = 0; day < 7; day++) {
		size_t n = 0;

		while (
		    name[day][n] != '\0' && (r->at[n] | 0x20) == name[day][n])
			n++;
		if (n >= LEAST && !is_letter(r->at[n])) {
			r->at += n;
			return day;
		}
	}
	return -1;
}

/* "mon-fri,sun" as bits. */
static bool
read_days(struct reader *r, unsigned *days)
{
	*days = 0;
	do {
		int first, last;

		skip(r, ", ");
		first = last = read_day(r);
		if (first < 0)
			return false;
		if (*r->at == '-') {
			r->at++;
			last = read_day(r);
			if (last < 0)
				return false;
		}
		for (;; first = (first + 1) % 7) {
			*days |= 1U << first;
			if (first == last)
				break;
		}
		skip(r, ", ");
	} while (is_letter(*r->at));
	return true;
}

static bool
read_number(struct reader *r, int most, int *out)
{
	const char *from = r->at;

	for (*out = 0; *r->at >= '0' && *r->at <= '9' && r->at - from < 2;
	     r->at++)
		*out = *out * 10 + (*r->at - '0');
	return r->at > from && *out <= most;
}

/* "9:00", "17:30", "9", "24:00" in seconds. */
static bool
read_clock(struct reader *r, int64_t *out)
{
	int hours, minutes = 0;

	if (!read_number(r, 24, &hours))
		return false;
	if (*r->at == ':') {
		r->at++;
		if (!read_number(r, 59, &minutes))
			return false;
	}
	*out = hours * TCTL_HOUR_S + minutes * TCTL_MINUTE_S;
	return *out <= TCTL_DAY_S;
}

/* Keeps shifts sorted; false: too many, or one overlaps another. */
static bool
add_shift(struct tctl_calendar *to, int64_t open_s, int64_t close_s)
{
	size_t at = to->shifts;

	if (open_s >= close_s)
		return open_s == close_s;
	if (at == TCTL_SHIFTS_MOST)
		return false;
	for (; at > 0 && to->shift[at - 1].open_s > open_s; at--)
		to->shift[at] = to->shift[at - 1];
	to->shift[at].open_s = open_s;
	to->shift[at].close_s = close_s;
	to->shifts++;
	to->week_s += close_s - open_s;
	return (at == 0 || to->shift[at - 1].close_s <= open_s) &&
	       (at + 1 == to->shifts || close_s <= to->shift[at + 1].open_s);
}

static bool
read_hours(struct reader *r, unsigned days)
{
	int64_t open_s, close_s;

	if (!read_clock(r, &open_s) || *r->at != '-')
		return false;
	r->at++;
	if (!read_clock(r, &close_s))
		return false;
	close_s += close_s < open_s ? TCTL_DAY_S : 0;
	if (open_s == close_s)
		return false;
	for (int day = 0; day < 7; day++) {
		int64_t from_s = day * TCTL_DAY_S + open_s;
		int64_t to_s = day * TCTL_DAY_S + close_s;

		if ((days & 1U << day) == 0)
			continue;
		/* Sunday's night shift ends on Monday. */
		if (to_s > TCTL_WEEK_S &&
		    !add_shift(r->out, 0, to_s - TCTL_WEEK_S))
			return false;
		if (!add_shift(r->out, from_s,
			to_s < TCTL_WEEK_S ? to_s : TCTL_WEEK_S))
			return false;
	}
	skip(r, ",; ");
	return true;
}

bool
tctl_calendar_read(const char *text, struct tctl_calendar *out, size_t *column)
{
	struct reader r = { text, text, out };

	memset(out, 0, sizeof(*out));
	for (;;) {
		unsigned days;
		bool is_good = read_days(&r, &days);

		do {
			const char *from = r.at;

			if (is_good && read_hours(&r, days))
				continue;
			*column = (size_t)((is_good ? from : r.at) - text) + 1;
			return false;
		} while (*r.at >= '0' && *r.at <= '9');
		if (*r.at == '\0')
			return true;
	}
}

/* --- telling the time ------------------------------------------------------
 */

/* The time at which work_s seconds have been worked, from second at_s of the
 * week, less than a week's work; at the end of a shift it is that end, or with
 * next the beginning of the next one. */
static int64_t
within_a_week(const struct tctl_calendar *calendar, int64_t at_s,
    int64_t work_s, bool next)
{
	int64_t passed_s = 0;

	for (size_t i = 0;; i++) {
		size_t n = i % calendar->shifts;
		int64_t base_s = (int64_t)(i / calendar->shifts) * TCTL_WEEK_S;
		int64_t open_s = calendar->shift[n].open_s + base_s;
		int64_t close_s = calendar->shift[n].close_s + base_s;

		if (open_s < at_s)
			open_s = at_s;
		if (close_s <= open_s)
			continue;
		if (work_s < close_s - open_s ||
		    (!next && work_s == close_s - open_s)) {
			passed_s = open_s + work_s - at_s;
			break;
		}
		work_s -= close_s - open_s;
	}
	return passed_s;
}

static int64_t
passed_s(const struct tctl_calendar *calendar, int64_t from_s, int64_t work_s,
    bool next)
{
	int64_t weeks = work_s / calendar->week_s;

	from_s %= TCTL_WEEK_S;
	/* The last week is walked, so that a shift's end is found. */
	if (weeks > 0)
		weeks--;
	return weeks * TCTL_WEEK_S + within_a_week(calendar, from_s,
					 work_s - weeks * calendar->week_s,
					 next);
}

int64_t
tctl_calendar_end_s(
    const struct tctl_calendar *calendar, int64_t from_s, int64_t work_s)
{
	return work_s == 0 ? 0 : passed_s(calendar, from_s, work_s, false);
}

int64_t
tctl_calendar_start_s(
    const struct tctl_calendar *calendar, int64_t from_s, int64_t work_s)
{
	return passed_s(calendar, from_s, work_s, true);
}
