/* list.c - taskctl list, ready and mine: tasks by question. */
#include <string.h>

#include <stdlib.h>

#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

struct list_req {
	struct tctl_who who;
	const char *sprint;
	const char *plan;
	struct tctl_strings states;
	int64_t limit;
};

#define AT(member) offsetof(struct list_req, member)

/* clang-format off */
#define LIMIT_ROW \
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N", \
	  .offset = AT(limit), .fallback = "50 in text, all in JSON", \
	  .help = "at most N tasks; 0: all" }
#define SPRINT_ROW \
	{ .name = "sprint", .kind = TCTL_KIND_TEXT, .metavar = "S", \
	  .offset = AT(sprint), .help = "only of this sprint" }

static const struct tctl_param list_rows[] = {
	{ .name = "state", .kind = TCTL_KIND_CHOICE, .metavar = "STATE",
	  .flags = TCTL_PARAM_MANY, .offset = AT(states),
	  .choices = "pending|ready|claimed|done|failed|cancelled",
	  .help = "only in this state; may be given several times" },
	SPRINT_ROW,
	{ .name = "plan", .kind = TCTL_KIND_TEXT, .metavar = "P",
	  .offset = AT(plan), .help = "only of this plan" },
	{ .name = "agent", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(who.agent),
	  .help = "only planned for, or held by, this agent" },
	LIMIT_ROW,
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param ready_rows[] = {
	SPRINT_ROW,
	{ .name = "agent", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(who.agent), .fallback = "$TASKCTL_AGENT",
	  .help = "in the order in which this agent would be given them" },
	LIMIT_ROW,
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param mine_rows[] = {
	TCTL_WHO_ROWS(struct list_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* The answer, cut to the limit; total says what there would be. */
static struct json_object *
answer(struct tctl_tasks *tasks, size_t limit, size_t total)
{
	struct json_object *out;

	if (tasks->count > limit)
		tasks->count = limit;
	out = tctl_json_tasks(tasks);
	json_object_object_add(
	    out, "total", json_object_new_int64((int64_t)total));
	tctl_tasks_release(tasks);
	return out;
}

static enum tctl_status
list_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct list_req *req = request;
	struct tctl_filter filter = { .sprint = req->sprint,
		.agent = req->who.agent,
		.plan = req->plan };
	struct tctl_tasks tasks;
	enum tctl_state state;
	enum tctl_status status;

	for (size_t i = 0; i < req->states.count; i++)
		if (tctl_state_read(req->states.at[i], &state))
			filter.states |= 1U << state;
	status = tctl_tasks_list(&ctx->coord, &filter, &tasks, err);
	if (status == TCTL_OK)
		*out = answer(
		    &tasks, tctl_ctx_limit(ctx, req->limit), tasks.count);
	return status;
}

static enum tctl_status
ready_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct list_req *req = request;
	size_t limit = tctl_ctx_limit(ctx, req->limit), total;
	struct tctl_caller caller;
	struct tctl_tasks tasks;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, NULL, &caller, err);

	if (status == TCTL_OK)
		status = tctl_tasks_ready(&ctx->coord, caller.agent,
		    req->sprint, limit, &tasks, &total, err);
	if (status == TCTL_OK)
		*out = answer(&tasks, limit, total);
	return status;
}

static enum tctl_status
mine_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct list_req *req = request;
	struct tctl_caller caller;
	struct tctl_tasks tasks;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, NULL, &caller, err);

	if (status == TCTL_OK && caller.agent == NULL)
		status = tctl_caller_unnamed(err);
	if (status == TCTL_OK)
		status = tctl_tasks_held(
		    &ctx->coord, caller.agent, caller.session, &tasks, err);
	if (status == TCTL_OK)
		*out = answer(&tasks, (size_t)INT32_MAX, tasks.count);
	return status;
}

static void
list_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	tctl_put_tasks(ctx, to, tctl_get_object(out, "tasks"),
	    (size_t)tctl_get_number(out, "total"), "no tasks");
}

static void
ready_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	tctl_put_tasks(ctx, to, tctl_get_object(out, "tasks"),
	    (size_t)tctl_get_number(out, "total"), "nothing is ready");
}

static void
mine_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	tctl_put_tasks(ctx, to, tctl_get_object(out, "tasks"),
	    (size_t)tctl_get_number(out, "total"), "nothing is held");
	for (size_t i = 0; i < tctl_get_count(out, "tasks"); i++) {
		struct json_object *task =
		    json_object_array_get_idx(tctl_get_object(out, "tasks"), i);
		char *before =
		    tctl_xprintf("reserved for %s: ", tctl_get(task, "ref"));

		tctl_put_reserved(to, before, tctl_get_object(task, "lease"));
		free(before);
	}
}

const struct tctl_command tctl_command_list = {
	.name = "list",
	.group = TCTL_GROUP_LOOK,
	.summary = "list tasks, in plan order",
	.about = "A lease that has lapsed counts as ended the moment it "
		 "lapses, here as in every view.",
	.example =
	    "$ taskctl list --state claimed\n$ taskctl -q list --sprint 2",
	.param = list_rows,
	.req_size = sizeof(struct list_req),
	.needs = TCTL_NEEDS_READ,
	.run = list_run,
	.text = list_text,
};

const struct tctl_command tctl_command_ready = {
	.name = "ready",
	.group = TCTL_GROUP_LOOK,
	.summary = "list what could be claimed now, in the order of claiming",
	.about =
	    "What a held mutex or a reservation keeps back is left out; why "
	    "TASK says so.",
	.example = "$ taskctl ready --agent ada",
	.param = ready_rows,
	.req_size = sizeof(struct list_req),
	.needs = TCTL_NEEDS_READ,
	.run = ready_run,
	.text = ready_text,
};

const struct tctl_command tctl_command_mine = {
	.name = "mine",
	.group = TCTL_GROUP_LOOK,
	.summary = "list what the caller holds",
	.about = "By agent and session, compared exactly.",
	.example = "$ taskctl mine --agent ada",
	.param = mine_rows,
	.req_size = sizeof(struct list_req),
	.needs = TCTL_NEEDS_READ,
	.run = mine_run,
	.text = mine_text,
};
