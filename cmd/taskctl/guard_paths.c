/* guard_paths.c - pre-commit: are staged paths reserved by somebody else?
 *
 * GIT_INDEX_FILE says which index becomes the commit; git knows. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "taskctl/json.h"
#include "taskctl/reserve.h"

enum { SAID_MAX = 10 };

/* The caller's own?  By the token where the environment has it, as run's child
 * does; else by agent and session. */
static bool
is_own(struct tctl_ctx *ctx, const struct tctl_reservation *reservation)
{
	static const struct tctl_who environment = { .token = -1 };
	struct tctl_caller who;
	struct tctl_error unused;

	if (tctl_ctx_caller(
		ctx, &environment, reservation->task, &who, &unused) != TCTL_OK)
		return false;
	if (who.token >= 0)
		return who.token == reservation->token;
	return who.agent != NULL &&
	       strcmp(who.agent, reservation->agent) == 0 &&
	       strcmp(who.session, reservation->session) == 0;
}

/* Paths whose entry in the index is not that of a commit (NULL: HEAD), each
 * ended by a NUL. */
static enum tctl_status
staged(struct tctl_ctx *ctx, const char *against, char **out, size_t *length,
    struct tctl_error *err)
{
	const char *const word[] = { "diff", "--cached", "--name-only", "-z",
		"--no-renames", "--no-ext-diff", "--no-relative",
		"--ignore-submodules=none", against == NULL ? "--" : against,
		against == NULL ? NULL : "--", NULL };

	return tctl_guard_git(ctx, word, NULL, out, length, err);
}

struct conflict {
	const char *path;
	const struct tctl_reservation *with;
};

struct conflicts {
	struct conflict *at;
	size_t count;
};

/* A merge brings along what others have committed: that is their change, and
 * not the one of whoever merges. */
static void
pass_merged(struct tctl_ctx *ctx, struct conflicts *conflicts)
{
	struct tctl_error none;
	size_t length, kept = 0;
	char *paths, *end;

	if (staged(ctx, "MERGE_HEAD", &paths, &length, &none) != TCTL_OK)
		return; /* there is no merge */
	end = paths + length;
	/* Both in the order of the index. */
	for (size_t i = 0; i < conflicts->count; i++) {
		const char *path = conflicts->at[i].path;

		while (paths < end && strcmp(paths, path) < 0)
			paths += strlen(paths) + 1;
		if (paths < end && strcmp(paths, path) == 0)
			conflicts->at[kept++] = conflicts->at[i];
	}
	conflicts->count = kept;
}

static void
collect(struct tctl_ctx *ctx, const struct tctl_reservations *all,
    const char *paths, size_t length, struct conflicts *out)
{
	for (const char *at = paths; at < paths + length;
	     at += strlen(at) + 1) {
		const struct tctl_reservation *with =
		    tctl_reservations_find(all, at, false);

		if (with == NULL || is_own(ctx, with))
			continue;
		out->at = tctl_arena_grow(
		    ctx->arena, out->at, out->count, sizeof(*out->at));
		out->at[out->count++] = (struct conflict){ at, with };
	}
}

static struct json_object *
to_json(const struct conflict *conflict)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "path", tctl_guard_json(conflict->path));
	tctl_json_add(out, "pattern", tctl_json_text(conflict->with->pattern));
	tctl_json_add(out, "task", tctl_json_text(conflict->with->task));
	tctl_json_add(out, "holder", tctl_json_text(conflict->with->agent));
	tctl_json_add(
	    out, "until", tctl_json_instant(conflict->with->expires_ms));
	return out;
}

/* The safe next step; the way past hooks is for people, so only they see it. */
static void
advise(
    struct tctl_ctx *ctx, const struct conflict *first, struct tctl_error *err)
{
	const char *agent = getenv("TASKCTL_AGENT");
	bool nameless = agent == NULL || agent[0] == '\0';

	tctl_hint(err, "leave it out: git restore --staged %.100s; %s%.40s%s",
	    tctl_guard_quoted(ctx->arena, first->path),
	    nameless ? "or say who you are: TASKCTL_AGENT" : "ask ",
	    nameless ? "" : first->with->agent, nameless ? "" : ", or wait");
	if (nameless && isatty(STDERR_FILENO))
		tctl_guard_say(
		    ctx, "a person may pass by: git commit --no-verify");
}

static enum tctl_status
refuse(struct tctl_ctx *ctx, const struct conflicts *conflicts,
    struct json_object **out, struct tctl_error *err)
{
	struct json_object *refused = json_object_new_array();

	for (size_t i = 0; i < conflicts->count; i++) {
		const struct conflict *one = &conflicts->at[i];
		const struct tctl_reservation *with = one->with;
		char until[TCTL_INSTANT_TEXT];
		char *text = tctl_xprintf(
		    "%.200s is reserved by %s for %s (%.100s) until %s",
		    one->path, with->agent, with->task, with->pattern,
		    tctl_instant_show(
			with->expires_ms, ctx->global->utc, until));

		if (i == 0)
			tctl_fail(err, TCTL_ETAKEN, "%s", text);
		else if (i < SAID_MAX)
			tctl_guard_say(ctx, "%s", text);
		free(text);
		json_object_array_add(refused, to_json(one));
	}
	if (conflicts->count > SAID_MAX)
		tctl_guard_say(
		    ctx, "and %zu more", conflicts->count - SAID_MAX);
	advise(ctx, &conflicts->at[0], err);
	*out = json_object_new_object();
	tctl_json_add(*out, "refused", refused);
	return TCTL_ETAKEN;
}

enum tctl_status
tctl_guard_pre_commit(struct tctl_ctx *ctx, const struct tctl_strings *arg,
    struct json_object **out, struct tctl_error *err)
{
	struct conflicts conflicts = { NULL, 0 };
	struct tctl_reservations all;
	char *paths;
	size_t length;
	enum tctl_status status = tctl_ctx_open(ctx, TCTL_OPEN_READ, err);

	(void)arg;
	if (status == TCTL_OK)
		status = tctl_reservations_read(&ctx->coord, &all, err);
	if (status != TCTL_OK)
		return status;
	if (all.count > 0) {
		status = staged(ctx, NULL, &paths, &length, err);
		if (status == TCTL_OK)
			collect(ctx, &all, paths, length, &conflicts);
		if (conflicts.count > 0)
			pass_merged(ctx, &conflicts);
		if (conflicts.count > 0)
			status = refuse(ctx, &conflicts, out, err);
	}
	tctl_reservations_release(&all);
	return status;
}
