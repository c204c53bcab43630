/* floor: cmd - worktrees that claim --worktree makes, one a task.
 *
 * Such a worktree says itself which task it is for: a file in its own git
 * directory, so that it goes when the worktree goes, and neither a branch nor a
 * worktree that somebody made by hand is ever taken for one. */
#ifndef TASKCTL_CMD_WORKTREE_H
#define TASKCTL_CMD_WORKTREE_H

#include "ctx.h"
#include "git_turn.h"
#include "user_git.h"

/* One of `git worktree list`. */
struct tctl_tree {
	const char *path;
	const char *branch; /* refs/heads/…; NULL: detached, or bare */
	const char *gitdir; /* its own; NULL: its folder is not there */
	const char *task;   /* PLAN:ID, as it says itself; NULL: none */
	bool is_locked;
};

struct tctl_trees {
	struct tctl_arena *arena;
	const char *main;     /* where git is asked: the main worktree, or
				 a bare repository */
	struct tctl_tree *at; /* the linked ones */
	size_t count;
};

/* Be the only one of us that asks git about worktrees, or changes them
 * (tctl_git_turn_leave). */
enum tctl_status tctl_trees_enter(const struct tctl_ctx *ctx,
    struct tctl_turnstile *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Read them.  TCTL_EFAILED: there is no repository, or no git. */
enum tctl_status tctl_trees_read(struct tctl_ctx *ctx, struct tctl_trees *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Begin a call of git for the whole repository. */
struct tctl_user_git tctl_trees_git(const struct tctl_trees *trees);

/* Where the file with the task's name is, in a worktree's git directory. */
const char *tctl_tree_marker(struct tctl_arena *arena, const char *gitdir);
/* The git directory that a working tree's .git names; NULL: it is not there. */
const char *tctl_tree_gitdir(struct tctl_arena *arena, const char *path);

/* Its branch without refs/heads/; NULL: none. */
const char *tctl_tree_branch(const struct tctl_tree *tree);

/* --- worktree_inside.c: what git status is silent about ----------------------
 */

/* Is this the worktree's folder, or below it? */
bool tctl_tree_holds(const struct tctl_tree *tree, const char *path);

/* What would be lost with the folder though git calls it clean; NULL: nothing.
 */
const char *tctl_tree_why_inside(
    const struct tctl_trees *trees, const struct tctl_tree *tree);

/* --- worktree_make.c: claim --worktree ---------------------------------------
 */

/* The folder in which they are made: worktree.dir, or beside the main one. */
const char *tctl_worktree_folder(
    struct tctl_ctx *ctx, const struct tctl_trees *trees);

/* Before the claim: could one be made?  Nothing is changed. */
enum tctl_status tctl_worktree_check(struct tctl_ctx *ctx,
    struct tctl_trees *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* For whom it is: from the claim's answer. */
struct tctl_worktree_req {
	const char *plan;
	const char *id;
	const char *ref;
	const char *title;
	const char *last; /* where the attempt before worked; NULL: none */
	bool again;	  /* there was one, or the caller holds it already */
};

struct tctl_worktree_made {
	const char *path;
	const char *branch; /* without refs/heads/ */
	bool is_new;	    /* else it was there, from an attempt before */
};

/**
 * Make the task's worktree, or find the one that an attempt before has left.
 *
 * Nothing that is there is overwritten: where the name belongs to something
 * else, the next free one is taken.
 *
 * @return TCTL_OK: out belongs to trees' arena; TCTL_EFAILED: git says why
 */
enum tctl_status tctl_worktree_make(struct tctl_ctx *ctx,
    const struct tctl_trees *trees, const struct tctl_worktree_req *req,
    struct tctl_worktree_made *out, struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * After a claim: give its holder a worktree, and note in the lease that it
 * works there; where that fails, the claim is given back.
 *
 *  caller who claimed
 *  answer of the claim: task, lease, last_lease; worktree, branch and
 *               worktree_is_new are added
 * @return TCTL_OK; TCTL_EFAILED; TCTL_ESTALE: it took longer than the lease
 */
enum tctl_status tctl_worktree_claim(struct tctl_ctx *ctx,
    const struct tctl_trees *trees, const struct tctl_caller *caller,
    struct json_object *answer, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
