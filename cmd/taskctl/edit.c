/* edit.c - taskctl add, edit and dep: changing the plan by hand. */
#include <string.h>

#include "commands.h"
#include "holder.h"

struct edit_req {
	struct tctl_who who;
	const char *task;
	struct tctl_fields fields;
	struct tctl_strings needs;
};

#define AT(member) offsetof(struct edit_req, member)

/* clang-format off */
#define FIELD_ROWS \
	{ .name = "sprint", .kind = TCTL_KIND_TEXT, .metavar = "S", \
	  .offset = AT(fields.sprint), .help = "its sprint; - for none" }, \
	{ .name = "planned-agent", .kind = TCTL_KIND_TEXT, .metavar = "NAME", \
	  .offset = AT(fields.agent), \
	  .help = "who it is planned for; - for nobody" }, \
	{ .name = "estimate", .kind = TCTL_KIND_TEXT, .metavar = "D", \
	  .offset = AT(fields.estimate), \
	  .help = "how long it takes, as in 45m, 2h30 or 2 days; - for none" }, \
	{ .name = "mutex", .kind = TCTL_KIND_TEXT, .metavar = "NAME", \
	  .offset = AT(fields.mutex), \
	  .help = "what only one task at a time may hold; - for none" }, \
	{ .name = "priority", .kind = TCTL_KIND_NUMBER, .metavar = "N", \
	  .offset = AT(fields.priority), .help = "1 high to 4 low" }

static const struct tctl_param add_rows[] = {
	{ .name = "ID", .kind = TCTL_KIND_TEXT,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(task), .help = "the new task's id, as 2.5" },
	{ .name = "TITLE", .kind = TCTL_KIND_TEXT,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(fields.title), .help = "what is to be done" },
	FIELD_ROWS,
	{ .name = "needs", .kind = TCTL_KIND_TASK, .metavar = "TASK",
	  .flags = TCTL_PARAM_MANY, .offset = AT(needs),
	  .help = "what must be done before; may be given several times" },
	TCTL_WHO_ROWS(struct edit_req),
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param edit_rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(task), .help = "the task" },
	{ .name = "title", .kind = TCTL_KIND_TEXT, .metavar = "TEXT",
	  .offset = AT(fields.title), .help = "what is to be done" },
	FIELD_ROWS,
	TCTL_WHO_ROWS(struct edit_req),
	TCTL_TOKEN_ROW(struct edit_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
edit_or_add(struct tctl_ctx *ctx, const struct edit_req *req, bool add,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, req->task, &caller, err);

	if (status != TCTL_OK)
		return status;
	status = add ? tctl_task_add(&ctx->coord, &caller, req->task,
			   &req->fields, &req->needs, &answer, err)
		     : tctl_task_edit(&ctx->coord, &caller, req->task,
			   &req->fields, &answer, err);
	if (status == TCTL_OK)
		tctl_ctx_follow_up(ctx, false);
	*out = tctl_ctx_answer(ctx, status, &answer);
	return status;
}

static enum tctl_status
add_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	return edit_or_add(ctx, request, true, out, err);
}

static enum tctl_status
edit_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct edit_req *req = request;
	const struct tctl_fields *fields = &req->fields;

	if (fields->title == NULL && fields->sprint == NULL &&
	    fields->agent == NULL && fields->estimate == NULL &&
	    fields->mutex == NULL && fields->priority < 0)
		return tctl_fail(err, TCTL_EUSAGE,
		    "edit wants something to change: --title, --estimate …");
	return edit_or_add(ctx, request, false, out, err);
}

/* --- dep
 * ------------------------------------------------------------------------- */

struct dep_req {
	struct tctl_who who;
	const char *action;
	const char *task;
	const char *needs;
};

/* clang-format off */
static const struct tctl_param dep_rows[] = {
	{ .name = "ACTION", .kind = TCTL_KIND_CHOICE, .choices = "add|rm",
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct dep_req, action), .help = "add or rm" },
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct dep_req, task), .help = "the task" },
	{ .name = "NEEDS", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct dep_req, needs),
	  .help = "what must be done before it" },
	TCTL_WHO_ROWS(struct dep_req),
	TCTL_TOKEN_ROW(struct dep_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
dep_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct dep_req *req = request;
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, req->task, &caller, err);

	if (status != TCTL_OK)
		return status;
	status = strcmp(req->action, "add") == 0
		     ? tctl_dep_add(&ctx->coord, &caller, req->task, req->needs,
			   &answer, err)
		     : tctl_dep_remove(&ctx->coord, &caller, req->task,
			   req->needs, &answer, err);
	if (status == TCTL_OK)
		tctl_ctx_follow_up(ctx, false);
	*out = tctl_ctx_answer(ctx, status, &answer);
	return status;
}

const struct tctl_command tctl_command_add = {
	.name = "add",
	.group = TCTL_GROUP_SET_UP,
	.summary = "add a task by hand",
	.about = "It belongs to no plan file, so no import touches it.",
	.example = "$ taskctl add 2.5 'Rate limits' --estimate 2h --needs 2.1",
	.param = add_rows,
	.req_size = sizeof(struct edit_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = add_run,
	.text = tctl_holder_text,
};

const struct tctl_command tctl_command_edit = {
	.name = "edit",
	.group = TCTL_GROUP_SET_UP,
	.summary = "change a task by hand",
	.about = "What is set by hand stays when the plan is imported again; "
		 "the import says where the plan differs.",
	.example = "$ taskctl edit 2.1 --estimate 3h --planned-agent ada",
	.param = edit_rows,
	.req_size = sizeof(struct edit_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = edit_run,
	.text = tctl_holder_text,
};

const struct tctl_command tctl_command_dep = {
	.name = "dep",
	.group = TCTL_GROUP_SET_UP,
	.summary = "add or remove a dependency",
	.about = "A cycle is refused, and named whole.",
	.example = "$ taskctl dep add 2.5 2.1",
	.param = dep_rows,
	.req_size = sizeof(struct dep_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = dep_run,
	.text = tctl_holder_text,
};
