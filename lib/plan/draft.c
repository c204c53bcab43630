/* draft.c - what every dialect needs: adding, finding, saying. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft.h"

enum { MESSAGE_BYTES = 20 * 1000 }; /* a long cycle is named whole */

/* --- saying ----------------------------------------------------------- */

void
tctl_say(struct tctl_draft *draft, enum tctl_severity severity,
    const char *code, struct tctl_place place, int other_line, const char *fmt,
    ...)
{
	struct tctl_plan *plan = draft->plan;
	char message[MESSAGE_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	plan->diagnostic = tctl_arena_grow(plan->arena, plan->diagnostic,
	    plan->diagnostic_count, sizeof(*plan->diagnostic));
	plan->diagnostic[plan->diagnostic_count++] = (struct tctl_diagnostic){
		.file = plan->file,
		.line = place.line > 0 ? place.line : 1,
		.column = place.column > 0 ? place.column : 1,
		.severity = severity,
		.code = code,
		.message = tctl_arena_strdup(plan->arena, message),
		.other_line = other_line,
	};
	plan->error_count += severity == TCTL_ERROR;
}

const char *
tctl_say_s(struct tctl_draft *draft, int64_t seconds)
{
	char buf[TCTL_DURATION_TEXT];

	return tctl_arena_strdup(
	    draft->plan->arena, tctl_duration_write(seconds, buf));
}

/* --- adding ----------------------------------------------------------- */

void
tctl_draft_rename(struct tctl_draft *draft, size_t task, const char *id)
{
	char normal[TCTL_ID_MAX];

	if (!tctl_id_normalise(id, normal))
		snprintf(normal, sizeof(normal), "\001%zu", task);
	draft->plan->task[task].id = id;
	draft->detail[task].normal =
	    tctl_arena_strdup(draft->plan->arena, normal);
}

/* A tab within a title is a blank; other control characters are refused. */
static const char *
without_tabs(struct tctl_arena *arena, const char *title)
{
	char *copy, *tab;

	if (title == NULL || strchr(title, '\t') == NULL)
		return title;
	copy = tab = tctl_arena_strdup(arena, title);
	while ((tab = strchr(tab, '\t')) != NULL)
		*tab = ' ';
	return copy;
}

size_t
tctl_draft_task(struct tctl_draft *draft, const char *id, const char *title,
    size_t sprint, struct tctl_place place)
{
	struct tctl_plan *plan = draft->plan;
	struct tctl_arena *arena = plan->arena;
	size_t i = plan->task_count;

	plan->task = tctl_arena_grow(arena, plan->task, i, sizeof(*plan->task));
	plan->task_sprint = tctl_arena_grow(
	    arena, plan->task_sprint, i, sizeof(*plan->task_sprint));
	plan->follows =
	    tctl_arena_grow(arena, plan->follows, i, sizeof(*plan->follows));
	draft->detail =
	    tctl_arena_grow(arena, draft->detail, i, sizeof(*draft->detail));
	plan->task_count++;
	plan->task[i] = (struct tctl_task){
		.plan = plan->name,
		.title = without_tabs(arena, title),
		.priority = TCTL_PRIORITY_NONE,
		.estimate_s = -1,
		.file = plan->file,
		.line = place.line,
	};
	plan->task_sprint[i] = sprint;
	plan->follows[i] = TCTL_NONE;
	draft->detail[i] = (struct tctl_detail){
		.place = place,
		.table_s = -1,
	};
	tctl_draft_rename(draft, i, id);
	return i;
}

size_t
tctl_draft_sprint(struct tctl_draft *draft, const char *key, const char *title,
    struct tctl_place place)
{
	struct tctl_plan *plan = draft->plan;

	draft->sprint_place = tctl_arena_grow(plan->arena, draft->sprint_place,
	    plan->sprint_count, sizeof(*draft->sprint_place));
	draft->sprint_place[plan->sprint_count] = place;
	draft->sprint_order = tctl_arena_grow(plan->arena, draft->sprint_order,
	    plan->sprint_count, sizeof(*draft->sprint_order));
	draft->sprint_order[plan->sprint_count] = TCTL_ORDER_IMPLIED;
	plan->sprint = tctl_arena_grow(plan->arena, plan->sprint,
	    plan->sprint_count, sizeof(*plan->sprint));
	plan->sprint[plan->sprint_count] = (struct tctl_sprint){
		.key = key,
		.title = without_tabs(plan->arena, title),
		.stated_s = -1,
		.after = TCTL_NONE,
		.gate = TCTL_NONE,
		.line = place.line,
	};
	return plan->sprint_count++;
}

void
tctl_draft_ref(struct tctl_draft *draft, const struct tctl_ref *ref)
{
	draft->ref = tctl_arena_grow(draft->plan->arena, draft->ref,
	    draft->ref_count, sizeof(*draft->ref));
	draft->ref[draft->ref_count++] = *ref;
}

void
tctl_draft_claim(struct tctl_draft *draft, const struct tctl_claim *claim)
{
	draft->claim = tctl_arena_grow(draft->plan->arena, draft->claim,
	    draft->claim_count, sizeof(*draft->claim));
	draft->claim[draft->claim_count++] = *claim;
}

void
tctl_draft_edge(
    struct tctl_draft *draft, size_t before, size_t after, unsigned source)
{
	struct tctl_plan *plan = draft->plan;
	size_t n = plan->edge_count;

	if (draft->edge_room == 0)
		return;
	if (--draft->edge_room == 0) {
		tctl_say(draft, TCTL_ERROR, "too_many_dependencies",
		    draft->detail[after].place, 0,
		    "the plan has more than %d dependencies", TCTL_EDGES_MAX);
		return;
	}
	plan->edge =
	    tctl_arena_grow(plan->arena, plan->edge, n, sizeof(*plan->edge));
	plan->edge_source = tctl_arena_grow(
	    plan->arena, plan->edge_source, n, sizeof(*plan->edge_source));
	plan->edge[n] = (struct tctl_edge){ before, after };
	plan->edge_source[n] = source;
	plan->edge_count++;
}

/* --- finding ---------------------------------------------------------- */

/* Heads are in the order of their keys. */
static uint64_t
head_of(const char *key)
{
	uint64_t head = 0;

	for (size_t i = 0; i < sizeof(head); i++) {
		head = head << 8 | (unsigned char)*key;
		key += *key != '\0';
	}
	return head;
}

static int
compare_key(const struct tctl_index_row *row, uint64_t head, const char *key)
{
	if (row->head != head)
		return row->head < head ? -1 : 1;
	/* A head that ends with NUL is all of its key. */
	return (head & 0xFF) == 0 ? 0 : strcmp(row->key, key);
}

static int
compare_row(const void *a, const void *b)
{
	const struct tctl_index_row *x = a, *y = b;
	int order = compare_key(x, y->head, y->key);

	if (order != 0)
		return order;
	return x->value < y->value ? -1 : x->value > y->value;
}

void
tctl_index_build(struct tctl_index *index)
{
	if (index->count != 0)
		qsort(
		    index->row, index->count, sizeof(*index->row), compare_row);
}

size_t
tctl_index_find(const struct tctl_index *index, const char *key)
{
	size_t low = 0, high = index->count;
	uint64_t head = head_of(key);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_key(&index->row[middle], head, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < index->count && !compare_key(&index->row[low], head, key))
		return index->row[low].value;
	return TCTL_NONE;
}

void
tctl_index_add(struct tctl_arena *arena, struct tctl_index *index,
    const char *key, size_t value)
{
	index->row = tctl_arena_grow(
	    arena, index->row, index->count, sizeof(*index->row));
	index->row[index->count++] =
	    (struct tctl_index_row){ head_of(key), key, value };
}

/* Counting sort: at[s + 1] moves from the start of s to its end. */
static void
list_members(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	size_t sprints = plan->sprint_count;
	size_t *at, *member;

	at = tctl_arena_alloc(plan->arena, (sprints + 2) * sizeof(*at));
	member = tctl_arena_alloc(
	    plan->arena, (plan->task_count + 1) * sizeof(*member));
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE)
			at[plan->task_sprint[i] + 2]++;
	for (size_t s = 1; s <= sprints + 1; s++)
		at[s] += at[s - 1];
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE)
			member[at[plan->task_sprint[i] + 1]++] = i;
	draft->sprint_at = at;
	draft->member = member;
}

void
tctl_draft_index_sprints(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;

	draft->sprints.count = 0;
	for (size_t i = 0; i < plan->sprint_count; i++) {
		const char *key = plan->sprint[i].key;
		char folded[TCTL_ID_MAX];

		tctl_fold(key, strlen(key), folded, sizeof(folded));
		tctl_index_add(plan->arena, &draft->sprints,
		    tctl_arena_strdup(plan->arena, folded), i);
	}
	tctl_index_build(&draft->sprints);
}

void
tctl_draft_index_tasks(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;

	if (draft->tasks.count == plan->task_count && draft->member != NULL)
		return;
	draft->tasks.count = 0;
	for (size_t i = 0; i < plan->task_count; i++)
		tctl_index_add(
		    plan->arena, &draft->tasks, draft->detail[i].normal, i);
	tctl_index_build(&draft->tasks);
	list_members(draft);
}

size_t
tctl_draft_find(const struct tctl_draft *draft, const char *id, size_t length)
{
	char text[TCTL_ID_MAX], normal[TCTL_ID_MAX];

	if (length >= sizeof(text))
		return TCTL_NONE;
	memcpy(text, id, length);
	text[length] = '\0';
	if (!tctl_id_normalise(text, normal))
		return TCTL_NONE;
	return tctl_index_find(&draft->tasks, normal);
}

size_t
tctl_draft_find_sprint(
    const struct tctl_draft *draft, const char *key, size_t length)
{
	char folded[TCTL_ID_MAX];

	if (length >= sizeof(folded))
		return TCTL_NONE;
	tctl_fold(key, length, folded, sizeof(folded));
	return tctl_index_find(&draft->sprints, folded);
}

/* The number alone is enough for "Sprints 2" in a plan of sprints. */
bool
tctl_draft_is_sprint_word(
    const struct tctl_draft *draft, const char *word, size_t length)
{
	size_t want = draft->sprint_word_length;

	length -= length > 1 && (word[length - 1] | 0x20) == 's';
	want -= want > 1 && (draft->sprint_word[want - 1] | 0x20) == 's';
	return want == length && want != 0 &&
	       !strncasecmp(draft->sprint_word, word, length);
}

size_t
tctl_draft_named_sprint(const struct tctl_draft *draft, const char *text,
    const char *end, size_t *used)
{
	const char *word = text, *key;
	size_t n = tctl_word_next(end, &word), length;

	*used = 0;
	if (n == 0 || word != text || !tctl_word_is(word, n, TCTL_WORD_SPRINT))
		return TCTL_NONE;
	key = tctl_skip_marks(word + n, end);
	length = tctl_id_length(key, end);
	if (length == 0)
		return TCTL_NONE;
	*used = (size_t)(key - text) + length;
	if (tctl_draft_is_sprint_word(draft, word, n))
		return tctl_draft_find_sprint(draft, key, length);
	return tctl_draft_find_sprint(draft, text, *used);
}

/* --- text ------------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
tctl_trim(const char **text, size_t *length)
{
	while (*length > 0 && is_blank(**text)) {
		++*text;
		--*length;
	}
	while (*length > 0 && is_blank((*text)[*length - 1]))
		--*length;
}

const char *
tctl_skip_marks(const char *text, const char *end)
{
	size_t bytes;

	while (text < end) {
		if (tctl_mark_at(text, (size_t)(end - text), &bytes) !=
		    TCTL_MARK_NONE)
			text += bytes;
		else if (is_blank(*text))
			text++;
		else
			break;
	}
	return text;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static bool
is_joint(char c)
{
	return c == '.' || c == '_' || c == '-';
}

size_t
tctl_id_length(const char *text, const char *end)
{
	const char *at = text;
	bool has_digit = false;

	for (; at < end && (is_alnum(*at) || is_joint(*at)); at++)
		has_digit |= *at >= '0' && *at <= '9';
	while (at > text && is_joint(at[-1]))
		at--;
	return has_digit && is_alnum(*text) ? (size_t)(at - text) : 0;
}
