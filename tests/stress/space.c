/* space.c - a command in a time namespace of its own, whose BOOTTIME is
 * shifted; the start times that /proc shows there are, too
 * (time_namespaces(7)).
 *
 * space SECONDS NANOSECONDS COMMAND...    77: the machine allows none */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

int
main(int argc, char *argv[])
{
	int fd, status;
	pid_t pid;

	if (argc < 4)
		return 64;
	if (unshare(CLONE_NEWTIME) != 0 ||
	    (fd = open("/proc/self/timens_offsets", O_WRONLY)) < 0 ||
	    dprintf(fd, "boottime %s %s\n", argv[1], argv[2]) < 0) {
		perror("space");
		return 77;
	}
	close(fd);
	/* It is its children that are in the new one. */
	if ((pid = fork()) == 0) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
