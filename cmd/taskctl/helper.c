/* helper.c - find and start the helper programs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bsd/unistd.h>

#include "ctx.h"
#include "helper.h"

#ifndef TCTL_LIBEXECDIR
#define TCTL_LIBEXECDIR "/usr/local/libexec/taskctl"
#endif

/* The folder of our own executable, with its slash; false: /proc is missing.
 */
static int
own_folder(char folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	if (length <= 0 || length >= PATH_MAX - 1)
		return 0;
	folder[length] = '\0';
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return 0;
	slash[1] = '\0';
	return 1;
}

int
tctl_helper_exec(const char *name, char *const argv[])
{
	char folder[PATH_MAX], path[PATH_MAX + NAME_MAX];

	/* Only what is not there is looked for elsewhere: another version of
	 * the helper would be worse than none. */
	if (own_folder(folder)) {
		snprintf(path, sizeof(path), "%s%s", folder, name);
		execv(path, argv);
		if (errno != ENOENT)
			return errno;
		/* As installed: bin/ and libexec/taskctl/ below one prefix. */
		snprintf(path, sizeof(path), "%s../libexec/taskctl/%s", folder,
		    name);
		execv(path, argv);
		if (errno != ENOENT)
			return errno;
	}
	snprintf(path, sizeof(path), "%s/%s", TCTL_LIBEXECDIR, name);
	execv(path, argv);
	return errno;
}

enum tctl_status
tctl_helper_become(const struct tctl_command *command, char *const argv[],
    struct tctl_error *err)
{
	const char *name = command->loads ? tctl_twin : NULL;
	int error;

	if (command->run == NULL)
		name =
		    command->helper != NULL ? command->helper : "taskctl-git";
	if (name == NULL)
		return TCTL_OK;
	error = tctl_helper_exec(name, argv);
	if (error != ENOENT)
		return tctl_fail(err, TCTL_EFAILED, "cannot start %s: %s", name,
		    strerror(error));
	tctl_fail(
	    err, TCTL_EFAILED, "this needs %s, which is not installed", name);
	tctl_hint(
	    err, "it belongs beside taskctl, or into %s", TCTL_LIBEXECDIR);
	return TCTL_EFAILED;
}

void
tctl_helper_detach(void)
{
	sigset_t none;
	int null;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2; fd++)
		if (null < 0)
			close(fd);
		else
			dup2(null, fd);
	/* A pipe to whoever reads our output must not stay open: they would
	 * wait for its end. */
	closefrom(3);
}

void
tctl_helper_spawn(
    const char *name, char *const argv[], const struct tctl_ctx *ctx)
{
	pid_t child = fork();

	if (child == 0) {
		/* Once more, so that it is init's child and never a zombie of
		 * ours, nor of a caller that execs. */
		if (fork() == 0) {
			tctl_helper_detach();
			tctl_ctx_log(ctx);
			tctl_helper_exec(name, argv);
		}
		_exit(0);
	}
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}
