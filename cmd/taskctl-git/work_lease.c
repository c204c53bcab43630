/* work_lease.c - only who holds a task commits its work. */
#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "taskctl/text.h"
#include "work.h"

/* A title is a plan's: nothing in it may act on a terminal that shows it. */
static const char *
inert(struct tctl_arena *arena, const char *text)
{
	char *plain = NULL;
	const char *kept;
	size_t bytes;
	FILE *memory = open_memstream(&plain, &bytes);

	if (memory == NULL)
		tctl_die_nomem();
	tctl_text_inert(memory, text);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(arena, plain);
	free(plain);
	return kept;
}

/* The answer is released with its own arena: keep what is needed of it. */
static void
keep(struct tctl_work *work, const struct tctl_task *task)
{
	const struct tctl_lease *lease = task->lease;
	struct tctl_arena *arena = work->arena;

	work->task =
	    tctl_arena_strdup(arena, task->ref != NULL ? task->ref : task->id);
	work->title = inert(arena, task->title != NULL ? task->title : "");
	work->agent = tctl_arena_strdup(arena, lease->agent);
	work->token = lease->token;
	work->lease_worktree = tctl_arena_strdup(arena, lease->worktree);
	work->files = (struct tctl_strings){ NULL, 0 };
	for (size_t i = 0; i < task->files.count; i++)
		tctl_strings_add(arena, &work->files,
		    tctl_arena_strdup(arena, task->files.at[i]));
	/* From now on this very lease, and no later one of the same agent: the
	 * commit names its token. */
	work->caller.token = lease->token;
}

enum tctl_status
tctl_work_admit(struct tctl_work *work, struct tctl_error *err)
{
	const char *id = work->req->task;
	struct tctl_strings ids = { &id, 1 };
	struct tctl_answer answer;
	enum tctl_status status;

	if (work->caller.agent == NULL && work->caller.token < 0)
		return tctl_caller_unnamed(err);
	status = tctl_lease_heartbeat(
	    &work->coord, &work->caller, &ids, &answer, err);
	if (status == TCTL_OK && answer.task.count == 1 &&
	    answer.task.at[0].lease != NULL) {
		keep(work, &answer.task.at[0]);
		tctl_ctx_warn(work->ctx, &answer.warned);
		tctl_answer_release(&answer);
		return tctl_store_name(&work->coord, work->store, err);
	}
	if (status == TCTL_OK) /* no store says so; but who knows */
		status = tctl_fail(
		    err, TCTL_ESTALE, "%s is not held by the caller", id);
	work->refusal = tctl_ctx_answer(work->ctx, status, &answer);
	return status;
}
