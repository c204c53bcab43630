/* lists_sections.c - headings of a plan that is lists: which sprint a task is
 * of. */
#include <string.h>

#include "heading.h"
#include "lists.h"

enum { KEY_BYTES = 28 /* of a sprint's made key */ };

void
tctl_section_open(
    struct tctl_lists *lists, size_t level, const struct tctl_md *node)
{
	struct tctl_section *section = &lists->section[level];
	const struct tctl_md_line *line = tctl_md_first(node);
	struct tctl_heading heading;

	memset(section, 0, (TCTL_SECTIONS - level) * sizeof(*section));
	section->node = node;
	section->sprint = TCTL_NONE;
	tctl_heading_read(lists->draft->plan->arena, line->text, line->length,
	    lists->draft->hours_per_day, false, &heading);
	section->is_sprint = heading.kind == TCTL_HEADING_SPRINT;
	section->is_title = level == 1 && !section->is_sprint &&
			    lists->top_headings == 1 && lists->headings == 0;
	section->hash = tctl_heading_hash(0, line->text, line->length);
	lists->headings += level != TCTL_SECTION_LABEL;
}

/* A paragraph all in bold. */
static bool
is_label(const struct tctl_md *node)
{
	const struct tctl_md_line *line = tctl_md_first(node);

	return node->line_count == 1 && line->run_count != 0 &&
	       line->run->style == TCTL_MD_STRONG && line->run->from == 0 &&
	       line->run->to + 2 >= line->length;
}

void
tctl_section_label(struct tctl_lists *lists, const struct tctl_md *node)
{
	const struct tctl_section *label = &lists->section[TCTL_SECTION_LABEL];
	struct tctl_section before = *label;

	if (!is_label(node))
		return;
	tctl_section_open(lists, TCTL_SECTION_LABEL, node);
	if (!lists->way->has_labels && !label->is_sprint)
		lists->section[TCTL_SECTION_LABEL] = before;
}

/* The section whose tasks are one sprint; NULL: none is open. */
static struct tctl_section *
find_section(struct tctl_lists *lists)
{
	struct tctl_section *found = NULL;

	for (size_t i = 1; i < TCTL_SECTIONS; i++) {
		struct tctl_section *section = &lists->section[i];

		if (section->node == NULL || section->is_title)
			continue;
		if (found != NULL && !section->is_sprint &&
		    (found->is_sprint || lists->way->is_broad))
			continue;
		found = section;
	}
	return found;
}

uint64_t
tctl_section_hash(const struct tctl_lists *lists)
{
	if (lists->section[TCTL_SECTION_LABEL].is_sprint)
		return lists->section[TCTL_SECTION_LABEL].hash;
	for (size_t i = TCTL_SECTION_LABEL; i-- > 1;)
		if (lists->section[i].node != NULL)
			return lists->section[i].hash;
	return 0;
}

/* "1" of "Phase 1"; "Sprint 1" where there are phases, too. */
static const char *
sprint_key(struct tctl_draft *draft, const struct tctl_heading *heading)
{
	struct tctl_arena *arena = draft->plan->arena;

	if (draft->sprint_word == NULL) {
		draft->sprint_word = heading->word;
		draft->sprint_word_length = heading->word_length;
	}
	if (tctl_draft_is_sprint_word(
		draft, heading->word, heading->word_length))
		return tctl_arena_strndup(
		    arena, heading->id, heading->id_length);
	return tctl_arena_printf(arena, "%.*s %.*s", (int)heading->word_length,
	    heading->word, (int)heading->id_length, heading->id);
}

static size_t
enter_sprint(struct tctl_lists *lists, struct tctl_section *section)
{
	struct tctl_draft *draft = lists->draft;
	const struct tctl_md_line *line = tctl_md_first(section->node);
	struct tctl_arena *arena = draft->plan->arena;
	struct tctl_heading heading;
	const char *key;

	tctl_heading_read(arena, line->text, line->length, draft->hours_per_day,
	    false, &heading);
	if (section->is_sprint) {
		key = sprint_key(draft, &heading);
		section->sprint = tctl_ids_find(&lists->keys, key);
		if (section->sprint != TCTL_NONE)
			return section->sprint; /* "Phase 1, continued" */
	} else {
		tctl_title_read(arena, line->text, line->length,
		    draft->hours_per_day, &heading);
		key = tctl_slug(arena, line->text, line->length, KEY_BYTES);
		if (*key == '\0')
			key = "section";
	}
	key =
	    tctl_ids_take(arena, &lists->keys, key, draft->plan->sprint_count);
	section->sprint =
	    tctl_draft_sprint(draft, key, heading.title, section->node->place);
	if (section->is_sprint && !heading.is_calendar)
		draft->plan->sprint[section->sprint].stated_s =
		    heading.estimate_s;
	if (lists->way->is_strict ||
	    (section->is_sprint && tctl_word_is(heading.word,
				       heading.word_length, TCTL_WORD_WAVE)))
		draft->sprint_order[section->sprint] = TCTL_ORDER_STRICT;
	else if (!section->is_sprint)
		draft->sprint_order[section->sprint] = TCTL_ORDER_APART;
	return section->sprint;
}

size_t
tctl_section_sprint(struct tctl_lists *lists)
{
	struct tctl_section *section = find_section(lists);

	if (section == NULL || lists->way->has_no_sections)
		return TCTL_NONE;
	return section->sprint != TCTL_NONE ? section->sprint
					    : enter_sprint(lists, section);
}
