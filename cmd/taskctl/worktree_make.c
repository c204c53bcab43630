/* worktree_make.c - a worktree for a task: claim --worktree. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/plan/words.h"
#include "file_replace.h"
#include "worktree.h"

enum { NAMES_MAX = 100 }; /* so often a name may be somebody else's */

/* What is worked out on the way. */
struct maker {
	struct tctl_ctx *ctx;
	struct tctl_arena *arena;
	const struct tctl_trees *trees;
	const struct tctl_worktree_req *req;
	const char *prefix;	      /* of branches: "task/" */
	const char *folder;	      /* of worktrees */
	const char *task;	      /* PLAN:ID */
	struct tctl_strings branches; /* refs that are there */
	const char *remote;	      /* ref that the branch begins at */
};

/* --- names -------------------------------------------------------------------
 */

/* Text as a part of a branch's name that every file system and shell takes as
 * well: git-check-ref-format(1) refuses "..", ".lock", a dot at the ends. */
static const char *
safe(struct tctl_arena *arena, const char *text)
{
	char *out = tctl_arena_strdup(arena, text), *to = out;
	size_t length;

	for (const char *p = text; *p != '\0'; p++) {
		bool plain = (*p >= '0' && *p <= '9') ||
			     (*p >= 'a' && *p <= 'z') ||
			     (*p >= 'A' && *p <= 'Z') || *p == '_' || *p == '.';
		char c = plain ? *p : '-';
		char before = to == out ? '-' : to[-1];

		if (plain && c != '.')
			*to++ = c;
		else if (before != '-' && before != '.')
			*to++ = c; /* one separator, and none in front */
	}
	while (to > out && (to[-1] == '-' || to[-1] == '.'))
		to--;
	*to = '\0';
	length = strlen(out);
	if (length >= 5 && strcmp(out + length - 5, ".lock") == 0)
		out[length - 5] = '-';
	return out;
}

/* "1.2-count-the-words". */
static const char *
name_of(struct maker *maker)
{
	struct tctl_arena *arena = maker->arena;
	const char *title = maker->req->title;
	const char *slug = tctl_slug(arena, title, strlen(title));
	const char *id = safe(arena, maker->req->ref);

	/* What it says where it finds no word. */
	slug = strcmp(slug, "section") == 0 ? "" : safe(arena, slug);
	if (id[0] == '\0')
		id = "task";
	return slug[0] == '\0' ? id
			       : tctl_arena_printf(arena, "%s-%s", id, slug);
}

static bool
has_branch(const struct maker *maker, const char *ref)
{
	for (size_t i = 0; i < maker->branches.count; i++)
		if (strcmp(maker->branches.at[i], ref) == 0)
			return true;
	return false;
}

/* What branches of tasks there are; a branch "task" leaves no room for
 * task/…: then it is task-…. */
static enum tctl_status
read_branches(struct maker *maker, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_trees_git(maker->trees);
	enum tctl_status status = tctl_user_git(&call, err, "for-each-ref",
	    "--format=%(refname)", "refs/heads/task", "refs/heads/task/",
	    "refs/heads/task-*", NULL);
	char *text, *line;

	if (status != TCTL_OK)
		return status;
	text = tctl_arena_strdup(maker->arena, call.out);
	while ((line = strsep(&text, "\n")) != NULL)
		tctl_strings_add(maker->arena, &maker->branches, line);
	maker->prefix =
	    has_branch(maker, "refs/heads/task") ? "task-" : "task/";
	return TCTL_OK;
}

/* "../proj.worktrees" of the worktree proj, and of proj.git. */
static const char *
default_folder(struct tctl_arena *arena, const char *main)
{
	size_t length = strlen(main);

	if (length > 5 && strcmp(main + length - 5, "/.git") == 0)
		length -= 5; /* a bare repository in a folder of its own */
	else if (length > 4 && strcmp(main + length - 4, ".git") == 0)
		length -= 4;
	return tctl_arena_printf(arena, "%.*s.worktrees", (int)length, main);
}

const char *
tctl_worktree_folder(struct tctl_ctx *ctx, const struct tctl_trees *trees)
{
	const char *chosen = ctx->config.worktree_dir;

	if (chosen == NULL)
		return default_folder(ctx->arena, trees->main);
	if (chosen[0] == '/')
		return chosen;
	return tctl_arena_printf(ctx->arena, "%s/%s", trees->main, chosen);
}

/* --- what is there -----------------------------------------------------------
 */

static const struct tctl_tree *
tree_of_task(const struct maker *maker)
{
	const struct tctl_trees *trees = maker->trees;
	const struct tctl_tree *found = NULL;

	for (size_t i = 0; i < trees->count; i++) {
		const struct tctl_tree *tree = &trees->at[i];

		if (tree->task == NULL || strcmp(tree->task, maker->task) != 0)
			continue;
		/* Of several the one where the last attempt worked. */
		if (found == NULL ||
		    (maker->req->last != NULL &&
			strcmp(tree->path, maker->req->last) == 0))
			found = tree;
	}
	return found;
}

static const struct tctl_tree *
tree_on_branch(const struct maker *maker, const char *ref)
{
	for (size_t i = 0; i < maker->trees->count; i++) {
		const struct tctl_tree *tree = &maker->trees->at[i];

		if (tree->branch != NULL && strcmp(tree->branch, ref) == 0)
			return tree;
	}
	return NULL;
}

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* As git and tctl_place_find name it: a session is told by it. */
static enum tctl_status
name_place(const struct maker *maker, const char *path, const char **out,
    struct tctl_error *err)
{
	char name[PATH_MAX];

	if (realpath(path, name) == NULL)
		return tctl_fail(err, TCTL_EFAILED, "cannot look at %s: %s",
		    path, strerror(errno));
	*out = tctl_arena_strdup(maker->arena, name);
	return TCTL_OK;
}

/* --- making one --------------------------------------------------------------
 */

static enum tctl_status
mark(const struct maker *maker, const char *path, struct tctl_error *err)
{
	const char *gitdir = tctl_tree_gitdir(maker->arena, path);
	const char *line = tctl_arena_printf(maker->arena, "%s\n", maker->task);

	if (gitdir == NULL)
		return tctl_fail(
		    err, TCTL_EFAILED, "git has made no worktree at %s", path);
	return tctl_file_replace(
	    tctl_tree_marker(maker->arena, gitdir), line, strlen(line), err);
}

/* A name that is free for this task: 1 for the name itself, 2 … after it. */
enum claim_of_name {
	TAKEN,	/* by something that is not this task's */
	FRESH,	/* neither branch nor folder */
	REMOTE, /* only a remote has the branch: from another clone, or ours */
	BRANCH, /* the branch of an attempt before, its worktree gone */
	TREE,	/* all of it, but for the mark: its maker died */
};

/* A branch of that name would be taken for the one that remotes have, by people
 * and by git push; of two that may differ neither is taken up. */
static enum tctl_status
look_at_remotes(struct maker *maker, const char *branch,
    enum claim_of_name *out, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_trees_git(maker->trees);
	enum tctl_status status = tctl_user_git(&call, err, "for-each-ref",
	    "--format=%(refname)",
	    tctl_arena_printf(maker->arena, "refs/remotes/*/%s", branch), NULL);
	const char *end;

	*out = FRESH;
	if (status != TCTL_OK || call.out[0] == '\0')
		return status;
	end = strchr(call.out, '\n');
	maker->remote = tctl_user_git_line(&call);
	*out = end != NULL && end[1] == '\0' ? REMOTE : TAKEN;
	return TCTL_OK;
}

static enum tctl_status
look_at(struct maker *maker, const char *branch, const char *path,
    enum claim_of_name *out, struct tctl_error *err)
{
	const char *ref =
	    tctl_arena_printf(maker->arena, "refs/heads/%s", branch);
	const struct tctl_tree *tree = tree_on_branch(maker, ref);
	bool is_old = has_branch(maker, ref);

	*out = TAKEN;
	if (!is_old && !is_there(path))
		return look_at_remotes(maker, branch, out, err);
	if (!is_old || !maker->req->again ||
	    (tree != NULL && tree->task != NULL))
		return TCTL_OK;
	if (tree != NULL && tree->gitdir != NULL)
		*out = strcmp(tree->path, path) == 0 ? TREE : TAKEN;
	else
		*out = is_there(path) ? TAKEN : BRANCH;
	return TCTL_OK;
}

/* git takes back a worktree that it cannot make, but leaves the one that the
 * user's post-checkout hook is not content with. */
static void
take_back(const struct maker *maker, const struct tctl_user_git *add,
    const char *path, struct tctl_error *err)
{
	enum { GIT_GAVE_UP = 128 };
	struct tctl_user_git call = tctl_trees_git(maker->trees);
	const char *said = tctl_arena_strdup(maker->arena, err->text);
	struct tctl_error unused;

	if (add->code == GIT_GAVE_UP ||
	    tctl_tree_gitdir(maker->arena, path) == NULL)
		return;
	if (add->code > 0)
		tctl_fail(err, TCTL_EFAILED,
		    "the post-checkout hook failed in the new worktree: %s",
		    said);
	if (tctl_user_git(&call, &unused, "worktree", "remove", "--force", path,
		NULL) != TCTL_OK)
		tctl_hint(err, "the worktree is still there: %s", path);
}

static enum tctl_status
add(const struct maker *maker, enum claim_of_name what, const char *branch,
    const char *path, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_trees_git(maker->trees), undo = call;
	struct tctl_error unused;
	enum tctl_status status;

	if (what == TREE)
		return TCTL_OK;
	if (what == BRANCH) { /* --force: its folder was taken away by hand */
		status = tctl_user_git(&call, err, "worktree", "add", "--force",
		    "--quiet", path, branch, NULL);
		if (status != TCTL_OK)
			take_back(maker, &call, path, err);
		return status;
	}
	if (what == REMOTE) /* and follows it, if the user's git does so */
		status = tctl_user_git(&call, err, "branch", "--quiet", branch,
		    maker->remote, NULL);
	else
		status = tctl_user_git(&call, err, "branch", "--quiet",
		    "--no-track", branch, "HEAD", NULL);
	if (status != TCTL_OK)
		return status;
	status = tctl_user_git(
	    &call, err, "worktree", "add", "--quiet", path, branch, NULL);
	if (status == TCTL_OK)
		return status;
	take_back(maker, &call, path, err);
	/* -d deletes none that has anything of its own. */
	(void)!tctl_user_git(
	    &undo, &unused, "branch", "--quiet", "-d", branch, NULL);
	return status;
}

static enum tctl_status
make(
    struct maker *maker, struct tctl_worktree_made *out, struct tctl_error *err)
{
	const char *name = name_of(maker), *branch = NULL, *path = NULL;
	enum claim_of_name what = TAKEN;
	enum tctl_status status = TCTL_OK;

	for (int n = 1; status == TCTL_OK && what == TAKEN && n <= NAMES_MAX;
	     n++) {
		const char *this =
		    n == 1 ? name
			   : tctl_arena_printf(maker->arena, "%s-%d", name, n);

		branch = tctl_arena_printf(
		    maker->arena, "%s%s", maker->prefix, this);
		path = tctl_arena_printf(
		    maker->arena, "%s/%s", maker->folder, this);
		status = look_at(maker, branch, path, &what, err);
	}
	if (status == TCTL_OK && what == TAKEN)
		return tctl_fail(err, TCTL_EFAILED,
		    "%s and %d more like it are there already", path,
		    NAMES_MAX - 1);
	if (status == TCTL_OK)
		status = add(maker, what, branch, path, err);
	if (status == TCTL_OK)
		status = mark(maker, path, err);
	if (status == TCTL_OK)
		status = name_place(maker, path, &out->path, err);
	out->branch = branch;
	out->is_new = what == FRESH;
	return status;
}

enum tctl_status
tctl_worktree_check(
    struct tctl_ctx *ctx, struct tctl_trees *out, struct tctl_error *err)
{
	struct tctl_user_git call;
	enum tctl_status status;

	status = tctl_trees_read(ctx, out, err);
	if (status != TCTL_OK)
		return status;
	call = tctl_trees_git(out);
	status = tctl_user_git(&call, err, "rev-parse", "--verify", "--quiet",
	    "HEAD^{commit}", NULL);
	if (call.code == 1) /* git says no; else it could not say */
		tctl_fail(err, TCTL_EFAILED,
		    "%s has no commit yet to make a worktree of", out->main);
	return status;
}

enum tctl_status
tctl_worktree_make(struct tctl_ctx *ctx, const struct tctl_trees *trees,
    const struct tctl_worktree_req *req, struct tctl_worktree_made *out,
    struct tctl_error *err)
{
	struct maker maker = { .ctx = ctx,
		.arena = ctx->arena,
		.trees = trees,
		.req = req,
		.folder = tctl_worktree_folder(ctx, trees),
		.task = tctl_arena_printf(
		    ctx->arena, "%s:%s", req->plan, req->id) };
	const struct tctl_tree *tree = tree_of_task(&maker);
	struct tctl_turnstile turn;
	enum tctl_status status;

	if (tree != NULL && is_there(tree->path)) {
		*out = (struct tctl_worktree_made){ tree->path,
			tctl_tree_branch(tree), false };
		return TCTL_OK;
	}
	status = tctl_trees_enter(ctx, &turn, err);
	if (status != TCTL_OK)
		return status;
	status = read_branches(&maker, err);
	if (status == TCTL_OK)
		status = make(&maker, out, err);
	tctl_git_turn_leave(&turn);
	return status;
}
