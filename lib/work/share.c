/* share.c - the open tasks shared out among agents. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "share.h"

/* --- the workload ----------------------------------------------------------
 */

/* Where nothing at all is estimated, every task counts as an hour: a schedule
 * without any time would say nothing. */
static void
assume_estimates(struct tctl_sharer *s)
{
	const struct tctl_tasks *tasks = &s->out->tasks;

	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->at[i].estimate_s >= 0)
			return;
	s->out->assumed_s = TCTL_HOUR_S;
	for (size_t i = 0; i < tasks->count; i++)
		s->network.weight_s[s->node[i]] = TCTL_HOUR_S;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
number_mutexes(struct tctl_sharer *s)
{
	const struct tctl_tasks *tasks = &s->out->tasks;
	const char **name = tctl_xcalloc(tasks->count, sizeof(*name)), **found;
	size_t count = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->at[i].mutex != NULL)
			name[count++] = tasks->at[i].mutex;
	qsort(name, count, sizeof(*name), by_text);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(name[i], name[s->work.mutexes - 1]) != 0)
			name[s->work.mutexes++] = name[i];
	for (size_t i = 0; i < tasks->count; i++) {
		if (tasks->at[i].mutex == NULL)
			continue;
		found = bsearch(&tasks->at[i].mutex, name, s->work.mutexes,
		    sizeof(*name), by_text);
		s->mutex[s->node[i]] = (size_t)(found - name);
	}
	free(name);
}

static enum tctl_status
fill_task(struct tctl_sharer *s, size_t i, struct tctl_error *err)
{
	const struct tctl_task *task = &s->out->tasks.at[i];
	const char *holder = tctl_sharer_holder(s, task);
	size_t v = s->node[i];
	int64_t *weight_s = &s->network.weight_s[v];

	if (tctl_sharer_is_over(s, task)) {
		s->running[v] = s->out->names.count;
		*weight_s = 0;
		return TCTL_OK;
	}
	if (holder != NULL) {
		s->running[v] = tctl_sharer_find(s, holder);
		if (s->running[v] == TCTL_NONE)
			s->running[v] = s->out->names.count;
	}
	if (!s->req->whole)
		*weight_s =
		    tctl_outlook_left_s(task, *weight_s, s->out->tasks.now_ms);
	s->out->sequential_s += *weight_s;
	if (task->planned_agent == NULL)
		return TCTL_OK;
	s->wish[v] = tctl_sharer_find(s, task->planned_agent);
	if (s->wish[v] == TCTL_NONE && s->req->strict && holder == NULL)
		return tctl_fail(err, TCTL_EINVALID,
		    "%s is planned for %s, who is not among the agents, and "
		    "with --strict-agents nobody else may do it",
		    task->ref, task->planned_agent);
	return TCTL_OK;
}

static size_t *
all_none(size_t count)
{
	size_t *array = tctl_xcalloc(count, sizeof(*array));

	for (size_t i = 0; i < count; i++)
		array[i] = TCTL_NONE;
	return array;
}

static enum tctl_status
fill(struct tctl_sharer *s, struct tctl_error *err)
{
	const struct tctl_tasks *tasks = &s->out->tasks;
	size_t nodes = s->network.graph.nodes;
	enum tctl_status status = TCTL_OK;

	s->mutex = all_none(nodes);
	s->wish = all_none(nodes);
	s->running = all_none(nodes);
	s->node = tctl_xcalloc(tasks->count, sizeof(*s->node));
	for (size_t i = 0; i < tasks->count; i++)
		s->node[i] = tctl_network_node(&s->network, tasks->row[i]);
	if (s->req->agents > 0)
		tctl_sharer_name_agents(s);
	else
		status = tctl_sharer_take_names(s, err);
	assume_estimates(s);
	number_mutexes(s);
	for (size_t i = 0; status == TCTL_OK && i < tasks->count; i++)
		status = fill_task(s, i, err);
	s->work.graph = &s->network.graph;
	s->work.weight_s = s->network.weight_s;
	s->work.mutex = s->mutex;
	s->work.wish = s->wish;
	s->work.wish_is_duty = s->req->strict;
	s->work.running = s->running;
	s->work.agents = s->out->names.count;
	return status;
}

/* --- the answer ------------------------------------------------------------
 */

/* Seconds since Monday 00:00, by the local clock of that moment. */
static int64_t
second_of_week(int64_t now_ms)
{
	enum { FIRST_OF_JANUARY_1970 = 3 }; /* a Thursday */
	time_t now = (time_t)(now_ms / 1000);
	int64_t local_s = now;
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		local_s += tm.tm_gmtoff;
	return (local_s + FIRST_OF_JANUARY_1970 * TCTL_DAY_S) % TCTL_WEEK_S;
}

/* Nights and weekends are put in where work rests. */
static void
rest(struct tctl_share *out, const struct tctl_calendar *calendar)
{
	int64_t from_s = second_of_week(out->tasks.now_ms);

	for (size_t i = 0; i < out->tasks.count; i++) {
		struct tctl_turn *turn = &out->turn[i];
		int64_t latest_s = tctl_calendar_start_s(
		    calendar, from_s, turn->start_s + turn->slack_s);
		bool is_short = turn->start_s == turn->end_s;

		if (turn->agent == TCTL_NONE && turn->wave == 0 &&
		    turn->end_s == 0)
			continue; /* over */
		turn->end_s =
		    tctl_calendar_end_s(calendar, from_s, turn->end_s);
		turn->start_s =
		    tctl_calendar_start_s(calendar, from_s, turn->start_s);
		turn->earliest_s =
		    tctl_calendar_start_s(calendar, from_s, turn->earliest_s);
		turn->slack_s = latest_s - turn->start_s;
		if (is_short)
			turn->end_s = turn->start_s;
	}
	out->makespan_s =
	    tctl_calendar_end_s(calendar, from_s, out->makespan_s);
	out->lower_bound_s =
	    tctl_calendar_end_s(calendar, from_s, out->lower_bound_s);
}

static const char *
agent_of(const struct tctl_sharer *s, size_t i)
{
	const struct tctl_task *task = &s->out->tasks.at[i];
	size_t agent = s->out->turn[i].agent;

	if (tctl_sharer_is_over(s, task))
		return task->finished_by;
	if (tctl_sharer_holder(s, task) != NULL)
		return tctl_sharer_holder(s, task);
	return agent < s->out->names.count ? s->out->names.at[agent] : NULL;
}

static void
hand_over(struct tctl_sharer *s, const struct tctl_timetable *table,
    const struct tctl_calendar *calendar)
{
	struct tctl_share *out = s->out;
	size_t count = out->tasks.count;
	size_t *index = tctl_xcalloc(s->network.graph.nodes, sizeof(*index));

	out->turn =
	    tctl_arena_alloc(s->arena, (count + 1) * sizeof(*out->turn));
	out->agent =
	    tctl_arena_alloc(s->arena, (count + 1) * sizeof(*out->agent));
	out->path = tctl_arena_alloc(
	    s->arena, (table->path_count + 1) * sizeof(*out->path));
	for (size_t i = 0; i < count; i++) {
		index[s->node[i]] = i;
		out->turn[i] = table->turn[s->node[i]];
		out->agent[i] = agent_of(s, i);
	}
	/* What takes time is a task: sprints' nodes have no weight. */
	for (size_t i = 0; i < table->path_count; i++)
		out->path[out->path_count++] = index[table->path[i]];
	out->makespan_s = table->makespan_s;
	out->lower_bound_s = table->lower_bound_s;
	out->optimal = table->optimal;
	out->waves = table->waves;
	if (s->req->calendar != NULL)
		rest(out, calendar);
	free(index);
}

static enum tctl_status
check_request(const struct tctl_share_req *req, struct tctl_calendar *calendar,
    struct tctl_error *err)
{
	size_t agents = req->agents > 0 ? req->agents : req->names.count;
	size_t column;

	if (agents == 0 || agents > TCTL_AGENTS_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "between 1 and %d agents can be planned for",
		    TCTL_AGENTS_MOST);
	if (req->calendar == NULL ||
	    tctl_calendar_read(req->calendar, calendar, &column))
		return TCTL_OK;
	tctl_fail(err, TCTL_EINVALID,
	    "the calendar is not understood at column %zu: \"%s\"", column,
	    req->calendar);
	return tctl_hint(err, "as in \"mon-fri 09:00-12:00 13:00-17:00\"");
}

enum tctl_status
tctl_share_read(const struct tctl_coord *coord,
    const struct tctl_share_req *req, struct tctl_share *out,
    struct tctl_error *err)
{
	struct tctl_sharer s = { .req = req, .out = out };
	struct tctl_calendar calendar;
	struct tctl_timetable table;
	enum tctl_status status = check_request(req, &calendar, err);

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK)
		status = tctl_outlook_load(
		    coord, TCTL_DETAIL_ROW, &out->tasks, &s.network, err);
	if (status != TCTL_OK)
		return status;
	s.arena = out->tasks.arena;
	status = fill(&s, err);
	if (status == TCTL_OK) {
		tctl_schedule_share(&s.work, &req->effort, &table);
		hand_over(&s, &table, &calendar);
		tctl_timetable_release(&table);
	} else {
		tctl_share_release(out);
	}
	tctl_network_release(&s.network);
	free(s.node);
	free(s.mutex);
	free(s.wish);
	free(s.running);
	return status;
}

void
tctl_share_release(struct tctl_share *share)
{
	tctl_tasks_release(&share->tasks);
}
