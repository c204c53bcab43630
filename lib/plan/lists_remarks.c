/* lists_remarks.c - what the lines of a list say about its tasks: the id in
 * front, and "(depends on T012, T013)". */
#include <string.h>

#include "fields.h"
#include "lists.h"
#include "parts.h"

enum { FILLERS_MAX = 2 /* "depends on task T012" */ };

const struct tctl_md *
tctl_lists_next(const struct tctl_md *root, const struct tctl_md *node)
{
	do
		node = tctl_md_walk(root, node);
	while (node != NULL && node->kind != TCTL_MD_ITEM);
	return node;
}

/* --- the id in front -------------------------------------------------- */

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "HU-M4-01", "T1.2", "A001", "1.2": capitals first and a digit, or numbers
 * with a dot; not "2024-05-01", "3D" or "v2.0". */
static bool
is_front_id(const char *id, size_t length)
{
	size_t letters = 0, dots = 0, digits = 0;

	for (size_t i = 0; i < length; i++) {
		if (id[i] >= 'a' && id[i] <= 'z' && i + 1 != length)
			return false;
		letters += is_upper(id[i]) || (id[i] >= 'a' && id[i] <= 'z');
		digits += is_digit(id[i]);
		dots += id[i] == '.';
	}
	if (digits == 0 || length > 24)
		return false;
	return is_upper(*id) || (letters == 0 && dots != 0 &&
				    dots + digits == length && digits <= 6);
}

/* The bytes of what parts an id from its title: ": ", " - ", ". "; 0: none. */
static size_t
separator_length(const char *at, const char *end)
{
	static const char *const mark[] = { ":", "-", "–", "—", ")", "." };
	const char *start = at;

	while (at < end && *at == ' ')
		at++;
	for (size_t i = 0; i < TCTL_COUNT(mark); i++) {
		size_t n = strlen(mark[i]);

		if ((size_t)(end - at) <= n || memcmp(at, mark[i], n) != 0)
			continue;
		if (at[n] == ' ')
			return (size_t)(at - start) + n;
	}
	return 0;
}

bool
tctl_lists_id(
    const char *text, size_t length, bool bare, struct tctl_entry *out)
{
	const char *end = text + length, *at = tctl_skip_marks(text, end);
	bool is_framed = at < end && *at == '[';
	size_t n, gap;

	at += is_framed;
	n = tctl_id_length(at, end);
	if (n == 0 || !is_front_id(at, n))
		return false;
	out->id = at;
	out->id_length = n;
	at += n;
	if (is_framed && (at == end || *at++ != ']'))
		return false;
	gap = separator_length(at, end);
	if (gap == 0 && !is_framed &&
	    (!bare || at == end || (*at != ' ' && *at != '\t')))
		return false;
	out->title = at + gap;
	out->length = (size_t)(end - out->title);
	tctl_trim(&out->title, &out->length);
	return out->length != 0;
}

/* The last dash between blanks; NULL: there is none. */
static const char *
last_dash(const char *text, size_t length)
{
	static const char *const dash[] = { " — ", " – ", " - " };

	while (length-- > 0)
		for (size_t i = 0; text[length] == ' ' && i < TCTL_COUNT(dash);
		     i++)
			if (!strncmp(text + length, dash[i], strlen(dash[i])))
				return text + length;
	return NULL;
}

size_t
tctl_lists_tail(const char *title, int hours_per_day, int64_t *estimate_s)
{
	size_t length = strlen(title), n;
	const char *end = title + length, *at, *word;
	const char *dash = last_dash(title, length);
	struct tctl_duration duration;

	if (dash == NULL || dash == title)
		return length;
	at = dash;
	n = tctl_word_next(end, &at);
	if (n == 0 || !is_digit(*at))
		return length;
	word = at + n;
	n = tctl_word_next(end, &word);
	if (tctl_duration_read(at, hours_per_day, &duration) &&
	    at + duration.length == end)
		*estimate_s = duration.seconds;
	else if (n == 0 || word + n != end ||
		 !tctl_word_is(word, n, TCTL_WORD_POINTS))
		return length;
	return (size_t)(dash - title);
}

/* --- dependencies ----------------------------------------------------- */

static bool
is_joining_word(const char *word, size_t n)
{
	static const char *const known[] = { "and", "et", "und", "y", "e", "or",
		"ou", "oder", "o", "plus" };

	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (strlen(known[i]) == n && !memcmp(known[i], word, n))
			return true;
	return tctl_word_is(word, n, TCTL_WORD_TASK);
}

/* The bytes of the name at `at` if the plan has it, or if it can be meant for
 * nothing else: it has the letters of the task's own id. */
static size_t
name_length(
    struct tctl_draft *draft, size_t task, const char *at, const char *end)
{
	const char *own = draft->plan->task[task].id;
	size_t used, n, letters = 0;

	tctl_draft_named_sprint(draft, at, end, &used);
	if (used != 0)
		return used;
	n = tctl_id_length(at, end);
	if (n == 0 || tctl_draft_find(draft, at, n) != TCTL_NONE)
		return n;
	while (
	    letters < n && is_upper(at[letters]) && own[letters] == at[letters])
		letters++;
	return letters != 0 && is_digit(at[letters]) && is_digit(own[letters])
		   ? n
		   : 0;
}

/* How far a list of names goes on: "T012, T013 and T014". */
static size_t
names_length(
    struct tctl_draft *draft, size_t task, const char *at, const char *end)
{
	const char *start = at, *stop = at;

	for (;;) {
		size_t n = name_length(draft, task, at, end);
		const char *word;

		if (n == 0)
			return (size_t)(stop - start);
		stop = at += n;
		while (at < end && strchr(" ,&+/-", *at) != NULL)
			at++;
		word = at;
		n = tctl_word_next(end, &word);
		if (word == at && n != 0 && is_joining_word(word, n))
			at += n;
		while (at < end && *at == ' ')
			at++;
	}
}

/* From a word such as "depends" to the first name: over "on", "on task". */
static const char *
skip_fillers(const char *at, const char *end)
{
	for (int i = 0; i <= FILLERS_MAX; i++) {
		const char *word = at;
		size_t n;

		while (at < end && strchr(" :*_", *at) != NULL)
			at++;
		word = at;
		n = tctl_word_next(end, &word);
		if (word != at || n == 0 || n > 6 || i == FILLERS_MAX ||
		    tctl_id_length(at, end) != 0 ||
		    tctl_word_is(word, n, TCTL_WORD_SPRINT))
			break;
		at += n;
	}
	return at;
}

/* "after 2.5 seconds" is said of no task: where ids are mere numbers, only
 * brackets and fields count. */
static bool
is_meant(const struct tctl_remark *remark, const char *word, const char *names)
{
	const char *text = remark->line->text;
	struct tctl_field field;

	if (!is_digit(*names))
		return true;
	if (tctl_field_read(remark->line, &field) &&
	    field.word == TCTL_WORD_NEEDS)
		return true;
	while (word > text && word[-1] == ' ')
		word--;
	return word > text && word[-1] == '(';
}

static void
read_remark(struct tctl_lists *lists, const struct tctl_remark *remark)
{
	const struct tctl_md_line *line = remark->line;
	const char *at = line->text, *end = at + line->length;
	size_t n;

	for (; (n = tctl_word_next(end, &at)) != 0; at += n) {
		const char *names;
		size_t length;

		if (!tctl_word_is(at, n, TCTL_WORD_AFTER) &&
		    !tctl_word_is(at, n, TCTL_WORD_NEEDS))
			continue;
		names = skip_fillers(at + n, end);
		length = names_length(lists->draft, remark->task, names, end);
		if (length != 0 && is_meant(remark, at, names))
			tctl_draft_ref(lists->draft,
			    &(struct tctl_ref){ .task = remark->task,
				.text = names,
				.length = length,
				.line = line,
				.source = TCTL_EDGE_FIELD });
	}
}

void
tctl_lists_finish(struct tctl_lists *lists)
{
	tctl_draft_index_sprints(lists->draft);
	tctl_draft_index_tasks(lists->draft);
	tctl_claims_resolve(lists->draft);
	for (size_t i = 0; i < lists->remark_count; i++)
		read_remark(lists, &lists->remark[i]);
}
