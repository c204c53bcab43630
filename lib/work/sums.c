/* sums.c - what the tasks of sprints add up to: SQL reads them, and leases that
 * have lapsed unswept are corrected. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "sums.h"

/* Tasks of one sprint in one state. */
struct cell {
	size_t tasks;
	size_t estimated;
	int64_t estimate_s;
};

struct sprint_row {
	int64_t id;
	struct tctl_sprint_status shown;
	struct cell cell[TCTL_STATE_COUNT];
	int64_t median_s; /* of its estimates; 0: none known */
};

/* An estimate, and whose. */
struct estimate {
	struct sprint_row *sprint;
	int64_t s;
};

struct sums {
	struct tctl_view *view;
	struct sprint_row *sprint; /* the last one is for tasks of none */
	size_t sprints;
	struct sprint_row **by_id;
	struct sprint_row *latest; /* tasks come mostly by sprint */
	struct estimate *estimate;
	size_t estimates;
	size_t tasks;
	int64_t lost;	/* a sprint that a task names, and that is not there */
	int64_t path_s; /* the longest remaining one */
};

static void
take_sprint(void *into, const char *const col[])
{
	struct sums *sums = into;
	struct sprint_row *row;

	sums->sprint = tctl_arena_grow(sums->view->arena, sums->sprint,
	    sums->sprints, sizeof(*sums->sprint));
	row = &sums->sprint[sums->sprints++];
	memset(row, 0, sizeof(*row));
	row->id = tctl_col(col[0]);
	row->shown.row = row->id;
	row->shown.key =
	    tctl_arena_strdup(sums->view->arena, tctl_col_text(col[1]));
	row->shown.title =
	    tctl_arena_strdup(sums->view->arena, tctl_col_text(col[2]));
	row->shown.complete = tctl_col(col[3]) != 0;
	row->shown.plan =
	    tctl_arena_strdup(sums->view->arena, tctl_col_text(col[4]));
	row->shown.after = tctl_arena_strdup(sums->view->arena, col[5]);
	if (*tctl_col_text(col[6]) != '\0')
		row->shown.goal = tctl_arena_strdup(sums->view->arena, col[6]);
}

static int
by_id(const void *a, const void *b)
{
	const struct sprint_row *const *x = a, *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* Plans have thousands of sprints, and each is looked for. */
static void
index_sprints(struct sums *sums)
{
	sums->by_id = tctl_arena_alloc(
	    sums->view->arena, sums->sprints * sizeof(struct sprint_row *));
	for (size_t i = 0; i < sums->sprints; i++)
		sums->by_id[i] = &sums->sprint[i];
	qsort(sums->by_id, sums->sprints, sizeof(struct sprint_row *), by_id);
}

static struct sprint_row *
sprint_of(struct sums *sums, int64_t id)
{
	const struct sprint_row wanted = { .id = id }, *key = &wanted;
	struct sprint_row **found = bsearch(&key, sums->by_id, sums->sprints,
	    sizeof(struct sprint_row *), by_id);

	return found == NULL ? NULL : *found;
}

static void
take_task(void *into, const char *const col[])
{
	struct sums *sums = into;
	int64_t id = tctl_col(col[0]);
	const char *held = tctl_col_text(col[1]);
	const char *word =
	    strcmp(held, "open") == 0 ? tctl_col_text(col[2]) : held;
	enum tctl_state state = TCTL_STATE_PENDING;
	struct estimate *estimate;
	struct cell *cell;

	if (sums->latest == NULL || sums->latest->id != id)
		sums->latest = sprint_of(sums, id);
	if (sums->latest == NULL) {
		sums->lost = id;
		return;
	}
	(void)tctl_state_read(word, &state);
	cell = &sums->latest->cell[state];
	cell->tasks++;
	sums->tasks++;
	if (state != TCTL_STATE_DONE && state != TCTL_STATE_CANCELLED &&
	    tctl_col(col[5]) > sums->path_s)
		sums->path_s = tctl_col(col[5]);
	if (col[3] == NULL) {
		cell->estimated += tctl_col(col[4]) != 0; /* a gate: no time */
		return;
	}
	sums->estimate =
	    tctl_grow(sums->estimate, sums->estimates, sizeof(*sums->estimate));
	estimate = &sums->estimate[sums->estimates++];
	estimate->sprint = sums->latest;
	estimate->s = tctl_col(col[3]);
	cell->estimated++;
	cell->estimate_s += estimate->s;
}

static int
by_sprint(const void *a, const void *b)
{
	const struct estimate *x = a, *y = b;

	if (x->sprint != y->sprint)
		return x->sprint < y->sprint ? -1 : 1;
	return (x->s > y->s) - (x->s < y->s);
}

/* A missing estimate counts as its sprint's median: which is needed only where
 * one is missing. */
static void
find_medians(struct sums *sums)
{
	struct estimate *at = sums->estimate;
	size_t first = 0;

	if (sums->estimates == 0 || sums->estimates == sums->tasks)
		return;
	qsort(at, sums->estimates, sizeof(*at), by_sprint);
	for (size_t i = 1; i <= sums->estimates; i++) {
		if (i < sums->estimates && at[i].sprint == at[first].sprint)
			continue;
		at[first].sprint->median_s =
		    (at[(first + i - 1) / 2].s + at[(first + i) / 2].s) / 2;
		first = i;
	}
}

static void
add_cells(struct tctl_totals *totals, const struct sprint_row *row)
{
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		const struct cell *cell = &row->cell[i];
		size_t missing = cell->tasks - cell->estimated;
		int64_t effort =
		    cell->estimate_s + (int64_t)missing * row->median_s;

		totals->state[i] += cell->tasks;
		totals->tasks += cell->tasks;
		if (i != TCTL_STATE_CANCELLED)
			totals->estimate_s += effort;
		if (i == TCTL_STATE_DONE)
			totals->done_s += effort;
	}
}

/* By effort; where nothing is estimated, by count; nothing to do: -1.  All of
 * it only when every task is done: what is left may be estimated at nothing. */
void
tctl_totals_set_percent(struct tctl_totals *totals)
{
	size_t counted = totals->tasks - totals->state[TCTL_STATE_CANCELLED];

	if (counted == 0)
		totals->percent = -1;
	else if (totals->estimate_s > 0)
		totals->percent =
		    (int)(totals->done_s * 100 / totals->estimate_s);
	else
		totals->percent =
		    (int)(totals->state[TCTL_STATE_DONE] * 100 / counted);
	if (totals->percent == 100 && totals->state[TCTL_STATE_DONE] < counted)
		totals->percent = 99;
}

void
tctl_totals_add(struct tctl_totals *to, const struct tctl_totals *from)
{
	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		to->state[i] += from->state[i];
	to->tasks += from->tasks;
	to->estimate_s += from->estimate_s;
	to->done_s += from->done_s;
	tctl_totals_set_percent(to);
}

static enum tctl_state
sprint_state(const struct tctl_sprint_status *sprint)
{
	const size_t *n = sprint->totals.state;

	if (sprint->totals.tasks ==
	    n[TCTL_STATE_DONE] + n[TCTL_STATE_CANCELLED])
		return sprint->totals.tasks > 0 || sprint->complete
			   ? TCTL_STATE_DONE
			   : TCTL_STATE_PENDING;
	if (n[TCTL_STATE_CLAIMED] + n[TCTL_STATE_DONE] > 0)
		return TCTL_STATE_CLAIMED;
	if (n[TCTL_STATE_FAILED] > 0)
		return TCTL_STATE_FAILED;
	return n[TCTL_STATE_READY] > 0 ? TCTL_STATE_READY : TCTL_STATE_PENDING;
}

/* A lapsed lease that nobody has swept: its task is claimed no longer. */
static enum tctl_status
correct(
    struct sums *sums, struct tctl_status_report *out, struct tctl_error *err)
{
	struct tctl_view *view = sums->view;
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < view->live.count; i++) {
		struct tctl_row row;
		struct tctl_tasks one;
		struct sprint_row *sprint;
		enum tctl_state state;

		if (view->verdict[i] == TCTL_LIVE)
			continue;
		status = tctl_row_read(view->coord->store, view->arena,
		    view->live.at[i].task, &row, err);
		if (status == TCTL_OK)
			status =
			    tctl_view_load_ids(view, &row.id, 1, &one, err);
		if (status != TCTL_OK)
			break;
		state = one.at[0].state;
		out->totals.state[TCTL_STATE_CLAIMED]--;
		out->totals.state[state]++;
		sprint = sprint_of(sums, row.sprint);
		if (sprint != NULL) {
			sprint->shown.totals.state[TCTL_STATE_CLAIMED]--;
			sprint->shown.totals.state[state]++;
		}
	}
	return status;
}

/* Add a row for the tasks that are in no sprint. */
static void
add_none(struct sums *sums)
{
	sums->sprint = tctl_arena_grow(sums->view->arena, sums->sprint,
	    sums->sprints, sizeof(*sums->sprint));
	memset(&sums->sprint[sums->sprints++], 0, sizeof(*sums->sprint));
}

/* Once all tasks are taken: the sums. */
static enum tctl_status
add_up(
    struct sums *sums, struct tctl_status_report *out, struct tctl_error *err)
{
	if (sums->lost != 0)
		return tctl_fail(err, TCTL_ECORRUPT,
		    "the store has lost sprint %lld", (long long)sums->lost);
	find_medians(sums);
	for (size_t i = 0; i < sums->sprints; i++) {
		add_cells(&out->totals, &sums->sprint[i]);
		add_cells(&sums->sprint[i].shown.totals, &sums->sprint[i]);
	}
	return correct(sums, out, err);
}

static void
hand_over(struct sums *sums, struct tctl_status_report *out)
{
	tctl_totals_set_percent(&out->totals);
	out->sprint = tctl_arena_alloc(
	    sums->view->arena, (sums->sprints + 1) * sizeof(*out->sprint));
	for (size_t i = 0; i < sums->sprints; i++) {
		struct tctl_sprint_status *shown = &sums->sprint[i].shown;

		/* Tasks of no sprint: only where there are some. */
		if (sums->sprint[i].id == 0 && shown->totals.tasks == 0)
			continue;
		tctl_totals_set_percent(&shown->totals);
		shown->state = sprint_state(shown);
		out->sprint[out->sprint_count++] = *shown;
	}
}

enum tctl_status
tctl_sums_read(struct tctl_view *view, struct tctl_status_report *out,
    int64_t *path_s, struct tctl_error *err)
{
	struct sums sums = { .view = view };
	struct tctl_store *store = view->coord->store;
	enum tctl_status status = tctl_query(store, tctl_sql_sprint_list,
	    TCTL_NO_ARGS, take_sprint, &sums, NULL, err);

	if (status != TCTL_OK)
		return status;
	add_none(&sums);
	index_sprints(&sums);
	status = tctl_query(store, tctl_sql_task_sums, TCTL_NO_ARGS, take_task,
	    &sums, NULL, err);
	if (status == TCTL_OK)
		status = add_up(&sums, out, err);
	if (status == TCTL_OK)
		hand_over(&sums, out);
	free(sums.estimate);
	*path_s = sums.path_s;
	return status;
}

/* --- of some sprints only
 * ------------------------------------------------------ */

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Those that are asked for, each once, and where somebody holds a task: what
 * is held may lapse without an event. */
static enum tctl_status
gather_ids(struct tctl_view *view, const int64_t sprint[], size_t count,
    struct tctl_row_ids *out, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		tctl_row_ids_add(out, sprint[i]);
	for (size_t i = 0; status == TCTL_OK && i < view->live.count; i++)
		status = tctl_query(view->coord->store, tctl_sql_sprint_of_task,
		    TCTL_ARGS(TCTL_N(view->live.at[i].task)), tctl_row_ids_take,
		    out, NULL, err);
	if (out->count > 0)
		qsort(out->at, out->count, sizeof(*out->at), by_value);
	for (size_t i = 0; i < out->count; i++)
		if (i == 0 || out->at[i] != out->at[i - 1])
			out->at[kept++] = out->at[i];
	out->count = kept;
	return status;
}

enum tctl_status
tctl_sums_read_some(struct tctl_view *view, const int64_t sprint[],
    size_t count, struct tctl_status_report *out, struct tctl_error *err)
{
	struct sums sums = { .view = view };
	struct tctl_store *store = view->coord->store;
	struct tctl_row_ids ids = { .arena = view->arena };
	enum tctl_status status = gather_ids(view, sprint, count, &ids, err);

	for (size_t i = 0; status == TCTL_OK && i < ids.count; i++)
		if (ids.at[i] == 0)
			add_none(&sums);
		else
			status = tctl_query(store, tctl_sql_sprint_one,
			    TCTL_ARGS(TCTL_N(ids.at[i])), take_sprint, &sums,
			    NULL, err);
	index_sprints(&sums);
	for (size_t i = 0; status == TCTL_OK && i < ids.count; i++)
		status = tctl_query(store, tctl_sql_task_sums_of,
		    TCTL_ARGS(
			ids.at[i] == 0 ? TCTL_T(NULL) : TCTL_N(ids.at[i])),
		    take_task, &sums, NULL, err);
	if (status == TCTL_OK)
		status = add_up(&sums, out, err);
	if (status == TCTL_OK)
		hand_over(&sums, out);
	free(sums.estimate);
	return status;
}
