/* floor: store - writers wait in line, in the order in which they came. */
#ifndef TASKCTL_STORE_TURNSTILE_H
#define TASKCTL_STORE_TURNSTILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "taskctl/error.h"

struct tctl_turnstile {
	const char *path; /* of the lock file; kept */
	mode_t mode;	  /* the store's, should the file have to be made */
	int fd;		  /* -1: not open */
	dev_t dev;	  /* of the file that is open: was it replaced? */
	ino_t ino;
	sigset_t before; /* the signal mask to restore */
};

/**
 * Wait for the turn.
 *
 * Between this and tctl_turnstile_leave the process must not fork, print, or
 * touch a file outside .tasks/; the signals of job control are blocked, so
 * that ^Z does not stop a holder.
 *
 * @param deadline_ms BOOTTIME, CLOCK_BOOTTIME as this process sees it
 * @return TCTL_OK; TCTL_EBUSY: not in time, err names who holds it and says if
 *         it is stopped; TCTL_EFAILED: the lock file cannot be opened
 */
enum tctl_status tctl_turnstile_enter(struct tctl_turnstile *turn,
    int64_t deadline_ms, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_turnstile_leave(struct tctl_turnstile *turn);

/* Give back what is open. */
void tctl_turnstile_close(struct tctl_turnstile *turn);

/* Who holds the queue's working byte: false, there is no such file. */
struct tctl_queue_holder;
bool tctl_turnstile_look(const char *path, struct tctl_queue_holder *out);

#endif
