/* floor: plan - what stands in a plan for done, and for not done.
 *
 * The words are those of words_table.h that turn each other round. */
#ifndef PLAN_STATE_WORDS_H
#define PLAN_STATE_WORDS_H

#include "taskctl/plan.h"

enum { TCTL_STATE_TEXT = 96 };

/* What is written in place of text, for it to say done or not; in the language
 * and the case of the text.  used: what the same plan writes for that
 * elsewhere, NULL where it does not.  The result is out. */
const char *tctl_state_turn(enum tctl_tick_kind kind, const char *text,
    bool done, const char *used, char out[TCTL_STATE_TEXT]);

#endif
