/* state.c - from one view to another, and what was said. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

enum { MESSAGES_MOST = 500 };

/* --- messages
 * ------------------------------------------------------------------
 */

static void
keep(struct tctl_top *top, bool is_error, char *text)
{
	if (top->messages == MESSAGES_MOST) {
		free(top->message[0].text);
		memmove(top->message, top->message + 1,
		    --top->messages * sizeof(*top->message));
	}
	/* Its room never shrinks. */
	if (top->message == NULL)
		top->message =
		    tctl_xcalloc(MESSAGES_MOST, sizeof(*top->message));
	top->message[top->messages++] = (struct tctl_top_message){
		.at_ms = top->now_ms, .is_error = is_error, .text = text
	};
	top->said = true;
}

void
tctl_top_say(struct tctl_top *top, bool is_error, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = tctl_xvprintf(fmt, args);
	va_end(args);
	keep(top, is_error, text);
}

void
tctl_top_say_error(struct tctl_top *top, const struct tctl_error *err)
{
	if (err->hint[0] == '\0')
		tctl_top_say(top, true, "%s [%s]", err->text,
		    tctl_status_word(err->status));
	else
		tctl_top_say(top, true, "%s [%s]; %s", err->text,
		    tctl_status_word(err->status), err->hint);
}

/* --- from view to view
 * ------------------------------------------------------------
 */

static void
set(char **to, const char *text)
{
	char *copy = text == NULL ? NULL : tctl_xstrdup(text);

	free(*to);
	*to = copy;
}

static void
show(struct tctl_top *top, enum tctl_top_view view, const char *task)
{
	if (view == TCTL_TOP_TASK &&
	    (top->open == NULL || strcmp(top->open, task) != 0)) {
		top->place[view].at = top->place[view].first = 0;
		set(&top->open, task);
	}
	top->view = view;
}

static void
remember(struct tctl_top *top)
{
	if (top->backs == TCTL_TOP_BACK_MAX) {
		free(top->back[0].task);
		memmove(top->back, top->back + 1,
		    --top->backs * sizeof(*top->back));
	}
	top->back[top->backs].view = top->view;
	top->back[top->backs].task = NULL;
	if (top->view == TCTL_TOP_TASK)
		top->back[top->backs].task = tctl_xstrdup(top->open);
	top->backs++;
}

static void
forget(struct tctl_top *top)
{
	while (top->backs > 0)
		free(top->back[--top->backs].task);
	set(&top->only_sprint, NULL);
	set(&top->only_plan, NULL);
	set(&top->only_agent, NULL);
}

void
tctl_top_go(struct tctl_top *top, enum tctl_top_view view, const char *task)
{
	if (view < TCTL_TOP_LISTS)
		forget(top);
	else if (view == TCTL_TOP_TASK || view != top->view)
		remember(top);
	show(top, view, task);
	if (view == TCTL_TOP_MESSAGES) /* the newest stand first */
		top->place[view].at = top->place[view].first = 0;
}

/* The tasks of the sprint or the agent under the cursor. */
void
tctl_top_narrow(struct tctl_top *top)
{
	size_t at = top->place[top->view].at;
	const struct tctl_sprint_status *sprint;

	if (at >= top->count)
		return;
	remember(top);
	if (top->view == TCTL_TOP_AGENTS) {
		set(&top->only_agent, top->board.agent[top->order[at]].agent);
	} else {
		sprint = &top->board.report.sprint[top->order[at]];
		set(&top->only_sprint, sprint->key == NULL ? "" : sprint->key);
		set(&top->only_plan, sprint->plan);
	}
	top->place[TCTL_TOP_TASKS].at = top->place[TCTL_TOP_TASKS].first = 0;
	show(top, TCTL_TOP_TASKS, NULL);
}

void
tctl_top_back(struct tctl_top *top)
{
	struct tctl_top_place *place = &top->place[top->view];

	if (place->filter[0] != '\0') {
		place->filter[0] = '\0';
		return;
	}
	if (top->backs == 0)
		return;
	top->backs--;
	if (top->view == TCTL_TOP_TASKS) {
		set(&top->only_sprint, NULL);
		set(&top->only_plan, NULL);
		set(&top->only_agent, NULL);
	}
	show(top, top->back[top->backs].view, top->back[top->backs].task);
	free(top->back[top->backs].task);
}

void
tctl_top_release(struct tctl_top *top)
{
	forget(top);
	for (size_t i = 0; i < top->messages; i++)
		free(top->message[i].text);
	for (int i = 0; i < TCTL_TOP_VIEWS; i++)
		free(top->place[i].key);
	free(top->message);
	free(top->open);
	free(top->act_task);
	free(top->order);
	free(top->forecast);
	tctl_arena_free(top->page.arena);
	tctl_top_board_release(&top->board);
}
