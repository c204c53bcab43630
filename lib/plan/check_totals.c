/* check_totals.c - the totals that a plan states, against its tasks. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"

/* Stated totals are given in minutes at best. */
static bool
is_same(int64_t a, int64_t b)
{
	return llabs(a - b) < TCTL_MINUTE_S;
}

/* What the tasks of a sprint add up to; -1: not all have an estimate. */
static int64_t
sum_of(const struct tctl_draft *draft, size_t sprint)
{
	size_t from = draft->sprint_at[sprint];
	size_t to = draft->sprint_at[sprint + 1];
	int64_t sum = from == to ? -1 : 0;

	for (size_t i = from; i < to && sum >= 0; i++) {
		int64_t s = draft->plan->task[draft->member[i]].estimate_s;

		sum = s < 0 ? -1 : sum + s;
	}
	return sum;
}

static void
check_sprint(struct tctl_draft *draft, size_t s)
{
	const struct tctl_sprint *sprint = &draft->plan->sprint[s];
	const struct tctl_claim *total, *parallel;
	int64_t sum = sum_of(draft, s);
	bool same;

	total = tctl_claim_of(draft, s, TCTL_CLAIM_SEQUENTIAL);
	parallel = tctl_claim_of(draft, s, TCTL_CLAIM_PARALLEL);
	if (sum < 0)
		return;
	same = sprint->stated_s < 0 || is_same(sprint->stated_s, sum) ||
	       (parallel != NULL && is_same(sprint->stated_s, parallel->value));
	if (!same)
		tctl_say(draft, TCTL_WARNING, "sum_mismatch",
		    draft->sprint_place[s],
		    total != NULL ? total->place.line : 0,
		    "the heading of sprint %s says %s, its tasks take %s",
		    sprint->key, tctl_say_s(draft, sprint->stated_s),
		    tctl_say_s(draft, sum));
	if (total != NULL && !is_same(total->value, sum) &&
	    !is_same(total->value, sprint->stated_s))
		tctl_say(draft, TCTL_WARNING, "sum_mismatch", total->place,
		    sprint->line,
		    "the total of sprint %s is said to be %s, its tasks take "
		    "%s",
		    sprint->key, tctl_say_s(draft, total->value),
		    tctl_say_s(draft, sum));
}

/* A list of sprints says what the sprints do not. */
static void
check_list(struct tctl_draft *draft, const struct tctl_claim *claim)
{
	const struct tctl_sprint *sprint = &draft->plan->sprint[claim->sprint];
	const struct tctl_claim *own =
	    tctl_claim_of(draft, claim->sprint, claim->kind);
	int64_t sum = sum_of(draft, claim->sprint);

	if (claim->kind == TCTL_CLAIM_AGENTS || own == claim ||
	    is_same(own->value, claim->value))
		return;
	if (claim->kind == TCTL_CLAIM_SEQUENTIAL &&
	    (is_same(claim->value, sprint->stated_s) ||
		is_same(claim->value, sum)))
		return;
	tctl_say(draft, TCTL_WARNING, "sum_mismatch", claim->place,
	    own->place.line,
	    "sprint %s takes %s%s by this list, and %s by its own text",
	    sprint->key, tctl_say_s(draft, claim->value),
	    claim->kind == TCTL_CLAIM_PARALLEL ? " in parallel" : "",
	    tctl_say_s(draft, own->value));
}

/* --- grand totals ----------------------------------------------------- */

struct totals {
	int64_t tasks;	  /* all estimates */
	int64_t parallel; /* the sprints' parallel totals */
	int64_t finished; /* stated for sprints that have no tasks here */
	int tasks_line, parallel_line; /* of the first that was added */
	bool is_whole; /* every sprint with tasks states a parallel one */
	bool has_estimates;
};

static struct totals
add_up(const struct tctl_draft *draft)
{
	const struct tctl_plan *plan = draft->plan;
	struct totals totals = { .is_whole = true, .has_estimates = true };

	for (size_t i = 0; i < plan->task_count; i++) {
		totals.has_estimates &= plan->task[i].estimate_s >= 0;
		totals.tasks += plan->task[i].estimate_s;
	}
	if (plan->task_count != 0)
		totals.tasks_line = draft->detail[0].duration_line;
	for (size_t s = 0; s < plan->sprint_count; s++) {
		bool is_empty = draft->sprint_at[s] == draft->sprint_at[s + 1];
		const struct tctl_claim *par =
		    tctl_claim_of(draft, s, TCTL_CLAIM_PARALLEL);
		const struct tctl_claim *seq =
		    tctl_claim_of(draft, s, TCTL_CLAIM_SEQUENTIAL);

		if (is_empty)
			totals.finished += seq != NULL ? seq->value : 0;
		else if (par == NULL)
			totals.is_whole = false;
		else
			totals.parallel += par->value;
		if (!is_empty && par != NULL && totals.parallel_line == 0)
			totals.parallel_line = par->place.line;
	}
	return totals;
}

static const char *
with_finished(
    struct tctl_draft *draft, const struct totals *totals, int64_t without)
{
	if (totals->finished == 0)
		return "";
	return tctl_arena_printf(draft->plan->arena,
	    " (%s with what is already done)",
	    tctl_say_s(draft, without + totals->finished));
}

static void
check_grand(struct tctl_draft *draft, const struct tctl_claim *claim,
    const struct totals *totals)
{
	if (claim->kind == TCTL_CLAIM_SEQUENTIAL) {
		if (!totals->has_estimates ||
		    is_same(claim->value, totals->tasks))
			return;
		tctl_say(draft, TCTL_WARNING, "total_mismatch", claim->place,
		    totals->tasks_line,
		    "the plan is said to take %s, its tasks take %s%s",
		    tctl_say_s(draft, claim->value),
		    tctl_say_s(draft, totals->tasks),
		    with_finished(draft, totals, totals->tasks));
	} else if (totals->is_whole && totals->parallel != 0 &&
		   !is_same(claim->value, totals->parallel)) {
		tctl_say(draft, TCTL_WARNING, "total_mismatch", claim->place,
		    totals->parallel_line,
		    "the plan is said to take %s in parallel, its sprints "
		    "add up to %s%s",
		    tctl_say_s(draft, claim->value),
		    tctl_say_s(draft, totals->parallel),
		    with_finished(draft, totals, totals->parallel));
	}
}

/* --- agents ----------------------------------------------------------- */

/* How many are named in tasks [from, to) of the list member; NULL: of all.
 * *names lists them for a message, *last is the task that names one last that
 * none before it does. */
static int64_t
count_agents(struct tctl_draft *draft, const size_t *member, size_t from,
    size_t to, const char **names, size_t *last)
{
	struct tctl_arena *arena = draft->plan->arena;
	struct tctl_index index = { 0 };
	int64_t count = 0;

	for (size_t i = from; i < to; i++) {
		size_t task = member != NULL ? member[i] : i;
		const char *agent = draft->plan->task[task].planned_agent;
		char normal[TCTL_AGENT_MAX];

		if (agent == NULL)
			continue;
		tctl_agent_normalise(agent, normal);
		tctl_index_add(
		    arena, &index, tctl_arena_strdup(arena, normal), task);
	}
	tctl_index_build(&index);
	*names = "";
	*last = 0;
	for (size_t i = 0; i < index.count; i++) {
		if (i != 0 && !strcmp(index.row[i].key, index.row[i - 1].key))
			continue;
		if (index.row[i].value > *last)
			*last = index.row[i].value;
		if (count++ < 8)
			*names = tctl_arena_printf(arena, "%s%s%s", *names,
			    count == 1 ? "" : ", ",
			    draft->plan->task[index.row[i].value]
				.planned_agent);
	}
	return count;
}

static int
agent_line(const struct tctl_draft *draft, size_t task)
{
	const struct tctl_detail *detail = &draft->detail[task];

	return detail->agent_line != 0 ? detail->agent_line
				       : detail->table_line;
}

/* Once for each number that is stated: people repeat it under each sprint. */
static void
check_agents(struct tctl_draft *draft)
{
	const struct tctl_plan *plan = draft->plan;
	const char *all_names;
	size_t all_last;
	int64_t all = count_agents(
	    draft, NULL, 0, plan->task_count, &all_names, &all_last);
	int64_t said = 0;

	for (size_t i = 0; i < draft->claim_count; i++) {
		const struct tctl_claim *claim = &draft->claim[i];
		const char *names = all_names;
		size_t last = all_last;
		int64_t named = all;

		if (claim->kind != TCTL_CLAIM_AGENTS || claim->value == said)
			continue;
		if (claim->sprint != TCTL_NONE &&
		    tctl_claim_of(draft, claim->sprint, claim->kind) != claim)
			continue;
		if (claim->sprint != TCTL_NONE)
			named = count_agents(draft, draft->member,
			    draft->sprint_at[claim->sprint],
			    draft->sprint_at[claim->sprint + 1], &names, &last);
		if (named <= claim->value)
			continue;
		said = claim->value;
		tctl_say(draft, TCTL_WARNING, "agent_count", claim->place,
		    agent_line(draft, last),
		    "%d agents are said to work, and %d are named: %s",
		    (int)claim->value, (int)named, names);
	}
}

void
tctl_check_totals(struct tctl_draft *draft)
{
	struct totals totals = add_up(draft);
	bool said[TCTL_CLAIM_KINDS] = { false };

	for (size_t s = 0; s < draft->plan->sprint_count; s++) {
		check_sprint(draft, s);
		tctl_check_parallel(draft, s);
	}
	for (size_t i = 0; i < draft->claim_count; i++) {
		const struct tctl_claim *claim = &draft->claim[i];

		if (claim->kind == TCTL_CLAIM_AGENTS)
			continue;
		if (claim->key != NULL) {
			check_list(draft, claim);
		} else if (claim->sprint == TCTL_NONE && !said[claim->kind]) {
			check_grand(draft, claim, &totals);
			said[claim->kind] = true;
		}
	}
	check_agents(draft);
}
