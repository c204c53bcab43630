/* sqlite_schema.c - is everything there that taskctl has made?
 *
 * SQLite's own checks look at what is there: that a table or an index is gone,
 * they do not see.  What must be there is made anew, in memory. */
#include <stdio.h>

#include "sql.h"
#include "sqlite.h"

/* A table with its columns, an index with its own; not what SQLite makes by
 * itself.  Not the text: that of ALTER TABLE is SQLite's, of any version. */
#define PARTS \
	"SELECT type || ' ' || name AS what, tbl_name || ': ' || coalesce(" \
	"(SELECT group_concat(c.name || ' ' || c.type || c.\"notnull\" || " \
	"c.pk)" \
	" FROM pragma_table_info(s.name) AS c), (SELECT group_concat(i.name)" \
	" FROM pragma_index_info(s.name) AS i), '') AS made" \
	" FROM sqlite_schema AS s WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^'"

struct looking {
	sqlite3_stmt *find; /* in the store: what is there by that name */
	tctl_row_fn *fn;
	void *into;
};

static void
complain(struct looking *in, const char *what, const char *why)
{
	char line[256];
	const char *one[] = { line };

	snprintf(line, sizeof(line), "%.100s %s", what, why);
	in->fn(in->into, one);
}

/* Not 0: it could not be asked. */
static int
look_for(void *into, int columns, char **text, char **names)
{
	struct looking *in = into;
	int rc;

	(void)columns;
	(void)names;
	sqlite3_bind_text(in->find, 1, text[0], -1, SQLITE_STATIC);
	sqlite3_bind_text(in->find, 2, text[1], -1, SQLITE_STATIC);
	rc = sqlite3_step(in->find);
	if (rc == SQLITE_DONE)
		complain(in, text[0], "is not there as taskctl makes it");
	sqlite3_reset(in->find);
	return rc != SQLITE_DONE && rc != SQLITE_ROW;
}

/* taskctl makes none: it would change more than was asked for. */
static int
tell_trigger(void *into, int columns, char **text, char **names)
{
	(void)columns;
	(void)names;
	complain(into, text[0], "is none of taskctl's");
	return 0;
}

static enum tctl_status
make(struct tctl_sqlite *fresh, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	if (sqlite3_open_v2(fresh->path, &fresh->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK)
		status = tctl_sqlite_fail(fresh, "make", err);
	for (size_t i = 0; status == TCTL_OK && tctl_sql_migration[i] != NULL;
	     i++)
		status = tctl_sqlite_run(fresh, tctl_sql_migration[i], err);
	return status;
}

static enum tctl_status
compare(struct tctl_sqlite *store, struct tctl_sqlite *fresh,
    struct looking *in, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	if (sqlite3_prepare_v2(store->db,
		"SELECT 1 FROM (" PARTS ") WHERE what = $1 AND made = $2", -1,
		&in->find, NULL) != SQLITE_OK ||
	    sqlite3_exec(store->db,
		"SELECT 'trigger ' || name FROM sqlite_schema "
		"WHERE type = 'trigger'",
		tell_trigger, in, NULL) != SQLITE_OK)
		status = tctl_sqlite_fail(store, "check", err);
	else
		switch (sqlite3_exec(fresh->db, PARTS, look_for, in, NULL)) {
		case SQLITE_OK:
			break;
		case SQLITE_ABORT:
			status = tctl_sqlite_fail(store, "check", err);
			break;
		default:
			status = tctl_sqlite_fail(fresh, "check", err);
		}
	sqlite3_finalize(in->find);
	return status;
}

enum tctl_status
tctl_sqlite_check_schema(struct tctl_sqlite *store, tctl_row_fn *fn, void *into,
    struct tctl_error *err)
{
	char memory[] = ":memory:";
	struct tctl_sqlite fresh = { .path = memory };
	struct looking in = { .fn = fn, .into = into };
	int version = 0;
	enum tctl_status status =
	    tctl_sqlite_number(store, "PRAGMA user_version", &version, err);

	/* What an older one lacks it gets with its next change. */
	if (status != TCTL_OK || version != tctl_store_schema())
		return status;
	status = make(&fresh, err);
	if (status == TCTL_OK)
		status = compare(store, &fresh, &in, err);
	sqlite3_close(fresh.db);
	return status;
}
