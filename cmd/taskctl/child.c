/* child.c - run another program, and read what it says. */
#include "child.h"

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
#include "taskctl/memory.h"

/* All that was written to a file in memory, with a NUL after it; owned. */
static char *
read_back(int fd, size_t *length)
{
	struct stat st;
	size_t used = 0, size;
	char *bytes;

	if (fd < 0 || fstat(fd, &st) != 0)
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

static int
exec_along_path(const char *name, char *const argv[])
{
	execvp(name, argv);
	return errno;
}

static void
become(const struct tctl_child *child, const int fd[3])
{
	int (*exec)(const char *name, char *const argv[]) =
	    child->exec != NULL ? child->exec : exec_along_path;
	sigset_t none;

	for (int i = 0; i < 3; i++)
		if (fd[i] >= 0 && dup2(fd[i], i) < 0)
			_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (child->folder != NULL && chdir(child->folder) != 0)
		_exit(1);
	for (size_t i = 0; child->with != NULL && child->with[i] != NULL; i++)
		if (putenv(strdup(child->with[i])) != 0)
			_exit(1);
	_exit(exec(child->argv[0], child->argv) == ENOENT
		  ? TCTL_CHILD_NOT_INSTALLED
		  : 1);
}

/* False: errno says why. */
static bool
run(struct tctl_child *child, const int fd[3])
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		become(child, fd);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	child->code =
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return pid > 0;
}

enum tctl_status
tctl_child_run(struct tctl_child *child, struct tctl_error *err)
{
	/* Files in memory, and not pipes: neither side waits for the other. */
	int fd[3] = { -1, -1, -1 };
	bool ran = true;
	size_t said;

	fflush(NULL);
	for (int i = 0; ran && i < (child->shows ? 2 : 3); i++) {
		fd[i] = memfd_create("taskctl", MFD_CLOEXEC);
		ran = fd[i] >= 0;
	}
	ran = ran && tctl_write_all(fd[0], child->in, child->in_length) &&
	      lseek(fd[0], 0, SEEK_SET) == 0 && run(child, fd);
	if (!ran)
		tctl_fail(err, TCTL_EFAILED, "cannot start %s: %s",
		    child->argv[0], strerror(errno));
	child->out = read_back(fd[1], &child->out_length);
	child->said = read_back(fd[2], &said);
	for (int i = 0; i < 3; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return ran ? TCTL_OK : TCTL_EFAILED;
}

void
tctl_child_release(struct tctl_child *child)
{
	free(child->out);
	free(child->said);
	child->out = child->said = NULL;
}
