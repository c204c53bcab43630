/* floor: store - this machine: its clocks, its identity, its processes. */
#ifndef TASKCTL_STORE_HOST_H
#define TASKCTL_STORE_HOST_H

#include "taskctl/store.h"

/* Fill in the clock of this kernel: boot_ms, wall_ms, boot, machine (the last
 * two "" where there are none).  TCTL_EFAILED: they cannot be read. */
enum tctl_status tctl_host_now(
    struct tctl_now *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The inode of our pid namespace, within which pids compare; 0: who knows. */
int64_t tctl_host_pid_space(void);

/* Is the holder of what we could not have a process that is stopped?  Then it
 * is TCTL_EBUSY, and who that is; pid 0: no. */
bool tctl_fail_stopped(struct tctl_error *err, int64_t pid, const char *what);

#endif
