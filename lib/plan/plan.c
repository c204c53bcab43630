/* plan.c - the way from bytes to a plan. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dialect.h"
#include "gantt.h"
#include "json_text.h"
#include "parts.h"

enum { LOST_LINES = 8, DEFAULT_HOURS = 8 };

/* The one list of dialects: tctl_dialect_NAME for each(NAME). */
#define DIALECTS(each) \
	each(sprint) each(speckit) each(kiro) each(bullets) each(checklist) \
	    each(todo) each(tables) each(mermaid) each(backlog) \
		each(taskmaster) each(beads) each(taskctl) each(json)
#define DIALECT(name) &tctl_dialect_##name,
#define FORMAT(name) #name,

static const struct tctl_dialect *const dialect[] = { DIALECTS(DIALECT) };

const char *const tctl_plan_formats[] = { DIALECTS(FORMAT) NULL };

const char *
tctl_severity_word(enum tctl_severity severity)
{
	static const char *const word[] = { "note", "warning", "error" };

	return word[severity];
}

/* --- the bytes -------------------------------------------------------- */

static enum tctl_status
fail_nul(const char *bytes, const char *nul, struct tctl_error *err)
{
	size_t line = 1, column = 1;

	for (const char *at = bytes; at < nul; at++)
		if (*at == '\n') {
			line++;
			column = 1;
		} else {
			column += (*at & 0xC0) != 0x80;
		}
	return tctl_fail(err, TCTL_EINVALID,
	    "line %zu, column %zu: this is not text: byte %zu is NUL", line,
	    column, (size_t)(nul - bytes) + 1);
}

static enum tctl_status
check_bytes(const char *bytes, size_t length, struct tctl_error *err)
{
	bool is_utf16 = length >= 2 && (!memcmp(bytes, "\xFF\xFE", 2) ||
					   !memcmp(bytes, "\xFE\xFF", 2));
	const char *nul;
	size_t blank = 0;

	if (length > TCTL_PLAN_BYTES_MAX)
		return tctl_fail(err, TCTL_EINVALID,
		    "the plan has %zu bytes, and more than %d are not read",
		    length, TCTL_PLAN_BYTES_MAX);
	nul = length == 0 ? NULL : memchr(bytes, '\0', length);
	if (nul != NULL && !is_utf16)
		return fail_nul(bytes, nul, err);
	while (blank < length && strchr(" \t\r\n", bytes[blank]) != NULL)
		blank++;
	if (blank == length)
		return tctl_fail(err, TCTL_EINVALID, "the plan is empty");
	return TCTL_OK;
}

/* Where the line has the character that stands for a lost one. */
static struct tctl_place
find_lost(const char *text, int line)
{
	static const char lost[] = "\xEF\xBF\xBD";
	struct tctl_place place = { line, 1 };
	const char *end;

	for (int i = 1; i < line; i++)
		text = strchr(text, '\n') + 1;
	for (end = strstr(text, lost); text < end; text++)
		place.column += (*text & 0xC0) != 0x80;
	return place;
}

static void
say_repair(struct tctl_draft *draft, const char *text, const char *from,
    size_t lost, const int lost_line[])
{
	char lines[LOST_LINES * 12 + 4] = "";
	size_t n = 0;

	tctl_say(draft, TCTL_NOTE, "encoding", (struct tctl_place){ 1, 1 }, 0,
	    "the text was UTF-8 read as %s and saved again: repaired", from);
	if (lost == 0)
		return;
	for (size_t i = 0; i < lost && i < LOST_LINES; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s%d",
		    i == 0 ? "" : ", ", lost_line[i]);
	tctl_say(draft, TCTL_WARNING, "encoding_lost",
	    find_lost(text, lost_line[0]), 0,
	    "%zu character%s could not be restored (line%s %s%s)", lost,
	    lost == 1 ? "" : "s", lost == 1 ? "" : "s", lines,
	    lost > LOST_LINES ? ", ..." : "");
}

/* Replace *bytes by the repaired text, which *owned then is. */
static enum tctl_status
repair(struct tctl_draft *draft, const char **bytes, size_t *length,
    char **owned, struct tctl_error *err)
{
	int lost_line[LOST_LINES];
	const char *from = NULL;
	enum tctl_status status;
	size_t lost = 0;

	*owned = NULL;
	status = tctl_encoding_repair(*bytes, *length, owned, length, &from,
	    &lost, lost_line, LOST_LINES, err);
	if (status != TCTL_OK)
		return status;
	if (from != NULL) {
		*bytes = *owned;
		say_repair(draft, *bytes, from, lost, lost_line);
	} else if (*length >= 3 && !memcmp(*bytes, "\xEF\xBB\xBF", 3)) {
		*bytes += 3;
		*length -= 3;
	}
	return TCTL_OK;
}

/* --- the dialect ------------------------------------------------------ */

static enum tctl_status
fail_format(const char *format, struct tctl_error *err)
{
	char known[200] = "";

	for (size_t i = 0; i < TCTL_COUNT(dialect); i++) {
		size_t n = strlen(known);

		snprintf(known + n, sizeof(known) - n, "%s%s",
		    n == 0 ? "" : ", ", tctl_plan_formats[i]);
	}
	return tctl_fail(err, TCTL_EINVALID,
	    "there is no plan format %.40s; there is: %s", format, known);
}

static enum tctl_status
fail_unrecognised(const struct tctl_source *source, struct tctl_error *err)
{
	char looked[800] = "";

	for (size_t i = 0; i < TCTL_COUNT(dialect); i++) {
		size_t n = strlen(looked);

		if (dialect[i]->is_json != (source->json != NULL))
			continue;
		snprintf(looked + n, sizeof(looked) - n, "%s%s",
		    n == 0 ? "" : "; ", dialect[i]->looks_for);
	}
	return tctl_fail(err, TCTL_EINVALID,
	    "no plan is recognised in it; looked for: %s", looked);
}

/* The surest dialect, or the one that was asked for. */
static enum tctl_status
choose(struct tctl_draft *draft, const struct tctl_dialect **out,
    struct tctl_error *err)
{
	const char *format = draft->options->format;
	struct tctl_plan *plan = draft->plan;
	int *best = &draft->source.best;

	*best = 0;
	*out = NULL;
	for (size_t i = 0; i < TCTL_COUNT(dialect); i++) {
		const char *why = NULL;
		int score;

		if (format != NULL && strcmp(format, tctl_plan_formats[i]) != 0)
			continue;
		if (dialect[i]->is_json != (draft->source.json != NULL)) {
			if (format == NULL)
				continue;
			return tctl_fail(err, TCTL_EINVALID,
			    "the format %s reads %s, and this is %sJSON",
			    format, dialect[i]->is_json ? "JSON" : "Markdown",
			    dialect[i]->is_json ? "not " : "");
		}
		if (dialect[i]->most != 0 && dialect[i]->most <= *best)
			continue;
		score =
		    dialect[i]->recognise(&draft->source, plan->arena, &why);
		assert(dialect[i]->most == 0 || score <= dialect[i]->most);
		if (format != NULL && score == 0) {
			score = 1;
			why = "asked for";
		}
		if (score <= *best)
			continue;
		*best = score;
		*out = dialect[i];
		plan->dialect = tctl_plan_formats[i];
		plan->why = why;
	}
	if (*out != NULL)
		return TCTL_OK;
	return format != NULL ? fail_format(format, err)
			      : fail_unrecognised(&draft->source, err);
}

/* --- reading ---------------------------------------------------------- */

static int
compare_place(const void *a, const void *b)
{
	const struct tctl_diagnostic *x = a, *y = b;

	if (x->file != y->file && strcmp(x->file, y->file) != 0)
		return strcmp(x->file, y->file);
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return strcmp(x->message, y->message);
}

static int
compare_tick(const void *a, const void *b)
{
	const struct tctl_tick *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

static int
compare_made(const void *a, const void *b)
{
	const struct tctl_made *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

void
tctl_plan_check(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	struct tctl_gantt gantt;

	if (draft->said == NULL)
		tctl_claims_resolve(draft);
	for (size_t i = 0; i < draft->diagram_count; i++) {
		const struct tctl_md *node = draft->diagram[i].node;

		if (!tctl_gantt_read(node, plan->arena, &gantt))
			continue;
		tctl_gantt_match(draft, &gantt);
		tctl_gantt_edges(draft, &gantt);
		draft->diagram[i].gantt =
		    tctl_arena_alloc(plan->arena, sizeof(gantt));
		*draft->diagram[i].gantt = gantt;
	}
	tctl_settle_edges(plan);
	tctl_check_errors(draft);
	tctl_settle_order(draft);
	tctl_settle_tasks(plan);
	tctl_check_totals(draft);
	tctl_check_tables(draft);
	tctl_check_strategy(draft);
	if (plan->error_count == 0) {
		tctl_check_files(draft);
		for (size_t i = 0; i < draft->diagram_count; i++)
			if (draft->diagram[i].gantt != NULL) {
				tctl_check_gantt(
				    draft, draft->diagram[i].gantt);
				tctl_check_bookings(
				    draft, draft->diagram[i].gantt);
			}
	}
	tctl_check_durations(draft);
	if (draft->options->with_advice && plan->error_count == 0)
		tctl_check_criteria(draft);
	if (draft->loose_boxes != 0)
		tctl_say(draft, TCTL_NOTE, "loose_boxes", draft->loose_place, 0,
		    "%zu box%s outside of any task: not loaded",
		    draft->loose_boxes,
		    draft->loose_boxes == 1 ? " stands" : "es stand");
	if (plan->tick_count != 0)
		qsort(plan->tick, plan->tick_count, sizeof(*plan->tick),
		    compare_tick);
	if (plan->made_count != 0)
		qsort(plan->made, plan->made_count, sizeof(*plan->made),
		    compare_made);
	if (plan->diagnostic_count != 0)
		qsort(plan->diagnostic, plan->diagnostic_count,
		    sizeof(*plan->diagnostic), compare_place);
}

const char *
tctl_name_for_plan(struct tctl_arena *arena, const char *text, size_t length)
{
	char *name = tctl_arena_strndup(arena, text, length);

	for (char *at = name; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || *at == ':' || *at == '\x7f')
			*at = '-';
	return name;
}

/* Without folder and ending. */
static const char *
name_of_file(struct tctl_arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash == NULL ? file : slash + 1;
	const char *dot = strrchr(base, '.');

	return tctl_name_for_plan(arena, base,
	    dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base));
}

static void
set_names(struct tctl_plan *plan, const struct tctl_plan_options *options)
{
	const char *file = options->file != NULL ? options->file : "plan";

	plan->file = tctl_arena_strdup(plan->arena, file);
	plan->name = options->name != NULL
			 ? tctl_arena_strdup(plan->arena, options->name)
			 : name_of_file(plan->arena, file);
}

static const char *
first_heading(const struct tctl_md *root)
{
	for (const struct tctl_md *node = root->child; node; node = node->next)
		if (node->kind == TCTL_MD_HEADING)
			return tctl_md_text(node);
	return NULL;
}

/* JSON is no Markdown at all, and the other way round. */
static enum tctl_status
parse(struct tctl_source *source, struct tctl_arena *arena,
    struct tctl_error *err)
{
	bool is_json = tctl_json_looks(source->text, source->length);
	enum tctl_status status = tctl_markdown_parse(source->text,
	    is_json ? 0 : source->length, arena, &source->root, err);

	if (status != TCTL_OK || !is_json)
		return status;
	return tctl_json_parse(
	    source->text, source->length, arena, &source->json, err);
}

static enum tctl_status
read_text(struct tctl_draft *draft, const char *bytes, size_t length,
    struct tctl_error *err)
{
	const struct tctl_dialect *chosen;
	enum tctl_status status;

	draft->source.text = bytes;
	draft->source.length = length;
	status = parse(&draft->source, draft->plan->arena, err);
	if (status == TCTL_OK)
		status = choose(draft, &chosen, err);
	if (status != TCTL_OK)
		return status;
	draft->plan->title = first_heading(draft->source.root);
	chosen->read(draft);
	if (draft->plan->task_count == 0)
		return fail_unrecognised(&draft->source, err);
	/* A piece's headings are a task's. */
	if (!draft->plan->is_piece)
		tctl_goals_read(draft);
	tctl_refs_resolve(draft);
	tctl_plan_check(draft);
	return TCTL_OK;
}

enum tctl_status
tctl_plan_read(const char *bytes, size_t length,
    const struct tctl_plan_options *options, struct tctl_plan **out,
    struct tctl_error *err)
{
	struct tctl_arena *arena;
	struct tctl_draft draft = { .options = options,
		.hours_per_day = options->hours_per_day > 0
				     ? options->hours_per_day
				     : DEFAULT_HOURS,
		.edge_room = TCTL_EDGES_MAX };
	enum tctl_status status;
	char *owned = NULL;

	status = check_bytes(bytes, length, err);
	if (status != TCTL_OK)
		return status;
	arena = tctl_arena_new();
	draft.plan = tctl_arena_alloc(arena, sizeof(*draft.plan));
	draft.plan->arena = arena;
	set_names(draft.plan, options);
	status = repair(&draft, &bytes, &length, &owned, err);
	if (status == TCTL_OK)
		status = read_text(&draft, bytes, length, err);
	json_object_put(draft.source.json);
	free(owned);
	if (status == TCTL_OK)
		*out = draft.plan;
	else
		tctl_plan_free(draft.plan);
	return status;
}

void
tctl_plan_free(struct tctl_plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->piece_count; i++)
		tctl_plan_free(plan->piece[i]);
	tctl_arena_free(plan->arena);
}
