/* fields.c - the fields of a task: "**Duration** : 2h30" and its like. */
#include <string.h>

#include "fields.h"
#include "status.h"

enum { NAME_MAX_BYTES = 60 }; /* a longer name of a field is a sentence */

/* --- recognising ------------------------------------------------------ */

/* "Duration (estimated)" is "Duration". */
static size_t
name_length(const char *name, size_t length)
{
	const char *open = memchr(name, '(', length);

	if (open != NULL && open > name)
		length = (size_t)(open - name);
	tctl_trim(&name, &length);
	return length;
}

static const char *
skip_colon(const char *at, const char *end, bool *found)
{
	static const char wide[] = "：";

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	*found = true;
	if (at < end && (*at == ':' || *at == '='))
		return at + 1;
	if ((size_t)(end - at) >= strlen(wide) &&
	    !memcmp(at, wide, strlen(wide)))
		return at + strlen(wide);
	*found = false;
	return at;
}

/* "**Name** : value" and "**Name :** value". */
static bool
read_strong(const struct tctl_md_line *line, struct tctl_field *out)
{
	const char *end = line->text + line->length;
	const char *start = tctl_skip_marks(line->text, end);
	const struct tctl_md_run *run = line->run;
	bool colon = false, colon_inside;

	if (line->run_count == 0 || run->style != TCTL_MD_STRONG ||
	    run->from > (size_t)(start - line->text))
		return false;
	out->name = line->text + run->from;
	out->name_length = run->to - run->from;
	tctl_trim(&out->name, &out->name_length);
	colon_inside =
	    out->name_length > 0 && out->name[out->name_length - 1] == ':';
	out->name_length -= colon_inside;
	out->value = skip_colon(line->text + run->to, end, &colon);
	return colon || colon_inside || out->value == end;
}

/* "Name: value". */
static bool
read_plain(const struct tctl_md_line *line, struct tctl_field *out)
{
	const char *end = line->text + line->length;
	const char *colon = memchr(line->text, ':',
	    line->length < NAME_MAX_BYTES ? line->length : NAME_MAX_BYTES);

	if (colon == NULL)
		return false;
	out->name = tctl_skip_marks(line->text, colon);
	out->name_length = (size_t)(colon - out->name);
	out->value = colon + 1;
	return out->value <= end;
}

/* "DoD of the wave" is a DoD. */
static enum tctl_word
first_word(const char *name, size_t length)
{
	const char *word = name;
	size_t n = tctl_word_next(name + length, &word);

	return n != 0 && tctl_word_is(word, n, TCTL_WORD_CRITERIA)
		   ? TCTL_WORD_CRITERIA
		   : TCTL_WORD_NONE;
}

static void
take_value(const struct tctl_md_line *line, struct tctl_field *out)
{
	out->line = line;
	out->length = (size_t)(line->text + line->length - out->value);
	tctl_trim(&out->value, &out->length);
}

bool
tctl_field_read(const struct tctl_md_line *line, struct tctl_field *out)
{
	/* Without marks only names known here are names. */
	if (!read_strong(line, out) &&
	    (!read_plain(line, out) ||
		tctl_word_field(out->name, out->name_length) == TCTL_WORD_NONE))
		return false;
	out->name = tctl_skip_marks(out->name, out->name + out->name_length);
	out->word = tctl_word_field(
	    out->name, name_length(out->name, out->name_length));
	if (out->word == TCTL_WORD_NONE)
		out->word = first_word(out->name, out->name_length);
	take_value(line, out);
	return true;
}

static bool
is_named(const struct tctl_field *field, enum tctl_word word)
{
	const char *end = field->name + field->name_length;
	const char *name = tctl_skip_marks(field->name, end);

	return tctl_word_is(
	    name, name_length(name, (size_t)(end - name)), word);
}

bool
tctl_field_is(const struct tctl_md_line *line, enum tctl_word word,
    struct tctl_field *out)
{
	if ((!read_strong(line, out) || !is_named(out, word)) &&
	    (!read_plain(line, out) || !is_named(out, word)))
		return false;
	out->word = word;
	take_value(line, out);
	return true;
}

/* --- values ----------------------------------------------------------- */

void
tctl_after_read(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *text, size_t length,
    enum tctl_edge_source source)
{
	const char *end = text + length;
	size_t n;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n)
		if (tctl_word_is(text, n, TCTL_WORD_AFTER)) {
			text += n;
			tctl_draft_ref(
			    draft, &(struct tctl_ref){ .task = task,
				       .text = text,
				       .length = (size_t)(end - text),
				       .line = line,
				       .source = source });
			return;
		}
}

void
tctl_needs_read(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *text, size_t length,
    enum tctl_edge_source source)
{
	if (tctl_is_nothing(text, length))
		return;
	tctl_draft_ref(draft, &(struct tctl_ref){ .task = task,
				  .text = text,
				  .length = length,
				  .line = line,
				  .source = source,
				  .is_field = true });
}

static bool
is_negative(const char *value)
{
	static const char minus[] = "−";

	if (!strncmp(value, minus, strlen(minus)))
		value += strlen(minus);
	else if (*value == '-')
		value++;
	else
		return false;
	return *value >= '0' && *value <= '9';
}

static void
apply_duration(
    struct tctl_draft *draft, size_t task, const struct tctl_field *field)
{
	const char *end = field->value + field->length;
	const char *value = tctl_skip_marks(field->value, end);
	struct tctl_place place = tctl_md_place(field->line, value);
	struct tctl_duration duration;

	draft->detail[task].duration_line = place.line;
	draft->detail[task].duration_column = place.column;
	if (tctl_is_nothing(value, (size_t)(end - value)))
		return;
	if (is_negative(value)) {
		tctl_say(draft, TCTL_WARNING, "impossible_duration", place, 0,
		    "\"%.60s\" is less than no time: it is not read", value);
		return;
	}
	if (!tctl_duration_read(value, draft->hours_per_day, &duration)) {
		tctl_say(draft, TCTL_WARNING, "bad_duration", place, 0,
		    "no duration could be read from \"%.60s\" (2h30, 45min, "
		    "2 days were expected)",
		    value);
		return;
	}
	draft->plan->task[task].estimate_s = duration.seconds;
	if (duration.is_range)
		tctl_say(draft, TCTL_WARNING, "range", place, 0,
		    "\"%.60s\" is a range: its low end counts", value);
}

static void
apply_parallel(
    struct tctl_draft *draft, size_t task, const struct tctl_field *field)
{
	struct tctl_detail *detail = &draft->detail[task];
	int parallel = tctl_parallel_read(field->value, field->length);

	if (parallel == 0)
		detail->serial = tctl_md_place(field->line, field->value);
	else if (parallel == 1)
		detail->parallel = tctl_md_place(field->line, field->value);
	tctl_after_read(draft, task, field->line, field->value, field->length,
	    TCTL_EDGE_FIELD);
}

/* --- lists ------------------------------------------------------------ */

void
tctl_field_item(struct tctl_draft *draft, size_t task, enum tctl_tick_of of,
    const struct tctl_md *item)
{
	struct tctl_task *t = &draft->plan->task[task];
	struct tctl_items *items =
	    of == TCTL_TICK_CRITERION ? &t->criteria : &t->steps;

	tctl_tick_box(draft,
	    (struct tctl_tick){ .task = task, .of = of, .index = items->count },
	    item);
	tctl_items_add(draft->plan->arena, items, tctl_md_text(item),
	    item->mark != 0 && item->mark != ' ', item->place.line);
}

static void
add_item(struct tctl_draft *draft, size_t task, enum tctl_word word,
    const struct tctl_md *item)
{
	const struct tctl_md_line *line = item->lines;

	if (item->line_count == 0)
		return;
	if (word == TCTL_WORD_CRITERIA)
		tctl_field_item(draft, task, TCTL_TICK_CRITERION, item);
	else if (item->mark != 0)
		tctl_field_item(draft, task, TCTL_TICK_STEP, item);
	else if (word == TCTL_WORD_FILES)
		tctl_field_files(draft, task, line, line->text, line->length);
	else if (word == TCTL_WORD_NEEDS)
		tctl_needs_read(draft, task, line, line->text, line->length,
		    TCTL_EDGE_FIELD);
}

/* Walks without recursion; a field among the items owns the list in it. */
void
tctl_field_list(struct tctl_draft *draft, size_t task, enum tctl_word word,
    const struct tctl_md *list)
{
	const struct tctl_md *owner = NULL, *node = list;
	enum tctl_word inner = word;

	while ((node = tctl_md_walk(list, node)) != NULL) {
		struct tctl_field field;

		if (owner != NULL && node->parent == list)
			owner = NULL, inner = word;
		if (node->kind == TCTL_MD_CODE && inner == TCTL_WORD_FILES)
			tctl_field_fence(draft, task, node);
		if (node->kind != TCTL_MD_ITEM)
			continue;
		if (word == TCTL_WORD_NONE && node->line_count != 0 &&
		    node->mark == 0 && node->parent == list &&
		    tctl_field_read(node->lines, &field) &&
		    field.word != TCTL_WORD_NONE) {
			owner = node;
			inner = field.word;
			tctl_field_apply(draft, task, &field);
			continue;
		}
		add_item(draft, task, inner, node);
	}
}

void
tctl_field_apply(
    struct tctl_draft *draft, size_t task, const struct tctl_field *field)
{
	struct tctl_task *t = &draft->plan->task[task];
	struct tctl_detail *detail = &draft->detail[task];
	struct tctl_arena *arena = draft->plan->arena;
	const struct tctl_md_line *line = field->line;
	const char *value = field->value;
	size_t length = field->length;
	int priority;

	switch (field->word) {
	case TCTL_WORD_DURATION:
		apply_duration(draft, task, field);
		break;
	case TCTL_WORD_AGENT:
		t->planned_agent = tctl_agent_name(arena, value, length);
		detail->agent_line = line->place.line;
		tctl_after_read(
		    draft, task, line, value, length, TCTL_EDGE_FIELD);
		break;
	case TCTL_WORD_PARALLEL:
		apply_parallel(draft, task, field);
		break;
	case TCTL_WORD_SEQUENTIAL:
		if (tctl_parallel_read(value, length) == 1)
			detail->serial = tctl_md_place(line, value);
		break;
	case TCTL_WORD_MUTEX:
		if (!tctl_is_nothing(value, length))
			t->mutex = tctl_arena_strndup(arena, value, length);
		break;
	case TCTL_WORD_NEEDS:
		tctl_needs_read(
		    draft, task, line, value, length, TCTL_EDGE_FIELD);
		break;
	case TCTL_WORD_FILES:
		tctl_field_files(draft, task, line, value, length);
		break;
	case TCTL_WORD_CRITERIA:
		if (length != 0)
			tctl_items_add(arena, &t->criteria, value, false,
			    line->place.line);
		break;
	case TCTL_WORD_PRIORITY:
		priority = tctl_priority_read(value, length);
		if (priority != 0)
			t->priority = priority;
		break;
	case TCTL_WORD_STATUS:
		tctl_status_apply(draft, task, line, value, length);
		break;
	default:
		break;
	}
}
