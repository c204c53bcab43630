/* floor: work - the store as a file to keep, and back out of it
 * (docs/adr/0015-backup-and-restore.md). */
#ifndef TASKCTL_BACKUP_H
#define TASKCTL_BACKUP_H

#include "taskctl/replay.h"

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

/* Whether a path leads to the store itself, which is no copy of it. */
bool tctl_copy_is_store(const struct tctl_place *place, const char *path);

/* The greatest numbers that are known to have been drawn.  Where nobody can
 * say, the time stands in: more than any store has drawn by then, and more each
 * time (tctl_drawn_by_now). */
struct tctl_drawn {
	int64_t token;
	int64_t event;
};
struct tctl_drawn tctl_drawn_by_now(int64_t wall_ms);

/* Of each the greater. */
struct tctl_drawn tctl_drawn_most(struct tctl_drawn a, struct tctl_drawn b);

/**
 * Make a copy the store that goes on from it: with an id of its own, tokens and
 * events from 2^32 above all that are known on, no lease, and an event that
 * says so.  One transaction.
 *
 * @param copy  its store is open to be changed, and nobody else's
 * @param why   NULL, or what the event says
 * @param from  where the copy was, for the event
 * @param inode of the file that it will be in; 0: the one that it is in
 * @param out   owned (tctl_restored_release); its ended is left as it is
 */
enum tctl_status tctl_copy_revive(const struct tctl_coord *copy,
    const struct tctl_caller *who, const char *why, const char *from,
    const struct tctl_drawn *drawn, int64_t inode, struct tctl_restored *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Replace all that a store holds by a copy, which is revived for it, in the
 * store's turn: nobody writes between what was read and what is put there.
 *
 * @param coord  the store, open to be changed
 * @param force  end the leases that live, on record, with why as the reason
 * @param copy   as above
 * @param drawn  what is known of elsewhere; what the store has drawn is added
 * @param kept   a file that is made to hold what was replaced
 * @return       TCTL_OK; TCTL_ETAKEN: leases live, err says whose, and nothing
 *               was changed; TCTL_ECORRUPT: the store cannot say what it has
 *
 * Dying on the way leaves the store as it was, or its leases ended, or all
 * done.
 */
enum tctl_status tctl_store_replace(const struct tctl_coord *coord,
    const struct tctl_caller *who, bool force, const char *why,
    const char *from, const struct tctl_coord *copy,
    const struct tctl_drawn *drawn, const char *kept, struct tctl_restored *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Copy the store into a new file, private or the group's as the store is. */
enum tctl_status tctl_copy_write(const struct tctl_coord *coord,
    const char *path, struct tctl_error *err) TCTL_MUST_CHECK;

/* What the copy in an open store holds. */
enum tctl_status tctl_copy_read(struct tctl_store *copy, struct tctl_copy *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
