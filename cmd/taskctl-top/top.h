/* floor: cmd - taskctl top: what is known, what is looked at, what is shown.
 *
 * Three parts.  The board is what the store says, read by the functions of the
 * other commands (board.c).  The rest of struct tctl_top is what somebody
 * looks at: keys change it (keys.c), and from both a screen is made (screen.c,
 * list.c, views.c, page.c): pure, without a terminal.  Only terminal.c knows
 * ncurses, and only run.c and act.c the store. */
#ifndef TASKCTL_TOP_H
#define TASKCTL_TOP_H

#include "../taskctl/print.h"
#include "taskctl/work.h"

/* --- the board --------------------------------------------------------------
 */

/* An agent's session at work; strings are the board's. */
struct tctl_top_agent {
	const char *agent;
	const char *session;
	const char *host;
	const char *worktree;
	const char *tasks; /* "1.1, 1.3" */
	size_t task_count;
	int64_t since_ms;   /* of its oldest lease */
	int64_t expires_ms; /* of the one that ends first */
};

struct tctl_top_board {
	struct tctl_status_report report;
	struct tctl_tasks tasks;   /* all, in plan order */
	int64_t newest;		   /* event, of which they tell */
	unsigned refreshed;	   /* so often, since all of them were read */
	struct tctl_events events; /* the newest, oldest first */
	const char **detail;	   /* of each event: a note, a reason, or "" */
	struct tctl_top_agent *agent;
	size_t agent_count;
	/* Of the task that is open: the one that was, when this was read. */
	const char *opened;
	bool has_why;
	struct tctl_why why;
	struct tctl_events its_events;
	struct tctl_error why_not; /* why there is none */
};

/* Read all; of the task open too, unless that is NULL.  What has not changed
 * since old was read (zeroed: nothing was) may be moved out of it; it is still
 * the caller's to release, and whole if this fails. */
enum tctl_status tctl_top_read(const struct tctl_coord *coord, const char *open,
    struct tctl_top_board *old, struct tctl_top_board *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_top_board_release(struct tctl_top_board *board); /* zeroed: fine */

/* A task by an id as another task of that plan writes it; NULL: none. */
const struct tctl_task *tctl_top_find(
    const struct tctl_top_board *board, const char *plan, const char *id);

/* --- what is looked at
 * --------------------------------------------------------
 */

enum tctl_top_view {
	/* lists, in the order of Tab */
	TCTL_TOP_TASKS,
	TCTL_TOP_SPRINTS,
	TCTL_TOP_AGENTS,
	TCTL_TOP_EVENTS,
	TCTL_TOP_STUCK,
	TCTL_TOP_LISTS,
	/* pages */
	TCTL_TOP_TASK = TCTL_TOP_LISTS,
	TCTL_TOP_HELP,
	TCTL_TOP_MESSAGES,
	TCTL_TOP_VIEWS
};

enum { TCTL_TOP_FILTER_MAX = 128, TCTL_TOP_BACK_MAX = 16 };

/* Where somebody is in one view. */
struct tctl_top_place {
	size_t at;    /* the line with the cursor */
	size_t first; /* the first line on the screen */
	char *key;    /* what the cursor is on; owned */
	int sort;     /* its column */
	bool down;    /* the largest first */
	char filter[TCTL_TOP_FILTER_MAX];
};

/* A line of a page; text is the page's, and not yet inert. */
struct tctl_top_line {
	enum tctl_style style;
	const char *text;
	const char *task; /* Enter opens it; or NULL */
};

struct tctl_top_page {
	struct tctl_arena *arena;
	struct tctl_top_line *at;
	size_t count;
};

struct tctl_top_message {
	int64_t at_ms;
	bool is_error;
	char *text; /* owned */
};

enum tctl_top_act {
	TCTL_TOP_NOTHING,
	TCTL_TOP_CLAIM,
	TCTL_TOP_RELEASE,
	TCTL_TOP_DONE
};

enum tctl_top_mode { TCTL_TOP_BROWSE, TCTL_TOP_FILTER, TCTL_TOP_CONFIRM };

struct tctl_top {
	struct tctl_top_board board;
	bool lost;	   /* the store is; the board is its last one */
	int64_t now_ms;	   /* wall clock, as the store's */
	const char *agent; /* who looks; NULL: nobody said */
	bool utc;
	int width, height;

	enum tctl_top_view view;
	struct tctl_top_place place[TCTL_TOP_VIEWS];
	char *open; /* the task of TCTL_TOP_TASK; owned */
	/* Tasks of these alone; owned, NULL: of all. */
	char *only_sprint, *only_plan, *only_agent;
	/* Where Esc leads, newest last; task owned. */
	struct {
		enum tctl_top_view view;
		char *task;
	} back[TCTL_TOP_BACK_MAX];
	size_t backs;

	enum tctl_top_mode mode;
	enum tctl_top_act act; /* asked for, or to be confirmed */
	char *act_task;	       /* owned */

	struct tctl_top_message *message;
	size_t messages;
	bool said; /* the newest is in the bottom line */

	/* Made of the above by tctl_top_arrange. */
	size_t *order; /* items of the list that are shown; owned */
	size_t count;
	struct tctl_top_page page;
	char *forecast; /* lines of the head, each with its newline; owned */
	int forecast_lines;
};

void tctl_top_release(struct tctl_top *top);

/* Keep a message, and show it in the bottom line until the next key.  The
 * second adds an error with its hint. */
void tctl_top_say(struct tctl_top *top, bool is_error, const char *fmt, ...)
    TCTL_PRINTF(3, 4);
void tctl_top_say_error(struct tctl_top *top, const struct tctl_error *err);

/* Put the lines of the view into order again, and the cursor where it was:
 * after anything that they are made of has changed. */
void tctl_top_arrange(struct tctl_top *top);

/* Rows of the screen above the list and its columns' names; with lines. */
int tctl_top_head(const struct tctl_top *top);
int tctl_top_rows(const struct tctl_top *top);
/* Is there room for more than the least? */
#define tctl_top_is_tall(top) ((top)->height >= 16)

/* Move the cursor by so many lines. */
void tctl_top_move(struct tctl_top *top, int64_t by);

/* Open a view; from where Esc leads back here, if it is a page. */
void tctl_top_go(
    struct tctl_top *top, enum tctl_top_view view, const char *task);
void tctl_top_back(struct tctl_top *top);
/* The tasks of the sprint or the agent under the cursor. */
void tctl_top_narrow(struct tctl_top *top);

/* What is known of the task that is open; NULL: nothing. */
const struct tctl_why *tctl_top_opened(const struct tctl_top *top);

/* --- lists -------------------------------------------------------------------
 */

/* What stands in one column of one line. */
struct tctl_top_cell {
	const char *text; /* may point into own */
	char own[64];
	enum tctl_style style;
	bool is_number; /* sorted by number: all whose text is in own */
	int64_t number;
};

struct tctl_top_column {
	const char *name;
	int width; /* at the most; 0: what is left, of one column */
	int drop;  /* the highest goes first where it is narrow; 0: never */
};

struct tctl_top_list {
	const char *name;
	const struct tctl_top_column *column;
	int columns;
	int sort; /* by which it is sorted at first */
	size_t (*count)(const struct tctl_top *top);
	void (*fill)(const struct tctl_top *top, size_t item, int column,
	    struct tctl_top_cell *cell);
	/* What it is, whatever line it is in; own is room for it. */
	const char *(*key)(
	    const struct tctl_top *top, size_t item, char own[64]);
	/* The task that it is about, or NULL. */
	const char *(*task)(const struct tctl_top *top, size_t item);
};

extern const struct tctl_top_list *const tctl_top_list[TCTL_TOP_LISTS];
extern const struct tctl_top_list tctl_top_events, tctl_top_stuck;

/* The task of the line with the cursor, or of the page; or NULL. */
const char *tctl_top_task(const struct tctl_top *top);

/* How many bytes of text fit into so many columns, up to a blank; 0: not even
 * its first word. */
size_t tctl_top_fitting(const char *text, int width);

/* Spell the forecast, as status does. */
void tctl_top_forecast_make(struct tctl_top *top);

/* Make the lines of the page that is open. */
void tctl_top_page_make(struct tctl_top *top);

/* --- keys
 * ---------------------------------------------------------------------
 */

/* Keys that are no character. */
enum {
	TCTL_TOP_KEY_UP = 0x110000, /* beyond Unicode */
	TCTL_TOP_KEY_DOWN,
	TCTL_TOP_KEY_LEFT,
	TCTL_TOP_KEY_RIGHT,
	TCTL_TOP_KEY_PAGE_UP,
	TCTL_TOP_KEY_PAGE_DOWN,
	TCTL_TOP_KEY_HOME,
	TCTL_TOP_KEY_END,
	TCTL_TOP_KEY_BACKSPACE,
	TCTL_TOP_KEY_BACK_TAB,
	TCTL_TOP_KEY_OTHER
};

/* What the caller has to do after a key. */
enum tctl_top_wish {
	TCTL_TOP_GO_ON,
	TCTL_TOP_QUIT,
	TCTL_TOP_REDRAW, /* read and draw everything anew */
	TCTL_TOP_READ,	 /* another task is open: read it */
	TCTL_TOP_ACT	 /* top->act on top->act_task, confirmed */
};
enum tctl_top_wish tctl_top_key(struct tctl_top *top, int key);

/* "claim", "release", "finish" */
const char *tctl_top_act_word(enum tctl_top_act act);

/* --- the screen
 * ----------------------------------------------------------------
 */

/* A piece of one line, inert and cut to its columns. */
struct tctl_top_span {
	int y, x;
	enum tctl_style style;
	bool reverse;
	size_t from, to; /* bytes of the screen's text */
};

struct tctl_top_screen {
	char *text;
	struct tctl_top_span *at;
	size_t count;
	int cursor_y, cursor_x; /* -1: none is shown */
};

void tctl_top_draw(const struct tctl_top *top, struct tctl_top_screen *out);
void tctl_top_screen_release(struct tctl_top_screen *screen);

#endif
