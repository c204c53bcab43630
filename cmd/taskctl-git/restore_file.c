/* restore_file.c - a store out of a backup. */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../taskctl/git_commands.h"
#include "../taskctl/remark.h"
#include "git.h"
#include "taskctl/backup.h"

struct restoring {
	struct tctl_ctx *ctx;
	const struct tctl_restore_req *req;
	const struct tctl_caller *who;
	char *beside; /* owned: the copy that becomes the store */
	char *aside;  /* owned: what was there, or NULL */
	struct tctl_store *copy;
	struct tctl_coord coord; /* of that copy */
	struct tctl_drawn drawn; /* what git knows of */
	struct tctl_restored out;
};

/* --- the copy ----------------------------------------------------------------
 */

/* Looked at before anything is ended or moved for it. */
static enum tctl_status
open_copy(struct restoring *r, struct tctl_error *err)
{
	struct tctl_copy holds;
	enum tctl_status status = tctl_store_verify(r->beside, err);

	if (status ==
	    TCTL_OK) /* of an older version it is brought up to date */
		status = tctl_store_open(r->beside, TCTL_OPEN_WRITE,
		    r->ctx->config.wait_ms, &r->copy, err);
	return status == TCTL_OK ? tctl_copy_read(r->copy, &holds, err)
				 : status;
}

/* The backup may lie anywhere, on a disk that cannot be written too; what is
 * worked on is a copy beside the store. */
static enum tctl_status
copy_here(struct restoring *r, struct tctl_error *err)
{
	struct tctl_store *backup = NULL;
	const char *file = r->req->file;
	enum tctl_status status;

	if (access(file, R_OK) != 0)
		return tctl_fail(err,
		    errno == ENOENT ? TCTL_ENOTFOUND : TCTL_EFAILED,
		    "cannot read %s: %s", file, strerror(errno));
	if (tctl_copy_is_store(&r->ctx->place, file))
		return tctl_fail(
		    err, TCTL_EFAILED, "%s is the store itself", file);
	status = tctl_store_open(
	    file, TCTL_OPEN_COPY, r->ctx->config.wait_ms, &backup, err);
	if (status == TCTL_OK)
		status = tctl_store_copy(backup, r->beside,
		    tctl_store_mode(r->ctx->place.store), err);
	tctl_store_close(backup);
	if (status == TCTL_OK)
		status = open_copy(r, err);
	if (status == TCTL_ECORRUPT) {
		struct tctl_error why = *err;

		tctl_fail(err, TCTL_ECORRUPT, "%s: %.800s", file, why.text);
		tctl_hint(
		    err, why.cause == TCTL_NEWER_SCHEMA
			     ? "nothing was changed; install the newer taskctl"
			     : "nothing was changed; take another backup");
	}
	r->coord = (struct tctl_coord){ .store = r->copy,
		.config = &r->ctx->config,
		.place = &r->ctx->place };
	return status;
}

/* --- what git knows ------------------------------------------------------- */

/* The tokens of events that came after the backup. */
static enum tctl_status
read_log(struct tctl_log *log, struct tctl_drawn *drawn, struct tctl_error *err)
{
	enum { DEPTH_MOST = 16 };
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
	const char *line = NULL;
	size_t length;
	enum tctl_status status;

	if (tokener == NULL)
		tctl_die_nomem();
	while ((status = log->next(log, &line, &length, err)) == TCTL_OK &&
	       line != NULL) {
		struct tctl_arena *arena = tctl_arena_new();
		struct tctl_event event;

		status =
		    tctl_event_parse(tokener, arena, line, length, &event, err);
		if (status == TCTL_OK)
			*drawn = tctl_drawn_most(*drawn,
			    (struct tctl_drawn){ event.token, event.id });
		tctl_arena_free(arena);
		if (status != TCTL_OK)
			break;
	}
	json_tokener_free(tokener);
	return status;
}

static enum tctl_status
ask_git(struct restoring *r, struct tctl_error *err)
{
	struct tctl_git git = { .queue = -1 };
	struct tctl_git_tip tip = { .commit = NULL };
	struct tctl_log *log = NULL;
	struct tctl_copy copy;
	enum tctl_status status = tctl_copy_read(r->copy, &copy, err);

	if (status == TCTL_OK)
		status = tctl_git_open(r->ctx, &git, err);
	if (status == TCTL_OK)
		status = tctl_git_tip_read(&git, &tip, err);
	if (status == TCTL_OK && tip.event != 0) {
		r->drawn.event = tip.event;
		status = tctl_git_log_open(&git, &tip, copy.event, &log, err);
		if (status == TCTL_OK)
			status = read_log(log, &r->drawn, err);
	}
	tctl_git_log_close(log);
	tctl_git_tip_release(&tip);
	tctl_git_close(&git);
	return status;
}

/* Where there is no repository, git knows nothing; where it cannot be read,
 * nobody knows what it does. */
static void
look_at_git(struct restoring *r)
{
	struct tctl_error why;

	if (r->ctx->place.repo != NULL && ask_git(r, &why) != TCTL_OK)
		r->drawn = tctl_drawn_by_now(tctl_wall_ms());
}

/* --- putting it in place ---------------------------------------------------
 */

/* damaged: as tctl_store_install says. */
static enum tctl_status
put_new(struct restoring *r, int64_t damaged, struct tctl_error *err)
{
	const char *path = r->ctx->place.store;
	/* Nobody can say what was drawn by what was there, if anything was. */
	struct tctl_drawn drawn =
	    tctl_drawn_most(r->drawn, tctl_drawn_by_now(tctl_wall_ms()));
	enum tctl_status status;

	status = tctl_copy_revive(&r->coord, r->who, r->req->message,
	    r->req->file, &drawn, 0, &r->out, err);
	if (status == TCTL_OK)
		status = tctl_store_flush(r->copy, err);
	tctl_store_close(r->copy);
	r->copy = NULL;
	if (status == TCTL_OK)
		status = tctl_store_install(r->beside, path, damaged,
		    r->ctx->config.wait_ms, &r->aside, err);
	return status;
}

static enum tctl_status
put_over(struct restoring *r, const struct stat *there, struct tctl_error *err)
{
	const struct tctl_place *place = &r->ctx->place;
	struct tctl_coord coord = { .config = &r->ctx->config, .place = place };
	enum tctl_status status = tctl_store_open(place->store, TCTL_OPEN_WRITE,
	    r->ctx->config.wait_ms, &coord.store, err);

	if (status == TCTL_OK) {
		r->aside = tctl_xprintf("%s-replaced-%lld", place->store,
		    (long long)tctl_wall_ms());
		status = tctl_store_replace(&coord, r->who, r->req->force,
		    r->req->message, r->req->file, &r->coord, &r->drawn,
		    r->aside, &r->out, err);
	}
	tctl_store_close(coord.store);
	/* A newer taskctl's is sound, and that one can restore over it. */
	if (status != TCTL_ECORRUPT || err->cause == TCTL_NEWER_SCHEMA)
		return status;
	if (!r->req->force)
		return tctl_hint(err,
		    "whether somebody is at work cannot be seen; look at what "
		    "is wrong first: taskctl doctor");
	/* Its leases cannot be asked for, and it cannot be written. */
	tctl_remark(TCTL_REMARK_WARNING, "%s", err->text);
	tctl_restored_release(&r->out);
	memset(&r->out, 0, sizeof(r->out));
	free(r->aside);
	r->aside = NULL;
	return put_new(r, (int64_t)there->st_ino, err);
}

static enum tctl_status
put(struct restoring *r, struct tctl_error *err)
{
	const char *path = r->ctx->place.store;
	struct stat there;
	enum tctl_status status;

	tctl_store_clear_up(path, TCTL_RESTORING);
	tctl_store_remove(r->beside);
	status = copy_here(r, err);
	if (status != TCTL_OK)
		return status;
	look_at_git(r);
	return lstat(path, &there) != 0 ? put_new(r, 0, err)
					: put_over(r, &there, err);
}

enum tctl_status
tctl_git_restore_file(struct tctl_ctx *ctx, const struct tctl_restore_req *req,
    const struct tctl_caller *who, struct json_object **out,
    struct tctl_error *err)
{
	struct restoring r = { .ctx = ctx, .req = req, .who = who };
	const char *path = ctx->place.store;
	enum tctl_status status;

	if (strstr(path, "://") != NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    "only a store in a file can be restored");
	r.beside = tctl_store_beside(path, TCTL_RESTORING);
	status = put(&r, err);
	tctl_store_close(r.copy);
	tctl_store_remove(r.beside);
	if (status == TCTL_OK)
		*out = tctl_git_restored_json(
		    ctx, &r.out, req->file, NULL, r.aside);
	tctl_restored_release(&r.out);
	free(r.beside);
	free(r.aside);
	return status;
}
