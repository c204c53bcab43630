/* dialect_mermaid.c - a Mermaid gantt block, or a file of one, as a plan by
 * itself.
 *
 * Sections are sprints; what is `after` another needs it, and a bar without a
 * start needs the one above it, as Mermaid draws it.  All order is stated: no
 * section waits for the one before.  Lengths are as Mermaid means them: 2d is
 * 48 hours. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "dialect.h"
#include "gantt.h"
#include "groups.h"
#include "heading.h"
#include "ids.h"
#include "dialect_tables.h"

enum { SCORE_BLOCK = 50 };

/* --- recognising ------------------------------------------------------ */

/* The bytes of the line at text. */
static size_t
line_length(const char *text, const char *end)
{
	const char *newline = memchr(text, '\n', (size_t)(end - text));

	return newline == NULL ? (size_t)(end - text)
			       : (size_t)(newline - text);
}

static bool
ends_with(const char *text, size_t length, const char *what)
{
	size_t n = strlen(what);

	return length >= n && !memcmp(text + length - n, what, n);
}

/* Is the first line that is no comment, directive or front matter `gantt`? */
static bool
is_gantt_file(const struct tctl_source *source)
{
	const char *at = source->text, *end = at + source->length;
	bool in_directive = false, in_matter = false;

	for (size_t n; at < end; at += n + (at + n < end)) {
		const char *line = at;
		size_t length = n = line_length(at, end);

		tctl_trim(&line, &length);
		if (length == 3 && !memcmp(line, "---", 3)) {
			in_matter = !in_matter;
		} else if (in_directive ||
			   (length >= 3 && !memcmp(line, "%%{", 3))) {
			in_directive = !ends_with(line, length, "}%%");
		} else if (!in_matter && length != 0 &&
			   (length < 2 || memcmp(line, "%%", 2) != 0)) {
			return length == strlen("gantt") &&
			       !memcmp(line, "gantt", length);
		}
	}
	return false;
}

static bool
is_mermaid(const struct tctl_md *node)
{
	return node->kind == TCTL_MD_CODE &&
	       !strncasecmp(node->code->info, "mermaid", strlen("mermaid"));
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	const struct tctl_md *node = source->root;
	size_t blocks = 0, items = 0, boxes = 0;

	if (is_gantt_file(source)) {
		*why = "a file that is a Mermaid gantt diagram";
		return 110;
	}
	if (source->best >= SCORE_BLOCK)
		return 0;
	while ((node = tctl_md_walk(source->root, node)) != NULL) {
		struct tctl_gantt gantt;

		boxes += node->kind == TCTL_MD_ITEM && node->mark != 0;
		if (!is_mermaid(node) || !tctl_gantt_read(node, arena, &gantt))
			continue;
		blocks++;
		items += gantt.item_count;
	}
	if (items == 0)
		return 0;
	*why =
	    tctl_arena_printf(arena, "%zu Mermaid gantt block%s with %zu bar%s",
		blocks, blocks == 1 ? "" : "s", items, items == 1 ? "" : "s");
	/* Where there are as many boxes, the chart is of them. */
	return boxes >= items ? 5 : SCORE_BLOCK;
}

/* --- reading ---------------------------------------------------------- */

/* A bar that is work. */
struct bar {
	struct tctl_gantt_item *item;
	const char *id, *title;
	size_t block;
};

struct reader {
	struct tctl_draft *draft;
	struct tctl_groups groups;
	struct tctl_gantt *gantt; /* the blocks */
	size_t gantt_count;
	struct bar *bar; /* of all blocks */
	size_t bar_count;
	struct tctl_index ids; /* of bars */
};

/* "#58;" is a colon, which a title cannot hold. */
static const char *
without_entities(struct tctl_arena *arena, const char *title)
{
	char *copy = tctl_arena_strdup(arena, title), *to = copy;

	while (*title != '\0') {
		int c = 0, n = 0;

		if (sscanf(title, "#%3d;%n", &c, &n) == 1 && n > 0 &&
		    c >= ' ' && c < 0x7f) {
			*to++ = (char)c;
			title += n;
		} else {
			*to++ = *title++;
		}
	}
	*to = '\0';
	return copy;
}

static void
put_in_section(
    struct reader *r, size_t task, const struct tctl_gantt_item *item)
{
	struct tctl_draft *draft = r->draft;
	struct tctl_heading heading;
	struct tctl_group group = { task, item->section, item->section,
		item->place };

	if (item->section == NULL || *item->section == '\0')
		return;
	tctl_heading_read(draft->plan->arena, item->section,
	    strlen(item->section), draft->hours_per_day, false, &heading);
	if (heading.kind == TCTL_HEADING_SPRINT) {
		group.key = tctl_sprint_key(draft, &heading);
		group.title = heading.title;
	}
	tctl_groups_add(draft, &r->groups, &group);
}

static void
add_bar(struct reader *r, struct tctl_gantt_item *item)
{
	struct tctl_arena *arena = r->draft->plan->arena;
	const char *title = without_entities(arena, item->title);
	const char *id = item->id, *rest = title;
	size_t n = 0;

	if (id == NULL)
		n = tctl_leading_id(title, title + strlen(title), false, &rest);
	if (n != 0) {
		id = tctl_arena_strndup(arena, title + (*title == '#'), n);
		title = *rest != '\0' ? rest : title;
	} else if (id == NULL) {
		id = tctl_id_make(arena, 0, title, strlen(title));
	}
	tctl_index_add(arena, &r->ids, id, r->bar_count);
	r->bar = tctl_arena_grow(arena, r->bar, r->bar_count, sizeof(*r->bar));
	r->bar[r->bar_count++] =
	    (struct bar){ item, id, title, r->gantt_count };
}

/* What a block before has drawn is the same task. */
static void
add_task(struct reader *r, const struct bar *bar)
{
	struct tctl_draft *draft = r->draft;
	struct tctl_gantt_item *item = bar->item;
	const struct bar *first = &r->bar[tctl_index_find(&r->ids, bar->id)];
	struct tctl_task *task;

	if (first->block < bar->block) {
		item->task = first->item->task;
		draft->plan->task[item->task].ticked |= item->is_done;
		return;
	}
	item->task =
	    tctl_draft_task(draft, bar->id, bar->title, TCTL_NONE, item->place);
	draft->detail[item->task].title_place = item->place;
	task = &draft->plan->task[item->task];
	task->ticked = item->is_done;
	if (item->is_critical)
		task->priority = TCTL_PRIORITY_HIGH;
	if (item->is_milestone)
		task->estimate_s = 0;
	else if (item->duration_s > 0)
		task->estimate_s = item->duration_s;
	put_in_section(r, item->task, item);
}

/* Mermaid draws what is after nothing from today on, without a word. */
static void
say_unknown(struct reader *r, const struct tctl_gantt *gantt,
    const struct tctl_gantt_item *item)
{
	struct tctl_index ids = { 0 };

	for (size_t k = 0; k < item->before_count; k++)
		tctl_index_add(r->draft->plan->arena, &ids,
		    gantt->item[item->before[k]].id, k);
	tctl_index_build(&ids);
	for (size_t k = 0; k < item->after.count; k++)
		if (tctl_index_find(&ids, item->after.at[k]) == TCTL_NONE)
			tctl_say(r->draft, TCTL_ERROR, "unknown_dependency",
			    item->start_place, 0,
			    "\"%.60s\" is after %.60s, and there is no such "
			    "bar",
			    item->title, item->after.at[k]);
}

static void
add_edges(struct reader *r, const struct tctl_gantt *gantt)
{
	size_t above = TCTL_NONE; /* the bar that was read before */

	for (size_t i = 0; i < gantt->item_count; i++) {
		const struct tctl_gantt_item *item = &gantt->item[i];

		if (item->is_marker)
			continue;
		for (size_t k = 0; k < item->before_count; k++) {
			size_t task = gantt->item[item->before[k]].task;

			if (task != TCTL_NONE)
				tctl_draft_edge(r->draft, task, item->task,
				    TCTL_EDGE_DIAGRAM);
		}
		if (item->before_count < item->after.count)
			say_unknown(r, gantt, item);
		if (item->start == NULL && item->after.count == 0 &&
		    above != TCTL_NONE)
			tctl_draft_edge(
			    r->draft, above, item->task, TCTL_EDGE_DIAGRAM);
		above = item->task;
	}
}

static void
read_diagram(struct reader *r, const struct tctl_md *code)
{
	struct tctl_plan *plan = r->draft->plan;
	struct tctl_gantt gantt;

	if (!tctl_gantt_read(code, plan->arena, &gantt))
		return;
	if (plan->title == NULL)
		plan->title = gantt.title;
	for (size_t i = 0; i < gantt.item_count; i++)
		if (!gantt.item[i].is_marker)
			add_bar(r, &gantt.item[i]);
	r->gantt = tctl_arena_grow(
	    plan->arena, r->gantt, r->gantt_count, sizeof(*r->gantt));
	r->gantt[r->gantt_count++] = gantt;
}

/* As if it were a block. */
static void
read_file(struct reader *r)
{
	const struct tctl_source *source = &r->draft->source;
	struct tctl_md_code code = { .text = tctl_arena_strndup(
					 r->draft->plan->arena, source->text,
					 source->length),
		.info = "mermaid",
		.column = 1 };
	const struct tctl_md node = {
		.kind = TCTL_MD_CODE, .place = { 1, 1 }, .code = &code
	};

	read_diagram(r, &node);
}

static void
read_mermaid(struct tctl_draft *draft)
{
	const struct tctl_md *root = draft->source.root, *node = root;
	struct reader r = { .draft = draft };

	draft->is_order_stated = true;
	if (is_gantt_file(&draft->source))
		read_file(&r);
	else
		while ((node = tctl_md_walk(root, node)) != NULL)
			if (is_mermaid(node))
				read_diagram(&r, node);
			else if (node->kind == TCTL_MD_ITEM &&
				 node->mark != 0 && draft->loose_boxes++ == 0)
				draft->loose_place = node->place;
	tctl_index_build(&r.ids);
	for (size_t i = 0; i < r.bar_count; i++)
		add_task(&r, &r.bar[i]);
	for (size_t i = 0; i < r.gantt_count; i++)
		add_edges(&r, &r.gantt[i]);
	tctl_groups_settle(draft, &r.groups);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
}

const struct tctl_dialect tctl_dialect_mermaid = {
	.looks_for = "a Mermaid `gantt` block",
	.recognise = recognise,
	.read = read_mermaid,
};
