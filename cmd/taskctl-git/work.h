/* floor: cmd - taskctl commit TASK: an agent's own work, in a checkout that it
 * shares with others (docs/adr/0013-work-commits.md).
 *
 * Everything is done by the user's own git, in pieces: what is to be committed
 * is staged in an index of our own, so the index that all share is locked only
 * for the moment in which HEAD moves, and not while hooks run. */
#ifndef TASKCTL_GIT_WORK_H
#define TASKCTL_GIT_WORK_H

#include "../taskctl/git_commands.h"
#include "../taskctl/git_turn.h"
#include "../taskctl/user_git.h"
#include "taskctl/reserve.h"

/* A path that the commit changes, as `git diff-index --raw` tells it. */
struct tctl_work_path {
	const char *mode; /* "000000": it is deleted */
	const char *id;	  /* of its blob */
	const char *name; /* from the top, no slash at its end */
};

struct tctl_work_paths {
	struct tctl_work_path *at; /* by name */
	size_t count;
};

struct tctl_work {
	struct tctl_ctx *ctx;
	struct tctl_arena *arena; /* ctx's */
	const struct tctl_commit_req *req;

	/* Who commits, and for what: work_lease.c. */
	struct tctl_coord coord; /* with a store open to be changed */
	struct tctl_caller caller;
	const char *task;  /* as people refer to it */
	const char *title; /* inert */
	const char *agent;
	int64_t token;
	char store[40];
	const char *lease_worktree;  /* where its lease says that it works */
	struct tctl_strings files;   /* of the task, from the plan's root */
	struct json_object *refusal; /* details for the error object; or NULL */

	/* Where: work_index.c. */
	const char *top;	    /* of the working tree */
	const char *gitdir;	    /* its own: index, HEAD */
	const char *folder;	    /* ours in gitdir, for as long as we work */
	const char *index;	    /* in folder: what is to be committed */
	const char *index_variable; /* "GIT_INDEX_FILE=" and that */
	const char *message_file;
	bool runs_files; /* this git cannot run hooks for us */
	struct tctl_turnstile turn;

	/* What: work_paths.c.  From the top; "." is the top itself. */
	struct tctl_strings paths;
	bool is_default; /* the plan's files, and not paths that were named */
	struct tctl_reservations reserved; /* of all tasks */

	/* One attempt. */
	const char *head;   /* the commit; NULL: there is none yet */
	const char *branch; /* refs/heads/…, or HEAD: detached */
	const char *base;   /* the tree that it changes */
	struct tctl_work_paths changed;
	const char *message;
	const char *commit;
};

/* --- work_lease.c: may the caller? ---------------------------------------- */

/**
 * Let the holder in, and renew its lease: what it does is a sign of life, and
 * for the lease's whole time to live nobody else can take the task.
 *
 * @return TCTL_OK: task, title, agent, token … are set; TCTL_ESTALE and others
 *         as of a heartbeat, with work->refusal
 */
enum tctl_status tctl_work_admit(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- work_index.c: the turn, the index of our own, and the shared one ------
 */

/* Find the working tree and its git directory.  TCTL_EFAILED: there is none. */
enum tctl_status tctl_work_open(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* Wait for the turn among all who commit work here, in the order in which they
 * came, and end what a dead one has left.  TCTL_EBUSY: not in time. */
enum tctl_status tctl_work_enter(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_work_leave(struct tctl_work *work);

/* Read head, branch and base.  TCTL_EFAILED also: a merge or the like is going
 * on, which a commit of some paths would tear apart. */
enum tctl_status tctl_work_head(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* Make our index, as HEAD is. */
enum tctl_status tctl_work_index(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* How our index differs from base. */
enum tctl_status tctl_work_changed(const struct tctl_work *work,
    struct tctl_work_paths *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Is no merge or the like going on?  And where HEAD is: head is NULL where
 * there is no commit yet, branch "HEAD" where it is detached. */
enum tctl_status tctl_work_idle(
    const struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_work_read_head(const struct tctl_work *work,
    const char **head, const char **branch,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Copy the shared index, which knows the files' times: they need not be read
 * again. */
enum tctl_status tctl_work_copy_index(const struct tctl_work *work,
    const char *to, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- work_move.c ------------------------------------------------------------
 */

/**
 * Move HEAD to work->commit if it is still at work->head, and bring the changed
 * paths of the shared index up to it; nothing else of that index changes.
 *
 * @param moved set on TCTL_EBUSY, where HEAD or its branch is another one now:
 *              somebody else got on
 * @return      TCTL_OK; TCTL_EBUSY: so, or index.lock could not be had in
 *              time; TCTL_ESTALE: the lease is gone by now; TCTL_EFAILED: git
 *              or a hook refused.  Nothing is changed then, unless err says so.
 */
enum tctl_status tctl_work_move(struct tctl_work *work, bool *moved,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- work_recover.c: what a committer that was killed has left --------------
 */

/* How index.lock begins while it is ours; then follow, a line each, our folder
 * and the commit. */
#define TCTL_WORK_CLAIM "taskctl commit\n"

/* To be called with the turn, before anything else. */
void tctl_work_recover(const struct tctl_work *work);
/* Take a folder of ours away. */
void tctl_work_clear(const char *folder);

/* --- work_paths.c: what is committed ---------------------------------------
 */

/* Set paths: those named, or the task's.  TCTL_EINVALID: outside, empty … */
enum tctl_status tctl_work_choose(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* Stage them from the working tree in our index.  TCTL_EINVALID: one is
 * ignored, is not there, is in conflict … */
enum tctl_status tctl_work_stage(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- work_reserved.c: what is reserved, for this task and for others ---------
 */

/* Read the reservations that hold now. */
enum tctl_status tctl_work_read_reserved(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

bool tctl_work_has_reserved(const struct tctl_work *work);

/* Add what has changed and is reserved for the task to paths. */
enum tctl_status tctl_work_add_reserved(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* TCTL_ETAKEN: a path that would be committed is reserved for another task. */
enum tctl_status tctl_work_check_reserved(const struct tctl_work *work,
    const struct tctl_work_paths *paths,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- work_message.c: the message, the hooks, the commit ----------------------
 */

/* Run the hooks that come before a commit; sets message and changed.
 * TCTL_EFAILED: one refused, or staged what was not asked for. */
enum tctl_status tctl_work_hooks(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* Write the commit, signed if the user's are; sets commit.  Nothing refers to
 * it yet. */
enum tctl_status tctl_work_write(
    struct tctl_work *work, struct tctl_error *err) TCTL_MUST_CHECK;

/* The post-commit hook and git's own housekeeping; whatever they say. */
void tctl_work_after(struct tctl_work *work);

/* --- work.c ------------------------------------------------------------------
 */

/* The two halves of the command, where it was given a TASK. */
enum tctl_status tctl_work_run(struct tctl_ctx *ctx,
    const struct tctl_commit_req *req, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_work_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out);

/* Begin a call of git in the working tree: on the shared index, or on ours. */
struct tctl_user_git tctl_work_git(const struct tctl_work *work);

#endif
