/* server.c - what stays while something else is measured: taskctl serve, and
 * children of the benchmark that serve or ask. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { MOST = 4 };

/* Also when the benchmark dies on the way. */
static pid_t running[MOST];

static void
note_running(pid_t was, pid_t is)
{
	size_t i = 0;

	while (i < MOST && running[i] != was)
		i++;
	if (i == MOST)
		bench_die("more than %d servers", MOST);
	running[i] = is;
}

/* Returns with which exit; 0 when it was a signal, as ours is. */
static int
await_end(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	note_running(pid, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

void
bench_child_note(pid_t pid)
{
	note_running(0, pid);
}

pid_t
bench_child_start(void (*run)(void *), void *with)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		bench_die("fork: %s", strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(with);
		_exit(0);
	}
	bench_child_note(pid);
	return pid;
}

void
bench_child_stop(pid_t pid)
{
	int code;

	kill(pid, SIGTERM);
	code = await_end(pid);
	if (code != 0)
		bench_die(
		    "a server, or who asked it, ended with exit %d", code);
}

void
bench_child_check(pid_t pid)
{
	if (waitpid(pid, NULL, WNOHANG) == 0)
		return;
	note_running(pid, 0);
	bench_die("a server, or who asked it, has ended by itself");
}

void
bench_children_kill(void)
{
	for (size_t i = 0; i < MOST; i++)
		if (running[i] > 0) {
			kill(running[i], SIGKILL);
			(void)await_end(running[i]);
		}
}

/* --- taskctl serve ---------------------------------------------------------
 */

struct program {
	const char *folder;
	const char *const *argv;
	int answer;
};

static void
become(void *with)
{
	const struct program *program = with;

	if (dup2(program->answer, STDOUT_FILENO) < 0 ||
	    chdir(program->folder) != 0)
		_exit(126);
	/* It is not changed; the interface is older than const. */
	execv(program->argv[0], (char *const *)(uintptr_t)program->argv);
	_exit(127);
}

static void
read_line(int fd, char *line, size_t size)
{
	size_t used = 0;

	while (used + 1 < size && read(fd, line + used, 1) == 1)
		if (line[used++] == '\n')
			break;
	line[used] = '\0';
}

void
bench_serve_start(const struct bench *bench, const struct bench_field *field,
    struct bench_serve *out)
{
	static const char key[] = "\"port\":";
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const argv[] = { taskctl, "--json", "serve", "--port", "0",
		"--no-token", NULL };
	struct program program = { .folder = field->folder, .argv = argv };
	char line[1024];
	const char *port;
	int pipes[2];

	if (pipe(pipes) != 0)
		bench_die("pipe: %s", strerror(errno));
	program.answer = pipes[1];
	out->pid = bench_child_start(become, &program);
	out->output = pipes[0];
	close(pipes[1]);
	read_line(out->output, line, sizeof(line));
	port = strstr(line, key);
	if (port == NULL)
		bench_die("serve did not say where it listens: %s", line);
	out->port = (unsigned)strtoul(port + strlen(key), NULL, 10);
	free(taskctl);
}

double
bench_serve_mb(const struct bench_serve *serve)
{
	char *path = bench_text("/proc/%d/status", (int)serve->pid), line[256];
	FILE *in = fopen(path, "re");
	double kib = -1;

	while (in != NULL && kib < 0 && fgets(line, sizeof(line), in) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtod(line + 6, NULL);
	if (in == NULL || kib < 0)
		bench_die("serve has ended: no %s", path);
	fclose(in);
	free(path);
	return kib / 1024;
}

void
bench_serve_stop(struct bench_serve *serve)
{
	bench_child_stop(serve->pid);
	close(serve->output);
}
