/* user_git.c - run the user's own git. */
#include "user_git.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"

enum { ARGS_MAX = 24 };

/* As `git rev-parse --local-env-vars` lists them, without what the user may
 * have said on purpose (GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS). */
static const char *const of_a_git_above[] = { "GIT_DIR", "GIT_WORK_TREE",
	"GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE",
	"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_QUARANTINE_PATH", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
	"GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS" };

/* The subcommand, for words: the first that is no option. */
static const char *
name_of(const char *const argv[])
{
	for (size_t i = 1; argv[i] != NULL; i++) {
		if (strcmp(argv[i], "-c") == 0 && argv[i + 1] != NULL)
			i++;
		else if (argv[i][0] != '-')
			return argv[i];
	}
	return "";
}

/* What it said, on one line: "a; b". */
static const char *
on_one_line(struct tctl_arena *arena, const char *said)
{
	char *line = tctl_arena_printf(arena, "%s", said);
	size_t length = strlen(line);

	while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
		line[--length] = '\0';
	for (char *p = line; *p != '\0'; p++)
		if (strchr("\t\r\n", *p) != NULL)
			*p = ' ';
	return line;
}

enum tctl_status
tctl_user_git_argv(struct tctl_user_git *call, const char *const argv[],
    struct tctl_error *err)
{
	struct tctl_child child = { .code = -1,
		.folder = call->folder,
		.with = call->with,
		.in = call->in,
		.in_length = call->in_length,
		.shows = call->shows };
	enum tctl_status status;
	const char *line;
	char **copy, *out;
	size_t count = 0;

	for (size_t i = 0; i < TCTL_COUNT(of_a_git_above); i++)
		unsetenv(of_a_git_above[i]);
	while (argv[count] != NULL)
		count++;
	copy = tctl_xcalloc(count, sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = tctl_arena_strdup(call->arena, argv[i]);
	child.argv = copy;
	status = tctl_child_run(&child, err);
	call->code = child.code;
	call->out_length = child.out_length;
	out = tctl_arena_alloc(call->arena, child.out_length + 1);
	memcpy(out, child.out, child.out_length);
	call->out = out;
	call->said = tctl_arena_strdup(call->arena, child.said);
	tctl_child_release(&child);
	free(copy);
	if (status != TCTL_OK || call->code == 0)
		return status;
	if (call->code == TCTL_CHILD_NOT_INSTALLED)
		return tctl_fail(err, TCTL_EFAILED,
		    "this needs git, which is not installed");
	line = on_one_line(call->arena, call->said);
	return tctl_fail(err, TCTL_EFAILED, "git %s failed (%d)%s%s",
	    name_of(argv), call->code, line[0] == '\0' ? "" : ": ", line);
}

enum tctl_status
tctl_user_git(struct tctl_user_git *call, struct tctl_error *err, ...)
{
	const char *argv[ARGS_MAX + 1] = { "git" };
	size_t count = 1;
	va_list args;

	va_start(args, err);
	while (count < ARGS_MAX &&
	       (argv[count] = va_arg(args, const char *)) != NULL)
		count++;
	argv[count] = NULL;
	va_end(args);
	return tctl_user_git_argv(call, argv, err);
}

const char *
tctl_user_git_line(const struct tctl_user_git *call)
{
	size_t length = call->out_length;

	if (length > 0 && call->out[length - 1] == '\n')
		length--;
	return tctl_arena_strndup(call->arena, call->out, length);
}
