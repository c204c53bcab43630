/* past.c - gives a plan a past: weeks of work by eight agents.
 *
 *     past DIR PERCENT    claim, renew, note, give back, fail, reopen and
 *                         finish, until PERCENT of DIR's tasks are done
 *
 * Everything is done by the same functions as by the commands, one change after
 * another; then all times are stretched, from the seconds that it took to four
 * weeks that end now.  Prints how many events there are. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "taskctl/memory.h"
#include "taskctl/work.h"

enum { AGENTS = 8, DAYS = 28 };

/* Every _ms that is a time, but those of _boot, which decide. */
static const char stretch[] =
    "CREATE TEMP TABLE span AS SELECT max(at_ms) AS till,"
    " ?1 / max(1, max(at_ms) - min(at_ms) FILTER"
    " (WHERE kind = 'claimed')) AS times FROM event;"
    "UPDATE event SET at_ms = till - (till - at_ms) * times FROM span;"
    "UPDATE note SET at_ms = till - (till - at_ms) * times FROM span;"
    "UPDATE task SET started_ms = till - (till - started_ms) * times,"
    " finished_ms = till - (till - finished_ms) * times FROM span"
    " WHERE started_ms IS NOT NULL;"
    "UPDATE lease SET acquired_ms = till - (till - acquired_ms) * times,"
    " renewed_ms = till - (till - renewed_ms) * times,"
    " ended_ms = till - (till - ended_ms) * times FROM span;";

struct past {
	struct tctl_place place;
	struct tctl_config config;
	struct tctl_coord coord;
	struct tctl_caller who;
	struct tctl_error err;
	size_t claims;
	size_t done;
	char hand[AGENTS][32]; /* the task that each has claimed */
};

static void
must(struct past *past, enum tctl_status status)
{
	if (status == TCTL_OK)
		return;
	fprintf(stderr, "past: %s\n", past->err.text);
	exit(1);
}

static void
open_past(struct past *past, const char *folder)
{
	must(past, tctl_place_find(folder, &past->place, &past->err));
	past->place.store = tctl_xprintf("%s/taskctl.db", past->place.tasks);
	must(past,
	    tctl_config_read(past->place.tasks, &past->config, &past->err));
	must(past, tctl_store_open(past->place.store, TCTL_OPEN_WRITE, 10000,
		       &past->coord.store, &past->err));
	past->coord.config = &past->config;
	past->coord.place = &past->place;
	past->who = (struct tctl_caller){ .token = -1,
		.host = "bench",
		.worktree = past->place.worktree,
		.evidence = "manual" };
}

static void
take_turn(struct past *past, char name[16], size_t agent)
{
	snprintf(name, 16, "agent-%zu", agent);
	past->who.agent = past->who.session = name;
}

static void
claim(struct past *past, size_t agent)
{
	struct tctl_answer answer;
	char name[16];

	take_turn(past, name, agent);
	must(past, tctl_lease_claim_next(&past->coord, &past->who, NULL, true,
		       -1, &answer, &past->err));
	snprintf(past->hand[agent], sizeof(past->hand[agent]), "%s",
	    answer.task.at[0].id);
	tctl_answer_release(&answer);
}

/* What becomes of a task that was claimed: of twenty, five are renewed and
 * three noted on the way, one is given back, one fails and is taken up again;
 * all others get done. */
static void
work_on(struct past *past, size_t agent)
{
	const char *id = past->hand[agent];
	const struct tctl_strings ids = { &id, 1 };
	const struct tctl_coord *coord = &past->coord;
	struct tctl_caller *who = &past->who;
	struct tctl_error *err = &past->err;
	struct tctl_answer answer = { 0 };
	size_t fate = past->claims++ * 7 % 20;
	char name[16];

	take_turn(past, name, agent);
	if (fate < 5)
		must(
		    past, tctl_lease_heartbeat(coord, who, &ids, &answer, err));
	else if (fate < 8)
		must(past, tctl_note_add(coord, who, id, "half of it is there",
			       &answer, err));
	tctl_answer_release(&answer);
	if (fate == 8)
		must(past, tctl_lease_release(coord, who, id,
			       "for somebody who knows", false, &answer, err));
	else if (fate == 9)
		must(past, tctl_lease_fail(coord, who, id, "its tests are red",
			       &answer, err));
	else
		must(past, tctl_lease_done(coord, who, id, NULL, &answer, err));
	tctl_answer_release(&answer);
	past->done += fate < 8 || fate > 9;
	if (fate != 9)
		return;
	must(past,
	    tctl_task_reopen(coord, who, id, "they are mended", &answer, err));
	tctl_answer_release(&answer);
}

/* In the end each agent has one in hand. */
static void
live_through(struct past *past, size_t percent)
{
	struct tctl_tasks tasks;
	size_t wanted;

	must(past, tctl_tasks_list(&past->coord, NULL, &tasks, &past->err));
	wanted = tasks.count * percent / 100;
	tctl_tasks_release(&tasks);
	for (;;) {
		for (size_t i = 0; i < AGENTS; i++)
			claim(past, i);
		if (past->done >= wanted)
			return;
		for (size_t i = 0; i < AGENTS; i++)
			work_on(past, i);
	}
}

static void
run_sql(sqlite3 *db, const char *sql)
{
	while (sql[0] != '\0') {
		sqlite3_stmt *stmt;
		int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, &sql);

		if (rc == SQLITE_OK && sqlite3_bind_parameter_count(stmt) > 0)
			rc = sqlite3_bind_int64(
			    stmt, 1, DAYS * INT64_C(86400000));
		if (rc == SQLITE_OK)
			rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			printf("%s\n", sqlite3_column_text(stmt, 0));
		if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
			rc = sqlite3_finalize(stmt);
		if (rc != SQLITE_OK) {
			fprintf(stderr, "past: %s\n", sqlite3_errmsg(db));
			exit(1);
		}
	}
}

/* After the store was closed: nobody else has it open. */
static void
stretch_times(const char *store)
{
	sqlite3 *db;

	if (sqlite3_open(store, &db) != SQLITE_OK) {
		fprintf(stderr, "past: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
	run_sql(db, "BEGIN");
	run_sql(db, stretch);
	run_sql(db, "COMMIT");
	run_sql(db, "SELECT count(*) FROM event");
	sqlite3_close(db);
}

int
main(int argc, char *argv[])
{
	struct past past = { 0 };

	if (argc != 3)
		return 64;
	open_past(&past, argv[1]);
	live_through(&past, strtoul(argv[2], NULL, 10));
	tctl_store_close(past.coord.store);
	stretch_times(past.place.store);
	tctl_config_release(&past.config);
	tctl_place_release(&past.place);
	return 0;
}
