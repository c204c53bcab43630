/* floor: cmd - answers in words: JSON objects read back, text made inert. */
#ifndef TASKCTL_CMD_PRINT_H
#define TASKCTL_CMD_PRINT_H

#include "ctx.h"

/* A member as text ("" where it is missing or null), number, object. */
const char *tctl_get(struct json_object *from, const char *key);
int64_t tctl_get_number(struct json_object *from, const char *key);
bool tctl_get_bool(struct json_object *from, const char *key);
struct json_object *tctl_get_object(struct json_object *from, const char *key);
/* An instant (RFC 3339, UTC) as wall-clock milliseconds; 0: it is none. */
int64_t tctl_get_ms(struct json_object *from, const char *key);
size_t tctl_get_count(struct json_object *from, const char *key);

enum tctl_style {
	TCTL_PLAIN,
	TCTL_BOLD,
	TCTL_DIM,
	TCTL_GREEN,
	TCTL_YELLOW,
	TCTL_RED,
	TCTL_BLUE
};

/* Text in a style, inert; the style only where the ctx has colour. */
void tctl_put(
    struct tctl_ctx *ctx, FILE *to, enum tctl_style style, const char *text);

/* The same, cut and padded to a column of width. */
void tctl_put_cell(struct tctl_ctx *ctx, FILE *to, enum tctl_style style,
    const char *text, int width);

/* The same without colour, and padded only if it is asked for. */
void tctl_put_fit(FILE *to, const char *text, int width, bool pad);

/* A state's word in its colour, padded to the longest. */
void tctl_put_state(struct tctl_ctx *ctx, FILE *to, const char *state);

enum tctl_style tctl_state_style(enum tctl_state state);

/* What an event's data says to people; "" for nothing. */
const char *tctl_get_detail(struct json_object *data);

/* "1.2, 1.3" of an array of ids. */
void tctl_put_ids(FILE *to, struct json_object *ids);

/* What is reserved with a lease (NULL: there is none), as a line that begins
 * with before; nothing where nothing is. */
void tctl_put_reserved(FILE *to, const char *before, struct json_object *lease);

/* An instant of an answer (RFC 3339) as people read it. */
void tctl_put_instant(struct tctl_ctx *ctx, FILE *to, const char *rfc3339);

/* What a forecast takes for granted, as in "if 2.1, which failed, is reopened";
 * "" where that is nothing.  Not inert; owned (free). */
char *tctl_forecast_condition(struct json_object *forecast);

/* When it will be done: lines, no wider than their words, each with its
 * newline; forecast NULL: "".  Owned (free). */
struct tctl_forecast_form {
	int width;
	bool brief; /* to the minute */
	bool utc;
};
char *tctl_forecast_lines(
    struct json_object *forecast, const struct tctl_forecast_form *form);

/* The same, and what that is told from, no wider than the screen. */
void tctl_put_forecast(
    struct tctl_ctx *ctx, FILE *to, struct json_object *forecast);

/* "2h30", or "" below zero. */
void tctl_put_duration(FILE *to, int64_t seconds);

/* One line a task; says how many of total were left out. */
void tctl_put_tasks(struct tctl_ctx *ctx, FILE *to, struct json_object *tasks,
    size_t total, const char *none);

/* The same to the minute, of milliseconds; "0s" below zero. */
void tctl_put_while(FILE *to, int64_t ms);

/* Columns of the terminal, or 80; its lines, or 24. */
int tctl_width(void);
int tctl_height(void);

/* Signs of our own; ASCII where the locale's characters are not UTF-8. */
enum tctl_glyph {
	TCTL_GLYPH_FULL,
	TCTL_GLYPH_EMPTY,
	TCTL_GLYPH_MORE,
	TCTL_GLYPH_CUT, /* of one column */
	TCTL_GLYPH_ARROW,
	TCTL_GLYPH_UP,
	TCTL_GLYPH_DOWN
};
const char *tctl_glyph(enum tctl_glyph which);

/* A bar of so many columns, the first ones filled; owned (free). */
char *tctl_bar(int filled, int width);

/* Texts of answers, as rows name them: the tasks whose lease "ended", nothing
 * where none has (cron mails whatever is printed); the "file" that was
 * written. */
void tctl_put_ended(struct tctl_ctx *ctx, FILE *to, struct json_object *out);
void tctl_put_written(struct tctl_ctx *ctx, FILE *to, struct json_object *out);
void tctl_put_written_quiet(FILE *to, struct json_object *out);

#endif
