/* crowd.c - N one-shot processes that want the store again and again: how
 * evenly do they get it, and how long does the unluckiest wait?
 *
 * crowd N SECONDS: worker n claims and releases task 1.n in a loop, and goes on
 * where the machine is so slow that there is nothing to compare yet.  Prints
 * Jain's index (1 is even), the worst wait in ms, and changes a second. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	LEAST = 10,
	TIMES = 20
}; /* changes each on average; so many times SECONDS */

struct score {
	long done;
	double worst;
};

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
once(const char *verb, const char *task, const char *agent, struct score *score)
{
	double start = now();
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 1);
		dup2(null, 2);
		execlp("taskctl", "taskctl", "-q", verb, task, "--agent", agent,
		    (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status == 0)
		score->done++;
	if (now() - start > score->worst)
		score->worst = now() - start;
}

static int
is_over(const struct score *score, int n, double begin, double seconds)
{
	double spent = now() - begin;
	long sum = 0;

	for (int i = 0; i < n; i++)
		sum += score[i].done;
	return spent > seconds &&
	       (sum >= (long)LEAST * n || spent > seconds * TIMES);
}

int
main(int argc, char *argv[])
{
	int n = argc == 3 ? atoi(argv[1]) : 0;
	double begin = now(), seconds = argc == 3 ? atof(argv[2]) : 0;
	double sum = 0, squares = 0, worst = 0;
	struct score *score;

	if (n < 1)
		return 64;
	score = mmap(NULL, sizeof(*score) * (size_t)n, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (score == MAP_FAILED)
		return 1;
	for (int i = 0; i < n; i++)
		if (fork() == 0) {
			char task[16], agent[16];

			snprintf(task, sizeof(task), "1.%d", i + 1);
			snprintf(agent, sizeof(agent), "a%d", i + 1);
			while (!is_over(score, n, begin, seconds)) {
				once("claim", task, agent, &score[i]);
				once("release", task, agent, &score[i]);
			}
			_exit(0);
		}
	while (wait(NULL) > 0)
		continue;
	for (int i = 0; i < n; i++) {
		sum += (double)score[i].done;
		squares += (double)score[i].done * (double)score[i].done;
		if (score[i].worst > worst)
			worst = score[i].worst;
	}
	printf("%.3f %.0f %.0f\n", squares > 0 ? sum * sum / (n * squares) : 0,
	    worst * 1000, sum / (now() - begin));
	return 0;
}
