/* signals.c - signals are heard between two transactions, never within. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "terminal.h"

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int others[] = { SIGTSTP, SIGWINCH, SIGCONT };
static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static volatile sig_atomic_t end, suspend, renew;
static sigset_t before, caught;
static void (*crash_hook)(void);

static void
note(int signo)
{
	if (signo == SIGTSTP)
		suspend = 1;
	else if (signo == SIGWINCH || signo == SIGCONT)
		renew = 1;
	else
		end = signo;
}

static void
crash(int signo)
{
	crash_hook();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void
handle(int signo, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler }, old;

	/* What our parent ignores, as nohup does, stays so. */
	if (sigaction(signo, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(signo, &action, NULL);
	if (handler == note)
		sigaddset(&caught, signo);
}

void
tctl_top_signals_catch(void (*before_death)(void))
{
	crash_hook = before_death;
	sigemptyset(&caught);
	for (size_t i = 0; i < TCTL_COUNT(ending); i++)
		handle(ending[i], note);
	for (size_t i = 0; i < TCTL_COUNT(others); i++)
		handle(others[i], note);
	for (size_t i = 0; i < TCTL_COUNT(crashes); i++)
		handle(crashes[i], crash);
	sigprocmask(SIG_BLOCK, &caught, &before);
}

void
tctl_top_signals_release(void)
{
	for (int signo = 1; signo < NSIG; signo++)
		if (sigismember(&caught, signo) == 1)
			signal(signo, SIG_DFL);
	for (size_t i = 0; i < TCTL_COUNT(crashes); i++)
		signal(crashes[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

struct tctl_top_signals
tctl_top_signals_wait(int timeout_ms)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec timeout = { .tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L };
	struct tctl_top_signals out = { .end = 0 };
	sigset_t mask = before;

	for (int signo = 1; signo < NSIG; signo++)
		if (sigismember(&caught, signo) == 1)
			sigdelset(&mask, signo);
	if (ppoll(&input, 1, &timeout, &mask) > 0) {
		out.input = (input.revents & POLLIN) != 0;
		out.gone =
		    (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
	}
	out.end = end;
	out.suspend = suspend != 0;
	out.renew = renew != 0;
	suspend = renew = 0;
	return out;
}

void
tctl_top_signals_stop(void)
{
	sigset_t stop;

	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP); /* blocked: it comes with the next line */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	handle(SIGTSTP, note);
}
