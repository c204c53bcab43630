/* stated_totals.c - the totals that a plan states, in prose:
 *
 *     **Total** : 8h (sequential) or 4h30 (parallel with 3 agents)
 *     Sprint 2 (Service layer) : 6h (4h30 parallel)
 *     **Total duration, parallel** : ~15h30
 */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

enum { LINE_BYTES_MAX = 300 }; /* a longer line is prose, not a total */

struct line {
	struct tctl_draft *draft;
	const struct tctl_md_line *md;
	const char *text, *end;
	size_t sprint;
	const char *key; /* "Sprint 2 (Service layer)" before the colon */
	size_t key_length;
};

static void
claim(const struct line *line, enum tctl_claim_kind kind, int64_t value,
    const char *at)
{
	tctl_draft_claim(line->draft, &(struct tctl_claim){ .kind = kind,
					  .sprint = line->sprint,
					  .value = value,
					  .place = tctl_md_place(line->md, at),
					  .key = line->key,
					  .key_length = line->key_length });
}

/* "3 agents": a number right before the word. */
static void
read_agents(const struct line *line)
{
	const char *at = line->text, *digits = at;
	int64_t number = 0;
	size_t n;

	for (; (n = tctl_word_next(line->end, &at)) != 0; at += n) {
		if (number > 0 && tctl_word_is(at, n, TCTL_WORD_AGENT)) {
			claim(line, TCTL_CLAIM_AGENTS, number, digits);
			return;
		}
		digits = at;
		number = n < 4 && strspn(at, "0123456789") >= n
			     ? strtoll(at, NULL, 10)
			     : 0;
	}
}

/* What is said about the duration that ends at `at`: the words up to the next
 * duration or the end of its brackets. */
static bool
is_parallel(const struct line *line, const char *at, bool otherwise)
{
	size_t n;

	for (; (n = tctl_word_next(line->end, &at)) != 0; at += n) {
		if (*at >= '0' && *at <= '9')
			break;
		if (tctl_word_is(at, n, TCTL_WORD_PARALLEL))
			return true;
		if (tctl_word_is(at, n, TCTL_WORD_SEQUENTIAL))
			return false;
	}
	return otherwise;
}

/* Every duration of the value; at most one of each kind, the first. */
static void
read_values(const struct line *line, const char *at, bool parallel)
{
	bool seen[2] = { false, false };

	while (at < line->end) {
		struct tctl_duration duration;
		const char *value = at;
		bool is_par;

		if (*at < '0' || *at > '9') {
			at++;
			continue;
		}
		if (!tctl_duration_read(
			at, line->draft->hours_per_day, &duration) ||
		    at + duration.length > line->end) {
			at += strspn(at, "0123456789");
			continue;
		}
		at += duration.length;
		if (duration.is_range) /* "65-75 h": nothing to compare */
			continue;
		is_par = is_parallel(line, at, parallel);
		if (!seen[is_par])
			claim(line,
			    is_par ? TCTL_CLAIM_PARALLEL
				   : TCTL_CLAIM_SEQUENTIAL,
			    duration.seconds, value);
		seen[is_par] = true;
	}
}

static bool
starts_sprint(const char *text, const char *end)
{
	const char *at = tctl_skip_marks(text, end);
	size_t n = tctl_word_next(end, &at);

	return n != 0 && tctl_word_is(at, n, TCTL_WORD_SPRINT);
}

/* False: it is prose. */
static bool
begin(struct line *line, struct tctl_draft *draft,
    const struct tctl_md_line *md, size_t sprint)
{
	*line = (struct line){ .draft = draft,
		.md = md,
		.text = md->text,
		.end = md->text + md->length,
		.sprint = sprint };
	if (md->length > LINE_BYTES_MAX)
		return false;
	if (tctl_word_in(md->text, md->length, TCTL_WORD_PARALLEL))
		read_agents(line);
	return true;
}

void
tctl_claims_read_cell(
    struct tctl_draft *draft, const struct tctl_md_line *cell, size_t sprint)
{
	struct line line;

	if (begin(&line, draft, cell, sprint))
		read_values(&line, line.text, false);
}

void
tctl_claims_read(
    struct tctl_draft *draft, const struct tctl_md_line *md, size_t sprint)
{
	struct line line;
	const char *text = md->text, *colon;
	bool is_total;

	if (!begin(&line, draft, md, sprint))
		return;
	colon = memchr(text, ':', md->length);
	if (colon == NULL)
		return;
	is_total = tctl_word_in(text, (size_t)(colon - text), TCTL_WORD_TOTAL);
	if (!is_total && sprint == TCTL_NONE && starts_sprint(text, colon)) {
		line.key = text;
		line.key_length = (size_t)(colon - text);
		is_total = true;
	}
	if (is_total)
		read_values(&line, colon + 1,
		    tctl_word_in(
			text, (size_t)(colon - text), TCTL_WORD_PARALLEL));
}

static size_t
find_claimed(const struct tctl_draft *draft, const struct tctl_claim *claim)
{
	const char *end = claim->key + claim->key_length;
	size_t used;

	return tctl_draft_named_sprint(
	    draft, tctl_skip_marks(claim->key, end), end, &used);
}

void
tctl_claims_resolve(struct tctl_draft *draft)
{
	size_t kept = 0;

	for (size_t i = 0; i < draft->claim_count; i++) {
		struct tctl_claim *claim = &draft->claim[i];

		if (claim->key != NULL)
			claim->sprint = find_claimed(draft, claim);
		if (claim->key == NULL || claim->sprint != TCTL_NONE)
			draft->claim[kept++] = *claim;
	}
	draft->claim_count = kept;
	draft->said = tctl_arena_alloc(
	    draft->plan->arena, (draft->plan->sprint_count + 1) *
				    TCTL_CLAIM_KINDS * sizeof(*draft->said));
	for (size_t i = 0; i < kept; i++) {
		const struct tctl_claim *claim = &draft->claim[i];
		const struct tctl_claim **said;

		if (claim->sprint == TCTL_NONE)
			continue;
		said =
		    &draft
			 ->said[claim->sprint * TCTL_CLAIM_KINDS + claim->kind];
		if (*said == NULL)
			*said = claim;
	}
}

const struct tctl_claim *
tctl_claim_of(
    const struct tctl_draft *draft, size_t sprint, enum tctl_claim_kind kind)
{
	return draft->said[sprint * TCTL_CLAIM_KINDS + kind];
}
