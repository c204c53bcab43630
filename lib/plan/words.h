/* floor: plan - the words that plans are written with, in one table.
 *
 * A new language is new rows in words_table.h, nothing else. */
#ifndef PLAN_WORDS_H
#define PLAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum tctl_word {
	TCTL_WORD_NONE = 0, /* not a word known here */

	/* Names of fields and columns. */
	TCTL_WORD_TASK,	  /* as a column: id, title, or both */
	TCTL_WORD_SPRINT, /* also what starts a sprint's heading */
	TCTL_WORD_DURATION,
	TCTL_WORD_AGENT,
	TCTL_WORD_PARALLEL,
	TCTL_WORD_SEQUENTIAL,
	TCTL_WORD_MUTEX,
	TCTL_WORD_NEEDS,
	TCTL_WORD_FILES,
	TCTL_WORD_CRITERIA,
	TCTL_WORD_PRIORITY,
	TCTL_WORD_TITLE,
	TCTL_WORD_ID,
	TCTL_WORD_STATUS,
	TCTL_WORD_CONDITION, /* of a sprint: what must be so before it */
	TCTL_WORD_TOTAL,
	TCTL_WORD_LAST_FIELD = TCTL_WORD_TOTAL,

	/* Words inside values. */
	TCTL_WORD_AFTER,  /* "after 2.1", "depends on", "dépend de" */
	TCTL_WORD_BEFORE, /* "T008 blocks T009" */
	TCTL_WORD_ALL,
	TCTL_WORD_DONE,
	TCTL_WORD_CANCELLED,
	TCTL_WORD_OPEN, /* not begun: "to do" */
	TCTL_WORD_NOT,	/* turns what follows it round: "not done" */
	TCTL_WORD_NOTHING,
	TCTL_WORD_ACTUAL, /* time that was spent, not an estimate */
	TCTL_WORD_YES,
	TCTL_WORD_NO,
	TCTL_WORD_HIGH,
	TCTL_WORD_MEDIUM,
	TCTL_WORD_LOW,
	TCTL_WORD_GO,
	TCTL_WORD_NO_GO,
	TCTL_WORD_DECISION,
	TCTL_WORD_APPROVED,
	TCTL_WORD_DEPLOY, /* what a deployment checklist is about */
	TCTL_WORD_STAGE,  /* starts its phase that has no number */
	TCTL_WORD_STEP,	  /* "Step 1" */
	TCTL_WORD_WEEK,	  /* "Week 1" */
	TCTL_WORD_URGENT, /* beside a title: "⭐ PRIORITÉ" */
	TCTL_WORD_POINTS, /* "2 pts": effort, and no time */
	TCTL_WORD_REQUIREMENT,
	TCTL_WORD_STORY,    /* "User Story 1" */
	TCTL_WORD_WAVE,	    /* a sprint that follows the one before it */
	TCTL_WORD_TRACK,    /* a part of a wave: "Track A" */
	TCTL_WORD_PREVIOUS, /* "all preceding phases" */
	TCTL_WORD_GOAL,	    /* what a sprint is for */
	TCTL_WORD_COUNT
};

enum { TCTL_FOLD_MAX = 96 };

/**
 * The form in which words are compared: no case, no accents, one blank for
 * each run of blanks, and none at the ends.  Truncates to the buffer.
 *
 * @return bytes in out, without its NUL
 */
size_t tctl_fold(const char *text, size_t length, char *out, size_t size);

/* An id made of a heading: its words, folded, "-" between them; what stands in
 * brackets at the end does not belong to it.  Belongs to arena: slug.c. */
struct tctl_arena;
const char *tctl_slug(
    struct tctl_arena *arena, const char *text, size_t length);

/* What field or column a text of one or more words names, as a whole. */
enum tctl_word tctl_word_field(const char *text, size_t length);

/* Does the text, as a whole, mean that? */
bool tctl_word_is(const char *text, size_t length, enum tctl_word word);

/* Does the text hold the word (of one word) somewhere? */
bool tctl_word_in(const char *text, size_t length, enum tctl_word word);

/* Does the text say that something is done, and not that it is not? */
bool tctl_word_is_done(const char *text, size_t length);

/* The next word of letters and digits from *at; its length, 0: no more. */
size_t tctl_word_next(const char *end, const char **at);

/* --- marks ------------------------------------------------------------ */

enum tctl_mark {
	TCTL_MARK_NONE, /* an ordinary character */
	TCTL_MARK_STAR,
	TCTL_MARK_TICK,
	TCTL_MARK_CROSS,
	TCTL_MARK_OPEN,	 /* an empty box, an hourglass: not done yet */
	TCTL_MARK_OTHER, /* any other emoji, or part of one */
};

/* The mark that stands at text, and how many bytes it takes. */
enum tctl_mark tctl_mark_at(const char *text, size_t length, size_t *bytes);

/* How many stars stand in the text. */
int tctl_stars(const char *text, size_t length);

/* The first mark of that kind in the text; NULL: there is none. */
const char *tctl_find_mark(
    const char *text, size_t length, enum tctl_mark mark);

#endif
