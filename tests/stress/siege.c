/* siege.c - a command is killed, or stopped, at each of its system calls from
 * the first for the queue on, while another one wants the store.
 *
 * siege HOW WHERE EVERY QUEUE COMMAND BACK
 *
 * HOW    stop: it is really stopped (SIGSTOP), after the call;
 *        kill: it dies (SIGKILL), before the call
 * WHERE  free: nobody else is in the queue; next: it has to wait for byte 1,
 *        line: for byte 0, of one who leaves once it is stopped or dead
 * EVERY  visits the first call and every so manieth, from a random one on
 * BACK   commands, with ";" between them, after which COMMAND can be asked
 * again
 *
 * What must hold: while it holds a byte of the queue the other is refused with
 * 9, told its pid and that it is stopped, and has changed nothing; while it
 * holds none, or is dead, the other gets what it wants, at once.  Then, going
 * on or asked again, COMMAND succeeds.  The bytes are looked at from here. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 16, TEXT = 4096, IN_LINE = 16 };

static const char *queue, *command, *back;
static bool stops;
static char where;
static pid_t victim;
static const char *const rival = "--wait 0s claim 1.2 --agent rival";

static void
die(const char *what, int step, const char *said)
{
	fprintf(stderr, "siege: %s, at call %d of \"%s\" (%s)\n%s\n", what,
	    step, command, stops ? "stopped" : "killed", said);
	if (victim > 0)
		kill(victim, SIGKILL);
	exit(1);
}

/* Become taskctl with these words. */
static void
become(const char *words)
{
	char *text = strdup(words), *argv[WORDS + 1] = { "taskctl" };
	int n = 1;

	for (char *word = strtok(text, " "); word != NULL && n < WORDS;
	     word = strtok(NULL, " "))
		argv[n++] = word;
	execvp(argv[0], argv);
	_exit(127);
}

/* Ask taskctl; its exit code, and all that it says in said. */
static int
ask(const char *words, char said[TEXT])
{
	int out[2], status;
	size_t length = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		dup2(out[1], 1);
		dup2(out[1], 2);
		become(words);
	}
	close(out[1]);
	while ((n = read(out[0], said + length, TEXT - 1 - length)) > 0)
		length += (size_t)n;
	said[length] = '\0';
	close(out[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
must(const char *words, int step)
{
	char said[TEXT];

	if (ask(words, said) != 0)
		die(words, step, said);
}

static void
go_back(int step)
{
	char *text = strdup(back), *rest = text, *one;

	while ((one = strsep(&rest, ";")) != NULL)
		must(one, step);
	free(text);
}

/* --- the queue, seen from outside ------------------------------------------
 */

static int
byte_lock(int fd, int how, short type, off_t byte)
{
	struct flock lock = { .l_type = type, .l_start = byte, .l_len = 1 };

	if (fcntl(fd, how, &lock) != 0)
		exit(2);
	return lock.l_type != F_UNLCK;
}

static bool
is_held(void)
{
	int fd = open(queue, O_RDWR | O_CLOEXEC);
	bool held = byte_lock(fd, F_OFD_GETLK, F_WRLCK, 0) ||
		    byte_lock(fd, F_OFD_GETLK, F_WRLCK, 1);

	close(fd);
	return held;
}

/* What it finds there: somebody who works, and one more who is next. */
static int
occupy(void)
{
	int fd = -1;

	if (where != 'f') {
		fd = open(queue, O_RDWR | O_CLOEXEC);
		byte_lock(fd, F_OFD_SETLK, F_WRLCK, 1);
		if (where == 'l')
			byte_lock(fd, F_OFD_SETLK, F_WRLCK, 0);
	}
	return fd;
}

/* --- the victim ------------------------------------------------------------
 */

static pid_t
start(void)
{
	int status, null;
	pid_t pid = fork();

	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 1);
		dup2(null, 2);
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* stopped or not */
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		become(command);
	}
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	return pid;
}

/* Is it a lock of the queue that it is about to ask for? */
static bool
asks_for_lock(pid_t pid)
{
	struct __ptrace_syscall_info call;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(call), &call) > 0 &&
	       call.entry.nr == SYS_fcntl &&
	       (call.entry.args[1] == F_OFD_SETLK ||
		   call.entry.args[1] == F_OFD_SETLKW);
}

/* Let it go on until it enters its so manieth call, the first being that for
 * byte 0: true; or until its end. */
static bool
reach(pid_t pid, int step)
{
	bool entering = false;
	int status, sig = 0, calls = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)sig) != 0)
			exit(1);
		waitpid(pid, &status, 0);
		if (!WIFSTOPPED(status))
			return false;
		sig = WSTOPSIG(status);
		if (sig == (SIGTRAP | 0x80)) {
			entering = !entering;
			if (entering && (calls > 0 || asks_for_lock(pid)) &&
			    ++calls == step)
				return true;
		}
		if ((sig & 0x7f) == SIGTRAP)
			sig = 0;
	}
}

/* Stopped, or dead and buried. */
static void
strike(pid_t pid)
{
	int status;

	kill(pid, stops ? SIGSTOP : SIGKILL);
	if (stops)
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
	waitpid(pid, &status, WUNTRACED);
}

static void
expect_refusal(pid_t pid, int step, const char *said)
{
	char name[40];

	snprintf(name, sizeof(name), "process %d holds", (int)pid);
	if (strstr(said, name) == NULL || strstr(said, "is stopped") == NULL)
		die("who is stopped is not named", step, said);
}

/* One attack; does the command hold the queue there?  -1: it ends before. */
static int
attack(int step)
{
	int status, held, fd = occupy(), got;
	pid_t pid = victim = start();
	char said[TEXT];

	if (!reach(pid, step)) {
		close(fd);
		go_back(step);
		return -1;
	}
	strike(pid);
	if (fd >= 0)
		close(fd);
	held = is_held();
	if (held && !stops)
		die("the dead hold the queue", step, "");
	got = ask(rival, said);
	if (got != (held ? 9 : 0))
		die("the other one fares wrongly", step, said);
	if (held)
		expect_refusal(pid, step, said);
	else
		must("release 1.2 --agent rival", step);
	if (stops) {
		kill(pid, SIGCONT);
		waitpid(pid, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			die("it did not go on", step, "");
	} else {
		must(command, step);
	}
	go_back(step);
	return held;
}

int
main(int argc, char *argv[])
{
	int every = argc == 7 ? atoi(argv[3]) : 0, visits[2] = { 0, 0 }, held;

	if (every < 1)
		return 64;
	stops = argv[1][0] == 's';
	where = argv[2][0];
	queue = argv[4];
	command = argv[5];
	back = argv[6];
	srand((unsigned)time(NULL) ^ (unsigned)getpid());
	/* One that has to wait asks for the lock again and again. */
	for (int step = 1;
	     (where == 'f' || step <= IN_LINE) && (held = attack(step)) >= 0;
	     step += step == 1 ? 1 + rand() % every : every)
		visits[held]++;
	printf("%d %d\n", visits[1], visits[0]);
	return 0;
}
