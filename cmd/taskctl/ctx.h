/* floor: cmd - what every command has at hand. */
#ifndef TASKCTL_CMD_CTX_H
#define TASKCTL_CMD_CTX_H

#include <stddef.h>
#include <stdio.h>

#include "taskctl/call.h"
#include "taskctl/work.h"

/* The options that every command takes. */
struct tctl_global {
	const char *dir;
	const char *db;
	bool json;
	bool quiet;
	const char *color;
	bool utc;
	int64_t wait_ms;
};

struct tctl_ctx {
	const struct tctl_program *program;
	const struct tctl_command *command;
	const struct tctl_global *global;
	struct tctl_arena *arena; /* lives as long as the command */
	struct tctl_place place;
	struct tctl_config config;
	struct tctl_coord coord;
	/* An answer that has become text: given back with all else, if at all.
	 */
	struct json_object *spent;
	bool has_config;
	bool colour; /* standard output may be coloured */
	char host[256];
	size_t limit;	  /* lines of each list in text */
	bool limit_asked; /* by --limit */
	bool more;	  /* events were left out for it */
	bool more_before; /* they are older than what is shown */
	int exit_code;	  /* of the answer, where it is not the status's */
	bool refresh;	  /* sprint_status.json, once the answer is out */
	bool commit;	  /* the progress branch too */
};

/* --- who asks: the first member of a request that needs it
 * -------------------- */

struct tctl_who {
	const char *agent;
	const char *session;
	int64_t token;
};

/* Rows for a request struct whose member is called who.  The last row is the
 * token's: for commands of a holder. */
/* clang-format off */
#define TCTL_WHO_ROWS(type) \
	{ .name = "agent", .kind = TCTL_KIND_TEXT, .metavar = "NAME", \
	  .help = "who is asking", .fallback = "$TASKCTL_AGENT", \
	  .offset = offsetof(type, who.agent) }, \
	{ .name = "session", .kind = TCTL_KIND_TEXT, .metavar = "ID", \
	  .help = "tells two runs of one agent apart", \
	  .fallback = "$TASKCTL_SESSION, the harness's, or the worktree", \
	  .offset = offsetof(type, who.session) }
#define TCTL_TOKEN_ROW(type) \
	{ .name = "token", .kind = TCTL_KIND_NUMBER, .metavar = "N", \
	  .help = "the lease's fencing token", \
	  .fallback = "$TASKCTL_TOKEN where $TASKCTL_TASK is the task", \
	  .offset = offsetof(type, who.token) }
/* clang-format on */

/**
 * Fill in the caller: from the request, then the environment.
 *
 * @param task the task that a token would be for, or NULL
 * @return     TCTL_OK (agent may be NULL: nobody said who), or TCTL_EINVALID:
 *             a name with control characters, or too long
 */
enum tctl_status tctl_ctx_caller(struct tctl_ctx *ctx,
    const struct tctl_who *who, const char *task, struct tctl_caller *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What the program does before run, as far as a command's row says it needs it;
 * for commands that can do without: find .tasks/, read its configuration and
 * choose the store; open that. */
enum tctl_status tctl_ctx_find(
    struct tctl_ctx *ctx, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_ctx_open(struct tctl_ctx *ctx, enum tctl_open how,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Set place.store: --db, $TASKCTL_DB, db in the configuration, .tasks/. */
void tctl_ctx_choose_store(struct tctl_ctx *ctx);

/* A list's limit: --limit N, 0 for all, by default in text 50, in JSON all. */
size_t tctl_ctx_limit(struct tctl_ctx *ctx, int64_t asked);

/* --- answers
 * ------------------------------------------------------------------ */

/* Print one answer now, as JSON or as the command's text: for streams. */
void tctl_ctx_emit(struct tctl_ctx *ctx, struct json_object *answer);

/* An answer as the document that --json prints; the caller's. */
struct json_object *tctl_ctx_document(struct json_object *answer);

/* {"schema", "error": {code, message, hint, and details' members}}; details
 * may be NULL; the caller's. */
struct json_object *tctl_ctx_error(
    const struct tctl_error *err, struct json_object *details);

/* Sentences beside the answer, to standard error. */
void tctl_ctx_warn(struct tctl_ctx *ctx, const struct tctl_strings *list);

/* What changing commands answer: {"task", …} from an answer, which is
 * released.  On a refusal: the details for the error object, or NULL. */
struct json_object *tctl_ctx_answer(
    struct tctl_ctx *ctx, enum tctl_status status, struct tctl_answer *answer);

/* The command line of taskctl-git that commits progress; with later it keeps
 * git.interval, as what runs in the background must.  Its words are ctx's. */
enum { TCTL_COMMIT_WORDS = 9 };
void tctl_ctx_commit_argv(
    struct tctl_ctx *ctx, bool later, char *argv[TCTL_COMMIT_WORDS]);

/* In a child in the background: what goes wrong is said in a file beside the
 * store. */
void tctl_ctx_log(const struct tctl_ctx *ctx);

/* Do what was asked for with tctl_ctx_follow_up, in the background. */
void tctl_ctx_aftermath(struct tctl_ctx *ctx);

/* Once the answer has been printed: refresh sprint_status.json and, with
 * commit, let the committer run. */
void tctl_ctx_follow_up(struct tctl_ctx *ctx, bool commit);

#endif
