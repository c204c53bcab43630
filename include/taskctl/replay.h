/* floor: work - a store's log, read from elsewhere: restored, or taken in.
 *
 * What happened is kept as events, one a line (docs/adr/0010-sync.md).  A store
 * can be built from the log of any store; and the logs of several stores can be
 * merged, event by event, into each of them. */
#ifndef TASKCTL_REPLAY_H
#define TASKCTL_REPLAY_H

#include "taskctl/work.h"

/* Ids and tokens: so far below the end that gaps cannot reach it. */
#define TCTL_NUMBER_MOST ((int64_t)1 << 61)

/* --- a log, line by line ----------------------------------------------------
 */

struct tctl_log {
	/* The store that wrote it, and the id of its last event. */
	const char *store;
	int64_t last;
	const char *branch; /* for messages */
	/* The next line, without its newline; NULL: there are no more. */
	enum tctl_status (*next)(struct tctl_log *log, const char **line,
	    size_t *length, struct tctl_error *err);
	/* From the first line again. */
	void (*rewind)(struct tctl_log *log);
	/* Where the line is that was read last: "events/00000001.jsonl:7". */
	void (*place)(const struct tctl_log *log, char *buf, size_t size);
	/* Where an event of this id is, as its line-th of its file. */
	void (*place_of)(const struct tctl_log *log, int64_t id, int64_t line,
	    char *buf, size_t size);
	/* How many events there are, about; for progress. */
	size_t about;
	/* The first id that its file may hold. */
	int64_t (*first_of)(int64_t id);
	void *from;
};

/* The latest time that an event may be of, ms since 1970: in 2262, when the
 * nanoseconds of Linux's clocks end.  A later one is no clock's. */
#define TCTL_AT_MOST_MS (INT64_MAX / 1000000)

/* One event of a log; what it points to belongs to arena.  TCTL_EINVALID: it
 * is none; the text says what is wrong with it, and not where. */
struct json_tokener;
enum tctl_status tctl_event_parse(struct json_tokener *tokener,
    struct tctl_arena *arena, const char *line, size_t length,
    struct tctl_event *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* How far it is; total 0: that is not known. */
struct tctl_progress {
	void (*tell)(void *into, size_t count, size_t total);
	void *into;
};

/* --- restore
 * ------------------------------------------------------------------ */

struct tctl_restored {
	struct tctl_arena *arena;
	char store[40]; /* the new id */
	char was[40];	/* whose log it was */
	size_t events;	/* of the log */
	size_t tasks;
	int64_t token; /* the newest that may have been drawn, by now */
	struct tctl_strings open_again; /* "2.1 (bob)": they were in work */
	struct tctl_strings
	    ended;	 /* "2.1 (bob)": leases of what was replaced */
	bool incomplete; /* an older taskctl wrote it: places are guessed */
};
void tctl_restored_release(struct tctl_restored *restored);

/**
 * Fill the store with what a log tells, in one transaction.
 *
 * @param coord its store is open to be changed; it has nothing in it, or is
 *              replaced, which is for the caller to allow
 * @param who   who restores, for the event that says so
 * @param why   NULL, or what the event says
 * @param log   is read to its end
 * @return      TCTL_OK; TCTL_EINVALID: the log is not one, err says in which
 *              file and line; nothing was changed
 *
 * Leases are not restored: what was in work is open.
 */
enum tctl_status tctl_restore(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *why, struct tctl_log *log,
    const struct tctl_progress *progress, struct tctl_restored *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- sync ------------------------------------------------------------------
 */

/* How far a store's log has been read; 0: never. */
enum tctl_status tctl_take_seen(const struct tctl_coord *coord,
    const char *store, int64_t *out, struct tctl_error *err) TCTL_MUST_CHECK;

struct tctl_taken {
	struct tctl_arena *arena;
	size_t events;		       /* that were new here */
	struct tctl_strings conflicts; /* sentences: claimed in both */
	struct tctl_strings dropped;   /* sentences: edges that made a cycle */
	struct tctl_strings ahead;     /* sentences: clocks that are wrong */
	bool incomplete;	       /* an older taskctl wrote it */
};
void tctl_taken_release(struct tctl_taken *taken);

/**
 * Take in what another store's log tells and this one does not know yet.
 *
 * @param log from the event after tctl_take_seen, or from before it
 * @return    TCTL_OK, also where nothing is new; TCTL_EINVALID: it is no log,
 *            or cannot be of the store that it says, and nothing was changed
 */
enum tctl_status tctl_take(const struct tctl_coord *coord, struct tctl_log *log,
    struct tctl_taken *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Has anything happened here, and not elsewhere, after that event? */
enum tctl_status tctl_take_has_news(const struct tctl_coord *coord,
    int64_t after, bool *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
