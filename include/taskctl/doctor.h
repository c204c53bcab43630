/* floor: work - everything about a coordinator that can be checked. */
#ifndef TASKCTL_DOCTOR_H
#define TASKCTL_DOCTOR_H

#include "taskctl/diagnostic.h"
#include "taskctl/work.h"

/* What can be found: the order of doctor.c's table of them. */
enum tctl_finding_kind {
	TCTL_FOUND_BAD_CONFIG,
	TCTL_FOUND_LINK,
	TCTL_FOUND_NO_FILE,
	TCTL_FOUND_NAMES,
	TCTL_FOUND_FOREIGN_OWNER,
	TCTL_FOUND_OPEN_TO_OTHERS,
	TCTL_FOUND_MODE,
	TCTL_FOUND_READ_ONLY,
	TCTL_FOUND_LEFTOVER,
	TCTL_FOUND_FILE_SYSTEM,
	TCTL_FOUND_OVERLAY,
	TCTL_FOUND_QUEUE_STOPPED,
	TCTL_FOUND_QUEUE_HELD,
	TCTL_FOUND_LOG_PINNED,
	TCTL_FOUND_LONG_LOG,
	TCTL_FOUND_LOG_CHANGED,
	TCTL_FOUND_NO_LOG,
	TCTL_FOUND_NO_STORE,
	TCTL_FOUND_UNREADABLE,
	TCTL_FOUND_DAMAGED,
	TCTL_FOUND_OLDER_SCHEMA,
	TCTL_FOUND_NEWER_SCHEMA,
	TCTL_FOUND_WRONG_COUNT,
	TCTL_FOUND_CLAIM,
	TCTL_FOUND_MUTEX,
	TCTL_FOUND_CYCLE,
	TCTL_FOUND_COUNTER,
	TCTL_FOUND_HISTORY,
	TCTL_FOUND_LAPSED,
	TCTL_FOUND_DEAD_HOLDER,
	TCTL_FOUND_ELSEWHERE,
	TCTL_FOUND_STALE_LOCK,
	TCTL_FOUND_OLD_LOCK,
	TCTL_FOUND_MISSING_LOCK,
	TCTL_FOUND_CLOCK_BEHIND,
	TCTL_FOUND_ANOTHER_BOOT,
	TCTL_FOUND_COPY,
	TCTL_FOUND_PLAN_GONE,
	TCTL_FOUND_GIT_BEHIND,
	TCTL_FOUND_GIT_AHEAD,
	TCTL_FOUND_GIT_FOREIGN,
	TCTL_FOUND_SQLITE,
	TCTL_FOUND_COUNT
};

struct tctl_finding_code {
	const char *name; /* stable: "stale-lock-file" */
	enum tctl_severity severity;
	bool corrupt;	     /* the store is not to be trusted: exit 10 */
	const char *check;   /* under which it is told */
	const char *meaning; /* sentences */
	const char *next;    /* the safe next step */
};
extern const struct tctl_finding_code tctl_finding_codes[TCTL_FOUND_COUNT];

struct tctl_finding {
	const struct tctl_finding_code *code;
	const char *where;   /* a file, a task …; or NULL */
	const char *message; /* one sentence */
	const char *next;    /* the code's, or one for just this */
};

/* One thing that was looked at. */
struct tctl_check {
	const char *name;
	bool skipped;
	const char *said; /* what was seen, or why it was skipped */
};

struct tctl_doctor {
	struct tctl_arena *arena; /* the caller's */
	struct tctl_finding *finding;
	size_t findings;
	struct tctl_check *check;
	size_t checks;
};

/* Add a finding; next NULL: the code's own. */
void tctl_doctor_find(struct tctl_doctor *to, enum tctl_finding_kind kind,
    const char *where, const char *next, const char *fmt, ...)
    TCTL_PRINTF(5, 6);
/* Say that something was looked at, or why not. */
void tctl_doctor_looked(struct tctl_doctor *to, const char *name,
    const char *fmt, ...) TCTL_PRINTF(3, 4);
void tctl_doctor_skipped(struct tctl_doctor *to, const char *name,
    const char *fmt, ...) TCTL_PRINTF(3, 4);
/* Something could not even be asked; err says why. */
void tctl_doctor_unread(struct tctl_doctor *to, const struct tctl_error *err);

/* What can be seen without opening the store: to be called before, since
 * closing a file that SQLite has open would drop its locks. */
void tctl_doctor_files(struct tctl_doctor *to, const struct tctl_place *place);

/* What is in the open store: its own checks, counts, order, history, leases,
 * lock files, clock, plans.  Reads in one snapshot, and changes nothing. */
void tctl_doctor_store(struct tctl_doctor *to, const struct tctl_coord *coord);

/* Parts of the latter (doctor_leases.c). */
void tctl_doctor_leases(struct tctl_doctor *to, const struct tctl_coord *coord);

#endif
