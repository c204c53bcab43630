/* floor: cmd - taskctl-git: what needs libgit2.
 *
 * The progress branch holds, in each commit:
 *
 *     STATUS.md             where the work stands, for people
 *     sprint_status.json    the same per sprint, for programs
 *     events/NNNNNNNN.jsonl every event, one a line; the file of event N is
 *                           named by the first of its thousand, so that a
 *                           commit writes the last file only
 *
 * Its message ends with the newest event that it holds and the store that the
 * event is of.  This, not the store, says what is committed. */
#ifndef TASKCTL_GIT_H
#define TASKCTL_GIT_H

#include <stdio.h>

#include <git2.h>

#include "taskctl/call.h"
#include "taskctl/work.h"

enum {
	TCTL_GIT_EVENTS_A_FILE = 1000,
	/* STATUS.md lists tasks one by one up to here. */
	TCTL_GIT_TASKS_SHOWN = 200,
};

struct tctl_ctx; /* cmd/taskctl/ctx.h */

/* What its commands work on: tctl_git_open.  The first four are ctx's. */
struct tctl_git {
	struct tctl_arena *arena;
	const struct tctl_place *place;
	const struct tctl_config *config;
	const struct tctl_coord
	    *coord;	      /* the store, open at least to be read */
	git_repository *repo; /* the common git directory, as a bare one */
	const char *branch;   /* its short name */
	const char *ref;      /* refs/heads/… */
	int queue; /* descriptor of the committers' queue; -1: not in it */
};

/* --- repo.c: libgit2, and who commits ------------------------------------- */

/* Fill err from what libgit2 said last: "cannot WHAT: …". */
enum tctl_status tctl_git_fail(struct tctl_error *err, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

/* Start libgit2 and open the repository of a place, whatever its HEAD, index
 * and work tree look like.  TCTL_EFAILED: there is none, or libgit2 cannot use
 * its format; TCTL_EINVALID: git.branch is not a branch's name.  To be closed
 * also when it failed. */
enum tctl_status tctl_git_open(const struct tctl_ctx *ctx, struct tctl_git *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_close(struct tctl_git *git);

/* Who commits: git's user.name and user.email, else the agent at this host,
 * else taskctl.  Owned (git_signature_free). */
enum tctl_status tctl_git_author(git_repository *repo, const char *agent,
    git_signature **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Which store this is, as commits name it: commit.c. */
enum tctl_status tctl_git_store_id(struct tctl_store *store, char out[40],
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- tip.c: the newest progress commit ------------------------------------ */

struct tctl_git_tip {
	git_commit *commit; /* NULL: the branch is not there yet */
	git_oid id;
	int64_t event;	/* the newest that it holds */
	char store[40]; /* the store that this event is of */
};

/* TCTL_EFAILED: the branch is somebody else's, or checked out. */
enum tctl_status tctl_git_tip_read(const struct tctl_git *git,
    struct tctl_git_tip *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_tip_release(struct tctl_git_tip *tip);

/**
 * Move the branch from tip to a commit, if it is still at tip.
 *
 * The branch's own lock file is held while it is compared and written, so this
 * holds against git and against other committers, also for the first commit.
 *
 * @return TCTL_OK; TCTL_ESTALE: somebody else moved it; TCTL_EBUSY: somebody
 *         holds its lock; TCTL_EFAILED
 */
enum tctl_status tctl_git_tip_move(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_oid *to,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- queue.c: one committer after the other --------------------------------
 */

/* Queue up, for a few seconds at the most; take away the branch's lock file if
 * a committer died with it. */
void tctl_git_queue_enter(struct tctl_git *git);
/* The branch's lock file is ours now. */
void tctl_git_queue_note(const struct tctl_git *git);
void tctl_git_queue_leave(struct tctl_git *git);

/* --- events.c: the folder events/ ------------------------------------------
 */

/* The folder events/, while events are added to it. */
struct tctl_git_events {
	git_repository *repo;
	git_treebuilder *folder;
	int64_t first; /* the open file's name; 0: none is open */
	FILE *file;
	char *text;
	size_t bytes;
};

/* Begin with what tip holds. */
enum tctl_status tctl_git_events_begin(git_repository *repo,
    const struct tctl_git_tip *tip, struct tctl_git_events *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* Ids must grow from call to call. */
enum tctl_status tctl_git_events_add(struct tctl_git_events *to,
    const struct tctl_event *event, struct tctl_error *err) TCTL_MUST_CHECK;
/* Write the folder. */
enum tctl_status tctl_git_events_end(struct tctl_git_events *to, git_oid *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_events_release(struct tctl_git_events *events);

/* Is the newest event of tip one that our store has, or may have lost?
 * TCTL_EFAILED: the branch holds another store's progress. */
enum tctl_status tctl_git_events_match(const struct tctl_git *git,
    const struct tctl_git_tip *tip, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- tree.c: the whole that a commit holds -----------------------------------
 */

/* A folder of tip's tree (NULL: its root), owned (git_tree_free); NULL where
 * there is no commit yet. */
enum tctl_status tctl_git_folder(git_repository *repo,
    const struct tctl_git_tip *tip, const char *name, git_tree **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Write the root: events/ as given, the rest as the store is now; what else
 * stands in tip's tree stays. */
enum tctl_status tctl_git_tree_write(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_oid *events, int64_t last_event,
    git_oid *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- status_md.c -------------------------------------------------------------
 */

/* Write STATUS.md.  outlook NULL: no chart. */
void tctl_git_status_md(FILE *to, const struct tctl_status_report *report,
    const struct tctl_outlook *outlook, int64_t last_event);

/* --- summary.c, message.c: what happened, in words
 * -------------------------------- */

struct tctl_git_summary;

struct tctl_git_summary *tctl_git_summary_new(void);
void tctl_git_summary_free(struct tctl_git_summary *summary); /* NULL is fine */
void tctl_git_summary_add(
    struct tctl_git_summary *summary, const struct tctl_event *event);

/* Events added so far, the newest's id, and the agent who did most lately what
 * counts most (NULL: nobody). */
size_t tctl_git_summary_count(const struct tctl_git_summary *summary);
int64_t tctl_git_summary_last(const struct tctl_git_summary *summary);
const char *tctl_git_summary_agent(const struct tctl_git_summary *summary);

/* "Sprint 2: 2.1 and 2.3 done; 2.2 claimed by bob": one line; owned (free). */
char *tctl_git_summary_line(
    struct tctl_git_summary *summary, const struct tctl_coord *coord);

/* The whole commit message: what the caller says or else the line, and the
 * trailers; owned (free). */
char *tctl_git_message(const struct tctl_git_summary *summary, const char *line,
    const char *said, const char *store_id);

#endif
