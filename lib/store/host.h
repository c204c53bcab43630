/* floor: store - this machine: its clocks, its identity, its processes. */
#ifndef TASKCTL_STORE_HOST_H
#define TASKCTL_STORE_HOST_H

#include "taskctl/store.h"

/* Fill in the clock of this kernel: boot_ms, wall_ms, boot, machine. */
void tctl_host_now(struct tctl_now *out);

#endif
