/* order.c - sections on dependencies: from sentences to edges and order. */
#include <stdlib.h>
#include <string.h>

#include "order.h"

enum {
	SPRINTS_MAX = 1000, /* of more, nobody writes what depends on what */
	BITS = 64,
	NAME_WORDS = 4, /* of a name in a row of arrows: "Setup (Phase 1)" */
};

/* Which phases each phase depends on, as bits: [after * words + before / 64].
 */
struct order {
	struct tctl_draft *draft;
	struct tctl_namer namer;
	size_t words;
	uint64_t *direct, *reach;
	struct tctl_named subject, object;
};

static bool
has_bit(const uint64_t *bits, size_t i)
{
	return (bits[i / BITS] >> (i % BITS) & 1) != 0;
}

/* --- one sentence ----------------------------------------------------- */

static void
add_edges_of(struct order *o, size_t before_sprint, size_t before_task,
    size_t after_sprint, size_t after_task)
{
	const struct tctl_draft *draft = o->draft;
	bool whole = before_task == TCTL_NONE || after_task == TCTL_NONE;
	unsigned source = TCTL_EDGE_SECTION | (whole ? TCTL_EDGE_WHOLE : 0);
	size_t b = 0, b_end = 1, a = 0, a_end = 1;

	if (before_task == TCTL_NONE) {
		b = draft->sprint_at[before_sprint];
		b_end = draft->sprint_at[before_sprint + 1];
	}
	if (after_task == TCTL_NONE) {
		a = draft->sprint_at[after_sprint];
		a_end = draft->sprint_at[after_sprint + 1];
	}
	for (size_t i = a; i < a_end; i++)
		for (size_t k = b; k < b_end && draft->edge_room != 0; k++) {
			size_t from = before_task == TCTL_NONE
					  ? draft->member[k]
					  : before_task;
			size_t to = after_task == TCTL_NONE ? draft->member[i]
							    : after_task;

			if (from != to)
				tctl_draft_edge(o->draft, from, to, source);
		}
}

/* Phases among each other become bits; all else is edges at once. */
static void
add_pairs(struct order *o)
{
	const struct tctl_named *s = &o->subject, *b = &o->object;
	size_t pairs = (s->task_count + s->sprint_count) *
		       (b->task_count + b->sprint_count);

	o->namer.room -= pairs < o->namer.room ? pairs : o->namer.room;
	if (o->namer.room == 0)
		return;

	for (size_t i = 0; i < s->task_count; i++) {
		for (size_t k = 0; k < b->task_count; k++)
			add_edges_of(o, 0, b->task[k], 0, s->task[i]);
		for (size_t k = 0; k < b->sprint_count; k++)
			if (o->draft->plan->task_sprint[s->task[i]] !=
			    b->sprint[k])
				add_edges_of(
				    o, b->sprint[k], TCTL_NONE, 0, s->task[i]);
	}
	for (size_t i = 0; i < s->sprint_count && s->task_count == 0; i++) {
		size_t after = s->sprint[i];

		for (size_t k = 0; k < b->task_count; k++)
			if (o->draft->plan->task_sprint[b->task[k]] != after)
				add_edges_of(
				    o, 0, b->task[k], after, TCTL_NONE);
		for (size_t k = 0; k < b->sprint_count; k++)
			if (b->sprint[k] < after)
				o->direct[after * o->words +
					  b->sprint[k] / BITS] |=
				    1ull << (b->sprint[k] % BITS);
			else if (b->sprint[k] > after)
				add_edges_of(o, b->sprint[k], TCTL_NONE, after,
				    TCTL_NONE);
	}
}

static void
set_said(struct order *o)
{
	for (size_t i = 0; i < o->subject.sprint_count; i++)
		o->draft->sprint_order[o->subject.sprint[i]] = TCTL_ORDER_SAID;
}

/* What the verb's object is cut off by: remarks and other sentences. */
static const char *
object_end(const char *at, const char *end)
{
	static const char *const cut[] = { " - ", " — ", " – ", " but ",
		" mais ", " aber ", " pero " };

	for (; at < end; at++)
		for (size_t i = 0; i < TCTL_COUNT(cut); i++) {
			size_t n = strlen(cut[i]);

			if ((size_t)(end - at) >= n && !memcmp(at, cut[i], n))
				return at;
		}
	return end;
}

/* "Phase 2 (can go on beside Phase 3)": what is in brackets counts only where
 * nothing else is named. */
static void
read_object(struct order *o, const char *text, const char *end, size_t subject)
{
	size_t length = (size_t)(end - text);
	char *outside = tctl_grow(NULL, 0, length + 1);
	int depth = 0;

	for (size_t i = 0; i < length; i++) {
		depth += text[i] == '(';
		outside[i] = depth > 0 ? ' ' : text[i];
		depth -= text[i] == ')' && depth > 0;
	}
	outside[length] = '\0';
	tctl_namer_read(
	    &o->namer, outside, outside + length, subject, &o->object);
	free(outside);
	if (o->object.sprint_count == 0 && o->object.task_count == 0)
		tctl_namer_read(&o->namer, text, end, subject, &o->object);
}

/* "Can be done in the order T1 → T2" says only that they can. */
static bool
is_short(const char *text, const char *end)
{
	size_t n, words = 0;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n)
		words++;
	return words <= NAME_WORDS;
}

/* "Phase 1 → Phase 2 → Phase 3". */
static void
read_arrows(struct order *o, const char *text, const char *end)
{
	const char *const arrow = "→";
	const char *at = text, *from = text;
	struct tctl_named swap;
	bool found = false;

	for (; at <= end; at++) {
		if (at != end && ((size_t)(end - at) < strlen(arrow) ||
				     memcmp(at, arrow, strlen(arrow)) != 0))
			continue;
		if (!found && (at == end || !is_short(text, at)))
			return;
		tctl_namer_read(&o->namer, from, at, TCTL_NONE, &o->subject);
		if (found) {
			add_pairs(o);
			if (o->object.sprint_count != 0)
				set_said(o);
		}
		found = true;
		from = at + strlen(arrow);
		swap = o->object;
		o->object = o->subject;
		o->subject = swap;
	}
}

/* "No dependencies", at the end of what is said of a phase. */
static bool
says_none(const char *word, size_t n, const char *end, bool negated)
{
	const char *next = word + n;

	if (!negated || !tctl_word_is(word, n, TCTL_WORD_NEEDS))
		return false;
	n = tctl_word_next(end, &next);
	return n == 0 || next[-1] != ' ' || next[-2] == '-' ||
	       (unsigned char)next[-2] >= 0x80 || next[-2] == '(';
}

/* "T008 blocks T009", "T001-T003 before T004". */
static void
read_before(struct order *o, const char *text, const char *verb, size_t n,
    const char *end)
{
	o->namer.no_titles = true;
	tctl_namer_read(&o->namer, text, verb, TCTL_NONE, &o->object);
	tctl_namer_read(
	    &o->namer, verb + n, object_end(verb, end), TCTL_NONE, &o->subject);
	o->namer.no_titles = false;
	add_pairs(o);
	if (o->object.sprint_count != 0 && o->subject.task_count == 0)
		set_said(o);
}

/* "Phase 4 depends on Phase 2". */
static void
read_after(struct order *o, const char *text, const char *verb, size_t n,
    const char *end)
{
	size_t first;

	tctl_namer_read(&o->namer, text, verb, TCTL_NONE, &o->subject);
	first = o->subject.sprint_count != 0 ? o->subject.sprint[0] : TCTL_NONE;
	if (first == TCTL_NONE && o->subject.task_count == 0)
		return;
	read_object(o, verb + n, object_end(verb, end), first);
	add_pairs(o);
	if (o->object.sprint_count != 0 && o->subject.task_count == 0)
		set_said(o);
}

static void
read_sentence(struct order *o, const char *text, const char *end)
{
	const char *at = text;
	bool negated = false;
	size_t n;

	for (; (n = tctl_word_next(end, &at)) != 0; at += n) {
		if (says_none(at, n, end, negated)) {
			tctl_namer_read(
			    &o->namer, text, at, TCTL_NONE, &o->subject);
			set_said(o);
			return;
		}
		if (tctl_word_is(at, n, TCTL_WORD_NOT)) {
			negated = true;
		} else if (!negated && tctl_word_is(at, n, TCTL_WORD_AFTER)) {
			read_after(o, text, at, n, end);
			return;
		} else if (!negated && tctl_word_is(at, n, TCTL_WORD_BEFORE)) {
			read_before(o, text, at, n, end);
			return;
		}
	}
	if (!negated)
		read_arrows(o, text, end);
}

/* Sentences end with ". " and ";". */
static void
read_line(struct order *o, const struct tctl_md_line *line)
{
	const char *at = line->text, *end = at + line->length;

	while (at < end) {
		const char *stop = at;

		while (stop < end && *stop != ';' &&
		       !(*stop == '.' && stop + 1 < end && stop[1] == ' '))
			stop++;
		read_sentence(o, at, stop);
		at = stop + 1;
	}
}

/* --- the section ------------------------------------------------------ */

static void
read_block(struct order *o, const struct tctl_md *block)
{
	const struct tctl_md *node = block;

	do
		if (node->kind == TCTL_MD_PARAGRAPH ||
		    node->kind == TCTL_MD_ITEM)
			for (size_t i = 0; i < node->line_count; i++)
				read_line(o, &node->lines[i]);
	while ((node = tctl_md_walk(block, node)) != NULL);
}

/* "Dependencies & Execution Order", but not "Phase 7: Manage dependencies". */
static bool
is_section(const struct tctl_md_line *line)
{
	const char *word = line->text;
	size_t n = tctl_word_next(word + line->length, &word);

	return tctl_word_in(line->text, line->length, TCTL_WORD_NEEDS) &&
	       !tctl_word_is(word, n, TCTL_WORD_SPRINT);
}

/* Below a heading about dependencies, but not what is about what can go on at
 * the same time: "T010 after the types". */
static void
read_sections(struct order *o)
{
	int level = 0, skipped = 0;

	for (const struct tctl_md *node = o->draft->source.root->child; node;
	     node = node->next) {
		const struct tctl_md_line *line = tctl_md_first(node);

		if (node->kind != TCTL_MD_HEADING) {
			if (level != 0 && skipped == 0)
				read_block(o, node);
			continue;
		}
		if (skipped != 0 && node->level <= skipped)
			skipped = 0;
		if (level != 0 && node->level <= level)
			level = 0;
		if (level == 0 && is_section(line))
			level = node->level;
		else if (level != 0 && skipped == 0 &&
			 tctl_word_in(
			     line->text, line->length, TCTL_WORD_PARALLEL))
			skipped = node->level;
	}
}

/* A phase follows the last one that it depends on; its tasks need those of the
 * others that do not come before another of them anyway. */
static void
settle(struct order *o)
{
	struct tctl_plan *plan = o->draft->plan;

	for (size_t s = 0; s < plan->sprint_count; s++) {
		uint64_t *reach = o->reach + s * o->words;
		const uint64_t *direct = o->direct + s * o->words;
		size_t after = TCTL_NONE;

		for (size_t d = s; d-- > 0;) {
			if (!has_bit(direct, d) || has_bit(reach, d))
				continue;
			for (size_t w = 0; w < o->words; w++)
				reach[w] |= o->reach[d * o->words + w];
			reach[d / BITS] |= 1ull << (d % BITS);
			if (after == TCTL_NONE)
				after = d;
			else
				add_edges_of(o, d, TCTL_NONE, s, TCTL_NONE);
		}
		if (o->draft->sprint_order[s] == TCTL_ORDER_SAID)
			plan->sprint[s].after = after;
	}
}

void
tctl_order_read(struct tctl_draft *draft)
{
	size_t sprints = draft->plan->sprint_count;
	struct order o = { .draft = draft,
		.words = (sprints + BITS - 1) / BITS };

	if (sprints == 0 || sprints > SPRINTS_MAX)
		return;
	tctl_namer_init(&o.namer, draft);
	o.direct = tctl_xcalloc(sprints * o.words, sizeof(*o.direct));
	o.reach = tctl_xcalloc(sprints * o.words, sizeof(*o.reach));
	read_sections(&o);
	if (o.namer.room == 0)
		tctl_say(draft, TCTL_WARNING, "long_section",
		    (struct tctl_place){ 0 }, 0,
		    "the section on dependencies names too much: its end was "
		    "not read");
	settle(&o);
	free(o.direct);
	free(o.reach);
	free(o.subject.sprint);
	free(o.subject.task);
	free(o.object.sprint);
	free(o.object.task);
}
