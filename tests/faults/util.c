/* util.c - memory, text, files and shells, for programs that may just die. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"

void *
faults_alloc(void *at, size_t size)
{
	at = realloc(at, size);
	if (at == NULL)
		FAULTS_DIE();
	return at;
}

char *
faults_text(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		FAULTS_DIE();
	va_end(args);
	return text;
}

/* Files of /proc have no size: read until there is no more. */
char *
faults_slurp(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t have = 0, room = 4096;
	char *bytes;
	ssize_t n;

	if (fd < 0)
		return NULL;
	bytes = faults_alloc(NULL, room);
	while ((n = read(fd, bytes + have, room - have - 1)) > 0) {
		have += (size_t)n;
		if (room - have < 2) {
			room *= 4;
			bytes = faults_alloc(bytes, room);
		}
	}
	close(fd);
	bytes[have] = '\0';
	if (size != NULL)
		*size = have;
	return bytes;
}

/* What a shell that failed has said. */
static void
show(int log)
{
	char text[1024];
	ssize_t n = pread(log, text, sizeof(text) - 1, 0);

	text[n < 0 ? 0 : n] = '\0';
	faults_say("%s", text);
}

int
faults_shell(const char *commands)
{
	int log = memfd_create("shell", MFD_CLOEXEC);
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
		execlp("sh", "sh", "-euc", commands, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		FAULTS_DIE();
	/* What it left in the background comes to us. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	if (status != 0)
		show(log);
	close(log);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void *
faults_share(int number, size_t size)
{
	int fd = memfd_create("shared", 0);
	void *at;

	if (fd < 0 || dup2(fd, number) != number ||
	    ftruncate(fd, (off_t)size) != 0)
		FAULTS_DIE();
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		FAULTS_DIE();
	close(fd);
	return at;
}
