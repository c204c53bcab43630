/* state.c - what a store says, by SQL: its invariants (the same that doctor and
 * the stress tests ask), and everything in it as text. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

static char *invariants_sql, *whole_sql, *replays_sql, *dump_sql;

/* Text that grows. */
struct text {
	char *at;
	size_t length, room;
};

static void
add(struct text *text, const char *more)
{
	size_t n = strlen(more);

	if (text->length + n + 1 > text->room) {
		text->room = 2 * (text->length + n + 1);
		text->at = faults_alloc(text->at, text->room);
	}
	memcpy(text->at + text->length, more, n + 1);
	text->length += n;
}

static int
take_row(void *into, int columns, char **value, char **name)
{
	(void)name;
	for (int i = 0; i < columns; i++) {
		add(into, i == 0 ? "" : "|");
		add(into, value[i] == NULL ? "" : value[i]);
	}
	add(into, "\n");
	return 0;
}

static char *
load(const char *root, const char *name)
{
	char *path = faults_text("%s/%s", root, name);
	char *sql = faults_slurp(path, NULL);

	if (sql == NULL) {
		fprintf(stderr, "faults: no %s\n", path);
		exit(2);
	}
	free(path);
	return sql;
}

void
faults_state_load(const char *root)
{
	invariants_sql = load(root, "lib/work/sql/invariants.sql");
	whole_sql = load(root, "tests/stress/whole.sql");
	replays_sql = load(root, "tests/stress/replays.sql");
	dump_sql = load(root, "tests/faults/dump.sql");
}

static int
count_row(void *into, int columns, char **value, char **name)
{
	(void)columns;
	(void)name;
	*(int *)into = atoi(value[0]);
	return 0;
}

/* A store in whose file nothing is yet is one that somebody died making. */
static bool
is_empty(sqlite3 *db)
{
	int objects = -1;

	sqlite3_exec(db,
	    "SELECT count(*) FROM sqlite_schema WHERE name = 'store'",
	    count_row, &objects, NULL);
	if (objects == 1)
		sqlite3_exec(db, "SELECT count(*) FROM store", count_row,
		    &objects, NULL);
	return objects == 0;
}

static int
take_drawn(void *into, int columns, char **value, char **name)
{
	struct faults_drawn *drawn = into;

	(void)columns;
	(void)name;
	drawn->token = strtoll(value[0], NULL, 10);
	drawn->event = strtoll(value[1], NULL, 10);
	snprintf(drawn->store, sizeof(drawn->store), "%s", value[2]);
	return 0;
}

static void
read_drawn(sqlite3 *db, struct faults_state *out)
{
	sqlite3_exec(db,
	    "SELECT max(s.token, coalesce((SELECT max(token) FROM event), 0),"
	    " coalesce((SELECT max(token) FROM lease), 0)),"
	    " max(s.event, coalesce((SELECT max(id) FROM event), 0)), s.id"
	    " FROM store AS s",
	    take_drawn, &out->drawn, NULL);
	sqlite3_exec(db,
	    "SELECT gap.token, gap.event, s.id FROM gap, store AS s",
	    take_drawn, &out->gap, NULL);
}

static void
ask(sqlite3 *db, const char *sql, struct text *into)
{
	if (sqlite3_exec(db, sql, take_row, into, NULL) == SQLITE_OK)
		return;
	add(into, sqlite3_errmsg(db));
	add(into, "\n");
}

void
faults_state_read(const char *store, struct faults_state *out)
{
	struct text bad = { 0 }, all = { 0 };
	sqlite3 *db;

	memset(out, 0, sizeof(*out));
	add(&bad, "");
	add(&all, "");
	if (sqlite3_open_v2(store, &db, SQLITE_OPEN_READWRITE, NULL) ==
	    SQLITE_OK) {
		sqlite3_busy_timeout(db, 5000);
		sqlite3_db_config(
		    db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
		if (!is_empty(db)) {
			ask(db, whole_sql, &bad);
			ask(db, invariants_sql, &bad);
			ask(db, replays_sql, &bad);
			ask(db, dump_sql, &all);
			read_drawn(db, out);
		}
	}
	sqlite3_close(db);
	out->wrong = bad.at;
	out->dump = all.at;
}

/* Owned: without events, and the numbers that they and leases have drawn. */
static char *
without_drawn(const char *dump)
{
	char *out = NULL;
	size_t size;
	FILE *to = open_memstream(&out, &size);

	if (to == NULL)
		FAULTS_DIE();
	for (const char *at = dump; *at != '\0';) {
		size_t n = strcspn(at, "\n") + 1;
		int head = 0, drawn = 0;

		(void)sscanf(at, "lease|%*d|%n%*d%n", &head, &drawn);
		if (strncmp(at, "store|", 6) != 0 &&
		    strncmp(at, "event|", 6) != 0)
			fprintf(to, "%.*s%.*s", head, at, (int)n - drawn,
			    at + drawn);
		at += n;
	}
	if (fclose(to) != 0)
		FAULTS_DIE();
	return out;
}

bool
faults_state_same(const char *a, const char *b, bool drawn_too)
{
	char *x = drawn_too ? faults_text("%s", a) : without_drawn(a);
	char *y = drawn_too ? faults_text("%s", b) : without_drawn(b);
	bool same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

void
faults_state_free(struct faults_state *state)
{
	free(state->wrong);
	free(state->dump);
}
