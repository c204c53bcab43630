/* worktree_claim.c - the worktree that goes with a claim.
 *
 * It is made after the claim, outside of any transaction: git may take its
 * time, and nobody else can be at it, for the lease is there already. */
#include "holder.h"
#include "taskctl/json.h"
#include "worktree.h"

/* "" is none. */
static const char *
text_of(struct json_object *from, const char *key)
{
	const char *text = tctl_get(from, key);

	return text[0] == '\0' ? NULL : text;
}

/* The lease as the answer shows it: the same object in task and lease. */
static void
show(struct json_object *answer, const struct tctl_worktree_made *made,
    const char *session)
{
	struct json_object *lease = tctl_get_object(answer, "lease");

	json_object_object_add(
	    lease, "worktree", json_object_new_string(made->path));
	json_object_object_add(
	    lease, "session", json_object_new_string(session));
	tctl_json_add(answer, "worktree", tctl_json_text(made->path));
	tctl_json_add(answer, "branch", tctl_json_text(made->branch));
	tctl_json_add(
	    answer, "worktree_is_new", json_object_new_boolean(made->is_new));
}

enum tctl_status
tctl_worktree_claim(struct tctl_ctx *ctx, const struct tctl_trees *trees,
    const struct tctl_caller *caller, struct json_object *answer,
    struct tctl_error *err)
{
	struct json_object *task = tctl_get_object(answer, "task");
	bool already = tctl_get_bool(answer, "already_held");
	struct tctl_worktree_req req = { .plan = tctl_get(task, "plan"),
		.id = tctl_get(task, "id"),
		.ref = tctl_get(task, "ref"),
		.title = tctl_get(task, "title"),
		.last = text_of(already ? tctl_get_object(answer, "lease")
					: tctl_get_object(answer, "last_lease"),
		    "worktree") };
	struct tctl_worktree_made made;
	const char *session = caller->session;
	enum tctl_status status;

	req.again = req.last != NULL;
	status = tctl_worktree_make(ctx, trees, &req, &made, err);
	if (status == TCTL_OK) {
		/* Who has said no session is told apart by where it is. */
		if (session == ctx->place.worktree)
			session = made.path;
		status = tctl_lease_settle_in(
		    &ctx->coord, caller, req.ref, made.path, session, err);
	}
	if (status == TCTL_OK)
		show(answer, &made, session);
	else if (!already && status != TCTL_ESTALE)
		tctl_holder_give_back(ctx, caller, req.ref, err);
	return status;
}
