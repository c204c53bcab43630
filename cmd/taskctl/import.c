/* import.c - taskctl import: plans in, and what has become of them back. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plan_set.h"
#include "print.h"
#include "write_back.h"
#include "taskctl/work_json.h"

struct import_req {
	struct tctl_who who;
	struct tctl_strings files;
	bool dry_run;
	bool prune;
	bool write_back;
	const char *name;
	const char *order;
	const char *format;
};

#define AT(member) offsetof(struct import_req, member)

/* clang-format off */
static const struct tctl_param import_rows[] = {
	TCTL_FILES_ROW(struct import_req),
	{ .name = "dry-run", .letter = 'n', .kind = TCTL_KIND_FLAG,
	  .offset = AT(dry_run), .help = "say what would change, change nothing" },
	{ .name = "prune", .kind = TCTL_KIND_FLAG, .offset = AT(prune),
	  .help = "cancel unclaimed tasks that are gone from the plan" },
	{ .name = "write-back", .kind = TCTL_KIND_FLAG, .offset = AT(write_back),
	  .help = "then tick in the file what is done; -n prints the difference" },
	{ .name = "as", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(name), .fallback = "the file's name without its ending",
	  .help = "the plan's name" },
	{ .name = "order", .kind = TCTL_KIND_CHOICE, .choices = "implied|none",
	  .offset = AT(order), .fallback = "implied",
	  .help = "none: sprints wait only for what is stated" },
	TCTL_FORMAT_ROW(struct import_req),
	TCTL_WHO_ROWS(struct import_req),
	{ .kind = TCTL_KIND_END }
};

/* clang-format on */

static struct tctl_plan_options
options_of(struct tctl_ctx *ctx, const struct import_req *req, const char *path)
{
	return (struct tctl_plan_options){
		.file = tctl_plans_name(ctx, path),
		.name = req->name,
		.format = req->format,
		.hours_per_day = (int)ctx->config.hours_per_day,
		.without_order =
		    req->order != NULL && strcmp(req->order, "none") == 0,
	};
}

static void
append(struct json_object *to, const char *key, const struct tctl_strings *list)
{
	struct json_object *array = tctl_get_object(to, key);

	for (size_t i = 0; i < list->count; i++)
		json_object_array_add(
		    array, json_object_new_string(list->at[i]));
}

static struct json_object *
empty_answer(const struct tctl_plans *plans, bool dry_run)
{
	static const char *const lists[] = { "added", "changed", "removed" };
	struct json_object *out = json_object_new_object();

	for (size_t i = 0; i < TCTL_COUNT(lists); i++)
		json_object_object_add(out, lists[i], json_object_new_array());
	json_object_object_add(out, "unchanged", json_object_new_int64(0));
	json_object_object_add(out, "diagnostics", tctl_plans_diagnose(plans));
	json_object_object_add(out, "details", json_object_new_array());
	json_object_object_add(
	    out, "dry_run", json_object_new_boolean(dry_run));
	return out;
}

/* Of several plans none is loaded if one cannot be. */
static enum tctl_status
try_all(struct tctl_ctx *ctx, const struct import_req *req,
    const struct tctl_plans *plans, const struct tctl_caller *caller,
    struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0;
	     status == TCTL_OK && plans->count > 1 && i < plans->count; i++) {
		struct tctl_import import = { .arena = NULL };

		status = tctl_plan_import(&ctx->coord, caller, plans->at[i],
		    true, req->prune, &import, err);
		tctl_import_release(&import);
	}
	return status;
}

static enum tctl_status
store_one(struct tctl_ctx *ctx, const struct import_req *req,
    const struct tctl_caller *caller, const struct tctl_plan *plan,
    struct json_object *answer, size_t *unchanged, struct tctl_error *err)
{
	struct tctl_import import = { .arena = NULL };
	enum tctl_status status = tctl_plan_import(
	    &ctx->coord, caller, plan, req->dry_run, req->prune, &import, err);

	if (status == TCTL_OK) {
		append(answer, "added", &import.added);
		append(answer, "changed", &import.changed);
		append(answer, "removed", &import.removed);
		append(answer, "details", &import.said);
		*unchanged += import.unchanged;
	}
	tctl_import_release(&import);
	return status;
}

static enum tctl_status
read_all(struct tctl_ctx *ctx, const struct import_req *req,
    struct tctl_plans *plans, struct json_object **out, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < req->files.count; i++) {
		const struct tctl_plan_options options =
		    options_of(ctx, req, req->files.at[i]);

		status =
		    tctl_plans_add(ctx, plans, req->files.at[i], &options, err);
	}
	if (status == TCTL_OK)
		tctl_plans_join(plans, req->name);
	if (status != TCTL_OK)
		*out = tctl_plans_place(&req->files, err);
	else if (plans->errors > 0)
		status = tctl_plans_refuse(ctx, plans, out, err);
	return status;
}

/* One more pass over a file, its folder locked: whatever was changed in it
 * meanwhile is read first. */
struct again {
	struct tctl_ctx *ctx;
	const struct import_req *req;
	const struct tctl_caller *caller;
	struct tctl_plans *plans; /* as they were read last */
	struct json_object *answer;
};

/* The plan that a file is a piece of, or NULL; *piece: what was read of it. */
static const struct tctl_plan *
find_whole(const struct tctl_plans *plans, const char *file,
    const struct tctl_plan **piece)
{
	for (size_t i = 0; i < plans->count; i++)
		for (size_t k = 0; k < plans->at[i]->piece_count; k++)
			if (!strcmp(plans->at[i]->piece[k]->file, file)) {
				*piece = plans->at[i]->piece[k];
				return plans->at[i];
			}
	return NULL;
}

static bool
is_same_state(const struct tctl_plan *a, const struct tctl_plan *b)
{
	bool same =
	    a->task_count == b->task_count && a->tick_count == b->tick_count;

	for (size_t i = 0; same && i < a->task_count; i++)
		same = a->task[i].ticked == b->task[i].ticked &&
		       !strcmp(a->task[i].id, b->task[i].id);
	for (size_t i = 0; same && i < a->tick_count; i++)
		same = a->tick[i].done == b->tick[i].done;
	return same;
}

/* What a piece waits for stands in others: all of them are read again. */
static enum tctl_status
store_whole(struct again *again, const char *file, struct tctl_error *err)
{
	struct tctl_plans fresh = { .count = 0 };
	const struct tctl_plan *piece, *whole;
	struct json_object *out = NULL;
	size_t unchanged = 0;
	enum tctl_status status =
	    read_all(again->ctx, again->req, &fresh, &out, err);

	json_object_put(out);
	if (status != TCTL_OK) {
		tctl_plans_release(&fresh);
		return status;
	}
	tctl_plans_release(again->plans);
	*again->plans = fresh;
	whole = find_whole(again->plans, file, &piece);
	if (whole == NULL) /* it is a task no more: the next import says so */
		return TCTL_OK;
	return store_one(again->ctx, again->req, again->caller, whole,
	    again->answer, &unchanged, err);
}

static enum tctl_status
store_again(void *into, const struct tctl_plan *plan, struct tctl_error *err)
{
	struct again *again = into;
	const struct tctl_plan *piece;
	size_t unchanged = 0;

	if (again->req->dry_run)
		return TCTL_OK;
	if (find_whole(again->plans, plan->file, &piece) == NULL)
		return store_one(again->ctx, again->req, again->caller, plan,
		    again->answer, &unchanged, err);
	if (is_same_state(piece, plan))
		return TCTL_OK;
	return store_whole(again, plan->file, err);
}

static enum tctl_status
write_all(struct tctl_ctx *ctx, const struct import_req *req,
    const struct tctl_caller *caller, struct tctl_plans *plans,
    struct json_object *answer, struct tctl_error *err)
{
	struct again again = { ctx, req, caller, plans, answer };
	struct json_object *written = json_object_new_array();
	enum tctl_status status = TCTL_OK;

	json_object_object_add(answer, "written", written);
	for (size_t i = 0; status == TCTL_OK && i < req->files.count; i++) {
		const char *path = req->files.at[i];
		struct tctl_plan_options options = options_of(ctx, req, path);
		const struct tctl_plan *piece,
		    *whole = find_whole(plans, options.file, &piece);

		if (whole != NULL)
			options.name =
			    tctl_arena_strdup(ctx->arena, whole->name);
		status = tctl_write_back(ctx, path, &options, req->dry_run,
		    store_again, &again, written, err);
	}
	return status;
}

static enum tctl_status
store(struct tctl_ctx *ctx, const struct import_req *req,
    struct tctl_plans *plans, struct json_object *answer,
    struct tctl_error *err)
{
	size_t unchanged = 0;
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, NULL, &caller, err);

	if (status == TCTL_OK)
		status = try_all(ctx, req, plans, &caller, err);
	for (size_t i = 0; status == TCTL_OK && i < plans->count; i++)
		status = store_one(
		    ctx, req, &caller, plans->at[i], answer, &unchanged, err);
	json_object_object_add(
	    answer, "unchanged", json_object_new_int64((int64_t)unchanged));
	if (status == TCTL_OK && req->write_back)
		status = write_all(ctx, req, &caller, plans, answer, err);
	return status;
}

static enum tctl_status
check_request(const struct import_req *req, struct tctl_error *err)
{
	if (req->name != NULL && req->files.count > 1)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--as names one plan; give one FILE");
	for (size_t i = 0; req->write_back && i < req->files.count; i++)
		if (strcmp(req->files.at[i], "-") == 0)
			return tctl_fail(err, TCTL_EUSAGE,
			    "--write-back writes into a file; standard input "
			    "is none");
	return TCTL_OK;
}

static enum tctl_status
import_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct import_req *req = request;
	struct json_object *answer;
	struct tctl_plans plans = { .count = 0 };
	enum tctl_status status = check_request(req, err);

	if (status != TCTL_OK)
		return status;
	status = read_all(ctx, req, &plans, out, err);
	if (status == TCTL_OK) {
		answer = empty_answer(&plans, req->dry_run);
		status = store(ctx, req, &plans, answer, err);
		if (status == TCTL_OK)
			*out = answer;
		else
			json_object_put(answer);
	}
	tctl_plans_release(&plans);
	if (status == TCTL_OK && !req->dry_run)
		tctl_ctx_follow_up(ctx, true);
	return status;
}

static void
put_changes(struct tctl_ctx *ctx, FILE *to, const char *mark, const char *what,
    struct json_object *ids)
{
	size_t count = ids == NULL ? 0 : json_object_array_length(ids);

	if (count == 0)
		return;
	fprintf(to, "%s %zu %s: ", mark, count, what);
	for (size_t i = 0; i < count && i < 20; i++) {
		fputs(i > 0 ? ", " : "", to);
		tctl_put(ctx, to, TCTL_PLAIN,
		    json_object_get_string(json_object_array_get_idx(ids, i)));
	}
	fputs(count > 20 ? ", …\n" : "\n", to);
}

static void
import_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *diagnostics = tctl_get_object(out, "diagnostics");
	struct json_object *details = tctl_get_object(out, "details");
	size_t warnings = 0;

	for (size_t i = 0; i < json_object_array_length(diagnostics); i++) {
		struct json_object *d =
		    json_object_array_get_idx(diagnostics, i);

		if (strcmp(tctl_get(d, "severity"), "warning") == 0) {
			warnings++;
			continue;
		}
		tctl_put(ctx, to, TCTL_DIM, tctl_get(d, "message"));
		fputs("\n", to);
	}
	if (tctl_get_bool(out, "dry_run"))
		fputs("nothing was changed; this would be:\n", to);
	put_changes(ctx, to, "+", "added", tctl_get_object(out, "added"));
	put_changes(ctx, to, "~", "changed", tctl_get_object(out, "changed"));
	put_changes(ctx, to, "-", "gone from the plan",
	    tctl_get_object(out, "removed"));
	for (size_t i = 0; i < json_object_array_length(details) && i < 50;
	     i++) {
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_PLAIN,
		    json_object_get_string(
			json_object_array_get_idx(details, i)));
		fputs("\n", to);
	}
	if (tctl_get_number(out, "unchanged") > 0)
		fprintf(to, "= %s unchanged\n", tctl_get(out, "unchanged"));
	if (warnings > 0)
		fprintf(to,
		    "the plan contradicts itself in %zu places; see them: "
		    "taskctl lint FILE\n",
		    warnings);
	tctl_write_back_text(ctx, to, out);
}

const struct tctl_command tctl_command_import = {
	.name = "import",
	.group = TCTL_GROUP_SET_UP,
	.summary = "load plans, or refresh them",
	.about =
	    "A plan is read as people write it. Importing again loses no "
	    "state: tasks are matched by id, leases, notes and what was set by "
	    "hand stay, and the answer says what changed. A task that is gone "
	    "from the plan is kept and said.\n\n"
	    "A plan that contradicts itself is loaded, and lint says where. "
	    "What cannot be loaded without losing something (duplicate ids, a "
	    "cycle, a dependency on nothing) is refused whole, exit 8.\n\n"
	    "--write-back also changes the file: boxes, signs and words of "
	    "state (\"✅ done\" after a title, a status column) say what has "
	    "become of the tasks and steps, and no other byte changes. What is "
	    "done is ticked, what was reopened or undone is unticked. What was "
	    "changed in the file and by taskctl since the last import is said "
	    "and left as it is on both sides, and so is a task for which the "
	    "file has no such place. The file is replaced at once, keeping its "
	    "mode; a symbolic link stays one. With --dry-run the difference is "
	    "printed, and nothing changed.",
	.example = "$ taskctl import docs/plan.md\n"
		   "$ taskctl import docs/plan.md --dry-run\n"
		   "$ taskctl import docs/plan.md --write-back",
	.param = import_rows,
	.req_size = sizeof(struct import_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = import_run,
	.text = import_text,
	.loads = true,
};
