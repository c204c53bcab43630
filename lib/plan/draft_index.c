/* draft_index.c - tasks and sprints of a draft, found by what they are called.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft.h"

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
