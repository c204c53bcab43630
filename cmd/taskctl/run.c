/* run.c - taskctl run: claim a task, run a command, end the claim by its
 * outcome.
 *
 * run is the holder itself, so its own death is proof enough to end the lease;
 * and its child dies with it (PR_SET_PDEATHSIG). */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "holder.h"
#include "print.h"
#include "remark.h"
#include "taskctl/text.h"

struct run_req {
	struct tctl_who who;
	const char *task;
	bool next;
	const char *sprint;
	int64_t ttl_ms;
	bool exit_code;
	struct tctl_strings command;
};

#define AT(member) offsetof(struct run_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND, .offset = AT(task),
	  .help = "the task to work on" },
	{ .name = "COMMAND", .kind = TCTL_KIND_TEXT,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REST | TCTL_PARAM_REQUIRED,
	  .offset = AT(command), .help = "what to run, with its arguments" },
	{ .name = "next", .kind = TCTL_KIND_FLAG, .offset = AT(next),
	  .help = "the next ready task" },
	{ .name = "sprint", .kind = TCTL_KIND_TEXT, .metavar = "S",
	  .offset = AT(sprint), .help = "with --next: of this sprint" },
	{ .name = "ttl", .kind = TCTL_KIND_DURATION, .metavar = "D",
	  .offset = AT(ttl_ms), .fallback = "ttl in the configuration, 30m",
	  .help = "the lease's time to live; renewed at a third of it" },
	{ .name = "exit-code", .kind = TCTL_KIND_FLAG, .offset = AT(exit_code),
	  .help = "exit as the command did" },
	TCTL_WHO_ROWS(struct run_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

enum {
	RENEW_PARTS = 3,      /* renew when a third of the TTL is over */
	KILL_AFTER_MS = 5000, /* from SIGTERM to SIGKILL */
	NOT_RUN = 127,	      /* as the shell: there is no such command */
};

/* One run. */
struct job {
	struct tctl_ctx *ctx;
	struct tctl_caller caller;
	const char *task;
	int64_t ttl_ms;
	pid_t child;
	int status; /* of waitpid */
	bool ended; /* the child has */
	bool lost;  /* the lease has */
	sigset_t signals;
	sigset_t before;
};

/* --- the child ---------------------------------------------------------------
 */

_Noreturn static void
become(const struct job *job, const struct run_req *req, pid_t parent)
{
	char token[32], **argv;
	const char *why;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before that was set */
		_exit(NOT_RUN);
	sigprocmask(SIG_SETMASK, &job->before, NULL);
	snprintf(token, sizeof(token), "%lld", (long long)job->caller.token);
	setenv("TASKCTL_TASK", job->task, 1);
	setenv("TASKCTL_TOKEN", token, 1);
	setenv("TASKCTL_AGENT", job->caller.agent, 1);
	setenv("TASKCTL_SESSION", job->caller.session, 1);
	argv = calloc(req->command.count + 1, sizeof(*argv));
	if (argv == NULL)
		_exit(NOT_RUN);
	for (size_t i = 0; i < req->command.count; i++)
		argv[i] = strdup(req->command.at[i]);
	execvp(argv[0], argv);
	why = strerror(errno);
	fputs("taskctl: cannot run ", stderr);
	tctl_text_inert(stderr, argv[0]);
	fprintf(stderr, ": %s\n", why);
	_exit(NOT_RUN);
}

static enum tctl_status
start(struct job *job, const struct run_req *req, struct tctl_error *err)
{
	static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
		SIGUSR1, SIGUSR2, SIGCHLD };
	pid_t parent = getpid();

	sigemptyset(&job->signals);
	for (size_t i = 0; i < TCTL_COUNT(forwarded); i++)
		sigaddset(&job->signals, forwarded[i]);
	sigprocmask(SIG_BLOCK, &job->signals, &job->before);
	fflush(NULL);
	job->child = fork();
	if (job->child == 0)
		become(job, req, parent);
	if (job->child < 0)
		return tctl_fail(err, TCTL_EFAILED,
		    "cannot start a process: %s", strerror(errno));
	return TCTL_OK;
}

/* --- while it runs
 * ------------------------------------------------------------- */

/* What was opened is nobody's any more where a backup has been put in its
 * place: a "done" would go into a file that nobody reads. */
static enum tctl_status
open_again(struct tctl_ctx *ctx, struct tctl_error *err)
{
	tctl_store_close(ctx->coord.store);
	ctx->coord.store = NULL;
	return tctl_ctx_open(ctx, TCTL_OPEN_WRITE, err);
}

/* Renew; a store that is busy is tried again in time, a lease that is gone is
 * gone. */
static void
renew(struct job *job)
{
	struct tctl_strings ids = { &job->task, 1 };
	struct tctl_answer answer = { .already = false };
	struct tctl_error err;
	enum tctl_status status = open_again(job->ctx, &err);

	if (status == TCTL_OK) {
		status = tctl_lease_heartbeat(
		    &job->ctx->coord, &job->caller, &ids, &answer, &err);
		job->lost = status == TCTL_ESTALE || status == TCTL_ENOTREADY ||
			    status == TCTL_ENOTFOUND;
	}
	if (status != TCTL_OK)
		tctl_remark(TCTL_REMARK_WARNING, "%s", err.text);
	tctl_answer_release(&answer);
}

/* Wait up to until for a signal: pass it on, or note that the child ended. */
static void
wait_signal(struct job *job, int64_t until_ms)
{
	int64_t left = until_ms - tctl_clock_ms();
	struct timespec timeout = { 0, 0 };
	siginfo_t info;
	int signo;

	if (left > 0) {
		timeout.tv_sec = left / 1000;
		timeout.tv_nsec = left % 1000 * 1000000;
	}
	signo = sigtimedwait(&job->signals, &info, &timeout);
	/* What the terminal sends, it has sent to the child too. */
	if (signo > 0 && signo != SIGCHLD && info.si_code != SI_KERNEL)
		kill(job->child, signo);
	if (waitpid(job->child, &job->status, WNOHANG) == job->child)
		job->ended = true;
}

/* The lease is lost: the child works on what is somebody else's now. */
static void
end_child(struct job *job)
{
	int64_t until = tctl_clock_ms() + KILL_AFTER_MS;

	kill(job->child, SIGTERM);
	while (!job->ended && tctl_clock_ms() < until)
		wait_signal(job, until);
	if (!job->ended) {
		kill(job->child, SIGKILL);
		waitpid(job->child, &job->status, 0);
		job->ended = true;
	}
}

static void
watch(struct job *job)
{
	int64_t next = tctl_clock_ms() + job->ttl_ms / RENEW_PARTS;

	while (!job->ended) {
		wait_signal(job, next);
		if (job->ended || tctl_clock_ms() < next)
			continue;
		renew(job);
		if (job->lost)
			end_child(job);
		next = tctl_clock_ms() + job->ttl_ms / RENEW_PARTS;
	}
}

/* --- afterwards
 * ------------------------------------------------------------------ */

/* Exit 0: done; another code: fail; ended by a signal: release. */
static enum tctl_status
settle(const struct job *job, const char **outcome, struct tctl_answer *answer,
    struct tctl_error *err)
{
	const struct tctl_coord *coord = &job->ctx->coord;
	char why[64];

	if (WIFEXITED(job->status) && WEXITSTATUS(job->status) == 0) {
		*outcome = "done";
		return tctl_lease_done(
		    coord, &job->caller, job->task, NULL, answer, err);
	}
	if (WIFEXITED(job->status)) {
		*outcome = "failed";
		snprintf(why, sizeof(why),
		    "its command ended with exit code %d",
		    WEXITSTATUS(job->status));
		return tctl_lease_fail(
		    coord, &job->caller, job->task, why, answer, err);
	}
	*outcome = "released";
	snprintf(why, sizeof(why), "its command was ended by signal %d",
	    WTERMSIG(job->status));
	return tctl_lease_release(
	    coord, &job->caller, job->task, why, false, answer, err);
}

/* Does somebody want us to end? */
static bool
is_told_to_end(const struct job *job, int64_t within_ms)
{
	struct timespec timeout = { within_ms / 1000,
		within_ms % 1000 * 1000000 };
	int signo = sigtimedwait(&job->signals, NULL, &timeout);

	return signo == SIGINT || signo == SIGTERM || signo == SIGHUP ||
	       signo == SIGQUIT;
}

/* What hours of work have made is not lost because others are in the way: for
 * the lease's time to live we wait for them. */
static enum tctl_status
settle_in_time(const struct job *job, const char **outcome,
    struct tctl_answer *answer, struct tctl_error *err)
{
	enum { PAUSE_MS = 200 };
	int64_t until = tctl_clock_ms() + job->ttl_ms;
	const char *lost = *outcome;
	bool is_said = false;
	enum tctl_status status;

	for (;;) {
		status = open_again(job->ctx, err);
		if (status == TCTL_OK)
			status = settle(job, outcome, answer, err);
		if (status == TCTL_OK)
			return status;
		*outcome = lost;
		if (status != TCTL_EBUSY || tctl_clock_ms() >= until)
			return status;
		if (!is_said)
			tctl_remark(
			    TCTL_REMARK_WARNING, "%s; trying again", err->text);
		is_said = true;
		if (is_told_to_end(job, PAUSE_MS))
			return status;
		tctl_answer_release(answer);
		memset(answer, 0, sizeof(*answer));
	}
}

static enum tctl_status
finish(struct job *job, const struct run_req *req, struct json_object **out,
    struct tctl_error *err)
{
	struct tctl_answer answer = { .already = false };
	bool exited = WIFEXITED(job->status);
	int code =
	    exited ? WEXITSTATUS(job->status) : 128 + WTERMSIG(job->status);
	const char *outcome = "lost";
	enum tctl_status status =
	    job->lost ? tctl_fail(err, TCTL_ESTALE,
			    "the lease on %s was lost; its command was ended",
			    job->task)
		      : settle_in_time(job, &outcome, &answer, err);

	*out = tctl_ctx_answer(job->ctx, status, &answer);
	json_object_object_add(
	    *out, "outcome", json_object_new_string(outcome));
	json_object_object_add(
	    *out, "child_exit", exited ? json_object_new_int(code) : NULL);
	json_object_object_add(*out, "child_signal",
	    exited ? NULL : json_object_new_int(WTERMSIG(job->status)));
	if (status != TCTL_OK)
		return status;
	tctl_ctx_follow_up(job->ctx, true);
	job->ctx->exit_code = req->exit_code ? code : code != 0;
	return TCTL_OK;
}

static enum tctl_status
claim(struct job *job, const struct run_req *req, struct json_object **out,
    struct tctl_error *err)
{
	struct tctl_ctx *ctx = job->ctx;
	struct tctl_answer answer = { .already = false };
	enum tctl_status status;

	job->caller.token = -1;
	job->caller.is_holder = true;
	/* Its death has to be seen, or the task would wait for its TTL. */
	if (tctl_process_describe(getpid(), &job->caller.process) != 0)
		return tctl_fail(err, TCTL_EFAILED,
		    "cannot look at this process: %s", strerror(errno));
	status = req->next ? tctl_lease_claim_next(&ctx->coord, &job->caller,
				 req->sprint, false, req->ttl_ms, &answer, err)
			   : tctl_lease_claim(&ctx->coord, &job->caller,
				 req->task, req->ttl_ms, &answer, err);
	if (status != TCTL_OK) {
		*out = tctl_ctx_answer(ctx, status, &answer);
		return status;
	}
	job->task = tctl_arena_printf(
	    ctx->arena, "%s:%s", answer.task.at[0].plan, answer.task.at[0].id);
	job->ttl_ms = answer.task.at[0].lease->ttl_ms;
	job->caller.token = answer.task.at[0].lease->token;
	job->caller.evidence = "run";
	tctl_answer_release(&answer);
	return TCTL_OK;
}

static enum tctl_status
run_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct run_req *req = request;
	struct job job = { .ctx = ctx };
	enum tctl_status status;

	if (req->next == (req->task != NULL))
		return tctl_fail(err, TCTL_EUSAGE,
		    "run takes a TASK or --next, then -- and a command");
	status = tctl_ctx_caller(ctx, &req->who, NULL, &job.caller, err);
	if (status == TCTL_OK)
		status = claim(&job, req, out, err);
	if (status != TCTL_OK)
		return status;
	status = start(&job, req, err);
	if (status != TCTL_OK) {
		tctl_holder_give_back(ctx, &job.caller, job.task, err);
		return status;
	}
	watch(&job);
	return finish(&job, req, out, err);
}

static void
run_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *task = tctl_get_object(out, "task");

	/* The command has had standard output: one line is enough. */
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "outcome"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(task, "ref"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "title"));
	fputs("\n", to);
	if (tctl_get_count(out, "now_ready") > 0) {
		fputs("now ready: ", to);
		tctl_put_ids(to, tctl_get_object(out, "now_ready"));
		fputs("\n", to);
	}
}

const struct tctl_command tctl_command_run = {
	.name = "run",
	.group = TCTL_GROUP_WORK,
	.summary = "claim a task, run a command, end the claim by its outcome",
	.about =
	    "The lease is renewed at a third of its time to live. Exit 0 of "
	    "the command finishes the task, another code fails it, a signal "
	    "releases it. Signals are passed on. If the lease is lost the "
	    "command gets SIGTERM, then SIGKILL; if run dies, so does the "
	    "command, and the task can be claimed at once. What the command "
	    "has done is not lost to a busy store: run waits for it, for "
	    "the lease's time to live.\n\n"
	    "The command finds TASKCTL_TASK, TASKCTL_TOKEN, TASKCTL_AGENT and "
	    "TASKCTL_SESSION in its environment. run exits 0, or 1 when the "
	    "command failed; child_exit in the JSON answer has its code, "
	    "--exit-code passes it on.",
	.example = "$ taskctl run --next --agent ada -- ./work.sh",
	.param = rows,
	.req_size = sizeof(struct run_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = run_run,
	.text = run_text,
};
