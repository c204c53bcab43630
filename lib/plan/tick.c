/* tick.c - where the text says whether something is done. */
#include <string.h>

#include "draft.h"
#include "state_words.h"

void
tctl_draft_tick(struct tctl_draft *draft, const struct tctl_tick *tick)
{
	struct tctl_plan *plan = draft->plan;

	plan->tick = tctl_arena_grow(
	    plan->arena, plan->tick, plan->tick_count, sizeof(*plan->tick));
	plan->tick[plan->tick_count++] = *tick;
}

void
tctl_draft_made(struct tctl_draft *draft, const struct tctl_made *made)
{
	struct tctl_plan *plan = draft->plan;

	plan->made = tctl_arena_grow(
	    plan->arena, plan->made, plan->made_count, sizeof(*plan->made));
	plan->made[plan->made_count++] = *made;
}

void
tctl_draft_made_line(
    struct tctl_draft *draft, size_t task, const struct tctl_md_line *line)
{
	tctl_draft_made(draft, &(struct tctl_made){ .task = task,
				   .line = line->place.line,
				   .prefix = " {#",
				   .suffix = "}" });
}

void
tctl_tick_box(
    struct tctl_draft *draft, struct tctl_tick tick, const struct tctl_md *item)
{
	if (item->mark == 0)
		return;
	tick.kind = TCTL_TICK_BOX;
	tick.line = item->place.line;
	tick.column = item->place.column;
	tick.length = 1;
	tick.done = item->mark != ' ';
	tctl_draft_tick(draft, &tick);
}

void
tctl_tick_text(struct tctl_draft *draft, struct tctl_tick tick,
    const struct tctl_md_line *line, const char *at, size_t length)
{
	struct tctl_place from = tctl_md_place(line, at);
	struct tctl_place last;

	tick.length = 0;
	for (size_t i = 0; i < length; i++)
		tick.length += (at[i] & 0xC0) != 0x80;
	if (tick.length == 0)
		return;
	while (length > 1 && (at[length - 1] & 0xC0) == 0x80)
		length--;
	last = tctl_md_place(line, at + length - 1);
	if (last.line != from.line ||
	    last.column != from.column + tick.length - 1)
		return; /* the source has marks of its own in it */
	tick.line = from.line;
	tick.column = from.column;
	tctl_draft_tick(draft, &tick);
}

size_t
tctl_mark_whole(const char *text, size_t length, enum tctl_mark *mark)
{
	size_t bytes;

	*mark = tctl_mark_at(text, length, &bytes);
	if (*mark == TCTL_MARK_NONE)
		return 0;
	/* U+FE0F: the character before it is shown as an emoji. */
	if (length - bytes >= 3 && !memcmp(text + bytes, "\xEF\xB8\x8F", 3))
		bytes += 3;
	return bytes;
}

/* A sign that turns without its word would say both. */
void
tctl_tick_said(struct tctl_draft *draft, struct tctl_tick tick,
    const struct tctl_md_line *line, const struct tctl_said said[],
    size_t count)
{
	size_t before = draft->plan->tick_count;

	for (size_t i = 0; i < count; i++) {
		tick.kind = said[i].is_sign ? TCTL_TICK_EMOJI : TCTL_TICK_WORD;
		tctl_tick_text(draft, tick, line, said[i].at, said[i].length);
	}
	if (draft->plan->tick_count != before + count)
		draft->plan->tick_count = before;
}
