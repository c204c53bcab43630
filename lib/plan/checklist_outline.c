/* checklist_outline.c - the headings of a checklist. */
#include <string.h>

#include "checklist_outline.h"

enum { STAGE_WORDS_MAX = 3 }; /* a longer heading only begins with the word */

/* "Pre-Deployment (complete these first)", "Deployment steps". */
static bool
is_stage(const char *text, const char *end)
{
	const char *open = memchr(text, '(', (size_t)(end - text)), *at;
	size_t first = strcspn(text, " :"), words = 0, n;

	if (!tctl_word_is(text, first, TCTL_WORD_STAGE))
		return false;
	end = open == NULL ? end : open;
	for (at = text + first; (n = tctl_word_next(end, &at)) != 0; at += n)
		words++;
	return words < STAGE_WORDS_MAX;
}

/* "1.2 Title", "3. Title": digits and full stops, and what ends them. */
static size_t
number_length(const char *text)
{
	size_t n = strspn(text, "0123456789.");
	bool ended;

	if (n == 0 || *text == '.')
		return 0;
	ended = text[n - 1] == '.' || strchr("):", text[n]) != NULL;
	n -= text[n - 1] == '.';
	if (memchr(text, '.', n) != NULL)
		return ended || text[n] == ' ' ? n : 0;
	return ended && text[n] != '\0' ? n : 0;
}

static bool
is_number(const char *text, size_t length)
{
	return length != 0 && strspn(text, "0123456789") >= length;
}

/* What it is; the title begins at what is returned. */
static const char *
read_shape(const char *text, const char *end, struct tctl_outline *out)
{
	const char *at = text;
	size_t n = tctl_word_next(end, &at);
	bool is_week;

	out->id = text;
	out->id_length = number_length(text);
	if (out->id_length != 0) {
		out->kind = TCTL_OUTLINE_NUMBER;
		return out->id + out->id_length;
	}
	if (n == 0 || at != text)
		return text;
	out->word = at;
	out->word_length = n;
	out->id = tctl_skip_marks(at + n, end);
	out->id_length = tctl_id_length(out->id, end);
	is_week = tctl_word_is(at, n, TCTL_WORD_WEEK);
	if (out->id_length != 0 && tctl_word_is(at, n, TCTL_WORD_STEP))
		out->kind = TCTL_OUTLINE_STEP;
	else if (is_week ? is_number(out->id, out->id_length)
			 : out->id_length != 0 &&
			       tctl_word_is(at, n, TCTL_WORD_SPRINT))
		out->kind = TCTL_OUTLINE_PHASE;
	else if (is_stage(text, end))
		out->kind = TCTL_OUTLINE_STAGE;
	return out->kind == TCTL_OUTLINE_STEP || out->kind == TCTL_OUTLINE_PHASE
		   ? out->id + out->id_length
		   : text;
}

/* "2: ", "2. ", "2 - ". */
static const char *
skip_separator(const char *at, const char *end)
{
	static const char *const mark[] = { ":", ".", ")", "-", "–", "—",
		"：" };

	at = tctl_skip_marks(at, end);
	for (size_t i = 0; i < TCTL_COUNT(mark); i++)
		if (!strncmp(at, mark[i], strlen(mark[i])))
			return at + strlen(mark[i]);
	return at;
}

/* Emoji at the end are decoration. */
static size_t
without_marks(const char *text)
{
	const char *end = text + strlen(text);
	size_t bytes, length = 0;

	for (const char *at = text; at < end; at += bytes)
		if (tctl_mark_at(at, (size_t)(end - at), &bytes) ==
			TCTL_MARK_NONE &&
		    *at != ' ')
			length = (size_t)(at - text) + bytes;
	return length;
}

/* "(complete these first)" asks for it, "(complete)" and "(all done ✅)" say
 * that it is so. */
static void
doubt_done(struct tctl_arena *arena, const char *text, const char *end,
    struct tctl_heading *heading)
{
	const char *open = memchr(text, '(', (size_t)(end - text));
	size_t words = 0, n;

	if (!heading->is_done || open == NULL ||
	    tctl_find_mark(text, (size_t)(end - text), TCTL_MARK_TICK) != NULL)
		return;
	for (; (n = tctl_word_next(end, &open)) != 0; open += n)
		words++;
	if (words < 2)
		return;
	heading->is_done = false;
	heading->title = tctl_arena_strndup(
	    arena, heading->title_at, (size_t)(end - heading->title_at));
}

void
tctl_outline_read(struct tctl_arena *arena, const struct tctl_md *heading,
    int hours_per_day, struct tctl_outline *out)
{
	const char *text = tctl_md_text(heading), *end = text + strlen(text);
	const char *start = tctl_skip_marks(text, end), *title;

	memset(out, 0, sizeof(*out));
	title = read_shape(start, end, out);
	/* A tick in front of it all is read with the title that has one. */
	if (title == start)
		title = text;
	else
		title = skip_separator(title, end);
	tctl_title_read(
	    arena, title, (size_t)(end - title), hours_per_day, &out->heading);
	doubt_done(arena, title, end, &out->heading);
	out->heading.title = tctl_arena_strndup(
	    arena, out->heading.title, without_marks(out->heading.title));
}

/* --- what stands below ------------------------------------------------- */

static bool
has_box(const struct tctl_md *list)
{
	const struct tctl_md *node = list;

	while ((node = tctl_md_walk(list, node)) != NULL)
		if (node->kind == TCTL_MD_ITEM && node->mark != 0)
			return true;
	return false;
}

bool
tctl_outline_has_boxes(const struct tctl_md *heading)
{
	for (const struct tctl_md *node = heading->next;
	     node != NULL && node->kind != TCTL_MD_HEADING; node = node->next)
		if (node->kind == TCTL_MD_LIST && has_box(node))
			return true;
	return false;
}

bool
tctl_outline_has_boxes_below(const struct tctl_md *heading)
{
	for (const struct tctl_md *node = heading->next;
	     node != NULL &&
	     (node->kind != TCTL_MD_HEADING || node->level > heading->level);
	     node = node->next)
		if (node->kind == TCTL_MD_LIST && has_box(node))
			return true;
	return false;
}
