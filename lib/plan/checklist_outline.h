/* floor: plan - what a heading of a checklist is by its shape. */
#ifndef PLAN_CHECKLIST_OUTLINE_H
#define PLAN_CHECKLIST_OUTLINE_H

#include "heading.h"

enum tctl_outline_kind {
	TCTL_OUTLINE_OTHER,
	TCTL_OUTLINE_PHASE,  /* "Phase 2: Title", "Week 1" */
	TCTL_OUTLINE_STAGE,  /* "Pre-Deployment", "Deployment steps" */
	TCTL_OUTLINE_STEP,   /* "Step 3: Title", "Étape 3" */
	TCTL_OUTLINE_NUMBER, /* "1.2 Title", "3. Title" */
};

struct tctl_outline {
	enum tctl_outline_kind kind;
	const char *word; /* PHASE, STEP; not terminated */
	size_t word_length;
	const char *id; /* PHASE, STEP, NUMBER; not terminated */
	size_t id_length;
	struct tctl_heading heading; /* title and what it says; no id */
};

void tctl_outline_read(struct tctl_arena *arena, const struct tctl_md *heading,
    int hours_per_day, struct tctl_outline *out);

/* Do boxes stand below the heading, before the next one? */
bool tctl_outline_has_boxes(const struct tctl_md *heading);

/* The same, before the next one of its level or a higher one. */
bool tctl_outline_has_boxes_below(const struct tctl_md *heading);

#endif
