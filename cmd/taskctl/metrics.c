/* metrics.c - taskctl metrics: the text format of Prometheus.
 *
 * Source: the text-based format 0.0.4, and the naming rules, of
 * prometheus.io/docs: base units, _total for counters, timestamps instead of
 * ages.  No label is a task, an agent or a session: there is no end to those.
 * The project's name keeps two repositories apart in one folder of files. */
#include "metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "file_replace.h"
#include "print.h"
#include "taskctl/metrics.h"

#ifndef TCTL_VERSION
#define TCTL_VERSION "unknown"
#endif

struct metrics_req {
	const char *file;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "textfile", .kind = TCTL_KIND_FILE, .metavar = "FILE",
	  .offset = offsetof(struct metrics_req, file),
	  .help = "write to FILE (NAME.prom) in one step, for node_exporter",
	  .fallback = "standard output" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

struct writer {
	FILE *to;
	char *project; /* its label, escaped; owned */
};

/* A label's value: \ " and newline are escaped. */
static char *
escape_label(const char *text)
{
	char *out = NULL;
	size_t bytes;
	FILE *to = open_memstream(&out, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	for (; *text != '\0'; text++)
		if (*text == '\n')
			fputs("\\n", to);
		else
			fprintf(to, "%s%c",
			    *text == '"' || *text == '\\' ? "\\" : "", *text);
	if (fclose(to) != 0)
		tctl_die_nomem();
	return out;
}

static void
head(const struct writer *w, const char *name, const char *type,
    const char *help)
{
	fprintf(w->to, "# HELP taskctl_%s %s\n# TYPE taskctl_%s %s\n", name,
	    help, name, type);
}

/* One line; label NULL: only the project's. */
static void
line(const struct writer *w, const char *name, const char *label,
    const char *value, int64_t number)
{
	fprintf(w->to, "taskctl_%s{project=\"%s\"", name, w->project);
	if (label != NULL)
		fprintf(w->to, ",%s=\"%s\"", label, value);
	fprintf(w->to, "} %" PRId64 "\n", number);
}

/* Wall-clock milliseconds as seconds with their part. */
static void
moment(const struct writer *w, const char *name, const char *label,
    const char *value, int64_t ms)
{
	fprintf(w->to, "taskctl_%s{project=\"%s\"", name, w->project);
	if (label != NULL)
		fprintf(w->to, ",%s=\"%s\"", label, value);
	fprintf(w->to, "} %" PRId64 ".%03" PRId64 "\n", ms / 1000, ms % 1000);
}

static void
put_work(const struct writer *w, const struct tctl_status_report *report)
{
	int64_t stuck[TCTL_STUCK_GATE + 1] = { 0 };

	head(w, "tasks", "gauge", "Tasks by status.");
	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		line(w, "tasks", "status", tctl_state_word((enum tctl_state)i),
		    (int64_t)report->totals.state[i]);
	head(w, "effort_seconds", "gauge",
	    "Estimated effort: of all tasks, and of those that are done.");
	line(w, "effort_seconds", "part", "all", report->totals.estimate_s);
	line(w, "effort_seconds", "part", "done", report->totals.done_s);
	for (size_t i = 0; i < report->stuck_count; i++)
		stuck[report->stuck[i].kind]++;
	head(w, "stuck_tasks", "gauge", "Tasks that somebody should look at.");
	for (int i = 0; i <= TCTL_STUCK_GATE; i++)
		line(w, "stuck_tasks", "reason",
		    tctl_stuck_word((enum tctl_stuck_kind)i), stuck[i]);
	head(w, "leases_active", "gauge", "Leases that hold.");
	line(w, "leases_active", NULL, NULL, (int64_t)report->held.count);
}

static void
put_events(const struct writer *w, const struct tctl_metrics *m)
{
	head(w, "events_total", "counter",
	    "Events by kind, since the store "
	    "was made.");
	for (size_t i = 0; i < m->events; i++)
		line(w, "events_total", "event", m->event[i].kind,
		    m->event[i].count);
	head(w, "last_event_timestamp_seconds", "gauge",
	    "When something happened last.");
	moment(w, "last_event_timestamp_seconds", NULL, NULL, m->last_ms);
	if (m->oldest_expiry_ms == 0)
		return;
	head(w, "lease_oldest_expiry_timestamp_seconds", "gauge",
	    "When the first of the leases that hold will end.");
	moment(w, "lease_oldest_expiry_timestamp_seconds", NULL, NULL,
	    m->oldest_expiry_ms);
}

static void
put_cycles(const struct writer *w, const struct tctl_metrics *m)
{
	int64_t sum = 0;
	char bound[32];

	head(w, "task_cycle_seconds", "histogram",
	    "From the claim that led to it until a task was done.");
	for (size_t i = 0; i < TCTL_METRICS_BUCKETS; i++) {
		sum += m->cycle[i];
		if (i < TCTL_METRICS_BUCKETS - 1)
			snprintf(bound, sizeof(bound), "%" PRId64,
			    tctl_metrics_bound_s[i]);
		else
			snprintf(bound, sizeof(bound), "+Inf");
		line(w, "task_cycle_seconds_bucket", "le", bound, sum);
	}
	line(w, "task_cycle_seconds_sum", NULL, NULL, m->cycle_sum_s);
	line(w, "task_cycle_seconds_count", NULL, NULL, m->cycles);
}

static void
put_runs(const struct writer *w, const struct tctl_metrics *m,
    const char *const *jobs)
{
	if (*jobs == NULL)
		return;
	head(w, "last_run_timestamp_seconds", "gauge",
	    "When this was last done with success.");
	for (; *jobs != NULL; jobs++)
		moment(w, "last_run_timestamp_seconds", "job", *jobs,
		    m->report.now_ms);
}

static void
put_info(const struct writer *w, const char *store)
{
	struct stat st;

	head(w, "build_info", "gauge", "The version of taskctl.");
	line(w, "build_info", "version", TCTL_VERSION, 1);
	if (stat(store, &st) != 0)
		return;
	head(w, "store_size_bytes", "gauge", "The store's file.");
	line(w, "store_size_bytes", NULL, NULL, st.st_size);
}

/* Owned (free). */
static enum tctl_status
write_metrics(struct tctl_ctx *ctx, const char *const *jobs, char **out,
    size_t *bytes, struct tctl_error *err)
{
	const char *slash = strrchr(ctx->place.root, '/');
	struct tctl_metrics metrics;
	struct writer w;
	enum tctl_status status = tctl_metrics_read(&ctx->coord, &metrics, err);

	if (status != TCTL_OK)
		return status;
	w.to = open_memstream(out, bytes);
	if (w.to == NULL)
		tctl_die_nomem();
	w.project = escape_label(
	    slash == NULL || slash[1] == '\0' ? ctx->place.root : slash + 1);
	put_info(&w, ctx->place.store);
	put_work(&w, &metrics.report);
	put_events(&w, &metrics);
	put_cycles(&w, &metrics);
	put_runs(&w, &metrics, jobs);
	if (fclose(w.to) != 0)
		tctl_die_nomem();
	free(w.project);
	tctl_metrics_release(&metrics);
	return TCTL_OK;
}

enum tctl_status
tctl_metrics_write_file(struct tctl_ctx *ctx, const char *file,
    const char *const *jobs, struct tctl_error *err)
{
	char *text = NULL;
	size_t bytes;
	enum tctl_status status = write_metrics(ctx, jobs, &text, &bytes, err);

	if (status == TCTL_OK)
		status = tctl_file_replace(file, text, bytes, err);
	free(text);
	/* node_exporter is another user. */
	if (status == TCTL_OK && chmod(file, 0644) != 0)
		status = tctl_fail(
		    err, TCTL_EFAILED, "cannot make %s readable for all", file);
	return status;
}

static enum tctl_status
metrics_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	static const char *const self[] = { "metrics", NULL };
	const struct metrics_req *req = request;
	char *text = NULL;
	size_t bytes;
	enum tctl_status status;

	if (req->file != NULL)
		return tctl_metrics_write_file(ctx, req->file, self, err);
	status = write_metrics(ctx, self, &text, &bytes, err);
	if (status == TCTL_OK) {
		*out = json_object_new_object();
		json_object_object_add(
		    *out, "text", json_object_new_string(text));
	}
	free(text);
	return status;
}

static void
metrics_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx;
	fputs(tctl_get(out, "text"), to);
}

const struct tctl_command tctl_command_metrics = {
	.name = "metrics",
	.group = TCTL_GROUP_AGENTS,
	.summary = "numbers for Prometheus",
	.about =
	    "Counters come from the events, so they survive restarts. No label "
	    "is a task, an agent or a session; project is the folder's "
	    "name.\n\n"
	    "With --textfile the file is replaced in one step, for the "
	    "textfile collector of node_exporter. Alert rules and a dashboard "
	    "are in examples/prometheus beside the program's other examples.",
	.example = "$ taskctl metrics | promtool check metrics\n"
		   "$ taskctl metrics --textfile "
		   "/var/lib/prometheus/node-exporter/app.prom",
	.param = rows,
	.req_size = sizeof(struct metrics_req),
	.needs = TCTL_NEEDS_READ,
	.run = metrics_run,
	.text = metrics_text,
};
