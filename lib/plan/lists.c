/* lists.c - the walk over a plan that is lists. */
#include <string.h>

#include "fields.h"
#include "heading.h"
#include "lists.h"

/* --- tasks ------------------------------------------------------------ */

/* The title, with the lines that go on with it. */
static const char *
whole_title(struct tctl_lists *lists, const struct tctl_md *item,
    const struct tctl_entry *entry)
{
	struct tctl_arena *arena = lists->draft->plan->arena;
	size_t room = entry->length + 1, n = entry->length;
	struct tctl_field field;
	char *title;

	for (size_t i = 1; i < item->line_count; i++)
		room += item->lines[i].length + 1;
	title = tctl_arena_alloc(arena, room);
	memcpy(title, entry->title, n);
	for (size_t i = 1; i < item->line_count; i++) {
		const struct tctl_md_line *line = &item->lines[i];

		if (tctl_field_read(line, &field) || line->text[0] == '-')
			break;
		title[n++] = ' ';
		memcpy(title + n, line->text, line->length);
		n += line->length;
	}
	title[n] = '\0';
	return title;
}

static void
add_remark(
    struct tctl_lists *lists, size_t task, const struct tctl_md_line *line)
{
	lists->remark = tctl_arena_grow(lists->draft->plan->arena,
	    lists->remark, lists->remark_count, sizeof(*lists->remark));
	lists->remark[lists->remark_count++] =
	    (struct tctl_remark){ task, line };
}

/* The same task again, or TCTL_NONE. */
static size_t
find_again(struct tctl_lists *lists, const char *id, const char *title)
{
	size_t task = tctl_ids_find(&lists->ids, id);

	if (task == TCTL_NONE || !lists->way->is_once ||
	    strcmp(lists->draft->plan->task[task].title, title) != 0)
		return TCTL_NONE;
	return task;
}

static const char *
take_id(struct tctl_lists *lists, const struct tctl_entry *entry,
    const char *title, uint64_t seed, struct tctl_place place)
{
	struct tctl_draft *draft = lists->draft;
	struct tctl_arena *arena = draft->plan->arena;
	size_t value = draft->plan->task_count, first;
	const char *id, *taken;

	if (entry->id == NULL)
		return tctl_ids_take(arena, &lists->ids,
		    tctl_id_make(arena, seed, title, strlen(title)), value);
	id = tctl_arena_strndup(arena, entry->id, entry->id_length);
	first = tctl_ids_find(&lists->ids, id);
	taken = entry->is_id_last
		    ? tctl_ids_take_kept(arena, &lists->ids, id, value)
		    : tctl_ids_take(arena, &lists->ids, id, value);
	if (first != TCTL_NONE)
		tctl_say(draft, TCTL_WARNING, "duplicate_id", place,
		    draft->plan->task[first].line,
		    "%s is there already: this one is read as %s", id, taken);
	return taken;
}

/* Without a box: the emoji in the line says that it is done, or the word. */
static void
note_done(
    struct tctl_draft *draft, const struct tctl_md_line *line, size_t task)
{
	const char *end = line->text + line->length, *word = line->text;
	const char *at =
	    tctl_find_mark(line->text, line->length, TCTL_MARK_TICK);
	struct tctl_tick tick = {
		.task = task, .kind = TCTL_TICK_EMOJI, .length = 1, .done = true
	};
	struct tctl_place place;
	size_t n;

	for (; at == NULL && (n = tctl_word_next(end, &word)) != 0; word += n)
		if (tctl_word_is(word, n, TCTL_WORD_DONE)) {
			at = word;
			tick.kind = TCTL_TICK_WORD;
			tick.length = tctl_md_place(line, word + n).column -
				      tctl_md_place(line, word).column;
		}
	if (at == NULL)
		return;
	place = tctl_md_place(line, at);
	tick.line = place.line;
	tick.column = place.column;
	tctl_draft_tick(draft, &tick);
}

static size_t
add_task(struct tctl_lists *lists, const struct tctl_md *item,
    const struct tctl_box *box, const struct tctl_entry *entry, uint64_t seed)
{
	struct tctl_draft *draft = lists->draft;
	struct tctl_plan *plan = draft->plan;
	struct tctl_place place = tctl_md_place(box->line, entry->title);
	struct tctl_entry own = *entry;
	const char *whole = whole_title(lists, item, entry);
	struct tctl_heading heading = { 0 };
	const char *id;
	size_t i;

	tctl_title_read(
	    plan->arena, whole, strlen(whole), draft->hours_per_day, &heading);
	heading.title = tctl_arena_strndup(plan->arena, heading.title,
	    tctl_lists_tail(
		heading.title, draft->hours_per_day, &heading.estimate_s));
	if (entry->id != NULL) {
		place = tctl_md_place(box->line, entry->id);
		id = tctl_arena_strndup(
		    plan->arena, entry->id, entry->id_length);
		i = find_again(lists, id, heading.title);
		if (i != TCTL_NONE) {
			plan->task[i].ticked |= box->is_done;
			tctl_box_tick(draft, box, i, TCTL_TICK_TASK, 0);
			return i;
		}
	}
	if (own.id == NULL && box->line->id != NULL) {
		own.id = box->line->id;
		own.id_length = strlen(own.id);
		own.is_id_last = true;
	}
	id = take_id(lists, &own, heading.title, seed, place);
	i = tctl_draft_task(
	    draft, id, heading.title, tctl_section_sprint(lists), place);
	if (own.id == NULL)
		tctl_draft_made_line(draft, i, box->line);
	lists->entry = tctl_arena_grow(
	    plan->arena, lists->entry, i, sizeof(*lists->entry));
	lists->entry[i] = own;
	plan->task[i].estimate_s = heading.estimate_s;
	plan->task[i].ticked = box->mark != 0 ? box->is_done : heading.is_done;
	if (entry->is_optional)
		plan->task[i].priority = TCTL_PRIORITY_LOW;
	else if (heading.stars > 0 || heading.is_urgent)
		plan->task[i].priority = heading.is_urgent || heading.stars >= 3
					     ? TCTL_PRIORITY_HIGH
					     : 4 - heading.stars;
	draft->detail[i].title_place = tctl_md_place(box->line, entry->title);
	if (box->mark != 0)
		tctl_box_tick(draft, box, i, TCTL_TICK_TASK, 0);
	else if (heading.is_done)
		note_done(draft, box->line, i);
	tctl_field_title_file(draft, i);
	return i;
}

/* --- what stands below a task ----------------------------------------- */

/* Only fields whose value can be nothing else: a detail such as "Size: 4px"
 * is none. */
static void
apply_field(
    struct tctl_lists *lists, size_t task, const struct tctl_field *field)
{
	struct tctl_draft *draft = lists->draft;
	struct tctl_duration duration;

	switch (field->word) {
	case TCTL_WORD_DURATION:
		if (!tctl_duration_read(
			field->value, draft->hours_per_day, &duration))
			return;
		break;
	case TCTL_WORD_FILES:
		if (strpbrk(field->value, "./") == NULL)
			return;
		break;
	case TCTL_WORD_NEEDS:
		add_remark(lists, task, field->line);
		return;
	case TCTL_WORD_AGENT:
	case TCTL_WORD_CRITERIA:
	case TCTL_WORD_MUTEX:
	case TCTL_WORD_PRIORITY:
		break;
	default:
		return;
	}
	tctl_field_apply(draft, task, field);
}

static void
read_lines(struct tctl_lists *lists, struct tctl_open *open,
    const struct tctl_md *node, size_t from)
{
	for (size_t i = from; i < node->line_count; i++) {
		struct tctl_field field;

		if (!strncmp(node->lines[i].text, "-[", 2))
			tctl_say(lists->draft, TCTL_WARNING, "no_box",
			    node->lines[i].place, 0,
			    "a box needs a blank before it (\"- [ ] text\"): "
			    "this one is not read");

		if (!tctl_field_read(&node->lines[i], &field)) {
			open->field = TCTL_WORD_NONE;
			continue;
		}
		open->field = field.length == 0 ? field.word : TCTL_WORD_NONE;
		apply_field(lists, open->task, &field);
	}
}

static void
add_line(struct tctl_lists *lists, size_t task, const struct tctl_box *box,
    enum tctl_word field)
{
	struct tctl_plan *plan = lists->draft->plan;
	bool is_criterion = field == TCTL_WORD_CRITERIA;
	struct tctl_items *items =
	    is_criterion ? &plan->task[task].criteria : &plan->task[task].steps;

	tctl_items_add(plan->arena, items,
	    tctl_arena_strndup(plan->arena, box->text, box->length),
	    box->is_done, box->place.line);
	tctl_box_tick(lists->draft, box, task,
	    is_criterion ? TCTL_TICK_CRITERION : TCTL_TICK_STEP,
	    items->count - 1);
}

/* An item below a task that is no task itself. */
static void
read_below(struct tctl_lists *lists, struct tctl_open *open,
    const struct tctl_md *item, const struct tctl_box *box,
    enum tctl_word outer)
{
	if (box->length == 0 || (lists->way->below != NULL &&
				    lists->way->below(lists, open->task, box)))
		return;
	open->field = outer;
	if (box->mark != 0 || outer == TCTL_WORD_CRITERIA) {
		add_line(lists, open->task, box, outer);
	} else if (outer == TCTL_WORD_FILES) {
		tctl_field_files(lists->draft, open->task, box->line, box->text,
		    box->length);
	} else {
		read_lines(lists, open, item, 0);
	}
}

/* --- the walk --------------------------------------------------------- */

static void
read_item(struct tctl_lists *lists, const struct tctl_md *item)
{
	struct tctl_draft *draft = lists->draft;
	const struct tctl_open *outer =
	    lists->open_count == 0 ? NULL : &lists->open[lists->open_count - 1];
	struct tctl_open open = { .node = item,
		.task = outer == NULL ? TCTL_NONE : outer->task,
		.seed =
		    outer == NULL ? tctl_section_hash(lists) : outer->seed };
	size_t parent = open.task;
	struct tctl_entry entry = { 0 };
	struct tctl_box box;

	tctl_box_read(item, &box);
	if ((outer == NULL || outer->field != TCTL_WORD_CRITERIA) &&
	    box.length != 0 && lists->way->read(item, &box, &entry)) {
		entry.is_optional |= box.is_optional;
		open.task = add_task(lists, item, &box, &entry, open.seed);
		for (size_t i = 0; i < item->line_count; i++)
			add_remark(lists, open.task, &item->lines[i]);
		read_lines(lists, &open, item, 1);
		if (parent != TCTL_NONE && parent != open.task &&
		    (!entry.is_optional || lists->entry[parent].is_optional))
			tctl_draft_edge(
			    draft, open.task, parent, TCTL_EDGE_PART);
	} else if (open.task != TCTL_NONE) {
		read_below(lists, &open, item, &box, outer->field);
	} else if (box.mark != 0 && draft->loose_boxes++ == 0) {
		draft->loose_place = box.place;
	}
	if (open.task != parent)
		box.text = draft->plan->task[open.task].title;
	open.seed = tctl_words_hash(open.seed, box.text, strlen(box.text));
	lists->open = tctl_arena_grow(draft->plan->arena, lists->open,
	    lists->open_count, sizeof(*lists->open));
	lists->open[lists->open_count++] = open;
}

static void
enter(struct tctl_lists *lists, const struct tctl_md *node)
{
	struct tctl_open *open =
	    lists->open_count == 0 ? NULL : &lists->open[lists->open_count - 1];

	if (node->kind == TCTL_MD_ITEM)
		read_item(lists, node);
	else if (node->kind == TCTL_MD_HEADING && open == NULL)
		tctl_section_open(lists, node->level, node);
	else if (node->kind != TCTL_MD_PARAGRAPH)
		return;
	else if (open != NULL && open->task != TCTL_NONE)
		read_lines(lists, open, node, 0);
	else if (open == NULL)
		tctl_section_label(lists, node);
}

static void
leave(struct tctl_lists *lists, const struct tctl_md *node)
{
	if (lists->open_count != 0 &&
	    lists->open[lists->open_count - 1].node == node)
		lists->open_count--;
}

static size_t
count_top_headings(const struct tctl_md *root)
{
	size_t count = 0;

	for (const struct tctl_md *node = root->child; node; node = node->next)
		count += node->kind == TCTL_MD_HEADING && node->level == 1;
	return count;
}

/* A line with the same words that is put in front does not get them. */
static void
keep_ids(struct tctl_lists *lists)
{
	const struct tctl_md *root = lists->draft->source.root, *item = root;

	while ((item = tctl_lists_next(root, item)) != NULL)
		if (tctl_md_first(item)->id != NULL)
			tctl_ids_keep(lists->draft->plan->arena, &lists->ids,
			    tctl_md_first(item)->id);
}

void
tctl_lists_read(struct tctl_lists *lists)
{
	const struct tctl_md *root = lists->draft->source.root;
	const struct tctl_md *node = root->child;

	lists->top_headings = count_top_headings(root);
	keep_ids(lists);
	while (node != NULL) {
		enter(lists, node);
		if (node->child != NULL) {
			node = node->child;
			continue;
		}
		leave(lists, node);
		while (node->next == NULL && node->parent != root) {
			node = node->parent;
			leave(lists, node);
		}
		node = node->next;
	}
}
