/* message.c - what happened since the last commit, as a person would put it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "summary.h"
#include "taskctl/text.h"

static const char *const outcome_text[TCTL_GIT_OUTCOME_COUNT] = { "done",
	"failed", "claimed", "free again", "reopened", "cancelled", "added",
	"updated" };

/* --- the line
 * ------------------------------------------------------------------ */

enum {
	LINE_WIDTH = 72, /* columns; what git's own lists show of a subject */
	NAMED_MAX = 3,	 /* tasks named in a clause; more are counted */
	LOOKED_UP_MAX = 12, /* tasks whose sprint is asked for */
	AGENT_WIDTH = 24,
};

/* Tasks of one outcome, and where it is TCTL_GIT_CLAIMED of one agent. */
struct clause {
	struct tctl_git_summary *summary;
	enum tctl_git_outcome outcome;
	const char *agent; /* NULL: any */
};

static bool
is_in(const struct clause *clause, const struct tctl_git_item *item)
{
	return item->outcome == clause->outcome &&
	       (clause->agent == NULL || item->agent == NULL ||
		   strcmp(clause->agent, item->agent) == 0);
}

/* "2.1, 2.2 and 2.3 done", or "17 tasks done". */
static void
write_clause(FILE *to, const struct clause *clause, size_t named_max)
{
	const struct tctl_git_summary *summary = clause->summary;
	size_t count = 0, n = 0;

	for (size_t i = 0; i < summary->item_count; i++)
		count += is_in(clause, summary->item[i]);
	if (count > named_max)
		fprintf(to, "%zu task%s", count, count == 1 ? "" : "s");
	for (size_t i = 0; count <= named_max && i < summary->item_count; i++) {
		if (!is_in(clause, summary->item[i]))
			continue;
		if (n > 0)
			fputs(n + 1 == count ? " and " : ", ", to);
		tctl_text_inert(to, summary->item[i]->task);
		n++;
	}
	fprintf(to, " %s", outcome_text[clause->outcome]);
	if (clause->agent != NULL) {
		fputs(" by ", to);
		tctl_text_cell(to, clause->agent, AGENT_WIDTH, false, "…");
	}
}

/* The agent whose claims come next after those of *last, in the order of their
 * first one; *at is where to go on. */
static const char *
next_claimer(const struct tctl_git_summary *summary, size_t *at)
{
	while (*at < summary->item_count) {
		const struct tctl_git_item *item = summary->item[(*at)++];
		bool seen = false;

		if (item->outcome != TCTL_GIT_CLAIMED || item->agent == NULL)
			continue;
		for (size_t i = 0; !seen && i < *at - 1; i++)
			seen =
			    summary->item[i]->outcome == TCTL_GIT_CLAIMED &&
			    summary->item[i]->agent != NULL &&
			    strcmp(summary->item[i]->agent, item->agent) == 0;
		if (!seen)
			return item->agent;
	}
	return NULL;
}

static void
write_clauses(FILE *to, struct tctl_git_summary *summary, size_t named_max)
{
	const char *separator = "";

	for (int i = 0; i < TCTL_GIT_OUTCOME_COUNT; i++) {
		struct clause clause = { summary, (enum tctl_git_outcome)i,
			NULL };
		bool any = false;
		size_t at = 0;

		for (size_t k = 0; !any && k < summary->item_count; k++)
			any = is_in(&clause, summary->item[k]);
		/* Notes and ticked steps are worth a word only alone. */
		if (!any || (i == TCTL_GIT_UPDATED && *separator != '\0'))
			continue;
		if (i == TCTL_GIT_CLAIMED && named_max > 0)
			clause.agent = next_claimer(summary, &at);
		do {
			fputs(separator, to);
			write_clause(to, &clause, named_max);
			separator = "; ";
			if (clause.agent != NULL)
				clause.agent = next_claimer(summary, &at);
		} while (clause.agent != NULL);
	}
	if (*separator == '\0')
		fprintf(to, "%zu event%s", summary->event_count,
		    summary->event_count == 1 ? "" : "s");
}

/* "Sprint 2: ", where all tasks that would be named are of one sprint. */
static void
write_sprint(
    FILE *to, struct tctl_git_summary *summary, const struct tctl_coord *coord)
{
	const char *sprint = NULL;
	bool same =
	    summary->item_count > 0 && summary->item_count <= LOOKED_UP_MAX;

	for (size_t i = 0; same && i < summary->item_count; i++) {
		const struct tctl_git_item *item = summary->item[i];
		char *id = tctl_xprintf("%s%s%s", item->plan,
		    *item->plan != '\0' ? ":" : "", item->task);
		struct tctl_error unused;
		struct tctl_tasks task;
		const char *its = NULL;

		if (tctl_task_show(coord, id, &task, &unused) == TCTL_OK) {
			if (task.at[0].sprint != NULL)
				its = tctl_arena_strdup(
				    summary->arena, task.at[0].sprint);
			tctl_tasks_release(&task);
		}
		free(id);
		same = its != NULL &&
		       strcmp(item->plan, summary->item[0]->plan) == 0 &&
		       (sprint == NULL || strcmp(sprint, its) == 0);
		sprint = its;
	}
	if (!same)
		return;
	fputs("Sprint ", to);
	tctl_text_cell(to, sprint, AGENT_WIDTH, false, "…");
	fputs(": ", to);
}

char *
tctl_git_summary_line(
    struct tctl_git_summary *summary, const struct tctl_coord *coord)
{
	char *line = NULL;

	for (size_t named = NAMED_MAX;; named = 0) {
		size_t bytes;
		FILE *to = open_memstream(&line, &bytes);

		if (to == NULL)
			tctl_die_nomem();
		write_sprint(to, summary, coord);
		write_clauses(to, summary, named);
		if (fclose(to) != 0)
			tctl_die_nomem();
		if (named == 0 || tctl_text_width(line) <= LINE_WIDTH)
			return line;
		free(line);
	}
}

/* --- the whole
 * ------------------------------------------------------------------- */

static int
by_order(const void *a, const void *b)
{
	size_t x = (*(struct tctl_git_item *const *)a)->order;
	size_t y = (*(struct tctl_git_item *const *)b)->order;

	return (x > y) - (x < y);
}

static void
write_value(FILE *to, const char *key, const char *value)
{
	fprintf(to, "%s: ", key);
	tctl_text_inert(to, value);
	putc('\n', to);
}

/* Who finished what, by which token.  The events say it for all; here only as
 * many as somebody may want to read. */
static void
write_finished(FILE *to, const struct tctl_git_summary *summary)
{
	enum { FINISHED_MAX = 100 };
	struct tctl_git_item **done = NULL;
	size_t count = 0;

	for (size_t i = 0; i < summary->item_count; i++)
		if (summary->item[i]->outcome == TCTL_GIT_DONE) {
			done = tctl_grow(
			    done, count, sizeof(struct tctl_git_item *));
			done[count++] = summary->item[i];
		}
	if (count > 0)
		qsort(done, count, sizeof(struct tctl_git_item *), by_order);
	for (size_t i = 0; i < count && i < FINISHED_MAX; i++) {
		write_value(to, "Task", done[i]->task);
		if (done[i]->agent != NULL)
			write_value(to, "Agent", done[i]->agent);
		if (done[i]->token != 0)
			fprintf(to, "Token: %" PRId64 "\n", done[i]->token);
	}
	free(done);
}

/* What the caller says, line by line, without what could act on a terminal. */
static void
write_said(FILE *to, const char *said)
{
	while (*said != '\0') {
		size_t length = strcspn(said, "\n");
		char *line = strndup(said, length);

		if (line == NULL)
			tctl_die_nomem();
		tctl_text_inert(to, line);
		putc('\n', to);
		free(line);
		said += length + (said[length] == '\n');
	}
}

char *
tctl_git_message(const struct tctl_git_summary *summary, const char *line,
    const char *said, const char *store_id)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	if (said != NULL)
		said += strspn(said, " \t\r\n");
	if (said != NULL && *said != '\0') {
		write_said(to, said);
		putc('\n', to);
	}
	fprintf(to, "%s\n\n", line);
	write_finished(to, summary);
	fprintf(to, "Last-Event: %" PRId64 "\n", summary->last);
	write_value(to, "Store", store_id);
	if (fclose(to) != 0)
		tctl_die_nomem();
	return text;
}
