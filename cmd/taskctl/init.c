/* init.c - taskctl init: make .tasks/. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asset.h"
#include "commands.h"
#include "file_replace.h"
#include "init.h"
#include "print.h"
#include "taskctl/json.h"

struct init_req {
	bool scripts;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "scripts", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct init_req, scripts),
	  .help = "also write scripts/agent_start.sh and its companions, which "
	  "behave as the old ones did, on top of taskctl" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* What is made, by asset and place; never over a file that is there. */
static const struct {
	const char *asset;
	const char *path; /* from the root */
	mode_t mode;
	bool is_script;
} made[] = {
	{ "gitignore", ".tasks/.gitignore", 0666, false },
	{ "README.md", ".tasks/README.md", 0666, false },
	{ "agent_start.sh", "scripts/agent_start.sh", 0777, true },
	{ "agent_complete.sh", "scripts/agent_complete.sh", 0777, true },
	{ "agent_heartbeat.sh", "scripts/agent_heartbeat.sh", 0777, true },
	{ "agent_status.sh", "scripts/agent_status.sh", 0777, true },
};

static const char *
asset_text(const char *name)
{
	for (const struct tctl_asset *asset = tctl_asset; asset->name != NULL;
	     asset++)
		if (strcmp(asset->name, name) == 0)
			return asset->text;
	return "";
}

static enum tctl_status
make_folder(const char *path, mode_t mode, struct tctl_error *err)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return TCTL_OK;
	return tctl_fail(
	    err, TCTL_EFAILED, "cannot make %s: %s", path, strerror(errno));
}

/* Whole, or not at all: written under another name, and renamed to its own,
 * which fails where somebody's file is. */
static bool
make_file(const char *path, mode_t mode, const char *text)
{
	char *aside = tctl_xprintf("%s.%ld", path, (long)getpid());
	int fd, saved;
	bool ok;

	unlink(aside);
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	ok =
	    fd >= 0 && tctl_write_all(fd, text, strlen(text)) && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		ok = false;
	ok = ok && tctl_rename_new(aside, path) == 0;
	saved = errno;
	unlink(aside);
	errno = saved;
	free(aside);
	return ok;
}

/* What was made in a folder is there after a power cut, too. */
static enum tctl_status
sync_names(const char *root, const char *folder, struct tctl_error *err)
{
	char *path = tctl_xprintf("%s/%s", root, folder);
	enum tctl_status status = TCTL_OK;

	if (!tctl_folder_sync(path))
		status = tctl_fail(err, TCTL_EFAILED, "cannot sync %s: %s",
		    path, strerror(errno));
	free(path);
	return status;
}

static enum tctl_status
write_file(const char *root, const char *path, mode_t mode, const char *text,
    struct json_object *list, struct tctl_error *err)
{
	char *full = tctl_xprintf("%s/%s", root, path);
	enum tctl_status status = TCTL_OK;

	if (make_file(full, mode, text))
		json_object_array_add(list, json_object_new_string(path));
	else if (errno != EEXIST)
		status = tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
		    full, strerror(errno));
	free(full);
	return status;
}

enum tctl_status
tctl_init_files(const char *root, bool scripts, struct json_object *list,
    struct tctl_error *err)
{
	char *folder = tctl_xprintf("%s/scripts", root);
	enum tctl_status status =
	    scripts ? make_folder(folder, 0777, err) : TCTL_OK;

	free(folder);
	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(made); i++)
		if (scripts || !made[i].is_script)
			status = write_file(root, made[i].path, made[i].mode,
			    asset_text(made[i].asset), list, err);
	if (status == TCTL_OK && scripts)
		status = sync_names(root, "scripts/", err);
	if (status == TCTL_OK)
		status = sync_names(root, ".tasks/", err);
	return status != TCTL_OK ? status : sync_names(root, "", err);
}

/* Two that come at once both succeed: the second finds what the first made;
 * and what somebody who died has left half made is finished. */
static enum tctl_status
make_store(struct tctl_ctx *ctx, bool *made_it, struct tctl_error *err)
{
	struct tctl_store *store = NULL;
	enum tctl_status status = tctl_store_open(ctx->place.store,
	    TCTL_OPEN_CREATE, ctx->config.wait_ms, &store, err);

	*made_it = false;
	if (status == TCTL_OK)
		status = tctl_coord_init(store, made_it, err);
	tctl_store_close(store);
	return status;
}

/* To the group whose the repository is, whatever umask says and whoever makes
 * it: that one's own first group may be everybody's. */
static bool
give_to_group(const struct tctl_place *place)
{
	struct stat tasks, repo;

	return stat(place->tasks, &tasks) == 0 &&
	       stat(place->repo, &repo) == 0 &&
	       (tasks.st_gid == repo.st_gid ||
		   lchown(place->tasks, (uid_t)-1, repo.st_gid) == 0) &&
	       chmod(place->tasks, (tasks.st_mode & 07777) | 02070) == 0;
}

/* Private but for the names in it; or the group's, as git makes the folders of
 * a shared repository. */
static enum tctl_status
make_tasks(const struct tctl_place *place, struct tctl_error *err)
{
	enum tctl_status status = make_folder(place->tasks, 0777, err);

	if (status == TCTL_OK && tctl_place_is_shared(place) &&
	    !give_to_group(place))
		status = tctl_fail(err, TCTL_EFAILED,
		    "cannot give %s to its group: %s", place->tasks,
		    strerror(errno));
	return status;
}

static enum tctl_status
find_place(struct tctl_ctx *ctx, struct tctl_error *err)
{
	struct tctl_error ignored;
	bool overlay;
	enum tctl_status status = tctl_place_find(".", &ctx->place, &ignored);

	if (status == TCTL_ENOTFOUND) {
		ctx->place.tasks = tctl_xprintf("%s/.tasks", ctx->place.root);
		/* Asked before anything is made; with --db it is elsewhere. */
		if (ctx->global->db == NULL && getenv("TASKCTL_DB") == NULL)
			status =
			    tctl_store_fit(ctx->place.tasks, &overlay, err);
		else
			status = TCTL_OK;
		return status == TCTL_OK ? make_tasks(&ctx->place, err)
					 : status;
	}
	if (status != TCTL_OK)
		*err = ignored;
	return status;
}

enum tctl_status
tctl_init_place(struct tctl_ctx *ctx, bool *overlay, struct tctl_error *err)
{
	enum tctl_status status = find_place(ctx, err);

	if (status == TCTL_OK) {
		status = tctl_config_read(ctx->place.tasks, &ctx->config, err);
		ctx->has_config = status == TCTL_OK;
	}
	if (status != TCTL_OK)
		return status;
	tctl_ctx_choose_store(ctx);
	ctx->coord.config = &ctx->config;
	ctx->coord.place = &ctx->place;
	return tctl_store_fit(ctx->place.store, overlay, err);
}

static enum tctl_status
init_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct init_req *req = request;
	struct json_object *list = json_object_new_array();
	bool made_store = false, overlay = false;
	enum tctl_status status = tctl_init_place(ctx, &overlay, err);

	if (status == TCTL_OK)
		status =
		    tctl_init_files(ctx->place.root, req->scripts, list, err);
	if (status == TCTL_OK)
		status = make_store(ctx, &made_store, err);
	if (status != TCTL_OK) {
		json_object_put(list);
		return status;
	}
	if (overlay)
		fputs("taskctl: the store is on overlayfs: another container "
		      "has another store\n",
		    stderr);
	*out = json_object_new_object();
	json_object_object_add(*out, "tasks", tctl_json_text(ctx->place.tasks));
	json_object_object_add(*out, "store", tctl_json_text(ctx->place.store));
	json_object_object_add(
	    *out, "made_store", json_object_new_boolean(made_store));
	json_object_object_add(*out, "wrote", list);
	json_object_object_add(
	    *out, "ttl_s", json_object_new_int64(ctx->config.ttl_ms / 1000));
	json_object_object_add(*out, "max_attempts",
	    json_object_new_int64(ctx->config.max_attempts));
	json_object_object_add(
	    *out, "git_branch", tctl_json_text(ctx->config.git_branch));
	return TCTL_OK;
}

static void
init_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	bool made_store = tctl_get_bool(out, "made_store");

	if (!made_store && tctl_get_count(out, "wrote") == 0) {
		fputs("there already, nothing was changed: ", to);
		tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "tasks"));
		fputs("\n", to);
		return;
	}
	fputs(made_store ? "made " : "added to ", to);
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "tasks"));
	fputs("\n", to);
	if (tctl_get_count(out, "wrote") > 0) {
		fputs("  wrote ", to);
		tctl_put_ids(to, tctl_get_object(out, "wrote"));
		fputs("\n", to);
	}
	if (!made_store)
		return;
	fputs("  a lease lasts ", to);
	tctl_put_duration(to, tctl_get_number(out, "ttl_s"));
	fprintf(to,
	    " without a sign of life, a task is failed after %s lost "
	    "agents,\n  progress is committed to the branch ",
	    tctl_get(out, "max_attempts"));
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "git_branch"));
	fputs("; see all settings: taskctl config\n"
	      "next: taskctl import PLAN.md\n",
	    to);
}

const struct tctl_command tctl_command_init = {
	.name = "init",
	.group = TCTL_GROUP_SET_UP,
	.summary = "make .tasks/ here, and say the defaults",
	.about = "In a git repository at its top, inside a linked worktree at "
		 "the main one's. Doing it again changes nothing.",
	.example = "$ taskctl init",
	.param = rows,
	.req_size = sizeof(struct init_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = init_run,
	.text = init_text,
};
