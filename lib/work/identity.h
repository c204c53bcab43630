/* floor: work - who the store is, and how its clock compares with now. */
#ifndef TASKCTL_WORK_IDENTITY_H
#define TASKCTL_WORK_IDENTITY_H

#include "lease_row.h"

/* The row of the table store, and how its clock compares with now. */
struct tctl_identity {
	bool found;
	char id[40];
	int64_t token;
	int64_t event;
	char boot[40];
	int64_t clock_boot;
	char machine[40];
	int64_t inode;
	bool wants_judging; /* some live lease may have ended */
	bool many_plans;
	int64_t floor_ms;
};

/* One that is not was damaged: what it gave next might have been given before.
 */
bool tctl_counters_are_sound(int64_t token, int64_t event);

/* Read the row; TCTL_ECORRUPT: there is none, or its counters are not sound. */
enum tctl_status tctl_identity_read(struct tctl_store *store,
    const struct tctl_now *now, struct tctl_identity *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

void tctl_identity_compare(const struct tctl_identity *row,
    const struct tctl_now *now, struct tctl_clock *out);

/* Another file, or the same one on another kernel.  One boot is one kernel,
 * whatever machine id a container goes by. */
bool tctl_identity_is_copy(
    const struct tctl_identity *row, const struct tctl_now *now);

#endif
