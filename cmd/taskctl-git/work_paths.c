/* work_paths.c - which paths are committed, and only those.
 *
 * Paths are taken literally, as git sees them from the top of the working tree.
 * They are compared with two indexes: ours, which is as HEAD is, and the shared
 * one, by which git knows what an agent has added but not committed. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work.h"

/* --- the paths that are meant ------------------------------------------------
 */

/* base/path without ".", ".." and doubled slashes: what a symbolic link leads
 * to is not asked, as in git. */
static char *
absolute(struct tctl_arena *arena, const char *base, const char *path)
{
	char *out = tctl_arena_printf(
	    arena, "%s/%s/", path[0] == '/' ? "" : base, path);
	char *to = out;

	for (const char *p = out; *p != '\0';) {
		size_t n = strcspn(p, "/");

		if (n == 2 && p[0] == '.' && p[1] == '.') {
			while (to > out && *--to != '/')
				;
		} else if (n != 0 && !(n == 1 && p[0] == '.')) {
			*to++ = '/';
			memmove(to, p, n);
			to += n;
		}
		p += n + (p[n] == '/');
	}
	*to = '\0';
	return out;
}

/* path below top, "." for top itself; NULL: it is not. */
static const char *
below(const char *top, const char *path)
{
	size_t length = strlen(top);

	if (strncmp(path, top, length) != 0)
		return NULL;
	if (path[length] == '\0')
		return ".";
	return path[length] == '/' ? path + length + 1 : NULL;
}

/* The same file by the real names of the folders that it is in: the way here
 * may lead over a symbolic link. */
static const char *
by_real_folder(struct tctl_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	char real[PATH_MAX];
	char *folder =
	    tctl_arena_strndup(arena, path, (size_t)(slash - path) + 1);

	if (realpath(folder, real) == NULL)
		return path;
	return tctl_arena_printf(arena, "%s/%s", real, slash + 1);
}

static enum tctl_status
add_named(struct tctl_work *work, const char *cwd, const char *path,
    struct tctl_error *err)
{
	const char *whole, *within;

	whole = absolute(work->arena, cwd, path);
	within = below(work->top, whole);
	if (within == NULL)
		within = below(work->top, by_real_folder(work->arena, whole));
	if (within == NULL)
		return tctl_fail(err, TCTL_EINVALID,
		    "%s is outside of the working tree %s", path, work->top);
	tctl_strings_add(work->arena, &work->paths, within);
	return TCTL_OK;
}

/* The plan's files are told from the folder that .tasks/ is in, and that is
 * the same folder in every worktree. */
static void
add_files(struct tctl_work *work)
{
	const char *within = below(work->top, work->ctx->place.root);
	const char *base = within == NULL || strcmp(within, ".") == 0
			       ? work->top
			       : work->ctx->place.root;

	for (size_t i = 0; i < work->files.count; i++) {
		const char *path = below(
		    work->top, absolute(work->arena, base, work->files.at[i]));

		/* "." would be everybody's. */
		if (path != NULL && strcmp(path, ".") != 0)
			tctl_strings_add(work->arena, &work->paths, path);
	}
}

enum tctl_status
tctl_work_choose(struct tctl_work *work, struct tctl_error *err)
{
	const struct tctl_strings *named = &work->req->paths;
	enum tctl_status status = TCTL_OK;
	char cwd[PATH_MAX];

	work->is_default = named->count == 0;
	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return tctl_fail(err, TCTL_EFAILED, "where are we?");
	for (size_t i = 0; status == TCTL_OK && i < named->count; i++)
		status = add_named(work, cwd, named->at[i], err);
	if (!work->is_default)
		return status;
	add_files(work);
	if (work->paths.count > 0 || tctl_work_has_reserved(work))
		return TCTL_OK;
	tctl_fail(err, TCTL_EINVALID,
	    "the plan names no files of %s, and none are reserved for it",
	    work->task);
	return tctl_hint(err,
	    "name what is to be committed: taskctl commit %s "
	    "PATH…",
	    work->task);
}

/* --- what there is of them ---------------------------------------------------
 */

struct found {
	struct tctl_strings base;  /* in HEAD, or new and not ignored; sorted */
	struct tctl_strings added; /* only in the shared index */
	struct tctl_strings nested; /* repositories of their own */
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort(struct tctl_strings *list)
{
	if (list->count > 1)
		qsort(list->at, list->count, sizeof(*list->at), by_text);
}

/* The first that is not less than the text. */
static size_t
lower_bound(const struct tctl_strings *sorted, const char *text)
{
	size_t low = 0, high = sorted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(sorted->at[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is the path, or something below it, in a sorted list? */
static bool
holds(const struct tctl_strings *sorted, const char *path)
{
	char *folder = tctl_xprintf("%s/", path);
	size_t at = lower_bound(sorted, path), in = lower_bound(sorted, folder);
	bool found =
	    (at < sorted->count && strcmp(sorted->at[at], path) == 0) ||
	    (in < sorted->count &&
		strncmp(sorted->at[in], folder, strlen(folder)) == 0) ||
	    (strcmp(path, ".") == 0 && sorted->count > 0);

	free(folder);
	return found;
}

/* Run git with some words and then the paths. */
static enum tctl_status
ask(struct tctl_user_git *call, const char *const word[],
    const struct tctl_strings *paths, struct tctl_error *err)
{
	size_t count = 0;
	const char **argv;
	enum tctl_status status;

	while (word[count] != NULL)
		count++;
	argv = tctl_xcalloc(count + paths->count, sizeof(*argv));
	memcpy(argv, word, count * sizeof(*argv));
	for (size_t i = 0; i < paths->count; i++)
		argv[count + i] = paths->at[i];
	status = tctl_user_git_argv(call, argv, err);
	free(argv);
	return status;
}

static enum tctl_status
find_in_base(
    const struct tctl_work *work, struct found *found, struct tctl_error *err)
{
	static const char *const word[] = { "git", "--literal-pathspecs",
		"ls-files", "-z", "--cached", "--others", "--exclude-standard",
		"--", NULL };
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status;

	call.with = with;
	status = ask(&call, word, &work->paths, err);
	for (const char *p = call.out;
	     status == TCTL_OK && p < call.out + call.out_length;
	     p += strlen(p) + 1) {
		size_t length = strlen(p);

		if (length > 0 && p[length - 1] == '/')
			tctl_strings_add(work->arena, &found->nested,
			    tctl_arena_strndup(work->arena, p, length - 1));
		else
			tctl_strings_add(work->arena, &found->base, p);
	}
	sort(&found->base);
	sort(&found->nested);
	return status;
}

/* What the disk does not tell is not "no": its change would be left out. */
static enum tctl_status
look_for(const struct tctl_work *work, const char *path, bool *there,
    struct tctl_error *err)
{
	struct stat st;

	*there = lstat(tctl_arena_printf(work->arena, "%s/%s", work->top, path),
		     &st) == 0;
	if (*there || errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
	    errno == ENAMETOOLONG)
		return TCTL_OK;
	return tctl_fail(
	    err, TCTL_EFAILED, "cannot look at %s: %s", path, strerror(errno));
}

/* Lines "MODE ID STAGE<tab>PATH" of the shared index. */
static enum tctl_status
find_in_index(
    const struct tctl_work *work, struct found *found, struct tctl_error *err)
{
	static const char *const word[] = { "git", "--literal-pathspecs",
		"ls-files", "-z", "--stage", "--", NULL };
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status = ask(&call, word, &work->paths, err);

	for (const char *p = call.out;
	     status == TCTL_OK && p < call.out + call.out_length;
	     p += strlen(p) + 1) {
		const char *tab = strchr(p, '\t');
		bool there = false;

		if (tab == NULL)
			continue;
		if (tab[-1] != '0')
			return tctl_fail(err, TCTL_EFAILED,
			    "%s is in conflict: it has to be resolved first",
			    tab + 1);
		if (bsearch(&(const char *){ tab + 1 }, found->base.at,
			found->base.count, sizeof(*found->base.at),
			by_text) == NULL)
			status = look_for(work, tab + 1, &there, err);
		if (there)
			tctl_strings_add(work->arena, &found->added, tab + 1);
	}
	return status;
}

/* --- staging -----------------------------------------------------------------
 */

/* A path that was named, and of which there is nothing to commit. */
static enum tctl_status
refuse(const struct tctl_work *work, const struct found *found,
    const char *path, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_work_git(work);
	bool there;
	enum tctl_status status = look_for(work, path, &there, err);

	if (status != TCTL_OK)
		return status;
	if (!there)
		return tctl_fail(err, TCTL_EINVALID,
		    "%s is not there, and was not in the last commit", path);
	if (holds(&found->nested, path))
		return tctl_fail(err, TCTL_EINVALID,
		    "%s is a git repository of its own", path);
	status = tctl_user_git(
	    &call, err, "check-ignore", "--quiet", "--", path, NULL);
	if (status == TCTL_OK) {
		tctl_fail(
		    err, TCTL_EINVALID, "%s is ignored by .gitignore", path);
		return tctl_hint(err,
		    "what belongs into the repository all the same is added "
		    "with git add -f");
	}
	if (call.code != 1) /* git does not say no */
		return status;
	return tctl_fail(
	    err, TCTL_EINVALID, "%s holds nothing that git would take", path);
}

static enum tctl_status
stage(const struct tctl_work *work, const struct tctl_strings *paths,
    bool forced, struct tctl_error *err)
{
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work);
	char *list = NULL;
	enum tctl_status status;
	FILE *memory;

	if (paths->count == 0)
		return TCTL_OK;
	memory = open_memstream(&list, &call.in_length);
	if (memory == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < paths->count; i++)
		fwrite(paths->at[i], 1, strlen(paths->at[i]) + 1, memory);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	call.in = list;
	call.with = with;
	status = tctl_user_git(&call, err, "--literal-pathspecs", "add",
	    "--all", "--pathspec-from-file=-", "--pathspec-file-nul",
	    forced ? "--force" : NULL, NULL);
	free(list);
	return status;
}

enum tctl_status
tctl_work_stage(struct tctl_work *work, struct tctl_error *err)
{
	struct found found = { .base = { NULL, 0 } };
	struct tctl_strings some = { NULL, 0 };
	enum tctl_status status = TCTL_OK;

	if (work->is_default)
		status = tctl_work_add_reserved(work, err);
	/* To ask git about no paths is to ask about all. */
	if (status != TCTL_OK || work->paths.count == 0)
		return status;
	status = find_in_base(work, &found, err);
	if (status == TCTL_OK)
		status = find_in_index(work, &found, err);
	if (status != TCTL_OK)
		return status;
	sort(&found.added);
	for (size_t i = 0; i < work->paths.count; i++) {
		const char *path = work->paths.at[i];

		if (holds(&found.base, path))
			tctl_strings_add(work->arena, &some, path);
		else if (!work->is_default && !holds(&found.added, path))
			return refuse(work, &found, path, err);
	}
	/* Within a folder `git add` would take another repository as a
	 * submodule: then file by file. */
	status = stage(
	    work, found.nested.count > 0 ? &found.base : &some, false, err);
	return status != TCTL_OK ? status
				 : stage(work, &found.added, true, err);
}
