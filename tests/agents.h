/* agents.h - N agents at once that do anything at random: each asks one command
 * after the other, and some of the commands die on the way.  For drivers that
 * are one file each. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char agent[16]; /* a1, a2 ...: who this process is */
static unsigned seed;

static unsigned
any(unsigned below)
{
	return (unsigned)rand_r(&seed) % below;
}

/* What a command says, as much as there is room for, and its exit code; -1: it
 * was killed.  What disturb does to it comes before its answer is read. */
static int
ask(char *const argv[], void (*disturb)(pid_t pid), char answer[], size_t room)
{
	int pipes[2], status;
	size_t used = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		exit(1);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(pipes[1], 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(pipes[1]);
	disturb(pid);
	while (used < room - 1 &&
	       (n = read(pipes[0], answer + used, room - 1 - used)) > 0)
		used += (size_t)n;
	answer[used] = '\0';
	close(pipes[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Agents 1 to n work, each with a randomness of its own; 0 if all say 0. */
static int
agents(int n, int seed_of_all, int (*work)(int n))
{
	int status, bad = 0;

	for (int i = 1; i <= n; i++)
		if (fork() == 0) {
			seed = (unsigned)(seed_of_all * 1000 + i);
			snprintf(agent, sizeof(agent), "a%d", i);
			setenv("TASKCTL_AGENT", agent, 1);
			setenv("TASKCTL_SESSION", agent, 1);
			_exit(work(i));
		}
	while (wait(&status) > 0)
		bad |= status;
	return bad != 0;
}
