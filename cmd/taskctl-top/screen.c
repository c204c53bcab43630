/* screen.c - what stands where: lines of pieces, each inert and cut to its
 * columns.  No terminal here. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "taskctl/text.h"

/* --- pieces
 * ----------------------------------------------------------------------
 */

void
tctl_top_go_to(struct tctl_top_canvas *canvas, int y)
{
	canvas->y = y;
	canvas->x = 0;
	canvas->reverse = false;
}

/* Bytes so far. */
static size_t
told(FILE *to)
{
	fflush(to);
	return (size_t)ftell(to);
}

void
tctl_top_put(struct tctl_top_canvas *canvas, enum tctl_style style,
    const char *text, int width, bool pad)
{
	struct tctl_top_screen *out = canvas->out;
	int room = canvas->top->width - canvas->x, takes;
	struct tctl_top_span *span;

	width = width < room ? width : room;
	if (width <= 0)
		return;
	takes = pad ? width : tctl_text_width(text);
	out->at = tctl_grow(out->at, out->count, sizeof(*out->at));
	span = &out->at[out->count++];
	*span = (struct tctl_top_span){ .y = canvas->y,
		.x = canvas->x,
		.style = style,
		.reverse = canvas->reverse,
		.from = told(canvas->to) };
	tctl_text_cell(canvas->to, text, width, pad, "…");
	span->to = told(canvas->to);
	canvas->x += takes < width ? takes : width;
}

void
tctl_top_putf(
    struct tctl_top_canvas *canvas, enum tctl_style style, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = tctl_xvprintf(fmt, args);
	va_end(args);
	tctl_top_put(canvas, style, text, canvas->top->width, false);
	free(text);
}

/* --- the foot
 * ------------------------------------------------------------------------
 */

static void
put_hints(struct tctl_top_canvas *canvas)
{
	static const char *const hint[][2] = { { "q", "quit" }, { "?", "keys" },
		{ "Tab", "views" }, { "Enter", "open" }, { "/", "filter" },
		{ "s", "sort" }, { "c", "claim" }, { "d", "done" },
		{ "r", "release" } };

	for (size_t i = 0; i < TCTL_COUNT(hint); i++) {
		int takes = (int)(strlen(hint[i][0]) + strlen(hint[i][1])) + 3;

		if (canvas->x + takes > canvas->top->width + 2)
			return;
		tctl_top_putf(canvas, TCTL_BOLD, "%s", hint[i][0]);
		tctl_top_putf(canvas, TCTL_DIM, " %s  ", hint[i][1]);
	}
}

/* In one line, or in two where there is room for them; m has all of it. */
static void
put_message(struct tctl_top_canvas *canvas, const struct tctl_top_message *last)
{
	enum tctl_style style = last->is_error ? TCTL_RED : TCTL_GREEN;
	char *text =
	    tctl_xprintf("%s%s", last->is_error ? "error: " : "", last->text);
	size_t first = tctl_top_fitting(text, canvas->top->width);
	char *rest = text + first;

	if (!tctl_top_is_tall(canvas->top) || first == 0)
		rest = text + strlen(text);
	if (*rest != '\0') {
		*rest = '\0';
		tctl_top_putf(canvas, style, "%s", text);
		tctl_top_go_to(canvas, canvas->y + 1);
		rest++;
		tctl_top_putf(canvas, style, "%s", rest);
	} else {
		tctl_top_putf(canvas, style, "%s", text);
	}
	free(text);
}

/* What is asked for, or was said; false: nothing. */
static bool
put_said(struct tctl_top_canvas *canvas)
{
	const struct tctl_top *top = canvas->top;
	const struct tctl_top_message *last =
	    top->messages == 0 ? NULL : &top->message[top->messages - 1];

	if (top->mode == TCTL_TOP_FILTER) {
		tctl_top_putf(
		    canvas, TCTL_BOLD, "/%s", top->place[top->view].filter);
		canvas->out->cursor_y = canvas->y;
		canvas->out->cursor_x = canvas->x;
	} else if (top->mode == TCTL_TOP_CONFIRM) {
		tctl_top_putf(canvas, TCTL_BOLD, "%s %s as %s? (y/N) ",
		    tctl_top_act_word(top->act), top->act_task, top->agent);
	} else if (top->said && last != NULL) {
		put_message(canvas, last);
	} else {
		return false;
	}
	return true;
}

static void
put_foot(struct tctl_top_canvas *canvas)
{
	bool tall = tctl_top_is_tall(canvas->top), said;
	int last = canvas->top->height - 1;

	tctl_top_go_to(canvas, tall ? last - 1 : last);
	said = put_said(canvas);
	if (said && canvas->y == last)
		return;
	tctl_top_go_to(canvas, last);
	put_hints(canvas);
}

/* --- all
 * ---------------------------------------------------------------------------------
 */

void
tctl_top_draw(const struct tctl_top *top, struct tctl_top_screen *out)
{
	struct tctl_top_canvas canvas = { .top = top, .out = out };
	size_t bytes;

	memset(out, 0, sizeof(*out));
	out->cursor_y = out->cursor_x = -1;
	canvas.to = open_memstream(&out->text, &bytes);
	if (canvas.to == NULL)
		tctl_die_nomem();
	if (top->height > 1) /* what is asked and said comes first */
		tctl_top_put_head(&canvas);
	if (top->view < TCTL_TOP_LISTS)
		tctl_top_put_list(&canvas);
	else
		tctl_top_put_page(&canvas);
	put_foot(&canvas);
	if (fclose(canvas.to) != 0)
		tctl_die_nomem();
}

void
tctl_top_screen_release(struct tctl_top_screen *screen)
{
	free(screen->text);
	free(screen->at);
}
