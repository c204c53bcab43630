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

/* Not whole: the report's sprints are those that are begun, and all are in
 * files of their own. */
struct tctl_git_standing {
	struct tctl_status_report report;
	bool is_whole;
	size_t sprint_count;		   /* of all */
	size_t in_state[TCTL_STATE_COUNT]; /* sprints, where not whole */
	git_oid sprints;		   /* the folder, where not whole */
	char store[TCTL_STORE_ID_MAX];
	int64_t last_event;
};

/* Somebody is at it, or was. */
bool tctl_git_is_begun(const struct tctl_sprint_status *sprint);

/**
 * Read where the work stands.
 *
 * @param tip  whose files say what has not changed since
 *
 * Cost: of up to TCTL_GIT_TASKS_WHOLE tasks, and whenever a new file of events
 * begins or a plan was changed, O(tasks); else O(new events + tasks of the
 * sprints that they touch + sprints that are begun).
 */
enum tctl_status tctl_git_standing_read(const struct tctl_git *git,
    const struct tctl_git_tip *tip, int64_t last_event,
    struct tctl_git_standing *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_standing_release(struct tctl_git_standing *standing);

/* sprint_status.json of the tip, or NULL; owned (json_object_put). */
struct json_object;
struct json_object *tctl_git_standing_load(
    const struct tctl_git *git, const struct tctl_git_tip *tip);

/* Write sprint_status.json. */
void tctl_git_standing_json(FILE *to, const struct tctl_git_standing *standing);

/* Add a sprint to the sums (sign 1), or take it out of them (-1). */
void tctl_git_standing_move(struct tctl_git_standing *standing,
    const struct tctl_sprint_status *sprint, int sign);

/* --- sprints.c: the folder sprints/ of a large plan -------------------------
 */

/* Write all of the report's. */
enum tctl_status tctl_git_sprints_write(const struct tctl_git *git,
    const struct tctl_status_report *report, git_oid *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Write tip's folder with the report's sprints in the place of their old lines,
 * and move the sums by the difference.  *good false: tip's is not such a
 * folder, and the sums are spoiled. */
enum tctl_status tctl_git_sprints_replace(const struct tctl_git *git,
    const struct tctl_git_tip *tip, struct tctl_git_standing *standing,
    bool *good, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- sprint_lines.c ---------------------------------------------------------
 */

/* One object on one line, without a newline. */
void tctl_git_line_write(FILE *to, const struct tctl_sprint_status *sprint);
/* What its line begins with, and no other; owned (free). */
char *tctl_git_line_head(const struct tctl_sprint_status *sprint);

/* An object, or NULL; owned. */
struct json_object *tctl_git_parse(const char *text, size_t length);

/* False: it is not what we have written.  Strings are the arena's. */
bool tctl_git_line_read(struct json_object *one, struct tctl_arena *arena,
    struct tctl_sprint_status *out);
bool tctl_git_read_totals(struct json_object *from, struct tctl_totals *out);
bool tctl_git_read_states(
    struct json_object *from, size_t out[TCTL_STATE_COUNT]);
bool tctl_git_read_count(
    struct json_object *from, const char *key, int64_t *out);

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
