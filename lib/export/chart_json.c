/* chart_json.c - a chart as JSON, and back. */
#include <search.h>
#include <string.h>

#include "calendar.h"
#include "label.h"
#include "taskctl/time.h"
#include "taskctl/json.h"

enum { LONGEST_S = INT32_MAX }; /* 68 years */

/* --- out --------------------------------------------------------------------
 */

static struct json_object *
known(int64_t number)
{
	return number < 0 ? NULL : json_object_new_int64(number);
}

static struct json_object *
bar_json(const struct tctl_chart *chart, size_t i, const size_t first[])
{
	const struct tctl_bar *bar = &chart->bar[i];
	struct json_object *to = json_object_new_object();
	struct json_object *needs = json_object_new_array();

	tctl_json_add(to, "id", tctl_json_text(bar->id));
	tctl_json_add(to, "title", tctl_json_text(bar->title));
	tctl_json_add(to, "section", tctl_json_text(bar->section));
	tctl_json_add(to, "sprint", tctl_json_text(bar->group));
	tctl_json_add(to, "state", tctl_json_text(tctl_state_word(bar->state)));
	tctl_json_add(to, "agent", tctl_json_text(bar->agent));
	tctl_json_add(to, "mutex", tctl_json_text(bar->mutex));
	tctl_json_add(to, "start", tctl_json_instant(bar->start_ms));
	tctl_json_add(to, "end", tctl_json_instant(bar->end_ms));
	tctl_json_add(
	    to, "planned_start", tctl_json_instant(bar->planned_start_ms));
	tctl_json_add(
	    to, "planned_end", tctl_json_instant(bar->planned_end_ms));
	tctl_json_add(to, "estimate_s", known(bar->estimate_s));
	tctl_json_add(to, "slack_s", known(bar->slack_s));
	tctl_json_add(to, "percent", known(bar->percent));
	tctl_json_add(to, "critical", json_object_new_boolean(bar->critical));
	tctl_json_add(to, "lapsed", known(bar->attempts));
	tctl_json_add(to, "stuck", tctl_json_text(bar->why));
	tctl_json_add(to, "after", tctl_json_text(bar->after));
	tctl_json_add(to, "folded", known((int64_t)bar->folded));
	for (size_t e = first[i]; e < first[i + 1]; e++)
		json_object_array_add(
		    needs, json_object_new_string(
			       chart->bar[chart->edge[e].before].id));
	tctl_json_add(to, "needs", needs);
	return to;
}

struct json_object *
tctl_export_json(const struct tctl_chart *chart)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct json_object *to = json_object_new_object();
	struct json_object *tasks =
	    json_object_new_array_ext((int)chart->bar_count + 1);
	struct json_object *barriers = json_object_new_array();
	const size_t *first = tctl_edges_by_after(chart, arena);

	tctl_json_add(to, "schema", tctl_json_text(TCTL_JSON_SCHEMA));
	tctl_json_add(to, "title", tctl_json_text(chart->title));
	tctl_json_add(to, "now", tctl_json_instant(chart->now_ms));
	tctl_json_add(to, "percent", known(chart->percent));
	tctl_json_add(
	    to, "as_written", json_object_new_boolean(chart->as_written));
	tctl_json_add(to, "total", known((int64_t)chart->task_count));
	tctl_json_add(to, "folded", known((int64_t)chart->folded));
	for (size_t i = 0; i < chart->bar_count; i++)
		json_object_array_add(tasks, bar_json(chart, i, first));
	tctl_json_add(to, "tasks", tasks);
	for (size_t i = 0; i < chart->barrier_count; i++) {
		struct json_object *one = json_object_new_object();

		tctl_json_add(
		    one, "before", tctl_json_text(chart->barrier[i].before));
		tctl_json_add(
		    one, "after", tctl_json_text(chart->barrier[i].after));
		json_object_array_add(barriers, one);
	}
	tctl_json_add(to, "barriers", barriers);
	tctl_arena_free(arena);
	return to;
}

/* --- back -------------------------------------------------------------------
 */

static const char *
text_of(struct json_object *from, const char *key)
{
	return json_object_get_string(json_object_object_get(from, key));
}

/* A number from 0 to most, or -1: there is none. */
static int64_t
number_of(struct json_object *from, const char *key, int64_t most)
{
	struct json_object *value = json_object_object_get(from, key);
	int64_t number = value == NULL ? -1 : json_object_get_int64(value);

	return number < 0 || number > most ? -1 : number;
}

static size_t
count_of(struct json_object *from, const char *key)
{
	int64_t count = number_of(from, key, INT32_MAX);

	return count < 0 ? 0 : (size_t)count;
}

static int64_t
instant_of(struct json_object *from, const char *key)
{
	const char *text = text_of(from, key);
	int64_t ms;

	return text != NULL && tctl_instant_read(text, true, &ms) ? ms : 0;
}

static bool
read_bar(struct json_object *from, struct tctl_bar *bar)
{
	const char *state = text_of(from, "state");

	bar->id = text_of(from, "id");
	bar->title = text_of(from, "title");
	bar->section = text_of(from, "section");
	bar->group = text_of(from, "sprint");
	bar->agent = text_of(from, "agent");
	bar->mutex = text_of(from, "mutex");
	bar->after = text_of(from, "after");
	bar->why = text_of(from, "stuck");
	bar->start_ms = instant_of(from, "start");
	bar->end_ms = instant_of(from, "end");
	bar->planned_start_ms = instant_of(from, "planned_start");
	bar->planned_end_ms = instant_of(from, "planned_end");
	bar->estimate_s = number_of(from, "estimate_s", LONGEST_S);
	bar->slack_s = number_of(from, "slack_s", LONGEST_S);
	bar->percent = (int)number_of(from, "percent", 100);
	bar->attempts = (int)number_of(from, "lapsed", INT32_MAX);
	bar->folded = count_of(from, "folded");
	bar->critical =
	    json_object_get_boolean(json_object_object_get(from, "critical"));
	return bar->id != NULL && state != NULL &&
	       tctl_state_read(state, &bar->state) &&
	       bar->end_ms >= bar->start_ms;
}

/* The id of a bar, in a tree. */
struct known_id {
	const char *id;
	size_t index;
};

static int
by_id(const void *a, const void *b)
{
	const struct known_id *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static void
keep(void *unused)
{
	(void)unused; /* the arena owns them */
}

static void
add_needs(struct tctl_chart *chart, size_t i, struct json_object *needs,
    void *const *ids, struct tctl_arena *arena)
{
	size_t count = json_object_is_type(needs, json_type_array)
			   ? json_object_array_length(needs)
			   : 0;

	for (size_t n = 0; n < count; n++) {
		struct known_id wanted = { .id = json_object_get_string(
					       json_object_array_get_idx(
						   needs, n)) };
		struct known_id **found =
		    wanted.id == NULL ? NULL : tfind(&wanted, ids, by_id);

		if (found == NULL)
			continue;
		chart->edge = tctl_arena_grow(arena, chart->edge,
		    chart->edge_count, sizeof(*chart->edge));
		chart->edge[chart->edge_count++] =
		    (struct tctl_edge){ (*found)->index, i };
	}
}

static void
read_edges(struct tctl_chart *chart, struct json_object *tasks,
    struct tctl_arena *arena)
{
	void *ids = NULL;

	for (size_t i = 0; i < chart->bar_count; i++) {
		struct known_id *id = tctl_arena_alloc(arena, sizeof(*id));

		id->id = chart->bar[i].id;
		id->index = i;
		if (tsearch(id, &ids, by_id) == NULL)
			tctl_die_nomem();
	}
	for (size_t i = 0; i < chart->bar_count; i++)
		add_needs(chart, i,
		    json_object_object_get(
			json_object_array_get_idx(tasks, i), "needs"),
		    &ids, arena);
	tdestroy(ids, keep);
	tctl_chart_sort_edges(chart);
}

static void
read_barriers(struct tctl_chart *chart, struct json_object *list,
    struct tctl_arena *arena)
{
	size_t count = json_object_is_type(list, json_type_array)
			   ? json_object_array_length(list)
			   : 0;

	chart->barrier =
	    tctl_arena_alloc(arena, (count + 1) * sizeof(*chart->barrier));
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		chart->barrier[i].before = text_of(one, "before");
		chart->barrier[i].after = text_of(one, "after");
	}
	chart->barrier_count = count;
}

enum tctl_status
tctl_chart_read(struct json_object *root, struct tctl_arena *arena,
    struct tctl_chart *out, struct tctl_error *err)
{
	struct json_object *tasks = json_object_object_get(root, "tasks");
	struct tctl_chart chart = { .title = text_of(root, "title") };

	if (!json_object_is_type(tasks, json_type_array))
		return tctl_fail(err, TCTL_EINVALID, "not a chart as JSON");
	chart.bar_count = json_object_array_length(tasks);
	chart.bar =
	    tctl_arena_alloc(arena, (chart.bar_count + 1) * sizeof(*chart.bar));
	for (size_t i = 0; i < chart.bar_count; i++)
		if (!read_bar(
			json_object_array_get_idx(tasks, i), &chart.bar[i]))
			return tctl_fail(err, TCTL_EINVALID,
			    "tasks[%zu] of the chart is none", i);
	chart.now_ms = instant_of(root, "now");
	chart.percent = (int)number_of(root, "percent", 100);
	chart.task_count = count_of(root, "total");
	chart.folded = count_of(root, "folded");
	chart.as_written =
	    json_object_get_boolean(json_object_object_get(root, "as_written"));
	read_edges(&chart, tasks, arena);
	read_barriers(&chart, json_object_object_get(root, "barriers"), arena);
	*out = chart;
	return TCTL_OK;
}
