/* git_turn.c - one after the other, where git itself fails at once. */
#include "git_turn.h"

#include <sys/stat.h>

enum { PATIENCE_MS = 10 * 60 * 1000 };

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

	(void)stat(gitdir, &st);
	*out = (struct tctl_turnstile){ .fd = -1,
		.mode = st.st_mode & 0666,
		.path = tctl_arena_printf(ctx->arena, "%s/%s", gitdir, name) };
	status =
	    tctl_turnstile_enter(out, tctl_turnstile_clock() + wait_ms, &why);
	if (status == TCTL_OK)
		return TCTL_OK;
	if (status != TCTL_EBUSY)
		return tctl_fail(err, status, "%s", why.text);
	tctl_fail(
	    err, TCTL_EBUSY, "others %s, and were not done in time", what);
	return why.hint[0] == '\0' ? status : tctl_hint(err, "%s", why.hint);
}

void
tctl_git_turn_leave(struct tctl_turnstile *turn)
{
	tctl_turnstile_leave(turn);
	tctl_turnstile_close(turn);
}
