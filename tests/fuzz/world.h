/* world.h - a store with work in it, made once and put back before each input:
 * for the targets log and store. */
#ifndef TASKCTL_FUZZ_WORLD_H
#define TASKCTL_FUZZ_WORLD_H

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "sql.h"
#include "taskctl/reserve.h"

static const char world_plan[] =
    "# Harbour\n\n## Sprint 1 : Hull\n\n"
    "#### Task 1.1 : Saw\n**Duration** : 2h\n- [ ] a\n- [x] b\n\n"
    "#### Task 1.2 : Nail\n**Dependencies** : 1.1\n**Agent** : A\n\n"
    "#### Task 1.3 : Paint\n**Duration** : 30m\n\n"
    "### GO/NO-GO\n- [ ] floats\n\n"
    "## Sprint 2 : Sail\n\n#### Task 2.1 : Sew\n\n"
    "#### Task 2.2 : Hoist\n**Dependencies** : 2.1\n";

static const struct tctl_caller world_ada = { .agent = "ada",
	.session = "s1",
	.token = -1,
	.host = "pier",
	.evidence = "manual" };
static const struct tctl_caller world_bob = { .agent = "bob",
	.session = "s2",
	.token = -1,
	.host = "pier",
	.evidence = "manual" };

static struct tctl_config world_config = { .ttl_ms = 3600000,
	.idle_max_ms = 3600000,
	.max_attempts = 3,
	.hours_per_day = 8 };
static struct tctl_place world_place;
static struct tctl_coord world = { .config = &world_config,
	.place = &world_place };

/* The store as it was made; its file, and its log's index while it is open. */
static uint8_t *world_bytes;
static size_t world_size;
static int world_file = -1, world_index = -1;

#define WORLD_OK(call) \
	do { \
		struct tctl_error world_err; \
		if ((call) != TCTL_OK) { \
			fprintf(stderr, "%s\n", world_err.text); \
			abort(); \
		} \
	} while (0)

static inline void
world_import(void)
{
	const struct tctl_plan_options options = { .file = "harbour.md" };
	struct tctl_plan *plan = NULL;
	struct tctl_import import;

	WORLD_OK(tctl_plan_read(
	    world_plan, strlen(world_plan), &options, &plan, &world_err));
	WORLD_OK(tctl_plan_import(
	    &world, &world_ada, plan, false, false, &import, &world_err));
	tctl_import_release(&import);
	tctl_plan_free(plan);
}

/* Some work: done, claimed with a reservation, given back, noted. */
static inline void
world_work(void)
{
	static const char *hull[] = { "hull/" };
	const struct tctl_strings patterns = { .at = hull, .count = 1 };
	struct tctl_reserving reserving;
	struct tctl_answer answer;

#define WORLD_DO(call) \
	do { \
		memset(&answer, 0, sizeof(answer)); \
		WORLD_OK(call); \
		tctl_answer_release(&answer); \
	} while (0)
	WORLD_DO(tctl_lease_claim(
	    &world, &world_ada, "1.1", -1, &answer, &world_err));
	WORLD_DO(tctl_lease_done(
	    &world, &world_ada, "1.1", "sawn", &answer, &world_err));
	WORLD_DO(tctl_lease_claim(
	    &world, &world_ada, "1.2", -1, &answer, &world_err));
	WORLD_DO(tctl_lease_claim(
	    &world, &world_bob, "1.3", -1, &answer, &world_err));
	WORLD_DO(tctl_lease_release(
	    &world, &world_bob, "1.3", "no paint", false, &answer, &world_err));
#undef WORLD_DO
	WORLD_OK(tctl_reserve(
	    &world, &world_ada, "1.2", &patterns, &reserving, &world_err));
	tctl_reserving_release(&reserving);
}

static inline void
world_keep(void)
{
	struct stat st;

	world_file = open(world_place.store, O_RDWR | O_CLOEXEC);
	assert(world_file >= 0 && fstat(world_file, &st) == 0);
	world_size = (size_t)st.st_size;
	world_bytes = tctl_xcalloc(world_size, 1);
	assert(
	    read(world_file, world_bytes, world_size) == (ssize_t)world_size);
}

/* SQLite's pages come from here: its cache is emptied with each input, and a
 * page that is asked of the sanitizer costs more than to read it. */
static inline void
world_cache(void)
{
	enum { PAGE = 4096, PAGES = 1000 };
	int head = 0, size;

	sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &head);
	size = PAGE + (head + 7) / 8 * 8;
	sqlite3_config(SQLITE_CONFIG_PAGECACHE,
	    tctl_xcalloc(PAGES, (size_t)size), size, PAGES);
}

static inline void
world_make(void)
{
	bool made;

	world_place.tasks = (char *)(uintptr_t)fuzz_folder();
	world_place.root = world_place.worktree = world_place.tasks;
	world_place.store = tctl_xprintf("%s/taskctl.db", world_place.tasks);
	world_cache();
	tctl_store_single_thread();
	WORLD_OK(tctl_store_open(world_place.store, TCTL_OPEN_CREATE, 1000,
	    &world.store, &world_err));
	WORLD_OK(tctl_coord_init(world.store, &made, &world_err));
	world_import();
	world_work();
	WORLD_OK(tctl_store_flush(world.store, &world_err));
	tctl_store_close(world.store);
	world.store = NULL;
	world_keep();
}

static inline void
world_close(void)
{
	static const char *const beside[] = { "-wal", "-shm", "-queue" };

	tctl_store_close(world.store);
	world.store = NULL;
	if (world_index >= 0)
		close(world_index);
	world_index = -1;
	for (size_t i = 0; i < TCTL_COUNT(beside); i++) {
		char *path = tctl_xprintf("%s%s", world_place.store, beside[i]);

		unlink(path);
		free(path);
	}
}

/* As if another program had emptied the log: who has the store open finds no
 * index, makes it anew, and forgets the pages that it knew. */
static inline void
world_empty_log(void)
{
	static const char nothing[136] = ""; /* walformat.html, 2.1 */
	char *log = tctl_xprintf("%s-wal", world_place.store);

	assert(truncate(log, 0) == 0);
	assert(pwrite(world_index, nothing, sizeof(nothing), 0) ==
	       sizeof(nothing));
	free(log);
}

/* Make the store these bytes.  Whoever has it open keeps its statements, which
 * are most of the time that opening takes; anew: it is closed. */
static inline void
world_put(const uint8_t *bytes, bool anew)
{
	if (anew)
		world_close();
	else if (world.store != NULL)
		world_empty_log();
	assert(pwrite(world_file, bytes, world_size, 0) == (ssize_t)world_size);
	assert(ftruncate(world_file, (off_t)world_size) == 0);
}

/* Has anything been written since? */
static inline bool
world_has_changed(void)
{
	char *log = tctl_xprintf("%s-wal", world_place.store);
	struct stat st;

	assert(stat(log, &st) == 0);
	free(log);
	return st.st_size > 0;
}

/* Open it, if it is not. */
static inline enum tctl_status
world_open(struct tctl_error *err)
{
	char *index;
	enum tctl_status status;

	if (world.store != NULL)
		return TCTL_OK;
	status = tctl_store_open(
	    world_place.store, TCTL_OPEN_WRITE, 1000, &world.store, err);
	if (status != TCTL_OK) {
		world.store = NULL;
		return status;
	}
	index = tctl_xprintf("%s-shm", world_place.store);
	world_index = open(index, O_RDWR | O_CLOEXEC);
	free(index);
	return TCTL_OK;
}

/* What is counted agrees with the rows that it counts: none of these finds one
 * to change. */
static inline void
world_agrees(void)
{
	static const char unmet[] =
	    "UPDATE task SET unmet = 0 WHERE unmet <> (SELECT count(*) "
	    "FROM dep AS d JOIN task AS n ON n.id = d.needs WHERE d.task = "
	    "task.id AND d.origin <> 'cut' AND n.state <> 'done')";
	/* Another store's may have our numbers; theirs have no time to live. */
	static const char twice[] =
	    "UPDATE lease SET token = 0 WHERE ttl_ms > 0 AND token IN (SELECT "
	    "token FROM lease WHERE ttl_ms > 0 GROUP BY token HAVING count(*) "
	    "> 1)";
	const char *const check[] = { unmet, twice, tctl_sql_count_barred };
	size_t rows;

	WORLD_OK(tctl_store_begin(world.store, TCTL_CHANGE, &world_err));
	for (size_t i = 0; i < TCTL_COUNT(check); i++) {
		WORLD_OK(tctl_query(world.store, check[i], TCTL_NO_ARGS, NULL,
		    NULL, &rows, &world_err));
		assert(rows == 0);
	}
	tctl_store_rollback(world.store);
}

#endif
