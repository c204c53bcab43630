/* holder.c - take the store's queue as taskctl does, and keep it.
 *
 * holder QUEUE            takes its turn, prints "held", gives it back when
 *                         told so (SIGUSR1), prints "left"
 * holder --fork QUEUE     the same, but the turn is its child's, who lives on:
 *                         taken by a caller that forks, and is gone
 * holder --alarm ARG...   runs a command with SIGALRM blocked and pending
 * holder --ignore ARG...  runs a command with SIGALRM ignored */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/store/turnstile.h"

static volatile sig_atomic_t told;

static void
on_usr1(int signo)
{
	(void)signo;
	told = 1;
}

static int
hold(const char *path, bool forks)
{
	struct tctl_turnstile turn = { .path = path, .mode = 0600, .fd = -1 };
	struct tctl_error err = { .status = TCTL_OK };

	signal(SIGUSR1, on_usr1);
	if (tctl_turnstile_enter(&turn, tctl_clock_ms() + 60000, &err) !=
	    TCTL_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	if (forks && fork() != 0)
		_exit(0);
	printf("held %d\n", (int)getpid());
	fflush(stdout);
	while (!told)
		usleep(5000);
	tctl_turnstile_leave(&turn);
	puts("left");
	tctl_turnstile_close(&turn);
	return 0;
}

int
main(int argc, char *argv[])
{
	sigset_t alarm;

	if (argc == 2)
		return hold(argv[1], false);
	if (argc < 3)
		return 64;
	if (strcmp(argv[1], "--fork") == 0)
		return hold(argv[2], true);
	if (strcmp(argv[1], "--ignore") == 0) {
		signal(SIGALRM, SIG_IGN);
	} else {
		sigemptyset(&alarm);
		sigaddset(&alarm, SIGALRM);
		sigprocmask(SIG_BLOCK, &alarm, NULL);
		raise(SIGALRM);
	}
	execvp(argv[2], argv + 2);
	return 127;
}
