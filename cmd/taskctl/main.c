/* main.c - taskctl: the table of commands, and the way through every one. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "ctx.h"
#include "helper.h"
#include "print.h"
#include "remark.h"

#define AT(member) offsetof(struct tctl_global, member)

/* clang-format off */
static const struct tctl_param global_rows[] = {
	{ .name = "directory", .letter = 'C', .kind = TCTL_KIND_FILE,
	  .metavar = "DIR", .offset = AT(dir),
	  .help = "start looking for .tasks/ in DIR", .fallback = "." },
	{ .name = "db", .kind = TCTL_KIND_FILE, .metavar = "PATH",
	  .offset = AT(db), .help = "the store",
	  .fallback = "$TASKCTL_DB, then db in the configuration" },
	{ .name = "json", .kind = TCTL_KIND_FLAG, .offset = AT(json),
	  .help = "answer with one JSON document, errors too" },
	{ .name = "quiet", .letter = 'q', .kind = TCTL_KIND_FLAG,
	  .offset = AT(quiet), .help = "print ids and tokens alone" },
	{ .name = "color", .kind = TCTL_KIND_CHOICE, .metavar = "WHEN",
	  .choices = "auto|always|never", .offset = AT(color),
	  .help = "colour the text",
	  .fallback = "auto: NO_COLOR, CLICOLOR_FORCE, then a terminal" },
	{ .name = "utc", .kind = TCTL_KIND_FLAG, .offset = AT(utc),
	  .help = "show times in UTC" },
	{ .name = "wait", .kind = TCTL_KIND_DURATION, .metavar = "D",
	  .offset = AT(wait_ms), .help = "how long to wait for the store",
	  .fallback = "wait in the configuration, 10s" },
	{ .kind = TCTL_KIND_END }
};

static const char *const environment[][2] = {
	{ "TASKCTL_AGENT", "the agent's name, where --agent is not given" },
	{ "TASKCTL_SESSION", "the session, where --session is not given; after "
	  "it CLAUDE_CODE_SESSION_ID, CODEX_THREAD_ID and GEMINI_SESSION_ID" },
	{ "TASKCTL_TASK", "the task for which TASKCTL_TOKEN is the token; run "
	  "sets both for its child" },
	{ "TASKCTL_TOKEN", "the fencing token of TASKCTL_TASK" },
	{ "TASKCTL_DB", "the store, where --db is not given" },
	{ "TASKCTL_LOG", "text or json: how messages on standard error are "
	  "written; otherwise serve, notify and tick write text to a terminal "
	  "and an object of JSON a line elsewhere, the others text; where the "
	  "journal reads it, with its priority in front" },
	{ "TASKCTL_SAFE_DIRECTORY", "folders whose .tasks/ is trusted although it "
	  "is another user's, apart by colons; * for all" },
	{ "NO_COLOR", "no colour, whatever it holds" },
	{ "CLICOLOR_FORCE", "colour, even where it is not a terminal" },
	{ "COLUMNS", "the width of the text" },
	{ NULL, NULL }
};

static const char *const files[][2] = {
	{ ".tasks/config.json", "the configuration; for git" },
	{ ".tasks/taskctl.db", "the store, with its -wal, -shm and -queue" },
	{ ".tasks/taskctl.db-log", "what went wrong in the background, as lines "
	  "of JSON" },
	{ ".tasks/sprint_status.json", "progress for scripts, refreshed after "
	  "changes" },
	{ ".tasks/locks/", "lock files of the old scripts, with lock_files on" },
	{ NULL, NULL }
};

static const struct tctl_command *const commands[] = {
#define TCTL_COMMAND_ROW(name) &tctl_command_##name,
	TCTL_COMMAND_LIST(TCTL_COMMAND_ROW)
#undef TCTL_COMMAND_ROW
	NULL
};
/* clang-format on */

const struct tctl_program tctl_taskctl = {
	.name = "taskctl",
	.summary = "let many agents work from one plan, each task once",
	.about =
	    "taskctl lets any number of agents, people and cron jobs work from "
	    "one sprint plan in one repository: nobody does the same task "
	    "twice, nobody waits for the dead, and everybody can see where it "
	    "stands.\n\n"
	    "A claim is a lease with a fencing token: it ends by itself when "
	    "its holder gives no sign of life, and whoever was superseded can "
	    "change nothing any more. A lease alone cannot make side effects "
	    "exclusive: an agent that was paused may wake up and still write "
	    "files. It learns that it lost its task with the next taskctl "
	    "command (exit 6).",
	.global = global_rows,
	.command = commands,
	.environment = environment,
	.files = files,
};

/* --- before a command --------------------------------------------------------
 */

static enum tctl_status
open_config(struct tctl_ctx *ctx, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_config_read(ctx->place.tasks, &ctx->config, err);

	ctx->has_config = status == TCTL_OK;
	if (ctx->has_config && ctx->global->wait_ms >= 0)
		ctx->config.wait_ms = ctx->global->wait_ms;
	return status;
}

void
tctl_ctx_choose_store(struct tctl_ctx *ctx)
{
	const char *from_environment = getenv("TASKCTL_DB");
	const char *chosen = ctx->global->db;

	ctx->place.why_store = "--db";
	if (chosen == NULL && from_environment != NULL &&
	    from_environment[0] != '\0') {
		chosen = from_environment;
		ctx->place.why_store = "$TASKCTL_DB";
	}
	if (chosen != NULL) {
		ctx->place.store = tctl_xstrdup(chosen);
		return;
	}
	if (ctx->config.db == NULL) {
		ctx->place.why_store = "the default in .tasks/";
		ctx->place.store =
		    tctl_xprintf("%s/taskctl.db", ctx->place.tasks);
		return;
	}
	ctx->place.why_store = "db in .tasks/config.json";
	ctx->place.store =
	    ctx->config.db[0] == '/' || strstr(ctx->config.db, "://") != NULL
		? tctl_xstrdup(ctx->config.db)
		: tctl_xprintf("%s/%s", ctx->place.tasks, ctx->config.db);
}

enum tctl_status
tctl_ctx_find(struct tctl_ctx *ctx, struct tctl_error *err)
{
	enum tctl_status status = tctl_place_find(".", &ctx->place, err);

	if (status == TCTL_OK)
		status = open_config(ctx, err);
	if (status != TCTL_OK)
		return status;
	tctl_ctx_choose_store(ctx);
	ctx->coord.config = &ctx->config;
	ctx->coord.place = &ctx->place;
	return TCTL_OK;
}

enum tctl_status
tctl_ctx_open(struct tctl_ctx *ctx, enum tctl_open how, struct tctl_error *err)
{
	enum tctl_status status;
	const char *remark;
	bool overlay;

	status = tctl_store_fit(ctx->place.store, &overlay, err);
	if (status == TCTL_OK)
		status = tctl_store_open(ctx->place.store, how,
		    ctx->config.wait_ms, &ctx->coord.store, err);
	if (status != TCTL_OK)
		return status;
	remark = tctl_store_remark(ctx->coord.store);
	if (remark != NULL)
		tctl_remark(TCTL_REMARK_WARNING, "%s", remark);
	return TCTL_OK;
}

static enum tctl_status
prepare(struct tctl_ctx *ctx, struct tctl_error *err)
{
	enum tctl_needs needs = ctx->command->needs;
	bool write = tctl_command_writes(ctx->command);
	enum tctl_status status;

	if (needs == TCTL_NEEDS_NOTHING)
		return TCTL_OK;
	status = tctl_ctx_find(ctx, err);
	if (status != TCTL_OK || needs == TCTL_NEEDS_PLACE)
		return status;
	return tctl_ctx_open(
	    ctx, write ? TCTL_OPEN_WRITE : TCTL_OPEN_READ, err);
}

/* --- after it
 * ------------------------------------------------------------------ */

static void
report_json(const struct tctl_error *err, struct json_object *details)
{
	struct json_object *document = tctl_ctx_error(err, details);

	printf("%s\n", json_object_to_json_string_ext(
			   document, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
}

static void
report(const struct tctl_global *global, const struct tctl_error *err,
    struct json_object *details)
{
	if (global->json)
		report_json(err, details);
	else
		tctl_remark_error(err);
}

/* The process ends here, and the kernel takes everything back faster than we
 * could give it (a tenth of a claim's instructions); only those who look for
 * leaks want it all freed. */
static void
tidy_up(struct tctl_ctx *ctx, struct json_object *out)
{
#ifdef __SANITIZE_ADDRESS__
	json_object_put(out);
	json_object_put(ctx->spent);
	tctl_store_close(ctx->coord.store);
	if (ctx->has_config)
		tctl_config_release(&ctx->config);
	tctl_place_release(&ctx->place);
#else
	(void)ctx;
	(void)out;
#endif
}

/* `taskctl list | head` has read enough, and wants no complaint. */
static bool
nobody_reads(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* Whatever the command has changed stands.  A claim above all: whoever does not
 * know of it would keep the task from everybody. */
static void
hint_at_change(const struct tctl_ctx *ctx, struct json_object *lease,
    struct tctl_error *err)
{
	if (lease != NULL)
		tctl_hint(err, "%s is claimed all the same, with token %s",
		    tctl_get(lease, "task"), tctl_get(lease, "token"));
	else if (tctl_command_writes(ctx->command))
		tctl_hint(err,
		    "only the answer is lost: what may have changed stands");
}

/* An answer that could not be written was not given; a long one may have failed
 * before its end. */
static bool
answer_is_out(const struct tctl_ctx *ctx, struct json_object *out)
{
	bool lost = fflush(stdout) != 0;
	struct json_object *lease;
	struct tctl_error err;

	if (!lost && !ferror(stdout))
		return true;
	tctl_fail(&err, TCTL_EFAILED, "cannot write the answer: %s",
	    lost ? strerror(errno) : "not all of it was taken");
	lease = tctl_get_object(out, "lease");
	if (lease == NULL && nobody_reads())
		return false;
	hint_at_change(ctx, lease, &err);
	tctl_remark_error(&err);
	return false;
}

static int
run(struct tctl_ctx *ctx, const void *req)
{
	struct tctl_error err = { .status = TCTL_OK };
	struct json_object *out = NULL;
	enum tctl_status status = prepare(ctx, &err);
	int code;

	if (status == TCTL_OK)
		status = ctx->command->run(ctx, req, &out, &err);
	if (status == TCTL_OK)
		tctl_ctx_emit(ctx, out);
	else
		report(ctx->global, &err, out);
	code = ctx->exit_code != 0 ? ctx->exit_code : tctl_status_exit(status);
	if (code == 0 && !answer_is_out(ctx, out))
		code = 1;
	if (status == TCTL_OK)
		tctl_ctx_aftermath(ctx);
	tidy_up(ctx, out);
	return code;
}

static bool
wants_colour(const struct tctl_global *global)
{
	const char *when = global->color;
	const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");

	if (when != NULL && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (no != NULL && no[0] != '\0')
		return false;
	if (force != NULL && force[0] != '\0' && strcmp(force, "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

static int
dispatch(struct tctl_arena *arena, int argc, char *argv[])
{
	struct tctl_global global = { .wait_ms = -1 };
	struct tctl_call call = { .command = NULL };
	struct tctl_error err = { .status = TCTL_OK };
	enum tctl_status status = tctl_call_parse(
	    &tctl_taskctl, argc - 1, argv + 1, arena, &global, &call, &err);
	struct tctl_ctx ctx = { .program = &tctl_taskctl,
		.global = &global,
		.arena = arena,
		.command = call.command };

	tctl_remark_for(call.command);
	if (call.help && call.command != NULL) {
		tctl_help_command(stdout, &tctl_taskctl, call.command);
		return 0;
	}
	if (call.help || (status == TCTL_OK && argc == 1)) {
		tctl_help_program(stdout, &tctl_taskctl);
		return 0;
	}
	if (status == TCTL_OK && call.version)
		ctx.command = &tctl_command_version;
	else if (status == TCTL_OK && call.command == NULL) {
		status = tctl_fail(&err, TCTL_EUSAGE, "no command was named");
		tctl_hint(&err, "see: taskctl help");
	}
	/* From here, where its arguments mean the same. */
	if (status == TCTL_OK)
		status = tctl_helper_become(ctx.command, argv, &err);
	if (status == TCTL_OK && global.dir != NULL && chdir(global.dir) != 0)
		status = tctl_fail(&err, TCTL_EFAILED, "cannot enter %s: %s",
		    global.dir, strerror(errno));
	if (status != TCTL_OK) {
		report(&global, &err, NULL);
		return tctl_status_exit(status);
	}
	ctx.colour = wants_colour(&global);
	return run(&ctx, call.req);
}

/* Unlike SIG_IGN, no program that we start inherits a handler. */
static void
go_on(int signo)
{
	(void)signo;
}

int
main(int argc, char *argv[])
{
	struct tctl_arena *arena = tctl_arena_new();
	int code;

	/* A reader that has gone away, or a file that may not grow (ulimit
	 * -f), is an error of write, not a death. */
	signal(SIGPIPE, go_on);
	signal(SIGXFSZ, go_on);
	tctl_store_single_thread();
	code = dispatch(arena, argc, argv);
#ifdef __SANITIZE_ADDRESS__
	tctl_arena_free(arena);
#endif
	return code;
}
