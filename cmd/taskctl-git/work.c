/* work.c - taskctl commit TASK, from the first check to the answer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../taskctl/print.h"
#include "taskctl/json.h"
#include "work.h"

/* Somebody else was faster, with a program that does not queue: begin again on
 * the new HEAD, as often as this. */
enum { ATTEMPTS_MAX = 20 };

/* Stage, ask the hooks, commit; commit NULL afterwards: nothing has changed. */
static enum tctl_status
attempt(struct tctl_work *work, bool *moved, struct tctl_error *err)
{
	enum tctl_status status = tctl_work_head(work, err);

	*moved = false;
	work->commit = NULL;
	if (status == TCTL_OK)
		status = tctl_work_read_reserved(work, err);
	if (status == TCTL_OK)
		status = tctl_work_index(work, err);
	if (status == TCTL_OK)
		status = tctl_work_stage(work, err);
	if (status == TCTL_OK)
		status = tctl_work_changed(work, &work->changed, err);
	if (status == TCTL_OK)
		status = tctl_work_check_reserved(work, &work->changed, err);
	if (status != TCTL_OK || work->changed.count == 0)
		return status;
	status = tctl_work_hooks(work, err);
	if (status != TCTL_OK || work->changed.count == 0)
		return status;
	status = tctl_work_write(work, err);
	if (status == TCTL_OK)
		status = tctl_work_move(work, moved, err);
	return status;
}

static enum tctl_status
commit(struct tctl_work *work, struct tctl_error *err)
{
	enum tctl_status status = tctl_work_enter(work, err);
	bool moved = true;

	if (status != TCTL_OK)
		return status;
	/* The wait may have been long. */
	status = tctl_work_admit(work, err);
	for (int i = 0; status == TCTL_OK && moved && i < ATTEMPTS_MAX; i++) {
		status = attempt(work, &moved, err);
		if (moved && i + 1 < ATTEMPTS_MAX)
			status = TCTL_OK;
	}
	tctl_work_leave(work);
	if (status == TCTL_OK && work->commit != NULL)
		tctl_work_after(work);
	return status;
}

static struct json_object *
answer_of(const struct tctl_work *work)
{
	struct json_object *out = json_object_new_object();
	struct json_object *paths = json_object_new_array();
	bool is_new = work->commit != NULL;
	const char *branch = strncmp(work->branch, "refs/heads/", 11) == 0
				 ? work->branch + 11
				 : NULL;

	for (size_t i = 0; is_new && i < work->changed.count; i++)
		json_object_array_add(
		    paths, tctl_json_text(work->changed.at[i].name));
	tctl_json_add(out, "task", tctl_json_text(work->task));
	tctl_json_add(out, "branch", tctl_json_text(branch));
	tctl_json_add(
	    out, "commit", tctl_json_text(is_new ? work->commit : work->head));
	tctl_json_add(out, "is_new", json_object_new_boolean(is_new));
	tctl_json_add(out, "paths", paths);
	tctl_json_add(out, "worktree", tctl_json_text(work->top));
	tctl_json_add(
	    out, "lease_worktree", tctl_json_text(work->lease_worktree));
	tctl_json_add(out, "summary",
	    is_new ? json_object_new_string_len(
			 work->message, (int)strcspn(work->message, "\n"))
		   : NULL);
	return out;
}

enum tctl_status
tctl_work_run(struct tctl_ctx *ctx, const struct tctl_commit_req *req,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_work work = {
		.ctx = ctx, .arena = ctx->arena, .req = req, .coord = ctx->coord
	};
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, req->task, &work.caller, err);

	if (status == TCTL_OK)
		status = tctl_work_open(&work, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_store_open(ctx->place.store, TCTL_OPEN_WRITE,
	    ctx->config.wait_ms, &work.coord.store, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_work_admit(&work, err);
	if (status == TCTL_OK)
		status = tctl_work_read_reserved(&work, err);
	if (status == TCTL_OK)
		status = tctl_work_choose(&work, err);
	if (status == TCTL_OK)
		status = commit(&work, err);
	*out = status == TCTL_OK ? answer_of(&work) : work.refusal;
	tctl_reservations_release(&work.reserved);
	tctl_store_close(work.coord.store);
	return status;
}

void
tctl_work_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	size_t count = tctl_get_count(out, "paths");
	const char *branch = tctl_get(out, "branch");
	const char *its = tctl_get(out, "lease_worktree");

	if (!tctl_get_bool(out, "is_new")) {
		fputs("nothing to commit for ", to);
		tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "task"));
		fputs(": its files are as in the last commit\n", to);
		if (its[0] != '\0' &&
		    strcmp(its, tctl_get(out, "worktree")) != 0) {
			fputs("  its worktree is ", to);
			tctl_put(ctx, to, TCTL_PLAIN, its);
			putc('\n', to);
		}
		return;
	}
	fprintf(to, "committed %zu path%s of ", count, count == 1 ? "" : "s");
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "task"));
	fprintf(to, " as %.7s on ", tctl_get(out, "commit"));
	tctl_put(ctx, to, TCTL_PLAIN,
	    branch[0] != '\0' ? branch : "a detached HEAD");
	fputs(": ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "summary"));
	putc('\n', to);
}
