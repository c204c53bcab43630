/* print.c - answers in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "print.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

struct json_object *
tctl_get_object(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	(void)json_object_object_get_ex(from, key, &value);
	return value;
}

const char *
tctl_get(struct json_object *from, const char *key)
{
	const char *text = json_object_get_string(tctl_get_object(from, key));

	return text == NULL ? "" : text;
}

int64_t
tctl_get_number(struct json_object *from, const char *key)
{
	struct json_object *value = tctl_get_object(from, key);

	return value == NULL ? -1 : json_object_get_int64(value);
}

bool
tctl_get_bool(struct json_object *from, const char *key)
{
	return json_object_get_boolean(tctl_get_object(from, key));
}

size_t
tctl_get_count(struct json_object *from, const char *key)
{
	struct json_object *value = tctl_get_object(from, key);

	return json_object_is_type(value, json_type_array)
		   ? json_object_array_length(value)
		   : 0;
}

const char *
tctl_get_detail(struct json_object *data)
{
	static const char *const details[] = { "note", "why", "needs", "plan",
		"by" };
	const char *detail = "";

	for (size_t i = 0; detail[0] == '\0' && i < TCTL_COUNT(details); i++)
		if (json_object_is_type(
			tctl_get_object(data, details[i]), json_type_string))
			detail = tctl_get(data, details[i]);
	return detail;
}

static const char *
escape(const struct tctl_ctx *ctx, enum tctl_style style)
{
	static const char *const sequence[] = { [TCTL_PLAIN] = "",
		[TCTL_BOLD] = "\x1b[1m",
		[TCTL_DIM] = "\x1b[2m",
		[TCTL_GREEN] = "\x1b[32m",
		[TCTL_YELLOW] = "\x1b[33m",
		[TCTL_RED] = "\x1b[31m",
		[TCTL_BLUE] = "\x1b[34m" };

	return ctx->colour ? sequence[style] : "";
}

static const char *
reset(const struct tctl_ctx *ctx, enum tctl_style style)
{
	return ctx->colour && style != TCTL_PLAIN ? "\x1b[0m" : "";
}

void
tctl_put(
    struct tctl_ctx *ctx, FILE *to, enum tctl_style style, const char *text)
{
	fputs(escape(ctx, style), to);
	tctl_text_inert(to, text);
	fputs(reset(ctx, style), to);
}

void
tctl_put_fit(FILE *to, const char *text, int width, bool pad)
{
	tctl_text_cell(to, text, width, pad, tctl_glyph(TCTL_GLYPH_CUT));
}

void
tctl_put_cell(struct tctl_ctx *ctx, FILE *to, enum tctl_style style,
    const char *text, int width)
{
	fputs(escape(ctx, style), to);
	tctl_put_fit(to, text, width, true);
	fputs(reset(ctx, style), to);
}

enum tctl_style
tctl_state_style(enum tctl_state state)
{
	static const enum tctl_style style[] = {
		[TCTL_STATE_PENDING] = TCTL_DIM,
		[TCTL_STATE_READY] = TCTL_GREEN,
		[TCTL_STATE_CLAIMED] = TCTL_YELLOW,
		[TCTL_STATE_DONE] = TCTL_BLUE,
		[TCTL_STATE_FAILED] = TCTL_RED,
		[TCTL_STATE_CANCELLED] = TCTL_DIM,
	};

	return style[state];
}

void
tctl_put_state(struct tctl_ctx *ctx, FILE *to, const char *state)
{
	enum tctl_state which = TCTL_STATE_PENDING;

	(void)tctl_state_read(state, &which);
	tctl_put_cell(ctx, to, tctl_state_style(which), state, 9);
}

void
tctl_put_ids(FILE *to, struct json_object *ids)
{
	size_t count = ids == NULL ? 0 : json_object_array_length(ids);

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fputs(", ", to);
		tctl_text_inert(to,
		    json_object_get_string(json_object_array_get_idx(ids, i)));
	}
}

static int64_t
read_instant(const char *rfc3339)
{
	const char *rest;
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	rest = strptime(rfc3339, "%Y-%m-%dT%H:%M:%S", &tm);
	if (rest == NULL)
		return 0;
	/* Ours end in thousandths: ".801Z". */
	return (int64_t)timegm(&tm) * 1000 +
	       (*rest == '.' ? strtol(rest + 1, NULL, 10) : 0);
}

int64_t
tctl_get_ms(struct json_object *from, const char *key)
{
	return read_instant(tctl_get(from, key));
}

void
tctl_put_reserved(FILE *to, const char *before, struct json_object *lease)
{
	enum { MOST = 10 };
	struct json_object *list = tctl_get_object(lease, "reserved");
	size_t count = tctl_get_count(lease, "reserved");

	for (size_t i = 0; i < count && i < MOST; i++) {
		fputs(i == 0 ? before : ", ", to);
		tctl_text_inert(to,
		    json_object_get_string(json_object_array_get_idx(list, i)));
	}
	if (count > MOST)
		fprintf(to, ", … and %zu more", count - MOST);
	if (count > 0)
		fputs("\n", to);
}

void
tctl_put_instant(struct tctl_ctx *ctx, FILE *to, const char *rfc3339)
{
	char text[TCTL_INSTANT_TEXT];
	int64_t ms = read_instant(rfc3339);

	if (ms != 0)
		fputs(tctl_instant_show(ms, ctx->global->utc, text), to);
}

void
tctl_put_duration(FILE *to, int64_t seconds)
{
	char text[TCTL_DURATION_TEXT];

	if (seconds >= 0)
		fputs(tctl_duration_write(seconds, text), to);
}

void
tctl_put_while(FILE *to, int64_t ms)
{
	int64_t s = ms < 0 ? 0 : ms / 1000;

	tctl_put_duration(to, s >= 60 ? s / 60 * 60 : s);
}

/* From the environment, or from the terminal; 0: neither says. */
static int
extent(const char *variable, bool columns)
{
	const char *text = getenv(variable);
	struct winsize size;
	int extent = text == NULL ? 0 : atoi(text);

	if (extent > 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return extent;
	return columns ? size.ws_col : size.ws_row;
}

int
tctl_width(void)
{
	int width = extent("COLUMNS", true);

	return width < 40 ? (width > 0 ? 40 : 80) : width;
}

int
tctl_height(void)
{
	int height = extent("LINES", false);

	return height < 10 ? (height > 0 ? 10 : 24) : height;
}

/* By the variables themselves, as setlocale would read them: loading a locale
 * costs more than the whole command.  None set is no word against UTF-8: agents
 * and CI run so. */
static bool
is_ascii_only(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < TCTL_COUNT(names); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strcasestr(value, "utf-8") == NULL &&
			       strcasestr(value, "utf8") == NULL;
	}
	return false;
}

const char *
tctl_glyph(enum tctl_glyph which)
{
	static const char *const sign[][2] = {
		[TCTL_GLYPH_FULL] = { "█", "#" },
		[TCTL_GLYPH_EMPTY] = { "░", "." },
		[TCTL_GLYPH_MORE] = { "…", "..." },
		[TCTL_GLYPH_CUT] = { "…", "~" },
		[TCTL_GLYPH_ARROW] = { "→", "->" },
		[TCTL_GLYPH_UP] = { "▲", "^" },
		[TCTL_GLYPH_DOWN] = { "▼", "v" },
	};

	return sign[which][is_ascii_only()];
}

char *
tctl_bar(int filled, int width)
{
	const char *full = tctl_glyph(TCTL_GLYPH_FULL);
	const char *empty = tctl_glyph(TCTL_GLYPH_EMPTY);
	char *bar = NULL;
	size_t bytes;
	FILE *to = open_memstream(&bar, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	for (int i = 0; i < width; i++)
		fputs(i < filled ? full : empty, to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	return bar;
}

/* 1.2  claimed  2h30  ada  Title */
static void
put_task(struct tctl_ctx *ctx, FILE *to, struct json_object *task, int id_width,
    int title_width)
{
	struct json_object *lease = tctl_get_object(task, "lease");
	const char *who = lease != NULL ? tctl_get(lease, "agent")
			  : tctl_get(task, "finished_by")[0] != '\0'
			      ? tctl_get(task, "finished_by")
			      : tctl_get(task, "planned_agent");
	char duration[TCTL_DURATION_TEXT] = "";
	int64_t estimate_s = tctl_get_number(task, "estimate_s");

	if (estimate_s >= 0)
		tctl_duration_write(estimate_s, duration);
	tctl_put_cell(ctx, to, TCTL_BOLD, tctl_get(task, "ref"), id_width);
	fputs("  ", to);
	tctl_put_state(ctx, to, tctl_get(task, "state"));
	fputs("  ", to);
	tctl_put_cell(ctx, to, TCTL_PLAIN, duration, 6);
	fputs("  ", to);
	tctl_put_cell(
	    ctx, to, lease != NULL ? TCTL_YELLOW : TCTL_PLAIN, who, 12);
	fputs("  ", to);
	tctl_put_fit(to, tctl_get(task, "title"), title_width, false);
	if (tctl_get_bool(task, "orphaned"))
		fputs(" (no longer in the plan)", to);
	fputs("\n", to);
}

void
tctl_put_tasks(struct tctl_ctx *ctx, FILE *to, struct json_object *tasks,
    size_t total, const char *none)
{
	size_t count = tasks == NULL ? 0 : json_object_array_length(tasks);
	int id_width = 4, title_width;

	for (size_t i = 0; i < count; i++) {
		int width = tctl_text_width(
		    tctl_get(json_object_array_get_idx(tasks, i), "ref"));

		id_width = width > id_width ? width : id_width;
	}
	title_width = tctl_width() - id_width - 9 - 6 - 12 - 8;
	for (size_t i = 0; i < count; i++)
		put_task(ctx, to, json_object_array_get_idx(tasks, i), id_width,
		    title_width < 10 ? 10 : title_width);
	if (count == 0)
		fprintf(to, "%s\n", none);
	if (total > count)
		fprintf(to, "… and %zu more (--limit 0 shows all)\n",
		    total - count);
}

void
tctl_put_ended(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx;
	if (tctl_get_count(out, "ended") == 0)
		return;
	fputs("ended: ", to);
	tctl_put_ids(to, tctl_get_object(out, "ended"));
	fputs("\n", to);
}

void
tctl_put_written(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	fputs("written to ", to);
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "file"));
	fputs("\n", to);
}

void
tctl_put_written_quiet(FILE *to, struct json_object *out)
{
	fprintf(to, "%s\n", tctl_get(out, "file"));
}
