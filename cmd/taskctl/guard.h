/* floor: cmd - guard: what git's hooks ask, and how they come to ask it. */
#ifndef TASKCTL_CMD_GUARD_H
#define TASKCTL_CMD_GUARD_H

#include "ctx.h"

/* A hook's question: TCTL_OK, it may go on; TCTL_ETAKEN, TCTL_ESTALE: it may
 * not, *out holds details, and what is wrong was said line by line; anything
 * else: it could not be found out. */
typedef enum tctl_status tctl_guard_fn(struct tctl_ctx *ctx,
    const struct tctl_strings *arg, struct json_object **out,
    struct tctl_error *err);

tctl_guard_fn tctl_guard_pre_commit, tctl_guard_pre_push,
    tctl_guard_reference_transaction;

/* --- guard_git.c: the user's git, in the hook's own surroundings --- */

/* Run git with these words after its name, up to NULL, and in as its standard
 * input (NULL: none).  *said is its standard output, owned by the arena
 * and NUL-ended; length may be NULL. */
enum tctl_status tctl_guard_git(struct tctl_ctx *ctx, const char *const word[],
    const char *in, char **said, size_t *length,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* All of standard input, owned by the arena. */
char *tctl_guard_stdin(struct tctl_ctx *ctx);

/* The next line of *text, ended by a NUL in place of the newline; NULL: no
 * more.  *text moves on. */
char *tctl_guard_line(char **text);

/* Words, one a line, each with this before it: as git reads them. */
char *tctl_guard_lines(struct tctl_arena *arena,
    const struct tctl_strings *words, const char *before);

/* Text of git's for an answer: a path or a trailer may be no UTF-8. */
struct json_object *tctl_guard_json(const char *text);

/* A word as the shell reads it back, in the arena. */
char *tctl_guard_quoted(struct tctl_arena *arena, const char *word);

/* An object id that is none: zeros alone. */
bool tctl_guard_is_null(const char *id);

/* Say one line of what is wrong, to standard error; not with --json. */
void tctl_guard_say(struct tctl_ctx *ctx, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

/* --- guard_commits.c: commits that claim to be work on a task --- */

/* Which commits are new. */
struct tctl_guard_range {
	struct tctl_strings tip; /* those, and what they bring along */
	const char *old;	 /* what a branch's tip was before, or NULL */
	/* Without what these reach: options of git rev-list that name refs;
	 * and ids that may be missing here. */
	struct tctl_strings known;
	struct tctl_strings known_id;
	/* They are in a branch here already, so they were looked at when they
	 * came: reference-transaction. */
	bool landed;
};

/**
 * Look at the trailers of new commits: Task and Token, and Store.
 *
 * A commit passes when it has none; when they are another store's; when its
 * token is good; when it was made while its token's lease lived; when the
 * caller answers for its task (holds it, or has
 * finished it); when a newer commit of the range with a good token of the same
 * task stands on it; when what is known has the same change already.
 */
enum tctl_status tctl_guard_commits(struct tctl_ctx *ctx,
    const struct tctl_guard_range *range, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- guard_trailers.c --- */

struct tctl_guard_commit {
	const char *id;
	struct tctl_strings parent;
	int64_t made_ms; /* the committer's date: whole seconds */
};

/* "This commit is work on a task, done with this token." */
struct tctl_guard_claim {
	size_t commit;		       /* its place in the list */
	const char *task;	       /* as written */
	const char *store;	       /* NULL: not said */
	int64_t token;		       /* -1: no number */
	const struct tctl_token *fate; /* once it has been judged */
	bool refused;
};

/* Commits, children before their parents. */
struct tctl_guard_list {
	struct tctl_guard_commit *commit;
	size_t count;
	struct tctl_guard_claim *claim;
	size_t claims;
};

/* What git prints of a commit for tctl_guard_list_read. */
#define TCTL_GUARD_FORMAT \
	"--format=%P%n%ct%n%B%x00%(trailers:only=true,unfold=true)%x00"

/* Read what git rev-list printed in that format; text is changed.  False: it
 * is not of that form. */
bool tctl_guard_list_read(struct tctl_arena *arena, char *text, size_t length,
    struct tctl_guard_list *out);

/* --- guard_refusal.c --- */

/* Say what is refused, the first in err.  TCTL_OK: nothing is; TCTL_ESTALE. */
enum tctl_status tctl_guard_refuse(struct tctl_ctx *ctx,
    const struct tctl_guard_list *list, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- guard_copies.c --- */

/* Pass those refused claims whose commit makes a change that is known already:
 * commits that were rebased, cherry-picked, or whose message was amended. */
enum tctl_status tctl_guard_pass_copies(struct tctl_ctx *ctx,
    const struct tctl_guard_range *range, struct tctl_guard_list *list,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
