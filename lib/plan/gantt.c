/* gantt.c - the grammar of Mermaid's gantt block.
 *
 * Source: mermaid.js.org/syntax/gantt.html, and what the real Mermaid was
 * measured to do: 2d is 48 hours, M months, m minutes, an id written twice
 * means the last one. */
#include <stdlib.h>
#include <string.h>

#include "gantt.h"

enum { PARTS_MAX = 8, MONTH_DAYS = 30, YEARS_MAX = 1000 };

struct reader {
	struct tctl_arena *arena;
	struct tctl_gantt *gantt;
	struct tctl_md_line line; /* the one that is read now */
	const char *section;
	bool is_gantt;
	bool in_directive; /* between %%{ and }%% */
};

struct slice {
	const char *text;
	size_t length;
};

static bool
starts_with(struct slice line, const char *word)
{
	size_t n = strlen(word);

	return line.length >= n && !memcmp(line.text, word, n) &&
	       (line.length == n || line.text[n] == ' ' ||
		   line.text[n] == '\t');
}

static char *
rest_of(struct reader *r, struct slice line, size_t skip)
{
	const char *text = line.text + skip;
	size_t length = line.length - skip;

	tctl_trim(&text, &length);
	return tctl_arena_strndup(r->arena, text, length);
}

/* Statements that set up the drawing and draw nothing. */
static bool
is_setting(struct slice line)
{
	static const char *const word[] = { "dateFormat", "axisFormat",
		"tickInterval", "excludes", "includes", "todayMarker",
		"weekday", "weekend", "inclusiveEndDates", "topAxis", "click",
		"accTitle", "accDescr", "displayMode",
		"accTitle:", "accDescr:" };

	for (size_t i = 0; i < TCTL_COUNT(word); i++)
		if (starts_with(line, word[i]))
			return true;
	return false;
}

/* "90m", "1.5h", "2d": whole text or nothing. */
static int64_t
read_duration(struct slice part)
{
	static const struct {
		const char *unit;
		int64_t seconds;
	} known[] = {
		{ "m", TCTL_MINUTE_S },
		{ "h", TCTL_HOUR_S },
		{ "d", TCTL_DAY_S },
		{ "w", 7 * TCTL_DAY_S },
		{ "s", 1 },
		{ "M", MONTH_DAYS * TCTL_DAY_S },
		{ "y", 365 * TCTL_DAY_S },
	};
	size_t digits = strspn(part.text, "0123456789.");
	char *end;
	double number, seconds = -1;

	if (digits == 0 || digits > 9 || digits + 1 != part.length)
		return -1;
	number = strtod(part.text, &end);
	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (part.text[digits] == *known[i].unit)
			seconds = number * (double)known[i].seconds + 0.5;
	/* A million such bars, one after the other, can still be added. */
	return seconds > YEARS_MAX * 365.0 * TCTL_DAY_S ? -1 : (int64_t)seconds;
}

static bool
read_tag(struct slice part, struct tctl_gantt_item *item)
{
	const struct {
		const char *tag;
		bool *flag;
	} known[] = {
		{ "done", &item->is_done },
		{ "active", &item->is_active },
		{ "crit", &item->is_critical },
		{ "milestone", &item->is_milestone },
		{ "vert", &item->is_marker },
	};

	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (strlen(known[i].tag) == part.length &&
		    !memcmp(known[i].tag, part.text, part.length)) {
			*known[i].flag = true;
			return true;
		}
	return false;
}

static void
read_ids(
    struct reader *r, struct slice part, size_t skip, struct tctl_strings *out)
{
	const char *at = part.text + skip, *end = part.text + part.length;

	while (at < end) {
		size_t n;

		at += strspn(at, " \t");
		n = strcspn(at, " \t,\n");
		if (n > (size_t)(end - at))
			n = (size_t)(end - at);
		if (n != 0)
			tctl_strings_add(
			    r->arena, out, tctl_arena_strndup(r->arena, at, n));
		at += n != 0 ? n : 1;
	}
}

static void
read_start(struct reader *r, struct slice part, struct tctl_gantt_item *item)
{
	item->start_place = tctl_md_place(&r->line, part.text);
	if (starts_with(part, "after"))
		read_ids(r, part, strlen("after"), &item->after);
	else
		item->start =
		    tctl_arena_strndup(r->arena, part.text, part.length);
}

static void
read_end(struct reader *r, struct slice part, struct tctl_gantt_item *item)
{
	item->end_place = tctl_md_place(&r->line, part.text);
	item->duration_s = read_duration(part);
	if (starts_with(part, "until"))
		read_ids(r, part, strlen("until"), &item->until);
	else if (item->duration_s < 0)
		item->end =
		    tctl_arena_strndup(r->arena, part.text, part.length);
}

/* Tags first; then [id,] [start,] end. */
static void
read_data(struct reader *r, struct slice data, struct tctl_gantt_item *item)
{
	struct slice part[PARTS_MAX];
	size_t parts = 0;

	while (data.length != 0 && parts < PARTS_MAX) {
		const char *comma = memchr(data.text, ',', data.length);
		size_t n =
		    comma == NULL ? data.length : (size_t)(comma - data.text);

		part[parts] = (struct slice){ data.text, n };
		tctl_trim(&part[parts].text, &part[parts].length);
		if (parts != 0 || !read_tag(part[0], item))
			parts++;
		n += comma != NULL;
		data.text += n;
		data.length -= n;
	}
	if (parts == 0)
		return;
	read_end(r, part[parts - 1], item);
	if (parts >= 2)
		read_start(r, part[parts - 2], item);
	if (parts >= 3)
		item->id =
		    tctl_arena_strndup(r->arena, part[0].text, part[0].length);
}

/* Statements that say how dates are to be read. */
static bool
read_setting(struct reader *r, struct slice line)
{
	struct tctl_gantt *gantt = r->gantt;

	if (starts_with(line, "dateFormat"))
		gantt->date_format = rest_of(r, line, strlen("dateFormat"));
	else if (starts_with(line, "excludes"))
		tctl_gantt_exclude(
		    r->arena, gantt, rest_of(r, line, strlen("excludes")));
	else if (starts_with(line, "weekend"))
		gantt->weekend_is_friday =
		    !strcmp(rest_of(r, line, strlen("weekend")), "friday");
	else if (starts_with(line, "inclusiveEndDates"))
		gantt->ends_inclusive = true;
	else
		return false;
	return true;
}

static void
read_line(struct reader *r, struct slice line)
{
	struct tctl_gantt *gantt = r->gantt;
	struct tctl_gantt_item *item;
	const char *colon = memchr(line.text, ':', line.length);

	if (starts_with(line, "title")) {
		gantt->title = rest_of(r, line, strlen("title"));
		return;
	}
	if (starts_with(line, "section")) {
		r->section = rest_of(r, line, strlen("section"));
		return;
	}
	if (read_setting(r, line))
		return;
	if (colon == NULL || is_setting(line))
		return;
	gantt->item = tctl_arena_grow(
	    r->arena, gantt->item, gantt->item_count, sizeof(*gantt->item));
	item = &gantt->item[gantt->item_count++];
	*item = (struct tctl_gantt_item){ .section = r->section,
		.duration_s = -1,
		.place = tctl_md_place(&r->line, line.text),
		.task = TCTL_NONE };
	item->start_place = item->end_place = item->place;
	item->title = rest_of(
	    r, (struct slice){ line.text, (size_t)(colon - line.text) }, 0);
	read_data(r,
	    (struct slice){
		colon + 1, line.length - (size_t)(colon + 1 - line.text) },
	    item);
	item->is_milestone |= item->is_marker;
}

/* Comments, directives, and the word that says what diagram this is. */
static bool
is_outside(struct reader *r, struct slice line)
{
	if (r->in_directive || starts_with(line, "%%{init:") ||
	    (line.length >= 3 && !memcmp(line.text, "%%{", 3))) {
		r->in_directive =
		    line.length < 3 ||
		    memcmp(line.text + line.length - 3, "}%%", 3) != 0;
		return true;
	}
	if (line.length == 0 ||
	    (line.length >= 2 && !memcmp(line.text, "%%", 2)))
		return true;
	if (!r->is_gantt) {
		r->is_gantt = starts_with(line, "gantt");
		r->gantt->place = tctl_md_place(&r->line, line.text);
		return true;
	}
	return false;
}

bool
tctl_gantt_read(const struct tctl_md *code, struct tctl_arena *arena,
    struct tctl_gantt *out)
{
	const char *text = code->code->text;
	int number = code->place.line;
	struct reader r = { .arena = arena, .gantt = out };
	bool is_ours;

	memset(out, 0, sizeof(*out));
	if (tctl_gantt_line(text, &is_ours) != TCTL_NONE && is_ours)
		return false;
	for (; *text != '\0'; number++) {
		struct slice slice = { text, strcspn(text, "\n") };

		r.line = tctl_md_code_line(code, text, slice.length, number);
		text += slice.length + (text[slice.length] == '\n');
		tctl_trim(&slice.text, &slice.length);
		if (!is_outside(&r, slice))
			read_line(&r, slice);
	}
	tctl_gantt_schedule(arena, out);
	return r.is_gantt;
}
