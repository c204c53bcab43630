/* migrate.c - taskctl migrate: take over what the shell scripts left. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
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

/* Claim the task for the agent that the lock names. */
static const char *
take_over(struct tctl_ctx *ctx, const char *task, const char *agent)
{
	const struct tctl_who who = { agent, session, -1 };
	struct tctl_answer answer;
	struct tctl_caller caller;
	struct tctl_error err;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &who, NULL, &caller, &err);

	if (status != TCTL_OK)
		return tctl_arena_strdup(ctx->arena, err.text);
	status =
	    tctl_lease_claim(&ctx->coord, &caller, task, -1, &answer, &err);
	tctl_answer_release(&answer);
	return status == TCTL_OK ? "claimed"
				 : tctl_arena_strdup(ctx->arena, err.text);
}

/* Out of the way, but not lost: the file keeps its text under another name. */
static void
set_aside(const char *path)
{
	char *aside = tctl_xprintf("%s.migrated", path);

	if (rename(path, aside) != 0)
		fprintf(stderr, "taskctl: cannot rename %s: %s\n", path,
		    strerror(errno));
	free(aside);
}

static bool
is_task(struct tctl_ctx *ctx, const char *id)
{
	struct tctl_error unused;
	struct tctl_tasks task;
	bool found = tctl_task_show(&ctx->coord, id, &task, &unused) == TCTL_OK;

	if (found)
		tctl_tasks_release(&task);
	return found;
}

static void
migrate_lock(struct tctl_ctx *ctx, const char *folder, const char *file,
    bool dry_run, struct json_object *list)
{
	char *path = tctl_xprintf("%s/%s", folder, file);
	struct json_object *lock = json_object_from_file(path);
	const char *task = tctl_get(lock, "task_id");
	const char *agent = tctl_get(lock, "agent_id");
	const char *outcome;

	bool is_theirs = task[0] != '\0' && agent[0] != '\0' &&
			 tctl_get_object(lock, "token") == NULL;

	if (is_theirs && !is_task(ctx, task))
		outcome = "of no task here: left as it is";
	else if (task[0] == '\0' || agent[0] == '\0')
		outcome = "not a lock file of the scripts: left as it is";
	else if (tctl_get_object(lock, "token") != NULL)
		outcome = "taskctl's own: left as it is";
	else if (is_stale(ctx, lock))
		outcome = "its last heartbeat is older than a lease: not "
			  "claimed, set aside";
	else
		outcome = "would be claimed";
	if (!dry_run && is_theirs && is_task(ctx, task)) {
		set_aside(path);
		if (!is_stale(ctx, lock))
			outcome = take_over(ctx, task, agent);
	}
	note(list, file, task, agent, outcome);
	json_object_put(lock);
	free(path);
}

static bool
is_lock(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && strcmp(name + length - 5, ".lock") == 0;
}

static enum tctl_status
migrate_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct migrate_req *req = request;
	struct json_object *list = json_object_new_array();
	char *folder = tctl_xprintf("%s/locks", ctx->place.tasks);
	struct dirent **entry = NULL;
	int count = scandir(folder, &entry, NULL, alphasort);

	(void)err;
	for (int i = 0; i < count; i++) {
		if (is_lock(entry[i]->d_name))
			migrate_lock(
			    ctx, folder, entry[i]->d_name, req->dry_run, list);
		free(entry[i]);
	}
	free(entry);
	free(folder);
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
