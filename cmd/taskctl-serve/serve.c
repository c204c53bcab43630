/* serve.c - taskctl serve: one thread that waits for requests, signals and
 * changes of the store. */
#include "serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "../taskctl/helper.h"

enum { LOOK_MS = 1000, IDLE_MS = 1000, FAREWELL_MS = 500 };

int64_t
tctl_serve_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the log -----------------------------------------------------------------
 */

void
tctl_serve_note(
    struct tctl_serve *serve, enum tctl_priority priority, const char *fmt, ...)
{
	enum { MOST = 20, OF_MS = 10000 };
	struct tctl_quota *quota = &serve->quota;
	int64_t now = tctl_serve_clock();
	char text[1200];
	va_list list;

	if (now - quota->since_ms >= OF_MS) {
		if (quota->left_out > 0)
			tctl_remark(TCTL_REMARK_WARNING,
			    "%u more lines were left out", quota->left_out);
		*quota = (struct tctl_quota){ .since_ms = now };
	}
	if (quota->said++ >= MOST) {
		quota->left_out++;
		return;
	}
	va_start(list, fmt);
	vsnprintf(text, sizeof(text), fmt, list);
	va_end(list);
	tctl_remark(priority, "%s", text);
}

/* --- the store ---------------------------------------------------------------
 */

static void
close_stores(struct tctl_serve *serve)
{
	tctl_store_close(serve->ctx->coord.store);
	tctl_store_close(serve->writer);
	serve->ctx->coord.store = serve->writer = NULL;
}

static void
read_newest(struct tctl_serve *serve)
{
	struct tctl_events events;
	struct tctl_error err;

	if (tctl_events_newest(&serve->ctx->coord, NULL, 1, &events, &err) !=
	    TCTL_OK)
		return;
	serve->newest = events.count == 0 ? 0 : events.at[0].id;
	tctl_events_release(&events);
}

/* A writing store beside the reading one: what reads never waits for it. */
static enum tctl_status
open_writer(struct tctl_serve *serve, struct tctl_error *err)
{
	if (!serve->req->write)
		return TCTL_OK;
	return tctl_store_open(serve->ctx->place.store, TCTL_OPEN_WRITE,
	    serve->ctx->config.wait_ms < 1000 ? serve->ctx->config.wait_ms
					      : 1000,
	    &serve->writer, err);
}

static void
go_on(struct tctl_serve *serve)
{
	serve->lost = false;
	serve->generation++;
	read_newest(serve);
	tctl_streams_restart(serve);
}

/* It was taken away, or another was put in its place. */
static void
lose(struct tctl_serve *serve, const struct tctl_error *why)
{
	close_stores(serve);
	serve->lost = true;
	serve->looked_ms = 0;
	serve->generation++;
	tctl_serve_note(serve, TCTL_REMARK_WARNING, "%s", why->text);
}

static void
try_again(struct tctl_serve *serve)
{
	struct tctl_error err;

	serve->looked_ms = tctl_serve_clock();
	if (tctl_store_open(serve->ctx->place.store, TCTL_OPEN_READ,
		serve->ctx->config.wait_ms, &serve->ctx->coord.store,
		&err) != TCTL_OK)
		return;
	if (open_writer(serve, &err) == TCTL_OK) {
		go_on(serve);
		tctl_serve_note(
		    serve, TCTL_REMARK_INFO, "serving the store again");
	} else
		close_stores(serve);
}

void
tctl_serve_look(struct tctl_serve *serve)
{
	struct tctl_error err;
	bool changed = false;

	if (!serve->lost &&
	    tctl_store_wait(serve->ctx->coord.store, 0, &changed, &err) !=
		TCTL_OK &&
	    err.cause == TCTL_REPLACED)
		lose(serve, &err);
	if (serve->lost && tctl_serve_clock() - serve->looked_ms >= LOOK_MS)
		try_again(serve);
	if (changed) {
		serve->generation++;
		read_newest(serve);
	}
}

/* What a command does once its answer is out. */
static void
follow_up(struct tctl_serve *serve)
{
	struct tctl_ctx *ctx = serve->ctx;
	char *argv[TCTL_COMMIT_WORDS];
	struct tctl_error err;

	if (serve->refresh && !serve->lost)
		(void)!tctl_status_file_write(&ctx->coord, &err);
	if (serve->commit && ctx->config.git_auto && ctx->place.repo != NULL) {
		tctl_ctx_commit_argv(ctx, true, argv);
		tctl_helper_spawn(argv[0], argv, ctx);
	}
	serve->refresh = serve->commit = false;
}

/* --- the loop
 * ------------------------------------------------------------------
 */

static void
run_daemons(struct tctl_serve *serve)
{
	for (size_t i = 0; i < serve->daemons; i++)
		MHD_run(serve->daemon[i]);
}

static int
watch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* What MHD wants to do without being asked: time-outs. */
static int
patience(const struct tctl_serve *serve)
{
	bool ticks = serve->streams != NULL || serve->graph[0].pid != 0 ||
		     serve->graph[1].pid != 0;
	int wait_ms = ticks ? SERVE_TICK_MS : IDLE_MS;

	for (size_t i = 0; i < serve->daemons; i++) {
		MHD_UNSIGNED_LONG_LONG wanted;

		if (MHD_get_timeout(serve->daemon[i], &wanted) == MHD_YES &&
		    wanted < (MHD_UNSIGNED_LONG_LONG)wait_ms)
			wait_ms = (int)wanted;
	}
	return wait_ms;
}

static void
loop(struct tctl_serve *serve, int signals)
{
	struct pollfd fds[SERVE_DAEMONS + 1];
	int64_t ticked_ms = 0;

	for (size_t i = 0; i < serve->daemons; i++)
		fds[i] =
		    (struct pollfd){ .fd = MHD_get_daemon_info(serve->daemon[i],
					 MHD_DAEMON_INFO_EPOLL_FD)
					       ->epoll_fd,
			    .events = POLLIN };
	fds[serve->daemons] =
	    (struct pollfd){ .fd = signals, .events = POLLIN };
	for (;;) {
		if (poll(fds, serve->daemons + 1, patience(serve)) < 0 &&
		    errno != EINTR)
			return;
		if (fds[serve->daemons].revents != 0) {
			tctl_remark(TCTL_REMARK_INFO, "asked to end");
			return;
		}
		run_daemons(serve);
		if (serve->refresh || serve->commit)
			follow_up(serve);
		/* Streams hear of a crowd's changes together. */
		if (tctl_serve_clock() - ticked_ms < SERVE_TICK_MS)
			continue;
		ticked_ms = tctl_serve_clock();
		tctl_serve_guests(serve);
		tctl_picture_tick(serve);
		if (serve->streams != NULL)
			tctl_serve_look(serve);
		tctl_streams_wake(serve);
	}
}

/* Streams end properly, so that their readers come back and find nobody. */
static void
stop(struct tctl_serve *serve)
{
	int64_t until = tctl_serve_clock() + FAREWELL_MS;

	serve->closing = true;
	tctl_picture_stop(serve);
	while (serve->streams != NULL && tctl_serve_clock() < until) {
		tctl_streams_wake(serve);
		run_daemons(serve);
		if (serve->streams != NULL)
			usleep(1000);
	}
	for (size_t i = 0; i < serve->daemons; i++)
		MHD_stop_daemon(serve->daemon[i]);
	tctl_serve_views_release(serve);
	tctl_streams_release(serve);
	tctl_store_close(serve->writer);
}

/* Where it is, before the first request. */
static void
announce(const struct tctl_serve *serve)
{
	const struct tctl_door *door = &serve->door;
	bool named = serve->req->hosts.count > 0;
	struct json_object *out = json_object_new_object();
	char *url = tctl_xprintf("%s://%s", door->behind_tls ? "https" : "http",
	    named ? serve->req->hosts.at[0] : door->hosts.at[0]);
	char *open = tctl_xprintf(
	    "%s/%s%s", url, door->no_token ? "" : "#t=", door->token);

	json_object_object_add(out, "url", json_object_new_string(url));
	json_object_object_add(out, "open", json_object_new_string(open));
	json_object_object_add(out, "port", json_object_new_int64(serve->port));
	json_object_object_add(out, "token_file",
	    door->token_file == NULL
		? NULL
		: json_object_new_string(door->token_file));
	json_object_object_add(
	    out, "write", json_object_new_boolean(serve->req->write));
	json_object_object_add(
	    out, "root", json_object_new_string(serve->ctx->place.root));
	tctl_ctx_emit(serve->ctx, out);
	fflush(stdout);
	json_object_put(out);
	free(url);
	free(open);
}

/* The server acts for others: what is said of whoever started it is not said
 * of them. */
static void
forget_caller(void)
{
	static const char *const names[] = { "TASKCTL_AGENT", "TASKCTL_SESSION",
		"CLAUDE_CODE_SESSION_ID", "CODEX_THREAD_ID",
		"GEMINI_SESSION_ID", "TASKCTL_TASK", "TASKCTL_TOKEN" };

	for (size_t i = 0; i < TCTL_COUNT(names); i++)
		unsetenv(names[i]);
}

enum tctl_status
tctl_serve_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_serve_req *req = request;
	struct tctl_serve serve = { .ctx = ctx,
		.req = req,
		.door = { .behind_tls = req->behind_tls,
		    .no_token = req->no_token } };
	enum tctl_status status = tctl_listen_check(req, err);
	int signals;

	(void)out;
	if (status == TCTL_OK)
		status = tctl_door_token(&serve.door, ctx->place.store, err);
	if (status == TCTL_OK)
		status = open_writer(&serve, err);
	if (status == TCTL_OK)
		go_on(&serve);
	if (status == TCTL_OK)
		status = tctl_listen(&serve, err);
	if (status == TCTL_OK) {
		forget_caller();
		tctl_door_hosts(&serve.door, req, serve.port, ctx->arena);
		/* Those who work come first, where there is not enough. */
		(void)!nice(SERVE_NICE);
		signals = watch_signals();
		announce(&serve);
		loop(&serve, signals);
		close(signals);
	}
	stop(&serve);
	free(serve.door.token_file);
	return status;
}
