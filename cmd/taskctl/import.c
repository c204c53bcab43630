/* import.c - taskctl import and lint: plans in, and what is wrong with them. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plan_file.h"
#include "print.h"
#include "taskctl/work_json.h"

struct import_req {
	struct tctl_who who;
	struct tctl_strings files;
	bool dry_run;
	bool prune;
	const char *name;
	const char *order;
	const char *format;
};

#define AT(member) offsetof(struct import_req, member)

/* clang-format off */
#define FILES_ROW \
	{ .name = "FILE", .kind = TCTL_KIND_FILE, \
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED | TCTL_PARAM_MANY, \
	  .offset = AT(files), .help = "a plan; - for standard input" }
#define FORMAT_ROW \
	{ .name = "format", .kind = TCTL_KIND_TEXT, .metavar = "F", \
	  .offset = AT(format), .fallback = "recognised by content", \
	  .help = "read it as this dialect" }

static const struct tctl_param import_rows[] = {
	FILES_ROW,
	{ .name = "dry-run", .letter = 'n', .kind = TCTL_KIND_FLAG,
	  .offset = AT(dry_run), .help = "say what would change, change nothing" },
	{ .name = "prune", .kind = TCTL_KIND_FLAG, .offset = AT(prune),
	  .help = "cancel unclaimed tasks that are gone from the plan" },
	{ .name = "as", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(name), .fallback = "the file's name without its ending",
	  .help = "the plan's name" },
	{ .name = "order", .kind = TCTL_KIND_CHOICE, .choices = "implied|none",
	  .offset = AT(order), .fallback = "implied",
	  .help = "none: sprints wait only for what is stated" },
	FORMAT_ROW,
	TCTL_WHO_ROWS(struct import_req),
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param lint_rows[] = {
	FILES_ROW,
	FORMAT_ROW,
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* The plans of one call; at[i] is NULL where one could not be read. */
struct plans {
	struct tctl_plan **at;
	size_t count;
	size_t errors; /* diagnostics that forbid loading */
};

static void
release(struct plans *plans)
{
	for (size_t i = 0; i < plans->count; i++)
		tctl_plan_free(plans->at[i]);
}

/* The file as the store remembers it: from the folder of .tasks/, if below. */
static const char *
file_name(struct tctl_ctx *ctx, const char *path)
{
	char *real = realpath(path, NULL);
	const char *name = path;
	size_t length = ctx->place.root == NULL ? 0 : strlen(ctx->place.root);

	if (real != NULL && length > 0 &&
	    strncmp(real, ctx->place.root, length) == 0 && real[length] == '/')
		name = tctl_arena_strdup(ctx->arena, real + length + 1);
	free(real);
	return name;
}

/* What holds a task a file is one plan, however many files are given. */
static void
join_pieces(struct plans *plans, const char *name)
{
	struct tctl_plan **piece =
	    tctl_xcalloc(plans->count, sizeof(struct tctl_plan *));
	size_t pieces = 0, kept = 0;

	for (size_t i = 0; i < plans->count; i++)
		if (plans->at[i]->is_piece)
			piece[pieces++] = plans->at[i];
		else
			plans->at[kept++] = plans->at[i];
	if (pieces > 0)
		plans->at[kept++] = tctl_plan_join(piece, pieces, name);
	plans->count = kept;
	plans->errors = 0;
	for (size_t i = 0; i < kept; i++)
		plans->errors += plans->at[i]->error_count;
	free(piece);
}

static enum tctl_status
read_plans(struct tctl_ctx *ctx, const struct import_req *req,
    struct plans *out, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	out->at = tctl_arena_alloc(
	    ctx->arena, req->files.count * sizeof(struct tctl_plan *));
	out->count = out->errors = 0;
	for (size_t i = 0; status == TCTL_OK && i < req->files.count; i++) {
		const struct tctl_plan_options options = {
			.file = file_name(ctx, req->files.at[i]),
			.name = req->name,
			.format = req->format,
			.hours_per_day = (int)ctx->config.hours_per_day,
			.without_order = req->order != NULL &&
					 strcmp(req->order, "none") == 0,
		};

		status = tctl_plan_file_read(
		    req->files.at[i], &options, &out->at[i], err);
		if (status == TCTL_OK)
			out->errors += out->at[out->count++]->error_count;
	}
	if (status == TCTL_OK)
		join_pieces(out, req->name);
	if (status != TCTL_OK)
		release(out);
	return status;
}

/* The place that a refusal of a whole file begins with, for the error object.
 */
static struct json_object *
place_of(const struct import_req *req, const struct tctl_error *err)
{
	struct json_object *out = json_object_new_object();

	for (size_t i = 0; i < req->files.count; i++) {
		const char *file = req->files.at[i];
		size_t length = strlen(file);
		int line, column;

		if (strncmp(err->text, file, length) != 0 ||
		    sscanf(err->text + length, ":%d:%d:", &line, &column) != 2)
			continue;
		json_object_object_add(out, "file", tctl_json_text(file));
		json_object_object_add(out, "line", json_object_new_int(line));
		json_object_object_add(
		    out, "column", json_object_new_int(column));
		break;
	}
	return out;
}

static struct json_object *
diagnose(const struct plans *plans)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < plans->count; i++)
		tctl_plan_file_diagnose(array, plans->at[i]);
	return array;
}

/* The first error in the sentence, all of them beside it. */
static enum tctl_status
refuse(struct tctl_ctx *ctx, const struct plans *plans,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_diagnostic *first = NULL;

	*out = json_object_new_object();
	json_object_object_add(*out, "diagnostics", diagnose(plans));
	if (!ctx->global->json)
		tctl_plan_file_print(
		    ctx, stderr, tctl_get_object(*out, "diagnostics"));
	for (size_t i = 0; first == NULL && i < plans->count; i++)
		for (size_t j = 0; j < plans->at[i]->diagnostic_count; j++)
			if (plans->at[i]->diagnostic[j].severity ==
			    TCTL_ERROR) {
				first = &plans->at[i]->diagnostic[j];
				break;
			}
	json_object_object_add(*out, "file", tctl_json_text(first->file));
	json_object_object_add(*out, "line", json_object_new_int(first->line));
	json_object_object_add(
	    *out, "column", json_object_new_int(first->column));
	return tctl_fail(err, TCTL_EINVALID, "%s:%d:%d: %s%s", first->file,
	    first->line, first->column, first->message,
	    plans->errors > 1 ? "; there are more errors" : "");
}

/* --- import
 * ----------------------------------------------------------------------- */

static void
append(struct json_object *to, const char *key, const struct tctl_strings *list)
{
	struct json_object *array = tctl_get_object(to, key);

	for (size_t i = 0; i < list->count; i++)
		json_object_array_add(
		    array, json_object_new_string(list->at[i]));
}

static struct json_object *
empty_answer(const struct plans *plans, bool dry_run)
{
	static const char *const lists[] = { "added", "changed", "removed" };
	struct json_object *out = json_object_new_object();

	for (size_t i = 0; i < TCTL_COUNT(lists); i++)
		json_object_object_add(out, lists[i], json_object_new_array());
	json_object_object_add(out, "unchanged", json_object_new_int64(0));
	json_object_object_add(out, "diagnostics", diagnose(plans));
	json_object_object_add(out, "details", json_object_new_array());
	json_object_object_add(
	    out, "dry_run", json_object_new_boolean(dry_run));
	return out;
}

/* Of several plans none is loaded if one cannot be. */
static enum tctl_status
try_all(struct tctl_ctx *ctx, const struct import_req *req,
    const struct plans *plans, const struct tctl_caller *caller,
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
store(struct tctl_ctx *ctx, const struct import_req *req,
    const struct plans *plans, struct json_object *answer,
    struct tctl_error *err)
{
	int64_t unchanged = 0;
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, NULL, &caller, err);

	if (status == TCTL_OK)
		status = try_all(ctx, req, plans, &caller, err);
	for (size_t i = 0; status == TCTL_OK && i < plans->count; i++) {
		struct tctl_import import = { .arena = NULL };

		status = tctl_plan_import(&ctx->coord, &caller, plans->at[i],
		    req->dry_run, req->prune, &import, err);
		if (status == TCTL_OK) {
			append(answer, "added", &import.added);
			append(answer, "changed", &import.changed);
			append(answer, "removed", &import.removed);
			append(answer, "details", &import.said);
			unchanged += (int64_t)import.unchanged;
		}
		tctl_import_release(&import);
	}
	json_object_object_add(
	    answer, "unchanged", json_object_new_int64(unchanged));
	return status;
}

static enum tctl_status
import_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct import_req *req = request;
	struct json_object *answer;
	struct plans plans;
	enum tctl_status status;

	if (req->name != NULL && req->files.count > 1)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--as names one plan; give one FILE");
	status = read_plans(ctx, req, &plans, err);
	if (status != TCTL_OK) {
		*out = place_of(req, err);
		return status;
	}
	if (plans.errors > 0) {
		status = refuse(ctx, &plans, out, err);
	} else {
		answer = empty_answer(&plans, req->dry_run);
		status = store(ctx, req, &plans, answer, err);
		if (status == TCTL_OK)
			*out = answer;
		else
			json_object_put(answer);
	}
	release(&plans);
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
}

/* --- lint
 * ------------------------------------------------------------------------- */

static struct json_object *
recognised(const struct plans *plans)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < plans->count; i++) {
		const struct tctl_plan *plan = plans->at[i];
		struct json_object *one = json_object_new_object();

		json_object_object_add(one, "file", tctl_json_text(plan->file));
		json_object_object_add(
		    one, "dialect", tctl_json_text(plan->dialect));
		json_object_object_add(
		    one, "because", tctl_json_text(plan->why));
		json_object_object_add(one, "tasks",
		    json_object_new_int64((int64_t)plan->task_count));
		json_object_object_add(one, "needs",
		    json_object_new_int64((int64_t)plan->edge_count));
		json_object_array_add(array, one);
	}
	return array;
}

static enum tctl_status
lint_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct import_req *req = request;
	struct tctl_error none;
	struct plans plans;
	enum tctl_status status;

	/* Where there is a coordinator, a day is as long as it says. */
	if (tctl_place_find(".", &ctx->place, &none) == TCTL_OK)
		ctx->has_config = tctl_config_read(ctx->place.tasks,
				      &ctx->config, &none) == TCTL_OK;
	status = read_plans(ctx, req, &plans, err);
	if (status != TCTL_OK) {
		*out = place_of(req, err);
		return status;
	}
	if (plans.errors > 0) {
		status = refuse(ctx, &plans, out, err);
	} else {
		*out = json_object_new_object();
		json_object_object_add(*out, "plans", recognised(&plans));
		json_object_object_add(*out, "diagnostics", diagnose(&plans));
	}
	release(&plans);
	return status;
}

static void
lint_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *plans = tctl_get_object(out, "plans");
	struct json_object *diagnostics = tctl_get_object(out, "diagnostics");

	tctl_plan_file_print(ctx, to, diagnostics);
	for (size_t i = 0; i < json_object_array_length(plans); i++) {
		struct json_object *one = json_object_array_get_idx(plans, i);

		tctl_put(ctx, to, TCTL_BOLD, tctl_get(one, "file"));
		fprintf(to, ": %s tasks, %s dependencies, read as \"%s\" (",
		    tctl_get(one, "tasks"), tctl_get(one, "needs"),
		    tctl_get(one, "dialect"));
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "because"));
		fputs(")\n", to);
	}
	if (json_object_array_length(diagnostics) == 0)
		fputs("nothing to complain about\n", to);
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
	    "cycle, a dependency on nothing) is refused whole, exit 8.",
	.example = "$ taskctl import docs/plan.md\n"
		   "$ taskctl import docs/plan.md --dry-run",
	.param = import_rows,
	.req_size = sizeof(struct import_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = import_run,
	.text = import_text,
};

const struct tctl_command tctl_command_lint = {
	.name = "lint",
	.group = TCTL_GROUP_SET_UP,
	.summary = "check plans without loading them",
	.about = "Every complaint has its file, line and column, a code, and "
		 "what was expected. Warnings are contradictions: the exit "
		 "code stays 0. Errors forbid loading: exit 8.",
	.example = "$ taskctl lint docs/plan.md",
	.param = lint_rows,
	.req_size = sizeof(struct import_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = lint_run,
	.text = lint_text,
};
