/* world.h - a store with work in it, made once and put back before each input:
 * for the targets log and store. */
#ifndef TASKCTL_FUZZ_WORLD_H
#define TASKCTL_FUZZ_WORLD_H

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

/* The store as it was made. */
static uint8_t *world_bytes;
static size_t world_size;

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
	FILE *file = fopen(world_place.store, "rb");
	struct stat st;

	assert(file != NULL && fstat(fileno(file), &st) == 0);
	world_size = (size_t)st.st_size;
	world_bytes = tctl_xcalloc(world_size, 1);
	assert(fread(world_bytes, 1, world_size, file) == world_size);
	fclose(file);
}

static inline void
world_make(void)
{
	bool made;

	world_place.tasks = (char *)(uintptr_t)fuzz_folder();
	world_place.root = world_place.worktree = world_place.tasks;
	world_place.store = tctl_xprintf("%s/taskctl.db", world_place.tasks);
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

/* Put it back, nobody having it open. */
static inline void
world_put_back(void)
{
	static const char *const beside[] = { "-wal", "-shm", "-queue" };

	if (world_bytes == NULL)
		world_make();
	for (size_t i = 0; i < TCTL_COUNT(beside); i++) {
		char *path = tctl_xprintf("%s%s", world_place.store, beside[i]);

		unlink(path);
		free(path);
	}
	fuzz_file(world_place.store, world_bytes, world_size);
}

/* What is counted agrees with the rows that it counts. */
static inline void
world_agrees(void)
{
	static const char unmet[] =
	    "UPDATE task SET unmet = 0 WHERE unmet <> (SELECT count(*) "
	    "FROM dep AS d JOIN task AS n ON n.id = d.needs WHERE d.task = "
	    "task.id AND d.origin <> 'cut' AND n.state <> 'done')";
	static const char twice[] =
	    "UPDATE lease SET token = 0 WHERE token IN (SELECT token FROM "
	    "lease GROUP BY token HAVING count(*) > 1)";
	const char *const check[] = { unmet, twice, tctl_sql_count_barred };
	sqlite3 *db = NULL;

	assert(sqlite3_open(world_place.store, &db) == SQLITE_OK);
	assert(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
	for (size_t i = 0; i < TCTL_COUNT(check); i++) {
		assert(
		    sqlite3_exec(db, check[i], NULL, NULL, NULL) == SQLITE_OK);
		assert(sqlite3_changes(db) == 0);
	}
	assert(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}

#endif
