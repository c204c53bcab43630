/* floor: store - the memory SQLite works in, for a program with one thread. */
#ifndef TASKCTL_STORE_POOL_H
#define TASKCTL_STORE_POOL_H

/* Give SQLite a pool in place of malloc.  Before the first connection, and only
 * in a program that never starts a thread: the pool has no lock. */
void tctl_pool_use(void);

#endif
