/* head.c - git.branch is HEAD: progress goes to the branch that is checked out
 * where .tasks/ is, below .tasks/progress/.
 *
 * Only those paths change: in the commit, in the index and in the working tree;
 * what else is staged or modified stays as it is (checkout.c). */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "standing.h"
#include "taskctl/json.h"

static const char folder[] = ".tasks/progress";

/* --- where HEAD is ---------------------------------------------------------
 */

/* A hook that runs us says which repository and index git works on; ours is
 * found by where .tasks/ is. */
static void
forget_environment(void)
{
	static const char *const name[] = { "GIT_DIR", "GIT_WORK_TREE",
		"GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR",
		"GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE" };

	for (size_t i = 0; i < TCTL_COUNT(name); i++)
		unsetenv(name[i]);
}

/* Set prefix: .tasks/progress as seen from the top of the working tree. */
static enum tctl_status
find_prefix(struct tctl_git *git, struct tctl_error *err)
{
	const char *top = git_repository_workdir(git->checkout);
	char *real_top = top == NULL ? NULL : realpath(top, NULL);
	char *real_root = realpath(git->place->root, NULL);
	size_t length = real_top == NULL ? 0 : strlen(real_top);
	enum tctl_status status = TCTL_OK;

	if (length == 1) /* the root folder */
		length = 0;
	if (real_top == NULL || real_root == NULL ||
	    strncmp(real_root, real_top, length) != 0 ||
	    (real_root[length] != '\0' && real_root[length] != '/')) {
		tctl_fail(err, TCTL_EFAILED,
		    "git.branch is HEAD, but %s is in no working tree",
		    git->place->root);
		status = tctl_hint(err,
		    "progress can go to a branch of its own: taskctl config "
		    "git.branch taskctl");
	} else {
		git->top = tctl_arena_strdup(git->arena, real_top);
		git->prefix = tctl_arena_printf(git->arena, "%s%s%s",
		    real_root[length] == '\0' ? "" : real_root + length + 1,
		    real_root[length] == '\0' ? "" : "/", folder);
	}
	free(real_top);
	free(real_root);
	return status;
}

/* The branch that HEAD names, as long as nothing else is going on there. */
static enum tctl_status
read_head(const struct tctl_git *git, const char **out, struct tctl_error *err)
{
	git_reference *head = NULL;
	enum tctl_status status = TCTL_OK;

	if (git_repository_state(git->checkout) != GIT_REPOSITORY_STATE_NONE)
		return tctl_fail(err, TCTL_EFAILED,
		    "a merge, rebase or the like is going on in %s: progress "
		    "is committed to HEAD once it is over",
		    git->top);
	if (git_reference_lookup(&head, git->checkout, "HEAD") != 0)
		return tctl_git_fail(err, "read HEAD");
	if (git_reference_type(head) != GIT_REFERENCE_SYMBOLIC ||
	    strncmp(git_reference_symbolic_target(head), "refs/heads/", 11) !=
		0)
		status = tctl_fail(err, TCTL_EFAILED,
		    "HEAD of %s is detached: progress is committed to HEAD "
		    "once a branch is checked out",
		    git->top);
	else
		*out = tctl_arena_strdup(
		    git->arena, git_reference_symbolic_target(head));
	git_reference_free(head);
	return status;
}

enum tctl_status
tctl_git_head_follow(struct tctl_git *git, struct tctl_error *err)
{
	enum tctl_status status = read_head(git, &git->ref, err);

	if (status == TCTL_OK)
		git->branch = git->ref + strlen("refs/heads/");
	return status;
}

enum tctl_status
tctl_git_head_open(struct tctl_git *git, struct tctl_error *err)
{
	enum tctl_status status;

	forget_environment();
	if (git_repository_open_ext(
		&git->checkout, git->place->root, 0, NULL) != 0)
		return tctl_git_fail(
		    err, "use the working tree of %s", git->place->root);
	status = find_prefix(git, err);
	return status == TCTL_OK ? tctl_git_head_follow(git, err) : status;
}

/* --- what HEAD holds ---------------------------------------------------------
 */

/* The newest event: the last line of the last file. */
static int64_t
newest_file(const git_tree *events)
{
	int64_t newest = 0;

	for (size_t i = 0; i < git_tree_entrycount(events); i++) {
		const char *name =
		    git_tree_entry_name(git_tree_entry_byindex(events, i));
		const char *wrong = "";
		char number[24];
		int64_t first;

		snprintf(number, sizeof(number), "%.*s",
		    (int)strcspn(name, "."), name);
		first = strtonum(number, 1, LLONG_MAX, &wrong);
		if (wrong == NULL && first > newest)
			newest = first;
	}
	return newest;
}

/* Whose events they are, as sprint_status.json says. */
static void
read_store(const struct tctl_git *git, struct tctl_git_tip *tip)
{
	struct json_object *status = tctl_git_standing_load(git, tip);
	struct json_object *id = NULL;

	snprintf(tip->store, sizeof(tip->store), "unknown");
	if (status != NULL && json_object_object_get_ex(status, "store", &id) &&
	    json_object_is_type(id, json_type_string))
		snprintf(tip->store, sizeof(tip->store), "%s",
		    json_object_get_string(id));
	json_object_put(status);
}

enum tctl_status
tctl_git_head_tip(const struct tctl_git *git, struct tctl_git_tip *tip,
    struct tctl_error *err)
{
	const char *ref = NULL;
	git_tree *events = NULL;
	enum tctl_status status = read_head(git, &ref, err);

	if (status == TCTL_OK && strcmp(ref, git->ref) != 0)
		status = tctl_fail(err, TCTL_EFAILED,
		    "HEAD of %s was switched meanwhile; the next commit "
		    "takes along what this one did not",
		    git->top);
	if (status == TCTL_OK)
		status =
		    tctl_git_folder(git->repo, tip, "events", &events, err);
	if (status == TCTL_OK)
		read_store(git, tip);
	if (status == TCTL_OK && events != NULL) {
		tip->event = newest_file(events);
		if (tip->event != 0)
			status = tctl_git_events_last(
			    git->repo, tip, &tip->event, err);
	}
	git_tree_free(events);
	return status;
}

/* --- the tree of the commit
 * ---------------------------------------------------- */

/* A tree as old (NULL: empty) with another one at path. */
static int
put_tree(git_repository *repo, const git_tree *old, const char *path,
    const git_oid *put, git_oid *out)
{
	size_t length = strcspn(path, "/");
	char *name = strndup(path, length);
	git_treebuilder *builder = NULL;
	const git_tree_entry *entry;
	git_tree *below = NULL;
	git_oid inner = *put;
	int rc = git_treebuilder_new(&builder, repo, old);

	if (name == NULL)
		tctl_die_nomem();
	if (rc == 0 && path[length] == '/') {
		entry = git_treebuilder_get(builder, name);
		if (entry != NULL &&
		    git_tree_entry_type(entry) == GIT_OBJECT_TREE)
			rc = git_tree_lookup(
			    &below, repo, git_tree_entry_id(entry));
		if (rc == 0)
			rc = put_tree(
			    repo, below, path + length + 1, put, &inner);
	}
	if (rc == 0)
		rc = git_treebuilder_insert(
		    NULL, builder, name, &inner, GIT_FILEMODE_TREE);
	if (rc == 0)
		rc = git_treebuilder_write(out, builder);
	git_tree_free(below);
	git_treebuilder_free(builder);
	free(name);
	return rc;
}

enum tctl_status
tctl_git_head_tree(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const git_oid *progress, git_oid *out, struct tctl_error *err)
{
	git_tree *root = NULL;
	int rc = 0;

	if (tip->commit != NULL)
		rc = git_commit_tree(&root, tip->commit);
	if (rc == 0)
		rc = put_tree(git->repo, root, git->prefix, progress, out);
	git_tree_free(root);
	return rc == 0 ? TCTL_OK : tctl_git_fail(err, "write the tree");
}
