/* write_back.c - what has become of a plan, written into its file. */
#include <stdlib.h>
#include <string.h>

#include "plan_set.h"
#include "print.h"
#include "replace.h"
#include "taskctl/json.h"
#include "taskctl/text.h"
#include "write_back.h"

enum { ATTEMPTS = 20 };

/* One attempt at a file. */
struct attempt {
	struct tctl_ctx *ctx;
	const char *path;
	const struct tctl_plan_options *options;
	bool dry_run;
	tctl_restore_fn *restore;
	void *into;
	struct tctl_target target;
	char *bytes;
	size_t length;
	struct tctl_plan *plan;
	struct tctl_write_back what;
	char *made;
	size_t made_length;
};

static struct json_object *
describe(const struct attempt *at)
{
	const struct tctl_write_back *what = &at->what;
	struct json_object *out = json_object_new_object();
	struct json_object *said = json_object_new_array();

	for (size_t i = 0; i < what->said_count; i++)
		json_object_array_add(
		    said, tctl_json_diagnostic(&what->said[i]));
	json_object_object_add(out, "file", tctl_json_text(at->plan->file));
	json_object_object_add(
	    out, "places", json_object_new_int64((int64_t)what->places));
	json_object_object_add(out, "ticked", tctl_json_strings(&what->ticked));
	json_object_object_add(
	    out, "unticked", tctl_json_strings(&what->unticked));
	json_object_object_add(out, "said", said);
	if (at->dry_run) {
		char *diff = tctl_text_diff(at->path, at->bytes, at->length,
		    at->made == NULL ? at->bytes : at->made,
		    at->made == NULL ? at->length : at->made_length);

		json_object_object_add(
		    out, "diff", json_object_new_string(diff));
		free(diff);
	}
	return out;
}

/* What was written is what the plan says from now on. */
static enum tctl_status
take_in(struct attempt *at, struct tctl_error *err)
{
	struct tctl_plan *plan = NULL;
	enum tctl_status status = tctl_plan_file_parse(
	    at->path, at->made, at->made_length, at->options, &plan, err);

	if (status == TCTL_OK)
		status = at->restore(at->into, plan, err);
	tctl_plan_free(plan);
	return status;
}

static enum tctl_status
write_file(struct attempt *at, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_plan_write_back(at->bytes, at->length, at->plan, at->options,
		at->what.done, &at->made, &at->made_length, err);

	if (status == TCTL_EINVALID)
		return tctl_plan_file_place(at->path, err);
	if (status != TCTL_OK || at->dry_run)
		return status;
	status = tctl_target_replace(
	    &at->target, at->bytes, at->length, at->made, at->made_length, err);
	return status == TCTL_OK ? take_in(at, err) : status;
}

/* Errors may have come into the file since it was read. */
static enum tctl_status
read_file(struct attempt *at, struct tctl_error *err)
{
	struct tctl_plans one = { .at = &at->plan, .count = 1 };
	struct json_object *out = NULL;
	enum tctl_status status =
	    tctl_plan_file_load(at->path, &at->bytes, &at->length, err);

	if (status == TCTL_OK)
		status = tctl_plan_file_parse(at->path, at->bytes, at->length,
		    at->options, &at->plan, err);
	if (status == TCTL_OK && at->plan->error_count > 0) {
		one.errors = at->plan->error_count;
		status = tctl_plans_refuse(at->ctx, &one, &out, err);
		json_object_put(out);
	}
	return status;
}

static enum tctl_status
attempt(struct attempt *at, struct json_object *written, struct tctl_error *err)
{
	enum tctl_status status = read_file(at, err);

	if (status == TCTL_OK)
		status = at->restore(at->into, at->plan, err);
	if (status == TCTL_OK)
		status = tctl_write_back_compare(
		    &at->ctx->coord, at->plan, &at->what, err);
	if (status == TCTL_OK && at->what.places > 0)
		status = write_file(at, err);
	if (status == TCTL_OK)
		json_object_array_add(written, describe(at));
	if (at->what.arena != NULL)
		tctl_write_back_release(&at->what);
	tctl_plan_free(at->plan);
	free(at->bytes);
	free(at->made);
	return status;
}

enum tctl_status
tctl_write_back(struct tctl_ctx *ctx, const char *path,
    const struct tctl_plan_options *options, bool dry_run,
    tctl_restore_fn *restore, void *into, struct json_object *written,
    struct tctl_error *err)
{
	struct tctl_target target;
	enum tctl_status status =
	    tctl_target_lock(path, ctx->config.wait_ms, &target, err);

	if (status != TCTL_OK)
		return status;
	for (int i = 0; i == 0 || (status == TCTL_EBUSY && i < ATTEMPTS); i++) {
		struct attempt at = { .ctx = ctx,
			.path = path,
			.options = options,
			.dry_run = dry_run,
			.restore = restore,
			.into = into,
			.target = target };

		status = attempt(&at, written, err);
	}
	tctl_target_unlock(&target);
	return status;
}

/* --- in words --------------------------------------------------------- */

/* Line by line, so that the ends of lines stay what they are. */
static void
put_diff(FILE *to, const char *diff)
{
	while (*diff != '\0') {
		size_t n = strcspn(diff, "\n"), shown = n;
		char *line;

		shown -= n > 0 && diff[n - 1] == '\r';
		line = tctl_xprintf("%.*s", (int)shown, diff);
		/* Byte order mark and all: patch must find the line. */
		tctl_text_inert(to, line);
		free(line);
		fputs(shown < n ? "\r\n" : "\n", to);
		diff += n + (diff[n] == '\n');
	}
}

static void
put_ids(FILE *to, const char *verb, struct json_object *ids)
{
	if (json_object_array_length(ids) == 0)
		return;
	fprintf(to, "  %s: ", verb);
	tctl_put_ids(to, ids);
	fputs("\n", to);
}

void
tctl_write_back_text(struct tctl_ctx *ctx, FILE *to, struct json_object *answer)
{
	struct json_object *written = tctl_get_object(answer, "written");

	for (size_t i = 0; i < tctl_get_count(answer, "written"); i++) {
		struct json_object *one = json_object_array_get_idx(written, i);
		int64_t places = tctl_get_number(one, "places");

		if (tctl_get_object(one, "diff") != NULL) {
			put_diff(to, tctl_get(one, "diff"));
		} else {
			tctl_put(ctx, to, TCTL_BOLD, tctl_get(one, "file"));
			if (places == 0)
				fputs(": nothing to write\n", to);
			else
				fprintf(to, ": %d place%s changed\n",
				    (int)places, places == 1 ? "" : "s");
			put_ids(to, "ticked", tctl_get_object(one, "ticked"));
			put_ids(
			    to, "unticked", tctl_get_object(one, "unticked"));
		}
		tctl_plan_file_print(ctx,
		    tctl_get_object(one, "diff") != NULL ? stderr : to,
		    tctl_get_object(one, "said"));
	}
}
