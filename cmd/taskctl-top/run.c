/* run.c - taskctl top: waits for keys, for the store and for the clock. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "../taskctl/top_command.h"
#include "act.h"
#include "terminal.h"
#include "top.h"

enum {
	WATCH_MS = 50,	  /* how often the store is asked whether it changed */
	RETRY_MS = 500,	  /* and one that is lost, whether it is back */
	CALM_MS = 20,	  /* between two readings, and thrice what one took */
	BUSY_MS = 3000,	  /* so long it may be busy before that is said */
	JUDGE_MS = 10000, /* leases of dead processes are looked for */
};

struct session {
	struct tctl_ctx *ctx;
	struct tctl_who who;
	struct tctl_top top;
	bool wanted; /* it has to be read */
	bool due;    /* all of it, since leases may have lapsed */
	bool dirty;  /* and this to be drawn */
	/* By our own clock, in milliseconds: */
	int64_t tried;	   /* to open it, last */
	int64_t read_at;   /* it was read last */
	int64_t read_took; /* and for so long */
	int64_t drawn_s;   /* the second of the times shown */
	char said[sizeof(((struct tctl_error *)0)->text)]; /* of the loss */
	int silent; /* keys that were none */
};

/* --- the store: there, read, lost, back
 * -----------------------------------------
 */

static void
lose(struct session *session, const struct tctl_error *err)
{
	struct tctl_store **store = &session->ctx->coord.store;

	tctl_store_close(*store);
	*store = NULL;
	if (err->status == TCTL_EBUSY &&
	    tctl_clock_ms() - session->read_at < BUSY_MS)
		return;
	session->top.lost = true;
	session->dirty = true;
	if (strcmp(session->said, err->text) == 0)
		return;
	snprintf(session->said, sizeof(session->said), "%s", err->text);
	tctl_top_say_error(&session->top, err);
}

static enum tctl_status
read_board(struct session *session, bool anew, struct tctl_error *err)
{
	struct tctl_top *top = &session->top;
	struct tctl_top_board board, none = { .newest = 0 };
	int64_t began = tctl_clock_ms();
	bool changed;
	/* Asked first: what changes from now on is seen by the next asking. */
	enum tctl_status status =
	    tctl_store_wait(session->ctx->coord.store, 0, &changed, err);

	if (status == TCTL_OK)
		status = tctl_top_read(&session->ctx->coord, top->open,
		    anew ? &none : &top->board, &board, err);
	if (status != TCTL_OK)
		return status;
	tctl_top_board_release(&top->board);
	top->board = board;
	session->read_at = tctl_clock_ms();
	session->read_took = session->read_at - began;
	session->wanted = session->due = false;
	session->dirty = true;
	top->now_ms = board.report.now_ms;
	tctl_top_arrange(top);
	return TCTL_OK;
}

static enum tctl_status
open_store(struct session *session, struct tctl_error *err)
{
	const char *path = session->ctx->place.store;
	enum tctl_status status;

	session->tried = tctl_clock_ms();
	status = tctl_store_open(path, TCTL_OPEN_READ,
	    session->ctx->config.wait_ms, &session->ctx->coord.store, err);
	if (status == TCTL_OK)
		status = read_board(session, true, err);
	return status;
}

static void
try_again(struct session *session)
{
	struct tctl_error err;

	if (open_store(session, &err) != TCTL_OK) {
		if (err.status == TCTL_ENOTFOUND) {
			tctl_fail(&err, TCTL_ENOTFOUND,
			    "the store %s is gone; this is what it last said",
			    session->ctx->place.store);
			err.hint[0] = '\0';
		}
		lose(session, &err);
		return;
	}
	session->said[0] = '\0';
	if (session->top.lost)
		tctl_top_say(&session->top, false, "the store is back");
	session->top.lost = false;
}

/* Another one is there now, or none. */
static void
change_over(struct session *session)
{
	tctl_store_close(session->ctx->coord.store);
	session->ctx->coord.store = NULL;
	try_again(session);
	if (!session->top.lost)
		tctl_top_say(&session->top, false,
		    "the store was replaced; this is the new one");
}

/* Leases lapse, and their processes die, without a change of the store. */
static bool
is_due(const struct session *session, int64_t now)
{
	const struct tctl_tasks *held = &session->top.board.report.held;
	int64_t since = now - session->read_at;
	int64_t judge = session->read_took * 300;

	if (tctl_store_remark(session->ctx->coord.store) != NULL)
		return since >= JUDGE_MS / 5 + judge / 3; /* nobody tells */
	for (size_t i = 0; since >= 1000 && i < held->count; i++)
		if (held->at[i].lease->expires_ms <= session->top.now_ms)
			return true;
	return held->count > 0 &&
	       since >= (judge > JUDGE_MS ? judge : JUDGE_MS);
}

static void
watch_store(struct session *session)
{
	int64_t now = tctl_clock_ms();
	struct tctl_error err;
	bool changed = false;

	if (session->ctx->coord.store == NULL) {
		if (now - session->tried >= RETRY_MS)
			try_again(session);
		return;
	}
	if (tctl_store_wait(session->ctx->coord.store, 0, &changed, &err) !=
	    TCTL_OK) {
		if (err.cause == TCTL_REPLACED)
			change_over(session);
		else
			lose(session, &err);
		return;
	}
	session->due = session->due || is_due(session, now);
	session->wanted = session->wanted || changed || session->due;
	if (session->wanted &&
	    now - session->read_at >= CALM_MS + 3 * session->read_took &&
	    read_board(session, session->due, &err) != TCTL_OK)
		lose(session, &err);
}

/* --- keys
 * ------------------------------------------------------------------------
 */

static void
show(struct session *session)
{
	struct tctl_top_screen screen;

	tctl_top_draw(&session->top, &screen);
	tctl_top_terminal_show(&screen);
	tctl_top_screen_release(&screen);
	session->dirty = false;
}

static void
read_now(struct session *session, bool anew)
{
	struct tctl_error err;

	if (session->ctx->coord.store == NULL)
		try_again(session);
	else if (read_board(session, anew, &err) != TCTL_OK)
		lose(session, &err);
	tctl_top_arrange(&session->top);
}

static void
act(struct session *session)
{
	struct tctl_ctx *ctx = session->ctx;

	tctl_top_say(&session->top, false, "%s %s ...",
	    tctl_top_act_word(session->top.act), session->top.act_task);
	show(session);
	free(session->top.message[--session->top.messages].text);
	tctl_top_do(ctx, &session->who, &session->top);
	tctl_ctx_aftermath(ctx); /* closes the store where it forks */
	ctx->refresh = ctx->commit = false;
	read_now(session, false);
}

/* False: the end. */
static bool
take_keys(struct session *session)
{
	int key;

	while ((key = tctl_top_terminal_key()) != -1) {
		session->silent = 0;
		session->dirty = true;
		switch (tctl_top_key(&session->top, key)) {
		case TCTL_TOP_QUIT:
			return false;
		case TCTL_TOP_REDRAW:
			tctl_top_terminal_renew();
			read_now(session, true);
			break;
		case TCTL_TOP_READ:
			read_now(session, false);
			break;
		case TCTL_TOP_ACT:
			act(session);
			break;
		case TCTL_TOP_GO_ON:
			break;
		}
	}
	return true;
}

/* --- the loop
 * ---------------------------------------------------------------------
 */

static void
resize(struct session *session)
{
	tctl_top_terminal_size(&session->top.width, &session->top.height);
	tctl_top_arrange(&session->top);
	session->dirty = true;
}

/* Times that are shown go on once a second, while there are any. */
static void
tick(struct session *session)
{
	struct tctl_top *top = &session->top;
	int64_t now = tctl_clock_ms(), second = now / 1000;

	if (second == session->drawn_s)
		return;
	session->drawn_s = second;
	while (waitpid(-1, NULL, WNOHANG) > 0) /* what act has started */
		;
	if (top->board.report.held.count == 0)
		return;
	top->now_ms = top->board.report.now_ms + now - session->read_at;
	if (top->view == TCTL_TOP_TASK)
		tctl_top_arrange(top);
	session->dirty = true;
}

/* Returns the signal that ended it, or 0. */
static int
loop(struct session *session)
{
	enum { EMPTY_MOST = 20 };

	for (;;) {
		struct tctl_top_signals heard;

		if (session->dirty)
			show(session);
		heard = tctl_top_signals_wait(WATCH_MS);
		if (heard.end != 0 || heard.gone)
			return heard.end;
		if (heard.suspend)
			tctl_top_terminal_suspend();
		else if (heard.renew)
			tctl_top_terminal_renew();
		if (heard.suspend || heard.renew)
			resize(session);
		if (heard.input && session->silent++ > EMPTY_MOST)
			return 0; /* at its end: nobody can say q any more */
		if (heard.input && !take_keys(session))
			return 0;
		watch_store(session);
		tick(session);
	}
}

static void
set_up(struct session *session, const struct tctl_caller *caller)
{
	struct tctl_top *top = &session->top;

	top->agent = caller->agent;
	top->utc = session->ctx->global->utc;
	for (int i = 0; i < TCTL_TOP_LISTS; i++)
		top->place[i].sort = tctl_top_list[i]->sort;
	if (top->agent == NULL)
		tctl_top_say(top, false,
		    "nobody said who looks: --agent NAME or $TASKCTL_AGENT is "
		    "needed to claim, release and finish");
}

enum tctl_status
tctl_top_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_top_req *req = request;
	struct session session = { .ctx = ctx, .who = req->who };
	struct tctl_caller caller;
	enum tctl_status status;
	int signo = 0;

	(void)out;
	session.who.token = -1; /* that of the task, or none */
	if (ctx->global->json || ctx->global->quiet) {
		tctl_fail(err, TCTL_EUSAGE, "top answers to people only");
		return tctl_hint(
		    err, "what others can read: taskctl --json log --follow");
	}
	status = tctl_ctx_caller(ctx, &session.who, NULL, &caller, err);
	if (status == TCTL_OK)
		status = tctl_top_terminal_open(ctx->colour, err);
	if (status != TCTL_OK)
		return status;
	set_up(&session, &caller);
	tctl_top_terminal_size(&session.top.width, &session.top.height);
	status = read_board(&session, true, err);
	if (status == TCTL_OK)
		signo = loop(&session);
	tctl_top_terminal_close();
	tctl_top_release(&session.top);
	if (signo != 0) /* let whoever waits for us see what it was */
		raise(signo);
	return status;
}
