/* commit.c - the events since the last progress commit become the next one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bsd/stdlib.h>

#include "../taskctl/git_commands.h"
#include "../taskctl/print.h"
#include "git.h"
#include "sql.h"
#include "taskctl/json.h"
#include "taskctl/text.h"
#include "work.h"

/* What came of it. */
struct result {
	git_oid id;  /* the newest progress commit, ours or not */
	bool is_new; /* it is ours */
	size_t events;
	int64_t last;
	char *line; /* owned; NULL: nothing was committed */
};

/* --- one attempt
 * ---------------------------------------------------------------- */

/* Read what is new, a file's worth at a time: a first commit may find a million
 * events. */
static enum tctl_status
gather(const struct tctl_git *git, int64_t after,
    struct tctl_git_events *folder, struct tctl_git_summary *summary,
    struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	struct tctl_events events;
	size_t count;

	do {
		status = tctl_events_read(git->coord, after, NULL,
		    TCTL_GIT_EVENTS_A_FILE, &events, err);
		if (status != TCTL_OK)
			return status;
		for (size_t i = 0; status == TCTL_OK && i < events.count; i++) {
			after = events.at[i].id;
			tctl_git_summary_add(summary, &events.at[i]);
			status =
			    tctl_git_events_add(folder, &events.at[i], err);
		}
		count = events.count;
		tctl_events_release(&events);
	} while (status == TCTL_OK && count == TCTL_GIT_EVENTS_A_FILE);
	return status;
}

enum tctl_status
tctl_git_commit_write(const struct tctl_git *git,
    const struct tctl_git_tip *tip, const git_commit *also,
    const git_oid *tree_id, const char *message, const char *agent,
    git_oid *out, struct tctl_error *err)
{
	const git_commit *parent[] = { tip->commit, also };
	size_t parents = (tip->commit != NULL) + (also != NULL);
	git_signature *author = NULL;
	git_tree *tree = NULL;
	git_buf text = GIT_BUF_INIT;
	enum tctl_status status =
	    tctl_git_author(git->repo, agent, &author, err);

	if (status == TCTL_OK &&
	    (git_tree_lookup(&tree, git->repo, tree_id) != 0 ||
		git_commit_create_buffer(&text, git->repo, author, author, NULL,
		    message, tree, parents, parent) != 0))
		status = tctl_git_fail(err, "write the commit");
	if (status == TCTL_OK && tctl_git_signs(git))
		status = tctl_git_sign(git, &text, author, out, err);
	else if (status == TCTL_OK && git_commit_create_with_signature(out,
					  git->repo, text.ptr, NULL, NULL) != 0)
		status = tctl_git_fail(err, "write the commit");
	git_buf_dispose(&text);
	git_tree_free(tree);
	git_signature_free(author);
	return status;
}

/* Make the next commit after tip of what was gathered, and move the branch. */
static enum tctl_status
build(const struct tctl_git *git, const struct tctl_git_tip *tip,
    struct tctl_git_events *folder, struct tctl_git_summary *summary,
    const char *said, struct result *out, struct tctl_error *err)
{
	int64_t last = tctl_git_summary_last(summary);
	char *line = tctl_git_summary_line(summary, git->coord);
	char *message = NULL, store[TCTL_STORE_ID_MAX];
	git_oid events, progress, tree, commit;
	enum tctl_status status = tctl_git_events_end(folder, &events, err);

	if (status == TCTL_OK)
		status = tctl_git_tree_write(
		    git, tip, &events, last, &progress, err);
	if (status == TCTL_OK && git->prefix == NULL)
		tree = progress;
	else if (status == TCTL_OK)
		status = tctl_git_head_tree(git, tip, &progress, &tree, err);
	if (status == TCTL_OK)
		status = tctl_store_name(git->coord, store, err);
	if (status != TCTL_OK)
		goto out;
	message = tctl_git_message(summary, line, said, store);
	status = tctl_git_commit_write(git, tip, NULL, &tree, message,
	    tctl_git_summary_agent(summary), &commit, err);
	if (status == TCTL_OK && git->prefix != NULL)
		status = tctl_git_head_checkout(git, tip, &progress, err);
	if (status == TCTL_OK)
		status = tctl_git_tip_move(git, tip, &commit, err);
	if (status != TCTL_OK)
		goto out;
	out->id = commit;
	out->is_new = true;
	out->events = tctl_git_summary_count(summary);
	out->last = last;
	out->line = line;
	line = NULL;
out:
	free(message);
	free(line);
	return status;
}

/* TCTL_ESTALE and TCTL_EBUSY with *again: the branch moved or is locked. */
static enum tctl_status
attempt(const struct tctl_git *git, const char *said, struct result *out,
    bool *again, struct tctl_error *err)
{
	struct tctl_git_events folder;
	struct tctl_git_summary *summary = tctl_git_summary_new();
	struct tctl_git_tip tip;
	enum tctl_status status;

	*again = false;
	memset(&folder, 0, sizeof(folder));
	status = tctl_git_tip_read(git, &tip, err);
	if (status == TCTL_OK && tip.event != 0)
		status = tctl_git_events_match(git, &tip, err);
	if (status == TCTL_OK)
		status = tctl_git_events_begin(git->repo, &tip, &folder, err);
	if (status == TCTL_OK)
		status = gather(git, tip.event, &folder, summary, err);
	if (status != TCTL_OK)
		goto out;
	out->id = tip.id;
	out->last = tip.event;
	if (tctl_git_summary_count(summary) == 0)
		goto out;
	status = build(git, &tip, &folder, summary, said, out, err);
	*again = status == TCTL_ESTALE || status == TCTL_EBUSY;
out:
	tctl_git_events_release(&folder);
	tctl_git_summary_free(summary);
	tctl_git_tip_release(&tip);
	return status;
}

/* --- until it is there
 * ----------------------------------------------------------- */

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Losing a race means that somebody else got on, so that is no reason to give
 * up; a lock that nobody gives back is. */
static enum tctl_status
commit(const struct tctl_git *git, const char *said, struct result *out,
    struct tctl_error *err)
{
	int64_t deadline = monotonic_ms() + git->config->wait_ms;
	uint32_t pause_ms = 4;
	enum tctl_status status;
	bool again;

	for (;;) {
		status = attempt(git, said, out, &again, err);
		if (!again)
			return status;
		if (status == TCTL_ESTALE)
			deadline = monotonic_ms() + git->config->wait_ms;
		else if (monotonic_ms() >= deadline)
			return tctl_hint(err,
			    "the next commit takes along what this one did "
			    "not; if no git program runs, a crash has left "
			    "the lock file behind");
		/* At random, so that a crowd does not meet again. */
		nanosleep(
		    &(struct timespec){ .tv_nsec = (long)arc4random_uniform(
					    pause_ms * 1000000) },
		    NULL);
		if (pause_ms < 64)
			pause_ms *= 2;
	}
}

static void
take_number(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

/*
 * Tell the store, for whoever asks it how much is not in git yet.  Only a
 * convenience: nothing is decided by it, so it may fail, or be taken back by a
 * power cut, or come from a committer that was overtaken.
 */
static void
keep_books(const struct tctl_git *git, int64_t last)
{
	struct tctl_store *store = NULL;
	struct tctl_error unused;
	int64_t known = last;

	if (tctl_query(git->coord->store, tctl_sql_store_committed,
		TCTL_NO_ARGS, take_number, &known, NULL, &unused) != TCTL_OK ||
	    known >= last)
		return;
	if (tctl_store_open(git->place->store, TCTL_OPEN_WRITE,
		git->config->wait_ms, &store, &unused) != TCTL_OK)
		return;
	if (tctl_store_begin(store, TCTL_LIGHT_CHANGE, &unused) == TCTL_OK &&
	    (tctl_query(store, tctl_sql_store_committed, TCTL_NO_ARGS,
		 take_number, &known, NULL, &unused) != TCTL_OK ||
		known >= last ||
		tctl_query(store, tctl_sql_store_set_committed,
		    TCTL_ARGS(TCTL_N(last)), NULL, NULL, NULL,
		    &unused) != TCTL_OK ||
		tctl_store_commit(store, NULL, NULL, &unused) != TCTL_OK))
		tctl_store_rollback(store);
	tctl_store_close(store);
}

/* --- the command
 * ---------------------------------------------------------------- */

static struct json_object *
answer_of(const struct tctl_git *git, const struct result *result)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "branch", tctl_json_text(git->branch));
	tctl_json_add(out, "commit",
	    tctl_json_text(
		result->last == 0 ? NULL : git_oid_tostr_s(&result->id)));
	tctl_json_add(out, "is_new", json_object_new_boolean(result->is_new));
	tctl_json_add(
	    out, "events", json_object_new_int64((int64_t)result->events));
	tctl_json_add(out, "last_event", json_object_new_int64(result->last));
	tctl_json_add(out, "summary", tctl_json_text(result->line));
	return out;
}

/* Somebody else will commit. */
static struct json_object *
answer_of_waiting(const struct tctl_git *git)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "branch", tctl_json_text(git->branch));
	tctl_json_add(out, "commit", NULL);
	tctl_json_add(out, "is_new", json_object_new_boolean(false));
	tctl_json_add(out, "is_waiting", json_object_new_boolean(true));
	return out;
}

static enum tctl_status
commit_in_turn(struct tctl_git *git, const char *said, struct json_object **out,
    struct tctl_error *err)
{
	struct result result;
	enum tctl_status status = TCTL_OK;

	memset(&result, 0, sizeof(result));
	if (git->prefix != NULL)
		status = tctl_git_head_follow(git, err);
	if (status == TCTL_OK)
		status = commit(git, said, &result, err);
	if (status == TCTL_OK) {
		keep_books(git, result.last);
		*out = answer_of(git, &result);
	}
	free(result.line);
	return status;
}

enum tctl_status
tctl_git_commit(struct tctl_git *git, const char *said,
    struct json_object **out, struct tctl_error *err)
{
	enum tctl_status status;

	tctl_git_queue_enter(git);
	status = commit_in_turn(git, said, out, err);
	tctl_git_queue_leave(git);
	return status;
}

/* The commit is made whatever becomes of the push. */
static enum tctl_status
push(struct tctl_ctx *ctx, struct tctl_git *git, struct json_object *out,
    struct tctl_error *err)
{
	struct json_object *pushed = NULL;
	enum tctl_status status =
	    tctl_git_exchange(ctx, git, NULL, &pushed, err);

	if (status == TCTL_OK)
		tctl_json_add(out, "push", pushed);
	else if (err->hint[0] == '\0')
		tctl_hint(err, "the progress is committed here; only the push "
			       "failed");
	return status;
}

enum tctl_status
tctl_git_commit_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_commit_req *req = request;
	struct tctl_git git;
	enum tctl_status status;

	if (req->task != NULL && (req->push || req->later))
		return tctl_fail(err, TCTL_EUSAGE,
		    "--%s is for progress, without a task",
		    req->push ? "push" : "later");
	if (req->task != NULL)
		return tctl_work_run(ctx, req, out, err);
	status = tctl_git_open(ctx, &git, err);
	if (status == TCTL_OK && req->later && !tctl_git_queue_later(&git)) {
		*out = answer_of_waiting(&git);
		tctl_git_close(&git);
		return TCTL_OK;
	}
	if (status == TCTL_OK && !req->later)
		tctl_git_queue_enter(&git);
	if (status == TCTL_OK)
		status = commit_in_turn(&git, req->message, out, err);
	tctl_git_queue_leave(&git);
	if (status == TCTL_OK && req->push)
		status = push(ctx, &git, *out, err);
	tctl_git_close(&git);
	return status;
}

void
tctl_git_commit_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	const char *commit_id = tctl_get(out, "commit");
	int64_t events = tctl_get_number(out, "events");

	if (tctl_get_object(out, "paths") != NULL) {
		tctl_work_text(ctx, to, out);
		return;
	}
	if (tctl_get_bool(out, "is_waiting")) {
		fputs("another process waits to commit it\n", to);
		return;
	}
	if (!tctl_get_bool(out, "is_new") && commit_id == NULL) {
		fputs("nothing to commit yet\n", to);
		return;
	}
	if (!tctl_get_bool(out, "is_new"))
		fprintf(to, "nothing new since %.7s on ", commit_id);
	else
		fprintf(to, "committed %" PRId64 " event%s as %.7s on ", events,
		    events == 1 ? "" : "s", commit_id);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "branch"));
	if (tctl_get_bool(out, "is_new")) {
		fputs(": ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "summary"));
	}
	putc('\n', to);
	if (tctl_get_object(out, "push") != NULL)
		tctl_git_sync_text(ctx, to, tctl_get_object(out, "push"));
}
