/* plan.c - the way from bytes to a plan. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "check.h"
#include "dialect.h"
#include "gantt.h"
#include "json_text.h"
#include "parts.h"

enum { DEFAULT_HOURS = 8 };

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

	status = tctl_bytes_check(bytes, length, err);
	if (status != TCTL_OK)
		return status;
	arena = tctl_arena_new();
	draft.plan = tctl_arena_alloc(arena, sizeof(*draft.plan));
	draft.plan->arena = arena;
	set_names(draft.plan, options);
	status = tctl_bytes_repair(&draft, &bytes, &length, &owned, err);
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
