/* gantt_match.c - which tasks a Gantt block draws, and what it adds to them. */
#include <stdlib.h>
#include <string.h>

#include "gantt.h"

enum {
	/* In a larger sprint titles are not compared: that is tasks x items. */
	COMPARE_MAX = 200,
	VISITS_MAX = 4 * 1000 * 1000,
};

/* Each word of the short form begins a word of the title, in order. */
bool
tctl_title_matches(const char *shorter, const char *title)
{
	const char *send = shorter + strlen(shorter);
	const char *tend = title + strlen(title);
	size_t n, m, words = 0;

	for (; (n = tctl_word_next(send, &shorter)) != 0; shorter += n) {
		char want[TCTL_FOLD_MAX], have[TCTL_FOLD_MAX];
		size_t length = tctl_fold(shorter, n, want, sizeof(want));

		for (;; title += m) {
			m = tctl_word_next(tend, &title);
			if (m == 0)
				return false;
			tctl_fold(title, m, have, sizeof(have));
			if (!strncmp(want, have, length))
				break;
			if (words == 0) /* the first words must agree */
				return false;
		}
		title += m;
		words++;
	}
	return words != 0;
}

/* "s2_1" and "t2_1" are 2.1. */
static size_t
find_by_id(const struct tctl_draft *draft, const char *id)
{
	size_t length = strlen(id);
	size_t task = tctl_draft_find(draft, id, length);
	const char *digits = id;

	if (task != TCTL_NONE)
		return task;
	while ((*digits >= 'a' && *digits <= 'z') ||
	       (*digits >= 'A' && *digits <= 'Z') || *digits == '_')
		digits++;
	if (digits == id || *digits == '\0')
		return TCTL_NONE;
	return tctl_draft_find(draft, digits, strlen(digits));
}

static size_t
find_section(const struct tctl_draft *draft, const char *section)
{
	const char *end = section + strlen(section);
	size_t n, used, sprint;

	for (; (n = tctl_word_next(end, &section)) != 0; section += n) {
		sprint = tctl_draft_named_sprint(draft, section, end, &used);
		if (used != 0)
			return sprint;
	}
	return TCTL_NONE;
}

/* The one task of the sprint with such a title. */
size_t
tctl_draft_find_title(
    const struct tctl_draft *draft, size_t sprint, const char *title)
{
	size_t from = draft->sprint_at[sprint];
	size_t to = draft->sprint_at[sprint + 1], found = TCTL_NONE;

	if (to - from > COMPARE_MAX)
		return TCTL_NONE;
	for (size_t i = from; i < to; i++) {
		size_t task = draft->member[i];
		const char *label = draft->detail[task].label;

		if (!tctl_title_matches(title, draft->plan->task[task].title) &&
		    (label == NULL || !tctl_title_matches(title, label)))
			continue;
		if (found != TCTL_NONE)
			return TCTL_NONE;
		found = task;
	}
	return found;
}

void
tctl_gantt_match(struct tctl_draft *draft, struct tctl_gantt *gantt)
{
	for (size_t i = 0; i < gantt->item_count; i++) {
		struct tctl_gantt_item *item = &gantt->item[i];
		size_t sprint = TCTL_NONE, n;
		const char *end = item->title + strlen(item->title);
		const char *at = tctl_skip_marks(item->title, end);

		if (item->id != NULL)
			item->task = find_by_id(draft, item->id);
		n = tctl_id_length(at, end);
		if (item->task == TCTL_NONE && n != 0)
			item->task = tctl_draft_find(draft, at, n);
		if (item->task == TCTL_NONE && item->section != NULL)
			sprint = find_section(draft, item->section);
		if (sprint != TCTL_NONE)
			item->task =
			    tctl_draft_find_title(draft, sprint, item->title);
	}
}

/* Tasks before the item, looked for through items that are none. */
static void
add_before(struct tctl_draft *draft, struct tctl_gantt *gantt, size_t item,
    size_t seen[], size_t stack[], size_t *visits)
{
	size_t depth = 0;

	stack[depth++] = item;
	while (depth != 0) {
		const struct tctl_gantt_item *at = &gantt->item[stack[--depth]];

		for (size_t k = 0; k < at->before_count; k++) {
			size_t before = at->before[k];
			size_t task = gantt->item[before].task;

			if (++*visits > VISITS_MAX)
				return;
			if (seen[before] == item + 1)
				continue;
			seen[before] = item + 1;
			if (task == TCTL_NONE)
				stack[depth++] = before;
			else
				tctl_draft_edge(draft, task,
				    gantt->item[item].task, TCTL_EDGE_DIAGRAM);
		}
	}
}

void
tctl_gantt_edges(struct tctl_draft *draft, struct tctl_gantt *gantt)
{
	size_t n = gantt->item_count, visits = 0;
	size_t *seen = tctl_grow(NULL, 0, (n + 1) * sizeof(*seen));
	size_t *stack = tctl_grow(NULL, 0, (n + 1) * sizeof(*stack));

	memset(seen, 0, (n + 1) * sizeof(*seen));
	for (size_t i = 0; i < n; i++)
		if (gantt->item[i].task != TCTL_NONE)
			add_before(draft, gantt, i, seen, stack, &visits);
	free(seen);
	free(stack);
}
