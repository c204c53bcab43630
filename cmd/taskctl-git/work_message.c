/* work_message.c - the message, the user's hooks, and the commit itself. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../taskctl/child.h"
#include "../taskctl/file_replace.h"
#include "taskctl/json.h"
#include "taskctl/text.h"
#include "work.h"

/* --- the message -------------------------------------------------------------
 */

/* Text as `git commit -m` cleans it up: no blanks at the ends of lines, no
 * empty lines around it. */
static enum tctl_status
clean(const struct tctl_work *work, const char *text, const char **out,
    struct tctl_error *err)
{
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status;

	call.in = text;
	call.in_length = strlen(text);
	status = tctl_user_git(&call, err, "stripspace", NULL);
	*out = call.out;
	if (status == TCTL_OK && call.out[0] == '\0')
		status = tctl_fail(
		    err, TCTL_EINVALID, "the commit's message is empty");
	return status;
}

/* Our trailers in the place of those of the same name. */
static enum tctl_status
add_trailers(const struct tctl_work *work, const char *text, const char **out,
    struct tctl_error *err)
{
	struct tctl_user_git call = tctl_work_git(work);
	struct tctl_arena *arena = work->arena;
	enum tctl_status status;

	call.in = text;
	call.in_length = strlen(text);
	status = tctl_user_git(&call, err, "-c",
	    "trailer.separators=:", "interpret-trailers", "--no-divider",
	    "--where=end", "--if-exists=replace", "--if-missing=add",
	    "--trailer", tctl_arena_printf(arena, "Task:%s", work->task),
	    "--trailer", tctl_arena_printf(arena, "Agent:%s", work->agent),
	    "--trailer",
	    tctl_arena_printf(arena, "Token:%" PRId64, work->token),
	    "--trailer", tctl_arena_printf(arena, "Store:%s", work->store),
	    NULL);
	*out = call.out;
	return status;
}

static enum tctl_status
write_message(const struct tctl_work *work, struct tctl_error *err)
{
	int fd = open(
	    work->message_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok =
	    fd >= 0 && tctl_write_all(fd, work->message, strlen(work->message));

	if (!ok)
		tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
		    work->message_file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok ? TCTL_OK : TCTL_EFAILED;
}

/* What the hooks have made of it, with our trailers all the same. */
static enum tctl_status
read_message(struct tctl_work *work, struct tctl_error *err)
{
	FILE *file = fopen(work->message_file, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t n = file == NULL ? -1 : getdelim(&text, &size, '\0', file);
	enum tctl_status status = TCTL_OK;

	/* A hook may have emptied it, or taken it away. */
	if (file == NULL ? errno != ENOENT
			 : ferror(file) || (n < 0 && !feof(file)))
		status = tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s",
		    work->message_file, strerror(errno));
	if (file != NULL)
		fclose(file);
	if (status == TCTL_OK && (n < 0 || strcmp(text, work->message) != 0)) {
		status = clean(work, n < 0 ? "" : text, &work->message, err);
		if (status == TCTL_OK)
			status = add_trailers(
			    work, work->message, &work->message, err);
	}
	free(text);
	return status;
}

static enum tctl_status
compose(struct tctl_work *work, struct tctl_error *err)
{
	const char *text = work->req->message;
	enum tctl_status status = TCTL_OK;

	if (text != NULL)
		status = clean(work, text, &text, err);
	else if (work->title[0] == '\0')
		text = tctl_arena_printf(work->arena, "%s\n", work->task);
	else
		text = tctl_arena_printf(
		    work->arena, "%s: %s\n", work->task, work->title);
	if (status == TCTL_OK)
		status = add_trailers(work, text, &work->message, err);
	return status;
}

/* --- hooks -------------------------------------------------------------------
 */

/* What `taskctl run` tells its child, so that a hook that asks taskctl is
 * answered as the caller would be. */
static void
tell_hooks(const struct tctl_work *work)
{
	char token[32];

	snprintf(token, sizeof(token), "%" PRId64, work->token);
	setenv("TASKCTL_TASK", work->task, 1);
	setenv("TASKCTL_TOKEN", token, 1);
	setenv("TASKCTL_AGENT", work->agent, 1);
	setenv("TASKCTL_SESSION", work->caller.session, 1);
	/* As git commit -m: no hook shall ask a person. */
	setenv("GIT_EDITOR", ":", 1);
}

/* git before 2.36 has no `git hook`: run the file itself. */
static enum tctl_status
run_file(struct tctl_user_git *call, const char *name, const char *arg1,
    const char *arg2, struct tctl_error *err)
{
	struct tctl_user_git where = { .arena = call->arena,
		.folder = call->folder };
	enum tctl_status status =
	    tctl_user_git(&where, err, "rev-parse", "--git-path",
		tctl_arena_printf(call->arena, "hooks/%s", name), NULL);
	char *argv[4];
	struct tctl_child child = { .argv = argv,
		.folder = call->folder,
		.with = call->with,
		.shows = call->shows };
	char *path, *file;

	if (status != TCTL_OK)
		return status;
	path = tctl_arena_strdup(call->arena, tctl_user_git_line(&where));
	file = path[0] == '/' ? path
			      : tctl_arena_printf(
				    call->arena, "%s/%s", call->folder, path);
	call->code = 0;
	if (access(file, X_OK) != 0) /* git does not mind such a one either */
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES
			   ? TCTL_OK
			   : tctl_fail(err, TCTL_EFAILED,
				 "cannot look at %s: %s", file,
				 strerror(errno));
	argv[0] = file;
	argv[1] = tctl_arena_strdup(call->arena, arg1);
	argv[2] = tctl_arena_strdup(call->arena, arg2);
	argv[3] = NULL;
	status = tctl_child_run(&child, err);
	call->code = child.code;
	call->said =
	    tctl_arena_printf(call->arena, "%s%s", child.out, child.said);
	if (call->shows) /* as git does it: all that a hook says */
		fputs(child.out, stderr);
	tctl_child_release(&child);
	return status == TCTL_OK && call->code != 0
		   ? tctl_fail(err, TCTL_EFAILED, "%s failed", name)
		   : status;
}

static bool
is_old_git(const struct tctl_work *work)
{
	struct tctl_user_git call = tctl_work_git(work);
	struct tctl_error unused;

	(void)!tctl_user_git(&call, &unused, "hook", "-h", NULL);
	return call.code == 1; /* 129: its usage */
}

/* What a hook said may be in any encoding; JSON is in one. */
static struct json_object *
json_output(const char *said)
{
	return tctl_text_is_utf8(said, strlen(said), NULL)
		   ? json_object_new_string(said)
		   : NULL;
}

static enum tctl_status
run_hook(struct tctl_work *work, const char *name, bool on_ours,
    const char *arg1, const char *arg2, struct tctl_error *err)
{
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work);
	struct tctl_error why;
	enum tctl_status status;

	if (on_ours)
		call.with = with;
	call.shows = !work->ctx->global->json;
	if (work->runs_files)
		status = run_file(&call, name, arg1, arg2, &why);
	else
		status = tctl_user_git(&call, &why, "hook", "run",
		    "--ignore-missing", name, arg1 != NULL ? "--" : NULL, arg1,
		    arg2, NULL);
	if (status == TCTL_OK)
		return TCTL_OK;
	if (call.code <= 0) /* it was not asked */
		return tctl_fail(err, status, "%s", why.text);
	if (work->ctx->global->json) {
		fputs(call.said, stderr);
		json_object_put(work->refusal);
		work->refusal = json_object_new_object();
		tctl_json_add(work->refusal, "hook", tctl_json_text(name));
		tctl_json_add(work->refusal, "output", json_output(call.said));
	}
	return tctl_fail(err, TCTL_EFAILED,
	    "the %s hook refused the commit (exit %d)", name, call.code);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct tctl_work_path *)a)->name,
	    ((const struct tctl_work_path *)b)->name);
}

/* What a hook has staged besides: `git add -u` in one would take along what
 * others are at. */
static enum tctl_status
check_added(const struct tctl_work_paths *before,
    const struct tctl_work_paths *after, struct tctl_error *err)
{
	for (size_t i = 0; i < after->count; i++) {
		if (before->count > 0 &&
		    bsearch(&after->at[i], before->at, before->count,
			sizeof(*before->at), by_name) != NULL)
			continue;
		tctl_fail(err, TCTL_EFAILED,
		    "the pre-commit hook staged %s, which is not part of this "
		    "commit",
		    after->at[i].name);
		return tctl_hint(err, "name that path too, if it is yours");
	}
	return TCTL_OK;
}

enum tctl_status
tctl_work_hooks(struct tctl_work *work, struct tctl_error *err)
{
	struct tctl_work_paths after;
	enum tctl_status status = compose(work, err);

	tell_hooks(work);
	work->runs_files = is_old_git(work);
	if (status == TCTL_OK)
		status = run_hook(work, "pre-commit", true, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_work_changed(work, &after, err);
	if (status == TCTL_OK) {
		qsort(work->changed.at, work->changed.count,
		    sizeof(*work->changed.at), by_name);
		status = check_added(&work->changed, &after, err);
	}
	if (status != TCTL_OK)
		return status;
	work->changed = after;
	status = write_message(work, err);
	if (status == TCTL_OK)
		status = run_hook(work, "prepare-commit-msg", true,
		    work->message_file, "message", err);
	if (status == TCTL_OK)
		status = run_hook(
		    work, "commit-msg", true, work->message_file, NULL, err);
	return status == TCTL_OK ? read_message(work, err) : status;
}

/* --- the commit --------------------------------------------------------------
 */

/* Only where nothing is configured git says no (1); whatever else goes wrong is
 * no reason to leave a signature out. */
static enum tctl_status
wants_signature(const struct tctl_work *work, bool *out, struct tctl_error *err)
{
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status = tctl_user_git(&call, err, "config",
	    "--type=bool", "--get", "commit.gpgSign", NULL);

	*out =
	    status == TCTL_OK && strcmp(tctl_user_git_line(&call), "true") == 0;
	return call.code == 1 ? TCTL_OK : status;
}

enum tctl_status
tctl_work_write(struct tctl_work *work, struct tctl_error *err)
{
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work), tree = call;
	const char *argv[10] = { "git", "commit-tree", NULL };
	size_t count = 2;
	enum tctl_status status;
	bool is_signed;

	tree.with = with;
	status = tctl_user_git(&tree, err, "write-tree", NULL);
	if (status == TCTL_OK)
		status = wants_signature(work, &is_signed, err);
	if (status != TCTL_OK)
		return status;
	if (is_signed)
		argv[count++] = "-S";
	if (work->head != NULL) {
		argv[count++] = "-p";
		argv[count++] = work->head;
	}
	argv[count++] = tctl_user_git_line(&tree);
	argv[count] = NULL;
	call.in = work->message;
	call.in_length = strlen(work->message);
	status = tctl_user_git_argv(&call, argv, err);
	if (status == TCTL_OK)
		work->commit = tctl_user_git_line(&call);
	return status;
}

void
tctl_work_after(struct tctl_work *work)
{
	struct tctl_user_git call = tctl_work_git(work);
	struct tctl_error unused;

	(void)!run_hook(work, "post-commit", false, NULL, NULL, &unused);
	(void)!tctl_user_git(
	    &call, &unused, "maintenance", "run", "--auto", "--quiet", NULL);
}
