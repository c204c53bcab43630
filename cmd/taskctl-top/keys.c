/* keys.c - what a key does to what is looked at. */
#include <stdlib.h>
#include <string.h>

#include "top.h"

enum { CTRL_B = 2, CTRL_D = 4, CTRL_F = 6, CTRL_L = 12, CTRL_U = 21, ESC = 27 };

const char *
tctl_top_act_word(enum tctl_top_act act)
{
	static const char *const word[] = { [TCTL_TOP_NOTHING] = "",
		[TCTL_TOP_CLAIM] = "claim",
		[TCTL_TOP_RELEASE] = "release",
		[TCTL_TOP_DONE] = "finish" };

	return word[act];
}

/* --- the filter
 * ------------------------------------------------------------------
 */

/* Take out the last character, all of its bytes. */
static void
shorten(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && (text[--length] & 0xc0) == 0x80)
		;
	text[length] = '\0';
}

static void
lengthen(char *text, int c)
{
	size_t used = strlen(text);
	char utf8[4];
	size_t n = 0;

	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xc0 | c >> 6);
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xe0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | c >> 18);
		utf8[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	}
	if (used + n >= TCTL_TOP_FILTER_MAX)
		return;
	memcpy(text + used, utf8, n);
	text[used + n] = '\0';
}

static enum tctl_top_wish
edit_filter(struct tctl_top *top, int key)
{
	char *filter = top->place[top->view].filter;

	if (key == '\r' || key == '\n') {
		top->mode = TCTL_TOP_BROWSE;
	} else if (key == ESC) {
		filter[0] = '\0';
		top->mode = TCTL_TOP_BROWSE;
	} else if (key == TCTL_TOP_KEY_BACKSPACE || key == 127 || key == '\b') {
		if (filter[0] == '\0')
			top->mode = TCTL_TOP_BROWSE;
		shorten(filter);
	} else if (key == CTRL_U) {
		filter[0] = '\0';
	} else if (key >= ' ' && key < TCTL_TOP_KEY_UP) {
		lengthen(filter, key);
	}
	tctl_top_arrange(top);
	return TCTL_TOP_GO_ON;
}

/* --- acting
 * --------------------------------------------------------------------------
 */

static enum tctl_top_wish
ask(struct tctl_top *top, enum tctl_top_act act)
{
	const char *task = tctl_top_task(top);
	struct tctl_error err;

	if (top->view == TCTL_TOP_TASK)
		task =
		    top->board.has_why ? top->board.why.task.at[0].ref : NULL;
	if (task == NULL) {
		tctl_top_say(top, true, "there is no task in this line");
		return TCTL_TOP_GO_ON;
	}
	if (top->agent == NULL) {
		(void)tctl_caller_unnamed(&err);
		tctl_top_say_error(top, &err);
		return TCTL_TOP_GO_ON;
	}
	if (top->lost) {
		tctl_top_say(top, true,
		    "the store is lost: nothing can be "
		    "changed until it is back");
		return TCTL_TOP_GO_ON;
	}
	free(top->act_task);
	top->act_task = tctl_xstrdup(task);
	top->act = act;
	top->mode = TCTL_TOP_CONFIRM;
	return TCTL_TOP_GO_ON;
}

static enum tctl_top_wish
answer(struct tctl_top *top, int key)
{
	top->mode = TCTL_TOP_BROWSE;
	if (key == 'y' || key == 'Y')
		return TCTL_TOP_ACT;
	tctl_top_say(top, false, "nothing was changed");
	return TCTL_TOP_GO_ON;
}

/* --- browsing
 * --------------------------------------------------------------------------
 */

static enum tctl_top_wish
enter(struct tctl_top *top)
{
	const char *task = tctl_top_task(top);
	char *copy;

	if (top->view == TCTL_TOP_SPRINTS || top->view == TCTL_TOP_AGENTS) {
		tctl_top_narrow(top);
		tctl_top_arrange(top);
		return TCTL_TOP_GO_ON;
	}
	if (task == NULL)
		return TCTL_TOP_GO_ON;
	copy = tctl_xstrdup(task); /* going there frees the page */
	tctl_top_go(top, TCTL_TOP_TASK, copy);
	free(copy);
	return TCTL_TOP_READ;
}

static void
resort(struct tctl_top *top, bool turn)
{
	struct tctl_top_place *place = &top->place[top->view];

	if (top->view >= TCTL_TOP_LISTS)
		return;
	if (turn)
		place->down = !place->down;
	else
		place->sort =
		    (place->sort + 1) % tctl_top_list[top->view]->columns;
	place->at = place->first = 0; /* whoever sorts wants the first */
	free(place->key);
	place->key = NULL;
}

static void
next_view(struct tctl_top *top, int by)
{
	int view = top->view < TCTL_TOP_LISTS
		       ? (int)top->view + by + TCTL_TOP_LISTS
		       : TCTL_TOP_TASKS;

	tctl_top_go(top, (enum tctl_top_view)(view % TCTL_TOP_LISTS), NULL);
}

/* Keys that move the cursor; false: it is none. */
static bool
move(struct tctl_top *top, int key)
{
	int64_t page = tctl_top_rows(top) > 1 ? tctl_top_rows(top) - 1 : 1;
	int64_t by;

	switch (key) {
	case 'j':
	case TCTL_TOP_KEY_DOWN:
		by = 1;
		break;
	case 'k':
	case TCTL_TOP_KEY_UP:
		by = -1;
		break;
	case ' ':
	case CTRL_F:
	case CTRL_D:
	case TCTL_TOP_KEY_PAGE_DOWN:
		by = page;
		break;
	case CTRL_B:
	case CTRL_U:
	case TCTL_TOP_KEY_PAGE_UP:
		by = -page;
		break;
	case 'g':
	case TCTL_TOP_KEY_HOME:
		by = -INT32_MAX;
		break;
	case 'G':
	case TCTL_TOP_KEY_END:
		by = INT32_MAX;
		break;
	default:
		return false;
	}
	tctl_top_move(top, by);
	return true;
}

/* Keys that lead elsewhere; false: it is none. */
static bool
go(struct tctl_top *top, int key)
{
	if (key == '\t')
		next_view(top, 1);
	else if (key == TCTL_TOP_KEY_BACK_TAB)
		next_view(top, -1);
	else if (key >= '1' && key < '1' + TCTL_TOP_LISTS)
		tctl_top_go(top, (enum tctl_top_view)(key - '1'), NULL);
	else if (key == ESC || key == 'h' || key == TCTL_TOP_KEY_LEFT ||
		 key == TCTL_TOP_KEY_BACKSPACE)
		tctl_top_back(top);
	else if (key == '?')
		tctl_top_go(top, TCTL_TOP_HELP, NULL);
	else if (key == 'm')
		tctl_top_go(top, TCTL_TOP_MESSAGES, NULL);
	else if (key == 's' || key == 'S')
		resort(top, key == 'S');
	else
		return false;
	tctl_top_arrange(top);
	return true;
}

static enum tctl_top_wish
browse(struct tctl_top *top, int key)
{
	if (move(top, key))
		return TCTL_TOP_GO_ON;
	if (go(top, key)) /* back to another task perhaps */
		return top->view == TCTL_TOP_TASK ? TCTL_TOP_READ
						  : TCTL_TOP_GO_ON;
	switch (key) {
	case 'q':
		return TCTL_TOP_QUIT;
	case CTRL_L:
		return TCTL_TOP_REDRAW;
	case '/':
		if (top->view < TCTL_TOP_LISTS)
			top->mode = TCTL_TOP_FILTER;
		return TCTL_TOP_GO_ON;
	case 'c':
		return ask(top, TCTL_TOP_CLAIM);
	case 'r':
		return ask(top, TCTL_TOP_RELEASE);
	case 'd':
		return ask(top, TCTL_TOP_DONE);
	case '\r':
	case '\n':
	case 'l':
	case TCTL_TOP_KEY_RIGHT:
		return enter(top);
	default:
		return TCTL_TOP_GO_ON;
	}
}

enum tctl_top_wish
tctl_top_key(struct tctl_top *top, int key)
{
	top->said = false; /* read by now; m shows it again */
	switch (top->mode) {
	case TCTL_TOP_FILTER:
		return edit_filter(top, key);
	case TCTL_TOP_CONFIRM:
		return answer(top, key);
	default:
		return browse(top, key);
	}
}
