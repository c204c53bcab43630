/* floor: plan - what the pieces of a title say: shared by title.c, title_tail.c
 * and heading.c. */
#ifndef PLAN_TITLE_H
#define PLAN_TITLE_H

#include "heading.h"

enum {
	TCTL_DONE_WORDS_MAX = 4
}; /* "(already done in sprint 1)" is still one */

size_t tctl_title_count_words(const char *text, size_t length);
bool tctl_title_says_done(const char *text, size_t length);
bool tctl_title_says_open(const char *text, size_t length);
/* Is every word of it one of urgency? */
bool tctl_title_says_urgent(const char *text, size_t length);

/* Shortened by the dashes, colons and blanks that it ends with. */
void tctl_title_trim(const char *text, size_t *length);
/* Behind the last open bracket; 0: there is none. */
size_t tctl_title_last_open(const char *text, size_t length);
/* The bytes up to the next mark or bracket. */
size_t tctl_title_piece(const char *text, size_t length);
/* From the first word to the last. */
void tctl_title_cut_to_words(const char **text, size_t *length);
/* "Title - COMPLETE ✅": the word may stand before the sign.  Words may be two
 * ("to do"), after a separator. */
bool tctl_title_cut_word(
    const char *text, size_t *length, bool (*says)(const char *, size_t));

/* Marks and their words after the title; the title's length without them. */
size_t tctl_title_read_tail(
    const char *text, size_t length, struct tctl_heading *out);

#endif
