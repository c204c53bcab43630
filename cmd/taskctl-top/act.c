/* act.c - claim, release, done: in a connection of their own, open for as long
 * as it takes. */
#include "act.h"

#include <string.h>

static enum tctl_status
change(const struct tctl_coord *coord, const struct tctl_caller *caller,
    const struct tctl_top *top, struct tctl_answer *answer,
    struct tctl_error *err)
{
	switch (top->act) {
	case TCTL_TOP_CLAIM:
		return tctl_lease_claim(
		    coord, caller, top->act_task, -1, answer, err);
	case TCTL_TOP_RELEASE:
		return tctl_lease_release(
		    coord, caller, top->act_task, NULL, false, answer, err);
	default:
		return tctl_lease_done(
		    coord, caller, top->act_task, NULL, answer, err);
	}
}

/* "claimed 1.2, token 4", "done 1.2; now ready: 2.1, 2.2" */
static void
tell(struct tctl_top *top, const struct tctl_answer *answer)
{
	const struct tctl_task *task = &answer->task.at[0];
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	fprintf(to, "%s %s", tctl_state_word(task->state), task->ref);
	if (task->lease != NULL)
		fprintf(to, ", token %lld", (long long)task->lease->token);
	if (answer->already)
		fputs(task->lease != NULL ? " (held already)"
					  : " (already; nothing changed)",
		    to);
	if (answer->late)
		fputs(" (late: the lease had lapsed)", to);
	for (size_t i = 0; i < answer->now_ready.count; i++)
		fprintf(to, "%s%s", i == 0 ? "; now ready: " : ", ",
		    answer->now_ready.at[i]);
	if (fclose(to) != 0)
		tctl_die_nomem();
	for (size_t i = 0; i < answer->warned.count; i++)
		tctl_top_say(top, false, "%s", answer->warned.at[i]);
	tctl_top_say(top, false, "%s", text);
	free(text);
}

void
tctl_top_do(
    struct tctl_ctx *ctx, const struct tctl_who *who, struct tctl_top *top)
{
	struct tctl_coord coord = ctx->coord;
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	struct tctl_error err;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, who, top->act_task, &caller, &err);

	coord.detail = TCTL_DETAIL_LINE;
	coord.store = NULL;
	if (top->act == TCTL_TOP_CLAIM)
		caller.token = -1; /* a claim asks for one */
	if (status == TCTL_OK)
		status = tctl_store_open(ctx->place.store, TCTL_OPEN_WRITE,
		    ctx->config.wait_ms, &coord.store, &err);
	if (status == TCTL_OK)
		status = change(&coord, &caller, top, &answer, &err);
	if (status == TCTL_OK) {
		tell(top, &answer);
		if (top->act != TCTL_TOP_CLAIM && !answer.already)
			tctl_ctx_follow_up(ctx, top->act == TCTL_TOP_DONE);
	} else {
		tctl_top_say_error(top, &err);
	}
	tctl_answer_release(&answer);
	tctl_store_close(coord.store);
}
