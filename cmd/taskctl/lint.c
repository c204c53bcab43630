/* lint.c - taskctl lint: what is wrong with plans. */
#include <string.h>

#include "commands.h"
#include "fix_ids.h"
#include "lint_codes.h"
#include "plan_set.h"
#include "print.h"
#include "sarif.h"
#include "taskctl/json.h"

struct lint_req {
	struct tctl_strings files;
	const char *format;
	struct tctl_strings disabled;
	bool codes;
	bool fix_ids;
	bool sarif;
};

enum { WAIT_MS = 10 * 1000 }; /* where no coordinator says how long */

#define AT(member) offsetof(struct lint_req, member)

/* clang-format off */
static const struct tctl_param lint_rows[] = {
	{ .name = "FILE", .kind = TCTL_KIND_FILE,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_MANY, .offset = AT(files),
	  .help = "a plan; - for standard input" },
	TCTL_FORMAT_ROW(struct lint_req),
	{ .name = "disable", .kind = TCTL_KIND_TEXT, .metavar = "CODE",
	  .flags = TCTL_PARAM_MANY, .offset = AT(disabled),
	  .help = "leave out the complaints of this code" },
	{ .name = "sarif", .kind = TCTL_KIND_FLAG, .offset = AT(sarif),
	  .help = "print SARIF 2.1.0, for code hosts" },
	{ .name = "fix-ids", .kind = TCTL_KIND_FLAG, .offset = AT(fix_ids),
	  .help = "first write the ids into the plan that were made for it" },
	{ .name = "codes", .kind = TCTL_KIND_FLAG, .offset = AT(codes),
	  .help = "print what each code means, and read no plan" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static struct json_object *
recognised(const struct tctl_plans *plans)
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

static struct tctl_plan_options
options_of(struct tctl_ctx *ctx, const struct lint_req *req, const char *path)
{
	return (struct tctl_plan_options){
		.file = tctl_plans_name(ctx, path),
		.format = req->format,
		.hours_per_day = (int)ctx->config.hours_per_day,
		.with_advice = true,
	};
}

/* Several files: up to the first that cannot be. */
static enum tctl_status
fix_all(struct tctl_ctx *ctx, const struct lint_req *req,
    struct json_object *fixed, struct tctl_error *err)
{
	int64_t wait_ms = ctx->has_config ? ctx->config.wait_ms : WAIT_MS;
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < req->files.count; i++) {
		const char *path = req->files.at[i];
		const struct tctl_plan_options options =
		    options_of(ctx, req, path);

		if (strcmp(path, "-") == 0)
			return tctl_fail(err, TCTL_EUSAGE,
			    "--fix-ids writes into a file; standard input is "
			    "none");
		status = tctl_fix_ids(path, wait_ms, &options, fixed, err);
	}
	return status;
}

static enum tctl_status
read_all(struct tctl_ctx *ctx, const struct lint_req *req,
    struct tctl_plans *plans, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < req->files.count; i++) {
		const char *path = req->files.at[i];
		const struct tctl_plan_options options =
		    options_of(ctx, req, path);

		status = tctl_plans_add(ctx, plans, path, &options, err);
	}
	if (status == TCTL_OK)
		tctl_plans_join(plans, NULL);
	plans->errors = 0;
	for (size_t i = 0; i < plans->count; i++) {
		tctl_lint_codes_disable(plans->at[i], &req->disabled);
		plans->errors += plans->at[i]->error_count;
	}
	return status;
}

/* Warnings leave the exit code as it is; errors are a refusal, but as SARIF
 * they are the answer. */
static enum tctl_status
answer(struct tctl_ctx *ctx, const struct lint_req *req,
    const struct tctl_plans *plans, struct json_object *fixed,
    struct json_object **out, struct tctl_error *err)
{
	bool refused = plans->errors > 0;
	enum tctl_status status = TCTL_OK;

	if (refused && (ctx->global->json || !req->sarif)) {
		status = tctl_plans_refuse(ctx, plans, out, err);
	} else {
		*out = json_object_new_object();
		json_object_object_add(
		    *out, "diagnostics", tctl_plans_diagnose(plans));
		if (refused)
			ctx->exit_code = tctl_status_exit(TCTL_EINVALID);
	}
	json_object_object_add(*out, "plans", recognised(plans));
	if (req->fix_ids)
		json_object_object_add(*out, "fixed", json_object_get(fixed));
	if (req->sarif)
		json_object_object_add(*out, "sarif",
		    tctl_sarif(tctl_get_object(*out, "diagnostics")));
	return status;
}

static enum tctl_status
check_request(const struct lint_req *req, struct tctl_error *err)
{
	if (req->files.count == 0 && !req->codes) {
		tctl_fail(err, TCTL_EUSAGE, "lint: FILE is missing");
		return tctl_hint(err, "see taskctl lint --help");
	}
	return tctl_lint_codes_check(&req->disabled, err);
}

static enum tctl_status
lint_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct lint_req *req = request;
	struct json_object *fixed;
	struct tctl_error none;
	struct tctl_plans plans = { .count = 0 };
	enum tctl_status status = check_request(req, err);

	if (status == TCTL_OK && req->codes) {
		*out = json_object_new_object();
		json_object_object_add(*out, "codes", tctl_lint_codes_json());
		return TCTL_OK;
	}
	if (status != TCTL_OK)
		return status;
	fixed = json_object_new_array();
	/* Where there is a coordinator, a day is as long as it says. */
	if (tctl_place_find(".", &ctx->place, &none) == TCTL_OK)
		ctx->has_config = tctl_config_read(ctx->place.tasks,
				      &ctx->config, &none) == TCTL_OK;
	if (req->fix_ids)
		status = fix_all(ctx, req, fixed, err);
	if (status == TCTL_OK)
		status = read_all(ctx, req, &plans, err);
	if (status != TCTL_OK)
		*out = tctl_plans_place(&req->files, err);
	else
		status = answer(ctx, req, &plans, fixed, out, err);
	json_object_put(fixed);
	tctl_plans_release(&plans);
	return status;
}

static void
put_fixed(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *fixed = tctl_get_object(out, "fixed");

	for (size_t i = 0; i < tctl_get_count(out, "fixed"); i++) {
		struct json_object *one = json_object_array_get_idx(fixed, i);

		tctl_put(ctx, to, TCTL_BOLD, tctl_get(one, "file"));
		fprintf(to, ": %zu ids written\n", tctl_get_count(one, "ids"));
	}
}

static void
lint_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *plans = tctl_get_object(out, "plans");
	struct json_object *diagnostics = tctl_get_object(out, "diagnostics");

	if (tctl_get_object(out, "codes") != NULL) {
		tctl_lint_codes_page(to);
		return;
	}
	if (tctl_get_object(out, "sarif") != NULL) {
		fputs(json_object_to_json_string_ext(
			  tctl_get_object(out, "sarif"),
			  JSON_C_TO_STRING_PRETTY |
			      JSON_C_TO_STRING_NOSLASHESCAPE),
		    to);
		fputs("\n", to);
		return;
	}
	put_fixed(ctx, to, out);
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

const struct tctl_command tctl_command_lint = {
	.name = "lint",
	.group = TCTL_GROUP_SET_UP,
	.summary = "check plans without loading them",
	.about = "Every complaint has its file, line and column, a code, and "
		 "what was expected. Warnings are contradictions: the exit "
		 "code stays 0. Errors forbid loading: exit 8. Notes are only "
		 "said. What each code means, with an example and what to do, "
		 "is printed by --codes.\n\n"
		 "Of each plan is said which dialect it was read as, and by "
		 "what it was recognised.\n\n"
		 "--fix-ids writes ids into the plan for tasks to which it "
		 "gives none: those that were made for them, so that nothing "
		 "is lost when titles change: at the end of the line, as "
		 "{#paint-the-walls}. No other byte changes, and doing it "
		 "again changes nothing.\n\n"
		 "--sarif prints the Static Analysis Results Interchange "
		 "Format, with errors too; the exit code is the same.",
	.example = "$ taskctl lint docs/plan.md\n"
		   "$ taskctl lint docs/plan.md --disable range --sarif",
	.param = lint_rows,
	.req_size = sizeof(struct lint_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = lint_run,
	.text = lint_text,
	.loads = true,
};
