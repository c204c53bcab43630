/* guard_commits.c - commits that claim to be work on a task: may they?
 *
 * The common case is one commit, and no trailer: one git, and no store. */
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "taskctl/json.h"

enum {
	WORDS_MAX = 64,
	ADOPTED_MAX = 100, /* tasks whose work may have been taken over */
	SECOND_MS = 1000,
	GRACE_MS = 2000, /* a clock may be set right between two commands */
};

/* --- which commits --- */

static char *
join_lines(struct tctl_arena *arena, const struct tctl_strings *ids,
    const struct tctl_strings *without)
{
	return tctl_arena_printf(arena, "%s%s",
	    tctl_guard_lines(arena, ids, ""),
	    tctl_guard_lines(arena, without, "^"));
}

/* The tip alone, or all that is new with it. */
static enum tctl_status
list(struct tctl_ctx *ctx, const struct tctl_guard_range *range, bool alone,
    struct tctl_guard_list *out, struct tctl_error *err)
{
	static const struct tctl_strings none;
	const char *word[WORDS_MAX] = { "rev-list", TCTL_GUARD_FORMAT };
	char *said;
	size_t n = 2, length;
	enum tctl_status status;

	if (alone) {
		word[n++] = "--no-walk";
	} else {
		word[n++] = "--topo-order";
		if (range->known_id.count > 0)
			word[n++] = "--ignore-missing";
		word[n++] = "--not";
		for (size_t i = 0; i < range->known.count && n < WORDS_MAX - 2;
		     i++)
			word[n++] = range->known.at[i];
	}
	word[n++] = "--stdin";
	status = tctl_guard_git(ctx, word,
	    join_lines(
		ctx->arena, &range->tip, alone ? &none : &range->known_id),
	    &said, &length, err);
	if (status == TCTL_OK &&
	    !tctl_guard_list_read(ctx->arena, said, length, out))
		status = tctl_fail(
		    err, TCTL_EFAILED, "git rev-list did not list commits");
	return status;
}

/* One commit on what was the tip before: nothing else is new. */
static bool
is_next(
    const struct tctl_guard_range *range, const struct tctl_guard_list *list)
{
	return list->count == 1 && list->commit[0].parent.count == 1 &&
	       strcmp(list->commit[0].parent.at[0], range->old) == 0;
}

/* --- judging --- */

static int
by_task_and_token(const void *a, const void *b)
{
	const struct tctl_guard_claim *x =
	    *(const struct tctl_guard_claim *const *)a;
	const struct tctl_guard_claim *y =
	    *(const struct tctl_guard_claim *const *)b;
	int order = strcmp(x->task, y->task);

	return order != 0 ? order
			  : (x->token > y->token) - (x->token < y->token);
}

static bool
is_good(const struct tctl_guard_claim *claim)
{
	return claim->fate->life == TCTL_TOKEN_GOOD ||
	       (claim->fate->answers && claim->fate->life != TCTL_TOKEN_FORGED);
}

/* Was it made while its token's lease lived?  Then it is not the work of
 * somebody who had lost the task, whatever became of the lease since.  What
 * comes into a branch just now gets no grace: in the second in which a lease
 * ends, git's dates do not tell before from after. */
static bool
is_in_time(const struct tctl_guard_claim *claim, int64_t made_ms, bool landed)
{
	const struct tctl_token *fate = claim->fate;

	return fate->life != TCTL_TOKEN_FORGED && fate->began_ms > 0 &&
	       fate->ended_ms > 0 && made_ms >= fate->began_ms - GRACE_MS &&
	       made_ms + (landed ? -GRACE_MS : SECOND_MS) <= fate->ended_ms;
}

static enum tctl_status
judge_one(struct tctl_ctx *ctx, struct tctl_guard_claim *claim,
    struct tctl_error *err)
{
	static const struct tctl_who environment = { .token = -1 };
	struct tctl_token *fate = tctl_arena_alloc(ctx->arena, sizeof(*fate));
	struct tctl_caller who;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &environment, claim->task, &who, err);

	claim->fate = fate;
	if (status == TCTL_OK)
		status = tctl_token_read(&ctx->coord, ctx->arena, &who,
		    claim->task, claim->token, fate, err);
	/* What says that it is ours and is not. */
	if (status == TCTL_OK && claim->store != NULL &&
	    fate->life == TCTL_TOKEN_FOREIGN)
		fate->life = TCTL_TOKEN_FORGED;
	return status;
}

/* Judge every claim on this store's tasks; each task and token once. */
static enum tctl_status
judge(struct tctl_ctx *ctx, struct tctl_guard_list *list, bool landed,
    size_t *foreign, struct tctl_error *err)
{
	struct tctl_guard_claim **ours =
	    tctl_arena_alloc(ctx->arena, (list->claims + 1) * sizeof(*ours));
	char store[TCTL_STORE_ID_MAX];
	size_t count = 0;
	enum tctl_status status = tctl_store_name(&ctx->coord, store, err);

	for (size_t i = 0; i < list->claims; i++) {
		struct tctl_guard_claim *claim = &list->claim[i];
		bool named = claim->store != NULL;

		if ((named && strcmp(claim->store, store) != 0) ||
		    (!named && claim->token < 0))
			(*foreign)++;
		else
			ours[count++] = claim;
	}
	if (count > 0)
		qsort(ours, count, sizeof(*ours), by_task_and_token);
	for (size_t i = 0; status == TCTL_OK && i < count; i++) {
		if (i > 0 && by_task_and_token(&ours[i - 1], &ours[i]) == 0)
			ours[i]->fate = ours[i - 1]->fate;
		else
			status = judge_one(ctx, ours[i], err);
		if (status != TCTL_OK)
			break;
		if (ours[i]->fate->life == TCTL_TOKEN_FOREIGN)
			(*foreign)++;
		else
			ours[i]->refused =
			    !is_good(ours[i]) &&
			    !is_in_time(ours[i],
				list->commit[ours[i]->commit].made_ms, landed);
	}
	return status;
}

/* --- what stands on what --- */

static int
by_id(const void *a, const void *b)
{
	return strcmp((*(struct tctl_guard_commit *const *)a)->id,
	    (*(struct tctl_guard_commit *const *)b)->id);
}

/* Commits by their id, to find parents. */
struct sorted {
	struct tctl_guard_commit **at;
	size_t count;
};

static struct sorted
sort(struct tctl_arena *arena, struct tctl_guard_list *list)
{
	size_t bytes = (list->count + 1) * sizeof(struct tctl_guard_commit *);
	struct sorted sorted = { tctl_arena_alloc(arena, bytes), list->count };

	for (size_t i = 0; i < list->count; i++)
		sorted.at[i] = &list->commit[i];
	qsort(sorted.at, sorted.count, sizeof(*sorted.at), by_id);
	return sorted;
}

/* Mark what these parents are, where they are in the list. */
static void
mark_parents(const struct tctl_guard_list *list, const struct sorted *sorted,
    const struct tctl_strings *parent, bool *stands)
{
	for (size_t i = 0; i < parent->count; i++) {
		struct tctl_guard_commit key = { .id = parent->at[i] };
		struct tctl_guard_commit *wanted = &key, **at;

		at = bsearch(&wanted, sorted->at, sorted->count,
		    sizeof(*sorted->at), by_id);
		if (at != NULL)
			stands[*at - list->commit] = true;
	}
}

/* Mark what good commits of a task stand on, themselves included; children
 * come before their parents. */
static void
mark(const struct tctl_guard_list *list, const struct sorted *sorted,
    int64_t row, bool *stands)
{
	memset(stands, 0, list->count);
	for (size_t i = 0; i < list->claims; i++)
		if (list->claim[i].fate != NULL &&
		    list->claim[i].fate->row == row && is_good(&list->claim[i]))
			stands[list->claim[i].commit] = true;
	for (size_t i = 0; i < list->count; i++)
		if (stands[i])
			mark_parents(
			    list, sorted, &list->commit[i].parent, stands);
}

static bool
may_be_adopted(const struct tctl_guard_claim *claim)
{
	return claim->refused && claim->fate->row != 0 &&
	       claim->fate->life != TCTL_TOKEN_FORGED;
}

/* Pass those whose task's holder, or finisher, has put a commit of it on top:
 * it took that work over.  One walk a task. */
static void
pass_adopted(struct tctl_arena *arena, struct tctl_guard_list *list)
{
	struct sorted sorted = sort(arena, list);
	bool *stands = tctl_arena_alloc(arena, list->count + 1);
	bool *seen = tctl_arena_alloc(arena, list->claims + 1);
	size_t walks = 0;

	for (size_t k = 0; k < list->claims && walks < ADOPTED_MAX; k++) {
		struct tctl_guard_claim *first = &list->claim[k];

		if (seen[k] || !may_be_adopted(first))
			continue;
		walks++;
		mark(list, &sorted, first->fate->row, stands);
		for (size_t i = k; i < list->claims; i++) {
			struct tctl_guard_claim *claim = &list->claim[i];

			if (!may_be_adopted(claim) ||
			    claim->fate->row != first->fate->row)
				continue;
			seen[i] = true;
			claim->refused = !stands[claim->commit];
		}
	}
}

static bool
any_refused(const struct tctl_guard_list *list)
{
	for (size_t i = 0; i < list->claims; i++)
		if (list->claim[i].refused)
			return true;
	return false;
}

/* --- the way back --- */

/* What branches here were at, as their logs say, is nothing new: a reset there
 * and back, a branch made again.  A person may have been there with HEAD alone,
 * as in a rebase; an agent that works there is looked at when a branch comes.
 */
static void
add_logged(struct tctl_ctx *ctx, struct tctl_guard_range *range)
{
	const char *agent = getenv("TASKCTL_AGENT");
	const char *token = getenv("TASKCTL_TOKEN");
	bool is_agent = (agent != NULL && agent[0] != '\0') ||
			(token != NULL && token[0] != '\0');
	const char *const word[] = { "rev-list", "--walk-reflogs",
		"--ignore-missing", "--max-count=10000", "--branches",
		is_agent ? NULL : "HEAD", NULL };
	struct tctl_error unused;
	char *said, *line;

	/* No log: nothing more is known. */
	if (tctl_guard_git(ctx, word, NULL, &said, NULL, &unused) != TCTL_OK)
		return;
	while ((line = tctl_guard_line(&said)) != NULL)
		tctl_strings_add(ctx->arena, &range->known_id, line);
}

/* --- the whole
 * ----------------------------------------------------------------- */

static enum tctl_status
check(struct tctl_ctx *ctx, const struct tctl_guard_range *range,
    struct tctl_guard_list *found, bool alone, size_t *foreign,
    struct tctl_error *err)
{
	struct tctl_guard_range wide = *range;
	enum tctl_status status =
	    judge(ctx, found, range->landed, foreign, err);

	if (status != TCTL_OK || !any_refused(found))
		return status;
	/* It may not be new after all: now it is worth asking. */
	if (!range->landed)
		add_logged(ctx, &wide);
	if (alone || !range->landed) {
		*foreign = 0;
		status = list(ctx, &wide, false, found, err);
		if (status == TCTL_OK)
			status = judge(ctx, found, range->landed, foreign, err);
	}
	if (status == TCTL_OK && any_refused(found))
		pass_adopted(ctx->arena, found);
	if (status == TCTL_OK && any_refused(found))
		status = tctl_guard_pass_copies(ctx, &wide, found, err);
	return status;
}

enum tctl_status
tctl_guard_commits(struct tctl_ctx *ctx, const struct tctl_guard_range *range,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_guard_list found;
	bool alone = range->tip.count == 1 && range->old != NULL;
	size_t foreign = 0;
	enum tctl_status status;

	memset(&found, 0, sizeof(found));
	status = list(ctx, range, alone, &found, err);
	if (status == TCTL_OK && alone && !is_next(range, &found)) {
		alone = false;
		status = list(ctx, range, false, &found, err);
	}
	if (status == TCTL_OK && found.claims > 0)
		status = tctl_ctx_open(ctx, TCTL_OPEN_READ, err);
	if (status == TCTL_OK && found.claims > 0)
		status = check(ctx, range, &found, alone, &foreign, err);
	if (status == TCTL_OK)
		status = tctl_guard_refuse(ctx, &found, out, err);
	if (status != TCTL_OK)
		return status;
	*out = json_object_new_object();
	tctl_json_add(
	    *out, "commits", json_object_new_int64((int64_t)found.count));
	tctl_json_add(
	    *out, "claims", json_object_new_int64((int64_t)found.claims));
	tctl_json_add(*out, "foreign", json_object_new_int64((int64_t)foreign));
	return TCTL_OK;
}
