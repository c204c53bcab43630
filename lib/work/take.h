/* floor: work - taking in another store's log: what its steps share. */
#ifndef TASKCTL_WORK_TAKE_H
#define TASKCTL_WORK_TAKE_H

#include "replay.h"

/* How far a store's events are here. */
struct tctl_known_store {
	const char *name;
	int64_t event; /* its newest */
	bool changed;
};

/* A claim that came with the log, and who it was. */
struct tctl_taken_claim {
	int64_t task;
	const char *store;
	const char *agent;
	int64_t token;
	int64_t at_ms;
};

/* Somebody says that our lease has lost. */
struct tctl_lost {
	int64_t task;
	int64_t token;
};

struct tctl_taking {
	struct tctl_change change;
	struct tctl_log *log;
	struct tctl_taken *out;
	struct tctl_replay replay;
	int64_t seen; /* of the log, before */
	struct tctl_known_store *store;
	size_t stores;
	int64_t *task; /* rows that the log speaks of */
	size_t tasks;
	struct tctl_replay_rows rows;
	int64_t latest_ms; /* the latest time of what was taken */
	struct tctl_taken_claim *claim;
	size_t claims;
	struct tctl_lost *lost;
	size_t losses;
};

/* Whose events are here, and how far the log was read before. */
enum tctl_status tctl_take_read_known(
    struct tctl_taking *taking, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_take_write_known(
    struct tctl_taking *taking, struct tctl_error *err) TCTL_MUST_CHECK;
/* One of them; a new one has no events here.  Good until the next call. */
struct tctl_known_store *tctl_take_store(
    struct tctl_taking *taking, const char *name);

/* The lines of the log that are news become rows; TCTL_EINVALID names the one
 * that cannot be. */
enum tctl_status tctl_take_log(
    struct tctl_taking *taking, struct tctl_error *err) TCTL_MUST_CHECK;
/* What the claims and the order of things need of one beside its row. */
enum tctl_status tctl_take_note(struct tctl_taking *taking,
    const struct tctl_event *event, const char *origin, int64_t task,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* After the replay and before its rows are written: end the leases here that
 * do not stand, and write down which tasks were claimed in two stores. */
enum tctl_status tctl_take_claims(
    struct tctl_taking *taking, struct tctl_error *err) TCTL_MUST_CHECK;

/* After it: take out edges until there is no cycle, and say which. */
enum tctl_status tctl_take_cycles(
    struct tctl_taking *taking, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
