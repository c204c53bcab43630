/* plan_set.c - the plans of one call, and what is wrong with them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_set.h"
#include "print.h"
#include "taskctl/json.h"

const char *
tctl_plans_name(struct tctl_ctx *ctx, const char *path)
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

enum tctl_status
tctl_plans_add(struct tctl_ctx *ctx, struct tctl_plans *plans, const char *path,
    const struct tctl_plan_options *options, struct tctl_error *err)
{
	struct tctl_plan *plan = NULL;
	enum tctl_status status =
	    tctl_plan_file_read(path, options, &plan, err);

	if (status != TCTL_OK)
		return status;
	plans->at = tctl_arena_grow(
	    ctx->arena, plans->at, plans->count, sizeof(struct tctl_plan *));
	plans->at[plans->count++] = plan;
	plans->errors += plan->error_count;
	return TCTL_OK;
}

void
tctl_plans_join(struct tctl_plans *plans, const char *name)
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

void
tctl_plans_release(struct tctl_plans *plans)
{
	for (size_t i = 0; i < plans->count; i++)
		tctl_plan_free(plans->at[i]);
}

struct json_object *
tctl_plans_place(const struct tctl_strings *files, const struct tctl_error *err)
{
	struct json_object *out = json_object_new_object();

	for (size_t i = 0; i < files->count; i++) {
		const char *file = files->at[i];
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

struct json_object *
tctl_plans_diagnose(const struct tctl_plans *plans)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < plans->count; i++)
		tctl_plan_file_diagnose(array, plans->at[i]);
	return array;
}

enum tctl_status
tctl_plans_refuse(struct tctl_ctx *ctx, const struct tctl_plans *plans,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_diagnostic *first = NULL;

	*out = json_object_new_object();
	json_object_object_add(*out, "diagnostics", tctl_plans_diagnose(plans));
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
