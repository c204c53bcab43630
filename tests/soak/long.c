/* long.c - readers that stay: log --follow, and the dashboard with somebody who
 * listens to its events.  Each has a process that reads what it says, and
 * counts whether an event is missing. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

/* Start taskctl; what it says comes out of the stream. */
static FILE *
start(struct soak_long *one, const char *const argv[])
{
	int out[2];

	if (pipe2(out, O_CLOEXEC) != 0 || (one->pid = fork()) < 0)
		return NULL;
	if (one->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(out[1], 1);
		soak_become(argv);
	}
	close(out[1]);
	return fdopen(out[0], "r");
}

/* Of lines of JSON the id of the event: last, and how often it was not the one
 * after the last.  It ends where the stream does. */
static void
count(FILE *from, int report)
{
	long last = 0, gaps = 0, id;
	char *line = NULL, *at;
	size_t room = 0;

	while (getline(&line, &room, from) > 0) {
		if ((at = strstr(line, "\"id\":")) == NULL)
			continue;
		id = strtol(at + strlen("\"id\":"), NULL, 10);
		gaps += last != 0 && id != last + 1;
		last = id;
	}
	dprintf(report, "%ld %ld\n", last, gaps);
	_exit(0);
}

static bool
have_read(struct soak_long *one, FILE *from)
{
	int report[2];

	if (pipe2(report, O_CLOEXEC) != 0)
		return false;
	one->reader = fork();
	if (one->reader == 0)
		count(from, report[1]);
	close(report[1]);
	fclose(from);
	one->report = report[0];
	return true;
}

bool
soak_follow(struct soak_long *one)
{
	const char *const argv[] = { "taskctl", "--json", "log", "--follow",
		NULL };
	FILE *from = start(one, argv);

	one->name = "log --follow";
	return from != NULL && have_read(one, from);
}

static FILE *
listen_to(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return NULL;
	dprintf(fd, "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
	    port);
	return fdopen(fd, "r");
}

bool
soak_serve(struct soak_long *one)
{
	const char *const argv[] = { "taskctl", "serve", "--port", "0",
		"--no-token", NULL };
	FILE *said = start(one, argv), *from = NULL;
	char *line = NULL, *at;
	size_t room = 0;

	one->name = "serve";
	while (from == NULL && said != NULL && getline(&line, &room, said) > 0)
		if ((at = strstr(line, "127.0.0.1:")) != NULL)
			from = listen_to(
			    (int)strtol(at + strlen("127.0.0.1:"), NULL, 10));
	free(line);
	/* What it says besides is little: the pipe stays open, and holds it. */
	return from != NULL && have_read(one, from);
}

static long
resident_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	return kib;
}

void
soak_look(struct soak_long *one, bool warm)
{
	long kib = resident_kib(one->pid);

	if (!warm)
		one->first_kib = kib;
	if (one->most_kib < kib || !warm)
		one->most_kib = kib;
}

void
soak_end(struct soak_long *one)
{
	FILE *report = fdopen(one->report, "r");

	kill(one->pid, SIGTERM);
	if (report == NULL ||
	    fscanf(report, "%ld %ld", &one->last, &one->gaps) != 2)
		one->gaps = -1;
	waitpid(one->pid, NULL, 0);
	waitpid(one->reader, NULL, 0);
}
