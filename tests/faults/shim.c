/* shim.c - linked in front of taskctl's objects, as faults-sqlite/taskctl: the
 * Nth call into SQLite fails without having done its work, or the Nth of SQLite
 * to its files (shim_vfs.c).  The linker leads calls here (--wrap). */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim.h"

enum { CONNECTIONS_MAX = 8 };

int __real_sqlite3_open_v2(
    const char *name, sqlite3 **db, int flags, const char *vfs);
int __real_sqlite3_close(sqlite3 *db);
int __real_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes,
    sqlite3_stmt **stmt, const char **tail);
int __real_sqlite3_step(sqlite3_stmt *stmt);
int __real_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback fn,
    void *into, char **message);
int __real_sqlite3_wal_checkpoint_v2(
    sqlite3 *db, const char *name, int mode, int *frames, int *done);
int __real_sqlite3_backup_step(sqlite3_backup *backup, int pages);

int __wrap_sqlite3_open_v2(
    const char *name, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_close(sqlite3 *db);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes,
    sqlite3_stmt **stmt, const char **tail);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback fn,
    void *into, char **message);
int __wrap_sqlite3_wal_checkpoint_v2(
    sqlite3 *db, const char *name, int mode, int *frames, int *done);
int __wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages);
const char *__asan_default_options(void);

static struct faults_shim *shared;
static pid_t begun; /* a child that it forks is left alone */
static sqlite3 *connection[CONNECTIONS_MAX];
static int depth; /* where SQLite calls itself, it is left alone */

/* Who ends need not give back memory. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

__attribute__((constructor)) static void
begin(void)
{
	void *at = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED, FAULTS_SHIM_FD, 0);

	begun = getpid();
	if (at != MAP_FAILED)
		shared = at;
}

__attribute__((destructor)) static void
end(void)
{
	for (size_t i = 0; shared != NULL && i < CONNECTIONS_MAX; i++)
		if (connection[i] != NULL &&
		    sqlite3_txn_state(connection[i], NULL) != SQLITE_TXN_NONE)
			shared->is_open = true;
}

/* --- which call fails ------------------------------------------------- */

/* errno as SQLite's own VFS leaves it. */
static int
give(int code)
{
	if ((code & 0xff) == SQLITE_IOERR)
		errno = EIO;
	else if (code == SQLITE_FULL)
		errno = ENOSPC;
	return code;
}

int
faults_shim_code(enum faults_op op)
{
	size_t n;

	if (shared == NULL || getpid() != begun)
		return 0;
	n = ++shared->count;
	if (n <= FAULTS_SHIM_CALLS)
		shared->asked[n - 1] = (uint8_t)op;
	if (n == shared->at && op == shared->op)
		shared->reached = true;
	else if (shared->at == 0 || !shared->reached ||
		 (shared->on >> op & 1) == 0)
		return 0;
	return give(shared->code);
}

enum faults_manner
faults_shim_manner(void)
{
	return shared->manner;
}

/* --- calls into SQLite ------------------------------------------------ */

static int
enter(enum faults_op op)
{
	return depth++ > 0 || op == FAULTS_OPS ? 0 : faults_shim_code(op);
}

static int
leave(int rc)
{
	depth--;
	return rc;
}

static void
give_code(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	sqlite3_result_error_code(context, sqlite3_value_int(value[0]));
}

/* The connection is left as after such an error: by a statement that has it. */
static int
fail(sqlite3 *db, int code)
{
	char sql[48];

	if (shared->manner == FAULTS_GONE && !sqlite3_get_autocommit(db))
		__real_sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	snprintf(sql, sizeof(sql), "SELECT faults_fail(%d)", code);
	return __real_sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int
__wrap_sqlite3_open_v2(
    const char *name, sqlite3 **db, int flags, const char *vfs)
{
	int rc;

	faults_shim_register();
	rc = __real_sqlite3_open_v2(name, db, flags, vfs);
	if (rc == SQLITE_OK)
		sqlite3_create_function(*db, "faults_fail", 1, SQLITE_UTF8,
		    NULL, give_code, NULL, NULL);
	for (size_t i = 0; rc == SQLITE_OK && i < CONNECTIONS_MAX; i++)
		if (connection[i] == NULL) {
			connection[i] = *db;
			break;
		}
	return rc;
}

int
__wrap_sqlite3_close(sqlite3 *db)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (connection[i] == db)
			connection[i] = NULL;
	return __real_sqlite3_close(db);
}

int
__wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes,
    sqlite3_stmt **stmt, const char **tail)
{
	int code = enter(FAULTS_PREPARE);

	*stmt = NULL;
	return leave(
	    code != 0 ? fail(db, code)
		      : __real_sqlite3_prepare_v2(db, sql, bytes, stmt, tail));
}

int
__wrap_sqlite3_step(sqlite3_stmt *stmt)
{
	int code = enter(FAULTS_STEP);

	return leave(code != 0 ? fail(sqlite3_db_handle(stmt), code)
			       : __real_sqlite3_step(stmt));
}

/* To go back on a transaction cannot fail. */
int
__wrap_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback fn,
    void *into, char **message)
{
	bool fails = strcmp(sql, "ROLLBACK") != 0;
	int code = enter(fails ? FAULTS_EXEC : FAULTS_OPS);

	return leave(code != 0
			 ? fail(db, code)
			 : __real_sqlite3_exec(db, sql, fn, into, message));
}

int
__wrap_sqlite3_wal_checkpoint_v2(
    sqlite3 *db, const char *name, int mode, int *frames, int *done)
{
	int code = enter(FAULTS_CHECKPOINT);

	return leave(code != 0 ? fail(db, code)
			       : __real_sqlite3_wal_checkpoint_v2(
				     db, name, mode, frames, done));
}

int
__wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages)
{
	int code = enter(FAULTS_COPY);

	return leave(
	    code != 0 ? code : __real_sqlite3_backup_step(backup, pages));
}
