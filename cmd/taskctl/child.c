/* child.c - run another program, and read what it says. */
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file_replace.h"
#include "taskctl/memory.h"

/* All that was written to a file in memory, with a NUL after it; owned. *whole:
 * left as it is, or false: errno says why some of it cannot be read. */
static char *
read_back(int fd, size_t *length, bool *whole)
{
	struct stat st = { .st_size = 0 };
	size_t used = 0, size;
	char *bytes;

	if (fd >= 0 && fstat(fd, &st) != 0)
		*whole = false;
	size = (size_t)st.st_size;
	bytes = malloc(size + 1);
	if (bytes == NULL)
		tctl_die_nomem();
	while (used < size) {
		ssize_t n = pread(fd, bytes + used, size - used, (off_t)used);

		if (n <= 0) {
			*whole = false;
			break;
		}
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

/* It says why where the program would. */
static _Noreturn void
give_up(const struct tctl_child *child)
{
	dprintf(STDERR_FILENO, "cannot start %s: %s\n", child->argv[0],
	    strerror(errno));
	_exit(TCTL_CHILD_NOT_STARTED);
}

static void
become(const struct tctl_child *child, const int fd[3])
{
	int (*exec)(const char *name, char *const argv[]) =
	    child->exec != NULL ? child->exec : exec_along_path;
	sigset_t none;

	for (int i = 0; i < 3; i++)
		if (fd[i] >= 0 && dup2(fd[i], i) < 0)
			give_up(child);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (child->folder != NULL && chdir(child->folder) != 0)
		give_up(child);
	for (size_t i = 0; child->with != NULL && child->with[i] != NULL; i++)
		if (putenv((char *)(uintptr_t)child->with[i]) != 0)
			give_up(child);
	errno = exec(child->argv[0], child->argv);
	if (errno == ENOENT)
		_exit(TCTL_CHILD_NOT_INSTALLED);
	give_up(child);
}

/* False: errno says why. */
static bool
run(struct tctl_child *child, const int fd[3])
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		become(child, fd);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	child->code =
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

enum tctl_status
tctl_child_run(struct tctl_child *child, struct tctl_error *err)
{
	/* Files in memory, and not pipes: neither side waits for the other. */
	int fd[3] = { -1, -1, -1 };
	bool ran = true, whole = true;
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
	child->out = read_back(fd[1], &child->out_length, &whole);
	child->said = read_back(fd[2], &said, &whole);
	/* Half an answer would be another answer. */
	if (ran && !whole)
		tctl_fail(err, TCTL_EFAILED, "cannot read what %s said: %s",
		    child->argv[0], strerror(errno));
	for (int i = 0; i < 3; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return ran && whole ? TCTL_OK : TCTL_EFAILED;
}

void
tctl_child_release(struct tctl_child *child)
{
	free(child->out);
	free(child->said);
	child->out = child->said = NULL;
}
