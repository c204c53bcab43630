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

/* --- plans with boxes ------------------------------------------------------
 */

static size_t
count_boxes(const struct tctl_plan *plan, bool done)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->tick_count; i++)
		n += plan->tick[i].kind == TCTL_TICK_BOX &&
		     plan->tick[i].of != TCTL_TICK_TASK &&
		     (!done || plan->tick[i].done);
	return n;
}

/* Every box is a step or criterion of a task, at the line where it stands. */
static void
compare_boxes(const struct tctl_plan *plan, struct json_object *truth)
{
	compare_number("plan", "checkboxes", (int64_t)count_boxes(plan, false),
	    json_object_get_int64(get(truth, "checkboxes")));
	compare_number("plan", "checkboxes_done",
	    (int64_t)count_boxes(plan, true),
	    json_object_get_int64(get(truth, "checkboxes_done")));
	for (size_t i = 0; i < plan->tick_count; i++) {
		const struct tctl_tick *tick = &plan->tick[i];
		const struct tctl_task *task = &plan->task[tick->task];
		const struct tctl_items *items =
		    tick->of == TCTL_TICK_STEP ? &task->steps : &task->criteria;

		if (tick->of == TCTL_TICK_TASK)
			continue;
		if (tick->index >= items->count ||
		    items->at[tick->index].line != tick->line ||
		    items->at[tick->index].done != tick->done)
			differs("%s: the box of line %d is not step %zu",
			    task->id, tick->line, tick->index + 1);
	}
}

/* "Phase 1 : Preparation (J-7) / 1.1 Backup": its boxes are one task's, but
 * for those of acceptance sections, which name tasks themselves. */
static void
compare_sections(const struct tctl_plan *plan, struct json_object *truth)
{
	json_object_object_foreach(get(truth, "per_section"), key, value)
	{
		const char *slash = strstr(key, " / ");
		const char *title = slash == NULL ? key : slash + 3;
		int64_t boxes =
		    json_object_get_int64(json_object_array_get_idx(value, 0));
		int64_t done =
		    json_object_get_int64(json_object_array_get_idx(value, 1));
		const struct tctl_task *task = NULL;
		int64_t is_done = 0;

		for (size_t i = 0; task == NULL && i < plan->task_count; i++)
			if (strstr(title, plan->task[i].title) != NULL &&
			    (int64_t)plan->task[i].steps.count >= boxes)
				task = &plan->task[i];
		if (task == NULL) {
			if (strstr(key, "Acceptance") == NULL)
				differs("no task has the %" PRId64
					" boxes of \"%s\"",
				    boxes, key);
			continue;
		}
		for (int64_t i = 0; i < boxes; i++)
			is_done += task->steps.at[i].done;
		compare_number(task->id, "steps done", is_done, done);
		compare_number(task->id, "done", task->state == TCTL_STATE_DONE,
		    boxes == done);
	}
}

static const struct tctl_task *
find(const struct tctl_plan *plan, const char *id)
{
	char want[TCTL_ID_MAX], have[TCTL_ID_MAX];

	if (!tctl_id_normalise(id, want))
		return NULL;
	for (size_t i = 0; i < plan->task_count; i++)
		if (tctl_id_normalise(plan->task[i].id, have) &&
		    strcmp(want, have) == 0)
			return &plan->task[i];
	differs("there is no task %s", id);
	return NULL;
}

/* An id alone, or an object with title, phase, done and minutes. */
static void
compare_listed(const struct tctl_plan *plan, struct json_object *truth)
{
	bool is_text = json_object_is_type(truth, json_type_string);
	struct json_object *minutes;
	const struct tctl_task *task = find(
	    plan, json_object_get_string(is_text ? truth : get(truth, "id")));

	if (task == NULL || is_text)
		return;
	compare_text(task->id, "title", task->title, get(truth, "title"));
	compare_text(task->id, "phase", task->sprint, get(truth, "phase"));
	compare_number(task->id, "done", task->state == TCTL_STATE_DONE,
	    json_object_get_boolean(get(truth, "done")));
	minutes = get(truth, "duration_min");
	compare_number(task->id, "estimate_s", task->estimate_s,
	    minutes == NULL ? -1 : 60 * json_object_get_int64(minutes));
}

/* [key, title, day] or [title]: the sprints, in order. */
static void
compare_phases(const struct tctl_plan *plan, struct json_object *truth)
{
	struct json_object *phases = get(truth, "phases");
	size_t n = json_object_array_length(phases);

	compare_number(
	    "plan", "phases", (int64_t)plan->sprint_count, (int64_t)n);
	for (size_t i = 0; i < n && i < plan->sprint_count; i++) {
		struct json_object *phase =
		    json_object_array_get_idx(phases, i);
		size_t parts = json_object_array_length(phase);
		const struct tctl_sprint *sprint = &plan->sprint[i];

		if (parts > 1)
			compare_text("phase", "key", sprint->key,
			    json_object_array_get_idx(phase, 0));
		for (size_t j = parts > 1; j < parts; j++) {
			const char *part = json_object_get_string(
			    json_object_array_get_idx(phase, j));

			if (strstr(sprint->title, part) == NULL)
				differs("phase %s: \"%s\" lacks \"%s\"",
				    sprint->key, sprint->title, part);
		}
	}
}

static bool
is_listed(struct json_object *tasks, const char *id)
{
	char want[TCTL_ID_MAX], have[TCTL_ID_MAX];
	size_t n = json_object_array_length(tasks);

	for (size_t i = 0; i < n && tctl_id_normalise(id, want); i++) {
		struct json_object *task = json_object_array_get_idx(tasks, i);

		if (!json_object_is_type(task, json_type_string))
			task = get(task, "id");
		if (tctl_id_normalise(json_object_get_string(task), have) &&
		    strcmp(want, have) == 0)
			return true;
	}
	return false;
}

/* What is not listed is a gate, or there for the sake of its boxes.  What is
 * listed follows one another, in a deployment. */
static void
compare_others(const struct tctl_plan *plan, struct json_object *truth)
{
	struct json_object *tasks = get(truth, "tasks");
	bool is_deployment = json_object_is_type(
	    json_object_array_get_idx(tasks, 0), json_type_string);
	size_t last = TCTL_NONE;

	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_task *task = &plan->task[i];
		bool listed = is_listed(tasks, task->id);
		bool begins = last == TCTL_NONE ||
			      plan->task_sprint[last] != plan->task_sprint[i];

		if (!listed && !task->is_gate && task->steps.count == 0)
			differs("%s: neither listed, nor with boxes", task->id);
		if (listed && is_deployment && !begins &&
		    plan->follows[i] != last)
			differs("%s: does not follow %s", task->id,
			    plan->task[last].id);
		if (listed)
			last = i;
	}
}

/* [["Phase 2", "Phase 1 (GO decision)"]]: a gate between the two. */
static void
compare_gates(const struct tctl_plan *plan, struct json_object *truth)
{
	struct json_object *deps = get(truth, "deps");
	size_t n = deps == NULL ? 0 : json_object_array_length(deps), gates = 0;

	for (size_t s = 0; s < plan->sprint_count; s++)
		if (plan->sprint[s].gate != TCTL_NONE) {
			const struct tctl_task *gate =
			    &plan->task[plan->sprint[s].gate];

			gates++;
			if (!gate->is_gate || gate->sprint == NULL ||
			    strncmp(gate->id, "GO-", 3) != 0 ||
			    strcmp(gate->id + 3, gate->sprint) != 0)
				differs(
				    "%s: no gate after its phase", gate->id);
		}
	compare_number("plan", "gates", (int64_t)gates, (int64_t)n);
}

static void
compare_checklist(const struct tctl_plan *plan, struct json_object *truth)
{
	struct json_object *tasks = get(truth, "tasks");
	size_t n = json_object_array_length(tasks);

	compare_boxes(plan, truth);
	compare_sections(plan, truth);
	for (size_t i = 0; i < n; i++)
		compare_listed(plan, json_object_array_get_idx(tasks, i));
	compare_others(plan, truth);
	compare_phases(plan, truth);
	compare_gates(plan, truth);
	compare_number("plan", "errors", (int64_t)plan->error_count, 0);
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
	for (size_t s = 0; s < plan->sprint_count; s++)
		printf("sprint %s: %s\n", plan->sprint[s].key,
		    plan->sprint[s].title);
	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_task *task = &plan->task[i];

		printf("%-10s %-10s %s%s (%s; %zu criteria, %zu steps",
		    task->id, task->sprint == NULL ? "-" : task->sprint,
		    task->is_gate ? "GATE " : "", task->title,
		    tctl_state_word(task->state), task->criteria.count,
		    task->steps.count);
		if (plan->follows[i] != TCTL_NONE)
			printf("; follows %s", plan->task[plan->follows[i]].id);
		puts(")");
	}
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
		if (get(truth, "checkboxes") != NULL)
			compare_checklist(plan, truth);
		else
			compare_plan(plan, truth);
		printf("%s: %zu tasks, %zu differences\n", argv[1],
		    plan->task_count, differences);
	}
	json_object_put(truth);
	tctl_plan_free(plan);
	free(text);
	return differences != 0;
}
