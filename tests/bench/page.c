/* page.c - the first page of serve: how long until all of it is there, and how
 * many bytes it is with everything that it needs.
 *
 * The store is changed before each time, so that the page is made anew; the
 * change is on it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { TASKS = 1000, CALM_US = 400000 }; /* serve makes pages at leisure */

/* What a browser would ask for next: src="/…", and style sheets. */
static size_t
asset_bytes(unsigned port, const char *page)
{
	static const char *const mark[] = { " src=\"/",
		"<link rel=\"stylesheet\" href=\"/", " data=\"/" };
	size_t bytes = 0;

	for (size_t i = 0; i < sizeof(mark) / sizeof(mark[0]); i++) {
		const char *at = page;

		while ((at = strstr(at, mark[i])) != NULL) {
			const char *path = at + strlen(mark[i]) - 1;
			char *one =
			    bench_text("%.*s", (int)strcspn(path, "\""), path);
			struct bench_http asset;

			bench_http_get(port, one, &asset);
			bytes += asset.bytes;
			free(asset.text);
			free(one);
			at = path;
		}
	}
	return bytes;
}

static void
change(const struct bench *bench, struct bench_field *field, const char *agent)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	char id[24];
	const char *const argv[] = { taskctl, "claim", id, "--agent", agent,
		NULL };
	struct bench_run run;
	size_t task;

	if (!bench_field_take(field, &task))
		bench_die("no task is left to claim");
	bench_plan_id(task, id);
	bench_must(field->folder, argv, &run);
	free(taskctl);
}

static void
ask(const struct bench_serve *serve, const char *agent, struct bench_series *ms,
    size_t *bytes)
{
	struct bench_http page;

	bench_http_get(serve->port, "/", &page);
	if (strstr(page.text, agent) == NULL ||
	    strstr(page.text, "</html>") == NULL)
		bench_die("the page does not show what %s has claimed", agent);
	bench_series_add(ms, page.ms);
	*bytes = page.bytes + asset_bytes(serve->port, page.text);
	free(page.text);
}

static void
report(struct bench *bench, const char *program, const struct bench_series *ms)
{
	const struct bench_row row = { .what = "first page",
		.program = program,
		.tasks = TASKS,
		.ms = ms };

	bench_report_row(bench->report, &row);
}

void
bench_case_page(struct bench *bench)
{
	struct bench_series made = { 0 }, kept = { 0 };
	struct bench_target paint = { .what = "first page of serve",
		.tasks = TASKS,
		.limit = 100,
		.unit = "ms" };
	struct bench_target size = { .what = "the page, with all it needs",
		.tasks = TASKS,
		.limit = 300,
		.unit = "KB",
		.is_ratio = true };
	struct bench_serve serve;
	struct bench_field field;
	size_t bytes = 0;

	bench_field_make(&bench->options, TASKS, &field);
	bench_serve_start(bench, &field, &serve);
	for (size_t i = 0; i < bench->options.rounds / 6; i++) {
		char *agent = bench_text("agent-%zu.", i);

		bench_probe_take(&bench->probe);
		change(bench, &field, agent);
		usleep(CALM_US);
		ask(&serve, agent, &made, &bytes);
		ask(&serve, agent, &kept, &bytes);
		free(agent);
	}
	bench_serve_stop(&serve);
	bench_await_orphans();
	report(bench, "serve, new", &made);
	report(bench, "serve, again", &kept);
	paint.is = bench_median(&made);
	bench_report_target(bench->report, &paint);
	size.is = (double)bytes / 1000;
	bench_report_target(bench->report, &size);
	bench_series_release(&made);
	bench_series_release(&kept);
	bench_field_release(&field);
}
