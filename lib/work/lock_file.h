/* floor: work - the old scripts' lock files, kept beside the leases.
 *
 * With lock_files on, .tasks/locks/TASK.lock holds what agent_start.sh wrote,
 * so that an old script sees a task as taken, and its own locks are respected.
 * The files follow the store, never the other way round.  What takes a change
 * is for use inside of it, and does nothing where lock_files is off. */
#ifndef TASKCTL_WORK_LOCK_FILE_H
#define TASKCTL_WORK_LOCK_FILE_H

#include "change.h"

struct tctl_lock_name {
	const char *path;
	int64_t token; /* 0: it stays */
};

/**
 * Take the file for a lease that this change grants, before it commits.
 *
 * Written whole under another name (0444: what stopped every unprivileged old
 * script) and linked into place, so it is there or not.  A file of ours whose
 * lease has ended is replaced, and so is one that a power cut has left empty:
 * nobody waits for the disk here.
 *
 * @return TCTL_OK, or TCTL_ETAKEN: an old script holds the task; err says who
 */
enum tctl_status tctl_lock_file_take(struct tctl_change *change,
    const char *key, const struct tctl_lease_row *lease,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Replace the file of a lease that goes on.  *overwritten is set to who stands
 * in it where an old script has overwritten it; else NULL. */
void tctl_lock_file_refresh(struct tctl_change *change, const char *key,
    const struct tctl_lease_row *lease, const char **overwritten);

/* The lease ends with this change: unlink its file once that is committed. */
void tctl_lock_file_release(
    struct tctl_change *change, const char *key, int64_t token);

/* Files of ours without a live lease (a process died between the file and the
 * commit, or between the commit and the unlinking) go with this change. */
enum tctl_status tctl_lock_files_reap(
    struct tctl_change *change, struct tctl_error *err) TCTL_MUST_CHECK;

/* After the commit: unlink what was released, if it is still ours.  change is
 * a struct tctl_change. */
void tctl_lock_files_drop(void *change);

/* Who an old script's lock says holds the task: NULL, none. */
const char *tctl_lock_file_owner(
    const struct tctl_coord *coord, struct tctl_arena *arena, const char *key);

/* Where a task's lock file is, kept in arena. */
const char *tctl_lock_file_path(
    const struct tctl_coord *coord, struct tctl_arena *arena, const char *key);

/* *live 1: it is that of a live lease, by its name; else 0. */
enum tctl_status tctl_lock_file_is_held(const struct tctl_coord *coord,
    struct tctl_arena *arena, const char *path, size_t *live,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What a lock file says: false, there is none; *token is 0 where an old script
 * wrote it, and below 0 where the power was cut before ours was on disk; *agent
 * is who stands in it. */
bool tctl_lock_file_look(struct tctl_arena *arena, const char *path,
    int64_t *token, const char **agent);

#endif
