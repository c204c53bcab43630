/* reserve.c - taskctl reserve: paths that a task's holder keeps to itself. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "print.h"
#include "taskctl/reserve.h"
#include "taskctl/text.h"
#include "taskctl/work_json.h"

struct reserve_req {
	struct tctl_who who;
	struct tctl_strings patterns;
	const char *task;
	bool release;
};

#define AT(member) offsetof(struct reserve_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "PATTERN", .kind = TCTL_KIND_TEXT,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_MANY, .offset = AT(patterns),
	  .help = "as in a .gitignore at the repository's root; none: show what "
	  "is reserved" },
	{ .name = "task", .kind = TCTL_KIND_TASK, .metavar = "T",
	  .offset = AT(task), .help = "the task to reserve them for",
	  .fallback = "$TASKCTL_TASK, or the one that the caller holds" },
	{ .name = "release", .kind = TCTL_KIND_FLAG, .offset = AT(release),
	  .help = "give these back; without a PATTERN all of the task's" },
	TCTL_WHO_ROWS(struct reserve_req),
	TCTL_TOKEN_ROW(struct reserve_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static struct json_object *
json_of(const struct tctl_reservation *one)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "pattern", tctl_json_text(one->pattern));
	tctl_json_add(out, "task", tctl_json_text(one->task));
	tctl_json_add(out, "agent", tctl_json_text(one->agent));
	tctl_json_add(out, "session", tctl_json_text(one->session));
	tctl_json_add(out, "token", json_object_new_int64(one->token));
	tctl_json_add(out, "expires_at", tctl_json_instant(one->expires_ms));
	tctl_json_add(out, "worktree", tctl_json_text(one->worktree));
	return out;
}

static enum tctl_status
show(struct tctl_ctx *ctx, const struct reserve_req *req,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_reservations all;
	struct tctl_tasks task = { .count = 0 };
	struct json_object *list;
	enum tctl_status status =
	    req->task == NULL
		? TCTL_OK
		: tctl_task_show(&ctx->coord, req->task, &task, err);

	if (status == TCTL_OK)
		status = tctl_reservations_read(&ctx->coord, &all, err);
	if (status == TCTL_OK) {
		*out = json_object_new_object();
		list = json_object_new_array();
		for (size_t i = 0; i < all.count; i++)
			if (req->task == NULL ||
			    strcmp(all.at[i].task, task.at[0].ref) == 0)
				json_object_array_add(
				    list, json_of(&all.at[i]));
		tctl_json_add(*out, "reservations", list);
		tctl_reservations_release(&all);
	}
	tctl_tasks_release(&task);
	return status;
}

/* --- reserving and giving back ---------------------------------------------
 */

static struct json_object *
json_of_clashes(const struct tctl_reserving *result)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < result->clash_count; i++) {
		const struct tctl_clash *clash = &result->clash[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "pattern", tctl_json_text(clash->pattern));
		tctl_json_add(one, "path", tctl_json_text(clash->path));
		tctl_json_add(one, "with", json_of(&clash->with));
		json_object_array_add(list, one);
	}
	return list;
}

/* A path of the machine becomes one of the repository, if it lies there.  / in
 * front is the repository's root: what is elsewhere on the machine, and not
 * there, was meant otherwise. */
static enum tctl_status
from_root(struct tctl_ctx *ctx, const char *text, const char **out,
    struct tctl_error *err)
{
	const char *root = ctx->place.worktree;
	size_t length = strlen(root), first;
	char *inside;
	bool is_there;

	*out = text;
	if (text[0] != '/' || length < 2)
		return TCTL_OK;
	if (strncmp(text, root, length) == 0 && text[length] == '/') {
		*out = text + length;
		return TCTL_OK;
	}
	first = 1 + strcspn(text + 1, "/");
	inside = tctl_xprintf("%s%.*s", root, (int)first, text);
	is_there = access(inside, F_OK) == 0;
	free(inside);
	if (text[first] == '\0' || is_there || access(text, F_OK) != 0)
		return TCTL_OK;
	return tctl_fail(err, TCTL_EINVALID,
	    "%.300s is not in the repository, which is %.300s", text, root);
}

static enum tctl_status
all_from_root(struct tctl_ctx *ctx, const struct tctl_strings *from,
    struct tctl_strings *to, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	const char *text;

	for (size_t i = 0; status == TCTL_OK && i < from->count; i++) {
		status = from_root(ctx, from->at[i], &text, err);
		if (status == TCTL_OK)
			tctl_strings_add(ctx->arena, to, text);
	}
	return status;
}

static enum tctl_status
change(struct tctl_ctx *ctx, const struct reserve_req *req,
    struct json_object **out, struct tctl_error *err)
{
	const char *task =
	    req->task != NULL ? req->task : getenv("TASKCTL_TASK");
	struct tctl_reserving result;
	struct json_object *changed, *clashes, *holder;
	struct tctl_caller caller;
	struct tctl_strings patterns = { NULL, 0 };
	enum tctl_status status;

	if (task != NULL && task[0] == '\0')
		task = NULL;
	status = tctl_ctx_caller(ctx, &req->who, task, &caller, err);
	if (status == TCTL_OK)
		status = all_from_root(ctx, &req->patterns, &patterns, err);
	if (status != TCTL_OK)
		return status;
	status = (req->release ? tctl_unreserve : tctl_reserve)(
	    &ctx->coord, &caller, task, &patterns, &result, err);
	if (status == TCTL_OK && !result.answer.already)
		tctl_ctx_follow_up(ctx, false);
	changed = tctl_json_strings(&result.changed);
	clashes = json_of_clashes(&result);
	holder = result.clash_count > 0 ? tctl_json_lease(result.clash[0].lease)
					: NULL;
	*out = tctl_ctx_answer(ctx, status, &result.answer);
	if (status == TCTL_OK) {
		tctl_json_add(*out, req->release ? "released" : "reserved",
		    json_object_get(changed));
	} else if (json_object_array_length(clashes) > 0) {
		tctl_json_add(*out, "holder", holder);
		tctl_json_add(*out, "clashes", json_object_get(clashes));
	}
	json_object_put(changed);
	json_object_put(clashes);
	return status;
}

static enum tctl_status
reserve_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct reserve_req *req = request;

	if (req->patterns.count == 0 && !req->release)
		return show(ctx, req, out, err);
	return change(ctx, req, out, err);
}

/* --- in words ---------------------------------------------------------------
 */

static void
put_one(struct tctl_ctx *ctx, FILE *to, struct json_object *one)
{
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(one, "pattern"));
	fputs("  for ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "task"));
	fputs(" by ", to);
	tctl_put(ctx, to, TCTL_YELLOW, tctl_get(one, "agent"));
	fputs(" until ", to);
	tctl_put_instant(ctx, to, tctl_get(one, "expires_at"));
	fputs("\n", to);
}

static void
put_changed(struct tctl_ctx *ctx, FILE *to, struct json_object *out,
    const char *key, const char *what, bool is_held)
{
	struct json_object *list = tctl_get_object(out, key);
	struct json_object *task = tctl_get_object(out, "task");

	for (size_t i = 0; i < tctl_get_count(out, key); i++) {
		fprintf(to, "%s  ", what);
		tctl_put(ctx, to, TCTL_BOLD,
		    json_object_get_string(json_object_array_get_idx(list, i)));
		fputs("  for ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "ref"));
		if (is_held) {
			fputs(" until ", to);
			tctl_put_instant(ctx, to,
			    tctl_get(
				tctl_get_object(task, "lease"), "expires_at"));
		}
		fputs("\n", to);
	}
}

static void
reserve_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *list = tctl_get_object(out, "reservations");
	size_t count = tctl_get_count(out, "reservations");

	if (list != NULL && count == 0)
		fputs("nothing is reserved\n", to);
	for (size_t i = 0; i < count; i++)
		put_one(ctx, to, json_object_array_get_idx(list, i));
	if (list != NULL)
		return;
	put_changed(ctx, to, out, "reserved", "reserved", true);
	put_changed(ctx, to, out, "released", "given back", false);
	if (tctl_get_bool(out, "already"))
		fputs("already so; nothing changed\n", to);
}

static void
reserve_quiet(FILE *to, struct json_object *out)
{
	static const char *const key[] = { "reserved", "released" };
	struct json_object *list = tctl_get_object(out, "reservations");

	for (size_t i = 0; i < tctl_get_count(out, "reservations"); i++) {
		tctl_text_inert(to,
		    tctl_get(json_object_array_get_idx(list, i), "pattern"));
		fputs("\n", to);
	}
	for (size_t k = 0; k < TCTL_COUNT(key); k++) {
		list = tctl_get_object(out, key[k]);
		for (size_t i = 0; i < tctl_get_count(out, key[k]); i++) {
			tctl_text_inert(
			    to, json_object_get_string(
				    json_object_array_get_idx(list, i)));
			fputs("\n", to);
		}
	}
}

const struct tctl_command tctl_command_reserve = {
	.name = "reserve",
	.group = TCTL_GROUP_SHARE,
	.summary = "keep paths to a task, and see who has which",
	.about =
	    "A PATTERN means what it would mean in the .gitignore at the "
	    "repository's root: * and ? stay within a name, ** crosses "
	    "folders, a / at the end is a folder, a / elsewhere (or in front) "
	    "binds it to the root, ! takes out again, and the last that "
	    "matches decides. Quote it, or the shell replaces it.\n\n"
	    "It holds as long as the task's lease, and is gone with it. Only "
	    "the holder reserves (exit 6 otherwise). A pattern that could "
	    "match a file which is reserved for another task is refused "
	    "(exit 4): by whom, for what, until when. Doing it again changes "
	    "nothing.\n\n"
	    "A bare name (docs/, README.md) is not held against what may go by "
	    "it below another's folder: the outer one has that. A name that "
	    "ends as files do (*.c) is no folder, unless the other pattern "
	    "goes on below it (next.js/src/).\n\n"
	    "With reserve.on_claim, a claim reserves the files that its task "
	    "names; while they are reserved for another, it is refused, and "
	    "claim --next takes the next task.",
	.example = "$ taskctl reserve 'lib/metrics/' --task 2.1\n"
		   "$ taskctl reserve\n"
		   "$ taskctl reserve --release 'lib/metrics/' --task 2.1",
	.param = rows,
	.req_size = sizeof(struct reserve_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = reserve_run,
	.text = reserve_text,
	.quiet = reserve_quiet,
};
