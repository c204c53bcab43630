/* work_move.c - HEAD moves, and the index that all share with it.
 *
 * index.lock is held while this happens and no longer: whatever takes time has
 * been done before, beside it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "../taskctl/file_replace.h"
#include "work.h"

enum { PAUSE_MS = 20 };

/* What index.lock says while it is ours: tctl_work_recover reads it. */
static enum tctl_status
write_claim(
    const struct tctl_work *work, const char *path, struct tctl_error *err)
{
	const char *text = tctl_arena_printf(work->arena, "%s%s\n%s\n",
	    TCTL_WORK_CLAIM, work->folder, work->commit);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok = fd >= 0 && tctl_write_all(fd, text, strlen(text)) &&
		  fdatasync(fd) == 0;

	if (!ok)
		tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s", path,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok ? TCTL_OK : TCTL_EFAILED;
}

/* Be patient with whoever holds index.lock: git itself gives up at once.  A
 * link, so that there is no moment in which it is ours and does not say so. */
static enum tctl_status
lock(const struct tctl_work *work, const char *path, struct tctl_error *err)
{
	int64_t deadline_ms = tctl_clock_ms() + work->ctx->config.wait_ms;
	const char *claim =
	    tctl_arena_printf(work->arena, "%s/claim", work->folder);
	enum tctl_status status = write_claim(work, claim, err);

	if (status != TCTL_OK)
		return status;
	while (link(claim, path) != 0) {
		long pause_ms = 1 + (long)arc4random_uniform(PAUSE_MS);

		if (errno != EEXIST)
			return tctl_fail(err, TCTL_EFAILED,
			    "cannot make %s: %s", path, strerror(errno));
		if (tctl_clock_ms() >= deadline_ms) {
			tctl_fail(err, TCTL_EBUSY,
			    "another git program holds %s", path);
			return tctl_hint(err,
			    "if no git program runs there, a crash has left "
			    "the file behind");
		}
		nanosleep(
		    &(struct timespec){ .tv_nsec = pause_ms * 1000000 }, NULL);
	}
	return TCTL_OK;
}

/* The shared index with our paths as in the commit, beside it. */
static enum tctl_status
build_next(
    const struct tctl_work *work, const char *next, struct tctl_error *err)
{
	const char *const with[] = {
		tctl_arena_printf(work->arena, "GIT_INDEX_FILE=%s", next), NULL
	};
	const struct tctl_work_paths *changed = &work->changed;
	struct tctl_user_git call = tctl_work_git(work), again = call;
	struct tctl_error unused;
	char *lines = NULL;
	enum tctl_status status = tctl_work_copy_index(work, next, err);
	FILE *memory = open_memstream(&lines, &call.in_length);

	if (memory == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < changed->count; i++) {
		const struct tctl_work_path *path = &changed->at[i];
		bool is_deleted = strspn(path->mode, "0") == strlen(path->mode);

		fprintf(memory, "%s %s\t%s%c", is_deleted ? "0" : path->mode,
		    path->id, path->name, '\0');
	}
	if (fclose(memory) != 0)
		tctl_die_nomem();
	call.in = lines;
	call.with = again.with = with;
	if (status == TCTL_OK)
		status = tctl_user_git(
		    &call, err, "update-index", "-z", "--index-info", NULL);
	free(lines);
	/* Note the files' times, so that nobody has to read them to see that
	 * they are as committed; it fails where somebody has gone on. */
	if (status == TCTL_OK &&
	    tctl_user_git(&again, &unused, "update-index", "-q", "--refresh",
		NULL) != TCTL_OK &&
	    again.code > 1)
		status = tctl_fail(err, TCTL_EFAILED, "%s", unused.text);
	return status;
}

static enum tctl_status
update_ref(const struct tctl_work *work, bool *moved, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_work_git(work);
	char *none = tctl_arena_strdup(work->arena, work->commit);
	const char *head, *branch;
	struct tctl_error unused;
	enum tctl_status status;

	memset(none, '0', strlen(none)); /* "there is none yet" */
	status = tctl_user_git(&call, err, "-c",
	    tctl_arena_printf(work->arena, "core.filesRefLockTimeout=%lld",
		(long long)work->ctx->config.wait_ms),
	    "update-ref", "-m",
	    tctl_arena_printf(work->arena, "commit%s: %.*s",
		work->head == NULL ? " (initial)" : "",
		(int)strcspn(work->message, "\n"), work->message),
	    "HEAD", work->commit, work->head != NULL ? work->head : none, NULL);
	if (call.code == 0) /* what it said does not matter */
		return TCTL_OK;
	if (tctl_work_read_head(work, &head, &branch, &unused) != TCTL_OK)
		return status;
	*moved = head != NULL &&
		 (work->head == NULL || strcmp(head, work->head) != 0);
	return *moved ? tctl_fail(err, TCTL_EBUSY,
			    "others go on committing in %s", work->top)
		      : status;
}

/* HEAD has moved, and the index has not: that would look as if somebody had
 * staged the reversal.  So index.lock stays, as after a death in this moment.
 */
static enum tctl_status
leave_open(struct tctl_work *work, const char *index, struct tctl_error *err)
{
	tctl_fail(err, TCTL_EFAILED,
	    "committed as %s, but %s cannot be replaced: %s", work->commit,
	    index, strerror(errno));
	work->folder = NULL;
	return tctl_hint(err,
	    "index.lock stays until the next taskctl commit of a task there "
	    "has put that right");
}

/* With index.lock: nobody who asks git changes index, HEAD or the files now. */
static enum tctl_status
move_locked(struct tctl_work *work, const char *lock_path, bool *moved,
    struct tctl_error *err)
{
	const char *next =
	    tctl_arena_printf(work->arena, "%s/next", work->folder);
	const char *index =
	    tctl_arena_printf(work->arena, "%s/index", work->gitdir);
	const char *head, *branch;
	enum tctl_status status = tctl_work_idle(work, err);

	if (status == TCTL_OK)
		status = tctl_work_read_head(work, &head, &branch, err);
	if (status == TCTL_OK &&
	    (strcmp(branch, work->branch) != 0 ||
		(head == NULL) != (work->head == NULL) ||
		(head != NULL && strcmp(head, work->head) != 0))) {
		*moved = true;
		status = tctl_fail(err, TCTL_EBUSY,
		    "others go on committing in %s", work->top);
	}
	if (status == TCTL_OK)
		status = build_next(work, next, err);
	/* As late as can be: the hooks may have taken longer than the lease. */
	if (status == TCTL_OK)
		status = tctl_work_admit(work, err);
	if (status == TCTL_OK)
		status = update_ref(work, moved, err);
	if (status == TCTL_OK && rename(next, index) != 0)
		return leave_open(work, index, err);
	(void)unlink(lock_path);
	return status;
}

enum tctl_status
tctl_work_move(struct tctl_work *work, bool *moved, struct tctl_error *err)
{
	const char *path =
	    tctl_arena_printf(work->arena, "%s/index.lock", work->gitdir);
	sigset_t ends, before;
	enum tctl_status status;

	*moved = false;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	status = lock(work, path, err);
	if (status != TCTL_OK)
		return status;
	sigprocmask(SIG_BLOCK, &ends, &before);
	status = move_locked(work, path, moved, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
