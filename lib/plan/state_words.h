/* floor: plan - what stands in a plan for done, and for not done.
 *
 * The words are those of words_table.h that turn each other round. */
#ifndef PLAN_STATE_WORDS_H
#define PLAN_STATE_WORDS_H

#include "taskctl/memory.h"
#include "taskctl/plan.h"

/* A sign or a state's own words, and not the remark beside them. */
struct tctl_said {
	const char *at;
	size_t length;
	bool is_sign; /* else words */
};

/* A state has one sign and one word at the most. */
enum { TCTL_SAID_MAX = 2 };

struct tctl_draft;
struct tctl_md_line;

/* Note the places of what is said, pieces of the line's text: all or none.
 * task, of and done come with tick. */
void tctl_tick_said(struct tctl_draft *draft, struct tctl_tick tick,
    const struct tctl_md_line *line, const struct tctl_said said[],
    size_t count);

/* The known state that begins at *at, after signs and opening brackets: "to
 * do", "done", "in progress", "100 %"; its length, 0: none does. */
size_t tctl_state_find(const char *end, const char **at);

/* The text, with what was said in it (in order) turned to done or not, to see
 * how that reads.  The arena's. */
const char *tctl_state_try(struct tctl_arena *arena, const char *text,
    size_t length, const struct tctl_said said[], size_t count, bool done);

enum { TCTL_STATE_TEXT = 96 };

/* What is written in place of text, for it to say done or not; in the language
 * and the case of the text.  used: what the same plan writes for that
 * elsewhere, NULL where it does not.  The result is out. */
const char *tctl_state_turn(enum tctl_tick_kind kind, const char *text,
    bool done, const char *used, char out[TCTL_STATE_TEXT]);

#endif
