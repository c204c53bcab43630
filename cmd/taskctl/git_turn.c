/* git_turn.c - one after the other, where git itself fails at once. */
#include "git_turn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATIENCE_MS = 10 * 60 * 1000 };

/* --- turns that were taken above us ------------------------------------------
 *
 * A hook may call us while who runs it has its turn, and waits for the hook: we
 * would wait for each other.  So the files of the turns are handed down, each
 * with a newline behind it. */

static const char variable[] = "TASKCTL_GIT_TURNS";

static const char *
turns_above(void)
{
	const char *above = getenv(variable);

	return above == NULL ? "" : above;
}

static bool
is_above(struct tctl_arena *arena, const char *path)
{
	return strstr(tctl_arena_printf(arena, "\n%s", turns_above()),
		   tctl_arena_printf(arena, "\n%s\n", path)) != NULL;
}

static void
hand_down(const char *path)
{
	char *turns = tctl_xprintf("%s%s\n", turns_above(), path);

	(void)setenv(variable, turns, 1);
	free(turns);
}

/* What was handed down last is what is taken back first. */
static void
take_back(const char *path)
{
	char *turns = tctl_xprintf("%s", turns_above());
	size_t length = strlen(turns), last = strlen(path) + 1;

	if (length >= last &&
	    strncmp(turns + length - last, path, last - 1) == 0)
		turns[length - last] = '\0';
	if (turns[0] == '\0')
		(void)unsetenv(variable);
	else
		(void)setenv(variable, turns, 1);
	free(turns);
}

/* --- the turn ----------------------------------------------------------------
 */

enum tctl_status
tctl_git_turn_enter(const struct tctl_ctx *ctx, const char *gitdir,
    const char *name, const char *what, struct tctl_turnstile *out,
    struct tctl_error *err)
{
	int64_t wait_ms =
	    ctx->global->wait_ms >= 0 ? ctx->global->wait_ms : PATIENCE_MS;
	struct stat st = { .st_mode = 0600 };
	struct tctl_error why;
	enum tctl_status status;
	bool above;

	(void)stat(gitdir, &st);
	*out = (struct tctl_turnstile){ .fd = -1,
		.mode = st.st_mode & 0666,
		.path = tctl_arena_printf(ctx->arena, "%s/%s", gitdir, name) };
	/* One that goes on after the hook's end finds the turn free. */
	above = is_above(ctx->arena, out->path);
	if (above)
		wait_ms = 0;
	status = tctl_turnstile_enter(out, tctl_clock_ms() + wait_ms, &why);
	if (status == TCTL_OK) {
		hand_down(out->path);
		return TCTL_OK;
	}
	if (status != TCTL_EBUSY)
		return tctl_fail(err, status, "%s", why.text);
	if (above)
		return tctl_fail(err, TCTL_EFAILED,
		    "a hook has called this, and the taskctl that waits for "
		    "the hook is the one whose turn it is to %s",
		    what);
	tctl_fail(
	    err, TCTL_EBUSY, "others %s, and were not done in time", what);
	return why.hint[0] == '\0' ? status : tctl_hint(err, "%s", why.hint);
}

void
tctl_git_turn_leave(struct tctl_turnstile *turn)
{
	take_back(turn->path);
	tctl_turnstile_leave(turn);
	tctl_turnstile_close(turn);
}
