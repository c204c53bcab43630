/* work_index.c - the turn, HEAD, and the index of our own. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../taskctl/file_replace.h"
#include "work.h"

struct tctl_user_git
tctl_work_git(const struct tctl_work *work)
{
	return (
	    struct tctl_user_git){ .arena = work->arena, .folder = work->top };
}

/* --- where, and the turn -----------------------------------------------------
 */

enum tctl_status
tctl_work_open(struct tctl_work *work, struct tctl_error *err)
{
	struct tctl_user_git call = { .arena = work->arena };
	enum tctl_status status = tctl_user_git(&call, err, "rev-parse",
	    "--absolute-git-dir", "--show-toplevel", NULL);
	char *newline;

	if (status != TCTL_OK)
		return status;
	work->gitdir = tctl_user_git_line(&call);
	newline = strchr(work->gitdir, '\n');
	if (newline == NULL || newline[1] != '/')
		return tctl_fail(err, TCTL_EFAILED,
		    "%s has no working tree to commit from", work->gitdir);
	*newline = '\0';
	work->top = newline + 1;
	return TCTL_OK;
}

static enum tctl_status
make_folder(struct tctl_work *work, struct tctl_error *err)
{
	char *folder = tctl_arena_printf(
	    work->arena, "%s/taskctl-work.XXXXXX", work->gitdir);
	struct stat st;

	if (mkdtemp(folder) == NULL)
		return tctl_fail(err, TCTL_EFAILED, "cannot write into %s: %s",
		    work->gitdir, strerror(errno));
	/* Whoever may write here may also end what we leave, should we die. */
	if (stat(work->gitdir, &st) == 0)
		(void)chmod(folder, st.st_mode & 0777);
	work->folder = folder;
	work->index = tctl_arena_printf(work->arena, "%s/index", folder);
	work->index_variable =
	    tctl_arena_printf(work->arena, "GIT_INDEX_FILE=%s", work->index);
	work->message_file =
	    tctl_arena_printf(work->arena, "%s/COMMIT_EDITMSG", folder);
	return TCTL_OK;
}

enum tctl_status
tctl_work_enter(struct tctl_work *work, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_git_turn_enter(work->ctx, work->gitdir, "taskctl-work",
		tctl_arena_printf(work->arena, "commit in %s", work->top),
		&work->turn, err);

	if (status != TCTL_OK)
		return status;
	tctl_work_recover(work);
	status = make_folder(work, err);
	if (status != TCTL_OK)
		tctl_work_leave(work);
	return status;
}

void
tctl_work_leave(struct tctl_work *work)
{
	if (work->folder != NULL)
		tctl_work_clear(work->folder);
	work->folder = NULL;
	tctl_git_turn_leave(&work->turn);
}

/* --- HEAD --------------------------------------------------------------------
 */

enum tctl_status
tctl_work_idle(const struct tctl_work *work, struct tctl_error *err)
{
	static const char *const going_on[][2] = { { "MERGE_HEAD", "a merge" },
		{ "CHERRY_PICK_HEAD", "a cherry-pick" },
		{ "REVERT_HEAD", "a revert" }, { "rebase-merge", "a rebase" },
		{ "rebase-apply", "a rebase" },
		{ "BISECT_LOG", "a bisection" } };

	for (size_t i = 0; i < TCTL_COUNT(going_on); i++) {
		const char *path = tctl_arena_printf(
		    work->arena, "%s/%s", work->gitdir, going_on[i][0]);
		bool there = access(path, F_OK) == 0;

		if (!there && errno == ENOENT)
			continue;
		if (!there)
			return tctl_fail(err, TCTL_EFAILED,
			    "cannot look at %s: %s", path, strerror(errno));
		tctl_fail(err, TCTL_EFAILED,
		    "%s is going on in %s, so some paths alone cannot be "
		    "committed there",
		    going_on[i][1], work->top);
		return tctl_hint(
		    err, "whoever began it has to end it: see git status");
	}
	return TCTL_OK;
}

enum tctl_status
tctl_work_read_head(const struct tctl_work *work, const char **head,
    const char **branch, struct tctl_error *err)
{
	enum { GIT_GAVE_UP = 128, GIT_SAID_NO = 1 };
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status = tctl_user_git(&call, err, "rev-parse", "HEAD",
	    "--symbolic-full-name", "HEAD", NULL);
	char *line;

	*head = NULL;
	if (status == TCTL_OK) {
		line =
		    tctl_arena_strdup(work->arena, tctl_user_git_line(&call));
		*head = strsep(&line, "\n");
		*branch = line != NULL ? line : "HEAD";
		return TCTL_OK;
	}
	/* It names a branch that is not born yet; or nobody could ask. */
	if (call.code != GIT_GAVE_UP)
		return status;
	status =
	    tctl_user_git(&call, err, "symbolic-ref", "--quiet", "HEAD", NULL);
	if (call.code == GIT_SAID_NO)
		tctl_fail(
		    err, TCTL_EFAILED, "HEAD of %s names no commit", work->top);
	if (status != TCTL_OK)
		return status;
	*branch = tctl_user_git_line(&call);
	return TCTL_OK;
}

enum tctl_status
tctl_work_head(struct tctl_work *work, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status = tctl_work_idle(work, err);

	if (status == TCTL_OK)
		status =
		    tctl_work_read_head(work, &work->head, &work->branch, err);
	if (status != TCTL_OK || work->head != NULL) {
		work->base = work->head;
		return status;
	}
	/* The empty tree, by whatever hash the repository has. */
	status = tctl_user_git(
	    &call, err, "hash-object", "-t", "tree", "--stdin", NULL);
	if (status == TCTL_OK)
		work->base = tctl_user_git_line(&call);
	return status;
}

/* --- the index of our own ----------------------------------------------------
 */

/* A file that is not there is copied as none.  The time goes with it: by that
 * git knows which files may have changed since without showing it (racy-git).
 */
static bool
copy_file(const char *from, const char *to)
{
	char bytes[65536];
	struct stat st;
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	bool ok = in >= 0 || errno == ENOENT;
	ssize_t n = 0;

	if (in < 0)
		return ok;
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	ok = out >= 0;
	while (ok && (n = read(in, bytes, sizeof(bytes))) != 0)
		ok = n > 0 && tctl_write_all(out, bytes, (size_t)n);
	ok = ok && fstat(in, &st) == 0 &&
	     futimens(out, (struct timespec[]){ st.st_atim, st.st_mtim }) == 0;
	close(in);
	if (out >= 0)
		ok = close(out) == 0 && ok;
	return ok;
}

enum tctl_status
tctl_work_copy_index(
    const struct tctl_work *work, const char *to, struct tctl_error *err)
{
	const char *shared =
	    tctl_arena_printf(work->arena, "%s/index", work->gitdir);

	if (copy_file(shared, to))
		return TCTL_OK;
	return tctl_fail(
	    err, TCTL_EFAILED, "cannot copy %s: %s", shared, strerror(errno));
}

enum tctl_status
tctl_work_index(struct tctl_work *work, struct tctl_error *err)
{
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status = tctl_work_copy_index(work, work->index, err);

	call.with = with;
	if (status == TCTL_OK)
		status = work->head == NULL
			     ? tctl_user_git(
				   &call, err, "read-tree", "--empty", NULL)
			     : tctl_user_git(&call, err, "read-tree", "--reset",
				   work->head, NULL);
	return status;
}

/* The word of that number, from 0; "" where there are fewer. */
static const char *
word_at(const struct tctl_work *work, const char *line, size_t number)
{
	for (; number > 0 && *line != '\0'; number--) {
		line += strcspn(line, " ");
		line += *line == ' ';
	}
	return tctl_arena_strndup(work->arena, line, strcspn(line, " "));
}

/* ":OLDMODE NEWMODE OLDID NEWID STATUS\0PATH\0" each. */
enum tctl_status
tctl_work_changed(const struct tctl_work *work, struct tctl_work_paths *out,
    struct tctl_error *err)
{
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status;
	const char *p, *end;

	call.with = with;
	*out = (struct tctl_work_paths){ NULL, 0 };
	status = tctl_user_git(&call, err, "diff-index", "--cached", "--raw",
	    "--no-abbrev", "--no-renames", "--ignore-submodules=none", "-z",
	    work->base, "--", NULL);
	if (status != TCTL_OK)
		return status;
	end = call.out + call.out_length;
	for (p = call.out; p < end && *p == ':'; p += strlen(p) + 1) {
		struct tctl_work_path path = { .mode = word_at(work, p, 1),
			.id = word_at(work, p, 3) };

		p += strlen(p) + 1;
		if (p >= end)
			break;
		path.name = p;
		out->at = tctl_arena_grow(
		    work->arena, out->at, out->count, sizeof(*out->at));
		out->at[out->count++] = path;
	}
	return TCTL_OK;
}
