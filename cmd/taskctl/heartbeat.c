/* heartbeat.c - taskctl heartbeat: a sign of life. */
#include <unistd.h>

#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

struct heartbeat_req {
	struct tctl_who who;
	struct tctl_strings tasks;
	bool all;
	bool host;
};

#define AT(member) offsetof(struct heartbeat_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_MANY, .offset = AT(tasks),
	  .help = "the tasks whose leases to renew" },
	{ .name = "all", .kind = TCTL_KIND_FLAG, .offset = AT(all),
	  .help = "all that the caller holds" },
	{ .name = "host", .kind = TCTL_KIND_FLAG, .offset = AT(host),
	  .help = "with --all, for cron: extend every lease whose process "
	  "provably lives on this host, end those provably dead, leave the "
	  "rest" },
	TCTL_WHO_ROWS(struct heartbeat_req),
	TCTL_TOKEN_ROW(struct heartbeat_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static struct json_object *
sweep_answer(const struct tctl_sweep_result *result)
{
	struct json_object *out = json_object_new_object();

	json_object_object_add(
	    out, "extended", json_object_new_int64((int64_t)result->extended));
	json_object_object_add(
	    out, "left", json_object_new_int64((int64_t)result->left));
	json_object_object_add(out, "ended", tctl_json_strings(&result->ids));
	return out;
}

static enum tctl_status
beat_for_host(
    struct tctl_ctx *ctx, struct json_object **out, struct tctl_error *err)
{
	struct tctl_sweep_result result = { .arena = NULL };
	enum tctl_status status;

	if (gethostname(ctx->host, sizeof(ctx->host) - 1) != 0)
		return tctl_fail(err, TCTL_EFAILED, "this host has no name");
	status =
	    tctl_lease_heartbeat_host(&ctx->coord, ctx->host, &result, err);
	if (status == TCTL_OK) {
		*out = sweep_answer(&result);
		tctl_ctx_follow_up(ctx, false);
	}
	tctl_arena_free(result.arena);
	return status;
}

/* A token of the environment is for one of the tasks, if for any. */
static enum tctl_status
call_for(struct tctl_ctx *ctx, const struct heartbeat_req *req,
    struct tctl_caller *out, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, NULL, out, err);

	for (size_t i = 0;
	     status == TCTL_OK && out->token < 0 && i < req->tasks.count; i++) {
		status =
		    tctl_ctx_caller(ctx, &req->who, req->tasks.at[i], out, err);
		out->token_task = req->tasks.at[i];
	}
	return status;
}

static enum tctl_status
heartbeat_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct heartbeat_req *req = request;
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	enum tctl_status status;

	if (req->host && !req->all)
		return tctl_fail(err, TCTL_EUSAGE, "--host goes with --all");
	if (req->all == (req->tasks.count > 0))
		return tctl_fail(err, TCTL_EUSAGE,
		    "heartbeat takes tasks or --all, one of the two");
	if (req->host)
		return beat_for_host(ctx, out, err);
	status = call_for(ctx, req, &caller, err);
	if (status != TCTL_OK)
		return status;
	if (!ctx->global->json)
		ctx->coord.detail = TCTL_DETAIL_LINE;
	status = tctl_lease_heartbeat(
	    &ctx->coord, &caller, &req->tasks, &answer, err);
	if (status == TCTL_OK) {
		tctl_ctx_warn(ctx, &answer.warned);
		*out = tctl_json_tasks(&answer.task);
		json_object_object_add(
		    *out, "late", json_object_new_boolean(answer.late));
		tctl_answer_release(&answer);
	} else {
		*out = tctl_ctx_answer(ctx, status, &answer);
	}
	return status;
}

static void
heartbeat_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *tasks = tctl_get_object(out, "tasks");

	if (tasks == NULL) {
		fprintf(to, "%s extended, %s left to their time",
		    tctl_get(out, "extended"), tctl_get(out, "left"));
		if (tctl_get_count(out, "ended") > 0) {
			fputs("; ended: ", to);
			tctl_put_ids(to, tctl_get_object(out, "ended"));
		}
		fputs("\n", to);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		struct json_object *task = json_object_array_get_idx(tasks, i);

		tctl_put(ctx, to, TCTL_BOLD, tctl_get(task, "ref"));
		fputs("  until ", to);
		tctl_put_instant(ctx, to,
		    tctl_get(tctl_get_object(task, "lease"), "expires_at"));
		fputs(tctl_get_bool(out, "late")
			  ? " (late: the lease had lapsed, nobody had come)\n"
			  : "\n",
		    to);
	}
	if (json_object_array_length(tasks) == 0)
		fputs("nothing is held\n", to);
}

const struct tctl_command tctl_command_heartbeat = {
	.name = "heartbeat",
	.group = TCTL_GROUP_WORK,
	.summary = "renew leases: a sign of life",
	.about =
	    "Renewing never shortens a lease. One that lapsed by time alone, "
	    "and whose task nobody claimed or changed since, is taken up "
	    "again.\n\n"
	    "heartbeat --all --host is cron's form. It extends a lease only "
	    "while the process that was recorded with it is the very same and "
	    "alive, has been active within idle_max and has held the task for "
	    "less than hold_max. What it cannot prove it leaves alone.",
	.example = "$ taskctl heartbeat 2.1\n"
		   "$ taskctl heartbeat --all --host && taskctl sweep",
	.param = rows,
	.req_size = sizeof(struct heartbeat_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = heartbeat_run,
	.text = heartbeat_text,
};
