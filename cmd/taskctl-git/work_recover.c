/* work_recover.c - what a committer that was killed has left behind.
 *
 * Its turn ended with it; its folder and, if it died in the few milliseconds in
 * which HEAD moves, index.lock did not.  That file says whose it is; and the
 * index that was to follow is in the folder. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work.h"

void
tctl_work_clear(const char *folder)
{
	static const char *const file[] = { "index", "index.lock", "next",
		"next.lock", "claim", "COMMIT_EDITMSG" };

	for (size_t i = 0; i < TCTL_COUNT(file); i++) {
		char *path = tctl_xprintf("%s/%s", folder, file[i]);

		(void)unlink(path);
		free(path);
	}
	(void)rmdir(folder);
}

/* *out: the claim in index.lock, without its first line; owned, NULL: it is not
 * there, or git's own.  False: nobody knows, for it cannot be read. */
static bool
read_claim(const char *path, char **out)
{
	char text[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	*out = NULL;
	if (fd < 0)
		return errno == ENOENT || errno == ELOOP;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return false;
	text[n] = '\0';
	if (strncmp(text, TCTL_WORK_CLAIM, strlen(TCTL_WORK_CLAIM)) == 0)
		*out = tctl_xstrdup(text + strlen(TCTL_WORK_CLAIM));
	return true;
}

/* If HEAD has moved, the index has to follow: else what was committed would
 * look as if somebody had staged its reversal.  False: that cannot be told, or
 * done, now. */
static bool
finish(const struct tctl_work *work, const char *lock_path, char *claim)
{
	struct tctl_user_git call = tctl_work_git(work);
	struct tctl_error unused;
	char *commit = strchr(claim, '\n'), *next, *index;
	bool done;

	if (commit == NULL)
		return true;
	*commit++ = '\0';
	commit[strcspn(commit, "\n")] = '\0';
	next = tctl_xprintf("%s/next", claim);
	index = tctl_xprintf("%s/index", work->gitdir);
	if (access(next, F_OK) != 0)
		done = errno ==
		       ENOENT; /* it has followed; or is not ours to see */
	else if (tctl_user_git(&call, &unused, "merge-base", "--is-ancestor",
		     commit, "HEAD", NULL) == TCTL_OK)
		done = rename(next, index) == 0;
	else /* git says no, or that it knows no such commit */
		done = call.code == 1 || call.code == 128;
	if (done)
		(void)unlink(lock_path);
	free(next);
	free(index);
	return done;
}

void
tctl_work_recover(const struct tctl_work *work)
{
	char *path = tctl_xprintf("%s/index.lock", work->gitdir);
	char *pattern = tctl_xprintf("%s/taskctl-work.??????", work->gitdir);
	char *claim = NULL;
	glob_t left = { .gl_pathc = 0 };
	bool done = read_claim(path, &claim) &&
		    (claim == NULL || finish(work, path, claim));

	free(claim);
	/* Else the index that is to follow may be in one of them.  A path with
	 * a bracket in it finds less, never more. */
	if (done && glob(pattern, GLOB_NOSORT, NULL, &left) == 0)
		for (size_t i = 0; i < left.gl_pathc; i++)
			tctl_work_clear(left.gl_pathv[i]);
	globfree(&left);
	free(pattern);
	free(path);
}
