/* trace.c - run a command under ptrace, and do something at its Nth system
 * call: kill it before or after the call, or let the call fail.  Static
 * programs are followed as well as others, and nothing is built into them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"

enum { LIMIT_S = 20, PENDING_MAX = 16, SAID_MAX = 1 << 20 };

/* What is under way. */
struct trace {
	const struct faults_run *run;
	struct faults_outcome *out;
	pid_t child;
	bool started; /* the command has been executed: from there we count */
	bool over;    /* the kill is done */
	struct faults_call pending[PENDING_MAX]; /* changed; pid 0: free */
	struct faults_call last;		 /* entered, for the watcher */
};

static int out_fd = -1, err_fd = -1;
static volatile sig_atomic_t too_late;

static void
on_alarm(int signo)
{
	(void)signo;
	too_late = 1;
}

static long
trace_call(enum __ptrace_request request, pid_t pid, uintptr_t addr, void *data)
{
	return ptrace(request, pid, (void *)addr, data);
}

/* --- registers: the one thing that differs between machines --------- */

#ifdef __x86_64__
/* Change a call that is being entered, so that it is not made (number -1), asks
 * for something harmless, or for half. */
static void
change_call(const struct faults_call *call, enum faults_what what)
{
	struct user_regs_struct regs;

	trace_call(PTRACE_GETREGS, call->pid, 0, &regs);
	if (what == FAULTS_SHORT)
		regs.rdx /= 2;
	else if (call->nr == SYS_brk)
		regs.rdi = 0; /* it answers with the end as it is, no error */
	else
		regs.orig_rax = (unsigned long long)-1;
	trace_call(PTRACE_SETREGS, call->pid, 0, &regs);
}

/* What a call that was changed leaves: its arguments are the caller's again. */
static void
end_call(const struct faults_call *call, enum faults_what what, int error)
{
	struct user_regs_struct regs;

	trace_call(PTRACE_GETREGS, call->pid, 0, &regs);
	regs.rdi = call->arg[0];
	regs.rdx = call->arg[2];
	if (what != FAULTS_SHORT && call->nr != SYS_brk)
		regs.rax = (unsigned long long)-error;
	trace_call(PTRACE_SETREGS, call->pid, 0, &regs);
}
#else
#error "how system calls are changed is known for x86-64 only"
#endif

/* --- one stop ------------------------------------------------------- */

static void
kill_all(struct trace *trace)
{
	trace->over = true;
	kill(trace->child, SIGKILL);
}

static bool
is_answer(const struct faults_call *call)
{
	return call->nr == SYS_write && call->arg[0] <= 2;
}

static bool
fails_with(const struct faults_call *call, int error)
{
	int one;

	for (size_t i = 0; faults_can_fail(call, i, &one); i++)
		if (one == error)
			return true;
	return false;
}

static void
fail_call(struct trace *trace, const struct faults_call *call)
{
	size_t i = 0;

	while (i < PENDING_MAX && trace->pending[i].pid != 0)
		i++;
	if (i == PENDING_MAX)
		FAULTS_DIE();
	trace->pending[i] = *call;
	change_call(call, trace->run->fault.what);
}

/* On the way out of a call: was it one that we have changed? */
static bool
was_changed(struct trace *trace, pid_t pid)
{
	const struct faults_fault *fault = &trace->run->fault;

	for (size_t i = 0; i < PENDING_MAX; i++)
		if (trace->pending[i].pid == pid) {
			end_call(&trace->pending[i], fault->what, fault->error);
			trace->pending[i].pid = 0;
			return true;
		}
	return false;
}

/* Of a lock: what it asks for, which stands behind a pointer. */
static uint64_t
lock_type(const struct faults_call *call)
{
	long word = 0;

	if (call->arg[1] == F_SETLK || call->arg[1] == F_OFD_SETLK ||
	    call->arg[1] == F_OFD_SETLKW)
		word = ptrace(PTRACE_PEEKDATA, call->pid,
		    (void *)(uintptr_t)call->arg[2], NULL);
	return (uint64_t)word & 0xffff;
}

static void
entered(struct trace *trace, struct faults_call *call)
{
	const struct faults_fault *fault = &trace->run->fault;
	struct faults_outcome *out = trace->out;

	if (call->nr == SYS_fcntl)
		call->arg[5] = lock_type(call);
	trace->last = *call;
	out->calls++;
	if (fault->what == FAULTS_ERROR_ON && out->calls > fault->at &&
	    !is_answer(call) && fails_with(call, fault->error)) {
		fail_call(trace, call);
		return;
	}
	if (out->calls != fault->at)
		return;
	out->nr = call->nr;
	out->fd = call->arg[0];
	if (fault->what == FAULTS_NOTHING)
		return;
	/* Where times differ calls do too, and this one may have no way to. */
	if ((fault->what == FAULTS_ERROR || fault->what == FAULTS_ERROR_ON) &&
	    !fails_with(call, fault->error))
		return;
	out->reached = true;
	if (fault->what == FAULTS_KILL_BEFORE)
		kill_all(trace);
	else if (fault->what != FAULTS_KILL_AFTER)
		fail_call(trace, call);
}

static void
left(struct trace *trace, pid_t pid, int64_t result)
{
	const struct faults_fault *fault = &trace->run->fault;

	if (!was_changed(trace, pid) && trace->run->watch != NULL &&
	    trace->out->calls > 0) {
		trace->last.result = result;
		trace->run->watch(trace->run->into, &trace->last);
	}
	if (fault->what == FAULTS_KILL_AFTER && trace->out->calls >= fault->at)
		kill_all(trace);
}

static void
at_call(struct trace *trace, pid_t pid)
{
	struct __ptrace_syscall_info info;
	struct faults_call call = { .pid = pid };

	if (trace_call(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		call.nr = info.entry.nr;
		for (size_t i = 0; i < 6; i++)
			call.arg[i] = info.entry.args[i];
		entered(trace, &call);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		left(trace, pid, info.exit.rval);
	}
}

/* Who has come to us, since nobody else waits for them. */
static void
kill_children(void)
{
	char *list = faults_slurp("/proc/thread-self/children", NULL);

	for (char *at = list, *end; at != NULL; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		kill((pid_t)pid, SIGKILL);
	}
	free(list);
}

/* A stopped process goes on; which signal it is to see. */
static int
look(struct trace *trace, pid_t pid, int status)
{
	int signo = WSTOPSIG(status);

	/* The others of a family die where they next stop. */
	if (trace->over && trace->run->fault.whole)
		kill(pid, SIGKILL);
	if (signo == (SIGTRAP | 0x80)) {
		if (trace->started && !trace->over)
			at_call(trace, pid);
		return 0;
	}
	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		trace->started = true;
	if (status >> 16 != 0 || signo == SIGSTOP)
		return 0;
	return signo;
}

/* --- the whole run -------------------------------------------------- */

static void
begin_child(const struct faults_run *run)
{
	setpgid(0, 0);
	dup2(out_fd, STDOUT_FILENO);
	dup2(err_fd, STDERR_FILENO);
	if (run->fault.what != FAULTS_NOTHING || run->watch != NULL) {
		trace_call(PTRACE_TRACEME, 0, 0, NULL);
		raise(SIGSTOP);
	}
	execvp(run->argv[0], run->argv);
	_exit(127);
}

static void
set_options(const struct trace *trace)
{
	uintptr_t options =
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC;

	if (trace->run->fault.whole)
		options |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			   PTRACE_O_TRACECLONE;
	trace_call(PTRACE_SETOPTIONS, trace->child, 0, (void *)options);
}

/* Until nobody is left: children of the command come to us (subreaper). */
static void
follow(struct trace *trace)
{
	bool first = true;
	int status;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR && too_late) {
			trace->out->hung = true;
			too_late = 0;
			kill_children();
			continue;
		}
		if (pid < 0 && errno != EINTR)
			return;
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			if (pid == trace->child && first)
				set_options(trace);
			first = false;
			trace_call(PTRACE_SYSCALL, pid, 0,
			    (void *)(intptr_t)look(trace, pid, status));
		} else if (pid == trace->child) {
			trace->out->code = WIFEXITED(status)
					       ? WEXITSTATUS(status)
					       : -WTERMSIG(status);
		}
	}
}

static int
scratch(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		FAULTS_DIE();
	return fd;
}

static const char *
said(int fd, char **text)
{
	ssize_t n;

	*text = faults_alloc(*text, SAID_MAX);
	n = pread(fd, *text, SAID_MAX - 1, 0);
	(*text)[n < 0 ? 0 : n] = '\0';
	return *text;
}

static void
empty(int *fd, const char *name)
{
	if (*fd < 0)
		*fd = scratch(name);
	if (ftruncate(*fd, 0) != 0)
		FAULTS_DIE();
	lseek(*fd, 0, SEEK_SET);
}

void
faults_run(const struct faults_run *run, struct faults_outcome *out)
{
	static char *out_text, *err_text;
	const struct itimerval limit = { { 1, 0 }, { LIMIT_S, 0 } };
	const struct itimerval off = { { 0, 0 }, { 0, 0 } };
	struct sigaction act = { .sa_handler = on_alarm };
	struct trace trace = { .run = run, .out = out };

	memset(out, 0, sizeof(*out));
	empty(&out_fd, "out");
	empty(&err_fd, "err");
	sigaction(SIGALRM, &act, NULL);
	trace.child = fork();
	if (trace.child == 0)
		begin_child(run);
	too_late = 0;
	setitimer(ITIMER_REAL, &limit, NULL);
	follow(&trace);
	setitimer(ITIMER_REAL, &off, NULL);
	out->out = said(out_fd, &out_text);
	out->err = said(err_fd, &err_text);
}
