/* worktree.c - taskctl worktree: those that claim --worktree made, and taking
 * away what is finished. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "print.h"
#include "taskctl/json.h"
#include "worktree.h"

struct worktree_req {
	const char *action;
	bool dry_run;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "ACTION", .kind = TCTL_KIND_CHOICE, .choices = "list|prune",
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct worktree_req, action),
	  .help = "list or prune" },
	{ .name = "dry-run", .letter = 'n', .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct worktree_req, dry_run),
	  .help = "with prune: say what would be taken away" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* A worktree of a task, looked at. */
struct standing {
	const struct tctl_tree *tree;
	const char *task;  /* as people refer to it */
	const char *state; /* NULL: there is no such task */
	const char *agent; /* who holds it, or NULL */
	const char *why;   /* it stays; NULL: it may go */
};

struct look {
	struct tctl_ctx *ctx;
	struct tctl_arena *arena;
	const struct tctl_trees *trees;
	struct tctl_tasks held;
};

/* --- why it stays ------------------------------------------------------------
 */

static enum tctl_status
read_task(const struct look *look, struct standing *at, struct tctl_error *err)
{
	struct tctl_tasks tasks;
	enum tctl_status status =
	    tctl_task_show(&look->ctx->coord, at->tree->task, &tasks, err);

	at->task = at->tree->task;
	if (status == TCTL_ENOTFOUND || status == TCTL_EINVALID) {
		at->why = "the store has no such task";
		return TCTL_OK;
	}
	if (status != TCTL_OK)
		return status;
	at->task = tctl_arena_strdup(look->arena, tasks.at[0].ref);
	at->state = tctl_state_word(tasks.at[0].state);
	if (tasks.at[0].lease != NULL)
		at->agent =
		    tctl_arena_strdup(look->arena, tasks.at[0].lease->agent);
	if (at->agent != NULL)
		at->why =
		    tctl_arena_printf(look->arena, "%s works on it", at->agent);
	else if (tasks.at[0].state != TCTL_STATE_DONE &&
		 tasks.at[0].state != TCTL_STATE_CANCELLED)
		at->why =
		    tctl_arena_printf(look->arena, "the task is %s", at->state);
	tctl_tasks_release(&tasks);
	return TCTL_OK;
}

/* Somebody's lease on another task names this folder, or one in it. */
static const char *
why_used(const struct look *look, const struct tctl_tree *tree)
{
	for (size_t i = 0; i < look->held.count; i++) {
		const struct tctl_task *task = &look->held.at[i];
		const struct tctl_lease *lease = task->lease;

		if (lease != NULL && lease->worktree != NULL &&
		    tctl_tree_holds(tree, lease->worktree))
			return tctl_arena_printf(look->arena,
			    "%s works there on %s", lease->agent, task->ref);
	}
	return NULL;
}

/* A rebase and its kind have a state that no commit holds. */
static const char *
why_busy(const struct look *look, const char *gitdir)
{
	static const char *const file[] = { "MERGE_HEAD", "CHERRY_PICK_HEAD",
		"REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG" };

	for (size_t i = 0; i < TCTL_COUNT(file); i++) {
		const char *path =
		    tctl_arena_printf(look->arena, "%s/%s", gitdir, file[i]);

		if (access(path, F_OK) == 0)
			return "a merge, rebase or the like is going on in it";
		if (errno != ENOENT)
			return "its git directory cannot be read";
	}
	return NULL;
}

static const char *
why_dirty(const struct look *look, const char *path)
{
	struct tctl_user_git call = { .arena = look->arena, .folder = path };
	struct tctl_error err;

	if (tctl_user_git(&call, &err, "status", "--porcelain",
		"--untracked-files=all", "--ignore-submodules=none",
		NULL) != TCTL_OK)
		return tctl_arena_strdup(look->arena, err.text);
	if (call.out[0] == '\0')
		return NULL;
	return strncmp(call.out, "??", 2) == 0
		   ? "it has files that git does not know"
		   : "it has changes that are not committed";
}

/* Is what is checked out there an ancestor of the main worktree's HEAD, or of
 * the branch which that follows? */
static const char *
why_unmerged(const struct look *look, const char *path)
{
	struct tctl_user_git its = { .arena = look->arena, .folder = path };
	struct tctl_user_git call = tctl_trees_git(look->trees);
	struct tctl_error err;
	const char *tip;

	if (tctl_user_git(&its, &err, "rev-parse", "--verify", "HEAD", NULL) !=
	    TCTL_OK)
		return tctl_arena_strdup(look->arena, err.text);
	tip = tctl_user_git_line(&its);
	if (tctl_user_git(&call, &err, "merge-base", "--is-ancestor", tip,
		"HEAD", NULL) == TCTL_OK ||
	    tctl_user_git(&call, &err, "merge-base", "--is-ancestor", tip,
		"@{upstream}", NULL) == TCTL_OK)
		return NULL;
	return "its commits are not merged";
}

static enum tctl_status
judge(const struct look *look, struct standing *at, struct tctl_error *err)
{
	const struct tctl_tree *tree = at->tree;
	enum tctl_status status = read_task(look, at, err);

	if (status != TCTL_OK || at->why != NULL)
		return status;
	if (tctl_tree_holds(tree, look->ctx->place.worktree))
		at->why = "you are in it";
	else if (tree->is_locked)
		at->why = "it is locked";
	else
		at->why = why_used(look, tree);
	if (at->why == NULL)
		at->why = why_busy(look, tree->gitdir);
	if (at->why == NULL)
		at->why = why_dirty(look, tree->path);
	if (at->why == NULL)
		at->why = tctl_tree_why_inside(look->trees, tree);
	if (at->why == NULL)
		at->why = why_unmerged(look, tree->path);
	return TCTL_OK;
}

/* --- taking away
 * ---------------------------------------------------------------
 */

/* Does another branch, here or of a remote, have all that this one has?  To
 * branch -d a detached HEAD of the main worktree is enough, which the next
 * checkout there leaves. */
static bool
is_kept_by_another(const struct look *look, const char *ref)
{
	struct tctl_user_git call = tctl_trees_git(look->trees);
	struct tctl_error unused;
	char *text, *line;

	if (tctl_user_git(&call, &unused, "for-each-ref", "--contains", ref,
		"--format=%(refname)", "refs/heads", "refs/remotes",
		NULL) != TCTL_OK)
		return false;
	text = tctl_arena_strdup(look->arena, call.out);
	while ((line = strsep(&text, "\n")) != NULL)
		if (line[0] != '\0' && strcmp(line, ref) != 0)
			return true;
	return false;
}

/* git looks once more, and refuses on its own; -d deletes no branch that is
 * not merged. */
static void
take_away(const struct look *look, struct standing *at, bool *branch_too)
{
	struct tctl_user_git call = tctl_trees_git(look->trees);
	const char *branch = tctl_tree_branch(at->tree);
	struct tctl_error err;

	*branch_too = false;
	if (tctl_user_git(&call, &err, "worktree", "remove", at->tree->path,
		NULL) != TCTL_OK) {
		at->why = tctl_arena_strdup(look->arena, err.text);
		return;
	}
	*branch_too = branch != NULL &&
		      (strncmp(branch, "task/", 5) == 0 ||
			  strncmp(branch, "task-", 5) == 0) &&
		      is_kept_by_another(look, at->tree->branch) &&
		      tctl_user_git(&call, &err, "branch", "--quiet", "-d",
			  branch, NULL) == TCTL_OK;
	/* The folder of all such worktrees, once there is none. */
	(void)rmdir(tctl_worktree_folder(look->ctx, look->trees));
}

static struct json_object *
shown(const struct standing *at)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "task", tctl_json_text(at->task));
	tctl_json_add(out, "state", tctl_json_text(at->state));
	tctl_json_add(out, "agent", tctl_json_text(at->agent));
	tctl_json_add(out, "worktree", tctl_json_text(at->tree->path));
	tctl_json_add(
	    out, "branch", tctl_json_text(tctl_tree_branch(at->tree)));
	tctl_json_add(out, "why_kept", tctl_json_text(at->why));
	return out;
}

static enum tctl_status
go_through(const struct look *look, const struct worktree_req *req,
    struct json_object *out, struct tctl_error *err)
{
	bool prunes = strcmp(req->action, "prune") == 0;
	struct json_object *kept = json_object_new_array();
	struct json_object *removed = json_object_new_array();
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < look->trees->count; i++) {
		struct standing at = { .tree = &look->trees->at[i] };
		struct json_object *one;
		bool branch_too = false;

		if (at.tree->task == NULL)
			continue;
		status = judge(look, &at, err);
		if (status != TCTL_OK)
			break;
		if (prunes && at.why == NULL && !req->dry_run)
			take_away(look, &at, &branch_too);
		one = shown(&at);
		if (prunes && at.why == NULL && !req->dry_run)
			tctl_json_add(one, "branch_deleted",
			    json_object_new_boolean(branch_too));
		json_object_array_add(
		    prunes && at.why == NULL ? removed : kept, one);
	}
	if (prunes) {
		tctl_json_add(
		    out, "dry_run", json_object_new_boolean(req->dry_run));
		tctl_json_add(out, "removed", removed);
		tctl_json_add(out, "kept", kept);
	} else {
		tctl_json_add(out, "worktrees", kept);
		json_object_put(removed);
	}
	return status;
}

static enum tctl_status
worktree_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct worktree_req *req = request;
	bool prunes = strcmp(req->action, "prune") == 0;
	struct tctl_trees trees;
	struct tctl_turnstile turn;
	struct look look = { .ctx = ctx, .arena = ctx->arena, .trees = &trees };
	enum tctl_status status;

	if (req->dry_run && !prunes)
		return tctl_fail(err, TCTL_EUSAGE, "--dry-run goes with prune");
	status = tctl_trees_read(ctx, &trees, err);
	if (status == TCTL_OK && prunes)
		status = tctl_trees_enter(ctx, &turn, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_tasks_held(&ctx->coord, NULL, NULL, &look.held, err);
	if (status == TCTL_OK) {
		*out = json_object_new_object();
		status = go_through(&look, req, *out, err);
		tctl_tasks_release(&look.held);
	}
	if (prunes)
		tctl_git_turn_leave(&turn);
	if (status != TCTL_OK)
		*out = NULL;
	return status;
}

/* --- in words
 * --------------------------------------------------------------------
 */

static void
put_one(struct tctl_ctx *ctx, FILE *to, struct json_object *one)
{
	const char *branch = tctl_get(one, "branch");
	const char *why = tctl_get(one, "why_kept");

	tctl_put(ctx, to, TCTL_BOLD, tctl_get(one, "task"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "worktree"));
	if (branch[0] != '\0') {
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_PLAIN, branch);
	}
	if (why[0] != '\0') {
		fputs("  (", to);
		tctl_put(ctx, to, TCTL_DIM, why);
		fputs(")", to);
	}
	fputs("\n", to);
}

static void
worktree_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	static const char *const list[] = { "worktrees", "removed", "kept" };
	bool dry = tctl_get_bool(out, "dry_run"), any = false;

	for (size_t k = 0; k < TCTL_COUNT(list); k++) {
		struct json_object *trees = tctl_get_object(out, list[k]);

		for (size_t i = 0; i < tctl_get_count(out, list[k]); i++) {
			any = true;
			if (k > 0)
				fputs(k == 2 ? "kept           "
				      : dry  ? "would take away "
					     : "taken away     ",
				    to);
			put_one(ctx, to, json_object_array_get_idx(trees, i));
		}
	}
	if (!any)
		fputs("no worktree was made for a task\n", to);
}

static void
worktree_quiet(FILE *to, struct json_object *out)
{
	const char *name =
	    tctl_get_object(out, "removed") != NULL ? "removed" : "worktrees";
	struct json_object *trees = tctl_get_object(out, name);

	for (size_t i = 0; i < tctl_get_count(out, name); i++)
		fprintf(to, "%s\n",
		    tctl_get(json_object_array_get_idx(trees, i), "worktree"));
}

const struct tctl_command tctl_command_worktree = {
	.name = "worktree",
	.group = TCTL_GROUP_SHARE,
	.summary = "list or prune the worktrees that claim --worktree made",
	.about =
	    "prune takes away those of tasks that are done or cancelled, if "
	    "everything in them is committed and merged into what the main "
	    "worktree has checked out, or into its upstream; their branches go "
	    "with git branch -d. Whatever else is in the way keeps a worktree, "
	    "and is said: changes, unknown files, a lock, somebody at work, "
	    "another worktree or repository in it. Other files that git "
	    "ignores go with it. A worktree that was made by hand is never "
	    "touched.",
	.example = "$ taskctl worktree list\n$ taskctl worktree prune "
		   "--dry-run",
	.param = rows,
	.req_size = sizeof(struct worktree_req),
	.needs = TCTL_NEEDS_READ,
	.run = worktree_run,
	.text = worktree_text,
	.quiet = worktree_quiet,
};
