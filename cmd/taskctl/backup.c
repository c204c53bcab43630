/* backup.c - taskctl backup: the store as one file, for keeping. */

#include "commands.h"
#include "print.h"
#include "taskctl/backup.h"
#include "taskctl/json.h"

struct backup_req {
	const char *file;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "FILE", .kind = TCTL_KIND_FILE,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct backup_req, file),
	  .help = "where to write it" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
backup_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct backup_req *req = request;
	struct tctl_backup made;
	enum tctl_status status =
	    tctl_backup(&ctx->coord, req->file, &made, err);

	if (status != TCTL_OK)
		return status;
	*out = json_object_new_object();
	tctl_json_add(*out, "file", tctl_json_text(req->file));
	tctl_json_add(*out, "store", tctl_json_text(made.copy.store));
	tctl_json_add(
	    *out, "copied", json_object_new_int64((int64_t)made.copy.tasks));
	tctl_json_add(
	    *out, "events", json_object_new_int64((int64_t)made.copy.events));
	tctl_json_add(
	    *out, "last_event", json_object_new_int64(made.copy.event));
	tctl_json_add(
	    *out, "newest_token", json_object_new_int64(made.copy.token));
	tctl_json_add(*out, "bytes", json_object_new_int64(made.bytes));
	tctl_json_add(*out, "replaced", json_object_new_boolean(made.replaced));
	return TCTL_OK;
}

static void
backup_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	fprintf(to, "copied %s tasks and %s events (%s bytes) to ",
	    tctl_get(out, "copied"), tctl_get(out, "events"),
	    tctl_get(out, "bytes"));
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "file"));
	fputs(tctl_get_bool(out, "replaced")
		  ? "\n  in place of an older backup of the same work\n"
		  : "\n",
	    to);
}

const struct tctl_command tctl_command_backup = {
	.name = "backup",
	.group = TCTL_GROUP_CARE,
	.summary = "copy the store to a file, consistent while others work",
	.about =
	    "One moment of the store, checked after it was written, in a file "
	    "that is there whole or not at all. It is private as the store is, "
	    "may lie on any file system, and comes back with restore FILE. "
	    "Nobody has to stop working for it.\n\n"
	    "A file that is there already is refused, unless it is an older "
	    "backup of the same work: then everything in it is in the new one "
	    "too. So a backup of each weekday can be made under seven names.",
	.example = "$ taskctl backup /var/backups/app-$(date +%a).db",
	.param = rows,
	.req_size = sizeof(struct backup_req),
	.needs = TCTL_NEEDS_READ,
	.run = backup_run,
	.text = backup_text,
	.quiet = tctl_put_written_quiet,
};
