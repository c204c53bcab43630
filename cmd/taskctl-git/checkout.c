/* checkout.c - where git.branch is HEAD: progress in working tree and index.
 *
 * The index is git's own to write: it knows every form of it, and takes its
 * lock.  Files and index come first, then the branch: who dies between leaves
 * newer progress staged, which the next commit, whoever makes it, takes along.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "../taskctl/child.h"
#include "../taskctl/file_replace.h"
#include "git.h"

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
		uint32_t pause_ms;

		child = (struct tctl_child){ .argv = argv,
			.in = text,
			.in_length = bytes,
			.folder = git->top };
		status = tctl_child_run(&child, err);
		if (status != TCTL_OK || !is_locked(&child) || left_ms <= 0)
			break;
		tctl_child_release(&child);
		/* Without memory it ends us, and says nothing. */
		pause_ms = 5 + arc4random_uniform(20);
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
