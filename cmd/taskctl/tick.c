/* tick.c - taskctl tick: all that cron should do, once a minute. */
#include <string.h>

#include "child.h"
#include "commands.h"
#include "helper.h"
#include "metrics.h"
#include "print.h"
#include "taskctl/work_json.h"

struct tick_req {
	const char *file;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "textfile", .kind = TCTL_KIND_FILE, .metavar = "FILE",
	  .offset = offsetof(struct tick_req, file),
	  .help = "also write metrics to FILE, as metrics --textfile does" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* One of the two that look after leases; what it ended is added to ended. */
static enum tctl_status
look_after(struct tctl_ctx *ctx, bool host, struct json_object *out,
    struct json_object *ended, struct tctl_error *err)
{
	struct tctl_sweep_result result = { .arena = NULL };
	enum tctl_status status =
	    host ? tctl_lease_heartbeat_host(
		       &ctx->coord, ctx->host, &result, err)
		 : tctl_lease_sweep(&ctx->coord, &result, err);

	for (size_t i = 0; status == TCTL_OK && i < result.ids.count; i++)
		json_object_array_add(
		    ended, json_object_new_string(result.ids.at[i]));
	if (status == TCTL_OK && host)
		json_object_object_add(out, "extended",
		    json_object_new_int64((int64_t)result.extended));
	tctl_arena_free(result.arena);
	return status;
}

/* Now and not in the background: cron mails what goes wrong. */
static enum tctl_status
commit(struct tctl_ctx *ctx, struct tctl_error *err)
{
	char *argv[TCTL_COMMIT_WORDS];
	struct tctl_child child = { .argv = argv, .exec = tctl_helper_exec };
	enum tctl_status status;

	tctl_ctx_commit_argv(ctx, false, argv);
	status = tctl_child_run(&child, err);
	if (status == TCTL_OK && child.code == TCTL_CHILD_NOT_INSTALLED)
		status = tctl_fail(err, TCTL_EFAILED,
		    "progress is not committed: taskctl-git is not installed");
	else if (status == TCTL_OK && child.code != 0)
		status = tctl_fail(err, TCTL_EFAILED, "%.*s",
		    (int)strcspn(child.said, "\n"), child.said);
	tctl_child_release(&child);
	return status;
}

static enum tctl_status
tick_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	static const char *const jobs[] = { "heartbeat", "sweep", "commit",
		"tick", NULL };
	static const char *const without[] = { "heartbeat", "sweep", "tick",
		NULL };
	const struct tick_req *req = request;
	bool commits = ctx->config.git_auto && ctx->place.repo != NULL;
	struct json_object *ended = json_object_new_array();
	const struct tctl_who nobody = { .token = -1 };
	struct tctl_caller caller;
	enum tctl_status status;

	*out = json_object_new_object();
	json_object_object_add(*out, "ended", ended);
	status = tctl_ctx_caller(ctx, &nobody, NULL, &caller, err);
	if (status == TCTL_OK)
		status = look_after(ctx, true, *out, ended, err);
	if (status == TCTL_OK)
		status = look_after(ctx, false, *out, ended, err);
	if (status == TCTL_OK)
		status = tctl_status_file_write(&ctx->coord, err);
	if (status == TCTL_OK && commits)
		status = commit(ctx, err);
	if (status == TCTL_OK && req->file != NULL)
		status = tctl_metrics_write_file(
		    ctx, req->file, commits ? jobs : without, err);
	return status;
}

static void
tick_quiet(FILE *to, struct json_object *out)
{
	(void)to;
	(void)out;
}

const struct tctl_command tctl_command_tick = {
	.name = "tick",
	.group = TCTL_GROUP_CARE,
	.summary = "all that cron should do, once a minute",
	.about =
	    "heartbeat --all --host, sweep, sprint_status.json, and, while "
	    "git.auto is on, commit; with --textfile also metrics. Silent and "
	    "exit 0 when there is nothing to do; any number may run at once. "
	    "Files for cron and systemd are in examples/cron beside the "
	    "program's other examples.",
	.example = "* * * * * cd /srv/app && taskctl -q tick",
	.param = rows,
	.req_size = sizeof(struct tick_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = tick_run,
	.text = tctl_put_ended,
	.quiet = tick_quiet,
	.unattended = true,
};
