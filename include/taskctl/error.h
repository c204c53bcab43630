/* floor: base - how every failure travels. */
#ifndef TASKCTL_ERROR_H
#define TASKCTL_ERROR_H

/*
 * One row a status: C name, JSON word, exit code.  Everything that shows a
 * status (exit code, --json, the man page) reads this list, so a new status
 * is one new line here.  2 is never used: agents' hooks read it as "block".
 */
/* clang-format off */
#define TCTL_STATUS_LIST(X) \
	X(OK,        "ok",         0, "done") \
	X(EFAILED,   "failed",     1, "it went wrong for another reason; " \
	    "the message says which") \
	X(ENOTFOUND, "not_found",  3, "no such task, sprint, agent or " \
	    "coordinator") \
	X(ETAKEN,    "taken",      4, "another agent, or another session of " \
	    "this one, holds it") \
	X(ENONE,     "none_ready", 5, "nothing is ready to be claimed") \
	X(ESTALE,    "stale",      6, "the caller does not hold it, or no " \
	    "longer") \
	X(ENOTREADY, "not_ready",  7, "dependencies, the mutex or the state " \
	    "do not allow it") \
	X(EINVALID,  "invalid",    8, "bad input; the message says where and " \
	    "what was expected") \
	X(EBUSY,     "busy",       9, "the store could not be had in time") \
	X(ECORRUPT,  "corrupt",   10, "not a store, a newer schema, or it " \
	    "fails its own checks") \
	X(EUSAGE,    "usage",     64, "the command line is wrong")
/* clang-format on */

enum tctl_status {
#define TCTL_STATUS_ENUM(name, word, code, meaning) TCTL_##name,
	TCTL_STATUS_LIST(TCTL_STATUS_ENUM)
#undef TCTL_STATUS_ENUM
	    TCTL_STATUS_COUNT
};

/* Which of a status's reasons it was, where somebody goes by that. */
enum tctl_cause {
	TCTL_CAUSE_ANY,
	TCTL_OLDER_SCHEMA, /* EFAILED: a change brings it up to date */
	TCTL_REPLACED,	   /* EBUSY: another store is there now, or none */
	TCTL_NEWER_SCHEMA, /* ECORRUPT: sound, but made by a newer taskctl */
};

/*
 * What went wrong, in the caller's own memory: recording a failure can never
 * itself fail, and nobody has to free it.  Untouched on success.
 */
struct tctl_error {
	enum tctl_status status;
	enum tctl_cause cause;
	char text[1024]; /* one sentence, no newline, no full stop */
	char hint[256];	 /* what to do about it; "" for none.  Never a
			    command that destroys or overrides anything */
};

#if defined(__GNUC__)
#define TCTL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define TCTL_MUST_CHECK __attribute__((warn_unused_result))
#else
#define TCTL_PRINTF(fmt, args)
#define TCTL_MUST_CHECK
#endif

/* Fill err and return status, so a failing function ends in one line. */
enum tctl_status tctl_fail(struct tctl_error *err, enum tctl_status status,
    const char *fmt, ...) TCTL_PRINTF(3, 4);

/* Add what to do about it; returns err->status, to end a function with. */
enum tctl_status tctl_hint(struct tctl_error *err, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

/* Say which reason it was; returns err->status. */
enum tctl_status tctl_because(struct tctl_error *err, enum tctl_cause cause);

/* The JSON word (error.code), the exit code, and the meaning in a phrase. */
const char *tctl_status_word(enum tctl_status status);
int tctl_status_exit(enum tctl_status status);
const char *tctl_status_meaning(enum tctl_status status);

#endif
