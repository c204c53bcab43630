/* mark.c - taskctl step, note, approve, cancel and reopen: marks on a task. */
#include <pwd.h>
#include <unistd.h>

#include "commands.h"
#include "holder.h"

struct mark_req {
	struct tctl_who who;
	const char *task;
	const char *text;
	int64_t step;
	bool undo;
	bool override;
};

#define AT(member) offsetof(struct mark_req, member)

/* clang-format off */
#define TASK_ROW \
	{ .name = "TASK", .kind = TCTL_KIND_TASK, \
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED, \
	  .offset = AT(task), .help = "the task" }
#define WHY_ROW \
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT, \
	  .metavar = "WHY", .offset = AT(text), .help = "the reason" }

static const struct tctl_param step_rows[] = {
	TASK_ROW,
	{ .name = "N", .kind = TCTL_KIND_NUMBER,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(step), .help = "the step's number, as show counts" },
	{ .name = "undo", .kind = TCTL_KIND_FLAG, .offset = AT(undo),
	  .help = "open it again" },
	TCTL_WHO_ROWS(struct mark_req),
	TCTL_TOKEN_ROW(struct mark_req),
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param note_rows[] = {
	TASK_ROW,
	{ .name = "TEXT", .kind = TCTL_KIND_TEXT,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(text), .help = "what to note" },
	TCTL_WHO_ROWS(struct mark_req),
	TCTL_TOKEN_ROW(struct mark_req),
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param approve_rows[] = {
	{ .name = "GATE", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(task), .help = "the gate, as GO-1" },
	{ .name = "override", .kind = TCTL_KIND_FLAG, .offset = AT(override),
	  .help = "although something is missing; wants a reason" },
	WHY_ROW,
	TCTL_WHO_ROWS(struct mark_req),
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param why_rows[] = {
	TASK_ROW,
	WHY_ROW,
	TCTL_WHO_ROWS(struct mark_req),
	TCTL_TOKEN_ROW(struct mark_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* Which of them it is, with the request in hand. */
typedef enum tctl_status mark_fn(const struct tctl_coord *coord,
    const struct tctl_caller *caller, const struct mark_req *req,
    struct tctl_answer *answer, struct tctl_error *err);

static enum tctl_status
mark(struct tctl_ctx *ctx, const struct mark_req *req, mark_fn *fn,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, req->task, &caller, err);

	if (status != TCTL_OK)
		return status;
	status = fn(&ctx->coord, &caller, req, &answer, err);
	if (status == TCTL_OK)
		tctl_ctx_follow_up(ctx, false);
	*out = tctl_ctx_answer(ctx, status, &answer);
	return status;
}

static enum tctl_status
do_step(const struct tctl_coord *coord, const struct tctl_caller *caller,
    const struct mark_req *req, struct tctl_answer *answer,
    struct tctl_error *err)
{
	return tctl_step_tick(
	    coord, caller, req->task, req->step, req->undo, answer, err);
}

static enum tctl_status
do_note(const struct tctl_coord *coord, const struct tctl_caller *caller,
    const struct mark_req *req, struct tctl_answer *answer,
    struct tctl_error *err)
{
	return tctl_note_add(coord, caller, req->task, req->text, answer, err);
}

/* Whoever approves is recorded: one who goes by no agent's name by the one that
 * the system knows. */
static enum tctl_status
do_approve(const struct tctl_coord *coord, const struct tctl_caller *caller,
    const struct mark_req *req, struct tctl_answer *answer,
    struct tctl_error *err)
{
	struct tctl_caller named = *caller;
	const struct passwd *user = NULL;

	if (named.agent == NULL)
		user = getpwuid(geteuid());
	if (user != NULL)
		named.agent = user->pw_name;
	if (named.agent == NULL)
		return tctl_caller_unnamed(err);
	return tctl_gate_approve(
	    coord, &named, req->task, req->override, req->text, answer, err);
}

static enum tctl_status
do_cancel(const struct tctl_coord *coord, const struct tctl_caller *caller,
    const struct mark_req *req, struct tctl_answer *answer,
    struct tctl_error *err)
{
	return tctl_task_cancel(
	    coord, caller, req->task, req->text, answer, err);
}

static enum tctl_status
do_reopen(const struct tctl_coord *coord, const struct tctl_caller *caller,
    const struct mark_req *req, struct tctl_answer *answer,
    struct tctl_error *err)
{
	return tctl_task_reopen(
	    coord, caller, req->task, req->text, answer, err);
}

static enum tctl_status
step_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	return mark(ctx, request, do_step, out, err);
}

static enum tctl_status
note_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	return mark(ctx, request, do_note, out, err);
}

static enum tctl_status
approve_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	return mark(ctx, request, do_approve, out, err);
}

static enum tctl_status
cancel_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	return mark(ctx, request, do_cancel, out, err);
}

static enum tctl_status
reopen_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	return mark(ctx, request, do_reopen, out, err);
}

const struct tctl_command tctl_command_step = {
	.name = "step",
	.group = TCTL_GROUP_SET_UP,
	.summary = "tick a step of a task",
	.about = "Steps are the boxes under a task in its plan. Of a gate, its "
		 "criteria are counted first.",
	.example = "$ taskctl step 2.1 3",
	.param = step_rows,
	.req_size = sizeof(struct mark_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = step_run,
	.text = tctl_holder_text,
};

const struct tctl_command tctl_command_note = {
	.name = "note",
	.group = TCTL_GROUP_SET_UP,
	.summary = "leave a note with a task",
	.about = "Whoever claims the task next is shown it.",
	.example = "$ taskctl note 2.1 'the tests need port 5433'",
	.param = note_rows,
	.req_size = sizeof(struct mark_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = note_run,
	.text = tctl_holder_text,
};

const struct tctl_command tctl_command_approve = {
	.name = "approve",
	.group = TCTL_GROUP_SET_UP,
	.summary = "approve a gate, so that what waits for it may begin",
	.about = "A gate is a Go/No-Go decision of the plan; it is never "
		 "claimed. It is refused (exit 7) while its criteria are open "
		 "or a task of the sprint that it judges is not finished; why "
		 "GATE lists them, and step GATE N ticks a criterion. With "
		 "--override and a reason it is approved all the same. Who "
		 "approved it, and why, is recorded; reopen closes it again.",
	.example = "$ taskctl approve GO-1 -m 'load test passed'",
	.param = approve_rows,
	.req_size = sizeof(struct mark_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = approve_run,
	.text = tctl_holder_text,
	.loads = true,
};

const struct tctl_command tctl_command_cancel = {
	.name = "cancel",
	.group = TCTL_GROUP_SET_UP,
	.summary = "take a task out of the plan",
	.about = "What needs it goes on waiting, until the dependency is "
		 "removed or the task is reopened. A task in work is not "
		 "cancelled.",
	.example = "$ taskctl cancel 2.5 -m 'not in this release'",
	.param = why_rows,
	.req_size = sizeof(struct mark_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = cancel_run,
	.text = tctl_holder_text,
};

const struct tctl_command tctl_command_reopen = {
	.name = "reopen",
	.group = TCTL_GROUP_SET_UP,
	.summary = "open a done, failed or cancelled task again",
	.about = "What needs it becomes pending; what is in work keeps its "
		 "lease, with a warning; what is done stays done.",
	.example = "$ taskctl reopen 2.1 -m 'the migration was incomplete'",
	.param = why_rows,
	.req_size = sizeof(struct mark_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = reopen_run,
	.text = tctl_holder_text,
};
