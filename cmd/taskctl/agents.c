/* agents.c - taskctl agents: who is at work, and with what. */
#include <string.h>

#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

/* The entry of an agent's session, made where there is none. */
static struct json_object *
entry_of(struct json_object *agents, const struct tctl_lease *lease)
{
	struct json_object *one;

	for (size_t i = 0; i < json_object_array_length(agents); i++) {
		one = json_object_array_get_idx(agents, i);
		if (strcmp(tctl_get(one, "agent"), lease->agent) == 0 &&
		    strcmp(tctl_get(one, "session"), lease->session) == 0)
			return one;
	}
	one = json_object_new_object();
	json_object_object_add(one, "agent", tctl_json_text(lease->agent));
	json_object_object_add(one, "session", tctl_json_text(lease->session));
	json_object_object_add(one, "host", tctl_json_text(lease->host));
	json_object_object_add(
	    one, "worktree", tctl_json_text(lease->worktree));
	json_object_object_add(one, "leases", json_object_new_array());
	json_object_array_add(agents, one);
	return one;
}

static enum tctl_status
agents_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	struct json_object *agents;
	struct tctl_tasks held;
	enum tctl_status status;

	(void)request;
	status = tctl_tasks_held(&ctx->coord, NULL, NULL, &held, err);
	if (status != TCTL_OK)
		return status;
	agents = json_object_new_array();
	for (size_t i = 0; i < held.count; i++) {
		const struct tctl_lease *lease = held.at[i].lease;

		json_object_array_add(
		    tctl_get_object(entry_of(agents, lease), "leases"),
		    tctl_json_lease(lease));
	}
	tctl_tasks_release(&held);
	*out = json_object_new_object();
	json_object_object_add(*out, "agents", agents);
	return TCTL_OK;
}

static void
agents_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *agents = tctl_get_object(out, "agents");

	if (json_object_array_length(agents) == 0)
		fputs("nobody is at work\n", to);
	for (size_t i = 0; i < json_object_array_length(agents); i++) {
		struct json_object *one = json_object_array_get_idx(agents, i);
		struct json_object *leases = tctl_get_object(one, "leases");

		tctl_put_cell(ctx, to, TCTL_YELLOW, tctl_get(one, "agent"), 14);
		for (size_t j = 0; j < json_object_array_length(leases); j++) {
			fputs(j == 0 ? "  " : ", ", to);
			tctl_put(ctx, to, TCTL_BOLD,
			    tctl_get(
				json_object_array_get_idx(leases, j), "task"));
		}
		fputs("  on ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "host"));
		fputs(" in ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "worktree"));
		fputs("\n", to);
	}
}

const struct tctl_command tctl_command_agents = {
	.name = "agents",
	.group = TCTL_GROUP_LOOK,
	.summary = "list who holds what",
	.about = "One line for each agent and session with a live lease.",
	.example = "$ taskctl agents",
	.needs = TCTL_NEEDS_READ,
	.run = agents_run,
	.text = agents_text,
};
