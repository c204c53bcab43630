/* floor: work - a sprint review while it is being made. */
#ifndef TASKCTL_WORK_REVIEW_H
#define TASKCTL_WORK_REVIEW_H

#include "taskctl/review.h"

enum { TCTL_REVIEW_POINTS = 61 };

/* A task while the events go by. */
struct tctl_track {
	const struct tctl_task *task;
	struct tctl_review_task *of;
	struct tctl_review_sprint *sprint; /* NULL: it is in none */
	int64_t effort_s;
	int64_t since_ms; /* of the lease that it is held under; 0: free */
	size_t agent;	  /* 1 + index of who has, or had, it last; 0: nobody */
	size_t lapse;	  /* 1 + index of the lapse whose heir is sought */
	bool open;	  /* neither done nor cancelled */
};

struct tctl_reader {
	struct tctl_review *out;
	struct tctl_track *track;    /* one a task of the scope */
	struct tctl_track **by_name; /* by id and plan */
	int64_t until_ms;	     /* of the points */
	size_t next_point;
	size_t open;
	int64_t open_s;
};

/* By name; the address holds until another one is asked for. */
struct tctl_review_agent *tctl_review_agent(
    struct tctl_review *out, const char *name);

/* Nothing is left to do. */
bool tctl_review_is_over(const struct tctl_totals *totals);

/* All that happened, in one pass: fills in what each task went through. */
enum tctl_status tctl_review_events(struct tctl_reader *reader,
    const struct tctl_coord *coord, struct tctl_error *err) TCTL_MUST_CHECK;

/* What it comes to, by agent, by sprint and altogether. */
void tctl_review_add_up(struct tctl_reader *reader);

/* Of numbers, which it sorts; 0: of none. */
double tctl_review_median(double *number, size_t count);

#endif
