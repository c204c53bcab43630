/* guard_refs.c - pre-push and reference-transaction: which commits are new. */
#include <stdlib.h>
#include <string.h>

#include "guard.h"

/* The branch of progress commits is history: those who finished the tasks that
 * it names may have been followed by others since. */
static bool
is_progress_branch(const struct tctl_ctx *ctx, const char *ref)
{
	const char *branch = ctx->config.git_branch;

	return strncmp(ref, "refs/heads/", 11) == 0 && branch != NULL &&
	       strcmp(ref + 11, branch) == 0;
}

static bool
is_id(const char *text)
{
	size_t length = strspn(text, "0123456789abcdef");

	return (length == 40 || length == 64) && text[length] == '\0' &&
	       !tctl_guard_is_null(text);
}

/* Cut the last word off a line; NULL: there was only one. */
static char *
cut_last(char *line)
{
	char *space = strrchr(line, ' ');

	if (space == NULL)
		return NULL;
	*space = '\0';
	return space + 1;
}

/* --- pre-push --- */

/* Lines of "LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID"; a local name may hold
 * blanks, as :/text does. */
static void
read_pushed(struct tctl_ctx *ctx, struct tctl_guard_range *range)
{
	char *text = tctl_guard_stdin(ctx), *line;

	while ((line = tctl_guard_line(&text)) != NULL) {
		const char *remote_id = cut_last(line);
		const char *remote = cut_last(line);
		const char *id = cut_last(line);

		if (id == NULL)
			continue;
		if (is_id(remote_id))
			tctl_strings_add(
			    ctx->arena, &range->known_id, remote_id);
		if (is_id(id) && !is_progress_branch(ctx, line) &&
		    !is_progress_branch(ctx, remote))
			tctl_strings_add(ctx->arena, &range->tip, id);
	}
}

enum tctl_status
tctl_guard_pre_push(struct tctl_ctx *ctx, const struct tctl_strings *arg,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_guard_range range;

	memset(&range, 0, sizeof(range));
	range.landed = true;
	if (arg->count < 1)
		return tctl_fail(err, TCTL_EUSAGE,
		    "guard pre-push wants the remote's name, as git gives it");
	tctl_strings_add(ctx->arena, &range.known,
	    tctl_arena_printf(ctx->arena, "--remotes=%s", arg->at[0]));
	read_pushed(ctx, &range);
	if (range.tip.count == 0)
		return TCTL_OK;
	return tctl_guard_commits(ctx, &range, out, err);
}

/* --- reference-transaction
 * ------------------------------------------------------ */

/* Lines of "OLD NEW REF": the branches that move. */
static void
read_moved(struct tctl_ctx *ctx, struct tctl_guard_range *range)
{
	char *text = tctl_guard_stdin(ctx), *line;

	while ((line = tctl_guard_line(&text)) != NULL) {
		const char *ref = cut_last(line);
		const char *id = cut_last(line);

		if (id == NULL || strncmp(ref, "refs/heads/", 11) != 0 ||
		    !is_id(id) || is_progress_branch(ctx, ref))
			continue;
		tctl_strings_add(ctx->arena, &range->tip, id);
		range->old = is_id(line) ? line : NULL;
	}
}

enum tctl_status
tctl_guard_reference_transaction(struct tctl_ctx *ctx,
    const struct tctl_strings *arg, struct json_object **out,
    struct tctl_error *err)
{
	/* Not HEAD, which a rebase moves before the branch; nor the stash. */
	static const char *const known[] = { "--branches", "--remotes",
		"--tags" };
	struct tctl_guard_range range;

	memset(&range, 0, sizeof(range));
	if (arg->count != 1)
		return tctl_fail(err, TCTL_EUSAGE,
		    "guard reference-transaction wants the state, as git gives "
		    "it");
	/* What is prepared can be refused; the rest is told. */
	if (strcmp(arg->at[0], "prepared") != 0)
		return TCTL_OK;
	read_moved(ctx, &range);
	if (range.tip.count == 0)
		return TCTL_OK;
	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		tctl_strings_add(ctx->arena, &range.known, known[i]);
	return tctl_guard_commits(ctx, &range, out, err);
}
