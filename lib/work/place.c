/* place.c - which .tasks/ is used: the nearest one above, and inside a linked
 * worktree always the main worktree's, so that all agents share one. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/work.h"

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
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
read_line(const char *path, char *buf, size_t size)
{
	FILE *file = fopen(path, "re");
	bool ok = file != NULL && fgets(buf, (int)size, file) != NULL;

	if (file != NULL)
		fclose(file);
	if (ok)
		buf[strcspn(buf, "\r\n")] = '\0';
	return ok;
}

/* base/path, or path where it is absolute; symbolic links resolved.  Owned. */
static char *
resolve(const char *base, const char *path)
{
	char *joined = path[0] == '/' ? tctl_xstrdup(path)
				      : tctl_xprintf("%s/%s", base, path);
	char *real = realpath(joined, NULL);

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
common_dir(const char *top, bool *linked)
{
	char *dot_git = tctl_xprintf("%s/.git", top), *git = NULL;
	char line[PATH_MAX + 16];

	*linked = false;
	if (is_folder(dot_git)) {
		git = realpath(dot_git, NULL);
	} else if (read_line(dot_git, line, sizeof(line)) &&
		   strncmp(line, "gitdir: ", 8) == 0) {
		char *own = resolve(top, line + 8), *file;

		if (own != NULL) {
			file = tctl_xprintf("%s/commondir", own);
			*linked = read_line(file, line, sizeof(line));
			git = *linked ? resolve(own, line) : tctl_xstrdup(own);
			free(file);
			free(own);
		}
	}
	free(dot_git);
	return git;
}

/* The main working tree of a repository: the folder that holds its .git; NULL
 * for a bare one. */
static char *
main_tree(const char *common)
{
	const char *name = strrchr(common, '/');

	if (name == NULL || strcmp(name, "/.git") != 0)
		return NULL;
	return strndup(common, (size_t)(name - common));
}

/* The git repository around start: fills in repo and worktree; the main tree
 * is returned (owned) where start is in a linked worktree. */
static char *
find_repository(const char *start, struct tctl_place *out)
{
	char *top = tctl_xstrdup(start), *main = NULL;
	bool linked;

	do {
		out->repo = common_dir(top, &linked);
		if (out->repo == NULL)
			continue;
		out->worktree = tctl_xstrdup(top);
		if (linked)
			main = main_tree(out->repo);
		break;
	} while (go_up(top));
	free(top);
	return main;
}

static bool
has_tasks(const char *folder)
{
	char *path = tctl_xprintf("%s/.tasks", folder);
	bool found = is_folder(path);

	free(path);
	return found;
}

/* Ours, or root's by sudo, or a group's that shares it with us: as git decides
 * whose repository may be trusted. */
static enum tctl_status
check_owner(const char *tasks, struct tctl_error *err)
{
	const char *sudo = getenv("SUDO_UID");
	struct stat st;

	if (lstat(tasks, &st) != 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot look at %s: %s",
		    tasks, strerror(errno));
	if (S_ISLNK(st.st_mode))
		return tctl_fail(err, TCTL_EFAILED,
		    "%s is a symbolic link; it must be a folder", tasks);
	if (st.st_uid == geteuid() || st.st_uid == 0)
		return TCTL_OK;
	if (geteuid() == 0 && sudo != NULL &&
	    strtoul(sudo, NULL, 10) == (unsigned long)st.st_uid)
		return TCTL_OK;
	if ((st.st_mode & S_IWGRP) != 0 && access(tasks, W_OK) == 0 &&
	    geteuid() != 0)
		return TCTL_OK;
	return tctl_fail(err, TCTL_EFAILED,
	    "%s belongs to another user (uid %ld)", tasks, (long)st.st_uid);
}

static enum tctl_status
settle_root(
    struct tctl_place *out, char *root, const char *why, struct tctl_error *err)
{
	out->root = root;
	out->why_tasks = why;
	if (!has_tasks(root)) {
		tctl_fail(err, TCTL_ENOTFOUND,
		    "no .tasks/ in %s or any folder above it", root);
		return tctl_hint(err, "make one: taskctl init");
	}
	out->tasks = tctl_xprintf("%s/.tasks", root);
	return check_owner(out->tasks, err);
}

enum tctl_status
tctl_place_find(
    const char *start, struct tctl_place *out, struct tctl_error *err)
{
	char *here = realpath(start, NULL), *main, *at;

	memset(out, 0, sizeof(*out));
	if (here == NULL)
		return tctl_fail(err, TCTL_EFAILED, "cannot enter %s: %s",
		    start, strerror(errno));
	main = find_repository(here, out);
	if (out->worktree == NULL)
		out->worktree = tctl_xstrdup(here);
	if (main != NULL) {
		free(here);
		return settle_root(out, main,
		    "the main worktree's, which all worktrees share", err);
	}
	at = tctl_xstrdup(here);
	while (!has_tasks(at))
		if (!go_up(at)) {
			free(at);
			at = NULL;
			break;
		}
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
	memset(place, 0, sizeof(*place));
}
