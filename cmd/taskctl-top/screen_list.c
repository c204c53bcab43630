/* screen_list.c - the lines of a list, in columns, and of a page. */
#include <stdlib.h>

#include "screen.h"
#include "taskctl/text.h"

enum { FLEX_LEAST = 14, COLUMNS_MOST = 16, MEASURED_MOST = 2000 };

/* Columns of the widest, within reason; 0: it is left out. */
static void
measure(const struct tctl_top *top, const struct tctl_top_list *list,
    int width[COLUMNS_MOST])
{
	size_t some = top->count < MEASURED_MOST ? top->count : MEASURED_MOST;
	size_t first = top->place[top->view].first;

	for (int i = 0; i < list->columns; i++) {
		const struct tctl_top_column *column = &list->column[i];
		bool marked = i == top->place[top->view].sort;

		width[i] = tctl_text_width(column->name) + marked;
		if (column->width == 0)
			continue;
		/* All, or as many from the screen on. */
		for (size_t k = 0; k < some && width[i] < column->width; k++) {
			struct tctl_top_cell cell = { .text = "" };

			list->fill(top, top->order[(first + k) % top->count], i,
			    &cell);
			width[i] = tctl_text_width(cell.text) > width[i]
				       ? tctl_text_width(cell.text)
				       : width[i];
		}
		width[i] = width[i] > column->width + marked
			       ? column->width + marked
			       : width[i];
	}
}

/* Share the screen out: columns go until there is room for the widest. */
static void
lay_out(const struct tctl_top *top, const struct tctl_top_list *list,
    int width[COLUMNS_MOST])
{
	for (;;) {
		int used = 0, drop = 0, flex = 0, last = -1;

		for (int i = 0; i < list->columns; i++) {
			if (list->column[i].width == 0)
				flex = i;
			else if (width[i] > 0)
				used += width[i] + TCTL_TOP_GAP;
			if (width[i] > 0 && list->column[i].drop > drop) {
				drop = list->column[i].drop;
				last = i;
			}
		}
		width[flex] = top->width - used;
		if (width[flex] >= FLEX_LEAST || last < 0)
			return;
		width[last] = 0;
	}
}

static void
put_names(struct tctl_top_canvas *canvas, const struct tctl_top_list *list,
    const int width[COLUMNS_MOST])
{
	const struct tctl_top_place *place =
	    &canvas->top->place[canvas->top->view];

	tctl_top_go_to(canvas, tctl_top_head(canvas->top));
	for (int i = 0; i < list->columns; i++) {
		const char *name = list->column[i].name;
		char marked[64];

		snprintf(marked, sizeof(marked), "%s%s", name,
		    i != place->sort ? ""
				     : tctl_glyph(place->down ? TCTL_GLYPH_DOWN
							      : TCTL_GLYPH_UP));
		if (width[i] <= 0)
			continue;
		tctl_top_put(canvas, i == place->sort ? TCTL_YELLOW : TCTL_BOLD,
		    marked, width[i], true);
		canvas->x += TCTL_TOP_GAP;
	}
}

static void
put_row(struct tctl_top_canvas *canvas, const struct tctl_top_list *list,
    size_t item, const int width[COLUMNS_MOST])
{
	int last = list->columns - 1;

	for (int i = 0; i < list->columns; i++) {
		struct tctl_top_cell cell = { .text = "" };
		bool pad = i < last || canvas->reverse;

		if (width[i] <= 0)
			continue;
		list->fill(canvas->top, item, i, &cell);
		tctl_top_put(canvas, cell.style, cell.text, width[i], pad);
		if (i < last)
			tctl_top_put(
			    canvas, TCTL_PLAIN, "", TCTL_TOP_GAP, true);
	}
}

void
tctl_top_put_list(struct tctl_top_canvas *canvas)
{
	const struct tctl_top *top = canvas->top;
	const struct tctl_top_list *list = tctl_top_list[top->view];
	const struct tctl_top_place *place = &top->place[top->view];
	int width[COLUMNS_MOST], rows = tctl_top_rows(top);

	measure(top, list, width);
	lay_out(top, list, width);
	if (rows > 0)
		put_names(canvas, list, width);
	for (int y = 0; y < rows && place->first + (size_t)y < top->count;
	     y++) {
		size_t line = place->first + (size_t)y;

		tctl_top_go_to(canvas, tctl_top_head(top) + 1 + y);
		canvas->reverse = line == place->at;
		put_row(canvas, list, top->order[line], width);
	}
	if (top->count > 0 || rows == 0)
		return;
	tctl_top_go_to(canvas, tctl_top_head(top) + 1);
	tctl_top_put(canvas, TCTL_DIM,
	    place->filter[0] != '\0' ? "nothing matches the filter"
				     : "there are none",
	    top->width, false);
}

void
tctl_top_put_page(struct tctl_top_canvas *canvas)
{
	const struct tctl_top *top = canvas->top;
	const struct tctl_top_place *place = &top->place[top->view];

	for (int y = 0; y < tctl_top_rows(top) &&
			place->first + (size_t)y < top->page.count;
	     y++) {
		size_t line = place->first + (size_t)y;
		const struct tctl_top_line *one = &top->page.at[line];

		tctl_top_go_to(canvas, tctl_top_head(top) + y);
		canvas->reverse = line == place->at;
		tctl_top_put(
		    canvas, one->style, one->text, top->width, canvas->reverse);
	}
}
