/* list.c - which lines are shown, in which order, and where the cursor is. */
#include <stdlib.h>
#include <string.h>

#include "top.h"

/* --- what is shown
 * --------------------------------------------------------------
 */

static bool
same(const char *wanted, const char *is)
{
	return wanted == NULL || (is != NULL && strcmp(wanted, is) == 0);
}

/* Of the sprint or the agent that was opened? */
static bool
is_among(const struct tctl_top *top, size_t item)
{
	const struct tctl_task *task = &top->board.tasks.at[item];

	if (top->view != TCTL_TOP_TASKS)
		return true;
	if (top->only_agent != NULL)
		return task->lease != NULL &&
		       same(top->only_agent, task->lease->agent);
	if (top->only_sprint == NULL)
		return true;
	if (top->only_sprint[0] == '\0') /* tasks of none */
		return task->sprint == NULL;
	return same(top->only_sprint, task->sprint) &&
	       same(top->only_plan, task->plan);
}

static bool
matches(const struct tctl_top *top, const struct tctl_top_list *list,
    size_t item, const char *filter)
{
	if (filter[0] == '\0')
		return true;
	for (int i = 0; i < list->columns; i++) {
		struct tctl_top_cell cell = { .text = "" };

		list->fill(top, item, i, &cell);
		if (strcasestr(cell.text, filter) != NULL)
			return true;
	}
	return false;
}

/* --- the order
 * ----------------------------------------------------------------------
 */

struct sorted {
	size_t item;
	int64_t number;
	const char *text; /* NULL: by number */
	bool down;
};

static int
in_order(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int sign = (x->number > y->number) - (x->number < y->number);

	if (x->text != NULL && y->text != NULL)
		sign = strcmp(x->text, y->text);
	if (sign == 0) /* as the store has them, either way */
		return (x->item > y->item) - (x->item < y->item);
	return x->down ? -sign : sign;
}

static void
sort(struct tctl_top *top, const struct tctl_top_list *list)
{
	const struct tctl_top_place *place = &top->place[top->view];
	struct sorted *all = tctl_xcalloc(top->count, sizeof(*all));

	for (size_t i = 0; i < top->count; i++) {
		struct tctl_top_cell cell = { .text = "" };

		list->fill(top, top->order[i], place->sort, &cell);
		all[i] = (struct sorted){ .item = top->order[i],
			.number = cell.number,
			.text = cell.is_number ? NULL : cell.text,
			.down = place->down };
	}
	if (top->count > 1)
		qsort(all, top->count, sizeof(*all), in_order);
	for (size_t i = 0; i < top->count; i++)
		top->order[i] = all[i].item;
	free(all);
}

/* --- the cursor
 * -----------------------------------------------------------------------
 */

int
tctl_top_head(const struct tctl_top *top)
{
	return tctl_top_is_tall(top) ? 4 + top->forecast_lines : 2;
}

int
tctl_top_rows(const struct tctl_top *top)
{
	int used = tctl_top_head(top) + (tctl_top_is_tall(top) ? 2 : 1);

	used += top->view < TCTL_TOP_LISTS; /* the columns' names */
	return top->height > used ? top->height - used : 0;
}

/* On the line that it was on, wherever that is now; the newest event stays the
 * newest. */
static void
find_cursor(struct tctl_top *top, const struct tctl_top_list *list)
{
	struct tctl_top_place *place = &top->place[top->view];
	bool follows = top->view == TCTL_TOP_EVENTS && place->at == 0;
	char own[64];

	for (size_t i = 0; place->key != NULL && !follows && i < top->count;
	     i++)
		if (strcmp(list->key(top, top->order[i], own), place->key) ==
		    0) {
			place->at = i;
			break;
		}
}

/* Within the lines, and on the screen. */
static void
keep_in_sight(struct tctl_top *top)
{
	struct tctl_top_place *place = &top->place[top->view];
	size_t rows = (size_t)tctl_top_rows(top);

	if (place->at >= top->count)
		place->at = top->count == 0 ? 0 : top->count - 1;
	if (rows == 0)
		return;
	if (place->first > place->at)
		place->first = place->at;
	if (place->at - place->first >= rows)
		place->first = place->at - rows + 1;
	if (place->first + rows > top->count)
		place->first = top->count > rows ? top->count - rows : 0;
}

void
tctl_top_arrange(struct tctl_top *top)
{
	struct tctl_top_place *place = &top->place[top->view];
	const struct tctl_top_list *list;

	tctl_top_forecast_make(top);
	if (top->view >= TCTL_TOP_LISTS) {
		tctl_top_page_make(top);
		top->count = top->page.count;
		keep_in_sight(top);
		return;
	}
	list = tctl_top_list[top->view];
	free(top->order);
	top->order = tctl_xcalloc(list->count(top), sizeof(*top->order));
	top->count = 0;
	for (size_t i = 0; i < list->count(top); i++)
		if (is_among(top, i) && matches(top, list, i, place->filter))
			top->order[top->count++] = i;
	sort(top, list);
	find_cursor(top, list);
	keep_in_sight(top);
}

void
tctl_top_move(struct tctl_top *top, int64_t by)
{
	struct tctl_top_place *place = &top->place[top->view];
	char own[64];

	if (by < 0)
		place->at -= (size_t)-by < place->at ? (size_t)-by : place->at;
	else if (top->count > 0)
		place->at = (size_t)by < top->count - 1 - place->at
				? place->at + (size_t)by
				: top->count - 1;
	keep_in_sight(top);
	if (top->view >= TCTL_TOP_LISTS || top->count == 0)
		return;
	free(place->key);
	place->key = tctl_xstrdup(
	    tctl_top_list[top->view]->key(top, top->order[place->at], own));
}

const char *
tctl_top_task(const struct tctl_top *top)
{
	size_t at = top->place[top->view].at;

	if (top->view >= TCTL_TOP_LISTS)
		return at < top->page.count ? top->page.at[at].task : NULL;
	return at < top->count
		   ? tctl_top_list[top->view]->task(top, top->order[at])
		   : NULL;
}
