/* holder.c - how the ends of a lease are told. */
#include "holder.h"

void
tctl_holder_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *task = tctl_get_object(out, "task");

	tctl_put_state(ctx, to, tctl_get(task, "state"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(task, "ref"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "title"));
	if (tctl_get_bool(out, "already"))
		fputs(" (already; nothing changed)", to);
	if (tctl_get_bool(out, "late"))
		fputs(" (late: the lease had lapsed, nobody had come)", to);
	fputs("\n", to);
	if (tctl_get_count(out, "now_ready") > 0) {
		fputs("now ready: ", to);
		tctl_put_ids(to, tctl_get_object(out, "now_ready"));
		fputs("\n", to);
	}
}

void
tctl_holder_give_back(const struct tctl_ctx *ctx,
    const struct tctl_caller *caller, const char *ref, struct tctl_error *err)
{
	struct tctl_answer answer;
	struct tctl_error unused;

	if (tctl_lease_release(&ctx->coord, caller, ref, NULL, false, &answer,
		&unused) != TCTL_OK)
		tctl_hint(
		    err, "the task is still claimed: taskctl release %s", ref);
	tctl_answer_release(&answer);
}
