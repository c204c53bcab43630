/* restore.c - a store out of the progress branch. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../taskctl/git_commands.h"
#include "../taskctl/init.h"
#include "../taskctl/print.h"
#include "../taskctl/remark.h"
#include "git.h"
#include "taskctl/json.h"
#include "taskctl/replay.h"

/* --- which commit ----------------------------------------------------------
 */

struct found {
	git_oid id;
	char *ref;   /* owned; NULL: none yet */
	bool many;   /* there are several, and none holds all others */
	bool unread; /* one is there, or is not: it could not be read */
};

/* The one that all others lead to. */
static void
offer(struct found *found, git_repository *repo, const char *ref,
    const git_oid *id)
{
	if (found->ref != NULL && git_oid_equal(&found->id, id))
		return;
	if (found->ref != NULL &&
	    git_graph_descendant_of(repo, &found->id, id) == 1)
		return;
	if (found->ref != NULL &&
	    git_graph_descendant_of(repo, id, &found->id) != 1) {
		found->many = true;
		return;
	}
	free(found->ref);
	found->ref = tctl_xstrdup(ref);
	git_oid_cpy(&found->id, id);
}

static void
look_at(const struct tctl_git *git, const char *ref, struct found *found)
{
	git_oid id;
	int rc = git_reference_name_to_id(&id, git->repo, ref);

	if (rc == 0)
		offer(found, git->repo, ref, &id);
	else if (rc == GIT_ERROR) /* of its own kind is what is not there */
		found->unread = true;
}

static enum tctl_status
find_branch(const struct tctl_git *git, const char *asked, struct found *out,
    struct tctl_error *err)
{
	const char *branch = asked != NULL ? asked : git->branch;
	struct tctl_strings remotes = { NULL, 0 };
	char *ref = tctl_xprintf("refs/heads/%s", branch);
	enum tctl_status status = TCTL_OK;

	look_at(git, ref, out);
	free(ref);
	if (asked != NULL && out->ref == NULL) { /* as origin/taskctl */
		ref = tctl_xprintf("refs/remotes/%s", asked);
		look_at(git, ref, out);
		free(ref);
	}
	if (out->ref == NULL || asked == NULL)
		status = tctl_git_remotes(git, &remotes, err);
	for (size_t i = 0; i < remotes.count; i++) {
		ref = tctl_xprintf("refs/remotes/%s/%s", remotes.at[i], branch);
		look_at(git, ref, out);
		free(ref);
	}
	if (status != TCTL_OK)
		return status;
	if (out->unread)
		return tctl_git_fail(err, "read the branch %s", branch);
	if (out->ref == NULL) {
		tctl_fail(err, TCTL_ENOTFOUND,
		    "there is no branch %s, here or as a remote has it",
		    branch);
		return tctl_hint(
		    err, "if a remote has it, fetch it first: git fetch");
	}
	if (!out->many)
		return TCTL_OK;
	tctl_fail(err, TCTL_EFAILED,
	    "several remotes have a branch %s, and none of them holds what all "
	    "others do",
	    branch);
	return tctl_hint(err, "say which, as in --branch origin/%s", branch);
}

/* --- progress --------------------------------------------------------------
 */

static void
tell(void *into, size_t count, size_t total)
{
	int *shown = into;
	int percent = total == 0 ? 0 : (int)(count * 100 / total);

	if (percent > 100)
		percent = 100;
	if (percent == *shown)
		return;
	*shown = percent;
	fprintf(stderr, "\rrestoring [%-25.*s] %d%%", percent / 4,
	    "#########################", percent);
}

/* --- where it goes ----------------------------------------------------------
 */

struct restoring {
	struct tctl_ctx *ctx;
	const struct tctl_restore_req *req;
	struct tctl_git *git;
	struct tctl_log *log;
	struct tctl_caller who;
	struct tctl_progress progress;
	int shown;
	struct tctl_restored out;
	char *aside; /* owned: where that is then; NULL: nothing was */
};

static enum tctl_status
fill(struct restoring *r, struct tctl_store *store, struct tctl_error *err)
{
	struct tctl_coord coord = { .store = store,
		.config = &r->ctx->config,
		.place = &r->ctx->place };
	enum tctl_status status =
	    tctl_restore(&coord, &r->who, r->req->message, r->log,
		r->progress.tell == NULL ? NULL : &r->progress, &r->out, err);

	if (r->shown >= 0)
		fputs("\r\33[K", stderr);
	return status;
}

/* Beside, and into place when it is whole: nobody sees half a store. */
static enum tctl_status
build_beside(struct restoring *r, const char *path, int64_t damaged,
    struct tctl_error *err)
{
	char *beside = tctl_store_beside(path, TCTL_RESTORING);
	int64_t wait_ms = r->ctx->config.wait_ms;
	struct tctl_store *store = NULL;
	enum tctl_status status;

	tctl_store_remove(beside);
	status =
	    tctl_store_open(beside, TCTL_OPEN_CREATE, wait_ms, &store, err);
	if (status == TCTL_OK)
		status = fill(r, store, err);
	if (status == TCTL_OK)
		status = tctl_store_flush(store, err);
	tctl_store_close(store);
	if (status == TCTL_OK)
		status = tctl_store_install(
		    beside, path, damaged, wait_ms, &r->aside, err);
	tctl_store_remove(beside);
	free(beside);
	return status;
}

static enum tctl_status
refuse_existing(const char *path, struct tctl_error *err)
{
	tctl_fail(err, TCTL_EFAILED, "there is a store already: %s", path);
	return tctl_hint(
	    err, "a remote's progress comes into it with: taskctl sync");
}

static enum tctl_status
put(struct restoring *r, struct tctl_error *err)
{
	const char *path = r->ctx->place.store;
	struct tctl_store *store = NULL;
	struct tctl_error why;
	enum tctl_status status;
	struct stat there;

	if (strstr(path, "://") != NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    "only a store in a file can be restored");
	tctl_store_clear_up(path, TCTL_RESTORING);
	if (lstat(path, &there) != 0)
		return build_beside(r, path, 0, err);
	if (!r->req->force)
		return refuse_existing(path, err);
	status = tctl_store_open(
	    path, TCTL_OPEN_WRITE, r->ctx->config.wait_ms, &store, &why);
	if (status == TCTL_OK)
		status = fill(r, store, err); /* in one transaction */
	else if (status == TCTL_ECORRUPT && why.cause != TCTL_NEWER_SCHEMA) {
		tctl_remark(TCTL_REMARK_WARNING, "%s", why.text);
		status = build_beside(r, path, (int64_t)there.st_ino, err);
	} else
		*err = why;
	tctl_store_close(store);
	return status;
}

/* --- the branch goes on from there ------------------------------------------
 */

/* What is committed next continues the log that was read.  Best effort: sync
 * merges what does not. */
static void
continue_branch(const struct tctl_git *git, const git_oid *id)
{
	struct tctl_git_tip tip;
	struct tctl_error unused;

	if (tctl_git_tip_read(git, &tip, &unused) != TCTL_OK)
		return;
	if (tip.commit == NULL ||
	    git_graph_descendant_of(git->repo, id, &tip.id) == 1)
		(void)!tctl_git_tip_move(git, &tip, id, &unused);
	tctl_git_tip_release(&tip);
}

struct json_object *
tctl_git_restored_json(const struct tctl_ctx *ctx,
    const struct tctl_restored *restored, const char *from, const char *commit,
    const char *aside)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "store", tctl_json_text(restored->store));
	tctl_json_add(out, "was", tctl_json_text(restored->was));
	tctl_json_add(out, "path", tctl_json_text(ctx->place.store));
	tctl_json_add(out, "from", tctl_json_text(from));
	tctl_json_add(out, "commit", tctl_json_text(commit));
	tctl_json_add(
	    out, "events", json_object_new_int64((int64_t)restored->events));
	tctl_json_add(
	    out, "restored", json_object_new_int64((int64_t)restored->tasks));
	tctl_json_add(
	    out, "newest_token", json_object_new_int64(restored->token));
	tctl_json_add(
	    out, "open_again", tctl_json_strings(&restored->open_again));
	tctl_json_add(out, "ended", tctl_json_strings(&restored->ended));
	tctl_json_add(
	    out, "incomplete", json_object_new_boolean(restored->incomplete));
	tctl_json_add(out, "set_aside", tctl_json_text(aside));
	return out;
}

static enum tctl_status
check_request(const struct tctl_restore_req *req, const struct tctl_caller *who,
    struct tctl_error *err)
{
	if (req->from_git == (req->file != NULL)) {
		tctl_fail(err, TCTL_EUSAGE,
		    req->from_git ? "from a file, or from git?"
				  : "restore from where?");
		return tctl_hint(err, "see: taskctl help restore");
	}
	if (req->file != NULL && req->branch != NULL)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--branch goes with --from-git");
	if (req->force && (req->message == NULL || req->message[0] == '\0'))
		return tctl_fail(
		    err, TCTL_EUSAGE, "--force wants a reason: -m WHY");
	if (req->force && who->agent == NULL) /* it is recorded who did it */
		return tctl_caller_unnamed(err);
	return TCTL_OK;
}

static enum tctl_status
restore(struct restoring *r, struct json_object **out, struct tctl_error *err)
{
	struct found found = { .ref = NULL };
	struct tctl_git_tip tip = { .commit = NULL };
	enum tctl_status status =
	    find_branch(r->git, r->req->branch, &found, err);

	if (status == TCTL_OK)
		status = tctl_git_tip_at(r->git, &found.id, &tip, err);
	if (status == TCTL_OK)
		status = tctl_git_log_open(r->git, &tip, 0, &r->log, err);
	if (status == TCTL_OK)
		status = put(r, err);
	if (status == TCTL_OK) {
		continue_branch(r->git, &found.id);
		*out = tctl_git_restored_json(r->ctx, &r->out, found.ref,
		    git_oid_tostr_s(&found.id), r->aside);
		tctl_restored_release(&r->out);
	}
	tctl_git_log_close(r->log);
	tctl_git_tip_release(&tip);
	free(found.ref);
	return status;
}

static enum tctl_status
restore_from_git(
    struct restoring *r, struct json_object **out, struct tctl_error *err)
{
	struct tctl_git git = { .queue = -1 };
	enum tctl_status status = tctl_git_open(r->ctx, &git, err);

	r->git = &git;
	if (isatty(STDERR_FILENO) && !r->ctx->global->quiet)
		r->progress = (struct tctl_progress){ tell, &r->shown };
	if (status == TCTL_OK)
		status = restore(r, out, err);
	free(r->aside);
	tctl_git_close(&git);
	return status;
}

enum tctl_status
tctl_git_restore_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	struct restoring r = { .ctx = ctx, .req = request, .shown = -1 };
	struct tctl_error files;
	struct json_object *list;
	bool overlay, had_store;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &r.req->who, NULL, &r.who, err);

	if (status == TCTL_OK)
		status = check_request(r.req, &r.who, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_init_place(ctx, &overlay, err);
	if (status != TCTL_OK)
		return status;
	/* The session may be the place's. */
	status = tctl_ctx_caller(ctx, &r.req->who, NULL, &r.who, err);
	had_store = access(ctx->place.store, F_OK) == 0;
	if (status == TCTL_OK)
		status = r.req->file != NULL ? tctl_git_restore_file(
						   ctx, r.req, &r.who, out, err)
					     : restore_from_git(&r, out, err);
	if (status != TCTL_OK && !had_store)
		(void)rmdir(ctx->place.tasks); /* empty: it is ours */
	if (status != TCTL_OK)
		return status;
	/* It is restored, whatever becomes of these. */
	list = json_object_new_array();
	if (tctl_init_files(ctx->place.root, false, list, &files) != TCTL_OK)
		tctl_remark(TCTL_REMARK_WARNING, "%s", files.text);
	json_object_put(list);
	tctl_ctx_follow_up(ctx, true);
	return TCTL_OK;
}

void
tctl_git_restore_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *open_again = tctl_get_object(out, "open_again");

	fprintf(to, "restored %s tasks from %s events of ",
	    tctl_get(out, "restored"), tctl_get(out, "events"));
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "from"));
	if (tctl_get(out, "commit")[0] != '\0')
		fprintf(to, " (%.7s)", tctl_get(out, "commit"));
	fprintf(to, "\n  store %s, made from %s; tokens go on above %s\n",
	    tctl_get(out, "store"), tctl_get(out, "was"),
	    tctl_get(out, "newest_token"));
	if (tctl_get_count(out, "open_again") > 0) {
		fputs("  was in work, and is open again: ", to);
		tctl_put_ids(to, open_again);
		putc('\n', to);
	}
	if (tctl_get_count(out, "ended") > 0) {
		fputs("  leases ended: ", to);
		tctl_put_ids(to, tctl_get_object(out, "ended"));
		putc('\n', to);
	}
	if (tctl_get_bool(out, "incomplete"))
		fputs("  an older taskctl wrote some of it: import the plans "
		      "again to have every place and line\n",
		    to);
	if (tctl_get(out, "set_aside")[0] != '\0') {
		fputs("  what was there is kept as ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "set_aside"));
		putc('\n', to);
	}
}
