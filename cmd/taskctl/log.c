/* log.c - taskctl log: what happened, and what happens. */
#include <time.h>

#include "commands.h"
#include "print.h"
#include "taskctl/time.h"
#include "taskctl/work_json.h"

struct log_req {
	const char *task;
	bool follow;
	int64_t after;
	const char *since;
	int64_t limit;
};

#define AT(member) offsetof(struct log_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND, .offset = AT(task),
	  .help = "only what concerns this task" },
	{ .name = "follow", .letter = 'f', .kind = TCTL_KIND_FLAG,
	  .offset = AT(follow),
	  .help = "go on: print events as they happen, one JSON document a "
	  "line with --json" },
	{ .name = "after", .kind = TCTL_KIND_NUMBER, .metavar = "ID",
	  .offset = AT(after), .help = "all events after this id" },
	{ .name = "since", .kind = TCTL_KIND_TEXT, .metavar = "WHEN",
	  .offset = AT(since), .help = "all since then: 2h (ago), 2026-11-21, "
	  "'2026-11-21 10:00', RFC 3339" },
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(limit), .fallback = "50 in text, all in JSON",
	  .help = "the newest N, with --after or --since the first N; "
	  "0: all" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

enum { BATCH = 1000, PATIENCE_MS = 1000 };

/* At most limit events: the newest, or after an id the next ones. */
static struct json_object *
answer(struct tctl_events *events, size_t limit, bool newest)
{
	bool cut = events->count > limit;
	struct json_object *out = json_object_new_object();
	struct json_object *list = json_object_new_array();

	for (size_t i = cut && newest ? events->count - limit : 0;
	     i < (cut && !newest ? limit : events->count); i++)
		json_object_array_add(list, tctl_json_event(&events->at[i]));
	json_object_object_add(out, "events", list);
	return out;
}

/* One document an event; no transaction is held while idle. */
static enum tctl_status
follow(struct tctl_ctx *ctx, const char *task, int64_t after,
    struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	struct tctl_events events;
	bool changed;

	while (status == TCTL_OK) {
		status = tctl_events_read(
		    &ctx->coord, after, task, BATCH, &events, err);
		if (status != TCTL_OK)
			break;
		for (size_t i = 0; i < events.count; i++) {
			struct json_object *event =
			    tctl_json_event(&events.at[i]);

			tctl_ctx_emit(ctx, event);
			json_object_put(event);
			after = events.at[i].id;
		}
		tctl_events_release(&events);
		if (fflush(stdout) != 0)
			return TCTL_OK; /* the reader has gone */
		status = tctl_store_wait(
		    ctx->coord.store, PATIENCE_MS, &changed, err);
	}
	return status;
}

/* So long ago, or at that instant. */
static enum tctl_status
find_since(struct tctl_ctx *ctx, const char *when, int64_t *after,
    struct tctl_error *err)
{
	enum { HOURS = 24 };
	struct tctl_duration ago;
	int64_t ms;

	if (tctl_duration_read(when, HOURS, &ago) && when[ago.length] == '\0')
		ms = ((int64_t)time(NULL) - ago.seconds) * 1000;
	else if (!tctl_instant_read(when, ctx->global->utc, &ms)) {
		tctl_fail(err, TCTL_EUSAGE,
		    "--since: \"%.60s\" is neither a while nor an instant",
		    when);
		return tctl_hint(err, "as 2h, 2026-11-21, '2026-11-21 10:00' "
				      "or 2026-11-21T10:00:00Z");
	}
	return tctl_events_before(&ctx->coord, ms, after, err);
}

static enum tctl_status
log_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct log_req *req = request;
	size_t limit = tctl_ctx_limit(ctx, req->limit);
	struct tctl_events events;
	int64_t after = req->after, last;
	/* One more than is shown tells whether there are more. */
	size_t wanted = limit + (req->follow ? 0 : 1);
	enum tctl_status status = TCTL_OK;

	if (req->since != NULL && after >= 0)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--since is instead of --after");
	if (req->since != NULL)
		status = find_since(ctx, req->since, &after, err);
	if (status != TCTL_OK)
		return status;
	last = after >= 0 ? after : 0;
	status = after >= 0 ? tctl_events_read(&ctx->coord, after, req->task,
				  wanted, &events, err)
			    : tctl_events_newest(
				  &ctx->coord, req->task, wanted, &events, err);
	if (status != TCTL_OK)
		return status;
	if (!req->follow) {
		ctx->more = events.count > limit;
		ctx->more_before = after < 0;
		*out = answer(&events, limit, after < 0);
		tctl_events_release(&events);
		return TCTL_OK;
	}
	for (size_t i = 0; i < events.count; i++) {
		struct json_object *event = tctl_json_event(&events.at[i]);

		tctl_ctx_emit(ctx, event);
		json_object_put(event);
		last = events.at[i].id;
	}
	tctl_events_release(&events);
	return follow(ctx, req->task, last, err);
}

static void
put_event(struct tctl_ctx *ctx, FILE *to, struct json_object *event)
{
	struct json_object *data = tctl_get_object(event, "data");
	const char *detail = tctl_get_detail(data);

	tctl_put_instant(ctx, to, tctl_get(event, "at"));
	fputs("  ", to);
	tctl_put_cell(ctx, to, TCTL_BOLD, tctl_get(event, "kind"), 12);
	fputs("  ", to);
	if (tctl_get_object(event, "task") != NULL)
		tctl_put_cell(ctx, to, TCTL_PLAIN, tctl_get(event, "task"), 8);
	if (tctl_get_object(event, "agent") != NULL) {
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_YELLOW, tctl_get(event, "agent"));
	}
	if (tctl_get_object(event, "token") != NULL)
		fprintf(to, " (token %s)", tctl_get(event, "token"));
	if (detail[0] != '\0') {
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_PLAIN, detail);
	}
	if (tctl_get_count(data, "patterns") > 0) {
		fputs("  ", to);
		tctl_put_ids(to, tctl_get_object(data, "patterns"));
	}
	fputs("\n", to);
}

static void
log_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *events = tctl_get_object(out, "events");

	if (events == NULL) {
		put_event(ctx, to, out);
		return;
	}
	if (ctx->more && ctx->more_before)
		fputs("… and more before these (--limit 0 shows all)\n", to);
	for (size_t i = 0; i < json_object_array_length(events); i++)
		put_event(ctx, to, json_object_array_get_idx(events, i));
	if (ctx->more && !ctx->more_before)
		fputs("… and more (--limit 0 shows all)\n", to);
}

const struct tctl_command tctl_command_log = {
	.name = "log",
	.group = TCTL_GROUP_LOOK,
	.summary = "show what happened, oldest first",
	.about = "Every change writes its event in the same transaction, so "
		 "the log is complete. With --follow it goes on until it is "
		 "interrupted; it holds nothing open while it waits.",
	.example = "$ taskctl log --follow\n$ taskctl --json log --after 120\n"
		   "$ taskctl log --since 2h",
	.param = rows,
	.req_size = sizeof(struct log_req),
	.needs = TCTL_NEEDS_READ,
	.run = log_run,
	.text = log_text,
};
