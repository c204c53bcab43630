/* migrate.c - taskctl migrate: take over what the shell scripts left. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "plan_file.h"
#include "print.h"
#include "taskctl/json.h"

struct migrate_req {
	bool dry_run;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "dry-run", .letter = 'n', .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct migrate_req, dry_run),
	  .help = "say what would be taken over, change nothing" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* The session of leases that come from lock files: that of the scripts that
 * init --scripts writes, so that they can go on with them. */
static const char session[] = "scripts";

static int64_t
instant_ms(const char *rfc3339)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (strptime(rfc3339, "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		return 0;
	return (int64_t)timegm(&tm) * 1000;
}

/* What became of one lock file. */
static void
note(struct json_object *list, const char *file, const char *task,
    const char *agent, const char *outcome)
{
	struct json_object *one = json_object_new_object();

	json_object_object_add(one, "file", tctl_json_text(file));
	json_object_object_add(one, "task", tctl_json_text(task));
	json_object_object_add(one, "agent", tctl_json_text(agent));
	json_object_object_add(one, "outcome", tctl_json_text(outcome));
	json_object_array_add(list, one);
}

static bool
is_stale(struct tctl_ctx *ctx, struct json_object *lock)
{
	int64_t beat = instant_ms(tctl_get(lock, "last_heartbeat"));

	return (int64_t)time(NULL) * 1000 - beat > ctx->config.ttl_ms;
}

/* Claim the task for the agent that the lock names.  Refused: the outcome says
 * why; only what hinders the claim itself is a failure. */
static enum tctl_status
take_over(struct tctl_ctx *ctx, const char *task, const char *agent,
    const char **outcome, struct tctl_error *err)
{
	const struct tctl_who who = { agent, session, -1 };
	struct tctl_answer answer;
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &who, NULL, &caller, err);

	if (status == TCTL_OK) {
		status = tctl_lease_claim(
		    &ctx->coord, &caller, task, -1, &answer, err);
		tctl_answer_release(&answer);
	}
	if (status == TCTL_EFAILED || status == TCTL_EBUSY ||
	    status == TCTL_ECORRUPT)
		return status;
	*outcome = status == TCTL_OK ? "claimed"
				     : tctl_arena_strdup(ctx->arena, err->text);
	return TCTL_OK;
}

/* --- a file's names ------------------------------------------------------ */

/* A lock file is out of the old scripts' way while its claim is made, under a
 * name by which the next migrate finds it if this one dies; then it keeps its
 * text under another. */
static const char lock[] = ".lock", under_way[] = ".migrating",
		  taken_over[] = ".migrated";

static bool
ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), n = strlen(ending);

	return length > n && strcmp(name + length - n, ending) == 0;
}

static enum tctl_status
set_name(const char *from, const char *to, struct tctl_error *err)
{
	if (strcmp(from, to) == 0 || rename(from, to) == 0)
		return TCTL_OK;
	return tctl_fail(
	    err, TCTL_EFAILED, "cannot rename %s: %s", from, strerror(errno));
}

/* Path is the file as it was found. */
static enum tctl_status
migrate_file(struct tctl_ctx *ctx, const char *path, bool is_late,
    const char *task, const char *agent, const char **outcome,
    struct tctl_error *err)
{
	int length = (int)strlen(path) -
		     (ends_with(path, under_way) ? (int)strlen(under_way) : 0);
	char *theirs = tctl_xprintf("%.*s", length, path);
	char *between = tctl_xprintf("%s%s", theirs, under_way);
	char *ours = tctl_xprintf("%s%s", theirs, taken_over);
	enum tctl_status status = set_name(path, between, err);

	if (status == TCTL_OK && !is_late) {
		status = take_over(ctx, task, agent, outcome, err);
		/* Theirs again; if not even that, it is found under way. */
		if (status != TCTL_OK && link(between, theirs) == 0)
			unlink(between);
	}
	if (status == TCTL_OK)
		status = set_name(between, ours, err);
	free(theirs);
	free(between);
	free(ours);
	return status;
}

static enum tctl_status
find_task(
    struct tctl_ctx *ctx, const char *id, bool *found, struct tctl_error *err)
{
	struct tctl_tasks task;
	enum tctl_status status = tctl_task_show(&ctx->coord, id, &task, err);

	*found = status == TCTL_OK;
	if (*found)
		tctl_tasks_release(&task);
	return status == TCTL_ENOTFOUND || status == TCTL_EINVALID ? TCTL_OK
								   : status;
}

/* What the file says; NULL where it is no JSON. */
static enum tctl_status
read_lock(const char *path, struct json_object **out, struct tctl_error *err)
{
	struct json_tokener *tokener;
	char *bytes;
	size_t length;
	enum tctl_status status =
	    tctl_plan_file_load(path, &bytes, &length, err);

	if (status != TCTL_OK)
		return status == TCTL_EFAILED ? status : TCTL_OK;
	tokener = json_tokener_new();
	*out = json_tokener_parse_ex(tokener, bytes, (int)length);
	json_tokener_free(tokener);
	free(bytes);
	return TCTL_OK;
}

static enum tctl_status
migrate_lock(struct tctl_ctx *ctx, const char *folder, const char *file,
    bool dry_run, struct json_object *list, struct tctl_error *err)
{
	char *path = tctl_xprintf("%s/%s", folder, file);
	struct json_object *says = NULL;
	enum tctl_status status = read_lock(path, &says, err);
	const char *task = tctl_get(says, "task_id");
	const char *agent = tctl_get(says, "agent_id");
	bool is_lock = task[0] != '\0' && agent[0] != '\0', is_task = false;
	bool is_ours = tctl_get_object(says, "token") != NULL;
	bool is_late = is_stale(ctx, says);
	const char *outcome =
	    !is_lock  ? "not a lock file of the scripts: left as it is"
	    : is_ours ? "taskctl's own: left as it is"
	    : is_late ? "its last heartbeat is older than a lease: not "
			"claimed, set aside"
		      : "would be claimed";

	if (status == TCTL_OK && is_lock && !is_ours) {
		status = find_task(ctx, task, &is_task, err);
		if (!is_task)
			outcome = "of no task here: left as it is";
	}
	if (status == TCTL_OK && is_task && !dry_run)
		status = migrate_file(
		    ctx, path, is_late, task, agent, &outcome, err);
	note(list, file, task, agent, outcome);
	json_object_put(says);
	free(path);
	return status;
}

static enum tctl_status
migrate_folder(struct tctl_ctx *ctx, const char *folder, bool dry_run,
    struct json_object *list, struct tctl_error *err)
{
	struct dirent **entry = NULL;
	int count = scandir(folder, &entry, NULL, alphasort);
	enum tctl_status status = TCTL_OK;

	if (count < 0 && errno != ENOENT)
		return tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s",
		    folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *name = entry[i]->d_name;

		if (status == TCTL_OK &&
		    (ends_with(name, lock) || ends_with(name, under_way)))
			status =
			    migrate_lock(ctx, folder, name, dry_run, list, err);
		free(entry[i]);
	}
	free(entry);
	return status;
}

static enum tctl_status
migrate_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct migrate_req *req = request;
	struct json_object *list = json_object_new_array();
	char *folder = tctl_xprintf("%s/locks", ctx->place.tasks);
	enum tctl_status status =
	    migrate_folder(ctx, folder, req->dry_run, list, err);

	free(folder);
	if (status != TCTL_OK) {
		json_object_put(list);
		return status;
	}
	*out = json_object_new_object();
	json_object_object_add(*out, "locks", list);
	json_object_object_add(
	    *out, "dry_run", json_object_new_boolean(req->dry_run));
	if (!req->dry_run)
		tctl_ctx_follow_up(ctx, false);
	return TCTL_OK;
}

static void
migrate_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *locks = tctl_get_object(out, "locks");

	if (json_object_array_length(locks) == 0)
		fputs("no lock files of the scripts are here\n", to);
	for (size_t i = 0; i < json_object_array_length(locks); i++) {
		struct json_object *one = json_object_array_get_idx(locks, i);

		tctl_put(ctx, to, TCTL_BOLD, tctl_get(one, "file"));
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_YELLOW, tctl_get(one, "agent"));
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "outcome"));
		fputs("\n", to);
	}
}

const struct tctl_command tctl_command_migrate = {
	.name = "migrate",
	.group = TCTL_GROUP_CARE,
	.summary = "take over the shell scripts' lock files",
	.about =
	    "Import the plan first. Each lock file of agent_start.sh whose "
	    "last heartbeat is younger than a lease becomes a claim of its "
	    "agent; the file is renamed to NAME.lock.migrated. What is older "
	    "is set aside too, and its task stays open.",
	.example = "$ taskctl migrate --dry-run",
	.param = rows,
	.req_size = sizeof(struct migrate_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = migrate_run,
	.text = migrate_text,
};
