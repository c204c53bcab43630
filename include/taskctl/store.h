/* floor: store - a database at the level of SQL, with one writer at a time.
 *
 * Lease, task and event logic is written once, on the work floor, over named
 * statements in .sql files; what is behind this header is chosen by URL. */
#ifndef TASKCTL_STORE_H
#define TASKCTL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "taskctl/error.h"

struct tctl_store; /* an open store; one thread's */

/* A value for $1, $2 ... of a statement. */
struct tctl_arg {
	bool is_number;
	int64_t number;
	const char *text; /* NULL is SQL's NULL; borrowed for the call */
};

#define TCTL_N(value) \
	((struct tctl_arg){ .is_number = true, .number = (value) })
#define TCTL_T(value) ((struct tctl_arg){ .text = (value) })

/* The arguments of one query: pointer and count. */
#define TCTL_ARGS(...) \
	((const struct tctl_arg[]){ __VA_ARGS__ }), \
	    (sizeof((const struct tctl_arg[]){ __VA_ARGS__ }) / \
		sizeof(struct tctl_arg))
#define TCTL_NO_ARGS NULL, 0

/* Called for each row; col[i] is text, NULL for SQL's NULL, valid until it
 * returns.  It must not run a query with the same statement. */
typedef void tctl_row_fn(void *into, const char *const col[]);

/* A column as a number; NULL is 0. */
int64_t tctl_col(const char *col);

/* A column that is never NULL, as text: "" where a damaged record has none. */
const char *tctl_col_text(const char *col);

enum tctl_transaction {
	TCTL_READ,   /* one snapshot; never waits for writers */
	TCTL_CHANGE, /* durable when commit returns (synchronous FULL) */
	/* For what solely moves a lease's end and writes no event: ordered
	 * and consistent, but a power cut may take it back (NORMAL). */
	TCTL_LIGHT_CHANGE,
};

/* What the store's clock says: the clock that decides leases. */
struct tctl_now {
	int64_t boot_ms;  /* BOOTTIME, in the initial time namespace */
	int64_t wall_ms;  /* since 1970; for showing only */
	char boot[40];	  /* boot id: boot_ms compare only within one */
	char machine[40]; /* machine id, "" where there is none */
	int64_t inode;	  /* of the store's file: tells a copy */
};

enum tctl_open {
	TCTL_OPEN_READ,
	TCTL_OPEN_WRITE,
	TCTL_OPEN_CREATE, /* also make it, or finish what a maker that died
			     has left; a whole store stays as it is */
	/* A copy that lies somewhere, to be read: of any version that is known,
	 * and no file is made beside it. */
	TCTL_OPEN_COPY,
};

/**
 * Open a store.
 *
 * @param url     a path; or postgresql://… (not in this build: TCTL_EFAILED)
 * @param wait_ms how long a change may wait for its turn, and the store
 * @param out     owned (tctl_store_close)
 * @return        TCTL_OK; TCTL_ENOTFOUND: no store there; TCTL_ECORRUPT: not a
 *                store, or of a newer schema; TCTL_EFAILED: not permitted, not
 *                on this file system …
 */
enum tctl_status tctl_store_open(const char *url, enum tctl_open how,
    int64_t wait_ms, struct tctl_store **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_store_close(struct tctl_store *store); /* NULL is fine */

/* For a program of one thread, before its first open: do without the locks and
 * statistics that others need (0.1 ms of a claim). */
void tctl_store_single_thread(void);

/* Not NULL: something that readers should be told, as "unlocked snapshot". */
const char *tctl_store_remark(const struct tctl_store *store);

/**
 * Begin a transaction.  Writers queue in order of arrival (a turnstile of two
 * locks) before the database is asked, so nobody starves.
 *
 * @return TCTL_OK, or TCTL_EBUSY: not within wait_ms; err names who holds it
 */
enum tctl_status tctl_store_begin(struct tctl_store *store,
    enum tctl_transaction kind, struct tctl_error *err) TCTL_MUST_CHECK;
/* after (may be NULL) is called once the commit is durable and before the next
 * writer's turn: for files that mirror the store. */
enum tctl_status tctl_store_commit(struct tctl_store *store,
    void (*after)(void *into), void *into,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* Gives up the transaction, if there is one; gives back the turn. */
void tctl_store_rollback(struct tctl_store *store);

/**
 * Run one statement.
 *
 * @param sql  a named statement (sql.h): a static string, prepared once
 * @param fn   called for each row; NULL: rows are not looked at
 * @param rows set to the number of rows returned, or changed by a statement
 *             that returns none; may be NULL
 * @return     TCTL_OK, TCTL_EBUSY, TCTL_EFAILED (disk full, I/O …),
 *             TCTL_ECORRUPT
 */
enum tctl_status tctl_query(struct tctl_store *store, const char *sql,
    const struct tctl_arg arg[], size_t args, tctl_row_fn *fn, void *into,
    size_t *rows, struct tctl_error *err) TCTL_MUST_CHECK;

/* Read the clock.  Inside a change: after it has begun, never before. */
enum tctl_status tctl_store_now(struct tctl_store *store, struct tctl_now *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* CLOCK_BOOTTIME as this process sees it, ms: for deadlines and pauses of its
 * own, and never for what other processes read. */
int64_t tctl_clock_ms(void);

/* CLOCK_REALTIME, ms since 1970: for showing only. */
int64_t tctl_wall_ms(void);

/* Wait until somebody else changed the store, or timeout_ms passed; outside
 * any transaction.  *changed may be true without a change, never the other
 * way round for longer than timeout_ms.  TCTL_EBUSY (TCTL_REPLACED): what is
 * open is not what stands under its name any more; nobody will ever change it.
 */
enum tctl_status tctl_store_wait(struct tctl_store *store, int64_t timeout_ms,
    bool *changed, struct tctl_error *err) TCTL_MUST_CHECK;

/* Bring all that was committed into the store's one file, so that it can be
 * moved: for a store that nobody else knows of yet. */
enum tctl_status tctl_store_flush(
    struct tctl_store *store, struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Copy the store as it is at this moment, sound or not, into a new file, on
 * disk when this returns: a store in one file, without a log.  Nobody is kept
 * waiting; a transaction that is open for reading says which moment.
 *
 * @param path not there yet; on failure it is not there again
 * @param mode of the file
 * @return     TCTL_OK; TCTL_ECORRUPT: it cannot even be copied; TCTL_EFAILED:
 * it cannot be written, the disk is full …
 *
 * Cost: O(bytes).
 */
enum tctl_status tctl_store_copy(struct tctl_store *store, const char *path,
    unsigned mode, struct tctl_error *err) TCTL_MUST_CHECK;

/* Read a copy back and look at it whole: TCTL_ECORRUPT: it, and so what it was
 * made of, fails its own checks.  Cost: O(bytes). */
enum tctl_status tctl_store_verify(
    const char *path, struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Replace all that the store holds by what another one does, in one step that a
 * death undoes or not: whoever reads sees the one or the other.
 *
 * To be called in the store's turn and outside of a transaction: from the after
 * of tctl_store_commit.  from is open, and nobody else's.
 */
enum tctl_status tctl_store_become(struct tctl_store *store,
    struct tctl_store *from, struct tctl_error *err) TCTL_MUST_CHECK;

/* Let the database look at itself: pages, indexes, types, constraints, and
 * references.  fn is called with one sentence for each thing that is wrong, and
 * not at all where nothing is.  TCTL_ECORRUPT: not even that could be done;
 * TCTL_EFAILED: it cannot be read.
 * Cost: O(bytes). */
enum tctl_status tctl_store_check(struct tctl_store *store, tctl_row_fn *fn,
    void *into, struct tctl_error *err) TCTL_MUST_CHECK;

/* Refuse a symbolic link where none is followed: always TCTL_EFAILED. */
enum tctl_status tctl_refuse_link(const char *path, struct tctl_error *err);

/* The mode of a new store at path: private, or the group's where the folder is
 * its group's to write, and not everybody's. */
unsigned tctl_store_mode(const char *path);

/* The schema version that this program writes. */
int tctl_store_schema(void);

/* Is the file system that holds path fit for a store (WAL and the turnstile
 * need one kernel)?  TCTL_EFAILED: nfs, cifs, 9p, FUSE; *overlay is set where
 * another container would see another store. */
enum tctl_status tctl_store_fit(
    const char *path, bool *overlay, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- files beside a store --------------------------------------------------
 */

/* Remove a store's file with all that is its: log, index, queue. */
void tctl_store_remove(const char *path);

/* The tail of what becomes the store by a restore. */
#define TCTL_RESTORING "-restore-"

/* The name of what this process makes beside path: that, tail, and who it is;
 * owned. */
char *tctl_store_beside(const char *path, const char *tail);

/* Remove what the dead of this pid namespace have left half made. */
void tctl_store_clear_up(const char *path, const char *tail);

/* Lock the folder of path against others who do: the kernel's lock, which goes
 * with the process and needs no file of its own.  Returns a descriptor to be
 * closed; -1: errno says why, EWOULDBLOCK: not within wait_ms. */
int tctl_folder_lock(const char *path, int64_t wait_ms);

/* The names of files are on disk once their folder is synced: path's, as far
 * as we may.  False: errno says why. */
bool tctl_folder_sync(const char *path);

/* rename(2), but only if nothing has the new name (-1, EEXIST), on any file
 * system. */
int tctl_rename_new(const char *from, const char *to);

/* Move a file that was made beside path into its place; replace false: only if
 * nothing is there.  Durable, or refused and back beside. */
enum tctl_status tctl_store_put(const char *beside, const char *path,
    bool replace, struct tctl_error *err) TCTL_MUST_CHECK;

/* Make what was built beside path the store there, in the turn of its writers,
 * so that no other comes in between.  damaged: the inode of a store there that
 * cannot be opened, which is moved out of the way with all that is its; 0: none
 * is there. *aside is where it is then; owned (free), NULL if nothing was
 * moved, set on failure too.  TCTL_EFAILED: another store has come meanwhile.
 */
enum tctl_status tctl_store_install(const char *beside, const char *path,
    int64_t damaged, int64_t wait_ms, char **aside,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- looking at a store from outside -----------------------------------------
 */

/* Who has the writers' turn. */
struct tctl_queue_holder {
	bool held;
	int64_t pid;	  /* 0: it cannot be told */
	char state;	  /* of /proc/PID/stat; 0: it cannot be told */
	int64_t since_ms; /* BOOTTIME as it saw it */
};

struct tctl_look {
	struct tctl_queue_holder queue;
	int64_t for_ms;	   /* how long the queue is held already */
	int64_t log_bytes; /* of the log; 0: there is none */
	bool no_log;	   /* the store is not in WAL mode */
	int64_t reader;	   /* a process that is reading, or 0 */
	char reader_state;
};

/* Look at the files beside a store, which this process has not open: closing
 * them would drop SQLite's locks. */
void tctl_store_look(const char *path, struct tctl_look *out);

/* A word of the write-ahead log is another than was written: SQLite ends the
 * log there, and what was acknowledged after it is gone without a word. */
struct tctl_log_change {
	int64_t frame;	 /* which has it, from 1 */
	int64_t commits; /* from there on, at least */
};

/* Look for one in the bytes of a log.  False: there is none, or it cannot be
 * told from what a transaction leaves that was never committed: more than one
 * word of a frame, or the log's own header.  Cost: O(size). */
bool tctl_log_changed(
    const unsigned char *bytes, size_t size, struct tctl_log_change *out);

/* The same for a store's log, before the store is opened. */
bool tctl_store_look_at_log(const char *path, struct tctl_log_change *out);

/* SQLite's version, as a number too (3051003), and what to know of it: the bug
 * of the log's reset is in all before 3.51.3. */
const char *tctl_store_engine(int *number);

#endif
