/* worktree_inside.c - what lies in a worktree and `git status` is silent about.
 *
 * `git worktree remove` trusts git status too, and takes all of this along. */
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <unistd.h>

#include "worktree.h"

bool
tctl_tree_holds(const struct tctl_tree *tree, const char *path)
{
	size_t length = strlen(tree->path);

	return strncmp(path, tree->path, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

/* --- files that git was told not to look at ----------------------------------
 */

/* assume-unchanged is a small letter, skip-worktree an S.  What a sparse
 * checkout leaves out is skipped too, but is not there to be lost. */
static const char *
why_unseen(const struct tctl_trees *trees, const struct tctl_tree *tree)
{
	struct tctl_user_git call = { .arena = trees->arena,
		.folder = tree->path };
	struct tctl_error err;
	const char *end;

	if (tctl_user_git(&call, &err, "ls-files", "-v", "-z", NULL) != TCTL_OK)
		return tctl_arena_strdup(trees->arena, err.text);
	end = call.out + call.out_length;
	for (const char *at = call.out; at < end; at += strlen(at) + 1) {
		bool is_unseen = at[0] == 'S' || (at[0] >= 'a' && at[0] <= 'z');

		if (is_unseen && at[1] == ' ' &&
		    faccessat(AT_FDCWD,
			tctl_arena_printf(
			    trees->arena, "%s/%s", tree->path, at + 2),
			F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return tctl_arena_printf(trees->arena,
			    "git was told not to look at %s in it (git "
			    "update-index)",
			    at + 2);
	}
	return NULL;
}

/* --- other repositories ------------------------------------------------------
 */

static bool
has(const struct tctl_trees *trees, const char *folder, const char *name)
{
	return access(tctl_arena_printf(trees->arena, "%s/%s", folder, name),
		   F_OK) == 0;
}

/* A repository without a working tree; one that is committed as files, for
 * tests say, is no loss. */
static bool
is_bare(const struct tctl_trees *trees, const struct tctl_tree *tree,
    const char *folder)
{
	struct tctl_user_git call = { .arena = trees->arena,
		.folder = tree->path };
	struct tctl_error unused;

	return has(trees, folder, "HEAD") && has(trees, folder, "objects") &&
	       has(trees, folder, "refs") &&
	       tctl_user_git(&call, &unused, "--literal-pathspecs", "ls-files",
		   "--error-unmatch", "--",
		   tctl_arena_printf(trees->arena, "%s/HEAD", folder),
		   NULL) != TCTL_OK;
}

/* In a folder that git ignores, status looks for none. */
static const char *
why_repository(const struct tctl_trees *trees, const struct tctl_tree *tree)
{
	char *start[] = { tctl_arena_strdup(trees->arena, tree->path), NULL };
	FTS *walk = fts_open(start, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	size_t length = strlen(tree->path) + 1; /* with its slash */
	const char *why = NULL;
	FTSENT *at;

	if (walk == NULL)
		return "it cannot be read";
	while (why == NULL && (at = fts_read(walk)) != NULL) {
		bool is_git = strcmp(at->fts_name, ".git") == 0;

		if (at->fts_level == 0 && at->fts_info == FTS_D)
			continue;
		if (at->fts_level == 1 && is_git) /* its own */
			(void)fts_set(walk, at, FTS_SKIP);
		else if (at->fts_info == FTS_DNR || at->fts_info == FTS_ERR)
			why = tctl_arena_printf(trees->arena,
			    "%s in it cannot be read: %s",
			    at->fts_path + (at->fts_level > 0 ? length : 0),
			    strerror(at->fts_errno));
		else if (is_git && at->fts_info != FTS_DP)
			why = tctl_arena_printf(trees->arena,
			    "another repository is in it: %.*s",
			    (int)(strlen(at->fts_path) - length -
				  strlen("/.git")),
			    at->fts_path + length);
		else if (at->fts_info == FTS_D &&
			 is_bare(trees, tree, at->fts_path))
			why = tctl_arena_printf(trees->arena,
			    "another repository is in it: %s",
			    at->fts_path + length);
	}
	(void)fts_close(walk);
	return why;
}

/* A worktree of this repository in it, or the main one.  Where the folder is
 * gone, taken away a moment ago maybe, there is nothing to lose. */
static const char *
why_nested(const struct tctl_trees *trees, const struct tctl_tree *tree)
{
	const char *found =
	    tctl_tree_holds(tree, trees->main) ? trees->main : NULL;

	for (size_t i = 0; i < trees->count && found == NULL; i++) {
		const char *path = trees->at[i].path;

		if (strcmp(path, tree->path) != 0 &&
		    tctl_tree_holds(tree, path) && access(path, F_OK) == 0)
			found = path;
	}
	return found == NULL ? NULL
			     : tctl_arena_printf(trees->arena,
				   "another worktree is in it: %s",
				   found + strlen(tree->path) + 1);
}

const char *
tctl_tree_why_inside(
    const struct tctl_trees *trees, const struct tctl_tree *tree)
{
	const char *why = why_nested(trees, tree);

	if (why == NULL)
		why = why_unseen(trees, tree);
	return why != NULL ? why : why_repository(trees, tree);
}
