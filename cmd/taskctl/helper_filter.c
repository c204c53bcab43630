/* helper_filter.c - let a helper program turn some bytes into others. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file_replace.h"
#include "helper.h"

enum { NOT_INSTALLED = 127, SAID_MAX = 600 };

/* All that was written to a file in memory, with a NUL after it; owned. */
static char *
read_back(int fd, size_t *length)
{
	struct stat st;
	size_t used = 0, size;
	char *bytes;

	if (fstat(fd, &st) != 0)
		st.st_size = 0;
	size = (size_t)st.st_size;
	bytes = malloc(size + 1);
	if (bytes == NULL)
		tctl_die_nomem();
	while (used < size) {
		ssize_t n = pread(fd, bytes + used, size - used, (off_t)used);

		if (n <= 0)
			break;
		used += (size_t)n;
	}
	bytes[used] = '\0';
	*length = used;
	return bytes;
}

/* Files in memory, and not pipes: neither side ever waits for the other. */
static int
run(const char *name, char *const argv[], const int fd[3])
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		sigset_t none;

		for (int i = 0; i < 3; i++)
			if (dup2(fd[i], i) < 0)
				_exit(1);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		_exit(
		    tctl_helper_exec(name, argv) == ENOENT ? NOT_INSTALLED : 1);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (child < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The first line of what it said, without its own name. */
static enum tctl_status
refuse(const char *name, int code, int said, struct tctl_error *err)
{
	size_t length;
	char *text = read_back(said, &length);

	text[strcspn(text, "\n")] = '\0';
	if (code == NOT_INSTALLED) {
		tctl_fail(err, TCTL_EFAILED,
		    "this needs %s, which is not installed", name);
		tctl_hint(err, "mermaid, svg, html, csv, json, dot and tjp "
			       "need nothing else");
	} else {
		tctl_fail(err, TCTL_EFAILED, "%s: %.*s", name, SAID_MAX,
		    *text != '\0' ? text : "it failed, and did not say why");
	}
	free(text);
	return TCTL_EFAILED;
}

enum tctl_status
tctl_helper_filter(const char *name, char *const argv[], const char *in,
    size_t in_length, char **out, size_t *out_length, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	int fd[3], code = -1;

	for (int i = 0; i < 3; i++)
		fd[i] = memfd_create("taskctl", MFD_CLOEXEC);
	if (fd[0] < 0 || fd[1] < 0 || fd[2] < 0 ||
	    !tctl_write_all(fd[0], in, in_length) ||
	    lseek(fd[0], 0, SEEK_SET) != 0)
		status = tctl_fail(err, TCTL_EFAILED,
		    "cannot hand the chart over: %s", strerror(errno));
	if (status == TCTL_OK) {
		fflush(NULL);
		code = run(name, argv, fd);
		if (code != 0)
			status = refuse(name, code, fd[2], err);
	}
	if (status == TCTL_OK)
		*out = read_back(fd[1], out_length);
	for (int i = 0; i < 3; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return status;
}
