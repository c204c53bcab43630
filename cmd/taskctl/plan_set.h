/* floor: cmd - the plans of one call, and what is wrong with them. */
#ifndef TASKCTL_CMD_PLAN_SET_H
#define TASKCTL_CMD_PLAN_SET_H

#include "plan_file.h"

/* Rows for a request struct with members files and format. */
/* clang-format off */
#define TCTL_FILES_ROW(type) \
	{ .name = "FILE", .kind = TCTL_KIND_FILE, \
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED | TCTL_PARAM_MANY, \
	  .offset = offsetof(type, files), \
	  .help = "a plan; - for standard input" }
#define TCTL_FORMAT_ROW(type) \
	{ .name = "format", .kind = TCTL_KIND_TEXT, .metavar = "F", \
	  .offset = offsetof(type, format), .fallback = "recognised by content", \
	  .help = "read it as this dialect" }
/* clang-format on */

struct tctl_plans {
	struct tctl_plan **at;
	size_t count;
	size_t errors; /* diagnostics that forbid loading */
};

/* The file as the store remembers it: from the folder of .tasks/, if below. */
const char *tctl_plans_name(struct tctl_ctx *ctx, const char *path);

/* Read one more; what was added before stays, also on a refusal. */
enum tctl_status tctl_plans_add(struct tctl_ctx *ctx, struct tctl_plans *plans,
    const char *path, const struct tctl_plan_options *options,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What holds a task a file is one plan, however many files are given. */
void tctl_plans_join(struct tctl_plans *plans, const char *name);

void tctl_plans_release(struct tctl_plans *plans);

/* For the error object: the place that a refusal of one of the files begins
 * with. */
struct json_object *tctl_plans_place(
    const struct tctl_strings *files, const struct tctl_error *err);

/* All diagnostics, as an array. */
struct json_object *tctl_plans_diagnose(const struct tctl_plans *plans);

/* Refuse plans with errors: the first in the sentence, all of them beside it.
 * Always TCTL_EINVALID. */
enum tctl_status tctl_plans_refuse(struct tctl_ctx *ctx,
    const struct tctl_plans *plans, struct json_object **out,
    struct tctl_error *err);

#endif
