/* worktree_list.c - what worktrees there are, and which are a task's. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worktree.h"

/* The first line of a small file, kept; NULL: there is none. */
static const char *
first_line(struct tctl_arena *arena, const char *path)
{
	char line[PATH_MAX + 16];
	FILE *file = fopen(path, "re");
	bool ok = file != NULL && fgets(line, sizeof(line), file) != NULL;

	if (file != NULL)
		fclose(file);
	if (!ok)
		return NULL;
	return tctl_arena_strndup(arena, line, strcspn(line, "\r\n"));
}

const char *
tctl_tree_gitdir(struct tctl_arena *arena, const char *path)
{
	const char *line =
	    first_line(arena, tctl_arena_printf(arena, "%s/.git", path));
	char real[PATH_MAX];

	if (line == NULL || strncmp(line, "gitdir: ", 8) != 0)
		return NULL;
	line = line[8] == '/'
		   ? line + 8
		   : tctl_arena_printf(arena, "%s/%s", path, line + 8);
	return realpath(line, real) != NULL ? tctl_arena_strdup(arena, real)
					    : NULL;
}

const char *
tctl_tree_marker(struct tctl_arena *arena, const char *gitdir)
{
	return tctl_arena_printf(arena, "%s/taskctl-task", gitdir);
}

struct tctl_user_git
tctl_trees_git(const struct tctl_trees *trees)
{
	return (struct tctl_user_git){ .arena = trees->arena,
		.folder = trees->main };
}

static void
take_line(struct tctl_trees *out, struct tctl_tree *tree, const char *line)
{
	struct tctl_arena *arena = out->arena;

	if (strncmp(line, "worktree ", 9) == 0) {
		*tree = (struct tctl_tree){ .path = tctl_arena_strdup(
						arena, line + 9) };
	} else if (strncmp(line, "branch ", 7) == 0) {
		tree->branch = tctl_arena_strdup(arena, line + 7);
	} else if (strncmp(line, "locked", 6) == 0) {
		tree->is_locked = true;
	} else if (line[0] == '\0' && tree->path != NULL) {
		if (out->main == NULL) { /* git lists it first */
			out->main = tree->path;
		} else {
			out->at = tctl_arena_grow(
			    arena, out->at, out->count, sizeof(*out->at));
			out->at[out->count++] = *tree;
		}
		tree->path = NULL;
	}
}

/* git fails at a worktree that another git is just making. */
enum tctl_status
tctl_trees_enter(const struct tctl_ctx *ctx, struct tctl_turnstile *out,
    struct tctl_error *err)
{
	return tctl_git_turn_enter(ctx, ctx->place.repo, "taskctl-worktree",
	    "make worktrees", out, err);
}

enum tctl_status
tctl_trees_read(
    struct tctl_ctx *ctx, struct tctl_trees *out, struct tctl_error *err)
{
	struct tctl_user_git call = { .arena = ctx->arena,
		.folder = ctx->place.worktree };
	struct tctl_tree tree = { .path = NULL };
	struct tctl_turnstile turn;
	bool has_turn;
	char *text, *line;
	enum tctl_status status;

	*out = (struct tctl_trees){ .arena = ctx->arena };
	if (ctx->place.repo == NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    "%s is in no git repository, and so has no worktrees",
		    ctx->place.worktree);
	/* Who may only read there has to do without the turn. */
	status = tctl_trees_enter(ctx, &turn, err);
	if (status == TCTL_EBUSY)
		return status;
	has_turn = status == TCTL_OK;
	status =
	    tctl_user_git(&call, err, "worktree", "list", "--porcelain", NULL);
	if (has_turn)
		tctl_git_turn_leave(&turn);
	if (status != TCTL_OK)
		return status;
	text = tctl_arena_strdup(ctx->arena, call.out);
	while ((line = strsep(&text, "\n")) != NULL)
		take_line(out, &tree, line);
	if (out->main == NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    "git lists no worktree of %s", ctx->place.worktree);
	for (size_t i = 0; i < out->count; i++) {
		struct tctl_tree *at = &out->at[i];

		at->gitdir = tctl_tree_gitdir(ctx->arena, at->path);
		if (at->gitdir != NULL)
			at->task = first_line(ctx->arena,
			    tctl_tree_marker(ctx->arena, at->gitdir));
	}
	return TCTL_OK;
}

const char *
tctl_tree_branch(const struct tctl_tree *tree)
{
	const char *ref = tree->branch;

	return ref != NULL && strncmp(ref, "refs/heads/", 11) == 0 ? ref + 11
								   : NULL;
}
