/* truth.c - read a plan and compare it with what people counted by hand.
 *
 *     build/truth PLAN.md TRUTH.json      prints every difference, exits 1
 *     build/truth PLAN.md                 prints what is wrong with it
 *     build/truth --count PLAN.md         prints what it holds, in one line
 *
 * The truth belongs to whoever owns the plan, so it is not in this repository;
 * `make check` runs this only where the files are. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "taskctl/graph.h"
#include "taskctl/plan.h"
#include "taskctl/schedule.h"

static size_t differences;

static void TCTL_PRINTF(1, 2) differs(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	differences++;
}

static char *
slurp(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	int c;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	for (*length = 0; (c = getc(file)) != EOF; ++*length) {
		text = tctl_grow(text, *length, 1);
		text[*length] = (char)c;
	}
	fclose(file);
	return text;
}

static void
compare_text(const char *id, const char *what, const char *ours,
    struct json_object *truth)
{
	const char *theirs = json_object_get_string(truth);

	if (ours == NULL || theirs == NULL) {
		if (ours != theirs)
			differs("%s: %s is %s, and %s in truth", id, what,
			    ours ? ours : "nothing",
			    theirs ? theirs : "nothing");
	} else if (strcmp(ours, theirs) != 0) {
		differs("%s: %s is \"%s\", and \"%s\" in truth", id, what, ours,
		    theirs);
	}
}

static void
compare_number(const char *id, const char *what, int64_t ours, int64_t theirs)
{
	if (ours != theirs)
		differs("%s: %s is %" PRId64 ", and %" PRId64 " in truth", id,
		    what, ours, theirs);
}

static void
compare_list(const char *id, const char *what, const struct tctl_strings *ours,
    struct json_object *truth)
{
	size_t n = json_object_array_length(truth);

	compare_number(id, what, (int64_t)ours->count, (int64_t)n);
	for (size_t i = 0; i < n && i < ours->count; i++)
		compare_text(
		    id, what, ours->at[i], json_object_array_get_idx(truth, i));
}

static struct json_object *
get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

static void
compare_task(const struct tctl_task *task, struct json_object *truth)
{
	const char *id = task->id;

	compare_text(id, "id", task->id, get(truth, "id"));
	compare_text(id, "title", task->title, get(truth, "title"));
	compare_text(id, "sprint", task->sprint, get(truth, "sprint"));
	compare_text(id, "agent", task->planned_agent, get(truth, "agent"));
	compare_text(id, "mutex", task->mutex, get(truth, "mutex"));
	compare_text(
	    id, "state", tctl_state_word(task->state), get(truth, "state"));
	compare_number(id, "estimate_s", task->estimate_s,
	    json_object_get_int64(get(truth, "estimate_s")));
	compare_number(id, "priority", task->priority,
	    json_object_get_int64(get(truth, "priority")));
	compare_list(id, "needs", &task->needs, get(truth, "needs"));
	compare_list(id, "files", &task->files, get(truth, "files"));
}

/* needs_text and needs_gantt: what each edge's source must say. */
static void
compare_sources(const struct tctl_plan *plan, size_t task,
    struct json_object *truth, const char *key, unsigned sources)
{
	struct tctl_strings list = { 0 };

	for (size_t e = 0; e < plan->edge_count; e++)
		if (plan->edge[e].after == task &&
		    (plan->edge_source[e] & sources))
			tctl_strings_add(plan->arena, &list,
			    plan->task[plan->edge[e].before].id);
	compare_list(plan->task[task].id, key, &list, get(truth, key));
}

static void
compare_sums(const struct tctl_plan *plan, struct json_object *truth)
{
	int64_t total = 0;

	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task[i].estimate_s > 0)
			total += plan->task[i].estimate_s;
	compare_number("plan", "sequential_s", total,
	    json_object_get_int64(get(truth, "sequential_s")));
	json_object_object_foreach(get(truth, "sprint_estimate_s"), key, value)
	{
		total = 0;
		for (size_t i = 0; i < plan->task_count; i++)
			if (plan->task[i].sprint != NULL &&
			    !strcmp(plan->task[i].sprint, key))
				total += plan->task[i].estimate_s;
		compare_number(key, "sprint_estimate_s", total,
		    json_object_get_int64(value));
	}
}

static void
compare_path(const struct tctl_plan *plan, struct json_object *truth)
{
	size_t nodes = plan->task_count + plan->sprint_count, length, n = 0;
	int64_t *weight = tctl_grow(NULL, 0, nodes * sizeof(*weight));
	struct tctl_slot *slot = tctl_grow(NULL, 0, nodes * sizeof(*slot));
	size_t *path = tctl_grow(NULL, 0, nodes * sizeof(*path));
	struct tctl_strings ours = { 0 };
	struct tctl_graph graph;
	struct tctl_edge *edge;
	size_t edges = tctl_plan_edges(plan, &edge);
	int64_t makespan;

	for (size_t i = 0; i < nodes; i++)
		weight[i] = i < plan->task_count && plan->task[i].estimate_s > 0
				? plan->task[i].estimate_s
				: 0;
	tctl_graph_init(&graph, nodes, edge, edges);
	makespan = tctl_schedule_cpm(&graph, weight, slot, path, &length);
	for (; n < length; n++)
		if (path[n] < plan->task_count)
			tctl_strings_add(
			    plan->arena, &ours, plan->task[path[n]].id);
	compare_number("plan", "critical_path_s", makespan,
	    json_object_get_int64(get(truth, "critical_path_s")));
	compare_list(
	    "plan", "critical_path", &ours, get(truth, "critical_path"));
	tctl_graph_release(&graph);
	free(edge);
	free(path);
	free(slot);
	free(weight);
}

static void
compare_plan(const struct tctl_plan *plan, struct json_object *truth)
{
	struct json_object *tasks = get(truth, "tasks");
	size_t n = json_object_array_length(tasks);

	compare_number("plan", "tasks", (int64_t)plan->task_count, (int64_t)n);
	for (size_t i = 0; i < n && i < plan->task_count; i++) {
		struct json_object *task = json_object_array_get_idx(tasks, i);

		compare_task(&plan->task[i], task);
		compare_sources(plan, i, task, "needs_text",
		    TCTL_EDGE_FIELD | TCTL_EDGE_TABLE);
		compare_sources(
		    plan, i, task, "needs_gantt", TCTL_EDGE_DIAGRAM);
	}
	compare_sums(plan, truth);
	if (plan->error_count == 0)
		compare_path(plan, truth);
	compare_number("plan", "errors", (int64_t)plan->error_count, 0);
}

static void
show(const struct tctl_plan *plan)
{
	for (size_t i = 0; i < plan->diagnostic_count; i++) {
		const struct tctl_diagnostic *d = &plan->diagnostic[i];

		printf("%s:%d:%d: %s: %s [%s]", d->file, d->line, d->column,
		    tctl_severity_word(d->severity), d->message, d->code);
		if (d->other_line != 0)
			printf(" (line %d)", d->other_line);
		putchar('\n');
	}
}

/* One line of counts, parted by tabs: dialect, tasks, those done, dependencies
 * that name two tasks, all dependencies, errors. */
static void
count(const struct tctl_plan *plan)
{
	const unsigned others =
	    TCTL_EDGE_WHOLE | TCTL_EDGE_PART | TCTL_EDGE_SECTION;
	size_t done = 0, stated = 0;

	for (size_t i = 0; i < plan->task_count; i++)
		done += plan->task[i].state == TCTL_STATE_DONE;
	for (size_t e = 0; e < plan->edge_count; e++)
		stated += (plan->edge_source[e] & others) == 0;
	printf("%s\t%zu\t%zu\t%zu\t%zu\t%zu\n", plan->dialect, plan->task_count,
	    done, stated, plan->edge_count, plan->error_count);
}

int
main(int argc, char *argv[])
{
	struct tctl_plan_options options = { 0 };
	struct tctl_error err = { 0 };
	struct json_object *truth = NULL;
	struct tctl_plan *plan;
	bool counts = argc == 3 && !strcmp(argv[1], "--count");
	size_t length;
	char *text;

	if (counts) {
		argv++;
		argc--;
	}
	if (argc < 2 || argc > 3) {
		fputs("usage: truth [--count] PLAN.md | PLAN.md TRUTH.json\n",
		    stderr);
		return 64;
	}
	text = slurp(argv[1], &length);
	options.file = argv[1];
	if (tctl_plan_read(text, length, &options, &plan, &err) != TCTL_OK) {
		printf("%s: %s\n", argv[1], err.text);
		free(text);
		return 1;
	}
	if (counts) {
		count(plan);
	} else if (argc == 2) {
		show(plan);
	} else if ((truth = json_object_from_file(argv[2])) == NULL) {
		differs("%s: cannot be read", argv[2]);
	} else {
		compare_plan(plan, truth);
		printf("%s: %zu tasks, %zu differences\n", argv[1],
		    plan->task_count, differences);
	}
	json_object_put(truth);
	tctl_plan_free(plan);
	free(text);
	return differences != 0;
}
