/* claim.c - taskctl claim: take a task before working on it. */
#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"
#include "worktree.h"

struct claim_req {
	struct tctl_who who;
	const char *task;
	bool next;
	bool another;
	const char *sprint;
	int64_t ttl_ms;
	int64_t pid;
	bool worktree;
};

#define AT(member) offsetof(struct claim_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND, .offset = AT(task),
	  .help = "the task to work on" },
	{ .name = "next", .kind = TCTL_KIND_FLAG, .offset = AT(next),
	  .help = "take the next ready task, or what the caller holds already" },
	{ .name = "another", .kind = TCTL_KIND_FLAG, .offset = AT(another),
	  .help = "with --next: one more than what the caller holds" },
	{ .name = "sprint", .kind = TCTL_KIND_TEXT, .metavar = "S",
	  .offset = AT(sprint), .help = "with --next: of this sprint" },
	{ .name = "ttl", .kind = TCTL_KIND_DURATION, .metavar = "D",
	  .offset = AT(ttl_ms), .fallback = "ttl in the configuration, 30m",
	  .help = "give the task up after this long without a sign of life" },
	{ .name = "pid", .kind = TCTL_KIND_NUMBER, .metavar = "PID",
	  .offset = AT(pid), .help =
	  "the process that works: while it lives, cron may extend the lease, "
	  "and once it was seen alive, its death ends it" },
	{ .name = "worktree", .kind = TCTL_KIND_FLAG, .offset = AT(worktree),
	  .help =
	  "make a git worktree for it on a branch of its own, task/…, or take up "
	  "the one that an attempt before has left" },
	TCTL_WHO_ROWS(struct claim_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
check(const struct claim_req *req, struct tctl_error *err)
{
	if (req->next == (req->task != NULL))
		return tctl_fail(err, TCTL_EUSAGE,
		    "claim takes a TASK or --next, one of the two");
	if (!req->next && (req->another || req->sprint != NULL))
		return tctl_fail(
		    err, TCTL_EUSAGE, "--another and --sprint go with --next");
	return TCTL_OK;
}

static enum tctl_status
claim_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct claim_req *req = request;
	struct tctl_caller caller;
	struct tctl_answer answer = { .already = false };
	struct tctl_trees trees;
	struct json_object *last;
	bool already;
	enum tctl_status status = check(req, err);

	if (status == TCTL_OK)
		status = tctl_ctx_caller(ctx, &req->who, NULL, &caller, err);
	if (status != TCTL_OK)
		return status;
	if (req->worktree)
		status = tctl_worktree_check(ctx, &trees, err);
	if (status != TCTL_OK)
		return status;
	if (!ctx->global->json)
		ctx->coord.detail = TCTL_DETAIL_HANDOVER;
	caller.token = -1; /* a claim asks for one */
	if (req->pid > 0 &&
	    tctl_process_describe(req->pid, &caller.process) != 0)
		return tctl_fail(err, TCTL_EINVALID, "there is no process %lld",
		    (long long)req->pid);
	status = req->next
		     ? tctl_lease_claim_next(&ctx->coord, &caller, req->sprint,
			   req->another, req->ttl_ms, &answer, err)
		     : tctl_lease_claim(&ctx->coord, &caller, req->task,
			   req->ttl_ms, &answer, err);
	already = answer.already;
	last = status == TCTL_OK ? tctl_json_last_lease(&answer.why) : NULL;
	*out = tctl_ctx_answer(ctx, status, &answer);
	if (status != TCTL_OK)
		return status;
	json_object_object_del(*out, "now_ready");
	json_object_object_del(*out, "late");
	json_object_object_del(*out, "already");
	json_object_object_add(*out, "lease",
	    json_object_get(
		tctl_get_object(tctl_get_object(*out, "task"), "lease")));
	json_object_object_add(
	    *out, "already_held", json_object_new_boolean(already));
	json_object_object_add(*out, "last_lease", last);
	if (!req->worktree)
		return TCTL_OK;
	status = tctl_worktree_claim(ctx, &trees, &caller, *out, err);
	if (status != TCTL_OK)
		*out = NULL; /* it tells of a claim, and there is none */
	return status;
}

static void
put_notes(struct tctl_ctx *ctx, FILE *to, struct json_object *notes)
{
	for (size_t i = 0; notes != NULL && i < json_object_array_length(notes);
	     i++) {
		struct json_object *note = json_object_array_get_idx(notes, i);

		fputs("  note ", to);
		if (tctl_get(note, "agent")[0] != '\0') {
			tctl_put(ctx, to, TCTL_PLAIN, tctl_get(note, "agent"));
			fputs(": ", to);
		}
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(note, "text"));
		fputs("\n", to);
	}
}

static void
put_worktree(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	fputs("  worktree: ", to);
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "worktree"));
	if (tctl_get(out, "branch")[0] != '\0') {
		fputs(", on ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "branch"));
	}
	if (!tctl_get_bool(out, "worktree_is_new"))
		fputs(" (as it was left)", to);
	fputs("\n", to);
}

static void
claim_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *task = tctl_get_object(out, "task");
	struct json_object *lease = tctl_get_object(out, "lease");
	struct json_object *last = tctl_get_object(out, "last_lease");

	fputs(
	    tctl_get_bool(out, "already_held") ? "held already: " : "claimed ",
	    to);
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(task, "ref"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "title"));
	fprintf(to, "\n  token %s, until ", tctl_get(lease, "token"));
	tctl_put_instant(ctx, to, tctl_get(lease, "expires_at"));
	fputs("; renew it with: taskctl heartbeat ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "ref"));
	fputs("\n", to);
	if (tctl_get_count(task, "files") > 0) {
		fputs("  files: ", to);
		tctl_put_ids(to, tctl_get_object(task, "files"));
		fputs("\n", to);
	}
	tctl_put_reserved(to, "  reserved: ", lease);
	if (last != NULL) {
		fputs("  before: ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(last, "agent"));
		fputs("'s lease ended (", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(last, "ended"));
		fputs("); it worked in ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(last, "worktree"));
		fputs("\n", to);
	}
	if (tctl_get_object(out, "worktree") != NULL)
		put_worktree(ctx, to, out);
	put_notes(ctx, to, tctl_get_object(task, "notes"));
}

const struct tctl_command tctl_command_claim = {
	.name = "claim",
	.group = TCTL_GROUP_WORK,
	.summary = "take a task before working on it",
	.about =
	    "Exactly one caller gets a task, however many ask at once. The "
	    "lease ends by itself when its holder gives no sign of life for "
	    "its time to live, so an agent that dies blocks nobody for "
	    "long.\n\n"
	    "Asking again is safe: what the same agent and session hold is "
	    "granted again with the same token. --next chooses among the ready "
	    "tasks: planned for this agent, then for nobody, then for others; "
	    "by priority; by the longest remaining path; in plan order.\n\n"
	    "--worktree is for who wants a checkout alone: the lease names it, "
	    "and where no session is said, the session is that worktree, so "
	    "work on from there. done leaves it; worktree prune takes away "
	    "what is finished and merged.",
	.example = "$ taskctl claim --next --agent ada\n"
		   "$ taskctl --json claim 2.1 --ttl 1h\n"
		   "$ taskctl claim 2.1 --worktree",
	.param = rows,
	.req_size = sizeof(struct claim_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = claim_run,
	.text = claim_text,
};
