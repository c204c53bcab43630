/* floor: plan - what a heading says: a sprint, a task, or something else. */
#ifndef PLAN_HEADING_H
#define PLAN_HEADING_H

#include "draft.h"
#include "state_words.h"

enum tctl_heading_kind {
	TCTL_HEADING_OTHER,
	TCTL_HEADING_TASK,
	TCTL_HEADING_SPRINT,
};

struct tctl_heading {
	enum tctl_heading_kind kind;
	const char *word; /* "Sprint", "Phase" as written; not terminated */
	size_t word_length;
	const char *id; /* not terminated */
	size_t id_length;
	const char *title;    /* without decoration and what is below */
	const char *title_at; /* where it begins in the heading */
	size_t title_length;  /* there */
	int64_t estimate_s;   /* -1: none */
	const char *estimate_at;
	bool is_range;
	bool is_calendar; /* days or weeks: hardly a sum of hours */
	bool is_done;	  /* says so after the title */
	bool is_open;	  /* says after the title that it is not: (to do) */
	struct tctl_said said[TCTL_SAID_MAX]; /* by what it says that */
	size_t said_count;
	const char *tick; /* one that has no done word beside it; NULL: none */
	int stars;
	bool is_urgent; /* PRIORITÉ */
};

/* Read a heading's text.  Without a word before its id ("T4.1 : ...") it is
 * taken for a task only in a sprint. */
void tctl_heading_read(struct tctl_arena *arena, const char *text,
    size_t length, int hours_per_day, bool in_sprint, struct tctl_heading *out);

/* Read what is left of a title: sets title and all that is below it. */
void tctl_title_read(struct tctl_arena *arena, const char *text, size_t length,
    int hours_per_day, struct tctl_heading *out);

/* What the sprint of a heading is called: the number alone, unless sprints and
 * phases are both counted.  Belongs to the arena. */
const char *tctl_sprint_key(
    struct tctl_draft *draft, const struct tctl_heading *heading);

#endif
