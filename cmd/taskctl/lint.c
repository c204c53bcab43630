/* lint.c - taskctl lint: what is wrong with plans. */
#include <string.h>

#include "commands.h"
#include "plan_set.h"
#include "print.h"
#include "taskctl/json.h"

struct lint_req {
	struct tctl_strings files;
	const char *format;
};

#define AT(member) offsetof(struct lint_req, member)

/* clang-format off */
static const struct tctl_param lint_rows[] = {
	TCTL_FILES_ROW(struct lint_req),
	TCTL_FORMAT_ROW(struct lint_req),
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

static enum tctl_status
lint_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct lint_req *req = request;
	struct tctl_error none;
	struct tctl_plans plans = { .count = 0 };
	enum tctl_status status = TCTL_OK;

	/* Where there is a coordinator, a day is as long as it says. */
	if (tctl_place_find(".", &ctx->place, &none) == TCTL_OK)
		ctx->has_config = tctl_config_read(ctx->place.tasks,
				      &ctx->config, &none) == TCTL_OK;
	for (size_t i = 0; status == TCTL_OK && i < req->files.count; i++) {
		const char *path = req->files.at[i];
		const struct tctl_plan_options options = {
			.file = tctl_plans_name(ctx, path),
			.format = req->format,
			.hours_per_day = (int)ctx->config.hours_per_day,
		};

		status = tctl_plans_add(ctx, &plans, path, &options, err);
	}
	if (status != TCTL_OK) {
		*out = tctl_plans_place(&req->files, err);
	} else if (plans.errors > 0) {
		status = tctl_plans_refuse(ctx, &plans, out, err);
	} else {
		*out = json_object_new_object();
		json_object_object_add(*out, "plans", recognised(&plans));
		json_object_object_add(
		    *out, "diagnostics", tctl_plans_diagnose(&plans));
	}
	tctl_plans_release(&plans);
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

const struct tctl_command tctl_command_lint = {
	.name = "lint",
	.group = TCTL_GROUP_SET_UP,
	.summary = "check plans without loading them",
	.about = "Every complaint has its file, line and column, a code, and "
		 "what was expected. Warnings are contradictions: the exit "
		 "code stays 0. Errors forbid loading: exit 8.",
	.example = "$ taskctl lint docs/plan.md",
	.param = lint_rows,
	.req_size = sizeof(struct lint_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = lint_run,
	.text = lint_text,
};
