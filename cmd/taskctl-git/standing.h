/* floor: cmd - where the work stands, as a progress commit says it. */
#ifndef TASKCTL_GIT_STANDING_H
#define TASKCTL_GIT_STANDING_H

#include "git.h"

enum {
	/* Of a plan of more tasks, only what is new is read. */
	TCTL_GIT_TASKS_WHOLE = 2000,
	/* Then this is the most that is shown. */
	TCTL_GIT_SPRINTS_SHOWN = 50,
	TCTL_GIT_STUCK_SHOWN = 50,
};

struct tctl_git_standing {
	/* Not whole: of the sprints only some that are begun. */
	struct tctl_status_report report;
	bool is_whole;
	size_t sprint_count;		   /* of all */
	size_t in_state[TCTL_STATE_COUNT]; /* sprints, where not whole */
	/* The lines of sprint_status.json, a sprint each; owned. */
	char *sprints;
	size_t sprints_bytes;
	char store[TCTL_GIT_STORE_ID];
	int64_t last_event;
};

/* Somebody is at it, or was. */
bool tctl_git_is_begun(const struct tctl_sprint_status *sprint);

/**
 * Read where the work stands.
 *
 * @param tip  whose sprint_status.json says what has not changed since
 *
 * Cost: of up to TCTL_GIT_TASKS_WHOLE tasks, and whenever a new file of events
 * begins or a plan was changed, O(tasks); else O(new events + tasks of the
 * sprints that they touch), and one pass over that file.
 */
enum tctl_status tctl_git_standing_read(const struct tctl_git *git,
    const struct tctl_git_tip *tip, int64_t last_event,
    struct tctl_git_standing *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_standing_release(struct tctl_git_standing *standing);

/* Write sprint_status.json: a line for each sprint, which begins with its id
 * and plan, so that git's own diff shows what has changed. */
void tctl_git_standing_json(FILE *to, struct tctl_git_standing *standing);

/* --- chart.c ----------------------------------------------------------------
 */

/* The chart of STATUS.md: up to TCTL_GIT_TASKS_SHOWN tasks each; more, sprint
 * by sprint; of a large plan the sprints that are begun. */
enum tctl_status tctl_git_chart(FILE *to, const struct tctl_git *git,
    const struct tctl_git_standing *standing,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- status_md.c
 * -------------------------------------------------------------- */

/* Write STATUS.md, but for the chart and what follows; then what follows. */
void tctl_git_status_md(FILE *to, const struct tctl_git_standing *standing);
void tctl_git_status_md_end(FILE *to, const struct tctl_git_standing *standing);

#endif
