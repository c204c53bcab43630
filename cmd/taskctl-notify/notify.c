/* notify.c - from the log to a receiver: in order, each event at least once. */
#include "notify.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../taskctl/print.h"
#include "../taskctl/remark.h"

enum {
	BATCH = 256,
	PATIENCE_MS = 1000,
	TRIES = 10,
	PAUSE_MS = 1000, /* after the first failure; twice as long each time */
	PAUSE_MOST_MS = 60000,
};

static const char usual[] = "done,failed,lapsed,died,approved";

/* Asked to end, as a service is: what was told is written down already. */
static volatile sig_atomic_t ending;

struct work {
	struct tctl_ctx *ctx;
	const struct tctl_notify_req *req;
	struct tctl_receiver receiver;
	struct tctl_cursor cursor;
	int64_t told;
	int64_t passed_over;
};

static void
end(int signo)
{
	(void)signo;
	ending = 1;
}

/* Is the kind one of a list with commas? */
static bool
is_wanted(const char *kinds, const char *kind)
{
	size_t length = strlen(kind);

	if (strcmp(kinds, "all") == 0)
		return true;
	for (const char *p = kinds; *p != '\0'; p += *p == ',') {
		size_t word = strcspn(p, ",");

		if (word == length && strncmp(p, kind, length) == 0)
			return true;
		p += word;
	}
	return false;
}

static bool
is_kind(const char *word, size_t length)
{
	const char *kind;

	for (size_t i = 0; (kind = tctl_event_kind_word(i)) != NULL; i++)
		if (strlen(kind) == length && strncmp(kind, word, length) == 0)
			return true;
	return false;
}

/* A kind that there is not would be waited for in vain. */
static enum tctl_status
check_kinds(struct tctl_ctx *ctx, const char *kinds, struct tctl_error *err)
{
	const char *known = "all", *kind;
	size_t length = strcspn(kinds, ",");

	if (strcmp(kinds, "all") == 0)
		return TCTL_OK;
	while (is_kind(kinds, length) && kinds[length] == ',') {
		kinds += length + 1;
		length = strcspn(kinds, ",");
	}
	if (is_kind(kinds, length))
		return TCTL_OK;
	for (size_t i = 0; (kind = tctl_event_kind_word(i)) != NULL; i++)
		known = tctl_arena_printf(ctx->arena, "%s, %s", known, kind);
	return tctl_fail(err, TCTL_EUSAGE,
	    "--events: there are no events \"%.*s\"; there are %s", (int)length,
	    kinds, known);
}

static void
pause_ms(int64_t ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL); /* a signal ends it */
}

static void
complain(const struct tctl_event *event, const struct tctl_error *err,
    const char *what)
{
	tctl_remark(TCTL_REMARK_WARNING, "event %" PRId64 " (%s): %s%s",
	    event->id, event->kind, err->text, what);
}

/* One event, until it is told or passed over.  In one pass (without --follow) a
 * failure ends the pass: the next one goes on from here. */
static enum tctl_status
tell(struct work *work, const struct tctl_event *event, struct tctl_error *err)
{
	int64_t most = work->req->tries > 0 ? work->req->tries : TRIES;
	int64_t wait_ms = PAUSE_MS;

	for (;;) {
		enum tctl_status status =
		    tctl_receiver_tell(&work->receiver, event, err);

		if (status == TCTL_OK) {
			work->told++;
			return TCTL_OK;
		}
		work->cursor.tries++;
		if (work->cursor.tries >= most) {
			complain(event, err, "; it is passed over");
			work->passed_over++;
			return TCTL_OK;
		}
		status = tctl_cursor_keep(&work->cursor, err);
		if (status != TCTL_OK)
			return status;
		if (!work->req->follow || ending)
			return TCTL_EFAILED;
		complain(event, err, "; it is tried again");
		pause_ms(wait_ms);
		wait_ms =
		    wait_ms < PAUSE_MOST_MS / 2 ? wait_ms * 2 : PAUSE_MOST_MS;
	}
}

/* What is there by now. */
static enum tctl_status
pass(struct work *work, struct tctl_error *err)
{
	const char *kinds = work->req->kinds != NULL ? work->req->kinds : usual;
	enum tctl_status status = TCTL_OK;
	struct tctl_events events;
	size_t count = BATCH;

	while (status == TCTL_OK && count == BATCH && !ending) {
		status = tctl_events_read(&work->ctx->coord, work->cursor.after,
		    NULL, BATCH, &events, err);
		if (status != TCTL_OK)
			return status;
		count = events.count;
		for (size_t i = 0; status == TCTL_OK && i < count && !ending;
		     i++) {
			bool wanted = is_wanted(kinds, events.at[i].kind);

			if (wanted)
				status = tell(work, &events.at[i], err);
			if (status != TCTL_OK)
				break;
			work->cursor.after = events.at[i].id;
			work->cursor.tries = 0;
			if (wanted || i + 1 == count)
				status = tctl_cursor_keep(&work->cursor, err);
		}
		tctl_events_release(&events);
	}
	return status;
}

/* The first time: from now on. */
static enum tctl_status
begin(struct work *work, struct tctl_error *err)
{
	struct tctl_events newest;
	enum tctl_status status;

	if (work->req->after >= 0)
		work->cursor.after = work->req->after;
	else if (work->cursor.after < 0) {
		status = tctl_events_newest(
		    &work->ctx->coord, NULL, 1, &newest, err);
		if (status != TCTL_OK)
			return status;
		work->cursor.after =
		    newest.count > 0 ? newest.at[newest.count - 1].id : 0;
		tctl_events_release(&newest);
	} else
		return TCTL_OK;
	work->cursor.tries = 0;
	return tctl_cursor_keep(&work->cursor, err);
}

static enum tctl_status
follow(struct work *work, struct tctl_error *err)
{
	const struct sigaction action = { .sa_handler = end };
	enum tctl_status status = TCTL_OK;
	bool changed;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	while (status == TCTL_OK && !ending) {
		status = pass(work, err);
		if (status == TCTL_OK && !ending)
			status = tctl_store_wait(
			    work->ctx->coord.store, PATIENCE_MS, &changed, err);
	}
	return ending ? TCTL_OK : status;
}

enum tctl_status
tctl_notify_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_notify_req *req = request;
	struct work work = { .ctx = ctx, .req = req, .cursor.fd = -1 };
	enum tctl_status status =
	    check_kinds(ctx, req->kinds != NULL ? req->kinds : usual, err);

	if (status == TCTL_OK)
		status = tctl_receiver_open(ctx, req, &work.receiver, err);
	if (status == TCTL_OK)
		status = tctl_cursor_open(&ctx->place,
		    req->name != NULL ? req->name : "default", &work.cursor,
		    err);
	if (status == TCTL_OK)
		status = begin(&work, err);
	if (status == TCTL_OK)
		status = req->follow ? follow(&work, err) : pass(&work, err);
	if (status == TCTL_OK) {
		*out = json_object_new_object();
		json_object_object_add(
		    *out, "told", json_object_new_int64(work.told));
		json_object_object_add(*out, "passed_over",
		    json_object_new_int64(work.passed_over));
		json_object_object_add(*out, "last_event",
		    json_object_new_int64(work.cursor.after));
	}
	tctl_cursor_close(&work.cursor);
	tctl_receiver_close(&work.receiver);
	return status;
}

/* Silent when all is well: cron mails whatever is printed. */
void
tctl_notify_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx;
	(void)to;
	(void)out;
}
