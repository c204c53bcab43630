/* views_log.c - the lists of what happened, and of where nobody gets on. */
#include <string.h>

#include "taskctl/time.h"
#include "top.h"

static void
put_text(struct tctl_top_cell *cell, enum tctl_style style, const char *text)
{
	cell->text = text == NULL ? "" : text;
	cell->style = style;
}

/* --- events: the newest first
 * --------------------------------------------------
 */

enum { E_DATE, E_TIME, E_EVENT, E_TASK, E_AGENT, E_DETAIL };

static const struct tctl_top_column event_column[] = { { "DATE", 10, 3 },
	{ "TIME", 8, 0 }, { "EVENT", 12, 0 }, { "TASK", 16, 0 },
	{ "AGENT", 14, 1 }, { "DETAIL", 0, 0 } };

static size_t
event_count(const struct tctl_top *top)
{
	return top->board.events.count;
}

static size_t
event_at(const struct tctl_top *top, size_t item)
{
	return top->board.events.count - 1 - item;
}

/* A part of "2026-11-21 11:00:00 +0100". */
static void
put_instant(const struct tctl_top *top, struct tctl_top_cell *cell,
    int64_t at_ms, int from, int length)
{
	char text[TCTL_INSTANT_TEXT];

	tctl_instant_show(at_ms, top->utc, text);
	snprintf(cell->own, sizeof(cell->own), "%.*s", length, text + from);
	put_text(cell, TCTL_PLAIN, cell->own);
	cell->is_number = true;
	cell->number = -at_ms;
}

static void
event_fill(const struct tctl_top *top, size_t item, int column,
    struct tctl_top_cell *cell)
{
	size_t at = event_at(top, item);
	const struct tctl_event *event = &top->board.events.at[at];

	switch (column) {
	case E_DATE:
		put_instant(top, cell, event->at_ms, 0, 10);
		break;
	case E_TIME:
		put_instant(top, cell, event->at_ms, 11, 8);
		cell->number = -event->id;
		break;
	case E_EVENT:
		put_text(cell, TCTL_BOLD, event->kind);
		break;
	case E_TASK:
		put_text(cell, TCTL_PLAIN, event->task);
		break;
	case E_AGENT:
		put_text(cell, TCTL_YELLOW, event->agent);
		break;
	default:
		put_text(cell, TCTL_PLAIN, top->board.detail[at]);
	}
}

static const char *
event_key(const struct tctl_top *top, size_t item, char own[64])
{
	snprintf(own, 64, "%lld",
	    (long long)top->board.events.at[event_at(top, item)].id);
	return own;
}

static const char *
event_task(const struct tctl_top *top, size_t item)
{
	const struct tctl_event *event =
	    &top->board.events.at[event_at(top, item)];
	const struct tctl_task *task =
	    event->task == NULL || event->plan == NULL
		? NULL
		: tctl_top_find(&top->board, event->plan, event->task);

	return task == NULL ? event->task : task->ref;
}

const struct tctl_top_list tctl_top_events = { "Events", event_column,
	(int)TCTL_COUNT(event_column), E_TIME, event_count, event_fill,
	event_key, event_task };

/* --- stuck
 * ----------------------------------------------------------------------
 */

enum { K_TASK, K_WHAT, K_AGENT, K_NEXT, K_WHY };

static const struct tctl_top_column stuck_column[] = { { "TASK", 24, 0 },
	{ "WHAT", 7, 0 }, { "AGENT", 14, 2 }, { "NEXT", 28, 1 },
	{ "WHY", 0, 0 } };

static size_t
stuck_count(const struct tctl_top *top)
{
	return top->board.report.stuck_count;
}

static void
stuck_fill(const struct tctl_top *top, size_t item, int column,
    struct tctl_top_cell *cell)
{
	const struct tctl_stuck *stuck = &top->board.report.stuck[item];

	switch (column) {
	case K_TASK:
		put_text(cell, TCTL_RED, stuck->task);
		cell->is_number = true;
		cell->number = (int64_t)item;
		break;
	case K_WHAT:
		put_text(cell, TCTL_PLAIN, tctl_stuck_word(stuck->kind));
		break;
	case K_AGENT:
		put_text(cell, TCTL_YELLOW, stuck->agent);
		break;
	case K_NEXT:
		put_text(cell, TCTL_BOLD, stuck->next);
		break;
	default:
		put_text(cell, TCTL_PLAIN, stuck->why);
	}
}

static const char *
stuck_task(const struct tctl_top *top, size_t item)
{
	return top->board.report.stuck[item].task;
}

static const char *
stuck_key(const struct tctl_top *top, size_t item, char own[64])
{
	(void)own;
	return stuck_task(top, item);
}

const struct tctl_top_list tctl_top_stuck = { "Stuck", stuck_column,
	(int)TCTL_COUNT(stuck_column), K_TASK, stuck_count, stuck_fill,
	stuck_key, stuck_task };
