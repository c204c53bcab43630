/* sqlite.c - each call into SQLite, and each of SQLite to its VFS, fails with
 * each code that it can have, once and from there on.
 *
 * taskctl is faults-sqlite/taskctl here (shim.c). */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "shim.h"

enum { WAYS = 10, ALIKE = 100 };

struct way {
	const char *name; /* NULL ends them */
	int code;
	enum faults_manner manner;
};

#define WAY(code) \
	{ \
#code, SQLITE_##code, FAULTS_UNDONE \
	}
#define LIKE(code, manner) \
	{ \
#code ", " #manner, SQLITE_##code, FAULTS_##manner \
	}

/* What the documentation of sqlite3_vfs lets each answer, as the unix one does;
 * of statements, with what they leave of a transaction (lang_transaction.html).
 * A read in the middle that is short is no error but a damaged file:
 * tests/flip.
 */
static const struct {
	const char *name;
	struct way way[WAYS];
} ops[FAULTS_OPS] = {
	[FAULTS_PATH] = { "xFullPathname", { WAY(CANTOPEN), WAY(NOMEM) } },
	[FAULTS_OPEN] = { "xOpen", { WAY(CANTOPEN), WAY(IOERR), WAY(NOMEM),
				       LIKE(READONLY, READ_ONLY) } },
	[FAULTS_ACCESS] = { "xAccess", { WAY(IOERR_ACCESS) } },
	[FAULTS_DELETE] = { "xDelete",
	    { WAY(IOERR_DELETE), WAY(IOERR_DIR_FSYNC) } },
	[FAULTS_READ] = { "xRead",
	    { WAY(IOERR_READ), WAY(IOERR_CORRUPTFS), WAY(IOERR_NOMEM) } },
	[FAULTS_WRITE] = { "xWrite",
	    { WAY(FULL), LIKE(FULL, HALF), WAY(IOERR_WRITE), WAY(READONLY) } },
	[FAULTS_TRUNCATE] = { "xTruncate", { WAY(IOERR_TRUNCATE), WAY(FULL) } },
	[FAULTS_SYNC] = { "xSync", { WAY(IOERR_FSYNC), WAY(IOERR_DIR_FSYNC) } },
	[FAULTS_SIZE] = { "xFileSize", { WAY(IOERR_FSTAT) } },
	[FAULTS_LOCK] = { "xLock",
	    { WAY(BUSY), WAY(IOERR_LOCK), WAY(IOERR_RDLOCK) } },
	[FAULTS_UNLOCK] = { "xUnlock", { WAY(IOERR_UNLOCK) } },
	[FAULTS_RESERVED] = { "xCheckReservedLock",
	    { WAY(IOERR_CHECKRESERVEDLOCK) } },
	[FAULTS_SHM_OPEN] = { "xShmMap, the first",
	    { WAY(IOERR_SHMMAP), WAY(IOERR_SHMOPEN), WAY(IOERR_SHMSIZE),
		WAY(IOERR_NOMEM), WAY(CANTOPEN), WAY(READONLY_CANTINIT) } },
	[FAULTS_SHM_MAP] = { "xShmMap",
	    { WAY(IOERR_SHMMAP), WAY(IOERR_SHMSIZE), WAY(IOERR_NOMEM) } },
	[FAULTS_SHM_LOCK] = { "xShmLock", { WAY(BUSY), WAY(IOERR_SHMLOCK) } },
	[FAULTS_SHM_UNMAP] = { "xShmUnmap", { WAY(IOERR_SHMMAP) } },
	[FAULTS_CLOSE] = { "xClose", { WAY(IOERR_CLOSE) } },
	[FAULTS_PREPARE] = { "prepare",
	    { WAY(NOMEM), WAY(IOERR_READ), WAY(CORRUPT), WAY(BUSY),
		WAY(INTERRUPT), WAY(LOCKED_SHAREDCACHE), WAY(PROTOCOL) } },
	[FAULTS_STEP] = { "step",
	    { WAY(BUSY), WAY(BUSY_SNAPSHOT), LIKE(IOERR_WRITE, GONE), WAY(FULL),
		LIKE(FULL, GONE), WAY(INTERRUPT), LIKE(INTERRUPT, GONE),
		WAY(NOMEM), WAY(CORRUPT) } },
	[FAULTS_EXEC] = { "exec",
	    { WAY(BUSY), WAY(BUSY_RECOVERY), LIKE(IOERR_READ, GONE), WAY(FULL),
		LIKE(FULL, GONE), WAY(INTERRUPT), LIKE(INTERRUPT, GONE),
		WAY(NOMEM), WAY(CORRUPT) } },
	[FAULTS_CHECKPOINT] = { "checkpoint",
	    { WAY(BUSY), WAY(LOCKED), WAY(IOERR_WRITE), WAY(FULL),
		WAY(NOMEM) } },
	[FAULTS_COPY] = { "copy",
	    { WAY(BUSY), WAY(LOCKED), WAY(IOERR_WRITE), WAY(FULL), WAY(NOMEM),
		WAY(READONLY), WAY(CORRUPT) } },
};

/* A command, without a fault: what it asks, in order. */
struct plan {
	uint8_t *asked;
	size_t count;
	size_t faults; /* that could be made, so far */
};

/* Run it, with what shim says; nothing fails afterwards. */
static void
run_with(
    struct judge *judge, struct faults_shim *shim, struct faults_outcome *out)
{
	struct faults_run run = { .argv = judge->scenario->argv };

	shim->count = 0;
	shim->reached = shim->is_open = false;
	faults_tree_restore(&judge->before);
	faults_run(&run, out);
	shim->at = 0;
}

static struct plan
plan_of(struct judge *judge, struct faults_shim *shim)
{
	struct faults_outcome out;
	struct plan plan = { 0 };

	run_with(judge, shim, &out);
	plan.count = shim->count;
	if (plan.count == 0)
		faults_say("taskctl in PATH has SQLite's own files");
	if (plan.count > FAULTS_SHIM_CALLS)
		FAULTS_DIE();
	plan.asked = faults_alloc(NULL, plan.count + 1);
	memcpy(plan.asked, shim->asked, plan.count);
	if (shim->is_open)
		faults_say("ends inside a transaction, without a fault");
	return plan;
}

/* The exit code that the contract has for what SQLite says. */
static int
refusal(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return 9;
	case SQLITE_CORRUPT:
		return 10;
	default:
		return 1;
	}
}

/* Which ops can fail in this way, at the same floor. */
static uint32_t
all_that_fail_so(enum faults_op op, const struct way *way)
{
	enum faults_op first = op < FAULTS_PREPARE ? 0 : FAULTS_PREPARE;
	enum faults_op last = op < FAULTS_PREPARE ? FAULTS_PREPARE : FAULTS_OPS;
	uint32_t set = 0;

	for (enum faults_op one = first; one < last; one++)
		for (const struct way *at = ops[one].way; at->name != NULL;
		     at++)
			if (at->code == way->code)
				set |= UINT32_C(1) << one;
	return set;
}

static void
fail_at(struct judge *judge, struct faults_shim *shim, const struct way *way,
    struct judge_tally *tally)
{
	const int allowed[] = { refusal(way->code), 0 };
	struct faults_outcome out;

	faults_at("%zu, %s %s%s", shim->at, ops[shim->op].name, way->name,
	    shim->on != 0 ? " from there on" : "");
	run_with(judge, shim, &out);
	if (!shim->reached)
		return;
	if (shim->is_open)
		faults_say("ends inside a transaction");
	judge_outcome(judge, &out, allowed, tally);
}

/* A long log is recovered frame by frame: of so many alike that stand in a row
 * those inside are left out. */
static bool
is_inside_row(const struct plan *plan, size_t n)
{
	size_t i = n < ALIKE ? n : n - ALIKE;

	while (i < plan->count && i <= n + ALIKE &&
	       plan->asked[i] == plan->asked[n])
		i++;
	return i > n + ALIKE;
}

static void
fail_call(struct judge *judge, struct faults_shim *shim, struct plan *plan,
    size_t n, const struct faults_options *options, struct judge_tally *tally)
{
	enum faults_op op = plan->asked[n];

	for (const struct way *way = ops[op].way; way->name != NULL; way++)
		for (int on = 0; on < 2; on++) {
			if (plan->faults++ % options->stride != 0)
				continue;
			shim->at = n + 1;
			shim->op = op;
			shim->code = way->code;
			shim->manner = way->manner;
			shim->on = on != 0 ? all_that_fail_so(op, way) : 0;
			fail_at(judge, shim, way, tally);
		}
}

void
faults_sqlite(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size)
{
	struct faults_shim *shim = faults_share(FAULTS_SHIM_FD, sizeof(*shim));
	struct judge_tally tally = { 0 };
	struct judge judge;
	struct plan plan;

	if (!judge_begin(&judge, scenario, options))
		return;
	plan = plan_of(&judge, shim);
	for (size_t n = 0; n < plan.count; n++)
		if (!is_inside_row(&plan, n))
			fail_call(&judge, shim, &plan, n, options, &tally);
	judge_count(&judge, &tally, plan.count, said, size);
	free(plan.asked);
	judge_end(&judge);
}
