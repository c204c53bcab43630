/* sync.c - progress goes to a remote and comes from there.
 *
 * The branch of a store holds that store's log, which tells all that the store
 * knows, its own events and those that it took from others.  So merging two
 * branches merges no files: the remote's events come into the store, the store
 * commits them as its own log, and a commit with two parents, whose tree is
 * that of the first, says that all of the second is in it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../taskctl/git_commands.h"
#include "../taskctl/print.h"
#include "git.h"
#include "taskctl/json.h"
#include "taskctl/replay.h"

enum { TRIES = 20 };

struct exchange {
	struct tctl_ctx *ctx;
	struct tctl_git *git;
	struct tctl_git_remote remote;
	struct tctl_coord coord; /* with the store, to be changed */
	size_t taken;
	struct tctl_strings conflicts;
	struct tctl_strings dropped;
	struct tctl_strings ahead;
	bool incomplete;
	bool pushed;
	git_oid commit; /* the newest here */
	bool has_commit;
};

/* --- taking in --------------------------------------------------------------
 */

static void
keep_strings(struct exchange *x, struct tctl_strings *to,
    const struct tctl_strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		tctl_strings_add(x->ctx->arena, to,
		    tctl_arena_strdup(x->ctx->arena, from->at[i]));
}

static enum tctl_status
take_in(struct exchange *x, struct tctl_error *err)
{
	struct tctl_log *log = NULL;
	struct tctl_git_tip tip;
	struct tctl_taken taken;
	char self[TCTL_STORE_ID_MAX] = "";
	int64_t seen;
	enum tctl_status status =
	    tctl_git_tip_at(x->git, &x->remote.tip, &tip, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_store_name(x->git->coord, self, err);
	/* Pushed by us; unless the store was set back since. */
	if (status == TCTL_OK && strcmp(self, tip.store) == 0) {
		status = tctl_git_events_match(x->git, &tip, err);
		tctl_git_tip_release(&tip);
		return status;
	}
	if (status == TCTL_OK)
		status = tctl_take_seen(&x->coord, tip.store, &seen, err);
	if (status == TCTL_OK)
		status = tctl_git_log_open(x->git, &tip, seen, &log, err);
	if (status == TCTL_OK)
		status = tctl_take(&x->coord, log, &taken, err);
	if (status == TCTL_OK) {
		x->taken += taken.events;
		x->incomplete |= taken.incomplete;
		keep_strings(x, &x->conflicts, &taken.conflicts);
		keep_strings(x, &x->dropped, &taken.dropped);
		keep_strings(x, &x->ahead, &taken.ahead);
		tctl_taken_release(&taken);
	}
	tctl_git_log_close(log);
	tctl_git_tip_release(&tip);
	return status;
}

/* --- committing -------------------------------------------------------------
 */

static enum tctl_status
commit(struct exchange *x, const char *said, struct tctl_error *err)
{
	struct json_object *out = NULL;
	enum tctl_status status = tctl_git_commit(x->git, said, &out, err);

	json_object_put(out);
	return status;
}

/* Is all of the remote's in that commit? */
static bool
holds(const struct exchange *x, const git_oid *id)
{
	return !x->remote.has_branch || git_oid_equal(id, &x->remote.tip) ||
	       git_graph_descendant_of(x->git->repo, id, &x->remote.tip) == 1;
}

static bool
is_in_remote(const struct exchange *x, const git_oid *id)
{
	return x->remote.has_branch && (git_oid_equal(id, &x->remote.tip) ||
					   git_graph_descendant_of(x->git->repo,
					       &x->remote.tip, id) == 1);
}

/* The same tree again, after both: what the remote holds is in it already. */
static enum tctl_status
merge(
    struct exchange *x, const struct tctl_git_tip *tip, struct tctl_error *err)
{
	struct tctl_git *git = x->git;
	git_commit *theirs = NULL;
	git_oid id;
	char *message = tctl_xprintf(
	    "Merge progress of %s\n\nLast-Event: %" PRId64 "\nStore: %s\n",
	    x->remote.name, tip->event, tip->store);
	enum tctl_status status = TCTL_OK;

	if (git_commit_lookup(&theirs, git->repo, &x->remote.tip) != 0)
		status = tctl_git_fail(err, "read the commit to be merged");
	if (status == TCTL_OK)
		status = tctl_git_commit_write(git, tip, theirs,
		    git_commit_tree_id(tip->commit), message, NULL, &id, err);
	if (status == TCTL_OK)
		status = tctl_git_tip_move(git, tip, &id, err);
	git_commit_free(theirs);
	free(message);
	return status;
}

/* Everything committed, and the remote's tip behind it.  TCTL_ESTALE and
 * TCTL_EBUSY: another committer was faster. */
static enum tctl_status
catch_up(struct exchange *x, struct tctl_error *err)
{
	char *said = x->taken == 0
			 ? NULL
			 : tctl_xprintf("Take in %zu event%s of other stores",
			       x->taken, x->taken == 1 ? "" : "s");
	struct tctl_git_tip tip = { .commit = NULL };
	enum tctl_status status = commit(x, said, err);

	free(said);
	if (status == TCTL_OK)
		status = tctl_git_tip_read(x->git, &tip, err);
	if (status != TCTL_OK)
		return status;
	if (tip.commit != NULL && !holds(x, &tip.id)) {
		tctl_git_queue_enter(x->git);
		status = merge(x, &tip, err);
		tctl_git_queue_leave(x->git);
		tctl_git_tip_release(&tip);
		if (status == TCTL_OK)
			status = tctl_git_tip_read(x->git, &tip, err);
	}
	if (status == TCTL_OK && tip.commit != NULL) {
		x->commit = tip.id;
		x->has_commit = true;
	}
	tctl_git_tip_release(&tip);
	return status;
}

/* --- one try -----------------------------------------------------------------
 */

/* Has anything happened here that the remote does not know? */
static enum tctl_status
has_news(struct exchange *x, bool *out, struct tctl_error *err)
{
	struct tctl_git_tip tip;
	enum tctl_status status = tctl_git_tip_read(x->git, &tip, err);

	if (status != TCTL_OK)
		return status;
	if (tip.commit != NULL) {
		x->commit = tip.id;
		x->has_commit = true;
	}
	*out = tip.commit == NULL || !is_in_remote(x, &tip.id);
	if (!*out)
		status = tctl_take_has_news(&x->coord, tip.event, out, err);
	tctl_git_tip_release(&tip);
	return status;
}

/* *again: somebody was faster, at either end. */
static enum tctl_status
attempt(struct exchange *x, bool *again, struct tctl_error *err)
{
	struct tctl_git_remote now = x->remote;
	bool news;
	enum tctl_status status = tctl_git_remote_look(x->git, &x->remote, err);

	*again = false;
	if (status == TCTL_OK && x->remote.has_branch) {
		status = tctl_git_remote_fetch(x->git, &x->remote, err);
		*again = status == TCTL_ESTALE;
		/* What happened here has a commit of its own. */
		if (status == TCTL_OK)
			status = has_news(x, &news, err);
		if (status == TCTL_OK && news)
			status = commit(x, NULL, err);
		if (status == TCTL_OK)
			status = take_in(x, err);
	}
	if (status == TCTL_OK)
		status = has_news(x, &news, err);
	if (status != TCTL_OK || !news)
		return status;
	status = catch_up(x, err);
	*again = status == TCTL_ESTALE || status == TCTL_EBUSY;
	if (status != TCTL_OK || !x->has_commit)
		return status;
	status = tctl_git_remote_push(x->git, &x->remote, &x->commit, err);
	x->pushed = status == TCTL_OK;
	if (status != TCTL_ESTALE)
		return status;
	/* Refused because it has moved, or for another reason? */
	now = x->remote;
	status = tctl_git_remote_look(x->git, &now, err);
	if (status != TCTL_OK)
		return status;
	*again = now.has_branch != x->remote.has_branch ||
		 (now.has_branch && !git_oid_equal(&now.tip, &x->remote.tip));
	tctl_fail(err, TCTL_EFAILED,
	    "the remote %s refused branch %s; nothing was lost, and it is "
	    "committed here",
	    x->remote.name, x->git->branch);
	return tctl_hint(err, "git has said why");
}

static enum tctl_status
try(struct exchange *x, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	int64_t deadline = tctl_clock_ms() + x->git->config->wait_ms;
	bool again = true;

	/* What is locked was waited for; who lost a race tries again. */
	for (int i = 0; again && i < TRIES &&
			(status != TCTL_EBUSY || tctl_clock_ms() < deadline);
	     i++)
		status = attempt(x, &again, err);
	return status == TCTL_ESTALE ? err->status = TCTL_EBUSY : status;
}

/* --- the command -------------------------------------------------------------
 */

static struct json_object *
answer_of(const struct exchange *x)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "branch", tctl_json_text(x->git->branch));
	tctl_json_add(out, "remote", tctl_json_text(x->remote.name));
	tctl_json_add(out, "commit",
	    tctl_json_text(x->has_commit ? git_oid_tostr_s(&x->commit) : NULL));
	tctl_json_add(out, "taken", json_object_new_int64((int64_t)x->taken));
	tctl_json_add(out, "pushed", json_object_new_boolean(x->pushed));
	tctl_json_add(out, "conflicts", tctl_json_strings(&x->conflicts));
	tctl_json_add(out, "dropped", tctl_json_strings(&x->dropped));
	tctl_json_add(
	    out, "incomplete", json_object_new_boolean(x->incomplete));
	return out;
}

enum tctl_status
tctl_git_exchange(struct tctl_ctx *ctx, struct tctl_git *git,
    const char *remote, struct json_object **out, struct tctl_error *err)
{
	struct exchange x = { .ctx = ctx, .git = git, .coord = ctx->coord };
	enum tctl_status status = TCTL_OK;

	x.remote.name = remote;
	x.coord.store = NULL;
	if (strcmp(ctx->config.git_branch, "HEAD") == 0)
		return tctl_fail(err, TCTL_EFAILED,
		    "git.branch is HEAD: progress is exchanged on a branch of "
		    "its own only, as the default \"taskctl\"");
	if (remote == NULL)
		status = tctl_git_remote_name(git, &x.remote.name, err);
	if (status == TCTL_OK)
		status = tctl_store_open(ctx->place.store, TCTL_OPEN_WRITE,
		    ctx->config.wait_ms, &x.coord.store, err);
	if (status == TCTL_OK)
		status = try(&x, err);
	/* Also when the push failed: the store has changed all the same. */
	tctl_ctx_warn(ctx, &x.conflicts);
	tctl_ctx_warn(ctx, &x.dropped);
	tctl_ctx_warn(ctx, &x.ahead);
	if (status == TCTL_OK)
		*out = answer_of(&x);
	tctl_ctx_follow_up(ctx, false);
	tctl_store_close(x.coord.store);
	return status;
}

enum tctl_status
tctl_git_sync_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_sync_req *req = request;
	struct tctl_git git;
	enum tctl_status status = tctl_git_open(ctx, &git, err);

	if (status == TCTL_OK)
		status = tctl_git_exchange(ctx, &git, req->remote, out, err);
	tctl_git_close(&git);
	return status;
}

void
tctl_git_sync_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	const char *taken = tctl_get(out, "taken");

	fputs(
	    tctl_get_bool(out, "pushed") ? "pushed to " : "nothing to push to ",
	    to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "remote"));
	fprintf(to, ", took in %s event%s", taken,
	    tctl_get_number(out, "taken") == 1 ? "" : "s");
	if (tctl_get_count(out, "conflicts") > 0)
		fprintf(to, "; %zu task%s claimed or finished in both",
		    tctl_get_count(out, "conflicts"),
		    tctl_get_count(out, "conflicts") == 1 ? "" : "s");
	putc('\n', to);
	if (tctl_get_bool(out, "incomplete"))
		fputs("an older taskctl wrote some of it: import the plans "
		      "again to have every place and line\n",
		    to);
}
