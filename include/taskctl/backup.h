/* floor: work - the store as a file to keep, and back out of it
 * (docs/adr/0015-backup-and-restore.md). */
#ifndef TASKCTL_BACKUP_H
#define TASKCTL_BACKUP_H

#include "taskctl/work.h"

/* What a copy of a store holds. */
struct tctl_copy {
	char store[TCTL_STORE_ID_MAX];
	int64_t token; /* the newest that had been drawn */
	int64_t event; /* the newest */
	size_t events;
	size_t tasks;
};

struct tctl_backup {
	struct tctl_copy copy;
	int64_t bytes;
	bool replaced; /* an older backup was there */
};

/**
 * Write the store as it is at this moment to a file of its own: private, or the
 * group's where the store is, on disk, checked, and in its place at once.
 *
 * @param path where nothing is yet, or a backup that holds nothing which the
 *             store does not: its newest event is one of ours
 * @return     TCTL_OK; TCTL_EFAILED: something else is there, or it cannot be
 *             written; TCTL_ECORRUPT: the store fails its own checks
 *
 * Keeps no writer waiting.  Cost: O(bytes), twice.
 */
enum tctl_status tctl_backup(const struct tctl_coord *coord, const char *path,
    struct tctl_backup *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* What the copy in an open store holds. */
enum tctl_status tctl_copy_read(struct tctl_store *copy, struct tctl_copy *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
