/* floor: store - is a process alive?  Proof of life and of death. */
#ifndef TASKCTL_PROCESS_H
#define TASKCTL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* A process, so that another one with its pid is not taken for it. */
struct tctl_process {
	int64_t pid;   /* the thread group's id */
	int64_t start; /* clock ticks since boot, initial time namespace */
	int64_t space; /* inode of its pid namespace, as seen from here */
};

enum tctl_life {
	TCTL_ALIVE,   /* there, same start time, a thread of it runs */
	TCTL_DEAD,    /* proven: no such process, another start, a zombie */
	TCTL_UNKNOWN, /* another namespace, or /proc does not tell */
};

/**
 * Look at a process.  Gone is only what kill(2) calls ESRCH in the same pid
 * namespace, or another start time, or a zombie; a missing /proc entry proves
 * nothing (hidepid).  The caller has compared host and boot.
 */
enum tctl_life tctl_process_life(const struct tctl_process *process);

/* Describe a living process of this namespace; pid may be a thread's.
 * Returns 0, or -1: no such process, or /proc does not show it. */
int tctl_process_describe(int64_t pid, struct tctl_process *out);

/* The state letter of /proc/PID/stat (R S D T Z …), or 0 if it cannot be
 * read: so that a time-out can say that the holder of a lock is stopped. */
char tctl_process_state(int64_t pid);

/* Is that the state of one that is stopped, by a signal or a debugger? */
bool tctl_process_is_stopped(char state);

/* Who has locked this byte of a file to write, by fcntl(2): a process of this
 * namespace that we may look into (proc(5), fdinfo), or 0.  It looks at every
 * open file of all: for a time-out only. */
int64_t tctl_process_locking(const struct stat *file, off_t byte);

#endif
