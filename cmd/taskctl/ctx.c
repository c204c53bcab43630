/* ctx.c - who asks, and how answers go out. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctx.h"
#include "git_commands.h"
#include "helper.h"
#include "print.h"
#include "remark.h"
#include "taskctl/text.h"
#include "taskctl/work_json.h"

/* What agents' harnesses call their session, after our own name for it. */
static const char *const session_variables[] = { "TASKCTL_SESSION",
	"CLAUDE_CODE_SESSION_ID", "CODEX_THREAD_ID", "GEMINI_SESSION_ID" };

static const char *
from_environment(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

static enum tctl_status
check_name(const char *what, const char *name, struct tctl_error *err)
{
	if (name == NULL)
		return TCTL_OK;
	if (name[0] == '\0')
		return tctl_fail(err, TCTL_EINVALID, "the %s is empty", what);
	if (strlen(name) >= TCTL_AGENT_MAX)
		return tctl_fail(err, TCTL_EINVALID,
		    "the %s has %zu bytes; %d are the most", what, strlen(name),
		    TCTL_AGENT_MAX - 1);
	if (!tctl_text_is_utf8(name, strlen(name), NULL) ||
	    tctl_text_has_control(name))
		return tctl_fail(err, TCTL_EINVALID,
		    "the %s holds a control character or is not UTF-8", what);
	return TCTL_OK;
}

static const char *
default_session(const struct tctl_ctx *ctx)
{
	for (size_t i = 0; i < TCTL_COUNT(session_variables); i++) {
		const char *value = from_environment(session_variables[i]);

		if (value != NULL)
			return value;
	}
	return ctx->place.worktree;
}

/* An id without the PLAN: in front of it. */
static const char *
bare(const char *id)
{
	const char *colon = strrchr(id, ':');

	return colon == NULL ? id : colon + 1;
}

/* Do two spellings name one task?  A plan's name counts only if both have one:
 * a token too many refuses, it never admits. */
static bool
names_same(const char *a, const char *b)
{
	char x[TCTL_ID_MAX], y[TCTL_ID_MAX];

	if (strchr(a, ':') == NULL || strchr(b, ':') == NULL) {
		a = bare(a);
		b = bare(b);
	}
	return tctl_id_normalise(a, x) && tctl_id_normalise(b, y) &&
	       strcmp(x, y) == 0;
}

/* A token of the environment holds for one task only. */
static int64_t
token_from_environment(const char *task)
{
	const char *its_task = from_environment("TASKCTL_TASK");
	const char *token = from_environment("TASKCTL_TOKEN");
	long long value;
	char *end;

	if (its_task == NULL || token == NULL || task == NULL ||
	    !names_same(task, its_task))
		return -1;
	value = strtoll(token, &end, 10);
	return *end == '\0' && value >= 0 ? value : -1;
}

enum tctl_status
tctl_ctx_caller(struct tctl_ctx *ctx, const struct tctl_who *who,
    const char *task, struct tctl_caller *out, struct tctl_error *err)
{
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->agent =
	    who->agent != NULL ? who->agent : from_environment("TASKCTL_AGENT");
	out->session =
	    who->session != NULL ? who->session : default_session(ctx);
	out->token =
	    who->token >= 0 ? who->token : token_from_environment(task);
	if (gethostname(ctx->host, sizeof(ctx->host) - 1) != 0)
		ctx->host[0] = '?';
	out->host = ctx->host;
	out->worktree = ctx->place.worktree;
	out->evidence = "manual";
	status = check_name("agent's name", out->agent, err);
	/* The worktree's path may be longer than a name, and is none. */
	if (status == TCTL_OK && out->session != ctx->place.worktree)
		status = check_name("session", out->session, err);
	return status;
}

size_t
tctl_ctx_limit(struct tctl_ctx *ctx, int64_t asked)
{
	enum { IN_TEXT = 50 };
	const size_t all = (size_t)INT32_MAX;

	if (asked < 0)
		ctx->limit =
		    ctx->global->json || ctx->global->quiet ? all : IN_TEXT;
	else
		ctx->limit = asked == 0 ? all : (size_t)asked;
	return ctx->limit;
}

/* --- answers
 * ------------------------------------------------------------------- */

static void
put_quiet(struct json_object *answer)
{
	struct json_object *events = tctl_get_object(answer, "events");
	struct json_object *tasks = tctl_get_object(answer, "tasks");
	struct json_object *task = tctl_get_object(answer, "task");
	struct json_object *lease = tctl_get_object(answer, "lease");

	for (size_t i = 0; i < tctl_get_count(answer, "tasks"); i++)
		printf("%s\n",
		    tctl_get(json_object_array_get_idx(tasks, i), "ref"));
	for (size_t i = 0; i < tctl_get_count(answer, "events"); i++)
		printf("%s\n",
		    tctl_get(json_object_array_get_idx(events, i), "id"));
	if (json_object_is_type(tasks, json_type_array) || task == NULL)
		return;
	printf("%s", json_object_is_type(task, json_type_object)
			 ? tctl_get(task, "ref")
			 : json_object_get_string(task));
	if (lease != NULL)
		printf(" %s", tctl_get(lease, "token"));
	printf("\n");
}

/* Add the members of an object, which keeps them. */
static void
add_members(struct json_object *to, struct json_object *from)
{
	struct json_object_iterator it = json_object_iter_begin(from);
	struct json_object_iterator end = json_object_iter_end(from);

	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it))
		json_object_object_add(to, json_object_iter_peek_name(&it),
		    json_object_get(json_object_iter_peek_value(&it)));
}

struct json_object *
tctl_ctx_document(struct json_object *answer)
{
	struct json_object *document = json_object_new_object();

	json_object_object_add(
	    document, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
	add_members(document, answer);
	return document;
}

struct json_object *
tctl_ctx_error(const struct tctl_error *err, struct json_object *details)
{
	struct json_object *document = json_object_new_object();
	struct json_object *error = json_object_new_object();

	json_object_object_add(error, "code",
	    json_object_new_string(tctl_status_word(err->status)));
	json_object_object_add(
	    error, "message", json_object_new_string(err->text));
	json_object_object_add(error, "hint",
	    err->hint[0] == '\0' ? NULL : json_object_new_string(err->hint));
	if (details != NULL)
		add_members(error, details);
	json_object_object_add(
	    document, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
	json_object_object_add(document, "error", error);
	return document;
}

static void
put_json(struct json_object *answer)
{
	struct json_object *document = tctl_ctx_document(answer);

	fputs(json_object_to_json_string_ext(
		  document, JSON_C_TO_STRING_NOSLASHESCAPE),
	    stdout);
	fputs("\n", stdout);
	json_object_put(document);
}

void
tctl_ctx_emit(struct tctl_ctx *ctx, struct json_object *answer)
{
	if (answer == NULL)
		return;
	if (ctx->global->json)
		put_json(answer);
	else if (ctx->global->quiet && ctx->command->quiet != NULL)
		ctx->command->quiet(stdout, answer);
	else if (ctx->global->quiet && tctl_get_object(answer, "text") == NULL)
		put_quiet(answer);
	else if (ctx->command->text != NULL)
		ctx->command->text(ctx, stdout, answer);
}

void
tctl_ctx_warn(struct tctl_ctx *ctx, const struct tctl_strings *list)
{
	(void)ctx;
	for (size_t i = 0; i < list->count; i++)
		tctl_remark(TCTL_REMARK_WARNING, "%s", list->at[i]);
}

static struct json_object *
refusal_details(enum tctl_status status, const struct tctl_answer *answer)
{
	struct json_object *out = json_object_new_object();
	struct json_object *why = NULL, *value;
	const struct tctl_tasks *task = &answer->why.task;

	if (status == TCTL_ENONE)
		json_object_object_add(out, "remaining",
		    json_object_new_int64((int64_t)answer->remaining));
	if (task->count == 0)
		return out;
	why = tctl_json_why(&answer->why);
	json_object_object_add(
	    out, "task", json_object_new_string(task->at[0].id));
	json_object_object_add(out, "holder",
	    tctl_json_lease(task->at[0].lease != NULL ? task->at[0].lease
						      : answer->why.reserver));
	value = tctl_get_object(why, "reasons");
	json_object_object_add(out, "reasons", json_object_get(value));
	json_object_object_add(
	    out, "unmet", tctl_json_strings(&task->at[0].unmet));
	json_object_put(why);
	return out;
}

struct json_object *
tctl_ctx_answer(
    struct tctl_ctx *ctx, enum tctl_status status, struct tctl_answer *answer)
{
	struct json_object *out;

	tctl_ctx_warn(ctx, &answer->warned);
	if (status != TCTL_OK) {
		out = refusal_details(status, answer);
		tctl_answer_release(answer);
		return out;
	}
	out = json_object_new_object();
	if (answer->task.count > 0)
		json_object_object_add(
		    out, "task", tctl_json_task(&answer->task.at[0]));
	json_object_object_add(
	    out, "now_ready", tctl_json_strings(&answer->now_ready));
	json_object_object_add(
	    out, "late", json_object_new_boolean(answer->late));
	json_object_object_add(
	    out, "already", json_object_new_boolean(answer->already));
	if (answer->warned.count > 0)
		json_object_object_add(
		    out, "warnings", tctl_json_strings(&answer->warned));
	tctl_answer_release(answer);
	return out;
}

/* --- afterwards
 * ------------------------------------------------------------------ */

void
tctl_ctx_follow_up(struct tctl_ctx *ctx, bool commit)
{
	ctx->refresh = true;
	ctx->commit = ctx->commit || commit;
}

/* Does a committer wait for git.interval already?  It will take along what has
 * been done by now, so there is no need to start another. */
static bool
is_awaited(const char *repo)
{
	char *path = tctl_xprintf("%s/%s", repo, TCTL_GIT_QUEUE_FILE);
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = TCTL_GIT_LATER_BYTE,
		.l_len = 1 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool yes = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 &&
		   lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	free(path);
	return yes;
}

/* In a process of its own that nobody waits for; the turn was given back long
 * ago, and the answer is out. */
void
tctl_ctx_commit_argv(
    struct tctl_ctx *ctx, bool later, char *argv[TCTL_COMMIT_WORDS])
{
	static char program[] = "taskctl-git", command[] = "commit",
		    wait[] = "--later", quiet[] = "--quiet", dir[] = "-C",
		    db[] = "--db";
	int n = 0;

	argv[n++] = program;
	argv[n++] = command;
	if (later)
		argv[n++] = wait;
	argv[n++] = quiet;
	argv[n++] = dir;
	argv[n++] = ctx->place.root;
	argv[n++] = db;
	argv[n++] = ctx->place.store;
	argv[n] = NULL;
}

void
tctl_ctx_log(const struct tctl_ctx *ctx)
{
	char *path = tctl_xprintf("%s-log", ctx->place.store);

	tctl_remark_into(path, ctx->place.store);
	free(path);
}

void
tctl_ctx_aftermath(struct tctl_ctx *ctx)
{
	char *argv[TCTL_COMMIT_WORDS];
	struct tctl_error err;

	if (!ctx->refresh || ctx->place.tasks == NULL)
		return;
	/* Before the fork: SQLite keeps its descriptors by process, and would
	 * go on with those that the child has closed. */
	tctl_store_close(ctx->coord.store);
	ctx->coord.store = NULL;
	fflush(NULL);
	if (fork() != 0)
		return;
	tctl_helper_detach();
	tctl_ctx_log(ctx);
	if (tctl_store_open(ctx->place.store, TCTL_OPEN_READ, 0,
		&ctx->coord.store, &err) == TCTL_OK)
		(void)!tctl_status_file_write(&ctx->coord, &err);
	if (ctx->commit && ctx->config.git_auto && ctx->place.repo != NULL &&
	    !is_awaited(ctx->place.repo)) {
		tctl_ctx_commit_argv(ctx, true, argv);
		tctl_helper_exec(argv[0], argv);
	}
	_exit(0);
}
