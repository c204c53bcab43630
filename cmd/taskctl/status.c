/* status.c - taskctl status: where it stands. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "print.h"
#include "status.h"
#include "taskctl/work_json.h"

struct status_req {
	const char *sprint;
	const char *agent;
	const char *format;
	bool porcelain;
	int64_t watch_s;
	int64_t limit;
};

#define AT(member) offsetof(struct status_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "sprint", .kind = TCTL_KIND_TEXT, .metavar = "S",
	  .offset = AT(sprint), .help = "only of this sprint" },
	{ .name = "agent", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(agent),
	  .help = "only what this agent does, waits for, or could do next" },
	{ .name = "watch", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(watch_s),
	  .help = "again at every change, and every N seconds" },
	{ .name = "format", .kind = TCTL_KIND_TEXT, .metavar = "PATTERN",
	  .offset = AT(format),
	  .help = "a line of your own: '{totals.percent}% {totals.done}'" },
	{ .name = "porcelain", .kind = TCTL_KIND_FLAG, .offset = AT(porcelain),
	  .help = "lines for scripts, the same in all versions" },
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(limit), .fallback = "as many as fit",
	  .help = "lines of each list; 0: all" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

enum { READY_SHOWN = 50 };

/* --- a part of it ------------------------------------------------------------
 */

static bool
is_of(const char *wanted, const char *is)
{
	return wanted == NULL || (is != NULL && strcasecmp(wanted, is) == 0);
}

/* S, or PLAN:S, whose tasks may have been added by hand: asked for by name. */
struct part {
	const char *sprint; /* S; NULL: of any */
	const char *plan;   /* NULL: of any */
	struct tctl_tasks tasks;
};

static enum tctl_status
find_part(const struct tctl_ctx *ctx, const char *sprint, struct part *out,
    struct tctl_error *err)
{
	const struct tctl_filter filter = { .sprint = sprint };
	const char *colon = sprint == NULL ? NULL : strrchr(sprint, ':');

	memset(out, 0, sizeof(*out));
	out->sprint = sprint;
	if (colon == NULL)
		return TCTL_OK;
	out->sprint = colon + 1;
	out->plan = tctl_arena_printf(
	    ctx->arena, "%.*s", (int)(colon - sprint), sprint);
	return tctl_tasks_list(&ctx->coord, &filter, &out->tasks, err);
}

static bool
has(const struct part *part, const char *sprint, const char *ref)
{
	if (!is_of(part->sprint, sprint))
		return false;
	for (size_t i = 0; i < part->tasks.count; i++)
		if (strcmp(part->tasks.at[i].ref, ref) == 0)
			return true;
	return part->plan == NULL;
}

static enum tctl_status
keep_sprint(struct tctl_status_report *report, const struct part *part,
    struct tctl_error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < report->sprint_count; i++)
		if (is_of(part->sprint, report->sprint[i].key) &&
		    (part->plan == NULL ||
			strcmp(part->plan, report->sprint[i].plan) == 0))
			report->sprint[kept++] = report->sprint[i];
	report->sprint_count = kept;
	if (kept == 0)
		return tctl_fail(
		    err, TCTL_ENOTFOUND, "there is no sprint %s", part->sprint);
	/* The forecast is of everything. */
	report->forecast.tasks = 0;
	report->totals = report->sprint[0].totals;
	for (size_t i = 1; i < kept; i++)
		tctl_totals_add(&report->totals, &report->sprint[i].totals);
	return TCTL_OK;
}

/* Leave what is of this part and of this agent; NULL: of any. */
static enum tctl_status
narrow(struct tctl_status_report *report, const struct part *part,
    const char *agent, struct tctl_error *err)
{
	size_t held = 0, stuck = 0;

	for (size_t i = 0; i < report->held.count; i++)
		if (has(part, report->held.at[i].sprint,
			report->held.at[i].ref) &&
		    is_of(agent, report->held.at[i].lease->agent)) {
			report->frees[held] = report->frees[i];
			report->held.at[held++] = report->held.at[i];
		}
	report->held.count = held;
	for (size_t i = 0; i < report->stuck_count; i++)
		if (has(part, report->stuck[i].sprint, report->stuck[i].task) &&
		    is_of(agent, report->stuck[i].agent))
			report->stuck[stuck++] = report->stuck[i];
	report->stuck_count = stuck;
	return part->sprint == NULL ? TCTL_OK : keep_sprint(report, part, err);
}

/* What this agent could claim of this sprint, in place of what anybody could.
 */
static enum tctl_status
replace_ready(const struct tctl_ctx *ctx, const struct status_req *req,
    size_t limit, struct json_object *out, struct tctl_error *err)
{
	struct json_object *ids = json_object_new_array();
	struct tctl_tasks tasks;
	size_t total;
	enum tctl_status status = tctl_tasks_ready(
	    &ctx->coord, req->agent, req->sprint, limit, &tasks, &total, err);

	if (status != TCTL_OK) {
		json_object_put(ids);
		return status;
	}
	for (size_t i = 0; i < tasks.count; i++)
		json_object_array_add(ids, tctl_json_text(tasks.at[i].ref));
	tctl_tasks_release(&tasks);
	json_object_object_add(out, "ready", ids);
	json_object_object_add(
	    out, "ready_count", json_object_new_int64((int64_t)total));
	return TCTL_OK;
}

static enum tctl_status
read_status(const struct tctl_ctx *ctx, const struct status_req *req,
    struct json_object **out, struct tctl_error *err)
{
	size_t ready = ctx->limit > READY_SHOWN && !ctx->limit_asked &&
			       !ctx->global->json && !req->porcelain
			   ? READY_SHOWN
			   : ctx->limit;
	struct tctl_status_report report;
	struct part part;
	enum tctl_status status = find_part(ctx, req->sprint, &part, err);

	if (status == TCTL_OK)
		status = tctl_status_read(&ctx->coord, ready, &report, err);
	if (status == TCTL_OK) {
		status = narrow(&report, &part, req->agent, err);
		if (status == TCTL_OK)
			*out = tctl_json_status(&report);
		tctl_status_release(&report);
	}
	tctl_tasks_release(&part.tasks);
	if (status == TCTL_OK && (req->sprint != NULL || req->agent != NULL))
		status = replace_ready(ctx, req, ready, *out, err);
	return status;
}

/* --- the command
 * -------------------------------------------------------------- */

static enum tctl_status
put_once(struct tctl_ctx *ctx, const struct status_req *req,
    struct json_object *out, struct tctl_error *err)
{
	if (req->format != NULL)
		return tctl_status_format(stdout, req->format, out, err);
	if (req->porcelain)
		tctl_status_porcelain(stdout, out);
	else
		tctl_ctx_emit(ctx, out);
	return TCTL_OK;
}

/* In the place of the last picture, line by line: nothing flickers. */
static void
put_over(struct tctl_ctx *ctx, struct json_object *out)
{
	char *text = NULL, *save = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	tctl_status_text(ctx, to, out);
	if (fclose(to) != 0)
		tctl_die_nomem();
	fputs("\x1b[H", stdout);
	for (char *line = text; (save = strchr(line, '\n')) != NULL;
	     line = save + 1)
		printf("%.*s\x1b[K\n", (int)(save - line), line);
	fputs("\x1b[J", stdout);
	free(text);
}

/* Until somebody ends it. */
static enum tctl_status
watch(
    struct tctl_ctx *ctx, const struct status_req *req, struct tctl_error *err)
{
	enum { CALM_US = 200000 };
	bool over = isatty(STDOUT_FILENO) && !ctx->global->json &&
		    !req->porcelain && req->format == NULL;
	int64_t every_ms = (req->watch_s > 0 ? req->watch_s : 1) * 1000;
	enum tctl_status status = TCTL_OK;
	bool changed;

	for (;;) {
		struct json_object *out = NULL;

		status = read_status(ctx, req, &out, err);
		if (status == TCTL_OK && over)
			put_over(ctx, out);
		else if (status == TCTL_OK)
			status = put_once(ctx, req, out, err);
		json_object_put(out);
		if (status != TCTL_OK)
			return status;
		if (fflush(stdout) != 0)
			return TCTL_OK; /* whoever looked has gone */
		usleep(CALM_US);	/* a crowd changes it all the time */
		status =
		    tctl_store_wait(ctx->coord.store, every_ms, &changed, err);
		if (status != TCTL_OK)
			return status;
	}
}

static enum tctl_status
status_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct status_req *req = request;
	enum tctl_status status;

	if (req->format != NULL && (req->porcelain || ctx->global->json))
		return tctl_fail(err, TCTL_EUSAGE,
		    "--format is instead of --porcelain and --json");
	if (req->porcelain && ctx->global->json)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--porcelain is instead of --json");
	(void)tctl_ctx_limit(
	    ctx, req->limit < 0 && (req->porcelain || !ctx->global->json)
		     ? 0
		     : req->limit);
	ctx->limit_asked = req->limit >= 0;
	if (req->watch_s >= 0)
		return watch(ctx, req, err);
	status = read_status(ctx, req, out, err);
	if (status == TCTL_OK && (req->format != NULL || req->porcelain)) {
		status = put_once(ctx, req, *out, err);
		json_object_put(*out);
		*out = NULL;
	}
	return status;
}

const struct tctl_command tctl_command_status = {
	.name = "status",
	.group = TCTL_GROUP_LOOK,
	.summary = "where it stands: progress, who works, what is stuck",
	.about =
	    "Percent is by effort without cancelled tasks; a missing "
	    "estimate counts as its sprint's median; without any "
	    "estimates it is by count.\n\n"
	    "Once three tasks with estimates are finished there is a "
	    "forecast: when all will be done if it goes on at their "
	    "pace, by then in half of the cases (p50) and in nine of ten "
	    "(p90). That holds if what failed is reopened, and if nothing "
	    "needs what was cancelled any more: provided names such "
	    "tasks.\n\n"
	    "--format takes {places} of what --json says, joined by dots; "
	    "a list is its length, {leases.0.agent} is of its first one, "
	    "and what is not there is empty. \\n and \\t are a newline and "
	    "a tab, {{ is a brace.\n\n"
	    "--porcelain writes a word and its fields, parted by tabs, an "
	    "empty one where there is nothing, times in seconds; more "
	    "fields may follow later, at the end of a line, and more "
	    "words: taskctl-status 1; totals percent done tasks done_s "
	    "estimate_s pending ready claimed failed cancelled; sprint id "
	    "state percent done tasks done_s estimate_s title; lease task "
	    "agent token acquired_at expires_at estimate_s title; stuck "
	    "task kind agent why next title; ready task; forecast p50 "
	    "p90.",
	.example = "$ taskctl status",
	.param = rows,
	.req_size = sizeof(struct status_req),
	.needs = TCTL_NEEDS_READ,
	.run = status_run,
	.text = tctl_status_text,
};
