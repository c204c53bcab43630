/* status.c - taskctl status: where it stands, on one screen. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "print.h"
#include "taskctl/text.h"
#include "taskctl/time.h"
#include "taskctl/work_json.h"

struct status_req {
	int64_t limit;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = offsetof(struct status_req, limit), .fallback = "10",
	  .help = "lines of each list; 0: all" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

enum { BAR = 20, FEW = 10 };

static enum tctl_status
status_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct status_req *req = request;
	struct tctl_status_report report;
	size_t limit = tctl_ctx_limit(
	    ctx, req->limit < 0 && !ctx->global->json ? FEW : req->limit);
	enum tctl_status status =
	    tctl_status_read(&ctx->coord, limit, &report, err);

	if (status != TCTL_OK)
		return status;
	*out = tctl_json_status(&report);
	tctl_status_release(&report);
	return TCTL_OK;
}

static void
put_bar(struct tctl_ctx *ctx, FILE *to, int64_t percent)
{
	int full = percent < 0 ? 0 : (int)(percent * BAR / 100);
	char bar[BAR * 3 + 1];
	char *at = bar;

	for (int i = 0; i < BAR; i++) {
		const char *block = i < full ? "█" : "░";

		memcpy(at, block, 3);
		at += 3;
	}
	*at = '\0';
	tctl_put(ctx, to, percent == 100 ? TCTL_BLUE : TCTL_GREEN, bar);
	if (percent < 0)
		fputs("    -", to);
	else
		fprintf(to, " %3lld%%", (long long)percent);
}

static void
put_total(struct tctl_ctx *ctx, FILE *to, struct json_object *totals)
{
	put_bar(ctx, to, tctl_get_number(totals, "percent"));
	fprintf(to, "  %s of %s tasks done", tctl_get(totals, "done"),
	    tctl_get(totals, "tasks"));
	if (tctl_get_number(totals, "estimate_s") > 0) {
		fputs(", ", to);
		tctl_put_duration(to, tctl_get_number(totals, "done_s"));
		fputs(" of ", to);
		tctl_put_duration(to, tctl_get_number(totals, "estimate_s"));
	}
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		const char *word = tctl_state_word((enum tctl_state)i);

		if (i != TCTL_STATE_DONE && tctl_get_number(totals, word) > 0)
			fprintf(to, ", %s %s", tctl_get(totals, word), word);
	}
	fputs("\n", to);
}

static void
put_sprints(
    struct tctl_ctx *ctx, FILE *to, struct json_object *sprints, size_t limit)
{
	size_t count = json_object_array_length(sprints), shown = 0;
	int width = tctl_width() - 3 - BAR - 5 - 12 - 8;

	for (size_t i = 0; i < count && shown < limit; i++, shown++) {
		struct json_object *one = json_object_array_get_idx(sprints, i);
		char *name;

		name = tctl_get(one, "id")[0] == '\0'
			   ? tctl_xstrdup("(no sprint)")
			   : tctl_xprintf("%s  %s", tctl_get(one, "id"),
				 tctl_get(one, "title"));
		fputs("  ", to);
		put_bar(ctx, to,
		    strcmp(tctl_get(one, "state"), "done") == 0
			? 100
			: tctl_get_number(one, "percent"));
		fprintf(to, "  %4s/%-4s  ", tctl_get(one, "done"),
		    tctl_get(one, "tasks"));
		tctl_text_cell(to, name, width < 16 ? 16 : width, false);
		fputs("\n", to);
		free(name);
	}
	if (shown < count)
		fprintf(to, "  … and %zu more sprints\n", count - shown);
}

/* Columns of the longest id of a list, within reason. */
static int
id_width(struct json_object *list)
{
	enum { LEAST = 8, MOST = 24 };
	int most = LEAST;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		int width = tctl_text_width(
		    tctl_get(json_object_array_get_idx(list, i), "task"));

		most = width > most ? width : most;
	}
	return most < MOST ? most : MOST;
}

static void
put_leases(
    struct tctl_ctx *ctx, FILE *to, struct json_object *leases, size_t limit)
{
	size_t count = json_object_array_length(leases);

	if (count > 0)
		fprintf(to, "\nin work\n");
	for (size_t i = 0; i < count && i < limit; i++) {
		struct json_object *lease =
		    json_object_array_get_idx(leases, i);

		fputs("  ", to);
		tctl_put_cell(ctx, to, TCTL_BOLD, tctl_get(lease, "task"),
		    id_width(leases));
		fputs(" ", to);
		tctl_put_cell(
		    ctx, to, TCTL_YELLOW, tctl_get(lease, "agent"), 14);
		fputs(" since ", to);
		tctl_put_instant(ctx, to, tctl_get(lease, "acquired_at"));
		fputs(", until ", to);
		tctl_put_instant(ctx, to, tctl_get(lease, "expires_at"));
		fputs("\n", to);
		tctl_put_reserved(to, "           reserved ", lease);
	}
	if (count > limit)
		fprintf(to, "  … and %zu more\n", count - limit);
}

static void
put_stuck(
    struct tctl_ctx *ctx, FILE *to, struct json_object *stuck, size_t limit)
{
	size_t count = json_object_array_length(stuck);

	if (count > 0)
		fprintf(to, "\nstuck\n");
	for (size_t i = 0; i < count && i < limit; i++) {
		struct json_object *one = json_object_array_get_idx(stuck, i);

		fputs("  ", to);
		tctl_put_cell(
		    ctx, to, TCTL_RED, tctl_get(one, "task"), id_width(stuck));
		fputs(" ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "why"));
		fputs("\n", to);
	}
	if (count > limit)
		fprintf(to, "  … and %zu more\n", count - limit);
}

static void
status_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *totals = tctl_get_object(out, "totals");
	int64_t ready = tctl_get_number(out, "ready_count");

	if (tctl_get_number(totals, "tasks") == 0) {
		fputs("no tasks yet; load a plan: taskctl import FILE\n", to);
		return;
	}
	put_total(ctx, to, totals);
	put_sprints(ctx, to, tctl_get_object(out, "sprints"), ctx->limit);
	put_leases(ctx, to, tctl_get_object(out, "leases"), ctx->limit);
	put_stuck(ctx, to, tctl_get_object(out, "stuck"), ctx->limit);
	if (ready > 0) {
		fprintf(to, "\nready now (%lld): ", (long long)ready);
		tctl_put_ids(to, tctl_get_object(out, "ready"));
		fputs(ready > (int64_t)tctl_get_count(out, "ready") ? ", …\n"
								    : "\n",
		    to);
	}
	tctl_put_forecast(ctx, to, tctl_get_object(out, "forecast"));
	if (tctl_get_number(totals, "percent") == 100)
		fputs("\nthe plan is complete\n", to);
}

const struct tctl_command tctl_command_status = {
	.name = "status",
	.group = TCTL_GROUP_LOOK,
	.summary = "where it stands: progress, who works, what is stuck",
	.about = "Percent is by effort without cancelled tasks; a missing "
		 "estimate counts as its sprint's median; without any "
		 "estimates it is by count.\n\n"
		 "Once three tasks with estimates are finished there is a "
		 "forecast: when all will be done if it goes on at their "
		 "pace, by then in half of the cases (p50) and in nine of ten "
		 "(p90).",
	.example = "$ taskctl status",
	.param = rows,
	.req_size = sizeof(struct status_req),
	.needs = TCTL_NEEDS_READ,
	.run = status_run,
	.text = status_text,
};
