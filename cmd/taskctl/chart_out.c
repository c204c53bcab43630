/* chart_out.c - a chart written, folded, and put where it is wanted. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chart.h"
#include "file_replace.h"
#include "helper.h"
#include "print.h"
#include "taskctl/text.h"

enum { MERMAID_BARS = 600 }; /* what some 50,000 characters hold */

/* --- what is wanted ---------------------------------------------------------
 */

static const struct tctl_chart_format *
by_name(const struct tctl_chart_format *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

/* What follows the last dot of a file's name; NULL: it has no ending. */
static const char *
ending_of(const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash == NULL ? file : slash + 1;
	const char *dot = strrchr(name, '.');

	return dot == NULL || dot == name || dot[1] == '\0' ? NULL : dot + 1;
}

/* plan.svg is meant to be one. */
static const struct tctl_chart_format *
by_ending(const struct tctl_chart_format *table, const char *ending)
{
	for (; table->name != NULL; table++)
		if (strcasecmp(ending, table->name) == 0 ||
		    (table->ending != NULL &&
			strcasecmp(ending, table->ending) == 0))
			return table;
	return NULL;
}

enum tctl_status
tctl_chart_check(struct tctl_ctx *ctx, const struct tctl_chart_wish *wish,
    const struct tctl_chart_format **out, struct tctl_error *err)
{
	const struct tctl_chart_format *format = NULL;
	const char *ending = wish->file == NULL ? NULL : ending_of(wish->file);

	if (wish->format != NULL)
		format = by_name(wish->table, wish->format);
	else if (ending != NULL)
		format = by_ending(wish->table, ending);
	/* plan.md may be a plan: nobody asked for Mermaid in its place. */
	if (format == NULL && wish->format == NULL && ending != NULL) {
		tctl_fail(err, TCTL_EUSAGE,
		    "\".%s\" is the ending of no format", ending);
		return tctl_hint(
		    err, "--format %s writes that", wish->table->name);
	}
	if (format == NULL)
		format = wish->table; /* Mermaid comes first */
	if (format->binary && wish->file == NULL &&
	    (ctx->global->json || isatty(STDOUT_FILENO))) {
		tctl_fail(err, TCTL_EUSAGE, "%s is binary: name a file",
		    format->name);
		return tctl_hint(err, "-o plan.%s", format->name);
	}
	*out = format;
	return TCTL_OK;
}

static enum tctl_theme
theme_of(const char *word)
{
	if (word != NULL && strcmp(word, "light") == 0)
		return TCTL_THEME_LIGHT;
	if (word != NULL && strcmp(word, "dark") == 0)
		return TCTL_THEME_DARK;
	return TCTL_THEME_AUTO;
}

/* --- bytes ------------------------------------------------------------------
 */

static char *
write_text(tctl_chart_writer *write, const struct tctl_chart *chart,
    enum tctl_theme theme, size_t *length)
{
	char *text = NULL;
	FILE *memory = open_memstream(&text, length);

	if (memory == NULL)
		tctl_die_nomem();
	write(memory, chart, theme);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	return text;
}

void
tctl_chart_write_json(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	struct json_object *json = tctl_export_json(chart);

	(void)theme;
	fprintf(to, "%s\n",
	    json_object_to_json_string_ext(json,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
}

void
tctl_chart_write_dot(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	tctl_export_dot(to, chart, theme == TCTL_THEME_DARK);
}

/* Of some text: as Mermaid counts it. */
static size_t
utf16_length(const char *text)
{
	size_t units = 0;

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		units += (byte & 0xc0) != 0x80; /* not a byte that follows */
		units += byte >= 0xf0;		/* a pair */
	}
	return units;
}

const char *
tctl_chart_mermaid(struct tctl_ctx *ctx, tctl_chart_writer *write,
    struct tctl_chart *chart, int64_t limit)
{
	size_t bars = limit < 0 ? MERMAID_BARS : (size_t)limit, length;
	struct tctl_chart whole = *chart;
	char *text, *kept;

	for (;; bars /= 2) {
		*chart = whole;
		tctl_chart_fold(chart, bars, ctx->arena);
		text = write_text(write, chart, TCTL_THEME_AUTO, &length);
		/* An edge is a line of its own; so the text grows with them. */
		if (limit >= 0 || bars <= 1 ||
		    (utf16_length(text) <= TCTL_MERMAID_TEXT_MAX &&
			chart->edge_count + chart->barrier_count <=
			    TCTL_MERMAID_EDGES_MAX))
			break;
		free(text);
	}
	if (utf16_length(text) > TCTL_MERMAID_TEXT_MAX)
		fprintf(stderr,
		    "taskctl: over %d characters: Mermaid draws this only "
		    "with a larger maxTextSize\n",
		    TCTL_MERMAID_TEXT_MAX);
	kept = tctl_arena_strdup(ctx->arena, text);
	free(text);
	return kept;
}

/* The helper reads the chart as JSON. */
static enum tctl_status
write_by_helper(const struct tctl_chart_format *format,
    const struct tctl_chart *chart, enum tctl_theme theme, char **out,
    size_t *length, struct tctl_error *err)
{
	static char program[] = "taskctl-chart", dark[] = "--dark";
	char *name = tctl_xstrdup(
	    format->helper != NULL ? format->helper : format->name);
	struct json_object *json = tctl_export_json(chart);
	const char *in =
	    json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	char *argv[] = { program, name, theme == TCTL_THEME_DARK ? dark : NULL,
		NULL };
	enum tctl_status status =
	    tctl_helper_filter(program, argv, in, strlen(in), out, length, err);

	json_object_put(json);
	free(name);
	return status;
}

static enum tctl_status
write_format(struct tctl_ctx *ctx, const struct tctl_chart_wish *wish,
    const struct tctl_chart_format *format, struct tctl_chart *chart,
    char **bytes, size_t *length, struct tctl_error *err)
{
	enum tctl_theme theme = theme_of(wish->theme);

	if (format == wish->table) {
		*bytes = tctl_xstrdup(
		    tctl_chart_mermaid(ctx, format->write, chart, wish->limit));
		*length = strlen(*bytes);
		return TCTL_OK;
	}
	if (!format->whole)
		tctl_chart_fold(chart,
		    wish->limit < 0 ? format->limit : (size_t)wish->limit,
		    ctx->arena);
	if (format->write == NULL)
		return write_by_helper(
		    format, chart, theme, bytes, length, err);
	*bytes = write_text(format->write, chart, theme, length);
	return TCTL_OK;
}

/* --- the answer -------------------------------------------------------------
 */

enum tctl_status
tctl_chart_answer(struct tctl_ctx *ctx, const struct tctl_chart_wish *wish,
    const struct tctl_chart_format *format, struct tctl_chart *chart,
    struct json_object **out, struct tctl_error *err)
{
	char *bytes = NULL;
	const char *remark;
	size_t length = 0;
	enum tctl_status status =
	    write_format(ctx, wish, format, chart, &bytes, &length, err);

	if (status == TCTL_OK && wish->file != NULL)
		status = tctl_file_replace(wish->file, bytes, length, err);
	if (status != TCTL_OK) {
		free(bytes);
		return status;
	}
	remark = tctl_chart_remark(chart, ctx->arena);
	if (remark != NULL)
		fprintf(stderr, "taskctl: %s\n", remark);
	*out = json_object_new_object();
	json_object_object_add(
	    *out, "format", json_object_new_string(format->name));
	if (wish->file != NULL)
		json_object_object_add(
		    *out, "file", json_object_new_string(wish->file));
	else
		json_object_object_add(*out, "chart",
		    json_object_new_string_len(bytes, (int)length));
	json_object_object_add(
	    *out, "tasks", json_object_new_int64((int64_t)chart->task_count));
	json_object_object_add(
	    *out, "folded", json_object_new_int64((int64_t)chart->folded));
	free(bytes);
	return TCTL_OK;
}

void
tctl_chart_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *chart = tctl_get_object(out, "chart");

	(void)ctx;
	if (chart != NULL) { /* made inert by its writer */
		fwrite(json_object_get_string(chart), 1,
		    (size_t)json_object_get_string_len(chart), to);
		return;
	}
	tctl_text_inert(to, tctl_get(out, "file"));
	fprintf(to, ": %s, %s tasks\n", tctl_get(out, "format"),
	    tctl_get(out, "tasks"));
}
