/* checklist_ids.c - what the tasks of a checklist are called: the plan's own
 * ids, or ids made of headings, that no other section changes. */
#include <string.h>

#include "checklist.h"
#include "heading.h"

/* The nearest open heading above a level; NULL: the plan's title, or none. */
const struct tctl_md *
tctl_checklist_above(const struct tctl_checklist *r, int level)
{
	while (--level > 1)
		if (r->path[level] != NULL)
			return r->path[level];
	return NULL;
}

void
tctl_checklist_outline(struct tctl_checklist *r, const struct tctl_md *node,
    struct tctl_outline *out)
{
	tctl_outline_read(
	    r->draft->plan->arena, node, r->draft->hours_per_day, out);
}

const char *
tctl_checklist_slug(struct tctl_checklist *r, const struct tctl_md *node)
{
	struct tctl_outline outline;

	tctl_checklist_outline(r, node, &outline);
	if (outline.kind == TCTL_OUTLINE_PHASE)
		return tctl_slug(r->draft->plan->arena, outline.word,
		    (size_t)(outline.id - outline.word) + outline.id_length);
	return tctl_slug(r->draft->plan->arena, outline.heading.title,
	    strlen(outline.heading.title));
}

/* Below its heading's, so that two sections "Configuration" differ, wherever
 * either is moved to. */
static const char *
under_heading(
    struct tctl_checklist *r, const struct tctl_md *node, const char *id)
{
	const struct tctl_md *above = tctl_checklist_above(r, node->level);

	return above == NULL ? id
			     : tctl_arena_printf(r->draft->plan->arena, "%s.%s",
				   tctl_checklist_slug(r, above), id);
}

/* "{#id}", "1.2" and "Step 3" are the plan's own; NULL: it has none. */
static const char *
own_id_of(struct tctl_checklist *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	struct tctl_arena *arena = r->draft->plan->arena;
	const char *id = tctl_md_first(node)->id;

	if (id != NULL)
		return id;
	if (outline->kind == TCTL_OUTLINE_STEP)
		return tctl_arena_printf(arena, "%.*s-%.*s",
		    (int)outline->word_length, outline->word,
		    (int)outline->id_length, outline->id);
	if (outline->kind == TCTL_OUTLINE_NUMBER &&
	    memchr(outline->id, '.', outline->id_length) != NULL)
		return tctl_arena_strndup(
		    arena, outline->id, outline->id_length);
	return NULL;
}

/* Several of one id: each goes by its heading too, and those that are still
 * alike are counted. */
static void
part_ids(struct tctl_checklist *r)
{
	struct tctl_draft *draft = r->draft;
	const struct tctl_index *index = &draft->tasks;

	for (int round = 0; round < 2; round++) {
		size_t first = 0;

		draft->tasks.count = 0;
		tctl_draft_index_tasks(draft);
		for (size_t i = 1; i <= index->count; i++) {
			if (i < index->count && strcmp(index->row[i].key,
						    index->row[first].key) == 0)
				continue;
			for (size_t k = first; i - first > 1 && k < i; k++)
				tctl_draft_rename(draft, index->row[k].value,
				    round == 0
					? r->names[index->row[k].value].long_id
				    : k == first
					? draft->plan->task[index->row[k].value]
					      .id
					: tctl_arena_printf(draft->plan->arena,
					      "%s-%zu",
					      draft->plan
						  ->task[index->row[k].value]
						  .id,
					      k - first + 1));
			first = i;
		}
	}
	draft->tasks.count = 0;
}

/* Which ids are not the plan's own, now that no two are alike. */
static void
note_made(struct tctl_checklist *r)
{
	struct tctl_draft *draft = r->draft;

	for (size_t i = 0; i < draft->plan->task_count; i++) {
		const struct tctl_checklist_names *names = &r->names[i];
		const char *id = draft->plan->task[i].id;

		/* A heading may be "#" and no more: nowhere to write an id. */
		if (names->heading == NULL || names->heading->lines == NULL ||
		    (names->own != NULL && strcmp(names->own, id) == 0))
			continue;
		if (names->heading->lines->id == NULL)
			tctl_draft_made_line(draft, i, names->heading->lines);
		else
			tctl_say(draft, TCTL_WARNING, "duplicate_id",
			    names->heading->place, 0,
			    "%s is there already: this one is read as %s",
			    names->own, id);
	}
}

const char *
tctl_checklist_id(struct tctl_checklist *r, const struct tctl_md *node,
    const struct tctl_outline *outline, struct tctl_checklist_names *names)
{
	const char *own = own_id_of(r, node, outline);
	const char *id =
	    own != NULL ? own
			: under_heading(r, node, tctl_checklist_slug(r, node));

	*names = (struct tctl_checklist_names){ id, own, node };
	if (tctl_md_first(node)->id == NULL &&
	    (outline->kind == TCTL_OUTLINE_STEP || strchr(id, '-') == NULL))
		names->long_id = under_heading(r, node, id);
	return id;
}

void
tctl_checklist_settle_ids(struct tctl_checklist *r)
{
	part_ids(r);
	note_made(r);
}
