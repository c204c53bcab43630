/* race.c - start N processes at the same moment, round after round, and print
 * how each ended.
 *
 * race N ROUNDS COMMAND ARG...: in each ARG "%" is the process (1 to N), "@"
 * the round; {D} is a folder of worktrees' names, if $RACE_DIR is set: process
 * n then runs in $RACE_DIR/n.  One line a round: the exit codes, in order of
 * process. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64, ARGS = 32, TEXT = 256 };

static void
fill(char *out, const char *from, int process, int round)
{
	size_t used = 0;

	for (; *from != '\0' && used < TEXT - 12; from++) {
		if (*from == '%')
			used += (size_t)snprintf(
			    out + used, TEXT - used, "%d", process);
		else if (*from == '@')
			used += (size_t)snprintf(
			    out + used, TEXT - used, "%d", round);
		else
			out[used++] = *from;
	}
	out[used] = '\0';
}

static void
runner(int gate, char *arg[], int count, int process, int round)
{
	static char text[ARGS][TEXT];
	char *argv[ARGS + 1], folder[TEXT + 16];
	const char *dir = getenv("RACE_DIR");
	int null = open("/dev/null", O_RDWR);
	char byte;

	for (int i = 0; i < count; i++) {
		fill(text[i], arg[i], process, round);
		argv[i] = text[i];
	}
	argv[count] = NULL;
	if (dir != NULL) {
		snprintf(folder, sizeof(folder), "%s/%d", dir, process);
		if (chdir(folder) != 0)
			_exit(126);
	}
	dup2(null, 0);
	dup2(null, 1);
	if (getenv("RACE_LOUD") == NULL)
		dup2(null, 2);
	close(null);
	/* The gate opens for all when its other end is closed. */
	if (read(gate, &byte, 1) != 0)
		_exit(126);
	close(gate);
	execvp(argv[0], argv);
	_exit(127);
}

int
main(int argc, char *argv[])
{
	int n = argc > 3 ? atoi(argv[1]) : 0;
	int rounds = argc > 3 ? atoi(argv[2]) : 0;
	int count = argc - 3 < ARGS ? argc - 3 : ARGS;

	if (n < 1 || n > MOST)
		return 64;
	for (int round = 1; round <= rounds; round++) {
		pid_t pid[MOST];
		int gate[2], status;

		if (pipe2(gate, O_CLOEXEC) != 0)
			return 1;
		for (int i = 0; i < n; i++) {
			pid[i] = fork();
			if (pid[i] == 0) {
				close(gate[1]);
				runner(gate[0], argv + 3, count, i + 1, round);
			}
			if (pid[i] < 0)
				return 1;
		}
		close(gate[0]);
		usleep(1000);
		close(gate[1]);
		for (int i = 0; i < n; i++) {
			waitpid(pid[i], &status, 0);
			printf("%d%c",
			    WIFEXITED(status) ? WEXITSTATUS(status)
					      : 128 + WTERMSIG(status),
			    i == n - 1 ? '\n' : ' ');
		}
		fflush(stdout);
	}
	return 0;
}
