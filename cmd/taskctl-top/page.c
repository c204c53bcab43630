/* page.c - the pages: a task, the keys, the messages. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../taskctl/top_command.h"
#include "taskctl/text.h"
#include "taskctl/time.h"
#include "top.h"

/* --- lines
 * ---------------------------------------------------------------------
 */

static void
add_line(struct tctl_top_page *page, enum tctl_style style, const char *task,
    const char *text)
{
	page->at = tctl_arena_grow(
	    page->arena, page->at, page->count, sizeof(*page->at));
	page->at[page->count++] = (struct tctl_top_line){ .style = style,
		.text = tctl_arena_strdup(page->arena, text),
		.task = tctl_arena_strdup(page->arena, task) };
}

size_t
tctl_top_fitting(const char *text, int width)
{
	size_t length = strlen(text), best = 0, at = 0;
	char *copy;

	if (tctl_text_width(text) <= width)
		return length;
	copy = tctl_xstrdup(text);
	while (at < length) {
		size_t word = at + strcspn(text + at, " ");
		int takes;

		copy[word] = '\0';
		takes = tctl_text_width(copy);
		copy[word] = text[word];
		if (takes > width)
			break;
		best = word;
		at = word + (word < length);
	}
	free(copy);
	return best;
}

/* Text over as many lines as it takes, the later ones indented. */
static void
add_wrapped(
    struct tctl_top *top, enum tctl_style style, int indent, const char *text)
{
	struct tctl_top_page *page = &top->page;
	int room = top->width > indent + 10 ? top->width - indent : 10;

	for (bool first = true; first || *text != '\0'; first = false) {
		int blanks = first ? 0 : indent;
		size_t length =
		    tctl_top_fitting(text, first ? top->width : room);

		if (length == 0 && *text != '\0')
			length = 1 + strcspn(text + 1, " ");
		add_line(page, style, NULL,
		    tctl_arena_printf(
			page->arena, "%*s%.*s", blanks, "", (int)length, text));
		text += length;
		text += strspn(text, " ");
	}
}

static void TCTL_PRINTF(3, 4)
    add(struct tctl_top *top, enum tctl_style style, const char *fmt, ...)
{
	enum { INDENT = 13, MOST = 4000 }; /* a note may be a book */
	char *text;
	va_list args;

	va_start(args, fmt);
	text = tctl_xvprintf(fmt, args);
	va_end(args);
	if (strlen(text) > MOST) {
		size_t end = MOST;

		while ((text[end] & 0xc0) == 0x80)
			end--;
		text[end] = '\0';
	}
	add_wrapped(top, style, INDENT, text);
	free(text);
}

static void
add_heading(struct tctl_top *top, const char *text)
{
	add_line(&top->page, TCTL_PLAIN, NULL, "");
	add_line(&top->page, TCTL_BOLD, NULL, text);
}

/* --- a task
 * -----------------------------------------------------------------------
 */

static void
add_field(struct tctl_top *top, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		add(top, TCTL_PLAIN, "  %-10s %s", name, text);
}

static const char *
instant(const struct tctl_top *top, int64_t ms, char text[TCTL_INSTANT_TEXT])
{
	return tctl_instant_show(ms, top->utc, text);
}

static const char *
spell(int64_t ms, char text[TCTL_DURATION_TEXT])
{
	int64_t s = ms < 0 ? 0 : ms / 1000;

	return tctl_duration_write(s >= 60 ? s / 60 * 60 : s, text);
}

static void
add_lease(struct tctl_top *top, const struct tctl_lease *lease)
{
	char held[TCTL_DURATION_TEXT], left[TCTL_DURATION_TEXT];

	if (lease == NULL)
		return;
	add(top, TCTL_YELLOW, "  %-10s %s for %s, lease %s left, token %lld",
	    "held by", lease->agent,
	    spell(top->now_ms - lease->acquired_ms, held),
	    spell(lease->expires_ms - top->now_ms, left),
	    (long long)lease->token);
	add_field(top, "host", lease->host);
	add_field(top, "worktree", lease->worktree);
}

static void
add_why(struct tctl_top *top, const struct tctl_why *why)
{
	char text[TCTL_INSTANT_TEXT];

	add_heading(top, "why");
	add(top, why->claimable ? TCTL_GREEN : TCTL_YELLOW,
	    why->claimable ? "  can be claimed now"
			   : "  cannot be claimed now");
	for (size_t i = 0; i < why->reason_count; i++)
		add(top, TCTL_PLAIN, "  - %s", why->reason[i].text);
	if (why->last_end != NULL)
		add(top, TCTL_PLAIN, "  its last lease, %s's, ended %s (%s)",
		    why->last_agent, instant(top, why->last_end_ms, text),
		    why->last_end);
}

/* Each with its state and title; Enter opens it. */
static void
add_others(struct tctl_top *top, const char *heading,
    const struct tctl_task *of, const struct tctl_strings *ids)
{
	struct tctl_top_page *page = &top->page;

	if (ids->count > 0)
		add_heading(top, heading);
	for (size_t i = 0; i < ids->count; i++) {
		const struct tctl_task *task =
		    tctl_top_find(&top->board, of->plan, ids->at[i]);

		if (task == NULL)
			add(top, TCTL_PLAIN, "  %s", ids->at[i]);
		else
			add_line(page, tctl_state_style(task->state), task->ref,
			    tctl_arena_printf(page->arena, "  %-8s %-9s  %s",
				task->ref, tctl_state_word(task->state),
				task->title));
	}
}

static void
add_items(
    struct tctl_top *top, const char *heading, const struct tctl_items *items)
{
	if (items->count > 0)
		add_heading(top, heading);
	for (size_t i = 0; i < items->count; i++)
		add(top, TCTL_PLAIN, "  [%c] %s", items->at[i].done ? 'x' : ' ',
		    items->at[i].text);
}

static void
add_history(struct tctl_top *top, const struct tctl_task *task)
{
	const struct tctl_events *events = &top->board.its_events;
	char at[TCTL_INSTANT_TEXT];

	if (task->note_count > 0)
		add_heading(top, "notes");
	for (size_t i = 0; i < task->note_count; i++)
		add(top, TCTL_PLAIN, "  %s  %s: %s",
		    instant(top, task->notes[i].at_ms, at),
		    task->notes[i].agent == NULL ? "" : task->notes[i].agent,
		    task->notes[i].text);
	add_heading(top, "events");
	for (size_t i = events->count; i-- > 0;) {
		const struct tctl_event *event = &events->at[i];

		add(top, TCTL_PLAIN, "  %s  %-12s %s",
		    instant(top, event->at_ms, at), event->kind,
		    event->agent == NULL ? "" : event->agent);
	}
}

static void
add_task(struct tctl_top *top, const struct tctl_task *task)
{
	char text[TCTL_DURATION_TEXT];

	add(top, TCTL_BOLD, "%s  %s", task->ref, task->title);
	add(top, tctl_state_style(task->state), "  %-10s %s%s", "state",
	    tctl_state_word(task->state),
	    task->orphaned ? ", no longer in the plan" : "");
	add_lease(top, task->lease);
	add_field(top, "done by", task->finished_by);
	add_field(top, "sprint", task->sprint);
	add_field(top, "planned", task->planned_agent);
	add(top, TCTL_PLAIN, "  %-10s %d", "priority", task->priority);
	if (task->estimate_s >= 0)
		add_field(top, "estimate",
		    tctl_duration_write(task->estimate_s, text));
	add_field(top, "mutex", task->mutex);
	add_field(top, "after", task->after);
	if (task->attempts > 0)
		add(top, TCTL_PLAIN, "  %-10s %d", "attempts", task->attempts);
	if (task->file != NULL)
		add(top, TCTL_PLAIN, "  %-10s %s:%d", "source", task->file,
		    task->line);
	for (size_t i = 0; i < task->files.count; i++)
		add_field(top, i == 0 ? "files" : "", task->files.at[i]);
	add_why(top, &top->board.why);
	add_others(top, "needs", task, &task->needs);
	add_others(top, "unblocks", task, &task->unblocks);
	add_items(top, "criteria", &task->criteria);
	add_items(top, "steps", &task->steps);
	add_history(top, task);
}

/* --- keys and messages
 * --------------------------------------------------------------
 */

static void
add_keys(struct tctl_top *top)
{
#define KEY(keys, does) { keys, does },
	static const char *const key[][2] = { TCTL_TOP_KEYS(KEY) };
#undef KEY

	for (size_t i = 0; i < TCTL_COUNT(key); i++)
		add_wrapped(top, TCTL_PLAIN, 16,
		    tctl_arena_printf(
			top->page.arena, "  %-13s %s", key[i][0], key[i][1]));
}

static void
add_messages(struct tctl_top *top)
{
	char at[TCTL_INSTANT_TEXT];

	for (size_t i = top->messages; i-- > 0;) {
		const struct tctl_top_message *one = &top->message[i];

		add(top, one->is_error ? TCTL_RED : TCTL_PLAIN, "%.8s  %s%s",
		    instant(top, one->at_ms, at) + 11,
		    one->is_error ? "error: " : "", one->text);
	}
	if (top->messages == 0)
		add(top, TCTL_PLAIN, "nothing was said yet");
}

const struct tctl_why *
tctl_top_opened(const struct tctl_top *top)
{
	const struct tctl_top_board *board = &top->board;

	return board->has_why && top->open != NULL &&
		       strcmp(board->opened, top->open) == 0
		   ? &board->why
		   : NULL;
}

void
tctl_top_page_make(struct tctl_top *top)
{
	tctl_arena_free(top->page.arena);
	memset(&top->page, 0, sizeof(top->page));
	top->page.arena = tctl_arena_new();
	if (top->view == TCTL_TOP_HELP)
		add_keys(top);
	else if (top->view == TCTL_TOP_MESSAGES)
		add_messages(top);
	else if (tctl_top_opened(top) != NULL)
		add_task(top, &tctl_top_opened(top)->task.at[0]);
	else
		add(top, TCTL_RED, "%s",
		    top->lost ? "the store is lost, and this was not read"
			      : top->board.why_not.text);
}
