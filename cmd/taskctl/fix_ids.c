/* fix_ids.c - the ids that were made for a plan, written into its file. */
#include <json-c/json.h>
#include <stdlib.h>

#include "fix_ids.h"
#include "replace.h"
#include "taskctl/json.h"

enum { ATTEMPTS = 20 };

static struct json_object *
describe(const struct tctl_plan *plan)
{
	struct json_object *out = json_object_new_object();
	struct json_object *ids = json_object_new_array();

	for (size_t i = 0; i < plan->made_count; i++)
		json_object_array_add(
		    ids, tctl_json_text(plan->task[plan->made[i].task].id));
	json_object_object_add(out, "file", tctl_json_text(plan->file));
	json_object_object_add(out, "ids", ids);
	return out;
}

static enum tctl_status
write_ids(const struct tctl_target *target, const char *path, const char *bytes,
    size_t length, const struct tctl_plan *plan,
    const struct tctl_plan_options *options, struct tctl_error *err)
{
	char *made = NULL;
	size_t made_length = 0;
	enum tctl_status status = tctl_plan_fix_ids(
	    bytes, length, plan, options, &made, &made_length, err);

	if (status == TCTL_EINVALID)
		return tctl_plan_file_place(path, err);
	if (status == TCTL_OK)
		status = tctl_target_replace(
		    target, bytes, length, made, made_length, err);
	free(made);
	return status;
}

static enum tctl_status
attempt(const struct tctl_target *target, const char *path,
    const struct tctl_plan_options *options, struct json_object *fixed,
    struct tctl_error *err)
{
	struct tctl_plan *plan = NULL;
	char *bytes = NULL;
	size_t length = 0;
	enum tctl_status status =
	    tctl_plan_file_load(path, &bytes, &length, err);

	if (status == TCTL_OK)
		status = tctl_plan_file_parse(
		    path, bytes, length, options, &plan, err);
	if (status == TCTL_OK && plan->made_count > 0)
		status =
		    write_ids(target, path, bytes, length, plan, options, err);
	if (status == TCTL_OK)
		json_object_array_add(fixed, describe(plan));
	tctl_plan_free(plan);
	free(bytes);
	return status;
}

enum tctl_status
tctl_fix_ids(const char *path, int64_t wait_ms,
    const struct tctl_plan_options *options, struct json_object *fixed,
    struct tctl_error *err)
{
	struct tctl_target target;
	enum tctl_status status = tctl_target_lock(path, wait_ms, &target, err);

	if (status != TCTL_OK)
		return status;
	for (int i = 0; i == 0 || (status == TCTL_EBUSY && i < ATTEMPTS); i++)
		status = attempt(&target, path, options, fixed, err);
	tctl_target_unlock(&target);
	return status;
}
