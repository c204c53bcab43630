/* show.c - taskctl show: all there is to say of one task. */
#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

struct show_req {
	const char *task;
	int64_t limit;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct show_req, task), .help = "the task" },
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = offsetof(struct show_req, limit),
	  .fallback = "50 in text, all in JSON",
	  .help = "its newest N events; 0: all" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
show_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct show_req *req = request;
	struct json_object *list;
	struct tctl_events events;
	struct tctl_tasks task;
	size_t limit, from;
	enum tctl_status status =
	    tctl_task_show(&ctx->coord, req->task, &task, err);

	if (status != TCTL_OK)
		return status;
	limit = tctl_ctx_limit(ctx, req->limit);
	status =
	    tctl_events_newest(&ctx->coord, req->task, limit + 1, &events, err);
	if (status == TCTL_OK) {
		*out = json_object_new_object();
		list = json_object_new_array();
		json_object_object_add(
		    *out, "task", tctl_json_task(&task.at[0]));
		from = events.count > limit ? events.count - limit : 0;
		for (size_t i = from; i < events.count; i++)
			json_object_array_add(
			    list, tctl_json_event(&events.at[i]));
		json_object_object_add(*out, "events", list);
		ctx->more = from > 0;
		tctl_events_release(&events);
	}
	tctl_tasks_release(&task);
	return status;
}

static void
put_field(struct tctl_ctx *ctx, FILE *to, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	fprintf(to, "  %-10s ", name);
	tctl_put(ctx, to, TCTL_PLAIN, text);
	fputs("\n", to);
}

static void
put_list(FILE *to, const char *name, struct json_object *ids)
{
	if (ids == NULL || json_object_array_length(ids) == 0)
		return;
	fprintf(to, "  %-10s ", name);
	tctl_put_ids(to, ids);
	fputs("\n", to);
}

static void
put_items(struct tctl_ctx *ctx, FILE *to, const char *name,
    struct json_object *items, size_t first)
{
	size_t count = items == NULL ? 0 : json_object_array_length(items);

	if (count > 0)
		fprintf(to, "%s\n", name);
	for (size_t i = 0; i < count; i++) {
		struct json_object *item = json_object_array_get_idx(items, i);

		fprintf(to, "  %2zu [%c] ", first + i,
		    tctl_get_bool(item, "done") ? 'x' : ' ');
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(item, "text"));
		fputs("\n", to);
	}
}

/* A gate's are numbered through, as step counts them. */
static void
put_lines(struct tctl_ctx *ctx, FILE *to, struct json_object *task)
{
	size_t first = tctl_get_bool(task, "gate")
			   ? tctl_get_count(task, "criteria") + 1
			   : 1;

	put_items(ctx, to, "criteria", tctl_get_object(task, "criteria"), 1);
	put_items(ctx, to, "steps", tctl_get_object(task, "steps"), first);
}

static void
put_lease(struct tctl_ctx *ctx, FILE *to, struct json_object *lease)
{
	if (lease == NULL)
		return;
	fprintf(to, "  %-10s ", "held by");
	tctl_put(ctx, to, TCTL_YELLOW, tctl_get(lease, "agent"));
	fprintf(to, ", token %s, until ", tctl_get(lease, "token"));
	tctl_put_instant(ctx, to, tctl_get(lease, "expires_at"));
	fputs(", in ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(lease, "worktree"));
	fputs("\n", to);
	tctl_put_reserved(to, "  reserved   ", lease);
}

static void
put_events(struct tctl_ctx *ctx, FILE *to, struct json_object *events)
{
	size_t count = json_object_array_length(events);

	if (count > 0)
		fputs("events\n", to);
	for (size_t i = 0; i < count; i++) {
		struct json_object *event =
		    json_object_array_get_idx(events, i);

		fputs("  ", to);
		tctl_put_instant(ctx, to, tctl_get(event, "at"));
		fputs("  ", to);
		tctl_put_cell(ctx, to, TCTL_BOLD, tctl_get(event, "kind"), 12);
		fputs(" ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(event, "agent"));
		if (tctl_get_object(event, "token") != NULL)
			fprintf(to, " (token %s)", tctl_get(event, "token"));
		fputs("\n", to);
	}
}

static void
put_notes(struct tctl_ctx *ctx, FILE *to, struct json_object *notes)
{
	size_t count = notes == NULL ? 0 : json_object_array_length(notes);

	if (count > 0)
		fputs("notes\n", to);
	for (size_t i = 0; i < count; i++) {
		struct json_object *note = json_object_array_get_idx(notes, i);

		fputs("  ", to);
		tctl_put_instant(ctx, to, tctl_get(note, "at"));
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(note, "agent"));
		fputs(": ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(note, "text"));
		fputs("\n", to);
	}
}

static void
show_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *task = tctl_get_object(out, "task");
	struct json_object *source = tctl_get_object(task, "source");

	tctl_put(ctx, to, TCTL_BOLD, tctl_get(task, "ref"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "title"));
	fputs("\n", to);
	put_field(ctx, to, "state", tctl_get(task, "state"));
	if (tctl_get_bool(task, "gate"))
		put_field(ctx, to, "gate",
		    "to be approved, not claimed: see taskctl help "
		    "approve");
	put_lease(ctx, to, tctl_get_object(task, "lease"));
	put_field(ctx, to, "done by", tctl_get(task, "finished_by"));
	put_field(ctx, to, "sprint", tctl_get(task, "sprint"));
	put_field(ctx, to, "planned", tctl_get(task, "planned_agent"));
	put_field(ctx, to, "priority", tctl_get(task, "priority"));
	if (tctl_get_number(task, "estimate_s") >= 0) {
		fprintf(to, "  %-10s ", "estimate");
		tctl_put_duration(to, tctl_get_number(task, "estimate_s"));
		fputs("\n", to);
	}
	put_field(ctx, to, "mutex", tctl_get(task, "mutex"));
	put_list(to, "needs", tctl_get_object(task, "needs"));
	put_list(to, "waits for", tctl_get_object(task, "unmet"));
	put_field(ctx, to, "after", tctl_get(task, "after"));
	put_list(to, "unblocks", tctl_get_object(task, "unblocks"));
	put_list(to, "files", tctl_get_object(task, "files"));
	if (tctl_get_number(task, "attempts") > 0)
		put_field(ctx, to, "attempts", tctl_get(task, "attempts"));
	if (source != NULL) {
		fprintf(to, "  %-10s ", "source");
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(source, "file"));
		fprintf(to, ":%s\n", tctl_get(source, "line"));
	}
	put_lines(ctx, to, task);
	put_notes(ctx, to, tctl_get_object(task, "notes"));
	put_events(ctx, to, tctl_get_object(out, "events"));
	if (ctx->more)
		fputs("  … and more before these (--limit 0 shows all)\n", to);
}

const struct tctl_command tctl_command_show = {
	.name = "show",
	.group = TCTL_GROUP_LOOK,
	.summary = "show all there is to say of one task",
	.about = "Its fields, criteria, steps and notes, who holds it, and "
		 "what happened to it.",
	.example = "$ taskctl show 2.1",
	.param = rows,
	.req_size = sizeof(struct show_req),
	.needs = TCTL_NEEDS_READ,
	.run = show_run,
	.text = show_text,
};
