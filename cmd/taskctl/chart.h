/* floor: cmd - a chart of what the store holds, and how it leaves the program.
 */
#ifndef TASKCTL_CMD_CHART_H
#define TASKCTL_CMD_CHART_H

#include "ctx.h"
#include "taskctl/export.h"

/* What a chart is made of, and borrows from. */
struct tctl_chart_source {
	struct tctl_status_report report;
	struct tctl_outlook outlook; /* from now on; as written: from zero */
	struct tctl_outlook planned; /* as written; unused where outlook is */
	struct tctl_share share;     /* where agents were asked for */
	bool is_shared;
	struct tctl_chart chart;
};

/**
 * Read the store, and lay its tasks out as bars: what is done where it was
 * done, what is in work from where it began, the rest from now on.
 *
 * @param whole    as the plan is written, as if nothing were done
 * @param by_agent a section an agent instead of a sprint
 * @param file     only the plan that was read from there, if one was; NULL: all
 * @param share    so that these agents do what is not begun; NULL: as many as
 *                 it takes
 * @param out      owned (tctl_chart_source_release)
 */
enum tctl_status tctl_chart_source_read(struct tctl_ctx *ctx, bool whole,
    bool by_agent, const char *file, const struct tctl_share_req *share,
    struct tctl_chart_source *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_chart_source_release(struct tctl_chart_source *source);

/* --- formats ----------------------------------------------------------------
 */

/* Write the chart to a FILE: the text formats. */
typedef void tctl_chart_writer(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme);

struct tctl_chart_format {
	const char *name;
	const char *ending;	  /* of a file's name; NULL: the format's */
	tctl_chart_writer *write; /* NULL: taskctl-chart does */
	const char *helper;	  /* its word for it; NULL: the name */
	bool binary;
	bool whole;   /* never folded: another program is to schedule it */
	size_t limit; /* of bars, before sections are folded; 0: none */
};

/* What to do with a chart. */
struct tctl_chart_wish {
	const struct tctl_chart_format *table; /* ends with a NULL name */
	const char *format;		       /* NULL: by the file's ending */
	const char *theme;
	const char *file; /* NULL: the answer holds it */
	int64_t limit;	  /* -1: the format's */
};

/* TCTL_EUSAGE where the wish cannot be: before anything is read. */
enum tctl_status tctl_chart_check(struct tctl_ctx *ctx,
    const struct tctl_chart_wish *wish, const struct tctl_chart_format **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Fold, write, and make the answer: {"format", "chart" | "file", …}. */
enum tctl_status tctl_chart_answer(struct tctl_ctx *ctx,
    const struct tctl_chart_wish *wish, const struct tctl_chart_format *format,
    struct tctl_chart *chart, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* As JSON: of gantt and graph. */
void tctl_chart_write_json(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme);
void tctl_chart_write_dot(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme);

/* The text of commands that answer so. */
void tctl_chart_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out);

/* A Mermaid chart that the real one draws: folded until it is small enough,
 * unless a limit is given.  The arena's. */
const char *tctl_chart_mermaid(struct tctl_ctx *ctx, tctl_chart_writer *write,
    struct tctl_chart *chart, int64_t limit);

#endif
