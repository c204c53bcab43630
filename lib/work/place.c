/* place.c - which .tasks/ is used: the nearest one above, and inside a linked
 * worktree always the main worktree's, or the one at or above the bare
 * repository, so that all agents share one. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/work.h"

/* A look at path has failed.  That nothing is there is an answer; anything else
 * (no descriptor is left, the disk does not read) is not, since who takes it
 * for one uses another store than everybody else.  The first such is kept. */
static void
look_failed(const char *path, struct tctl_error *err)
{
	if (errno != ENOENT && errno != ENOTDIR && errno != EACCES &&
	    errno != ELOOP && errno != ENAMETOOLONG && err->status == TCTL_OK)
		tctl_fail(err, TCTL_EFAILED, "cannot look at %s: %s", path,
		    strerror(errno));
}

static bool
is_folder(const char *path, struct tctl_error *err)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode);
	look_failed(path, err);
	return false;
}

/* The folder above, in place; false at the root. */
static bool
go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || path[1] == '\0')
		return false;
	slash[slash == path] = '\0';
	return true;
}

/* First line of a small file, without the newline; false: none. */
static bool
read_line(const char *path, char *buf, size_t size, struct tctl_error *err)
{
	FILE *file = fopen(path, "re");
	bool ok = file != NULL && fgets(buf, (int)size, file) != NULL;

	if (file == NULL || ferror(file))
		look_failed(path, err);
	if (file != NULL)
		fclose(file);
	if (ok)
		buf[strcspn(buf, "\r\n")] = '\0';
	return ok;
}

/* base/path, or path where it is absolute; symbolic links resolved.  Owned. */
static char *
resolve(const char *base, const char *path, struct tctl_error *err)
{
	char *joined = path[0] == '/' ? tctl_xstrdup(path)
				      : tctl_xprintf("%s/%s", base, path);
	char *real = realpath(joined, NULL);

	if (real == NULL)
		look_failed(joined, err);
	free(joined);
	return real;
}

/**
 * The common git directory of a working tree whose top is top.
 *
 * A linked worktree's .git is a file, "gitdir: …", and that folder's commondir
 * names the repository all worktrees share (gitrepository-layout(5)).
 *
 * @param linked set when top is a linked worktree
 * @return       owned, or NULL: top is not a working tree
 */
static char *
common_dir(const char *top, bool *linked, struct tctl_error *err)
{
	char *dot_git = tctl_xprintf("%s/.git", top), *git = NULL;
	char line[PATH_MAX + 16];

	*linked = false;
	if (is_folder(dot_git, err)) {
		git = resolve(top, ".git", err);
	} else if (read_line(dot_git, line, sizeof(line), err) &&
		   strncmp(line, "gitdir: ", 8) == 0) {
		char *own = resolve(top, line + 8, err), *file;

		if (own != NULL) {
			file = tctl_xprintf("%s/commondir", own);
			*linked = read_line(file, line, sizeof(line), err);
			git = *linked ? resolve(own, line, err)
				      : tctl_xstrdup(own);
			free(file);
			free(own);
		}
	}
	free(dot_git);
	return git;
}

/* "bare = true" of [core] in a repository's configuration, in value; false: it
 * is not there.  Only what decides where all worktrees meet is read. */
static bool
core_says(const char *common, const char *name, char *value, size_t size,
    struct tctl_error *err)
{
	char *path = tctl_xprintf("%s/config", common), line[PATH_MAX + 64];
	FILE *file = fopen(path, "re");
	bool in_core = false, found = false;
	size_t length = strlen(name);

	if (file == NULL)
		look_failed(path, err);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char *p = line + strspn(line, " \t");

		if (*p == '[')
			in_core = strncasecmp(p, "[core]", 6) == 0;
		if (!in_core || strncasecmp(p, name, length) != 0)
			continue;
		p += length + strspn(p + length, " \t");
		if (*p != '=')
			continue;
		p += 1 + strspn(p + 1, " \t");
		p[strcspn(p, "\r\n")] = '\0';
		found = snprintf(value, size, "%s", p) < (int)size;
	}
	if (file != NULL && ferror(file))
		look_failed(path, err);
	if (file != NULL)
		fclose(file);
	free(path);
	return found;
}

bool
tctl_place_is_shared(const struct tctl_place *place)
{
	static const char *const shared[] = { "group", "true", "all", "world",
		"everybody", "1", "2" };
	/* What cannot be read is shared with nobody. */
	struct tctl_error unread = { .status = TCTL_OK };
	char value[PATH_MAX];

	if (place->repo == NULL || !core_says(place->repo, "sharedrepository",
				       value, sizeof(value), &unread))
		return false;
	for (size_t i = 0; i < TCTL_COUNT(shared); i++)
		if (strcasecmp(value, shared[i]) == 0)
			return true;
	return value[0] == '0' && (strtoul(value, NULL, 8) & S_IWGRP) != 0;
}

/* The folder in which all worktrees of a repository meet: the main one, or a
 * bare repository itself; NULL: who knows.  Owned. */
static char *
meeting_place(const char *common, bool *is_bare, struct tctl_error *err)
{
	const char *name = strrchr(common, '/');
	char value[PATH_MAX];

	*is_bare = false;
	if (name != NULL && strcmp(name, "/.git") == 0)
		return strndup(common, (size_t)(name - common));
	if (core_says(common, "worktree", value, sizeof(value), err))
		return resolve(common, value, err);
	*is_bare = core_says(common, "bare", value, sizeof(value), err) &&
		   strcasecmp(value, "true") == 0;
	return *is_bare ? tctl_xstrdup(common) : NULL;
}

/* The git repository around start: fills in repo and worktree; where start is
 * in a linked worktree, its meeting place is returned (owned). */
static char *
find_repository(const char *start, struct tctl_place *out, bool *is_bare,
    struct tctl_error *err)
{
	char *top = tctl_xstrdup(start), *main = NULL;
	bool linked;

	*is_bare = false;
	do {
		out->repo = common_dir(top, &linked, err);
		if (out->repo == NULL)
			continue;
		out->worktree = tctl_xstrdup(top);
		if (linked)
			main = meeting_place(out->repo, is_bare, err);
		break;
	} while (go_up(top));
	free(top);
	return main;
}

static bool
has_tasks(const char *folder, struct tctl_error *err)
{
	char *path = tctl_xprintf("%s/.tasks", folder);
	bool found = is_folder(path, err);

	free(path);
	return found;
}

/* The nearest folder from there upwards that has a .tasks/; owned, NULL: none.
 */
static char *
nearest(const char *from, struct tctl_error *err)
{
	char *at = tctl_xstrdup(from);

	while (!has_tasks(at, err))
		if (!go_up(at)) {
			free(at);
			return NULL;
		}
	return at;
}

/* A linked worktree's own .tasks/, tracked or stale, which is not used; owned,
 * NULL: it has none. */
static char *
own_tasks(
    const struct tctl_place *place, const char *root, struct tctl_error *err)
{
	if (strcmp(place->worktree, root) == 0 ||
	    !has_tasks(place->worktree, err))
		return NULL;
	return tctl_xprintf("%s/.tasks", place->worktree);
}

/* Named by the user as one to trust: folders, or * for all, apart by colons. */
static bool
is_trusted(const char *root)
{
	const char *at = getenv("TASKCTL_SAFE_DIRECTORY");
	size_t length;

	for (; at != NULL && *at != '\0'; at += length + (at[length] == ':')) {
		length = strcspn(at, ":");
		if ((length == 1 && *at == '*') ||
		    (length == strlen(root) && strncmp(at, root, length) == 0))
			return true;
	}
	return false;
}

/* Is it shared with us by a group that we are in?  A folder that everybody may
 * write is no group's: anybody can make one in /tmp. */
static bool
is_shared_with_us(const struct stat *st)
{
	gid_t group[256];
	int count;

	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != S_IWGRP || geteuid() == 0)
		return false;
	if (st->st_gid == getegid())
		return true;
	count = getgroups((int)TCTL_COUNT(group), group);
	for (int i = 0; i < count; i++)
		if (group[i] == st->st_gid)
			return true;
	return false;
}

/* Ours, or by sudo that of whoever called it: as git decides whose repository
 * may be trusted, to whom root is a stranger too.  Or a group's that shares it
 * with us. */
static enum tctl_status
check_owner(const char *root, const char *tasks, struct tctl_error *err)
{
	const char *sudo = getenv("SUDO_UID");
	struct stat st;

	if (lstat(tasks, &st) != 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot look at %s: %s",
		    tasks, strerror(errno));
	if (S_ISLNK(st.st_mode))
		return tctl_refuse_link(tasks, err);
	if (st.st_uid == geteuid())
		return TCTL_OK;
	if (geteuid() == 0 && sudo != NULL &&
	    strtoul(sudo, NULL, 10) == (unsigned long)st.st_uid)
		return TCTL_OK;
	if (is_shared_with_us(&st) || is_trusted(root))
		return TCTL_OK;
	tctl_fail(err, TCTL_EFAILED, "%s belongs to another user (uid %ld)",
	    tasks, (long)st.st_uid);
	return tctl_hint(err, "if you trust whoever that is, "
			      "TASKCTL_SAFE_DIRECTORY names folders "
			      "to trust, apart by colons: see man taskctl");
}

static enum tctl_status
settle_root(
    struct tctl_place *out, char *root, const char *why, struct tctl_error *err)
{
	out->root = root;
	out->why_tasks = why;
	if (!has_tasks(root, err) && err->status == TCTL_OK) {
		tctl_fail(err, TCTL_ENOTFOUND,
		    "no .tasks/ in %s or any folder above it", root);
		return tctl_hint(err, "make one: taskctl init");
	}
	if (err->status != TCTL_OK)
		return err->status;
	out->tasks = tctl_xprintf("%s/.tasks", root);
	return check_owner(root, out->tasks, err);
}

enum tctl_status
tctl_place_find(
    const char *start, struct tctl_place *out, struct tctl_error *err)
{
	char *here = realpath(start, NULL), *main, *at;
	bool is_bare;

	memset(out, 0, sizeof(*out));
	err->status = TCTL_OK; /* kept by looks that fail */
	if (here == NULL)
		return tctl_fail(err, TCTL_EFAILED, "cannot enter %s: %s",
		    start, strerror(errno));
	main = find_repository(here, out, &is_bare, err);
	if (out->worktree == NULL)
		out->worktree = tctl_xstrdup(here);
	if (main != NULL) {
		at = is_bare ? nearest(main, err) : NULL;
		out->passed_over = own_tasks(out, at != NULL ? at : main, err);
		free(here);
		if (at == NULL)
			at = main;
		else
			free(main);
		return settle_root(out, at,
		    is_bare ? "the nearest to the bare repository, which all "
			      "worktrees share"
			    : "the main worktree's, which all worktrees share",
		    err);
	}
	at = nearest(here, err);
	if (at != NULL) {
		free(here);
		return settle_root(
		    out, at, "the nearest .tasks/ here or above", err);
	}
	/* Where init would make one: the top of the working tree. */
	if (out->repo != NULL) {
		free(here);
		here = tctl_xstrdup(out->worktree);
	}
	return settle_root(out, here, "none found", err);
}

void
tctl_place_release(struct tctl_place *place)
{
	free(place->root);
	free(place->tasks);
	free(place->store);
	free(place->repo);
	free(place->worktree);
	free(place->passed_over);
	memset(place, 0, sizeof(*place));
}
