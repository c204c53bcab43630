/* lock_file.c - .tasks/locks/TASK.lock, as the old scripts know it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lock_file.h"
#include "taskctl/time.h"

enum {
	LOCK_BYTES_MAX = 64 * 1024, /* a larger one is no lock of anybody's */
	OUR_BYTES_MAX = 4096,
	CUT_OFF = -1, /* no lease has this token */
};

/* What a lock file says. */
struct lock {
	bool is_ours;
	int64_t token; /* CUT_OFF: the power was cut before it was on disk */
	const char *agent;
};

/* task_1_2 for 1.2: the name that the old scripts are called with. */
const char *
tctl_lock_file_path(
    const struct tctl_coord *coord, struct tctl_arena *arena, const char *key)
{
	char *path = tctl_arena_printf(
	    arena, "%s/locks/task_%s.lock", coord->place->tasks, key);
	/* The plan's id may hold a slash; the ending is ours. */
	char *name =
	    path + strlen(coord->place->tasks) + strlen("/locks/task_");

	for (char *end = path + strlen(path) - strlen(".lock"); name < end;
	     name++)
		if (strchr("./- :", *name) != NULL)
			*name = '_';
	return path;
}

/* A claim does not wait for the disk twice: of its file there may be a name
 * and nothing in it, or a part.  Nobody else's is 0444. */
static bool
is_cut_off(const struct stat *st, char first)
{
	return S_ISREG(st->st_mode) && (st->st_mode & 0222) == 0 &&
	       st->st_size <= OUR_BYTES_MAX && (first == '\0' || first == '{');
}

static bool
read_lock(struct tctl_arena *arena, const char *path, struct lock *out)
{
	struct json_object *root = NULL, *value;
	struct stat st;
	char first = '\0';
	/* A pipe that somebody has put there would never be opened, and the
	 * writers would wait with us. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);

	memset(out, 0, sizeof(*out));
	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0)
		st.st_mode = 0;
	if (S_ISREG(st.st_mode) && st.st_size <= LOCK_BYTES_MAX) {
		if (pread(fd, &first, 1, 0) < 0)
			first = '?';
		root = json_object_from_fd(fd);
	}
	close(fd);
	out->agent = "an old script";
	if (json_object_object_get_ex(root, "agent_id", &value) &&
	    json_object_is_type(value, json_type_string))
		out->agent =
		    tctl_arena_strdup(arena, json_object_get_string(value));
	if (json_object_object_get_ex(root, "token", &value) &&
	    json_object_is_type(value, json_type_int)) {
		out->is_ours = true;
		out->token = json_object_get_int64(value);
	} else if (root == NULL && is_cut_off(&st, first)) {
		out->is_ours = true;
		out->token = CUT_OFF;
	}
	json_object_put(root);
	return true;
}

static void
add_instant(struct json_object *to, const char *key, int64_t ms)
{
	char text[TCTL_INSTANT_TEXT];

	json_object_object_add(
	    to, key, json_object_new_string(tctl_instant_write(ms, text)));
}

/* Write the file whole under another name; that name, or NULL. */
static const char *
write_aside(struct tctl_change *change, const char *path, const char *key,
    const struct tctl_lease_row *lease)
{
	const char *aside =
	    tctl_arena_printf(change->arena, "%s.%ld", path, (long)getpid());
	const char *task =
	    strrchr(path, '/') + 1; /* task_1_2.lock, cut below */
	struct json_object *root = json_object_new_object();
	const char *text;
	int fd;
	bool ok;

	json_object_object_add(
	    root, "agent_id", json_object_new_string(lease->agent));
	json_object_object_add(root, "task_id",
	    json_object_new_string_len(
		task, (int)(strlen(task) - strlen(".lock"))));
	add_instant(root, "started_at", lease->acquired_ms);
	add_instant(root, "last_heartbeat", lease->renewed_ms);
	json_object_object_add(root, "task", json_object_new_string(key));
	json_object_object_add(
	    root, "token", json_object_new_int64(lease->token));
	text = json_object_to_json_string_ext(
	    root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	unlink(aside);
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	ok = fd >= 0 && dprintf(fd, "%s\n", text) > 0;
	if (fd >= 0)
		close(fd);
	json_object_put(root);
	if (!ok)
		unlink(aside);
	return ok ? aside : NULL;
}

/* What a claim that died has left was to go after the commit; now the file is
 * this claim's, and perhaps by the same token, which that one never kept. */
static void
keep_lock(struct tctl_change *change, const char *path)
{
	for (size_t i = 0; i < change->unlock_count; i++)
		if (strcmp(change->unlock[i].path, path) == 0)
			change->unlock[i].token = 0;
}

/* As private as the store is, and that from its first moment: whoever is killed
 * here leaves none that his group cannot write into.  (mkdir takes the group's
 * bit from .tasks/.) */
static enum tctl_status
make_folder(struct tctl_change *change, struct tctl_error *err)
{
	const struct tctl_place *place = change->coord->place;
	const char *folder =
	    tctl_arena_printf(change->arena, "%s/locks", place->tasks);
	struct stat st;
	mode_t mask;

	if (lstat(folder, &st) == 0)
		return S_ISLNK(st.st_mode) ? tctl_refuse_link(folder, err)
					   : TCTL_OK;
	mask = umask(0);
	(void)mkdir(
	    folder, (tctl_store_mode(folder) & 0060) != 0 ? 0770 : 0700);
	umask(mask);
	return TCTL_OK;
}

enum tctl_status
tctl_lock_file_take(struct tctl_change *change, const char *key,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	const char *path, *aside;
	struct lock there;

	if (!change->coord->config->lock_files)
		return TCTL_OK;
	path = tctl_lock_file_path(change->coord, change->arena, key);
	status = make_folder(change, err);
	if (status != TCTL_OK)
		return status;
	aside = write_aside(change, path, key, lease);
	if (aside == NULL)
		return tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s", path,
		    strerror(errno));
	if (link(aside, path) != 0) {
		if (errno != EEXIST || !read_lock(change->arena, path, &there))
			status = tctl_fail(err, TCTL_EFAILED,
			    "cannot make %s: %s", path, strerror(errno));
		else if (there.is_ours) /* and its lease is over: we hold it */
			rename(aside, path);
		else
			status = tctl_fail(err, TCTL_ETAKEN,
			    "%s is held by %s through the lock file %s", key,
			    there.agent, path);
	}
	unlink(aside);
	if (status == TCTL_OK)
		keep_lock(change, path);
	return status;
}

void
tctl_lock_file_refresh(struct tctl_change *change, const char *key,
    const struct tctl_lease_row *lease, const char **overwritten)
{
	struct tctl_error unused;
	const char *path, *aside;
	struct lock there;

	*overwritten = NULL;
	if (!change->coord->config->lock_files ||
	    make_folder(change, &unused) != TCTL_OK)
		return;
	path = tctl_lock_file_path(change->coord, change->arena, key);
	if (read_lock(change->arena, path, &there) && !there.is_ours)
		*overwritten = there.agent;
	aside = write_aside(change, path, key, lease);
	if (aside != NULL && rename(aside, path) != 0)
		unlink(aside);
}

/* Not by way of a link, which somebody may have planted. */
static DIR *
open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

static void
unlock_later(struct tctl_change *change, const char *path, int64_t token)
{
	struct tctl_lock_name *name;

	change->unlock = tctl_arena_grow(change->arena, change->unlock,
	    change->unlock_count, sizeof(*change->unlock));
	name = &change->unlock[change->unlock_count++];
	name->path = path;
	name->token = token;
}

enum tctl_status
tctl_lock_file_is_held(const struct tctl_coord *coord, struct tctl_arena *arena,
    const char *path, size_t *live, struct tctl_error *err)
{
	struct tctl_lease_rows all;
	const char *key;
	enum tctl_status status =
	    tctl_lease_read_live(coord->store, arena, &all, err);

	*live = 0;
	for (size_t i = 0; status == TCTL_OK && i < all.count; i++) {
		status = tctl_row_key(
		    coord->store, arena, all.at[i].task, &key, err);
		if (status == TCTL_OK &&
		    strcmp(path, tctl_lock_file_path(coord, arena, key)) == 0)
			*live = 1;
	}
	return status;
}

enum tctl_status
tctl_lock_files_reap(struct tctl_change *change, struct tctl_error *err)
{
	char *folder = tctl_arena_printf(
	    change->arena, "%s/locks", change->coord->place->tasks);
	DIR *dir =
	    change->coord->config->lock_files ? open_folder(folder) : NULL;
	enum tctl_status status = TCTL_OK;
	struct dirent *entry;
	struct lock lock;
	size_t live;

	while (status == TCTL_OK && dir != NULL &&
	       (entry = readdir(dir)) != NULL) {
		const char *path = tctl_arena_printf(
		    change->arena, "%s/%s", folder, entry->d_name);

		if (strncmp(entry->d_name, "task_", 5) != 0 ||
		    !read_lock(change->arena, path, &lock) || !lock.is_ours)
			continue;
		status = lock.token == CUT_OFF
			     ? tctl_lock_file_is_held(change->coord,
				   change->arena, path, &live, err)
			     : tctl_query(change->store, tctl_sql_lease_is_live,
				   TCTL_ARGS(TCTL_N(lock.token)), NULL, NULL,
				   &live, err);
		if (status == TCTL_OK && live == 0) {
			unlock_later(change, path, lock.token);
			change->settled = true;
		}
	}
	if (dir != NULL)
		closedir(dir);
	return status;
}

void
tctl_lock_file_release(
    struct tctl_change *change, const char *key, int64_t token)
{
	if (change->coord->config->lock_files)
		unlock_later(change,
		    tctl_lock_file_path(change->coord, change->arena, key),
		    token);
}

void
tctl_lock_files_drop(void *into)
{
	struct tctl_change *change = into;
	struct lock there;

	for (size_t i = 0; i < change->unlock_count; i++) {
		int64_t token = change->unlock[i].token;

		if (token != 0 &&
		    read_lock(change->arena, change->unlock[i].path, &there) &&
		    there.is_ours &&
		    (there.token == token || there.token == CUT_OFF))
			unlink(change->unlock[i].path);
	}
}

bool
tctl_lock_file_look(struct tctl_arena *arena, const char *path, int64_t *token,
    const char **agent)
{
	struct lock there;

	if (!read_lock(arena, path, &there))
		return false;
	*token = there.is_ours ? there.token : 0;
	*agent = there.agent;
	return true;
}

const char *
tctl_lock_file_owner(
    const struct tctl_coord *coord, struct tctl_arena *arena, const char *key)
{
	struct lock there;

	if (!coord->config->lock_files ||
	    !read_lock(arena, tctl_lock_file_path(coord, arena, key), &there) ||
	    there.is_ours)
		return NULL;
	return there.agent;
}
