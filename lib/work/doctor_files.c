/* doctor_files.c - what can be seen of a coordinator without opening it. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/doctor.h"

enum {
	HELD_LONG_MS = 10000,
	LOG_LONG_BYTES = 4 << 20, /* 1,024 frames: waited for by then */
};

/* --- links, owners, modes --------------------------------------------------
 */

/* What chmod needs to close it. */
static const char *
closing(mode_t closed)
{
	if ((closed & S_IRWXG) != 0)
		return "go=";
	return (closed & S_IROTH) != 0 ? "o=" : "o-w";
}

/* kind: S_IFREG or S_IFDIR; closed: permissions that nobody should have. */
static bool
look_at(struct tctl_doctor *to, const char *path, mode_t kind, mode_t closed,
    const struct stat *folder, struct stat *st)
{
	if (lstat(path, st) != 0)
		return false;
	if (S_ISLNK(st->st_mode)) {
		tctl_doctor_find(to, TCTL_FOUND_LINK, path, NULL,
		    "%s is a symbolic link", path);
		return false;
	}
	if ((st->st_mode & S_IFMT) != kind) {
		tctl_doctor_find(to, TCTL_FOUND_NO_FILE, path, NULL,
		    kind == S_IFDIR ? "%s is no folder" : "%s is no file",
		    path);
		return false;
	}
	if (st->st_uid != folder->st_uid && (st->st_mode & S_IRGRP) == 0)
		tctl_doctor_find(to, TCTL_FOUND_FOREIGN_OWNER, path, NULL,
		    "%s belongs to uid %ld, its folder to uid %ld", path,
		    (long)st->st_uid, (long)folder->st_uid);
	if ((st->st_mode & closed) != 0)
		tctl_doctor_find(to, TCTL_FOUND_OPEN_TO_OTHERS, path,
		    tctl_arena_printf(to->arena, "Close it: chmod %s %s",
			closing(closed), path),
		    "%s has mode %03o", path, (unsigned)st->st_mode & 0777);
	return true;
}

static void
look_at_store(struct tctl_doctor *to, const char *store)
{
	enum { ALL_WRITE = 3 }; /* the first of these */
	static const struct {
		const char *suffix;
		mode_t closed;
	} beside[] = { { "-wal", S_IRWXO }, { "-shm", S_IRWXO },
		{ "-queue", S_IRWXO }, { "-log", S_IRWXO },
		/* A token is its owner's alone. */
		{ "-serve", S_IRWXG | S_IRWXO } };
	char *at = tctl_arena_strdup(to->arena, store);
	char *slash = strrchr(at, '/');
	struct stat folder, own, st;

	*(slash == NULL ? at : slash + (slash == at)) = '\0';
	if (stat(at[0] == '\0' ? "." : at, &folder) != 0 ||
	    !look_at(to, store, S_IFREG, S_IRWXO, &folder, &own))
		return;
	if (own.st_nlink > 1)
		tctl_doctor_find(to, TCTL_FOUND_NAMES, store, NULL,
		    "%s has %lu names (hard links)", store,
		    (unsigned long)own.st_nlink);
	if (access(store, W_OK) != 0)
		tctl_doctor_find(to, TCTL_FOUND_READ_ONLY, store, NULL,
		    "%s cannot be changed from here: %s", store,
		    strerror(errno));
	for (size_t i = 0; i < TCTL_COUNT(beside); i++) {
		const char *path = tctl_arena_printf(
		    to->arena, "%s%s", store, beside[i].suffix);

		if (look_at(
			to, path, S_IFREG, beside[i].closed, &folder, &st) &&
		    i < ALL_WRITE && (own.st_mode & 0660 & ~st.st_mode) != 0)
			tctl_doctor_find(to, TCTL_FOUND_MODE, path,
			    tctl_arena_printf(to->arena,
				"Give it the store's mode: chmod %03o %s",
				(unsigned)own.st_mode & 0777, path),
			    "%s has mode %03o, the store %03o", path,
			    (unsigned)st.st_mode & 0777,
			    (unsigned)own.st_mode & 0777);
	}
}

/* The names of stores end with a number, those of their logs do not. */
static bool
ends_with_number(const char *name)
{
	const char *end = strrchr(name, '-');

	return end != NULL && end[1 + strspn(end + 1, "0123456789")] == '\0';
}

/* Whole stores that restores have left beside it. */
static void
look_for_copies(struct tctl_doctor *to, const char *tasks)
{
	DIR *dir = opendir(tasks);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (!ends_with_number(name))
			continue;
		if (strstr(name, "-replaced-") != NULL ||
		    strstr(name, "-damaged-") != NULL)
			tctl_doctor_find(to, TCTL_FOUND_LEFTOVER, name, NULL,
			    "%s/%s was kept by a restore", tasks, name);
		else if (strstr(name, TCTL_RESTORING) != NULL)
			tctl_doctor_find(to, TCTL_FOUND_LEFTOVER, name, NULL,
			    "%s/%s is what a restore is making, or one that "
			    "died has left",
			    tasks, name);
	}
	if (dir != NULL)
		closedir(dir);
}

static void
look_at_files(struct tctl_doctor *to, const struct tctl_place *place)
{
	static const struct {
		const char *name;
		mode_t kind, closed;
	} at[] = { { "config.json", S_IFREG, S_IWOTH },
		{ "sprint_status.json", S_IFREG, S_IWOTH },
		{ "locks", S_IFDIR, 0 } };
	struct stat folder, st;

	if (stat(place->tasks, &folder) != 0)
		return;
	if ((folder.st_mode & S_IWOTH) != 0)
		tctl_doctor_find(to, TCTL_FOUND_OPEN_TO_OTHERS, place->tasks,
		    tctl_arena_printf(
			to->arena, "Close it: chmod o-w %s", place->tasks),
		    "%s has mode %03o: anybody may put other files in place "
		    "of its own",
		    place->tasks, (unsigned)folder.st_mode & 0777);
	for (size_t i = 0; i < TCTL_COUNT(at); i++)
		(void)look_at(to,
		    tctl_arena_printf(
			to->arena, "%s/%s", place->tasks, at[i].name),
		    at[i].kind, at[i].closed, &folder, &st);
	look_at_store(to, place->store);
	look_for_copies(to, place->tasks);
	tctl_doctor_looked(to, "files", "links, owners, modes");
}

/* --- disk, queue, log ------------------------------------------------------
 */

static void
look_at_disk(struct tctl_doctor *to, const char *store)
{
	struct tctl_error err;
	bool overlay;

	if (tctl_store_fit(store, &overlay, &err) != TCTL_OK)
		tctl_doctor_find(
		    to, TCTL_FOUND_FILE_SYSTEM, store, NULL, "%s", err.text);
	else if (overlay)
		tctl_doctor_find(to, TCTL_FOUND_OVERLAY, store, NULL,
		    "%s is on overlayfs", store);
	tctl_doctor_looked(to, "disk", "the file system");
}

static const char *
let_go_on(struct tctl_doctor *to, int64_t pid)
{
	return tctl_arena_printf(
	    to->arena, "Let it go on: kill -CONT %lld", (long long)pid);
}

static void
look_at_queue(struct tctl_doctor *to, const struct tctl_look *look)
{
	const struct tctl_queue_holder *queue = &look->queue;

	if (queue->held && tctl_process_is_stopped(queue->state))
		tctl_doctor_find(to, TCTL_FOUND_QUEUE_STOPPED, NULL,
		    let_go_on(to, queue->pid),
		    "process %lld has the writers' turn and is stopped",
		    (long long)queue->pid);
	else if (queue->held && look->for_ms > HELD_LONG_MS)
		tctl_doctor_find(to, TCTL_FOUND_QUEUE_HELD, NULL, NULL,
		    "process %lld has had the writers' turn for %lld s",
		    (long long)queue->pid, (long long)look->for_ms / 1000);
	tctl_doctor_looked(
	    to, "queue", queue->held ? "somebody has the turn" : "free");
}

static void
look_at_log(
    struct tctl_doctor *to, const char *store, const struct tctl_look *look)
{
	struct tctl_log_change change;

	if (look->reader > 0 && tctl_process_is_stopped(look->reader_state))
		tctl_doctor_find(to, TCTL_FOUND_LOG_PINNED, NULL,
		    let_go_on(to, look->reader),
		    "process %lld is reading and is stopped",
		    (long long)look->reader);
	if (look->no_log)
		tctl_doctor_find(to, TCTL_FOUND_NO_LOG, store, NULL,
		    "%s has another journal than a write-ahead log", store);
	if (look->log_bytes > LOG_LONG_BYTES)
		tctl_doctor_find(to, TCTL_FOUND_LONG_LOG, NULL, NULL,
		    "the log has %lld bytes", (long long)look->log_bytes);
	if (tctl_store_look_at_log(store, &change))
		tctl_doctor_find(to, TCTL_FOUND_LOG_CHANGED, NULL, NULL,
		    "frame %lld of the log was changed; %lld change%s from "
		    "there on cannot be read",
		    (long long)change.frame, (long long)change.commits,
		    change.commits == 1 ? "" : "s");
	if (look->reader > 0)
		tctl_doctor_looked(to, "log", "%lld bytes; process %lld reads",
		    (long long)look->log_bytes, (long long)look->reader);
	else
		tctl_doctor_looked(to, "log", "%lld bytes; nobody reads",
		    (long long)look->log_bytes);
}

void
tctl_doctor_files(struct tctl_doctor *to, const struct tctl_place *place)
{
	struct tctl_look look;

	if (strstr(place->store, "://") != NULL) {
		tctl_doctor_skipped(to, "files", "the store is in no file");
		return;
	}
	look_at_files(to, place);
	look_at_disk(to, place->store);
	tctl_store_look(place->store, &look);
	look_at_queue(to, &look);
	look_at_log(to, place->store, &look);
}
