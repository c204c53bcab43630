/* wait.c - taskctl wait: until tasks are done, or one is ready. */
#include <string.h>

#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

struct wait_req {
	struct tctl_strings tasks;
	bool ready;
	int64_t timeout_ms;
};

#define AT(member) offsetof(struct wait_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_MANY, .offset = AT(tasks),
	  .help = "the tasks that are to be done" },
	{ .name = "ready", .kind = TCTL_KIND_FLAG, .offset = AT(ready),
	  .help = "until some task can be claimed" },
	{ .name = "timeout", .kind = TCTL_KIND_DURATION, .metavar = "D",
	  .offset = AT(timeout_ms), .help = "give up after this long (exit 9)",
	  .fallback = "never" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* Leases lapse without anybody changing the store: look this often too. */
enum { LOOK_MS = 1000 };

static void
add_once(struct tctl_ctx *ctx, struct tctl_strings *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->at[i], id) == 0)
			return;
	tctl_strings_add(ctx->arena, list, tctl_arena_strdup(ctx->arena, id));
}

/* Does a task, or anything that it waits for, stand failed or cancelled?  Then
 * it will not be done. */
static enum tctl_status
check_hope(struct tctl_ctx *ctx, const char *first, struct tctl_error *err)
{
	enum {
		LOOK_AT = 10000
	}; /* a longer chain is waited for in good faith */
	struct tctl_strings todo = { NULL, 0 };
	enum tctl_status status = TCTL_OK;

	tctl_strings_add(ctx->arena, &todo, first);
	for (size_t i = 0; status == TCTL_OK && i < todo.count && i < LOOK_AT;
	     i++) {
		struct tctl_tasks one;
		const struct tctl_task *task;

		status = tctl_task_show(&ctx->coord, todo.at[i], &one, err);
		if (status != TCTL_OK)
			break;
		task = &one.at[0];
		if (task->state == TCTL_STATE_FAILED ||
		    task->state == TCTL_STATE_CANCELLED)
			status = tctl_fail(err, TCTL_ENOTREADY,
			    "%s is %s, so %s will not be done", task->ref,
			    tctl_state_word(task->state), first);
		for (size_t j = 0; j < task->unmet.count; j++)
			add_once(ctx, &todo,
			    strchr(task->unmet.at[j], ':') != NULL
				? task->unmet.at[j]
				: tctl_arena_printf(ctx->arena, "%s:%s",
				      task->plan, task->unmet.at[j]));
		tctl_tasks_release(&one);
	}
	return status;
}

/* Are they all done?  Cannot come: one has failed or is cancelled. */
static enum tctl_status
look_at_tasks(struct tctl_ctx *ctx, const struct tctl_strings *ids,
    struct json_object **out, struct tctl_error *err)
{
	struct json_object *list = json_object_new_array();
	enum tctl_status status = TCTL_OK;
	struct tctl_tasks task;
	size_t done = 0;

	for (size_t i = 0; status == TCTL_OK && i < ids->count; i++) {
		status = tctl_task_show(&ctx->coord, ids->at[i], &task, err);
		if (status != TCTL_OK)
			break;
		if (task.at[0].state == TCTL_STATE_DONE)
			done++;
		else
			status = check_hope(ctx, ids->at[i], err);
		json_object_array_add(list, tctl_json_task(&task.at[0]));
		tctl_tasks_release(&task);
	}
	if (status == TCTL_OK && done == ids->count) {
		*out = json_object_new_object();
		json_object_object_add(*out, "tasks", list);
	} else {
		json_object_put(list);
	}
	return status;
}

/* Is one ready?  Cannot come: nobody works, so nothing will become ready. */
static enum tctl_status
look_for_ready(
    struct tctl_ctx *ctx, struct json_object **out, struct tctl_error *err)
{
	struct tctl_status_report report;
	const size_t *n;
	enum tctl_status status =
	    tctl_status_read(&ctx->coord, 1, &report, err);

	if (status != TCTL_OK)
		return status;
	n = report.totals.state;
	if (report.ready_count > 0)
		*out = tctl_json_tasks(&report.ready);
	else if (n[TCTL_STATE_CLAIMED] == 0 && report.gates_awaited == 0)
		status = tctl_fail(err, TCTL_ENOTREADY,
		    n[TCTL_STATE_PENDING] + n[TCTL_STATE_FAILED] == 0
			? "the plan is complete: nothing will become ready"
			: "nobody is at work, so nothing will become ready");
	tctl_status_release(&report);
	return status;
}

static enum tctl_status
wait_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct wait_req *req = request;
	int64_t deadline =
	    req->timeout_ms < 0 ? INT64_MAX : tctl_clock_ms() + req->timeout_ms;
	enum tctl_status status = TCTL_OK;
	bool changed;

	if (req->ready == (req->tasks.count > 0))
		return tctl_fail(err, TCTL_EUSAGE,
		    "wait takes tasks or --ready, one of the two");
	for (;;) {
		int64_t left;

		status = req->ready ? look_for_ready(ctx, out, err)
				    : look_at_tasks(ctx, &req->tasks, out, err);
		if (status != TCTL_OK || *out != NULL)
			return status;
		left = deadline - tctl_clock_ms();
		if (left <= 0)
			return tctl_fail(err, TCTL_EBUSY,
			    "it has not happened within the timeout");
		status = tctl_store_wait(ctx->coord.store,
		    left < LOOK_MS ? left : LOOK_MS, &changed, err);
		if (status != TCTL_OK)
			return status;
	}
}

static void
wait_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	tctl_put_tasks(ctx, to, tctl_get_object(out, "tasks"),
	    tctl_get_count(out, "tasks"), "nothing");
}

const struct tctl_command tctl_command_wait = {
	.name = "wait",
	.group = TCTL_GROUP_WORK,
	.summary = "wait until tasks are done, or one is ready",
	.about = "Exit 7 when it cannot come: a task has failed or was "
		 "cancelled, or nobody is at work and nothing is ready. "
		 "Exit 9 when the time is out.",
	.example = "$ taskctl wait 2.1 2.2 --timeout 1h\n"
		   "$ taskctl wait --ready && taskctl claim --next",
	.param = rows,
	.req_size = sizeof(struct wait_req),
	.needs = TCTL_NEEDS_READ,
	.run = wait_run,
	.text = wait_text,
};
