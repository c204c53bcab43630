/* duration.c - lengths of time as people write them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "taskctl/time.h"

enum {
	WORD_MAX = 20, /* bytes of the longest word below, and a NUL */
	NANO = 1000000000,
	WORK_DAYS = 5, /* in a week of working days */
	WEEK_DAYS = 7,
};

/* 100 years, seconds: what is longer is not a duration of anybody's work. */
static const int64_t longest_s = INT64_C(36525) * TCTL_DAY_S;

enum unit { SECOND, MINUTE, HOUR, DAY, WEEK, NO_UNIT };

/* Every word for a unit, without case and accents, shortest unit first. */
/* clang-format off */
static const char *const unit_words[] = {
	[SECOND] = "s sec secs second seconds seconde secondes seg segundo "
		   "segundos sek sekunde sekunden secondo secondi",
	[MINUTE] = "m mn min mins minute minutes minuto minutos minuten minuti",
	[HOUR]   = "h hr hrs hour hours heure heures hora horas std stunde "
		   "stunden ora ore",
	[DAY]    = "d day days j jr jrs jour jours dia dias t tag tage tagen "
		   "g gg giorno giorni",
	[WEEK]   = "w wk wks week weeks sem semaine semaines semana semanas "
		   "woche wochen settimana settimane",
};
/* clang-format on */

static const char about_words[] =
    "about approx approximately around roughly env environ ca circa etwa "
    "ungefahr rund unos unas aprox aproximadamente cerca";
static const char of_words[] = "de di";
static const char range_words[] = "to a bis or ou oder ate";
static const char and_words[] = "and et und y e";

/* A number with its fraction: 1.5 is whole 1, nano 500000000. */
struct number {
	int64_t whole;
	int64_t nano;
};

/* "2h 30min" read so far: its length, and what its first number counted. */
struct amount {
	int64_t seconds;
	enum unit first;
};

static bool
is_listed(const char *list, const char *word)
{
	while (*list != '\0') {
		const char *at = word;

		for (; *list == *at && *at != '\0'; list++)
			at++;
		if (*at == '\0' && (*list == ' ' || *list == '\0'))
			return true;
		while (*list != ' ' && *list != '\0')
			list++;
		list += *list == ' ';
	}
	return false;
}

/* Bytes of blanks, French typography's unbreakable ones among them. */
static size_t
blanks(const char *text)
{
	static const char nbsp[] = "\u00a0", narrow[] = "\u202f";
	const char *p = text;

	for (;;)
		if (*p == ' ' || *p == '\t')
			p++;
		else if (strncmp(p, nbsp, strlen(nbsp)) == 0)
			p += strlen(nbsp);
		else if (strncmp(p, narrow, strlen(narrow)) == 0)
			p += strlen(narrow);
		else
			return (size_t)(p - text);
}

/* Bytes of the letter at text, 0 if none stands there; adds its plain form
 * (no case, no accent) to word, which stays too long once it is. */
static size_t
letter(const char *text, char word[WORD_MAX], size_t *length)
{
	const utf8proc_option_t plain =
	    UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
	utf8proc_int32_t c, form[8];
	utf8proc_ssize_t bytes, n;
	utf8proc_category_t kind;
	int boundary = 0;

	if ((unsigned char)*text <
	    0x80) { /* most of them: nothing to look up */
		char small = (char)(*text | 0x20);

		if (small < 'a' || small > 'z')
			return 0;
		if (*length < WORD_MAX - 1)
			word[(*length)++] = small;
		return 1;
	}
	bytes = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &c);
	if (bytes <= 0 || c == 0)
		return 0;
	kind = utf8proc_category(c);
	if (kind > UTF8PROC_CATEGORY_MN || kind < UTF8PROC_CATEGORY_LU)
		return 0;
	n = utf8proc_decompose_char(c, form, 8, plain, &boundary);
	for (utf8proc_ssize_t i = 0; i < n && i < 8; i++)
		if (*length < WORD_MAX - 1)
			word[(*length)++] =
			    form[i] < 0x80 ? (char)form[i] : '?';
	return (size_t)bytes;
}

/* Read a whole word, so that "2 minimal" is no duration; returns its bytes. */
static size_t
read_word(const char *text, char word[WORD_MAX])
{
	size_t at = 0, length = 0, bytes;

	while ((bytes = letter(text + at, word, &length)) > 0)
		at += bytes;
	word[length] = '\0';
	return at;
}

/* Bytes of one of the words in list at text, blanks before it included. */
static size_t
read_listed(const char *text, const char *list)
{
	char word[WORD_MAX];
	size_t before = blanks(text);
	size_t bytes = read_word(text + before, word);

	return bytes > 0 && is_listed(list, word) ? before + bytes : 0;
}

/* 12, 1.5 or 1,5; returns its bytes. */
static size_t
read_number(const char *text, struct number *out)
{
	const char *p = text;
	int64_t place = NANO;

	*out = (struct number){ 0 };
	for (; isdigit((unsigned char)*p); p++)
		if (out->whole <= longest_s)
			out->whole = 10 * out->whole + (*p - '0');
	if (p == text)
		return 0;
	if ((*p != '.' && *p != ',') || !isdigit((unsigned char)p[1]))
		return (size_t)(p - text);
	for (p++; isdigit((unsigned char)*p); p++) {
		place /= 10;
		out->nano += place * (*p - '0');
	}
	return (size_t)(p - text);
}

/* A unit's word and its abbreviation's full stop; returns its bytes. */
static size_t
read_unit(const char *text, enum unit *out)
{
	char word[WORD_MAX];
	size_t before = blanks(text);
	size_t bytes = read_word(text + before, word);

	for (*out = SECOND; bytes > 0 && *out < NO_UNIT; (*out)++)
		if (is_listed(unit_words[*out], word)) {
			bytes += before;
			if (text[bytes] == '.' &&
			    !isdigit((unsigned char)text[bytes + 1]))
				bytes++;
			return bytes;
		}
	return 0;
}

static int64_t
times(struct number number, enum unit unit, int hours_per_day)
{
	int64_t day = hours_per_day * (int64_t)TCTL_HOUR_S;
	int64_t week = day * (hours_per_day < 24 ? WORK_DAYS : WEEK_DAYS);
	const int64_t length[] = { 1, TCTL_MINUTE_S, TCTL_HOUR_S, day, week };

	return number.whole * length[unit] +
	       (number.nano * length[unit] + NANO / 2) / NANO;
}

/* The minutes of "2h30" or "2 h 30"; returns their bytes.  After a blank only
 * two digits that nothing else can claim: "2 h 30 files" is two hours. */
static size_t
read_bare_minutes(const char *text, struct number *out)
{
	size_t before = blanks(text);
	size_t bytes = read_number(text + before, out);
	const char *end = text + before + bytes;
	char word[WORD_MAX];

	if (bytes == 0 || bytes > 2 || out->whole >= 60 || out->nano > 0 ||
	    read_word(end, word) > 0)
		return 0;
	if (before == 0)
		return bytes;
	end += blanks(end);
	if (bytes != 2 || read_word(end, word) > 0)
		return 0;
	return *end == '\0' || !strchr("0123456789-/:%", *end) ? before + bytes
							       : 0;
}

/* "2h", "2h30", "1 day and 4 hours": each unit smaller than the one before.
 * Returns its bytes. */
static size_t
read_amount(const char *text, int hours_per_day, struct amount *out)
{
	size_t at = 0, joined = 0, digits, bytes;
	enum unit unit, smaller_than = NO_UNIT;
	struct number number;

	*out = (struct amount){ .first = NO_UNIT };
	for (;; joined = read_listed(text + at, and_words)) {
		size_t next = at + joined;
		if (at > 0)
			next += blanks(text + next);
		digits = read_number(text + next, &number);
		bytes = digits > 0 ? read_unit(text + next + digits, &unit) : 0;
		if (bytes == 0 || unit >= smaller_than)
			break;
		if (out->first == NO_UNIT)
			out->first = unit;
		out->seconds += times(number, unit, hours_per_day);
		smaller_than = unit;
		at = next + digits + bytes;
	}
	if (smaller_than == HOUR) {
		bytes = read_bare_minutes(text + at, &number);
		if (bytes > 0)
			out->seconds += times(number, MINUTE, hours_per_day);
		at += bytes;
	}
	return at;
}

/* What stands between the ends of a range; returns its bytes. */
static size_t
read_range_sign(const char *text)
{
	static const char *const sign[] = { "-", "–", "—", "−", "~", "/",
		".." };
	size_t before = blanks(text);

	for (size_t i = 0; i < sizeof(sign) / sizeof(sign[0]); i++)
		if (strncmp(text + before, sign[i], strlen(sign[i])) == 0) {
			before += strlen(sign[i]);
			return before + blanks(text + before);
		}
	before = read_listed(text, range_words);
	return before > 0 ? before + blanks(text + before) : 0;
}

/* "~", "env.", "cerca de"; returns the bytes, blanks after it included. */
static size_t
read_about(const char *text)
{
	static const char *const sign[] = { "~", "≈", "±" };
	size_t at = 0;

	for (size_t i = 0; i < sizeof(sign) / sizeof(sign[0]); i++)
		if (strncmp(text, sign[i], strlen(sign[i])) == 0)
			at = strlen(sign[i]);
	if (at == 0)
		at = read_listed(text, about_words);
	if (at == 0)
		return 0;
	if (text[at] == '.')
		at++;
	at += read_listed(text + at, of_words);
	return at + blanks(text + at);
}

bool
tctl_duration_read(
    const char *text, int hours_per_day, struct tctl_duration *out)
{
	size_t start = blanks(text);
	size_t about = read_about(text + start);
	const char *p = text + start + about;
	struct amount low, high;
	struct number number;
	size_t bytes = read_amount(p, hours_per_day, &low);
	bool has_unit = bytes > 0;
	size_t sign, more = 0;

	/* In "2-4h" the first number borrows the second one's unit. */
	if (!has_unit)
		bytes = read_number(p, &number);
	sign = bytes > 0 ? read_range_sign(p + bytes) : 0;
	if (sign > 0)
		more = read_amount(p + bytes + sign, hours_per_day, &high);
	if (!has_unit && more == 0)
		return false;
	if (!has_unit)
		low.seconds = times(number, high.first, hours_per_day);
	if (more > 0 && high.seconds < low.seconds)
		low.seconds = high.seconds;
	if (low.seconds > longest_s)
		return false;
	*out = (struct tctl_duration){
		.seconds = low.seconds,
		.is_range = more > 0,
		.is_estimate = about > 0,
		.length =
		    (size_t)(p - text) + bytes + (more > 0 ? sign + more : 0),
	};
	return true;
}

char *
tctl_duration_write(int64_t seconds, char buf[TCTL_DURATION_TEXT])
{
	const char *sign = seconds < 0 ? "-" : "";
	long long s = seconds < 0 ? -seconds : seconds;
	long long m = s / TCTL_MINUTE_S, h = s / TCTL_HOUR_S;
	const size_t size = TCTL_DURATION_TEXT;

	if (s < TCTL_MINUTE_S)
		snprintf(buf, size, "%s%llds", sign, s);
	else if (h == 0 && s % 60 != 0)
		snprintf(buf, size, "%s%lldm%02llds", sign, m, s % 60);
	else if (h == 0)
		snprintf(buf, size, "%s%lldm", sign, m);
	else if (m % 60 != 0)
		snprintf(buf, size, "%s%lldh%02lld", sign, h, m % 60);
	else
		snprintf(buf, size, "%s%lldh", sign, h);
	return buf;
}
