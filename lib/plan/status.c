/* status.c - words, boxes, signs and percentages of progress. */
#include <string.h>

#include "state_words.h"
#include "status.h"

/* The place of the mark in "[x]" or "[ ]"; NULL: no box begins there. */
static const char *
box_at(const char *text, size_t length)
{
	return length >= 3 && text[0] == '[' && text[2] == ']' &&
		       strchr(" xX-~", text[1]) != NULL
		   ? text + 1
		   : NULL;
}

/* The number before a percent sign, or -1. */
static int
percent_in(const char *text, size_t length)
{
	const char *sign = memchr(text, '%', length), *at = sign;
	int percent = 0, scale = 1;

	if (sign == NULL)
		return -1;
	while (at > text && at[-1] == ' ')
		at--;
	if (at == text || at[-1] < '0' || at[-1] > '9')
		return -1;
	for (; at > text && at[-1] >= '0' && at[-1] <= '9' && scale < 1000;
	     scale *= 10)
		percent += (*--at - '0') * scale;
	return percent;
}

/* Is it one sign, and nothing else? */
static bool
is_sign(const char *text, size_t length)
{
	const char *end = text + length;

	return length > 0 && tctl_skip_marks(text, end) == end;
}

bool
tctl_status_is_done(const char *text, size_t length)
{
	const char *box;
	int percent;

	tctl_trim(&text, &length);
	box = box_at(text, length);
	if (box != NULL)
		return *box == 'x' || *box == 'X';
	percent = percent_in(text, length);
	if (percent >= 0)
		return percent >= 100;
	if (tctl_word_is_done(text, length))
		return true;
	return is_sign(text, length) &&
	       tctl_find_mark(text, length, TCTL_MARK_TICK) != NULL;
}

bool
tctl_status_is_cancelled(const char *text, size_t length)
{
	return tctl_word_in(text, length, TCTL_WORD_CANCELLED) &&
	       !tctl_word_in(text, length, TCTL_WORD_NOT);
}

/* "✅ Done (by Ann)", "done ✅": its sign and its words; how many. */
static size_t
find_said(const char *text, size_t length, struct tctl_said said[TCTL_SAID_MAX])
{
	const char *end = text + length, *word;
	enum tctl_mark mark;
	size_t n = tctl_mark_whole(text, length, &mark), count = 0;

	if (n != 0)
		said[count++] = (struct tctl_said){ text, n, true };
	word = text + n;
	n = tctl_state_find(end, &word);
	if (n == 0)
		return count;
	said[count++] = (struct tctl_said){ word, n, false };
	for (word += n; word < end && *word == ' ';)
		word++;
	n = tctl_mark_whole(word, (size_t)(end - word), &mark);
	if (n != 0 && count < TCTL_SAID_MAX)
		said[count++] = (struct tctl_said){ word, n, true };
	return count;
}

/* Where its sign and its words alone do not turn it, whoever writes back would
 * have to guess: there is no such place then. */
static void
tick_state(struct tctl_draft *draft, struct tctl_tick tick,
    const struct tctl_md_line *line, const char *text, size_t length)
{
	struct tctl_said said[TCTL_SAID_MAX];
	size_t count = find_said(text, length, said);
	const char *turned = tctl_state_try(
	    draft->plan->arena, text, length, said, count, !tick.done);

	if (tctl_status_is_done(turned, strlen(turned)) != tick.done)
		tctl_tick_said(draft, tick, line, said, count);
}

void
tctl_status_apply(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *text, size_t length)
{
	struct tctl_tick tick = { .task = task, .of = TCTL_TICK_TASK };
	const char *box;

	tctl_trim(&text, &length);
	if (length == 0)
		return;
	tick.done = tctl_status_is_done(text, length);
	draft->plan->task[task].ticked |= tick.done;
	box = box_at(text, length);
	tick.kind = TCTL_TICK_BOX;
	if (box != NULL)
		tctl_tick_text(draft, tick, line, box, 1);
	else
		tick_state(draft, tick, line, text, length);
}
