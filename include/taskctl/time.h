/* floor: base - durations and instants, read and written.  No clock here. */
#ifndef TASKCTL_TIME_H
#define TASKCTL_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TCTL_MINUTE_S = 60,
	TCTL_HOUR_S = 3600,
	TCTL_DAY_S = 86400,
};

/* What a duration meant, beside its length. */
struct tctl_duration {
	int64_t seconds;  /* > 0, or 0 for "0m" */
	bool is_range;	  /* "2-4h": seconds is the low end */
	bool is_estimate; /* "~2h", "env. 2h": about that long */
	size_t length;	  /* bytes of the text that were the duration */
};

/**
 * Read a duration as people write it.
 *
 * 30s 45m 30min 2h 2h30 1h30m 1.5h 1,5 h 2 hours "45 min" "2 days" "2 jours"
 * 1d 1w, with or without blanks, in English, French, Spanish, German, Italian
 * or Portuguese units, any case.  A day is hours_per_day hours (8 in plans, 24
 * for leases), a week five such days where a day is a working day, else seven.
 *
 * @param text    borrowed; reads a duration at its start, after blanks
 * @param hours_per_day 1..24
 * @param out     set when true
 * @return        false: no duration stands there, or it is over 100 years
 *
 * The caller decides what may follow (out->length tells where it ended).
 */
bool tctl_duration_read(
    const char *text, int hours_per_day, struct tctl_duration *out);

enum { TCTL_DURATION_TEXT = 32, TCTL_INSTANT_TEXT = 40 };

/* Write "45s", "30m", "2h30", "13h15", "488h"; never days, which are 24 hours
 * to some and 8 to others.  Returns buf. */
char *tctl_duration_write(int64_t seconds, char buf[TCTL_DURATION_TEXT]);

/* RFC 3339 UTC with milliseconds, "2026-11-21T10:00:00.000Z"; returns buf. */
char *tctl_instant_write(int64_t wall_ms, char buf[TCTL_INSTANT_TEXT]);

/* For people: "2026-11-21 11:00:00 +0100", or with utc "… UTC"; returns buf. */
char *tctl_instant_show(int64_t wall_ms, bool utc, char buf[TCTL_INSTANT_TEXT]);

/**
 * Read an instant: 2026-11-21, 2026-11-21 10:00, 2026-11-21T10:00:00.000Z,
 * … +01:00.  A date alone is its first moment; without a zone it is local time,
 * or with utc UTC.
 *
 * @param out milliseconds since 1970; set when true
 * @return    false: it is none, or something follows it
 */
bool tctl_instant_read(const char *text, bool utc, int64_t *out);

/* a / b, towards minus infinity: times before 1970 must not run backwards. */
static inline int64_t
tctl_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970-01-01 of a date (month and day from 1) in the proleptic
 * Gregorian calendar; a day beyond its month's is one of the next.
 * Source: H. Hinnant, chrono-compatible low-level date algorithms. */
int64_t tctl_date_days(int64_t year, int64_t month, int64_t day);

#endif
