/* head.c - git.branch is HEAD: progress goes to the branch that is checked out
 * where .tasks/ is, below .tasks/progress/.
 *
 * Only those paths change: in the commit, in the index and in the working tree;
 * what else is staged or modified stays as it is.  The index is git's own to
 * write: it knows every form of it, and takes its lock.  First the files and
 * the index, then the branch: who dies between leaves newer progress staged,
 * which the next commit, whoever makes it, takes along. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "../taskctl/child.h"
#include "../taskctl/file_replace.h"
#include "git.h"

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
tctl_git_head_open(struct tctl_git *git, struct tctl_error *err)
{
	enum tctl_status status;

	forget_environment();
	if (git_repository_open_ext(
		&git->checkout, git->place->root, 0, NULL) != 0)
		return tctl_git_fail(
		    err, "use the working tree of %s", git->place->root);
	status = find_prefix(git, err);
	if (status == TCTL_OK)
		status = read_head(git, &git->ref, err);
	if (status == TCTL_OK)
		git->branch = git->ref + strlen("refs/heads/");
	return status;
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
	/* Which store's it is, only the events say. */
	snprintf(tip->store, sizeof(tip->store), "unknown");
	if (status == TCTL_OK && events != NULL) {
		tip->event = newest_file(events);
		if (tip->event != 0)
			tip->event = tctl_git_events_last(git->repo, tip);
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

/* --- working tree and index
 * ----------------------------------------------------- */

/* What is brought into the checkout. */
struct checkout {
	const struct tctl_git *git;
	FILE *index; /* for git update-index -z --index-info */
	struct tctl_error *err;
	enum tctl_status status;
};

/* A folder of ours, which no link may lead out of. */
static bool
make_folder(const char *path)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return true;
	return errno == EEXIST && lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* All folders on the way to a path below .tasks/. */
static bool
make_folders(const struct tctl_git *git, const char *path)
{
	size_t from =
	    strlen(git->top) + 1 + strlen(git->prefix) - strlen("/progress");
	char *part = tctl_xstrdup(path);
	bool good = true;

	for (char *slash = strchr(part + from + 1, '/'); good && slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		good = make_folder(part);
		*slash = '/';
	}
	free(part);
	return good;
}

static enum tctl_status
write_file(const struct checkout *to, const char *path, const git_oid *id)
{
	git_blob *blob = NULL;
	struct stat st;
	enum tctl_status status;

	if (!make_folders(to->git, path))
		return tctl_fail(
		    to->err, TCTL_EFAILED, "%s is not a folder's place", path);
	if (git_blob_lookup(&blob, to->git->repo, id) != 0)
		return tctl_git_fail(to->err, "read %s", path);
	/* A link is not followed. */
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		(void)unlink(path);
	status = tctl_file_replace(path, git_blob_rawcontent(blob),
	    (size_t)git_blob_rawsize(blob), to->err);
	git_blob_free(blob);
	return status;
}

static void
bring(struct checkout *to, const git_diff_delta *delta)
{
	bool gone = delta->status == GIT_DELTA_DELETED;
	const char *name = gone ? delta->old_file.path : delta->new_file.path;
	char *path =
	    tctl_xprintf("%s/%s/%s", to->git->top, to->git->prefix, name);
	git_oid none;

	memset(&none, 0, sizeof(none));
	if (gone)
		(void)unlink(path);
	else
		to->status = write_file(to, path, &delta->new_file.id);
	fprintf(to->index, "%s %s\t%s/%s%c", gone ? "0" : "100644",
	    git_oid_tostr_s(gone ? &none : &delta->new_file.id),
	    to->git->prefix, name, '\0');
	free(path);
}

static enum tctl_status
bring_files(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const git_oid *progress, FILE *index, struct tctl_error *err)
{
	struct checkout to = { .git = git, .index = index, .err = err };
	git_tree *old = NULL, *new = NULL;
	git_diff *diff = NULL;
	enum tctl_status status =
	    tctl_git_folder(git->repo, tip, NULL, &old, err);

	if (status == TCTL_OK &&
	    (git_tree_lookup(&new, git->repo, progress) != 0 ||
		git_diff_tree_to_tree(&diff, git->repo, old, new, NULL) != 0))
		status = tctl_git_fail(err, "compare with HEAD");
	/* Delta by delta: git_diff_foreach would read attributes, and with them
	 * an index that libgit2 may not know. */
	for (size_t i = 0; status == TCTL_OK && i < git_diff_num_deltas(diff);
	     i++) {
		bring(&to, git_diff_get_delta(diff, i));
		status = to.status;
	}
	git_diff_free(diff);
	git_tree_free(new);
	git_tree_free(old);
	return status;
}

/* Somebody else writes the index: that takes moments, or for ever. */
static bool
is_locked(const struct tctl_child *git_program)
{
	return git_program->code == 128 &&
	       strstr(git_program->said, "index.lock") != NULL;
}

static enum tctl_status
update_index(const struct tctl_git *git, const char *text, size_t bytes,
    struct tctl_error *err)
{
	char *dir = tctl_xprintf(
		 "--git-dir=%s", git_repository_path(git->checkout)),
	     *tree = tctl_xprintf("--work-tree=%s", git->top);
	char program[] = "git", command[] = "update-index", z[] = "-z",
	     info[] = "--index-info";
	char *const argv[] = { program, dir, tree, command, z, info, NULL };
	struct tctl_child child;
	int64_t left_ms = git->config->wait_ms;
	enum tctl_status status;

	for (;;) {
		uint32_t pause_ms = 5 + arc4random_uniform(20);

		child = (struct tctl_child){ .argv = argv,
			.in = text,
			.in_length = bytes,
			.folder = git->top };
		status = tctl_child_run(&child, err);
		if (status != TCTL_OK || !is_locked(&child) || left_ms <= 0)
			break;
		tctl_child_release(&child);
		nanosleep(
		    &(struct timespec){ .tv_nsec = pause_ms * 1000000L }, NULL);
		left_ms -= pause_ms;
	}
	if (status == TCTL_OK && is_locked(&child))
		status = tctl_fail(err, TCTL_EBUSY,
		    "%sindex.lock is held by another program",
		    git_repository_path(git->checkout));
	else if (status == TCTL_OK && child.code != 0)
		status = tctl_fail(err, TCTL_EFAILED,
		    "git update-index ended with %d: %.300s", child.code,
		    child.said);
	tctl_child_release(&child);
	free(dir);
	free(tree);
	return status;
}

enum tctl_status
tctl_git_head_checkout(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_oid *progress,
    struct tctl_error *err)
{
	char *text = NULL;
	size_t bytes;
	FILE *index;
	enum tctl_status status;

	/* What one writes here another one must not undo. */
	if (git->queue < 0)
		return tctl_fail(err, TCTL_EBUSY,
		    "another committer has not come to its end yet");
	index = open_memstream(&text, &bytes);
	if (index == NULL)
		tctl_die_nomem();
	status = bring_files(git, tip, progress, index, err);
	if (fclose(index) != 0)
		tctl_die_nomem();
	if (status == TCTL_OK)
		status = update_index(git, text, bytes, err);
	free(text);
	return status;
}
