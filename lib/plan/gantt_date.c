/* gantt_date.c - dates in Mermaid's gantt block, by its dateFormat.
 *
 * Source: day.js.org/docs/en/parse/string-format, which Mermaid hands them to;
 * what does not fit the format it reads as ISO 8601. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gantt.h"

enum {
	YEAR_MIN = 1900,
	YEAR_MAX = 3000,
	WEEK_DAYS = 7,
	THURSDAY = 4,
	EXCLUDED_MAX = 400
};

struct parts {
	int64_t year, month, day, hour, minute, second;
	bool is_afternoon;
};

static bool
finish(const struct parts *p, int64_t *seconds)
{
	if (p->year <= YEAR_MIN || p->year >= YEAR_MAX || p->month < 1 ||
	    p->month > 12 || p->day < 1 || p->day > 31 || p->hour > 24 ||
	    p->minute > 59 || p->second > 60)
		return false;
	*seconds = tctl_date_days(p->year, p->month, p->day) * TCTL_DAY_S +
		   (p->hour + (p->is_afternoon ? 12 : 0)) * TCTL_HOUR_S +
		   p->minute * TCTL_MINUTE_S + p->second;
	return true;
}

/* "2026-01-23", "2026-01-23T08:30"; false: another format. */
static bool
read_iso(const char *text, int64_t *seconds)
{
	static const char after[] = "--T:";
	struct parts p = { .month = 1, .day = 1 };
	int64_t *const part[] = { &p.year, &p.month, &p.day, &p.hour,
		&p.minute };
	char *end;

	for (size_t i = 0; i < TCTL_COUNT(part); i++) {
		if (*text < '0' || *text > '9')
			return false;
		*part[i] = strtol(text, &end, 10);
		if (*end == '\0' && (i == 2 || i == 4))
			return finish(&p, seconds);
		if (i == 4 || (*end != after[i] && !(i == 2 && *end == ' ')))
			return false;
		text = end + 1;
	}
	return false;
}

static bool
read_month(const char **text, int64_t *month)
{
	static const char *const name[] = { "january", "february", "march",
		"april", "may", "june", "july", "august", "september",
		"october", "november", "december" };

	for (size_t i = 0; i < TCTL_COUNT(name); i++) {
		size_t n = strlen(name[i]);

		if (strncasecmp(*text, name[i], 3) != 0)
			continue;
		*text += strncasecmp(*text, name[i], n) == 0 ? n : 3;
		*month = (int64_t)i + 1;
		return true;
	}
	return false;
}

static bool
read_digits(const char **text, size_t most, int64_t *out)
{
	size_t n = 0;

	for (*out = 0; n < most && **text >= '0' && **text <= '9'; n++)
		*out = *out * 10 + (*(*text)++ - '0');
	return n != 0;
}

/* One run of the same letter in the format. */
static bool
read_part(char letter, size_t count, const char **text, struct parts *p)
{
	switch (letter) {
	case 'Y':
		if (!read_digits(text, count, &p->year))
			return false;
		p->year += count <= 2 ? 2000 : 0;
		return true;
	case 'M':
		return count > 2 ? read_month(text, &p->month)
				 : read_digits(text, 2, &p->month);
	case 'D':
		return read_digits(text, 2, &p->day);
	case 'H':
	case 'h':
		return read_digits(text, 2, &p->hour);
	case 'm':
		return read_digits(text, 2, &p->minute);
	case 's':
		return read_digits(text, 2, &p->second);
	case 'A':
	case 'a':
		p->is_afternoon = (**text | 0x20) == 'p' && p->hour < 12;
		*text += strcspn(*text, "mM");
		*text += **text != '\0';
		return true;
	default:
		return false;
	}
}

static bool
read_by_format(const char *text, const char *format, int64_t *seconds)
{
	struct parts p = { .month = 1, .day = 1 };

	while (*format != '\0') {
		char letter = *format;
		size_t count = 0;

		if (strchr("YMDHhmsAa", letter) == NULL) {
			if (*text++ != *format++)
				return false;
			continue;
		}
		for (; *format == letter; format++)
			count++;
		if (!read_part(letter, count, &text, &p))
			return false;
	}
	return *text == '\0' && finish(&p, seconds);
}

bool
tctl_gantt_date(const char *text, const char *format, int64_t *seconds)
{
	int64_t number;
	const char *at = text;

	if (format != NULL && (format[0] | 0x20) == 'x' && format[1] == '\0' &&
	    read_digits(&at, 14, &number) && *at == '\0') {
		*seconds = *format == 'x' ? number / 1000 : number;
		return true;
	}
	return (format != NULL && read_by_format(text, format, seconds)) ||
	       read_iso(text, seconds);
}

/* --- days that do not count --------------------------------------------- */

static int
weekday_named(const char *word, size_t length)
{
	static const char *const name[] = { "sunday", "monday", "tuesday",
		"wednesday", "thursday", "friday", "saturday" };

	for (int i = 0; i < WEEK_DAYS; i++)
		if (strlen(name[i]) == length &&
		    !strncasecmp(name[i], word, length))
			return i;
	return -1;
}

void
tctl_gantt_exclude(
    struct tctl_arena *arena, struct tctl_gantt *gantt, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ", \t");
		int day = weekday_named(list, n);

		if (n == strlen("weekends") &&
		    !strncasecmp(list, "weekends", n))
			gantt->excludes_weekends = true;
		else if (day >= 0)
			gantt->excluded_weekdays |= 1u << day;
		else if (n != 0 && gantt->excluded.count < EXCLUDED_MAX)
			tctl_strings_add(arena, &gantt->excluded,
			    tctl_arena_strndup(arena, list, n));
		list += n + (list[n] != '\0');
	}
}

/* Whole weeks are multiplied: a bar may be 1,000 years long. */
int64_t
tctl_gantt_excluded_s(const struct tctl_gantt *gantt, int64_t from, int64_t to)
{
	int64_t first = from / TCTL_DAY_S, last = to / TCTL_DAY_S, days = 0;
	unsigned weekdays = gantt->excluded_weekdays;
	int64_t date;

	if (gantt->excludes_weekends)
		weekdays |= gantt->weekend_is_friday ? 1u << 5 | 1u << 6
						     : 1u << 6 | 1u << 0;
	for (int i = 0; i < WEEK_DAYS && weekdays != 0; i++)
		if (last > first && (weekdays >> i & 1))
			days += (last - first) / WEEK_DAYS;
	for (int64_t day = last - (last - first) % WEEK_DAYS; day < last; day++)
		days += weekdays >> ((day + THURSDAY) % WEEK_DAYS) & 1;
	for (size_t i = 0; i < gantt->excluded.count; i++)
		if (tctl_gantt_date(
			gantt->excluded.at[i], gantt->date_format, &date) &&
		    date / TCTL_DAY_S >= first && date / TCTL_DAY_S < last &&
		    !(weekdays >> ((date / TCTL_DAY_S + THURSDAY) % WEEK_DAYS) &
			1))
			days++;
	return days * TCTL_DAY_S;
}
