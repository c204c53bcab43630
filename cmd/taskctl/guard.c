/* guard.c - taskctl guard: what git's hooks ask, and their installation. */
#include <string.h>

#include "commands.h"
#include "guard.h"
#include "guard_hooks.h"
#include "print.h"

struct guard_req {
	const char *action;
	struct tctl_strings arg;
	struct tctl_strings hook;
};

#define AT(member) offsetof(struct guard_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "ACTION", .kind = TCTL_KIND_CHOICE,
	  .choices = "install|uninstall|status|" TCTL_GUARD_HOOKS,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = AT(action),
	  .help = "what to do; or the hook that asks" },
	{ .name = "ARG", .kind = TCTL_KIND_TEXT,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_MANY, .offset = AT(arg),
	  .help = "of a hook: as git gave them to it" },
	{ .name = "hook", .kind = TCTL_KIND_CHOICE,
	  .choices = TCTL_GUARD_HOOKS, .flags = TCTL_PARAM_MANY,
	  .offset = AT(hook), .help = "install, uninstall: only this one",
	  .fallback = "all three" },
	{ .kind = TCTL_KIND_END }
};

/* The hooks.  What could not be found out lets git go on, with one line: a tool
 * must not brick a repository.  But a push cannot be taken back, so it waits
 * for a store that is merely in use. */
static const struct {
	const char *name;
	tctl_guard_fn *ask;
	bool waits;
} hooks[] = {
	{ "pre-commit", tctl_guard_pre_commit, false },
	{ "pre-push", tctl_guard_pre_push, true },
	{ "reference-transaction", tctl_guard_reference_transaction, false },
};
/* clang-format on */

enum { WAIT_MOST_MS = 2000 };

static enum tctl_status
ask(struct tctl_ctx *ctx, size_t hook, const struct tctl_strings *arg,
    struct json_object **out, struct tctl_error *err)
{
	enum tctl_status status = tctl_ctx_find(ctx, err);

	if (ctx->global->wait_ms < 0 && !hooks[hook].waits &&
	    ctx->config.wait_ms > WAIT_MOST_MS)
		ctx->config.wait_ms = WAIT_MOST_MS;
	if (status == TCTL_OK)
		status = hooks[hook].ask(ctx, arg, out, err);
	if (status == TCTL_OK && *out == NULL)
		*out = json_object_new_object();
	if (status == TCTL_OK || status == TCTL_ETAKEN ||
	    status == TCTL_ESTALE || status == TCTL_EUSAGE ||
	    (status == TCTL_EBUSY && hooks[hook].waits))
		return status;
	tctl_guard_say(ctx, "nothing was checked: %s", err->text);
	*out = json_object_new_object();
	json_object_object_add(
	    *out, "unchecked", json_object_new_string(err->text));
	return TCTL_OK;
}

static enum tctl_status
guard_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct guard_req *req = request;
	enum tctl_status status;

	for (size_t i = 0; i < TCTL_COUNT(hooks); i++)
		if (strcmp(req->action, hooks[i].name) == 0)
			return ask(ctx, i, &req->arg, out, err);
	if (req->arg.count > 0)
		return tctl_fail(err, TCTL_EUSAGE,
		    "guard %s takes no \"%.60s\"", req->action, req->arg.at[0]);
	if (strcmp(req->action, "uninstall") == 0)
		return tctl_guard_uninstall(ctx, &req->hook, out, err);
	if (strcmp(req->action, "status") == 0)
		return tctl_guard_status(ctx, out, err);
	/* Hooks without a coordinator would have nothing to ask. */
	status = tctl_ctx_find(ctx, err);
	return status != TCTL_OK
		   ? status
		   : tctl_guard_install(ctx, &req->hook, out, err);
}

/* --- in words --- */

/* What a row of the answer says: of an installation, a removal, a status. */
static const char *
verb(struct json_object *row)
{
	const char *form = tctl_get(row, "form");
	bool runs = tctl_get_bool(row, "runs");

	if (form[0] == '\0')
		return "not installed";
	if (!runs)
		return tctl_get_bool(row, "changed") ? "taken out"
						     : "switched off";
	if (strcmp(form, "made") == 0)
		return "a hook of its own";
	return strcmp(form, "added") == 0 ? "added to the script"
					  : "in front of the hook";
}

static void
guard_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *list = tctl_get_object(out, "hooks");
	struct json_object *remarks = tctl_get_object(out, "remarks");

	if (list == NULL)
		return; /* a hook that may go on says nothing */
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *row = json_object_array_get_idx(list, i);

		tctl_put_cell(ctx, to, TCTL_BOLD, tctl_get(row, "hook"), 22);
		fputs("  ", to);
		tctl_put_cell(ctx, to, TCTL_PLAIN, verb(row), 20);
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(row, "path"));
		fputs("\n", to);
	}
	if (json_object_array_length(list) == 0)
		fputs("not installed, nothing was changed\n", to);
	for (size_t i = 0; i < json_object_array_length(remarks); i++) {
		fputs("note: ", to);
		tctl_put(ctx, to, TCTL_PLAIN,
		    json_object_get_string(
			json_object_array_get_idx(remarks, i)));
		fputs("\n", to);
	}
}

static void
guard_quiet(FILE *to, struct json_object *out)
{
	struct json_object *list = tctl_get_object(out, "hooks");

	for (size_t i = 0; list != NULL && i < json_object_array_length(list);
	     i++) {
		struct json_object *row = json_object_array_get_idx(list, i);

		if (tctl_get_bool(row, "runs") || tctl_get_bool(row, "changed"))
			fprintf(to, "%s\n", tctl_get(row, "hook"));
	}
}

const struct tctl_command tctl_command_guard = {
	.name = "guard",
	.group = TCTL_GROUP_SHARE,
	.summary = "refuse commits and pushes of those who lost their task",
	.about =
	    "install adds one question to git's hooks; uninstall takes it out "
	    "again, byte for byte; status says what is where. Hooks that are "
	    "there stay, run after it, and keep their exit code; "
	    "core.hooksPath is not touched.\n\n"
	    "pre-commit refuses staged paths that somebody else has reserved. "
	    "reference-transaction refuses to move a branch to new commits "
	    "whose trailers Task and Token name a token that is dead: taken "
	    "over, or its lease ended; pre-push refuses to push such commits. "
	    "A token that finished its task stays good, and whoever holds or "
	    "finished the task now may move and push what others did for it "
	    "before. Commits without these trailers, and those of another "
	    "store, pass.\n\n"
	    "What cannot be found out lets git go on, with one line.",
	.example = "$ taskctl guard install\n$ taskctl guard status",
	.param = rows,
	.req_size = sizeof(struct guard_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = guard_run,
	.text = guard_text,
	.quiet = guard_quiet,
};
