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
	/* Where git.branch is HEAD: the working tree that .tasks/ is in, its
	 * top folder, and the path of the progress below that; else NULL. */
	git_repository *checkout;
	const char *top;
	const char *prefix;
	int queue; /* descriptor of the committers' queue; -1: not in it */
};

/* --- alloc.c ------------------------------------------------------------- */

/* libgit2's memory comes from where ours does; before it is started. */
void tctl_git_use_memory(void);

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

/* --- sign.c ------------------------------------------------------------------
 */

/* Does git.sign ask for it? */
bool tctl_git_signs(const struct tctl_git *git);

/**
 * Sign a commit by the program that git's gpg.format, gpg.program and so on
 * name, and write it.
 *
 * @param commit as git_commit_create_buffer makes it
 * @param who    the committer: openpgp's key where none is configured
 * @return       TCTL_OK; TCTL_EFAILED: the program is missing or refuses; err
 *               says what it said
 */
enum tctl_status tctl_git_sign(const struct tctl_git *git,
    const git_buf *commit, const git_signature *who, git_oid *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- tip.c: the newest progress commit ------------------------------------ */

struct tctl_git_tip {
	git_commit *commit; /* NULL: the branch is not there yet */
	git_oid id;
	const char *prefix; /* the folder of the progress; NULL: the root */
	int64_t event;	    /* the newest that it holds; 0: none */
	char store[TCTL_STORE_ID_MAX]; /* the store that this event is of */
};

/* TCTL_EFAILED: the branch is somebody else's, or checked out. */
enum tctl_status tctl_git_tip_read(const struct tctl_git *git,
    struct tctl_git_tip *out, struct tctl_error *err) TCTL_MUST_CHECK;
/* The same of any commit that taskctl made. */
enum tctl_status tctl_git_tip_at(const struct tctl_git *git, const git_oid *id,
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

/* --- commit.c, sync.c
 * ---------------------------------------------------------
 */

/* Commit what is new; *out says what came of it (json_object_put). */
enum tctl_status tctl_git_commit(struct tctl_git *git, const char *said,
    struct json_object **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Write a commit after tip, and after another one too (NULL: no other; it wants
 * a tip then), signed where git is configured so. */
enum tctl_status tctl_git_commit_write(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_commit *also,
    const git_oid *tree_id, const char *message, const char *agent,
    git_oid *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Take in what a remote has (NULL: the usual one), and push both together; *out
 * says what came of it (json_object_put). */
enum tctl_status tctl_git_exchange(struct tctl_ctx *ctx, struct tctl_git *git,
    const char *remote, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- restore.c, restore_file.c -----------------------------------------------
 */

struct tctl_restore_req; /* git_commands.h */
struct tctl_restored;	 /* taskctl/replay.h */

/* From a backup; the place is known, and has its configuration. */
enum tctl_status tctl_git_restore_file(struct tctl_ctx *ctx,
    const struct tctl_restore_req *req, const struct tctl_caller *who,
    struct json_object **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* What came of it; commit and aside may be NULL. */
struct json_object *tctl_git_restored_json(const struct tctl_ctx *ctx,
    const struct tctl_restored *restored, const char *from, const char *commit,
    const char *aside);

/* --- remote.c: the user's own git, for what goes over a wire -----------------
 */

struct tctl_git_remote {
	const char *name; /* or a path or URL */
	bool has_branch;
	git_oid tip; /* of our branch, if it has it */
};

/* The names of all remotes, in git's arena. */
enum tctl_status tctl_git_remotes(const struct tctl_git *git,
    struct tctl_strings *out, struct tctl_error *err) TCTL_MUST_CHECK;
/* The remote that is meant where none is named: that of the branch, origin, or
 * the only one.  Kept in git's arena.  TCTL_ENOTFOUND. */
enum tctl_status tctl_git_remote_name(const struct tctl_git *git,
    const char **out, struct tctl_error *err) TCTL_MUST_CHECK;
/* Where its branch is now. */
enum tctl_status tctl_git_remote_look(const struct tctl_git *git,
    struct tctl_git_remote *remote, struct tctl_error *err) TCTL_MUST_CHECK;
/* Get its tip; TCTL_ESTALE: it is there no longer. */
enum tctl_status tctl_git_remote_fetch(const struct tctl_git *git,
    const struct tctl_git_remote *remote,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* Move its branch on to a commit; TCTL_ESTALE: git refused. */
enum tctl_status tctl_git_remote_push(const struct tctl_git *git,
    const struct tctl_git_remote *remote, const git_oid *to,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- head.c: git.branch is HEAD ---------------------------------------------
 */

/* Set checkout, top, prefix, ref and branch.  TCTL_EFAILED: there is no working
 * tree, HEAD is detached, or a merge or the like is going on. */
enum tctl_status tctl_git_head_open(
    struct tctl_git *git, struct tctl_error *err) TCTL_MUST_CHECK;

/* HEAD may have been switched while we waited: set ref and branch again. */
enum tctl_status tctl_git_head_follow(
    struct tctl_git *git, struct tctl_error *err) TCTL_MUST_CHECK;

/* Which events HEAD holds, once tip's commit is set. */
enum tctl_status tctl_git_head_tip(const struct tctl_git *git,
    struct tctl_git_tip *tip, struct tctl_error *err) TCTL_MUST_CHECK;

/* The tree of a commit: as tip's, but for the progress. */
enum tctl_status tctl_git_head_tree(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_oid *progress, git_oid *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Bring the progress into working tree and index, and nothing else. TCTL_EBUSY:
 * somebody holds the index's lock. */
enum tctl_status tctl_git_head_checkout(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_oid *progress,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- queue.c: one committer after the other --------------------------------
 */

/* Queue up, for a few seconds at the most; take away the branch's lock file if
 * a committer died with it. */
void tctl_git_queue_enter(struct tctl_git *git);
/* The branch's lock file will be ours in a moment. */
void tctl_git_queue_intend(const struct tctl_git *git);
/* The branch's lock file is ours now. */
void tctl_git_queue_note(const struct tctl_git *git);
void tctl_git_queue_leave(struct tctl_git *git);

/* In the background: wait until git.interval is over since the last commit, and
 * be in the queue then.  False: somebody else waits for that already, and takes
 * along whatever was done before this was called. */
bool tctl_git_queue_later(struct tctl_git *git) TCTL_MUST_CHECK;

/* --- events.c: the folder events/ ------------------------------------------
 */

/* The number that the file of this event is named by: its first id. */
int64_t tctl_git_events_file(int64_t event);

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

/* The id of the last line in the file of tip's newest event (or of any event in
 * that file); 0: there is none. */
enum tctl_status tctl_git_events_last(git_repository *repo,
    const struct tctl_git_tip *tip, int64_t *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Is the newest event of tip one that our store has, or may have lost?
 * TCTL_EFAILED: the branch holds another store's progress. */
enum tctl_status tctl_git_events_match(const struct tctl_git *git,
    const struct tctl_git_tip *tip, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- log.c: the folder events/, read back -----------------------------------
 */

struct tctl_log; /* taskctl/replay.h */

/* The log of a commit, from the file of event after + 1 on.  git and tip live
 * longer than it; owned (tctl_git_log_close).  TCTL_EINVALID: something in the
 * folder is none of taskctl's. */
enum tctl_status tctl_git_log_open(const struct tctl_git *git,
    const struct tctl_git_tip *tip, int64_t after, struct tctl_log **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_log_close(struct tctl_log *log); /* NULL is fine */

/* --- tree.c: the whole that a commit holds -----------------------------------
 */

/* A folder of tip's progress (NULL: all of it), owned (git_tree_free); NULL
 * where there is no commit yet, or in HEAD no progress. */
enum tctl_status tctl_git_folder(git_repository *repo,
    const struct tctl_git_tip *tip, const char *name, git_tree **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Write the root: events/ as given, the rest as the store is now; what else
 * stands in tip's tree stays. */
enum tctl_status tctl_git_tree_write(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_oid *events, int64_t last_event,
    git_oid *out, struct tctl_error *err) TCTL_MUST_CHECK;

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
