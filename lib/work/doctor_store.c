/* doctor_store.c - what is in a store, against what must be. */
#include <json-c/json.h>
#include <string.h>
#include <sys/stat.h>

#include <bsd/string.h>

#include "network.h"
#include "sql.h"
#include "taskctl/doctor.h"

enum { SHOWN_MOST = 20 }; /* of each statement; the rest is counted */

struct telling {
	struct tctl_doctor *to;
	enum tctl_finding_kind kind;
	const char *fmt; /* where, what is there, what should be */
	size_t rows;
};

/* --- the database's own checks ----------------------------------------------
 */

static void
tell_damage(void *into, const char *const col[])
{
	struct telling *t = into;

	if (t->rows++ < SHOWN_MOST)
		tctl_doctor_find(
		    t->to, TCTL_FOUND_DAMAGED, NULL, NULL, "%s", col[0]);
}

/* What could not be asked is not said to be in order. */
static void
looked(struct tctl_doctor *to, const char *check, bool asked, const char *said)
{
	if (asked)
		tctl_doctor_looked(to, check, "%s", said);
	else
		tctl_doctor_skipped(to, check, "it could not be asked");
}

static void
take_totals(void *into, const char *const col[])
{
	int64_t *totals = into;

	totals[0] = tctl_col(col[0]);
	totals[1] = tctl_col(col[1]);
}

static void
check_id(void *into, const char *const col[])
{
	struct telling *t = into;
	const char *key = tctl_col_text(col[0]);
	char norm[TCTL_ID_MAX];

	if ((!tctl_id_normalise(key, norm) ||
		strcmp(norm, tctl_col_text(col[1])) != 0) &&
	    t->rows++ < SHOWN_MOST)
		tctl_doctor_find(t->to, TCTL_FOUND_DAMAGED, key, NULL,
		    "task %s is not found by its id", key);
}

/* What cannot be read is left out of the branch that git gets, and of views. */
static void
check_data(void *into, const char *const col[])
{
	struct telling *t = into;
	struct json_object *data = json_tokener_parse(tctl_col_text(col[1]));

	if (!json_object_is_type(data, json_type_object) &&
	    t->rows++ < SHOWN_MOST)
		tctl_doctor_find(t->to, TCTL_FOUND_HISTORY, col[0], NULL,
		    "event %s: what it says of itself cannot be read", col[0]);
	json_object_put(data);
}

static void
check_database(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	struct telling t = { .to = to };
	struct tctl_error err;
	int64_t totals[2] = { 0, 0 };

	if (tctl_store_check(coord->store, tell_damage, &t, &err) != TCTL_OK ||
	    tctl_query(coord->store, tctl_sql_doctor_totals, TCTL_NO_ARGS,
		take_totals, totals, NULL, &err) != TCTL_OK ||
	    tctl_query(coord->store, tctl_sql_doctor_ids, TCTL_NO_ARGS,
		check_id, &t, NULL, &err) != TCTL_OK ||
	    tctl_query(coord->store, tctl_sql_doctor_data, TCTL_NO_ARGS,
		check_data, &t, NULL, &err) != TCTL_OK)
		tctl_doctor_unread(to, &err);
	tctl_doctor_looked(to, "store", "schema %d, %lld tasks, %lld events",
	    tctl_store_schema(), (long long)totals[0], (long long)totals[1]);
}

/* --- what must hold ---------------------------------------------------------
 */

static const struct {
	const char *sql;
	enum tctl_finding_kind kind;
	const char *check; /* said once all of its statements are asked */
	const char *fmt;
} must_hold[] = {
	{ tctl_sql_doctor_unmet, TCTL_FOUND_WRONG_COUNT, NULL,
	    "task %s: %s of its needs are not done, it says; counting gives "
	    "%s" },
	{ tctl_sql_doctor_remaining, TCTL_FOUND_WRONG_COUNT, NULL,
	    "sprint %s: %s tasks remain, it says; counting gives %s" },
	{ tctl_sql_doctor_barred, TCTL_FOUND_WRONG_COUNT, NULL,
	    "task %s: it is barred by %s, it says; looking gives %s (1 an "
	    "earlier sprint, 2 a gate, 4 an earlier step)" },
	{ tctl_sql_doctor_claimed, TCTL_FOUND_CLAIM, NULL,
	    "task %s is %s, and its lease that lives is: %s" },
	{ tctl_sql_doctor_lanes, TCTL_FOUND_DAMAGED, NULL,
	    "task %s: claim --next does not look where it is, mutex \"%s\" and "
	    "agent \"%s\"" },
	{ tctl_sql_doctor_mutex, TCTL_FOUND_MUTEX, "counts",
	    "mutex %s is held by %s tasks, not %s" },
	{ tctl_sql_doctor_event_counter, TCTL_FOUND_COUNTER, NULL,
	    "the counter \"%s\" is at %s, and the last one is %s" },
	{ tctl_sql_doctor_token_counter, TCTL_FOUND_COUNTER, NULL,
	    "the counter \"%s\" is at %s, and %s was drawn" },
	{ tctl_sql_doctor_tokens_grow, TCTL_FOUND_COUNTER, NULL,
	    "event %s: token %s was drawn after token %s" },
	{ tctl_sql_doctor_lease_claim, TCTL_FOUND_HISTORY, NULL,
	    "task %s: no event tells of the claim with token %s, by %s" },
	{ tctl_sql_doctor_event_gap, TCTL_FOUND_HISTORY, NULL,
	    "event %s comes after event %s: event %s is missing" },
	{ tctl_sql_doctor_states, TCTL_FOUND_HISTORY, "history",
	    "task %s is %s; what happened to it makes it %s" },
};

static void
tell_row(void *into, const char *const col[])
{
	struct telling *t = into;
	const char *has = col[1] == NULL ? "nothing" : col[1];
	const char *wants = col[2] == NULL ? "nothing" : col[2];

	if (t->rows++ < SHOWN_MOST)
		tctl_doctor_find(t->to, t->kind, col[0], NULL, t->fmt,
		    col[0] == NULL ? "?" : col[0], has, wants);
}

static void
check_rules(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	struct tctl_error err;
	bool asked = true;

	for (size_t i = 0; i < TCTL_COUNT(must_hold); i++) {
		struct telling t = { to, must_hold[i].kind, must_hold[i].fmt,
			0 };

		if (tctl_query(coord->store, must_hold[i].sql, TCTL_NO_ARGS,
			tell_row, &t, NULL, &err) != TCTL_OK) {
			tctl_doctor_unread(to, &err);
			asked = false;
		}
		if (t.rows > SHOWN_MOST)
			tctl_doctor_find(to, must_hold[i].kind, NULL, NULL,
			    "and %zu more like these", t.rows - SHOWN_MOST);
		if (must_hold[i].check == NULL)
			continue;
		looked(to, must_hold[i].check, asked,
		    "counted anew, and replayed");
		asked = true;
	}
}

static void
check_order(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	struct tctl_error err;
	const char *cycle = NULL;
	bool asked = tctl_network_cycle(
			 coord->store, to->arena, &cycle, &err) == TCTL_OK;

	if (!asked)
		tctl_doctor_unread(to, &err);
	else if (cycle != NULL)
		tctl_doctor_find(to, TCTL_FOUND_CYCLE, NULL, NULL, "%s", cycle);
	looked(to, "order", asked, "followed all dependencies");
}

/* --- the clock, the plans --------------------------------------------------
 */

struct seen {
	char boot[40];
	int64_t clock_boot;
	char machine[40];
	int64_t inode;
	int64_t last_ms;
};

static void
take_seen(void *into, const char *const col[])
{
	struct seen *seen = into;

	strlcpy(seen->boot, tctl_col_text(col[0]), sizeof(seen->boot));
	seen->clock_boot = tctl_col(col[1]);
	strlcpy(seen->machine, tctl_col_text(col[2]), sizeof(seen->machine));
	seen->inode = tctl_col(col[3]);
	seen->last_ms = tctl_col(col[4]);
	if (seen->last_ms < tctl_col(col[5]))
		seen->last_ms = tctl_col(col[5]);
}

static void
check_clock(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	enum { SLACK_MS = 2000 };
	struct seen seen = { .inode = 0 };
	struct tctl_now now;
	struct tctl_error err;
	bool same_boot;

	if (tctl_store_now(coord->store, &now, &err) != TCTL_OK ||
	    tctl_query(coord->store, tctl_sql_doctor_clock, TCTL_NO_ARGS,
		take_seen, &seen, NULL, &err) != TCTL_OK) {
		tctl_doctor_unread(to, &err);
		looked(to, "clock", false, NULL);
		return;
	}
	same_boot = strcmp(seen.boot, now.boot) == 0;
	if (seen.last_ms > now.wall_ms + SLACK_MS)
		tctl_doctor_find(to, TCTL_FOUND_CLOCK_BEHIND, NULL, NULL,
		    "the last event is %lld s ahead of this clock",
		    (long long)(seen.last_ms - now.wall_ms) / 1000);
	if (!same_boot || seen.clock_boot > now.boot_ms)
		tctl_doctor_find(to, TCTL_FOUND_ANOTHER_BOOT, NULL, NULL,
		    same_boot ? "the clock of this boot has gone back"
			      : "the last change was made in another boot");
	if (seen.inode != now.inode ||
	    (!same_boot && strcmp(seen.machine, now.machine) != 0))
		tctl_doctor_find(to, TCTL_FOUND_COPY, NULL, NULL,
		    "the store was last changed in another file or on another "
		    "machine");
	tctl_doctor_looked(to, "clock", "compared with the last change");
}

struct plans {
	struct tctl_doctor *to;
	const char *root;
	size_t count;
};

static void
check_plan(void *into, const char *const col[])
{
	struct plans *plans = into;
	const char *file = col[2];
	struct stat st;

	if (file == NULL || strcmp(file, "-") == 0)
		return;
	plans->count++;
	if (file[0] != '/')
		file = tctl_arena_printf(
		    plans->to->arena, "%s/%s", plans->root, file);
	if (stat(file, &st) != 0)
		tctl_doctor_find(plans->to, TCTL_FOUND_PLAN_GONE, file, NULL,
		    "plan %s: %s is not there", tctl_col_text(col[1]), file);
}

static void
check_plans(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	struct plans plans = { to, coord->place->root, 0 };
	struct tctl_error err;

	if (tctl_query(coord->store, tctl_sql_plan_list, TCTL_NO_ARGS,
		check_plan, &plans, NULL, &err) != TCTL_OK) {
		tctl_doctor_unread(to, &err);
		looked(to, "plans", false, NULL);
		return;
	}
	tctl_doctor_looked(to, "plans", "%zu file%s", plans.count,
	    plans.count == 1 ? "" : "s");
}

void
tctl_doctor_store(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	struct tctl_error err;

	if (tctl_store_begin(coord->store, TCTL_READ, &err) != TCTL_OK) {
		tctl_doctor_unread(to, &err);
		looked(to, "store", false, NULL);
		return;
	}
	check_database(to, coord);
	check_rules(to, coord);
	check_order(to, coord);
	tctl_doctor_leases(to, coord);
	check_clock(to, coord);
	check_plans(to, coord);
	tctl_store_rollback(coord->store);
}
