/* disk.c - the power is cut, and of names and contents the disk has kept only
 * what it was told to keep; or that of the one, and all of the other.
 *
 * POSIX promises the bytes of a file once it is synced, and its name once the
 * folder is; file systems differ in what else they keep (Pillai and others, All
 * File Systems Are Not Created Equal, OSDI 2014).  power.c is finer, and knows
 * only the store and its log. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "judge.h"

/* What is on the disk of a file, whatever its name; a new one is empty. */
struct content {
	ino_t inode;
	int fd; /* so that no other file gets this inode */
	char *bytes;
	size_t size;
};

/* A folder's entry. */
struct name {
	char *path;
	mode_t mode;
	ino_t inode;
};

struct disk {
	char here[4096]; /* the working directory and a slash */
	struct content *content;
	struct name *name; /* sorted by path */
	size_t contents, names;
	bool is_changed; /* by the last call */
};

/* --- what it was told to keep ------------------------------------------- */

static struct content *
content_of(const struct disk *disk, ino_t inode)
{
	for (size_t i = 0; i < disk->contents; i++)
		if (disk->content[i].inode == inode)
			return &disk->content[i];
	return NULL;
}

/* bytes become ours. */
static void
keep_content(
    struct disk *disk, const char *path, ino_t inode, char *bytes, size_t size)
{
	struct content *content = content_of(disk, inode);

	if (content == NULL) {
		disk->content = faults_alloc(disk->content,
		    (disk->contents + 1) * sizeof(*disk->content));
		content = &disk->content[disk->contents++];
		content->inode = inode;
		content->fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	} else {
		free(content->bytes);
	}
	content->bytes = bytes;
	content->size = size;
}

static void
keep_name(struct disk *disk, const struct faults_file *file)
{
	disk->name =
	    faults_alloc(disk->name, (disk->names + 1) * sizeof(*disk->name));
	disk->name[disk->names++] =
	    (struct name){ faults_text("%s", file->path), file->mode,
		    file->as_written.st_ino };
}

static char *
copy_of(const char *bytes, size_t size)
{
	char *copy = faults_alloc(NULL, size + 1);

	if (size > 0)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

static int
by_path(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Is it an entry of this folder?  "" is the working directory. */
static bool
is_in(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (length > 0 &&
	    (strncmp(path, folder, length) != 0 || path[length] != '/'))
		return false;
	return strchr(path + length + (length > 0), '/') == NULL;
}

static void
sync_folder(struct disk *disk, const char *folder)
{
	struct faults_tree now;
	size_t left = 0;

	for (size_t i = 0; i < disk->names; i++)
		if (is_in(disk->name[i].path, folder))
			free(disk->name[i].path);
		else
			disk->name[left++] = disk->name[i];
	disk->names = left;
	faults_tree_read(&now);
	for (size_t i = 0; i < now.count; i++)
		if (is_in(now.file[i].path, folder))
			keep_name(disk, &now.file[i]);
	faults_tree_free(&now);
	qsort(disk->name, disk->names, sizeof(*disk->name), by_path);
}

static void
sync_what(struct disk *disk, const struct faults_call *call)
{
	char link[64], path[4096];
	const char *name;
	struct stat st;
	size_t size;
	char *bytes;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)call->pid,
	    (int)call->arg[0]);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	if (stat(link, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		strcat(path, "/");
		if (strncmp(path, disk->here, strlen(disk->here)) != 0)
			return;
		name = path + strlen(disk->here);
		path[strlen(path) - (*name != '\0')] = '\0';
		sync_folder(disk, name);
	} else if ((bytes = faults_slurp(path, &size)) != NULL) {
		keep_content(disk, path, st.st_ino, bytes, size);
	}
}

static void
watch(void *into, const struct faults_call *call)
{
	struct disk *disk = into;

	disk->is_changed = false;
	switch (call->nr) {
	case SYS_fsync:
	case SYS_fdatasync:
		if (call->result == 0)
			sync_what(disk, call);
		/* fall through */
	case SYS_write:
	case SYS_writev:
	case SYS_pwrite64:
	case SYS_ftruncate:
	case SYS_openat:
	case SYS_mkdir:
	case SYS_rename:
	case SYS_renameat2:
	case SYS_link:
	case SYS_linkat:
	case SYS_symlink:
	case SYS_unlink:
		disk->is_changed = call->result >= 0;
	}
}

/* What is there before the command is on the disk. */
static void
begin(struct disk *disk, const struct faults_tree *before)
{
	memset(disk, 0, sizeof(*disk));
	if (getcwd(disk->here, sizeof(disk->here) - 1) == NULL)
		FAULTS_DIE();
	strcat(disk->here, "/");
	for (size_t i = 0; i < before->count; i++) {
		const struct faults_file *file = &before->file[i];

		keep_name(disk, file);
		if (!S_ISDIR(file->mode))
			keep_content(disk, file->path, file->as_written.st_ino,
			    copy_of(file->bytes, file->size), file->size);
	}
}

static void
end(struct disk *disk)
{
	for (size_t i = 0; i < disk->contents; i++) {
		close(disk->content[i].fd);
		free(disk->content[i].bytes);
	}
	for (size_t i = 0; i < disk->names; i++)
		free(disk->name[i].path);
	free(disk->content);
	free(disk->name);
}

/* --- the disk after it --------------------------------------------------- */

enum which {
	SYNCED_NAMES_ONLY = 1,
	SYNCED_CONTENTS_ONLY = 2,
};

static void
put(struct faults_tree *to, const struct disk *disk, enum which which,
    const struct faults_tree *now, const struct name *name)
{
	const struct content *kept = content_of(disk, name->inode);
	const struct faults_file *has = NULL;
	struct faults_file file = { .mode = name->mode };
	const char *slash = strrchr(name->path, '/');

	if (slash != NULL) { /* in a folder that is gone? */
		char *folder =
		    faults_text("%.*s", (int)(slash - name->path), name->path);
		bool is_there = faults_tree_find(to, folder) != NULL;

		free(folder);
		if (!is_there)
			return;
	}
	for (size_t i = 0; i < now->count; i++)
		if (now->file[i].as_written.st_ino == name->inode)
			has = &now->file[i];
	file.path = faults_text("%s", name->path);
	if (has != NULL && !(which & SYNCED_CONTENTS_ONLY)) {
		file.bytes = copy_of(has->bytes, has->size);
		file.size = has->size;
	} else if (kept != NULL) {
		file.bytes = copy_of(kept->bytes, kept->size);
		file.size = kept->size;
	} else {
		file.bytes = copy_of("", 0);
	}
	to->file = faults_alloc(to->file, (to->count + 1) * sizeof(*to->file));
	to->file[to->count++] = file;
}

static void
make(const struct disk *disk, enum which which, const char *store)
{
	struct faults_tree now, then = { .count = 0 };
	char *index = faults_text("%s-shm", store);
	struct disk present = { .names = 0 };
	const struct disk *names = which & SYNCED_NAMES_ONLY ? disk : &present;

	faults_tree_read(&now);
	for (size_t i = 0; i < now.count; i++)
		keep_name(&present, &now.file[i]);
	for (size_t i = 0; i < names->names; i++)
		put(&then, disk, which, &now, &names->name[i]);
	faults_tree_restore(&then);
	unlink(index); /* it was memory */
	free(index);
	faults_tree_free(&now);
	faults_tree_free(&then);
	end(&present);
}

/* --- the whole ----------------------------------------------------------- */

/* False: there is no such call, or none that a disk takes notice of. */
static bool
cut_after(struct judge *judge, size_t n, enum which which, bool *reached)
{
	static const char *const what[] = {
		[SYNCED_NAMES_ONLY] = "synced names, all contents",
		[SYNCED_CONTENTS_ONLY] = "synced contents, all names",
		[SYNCED_NAMES_ONLY | SYNCED_CONTENTS_ONLY] = "what was synced"
	};
	struct disk disk;
	struct faults_run run = { .argv = judge->scenario->argv,
		.fault = { .what = FAULTS_KILL_AFTER, .at = n },
		.watch = watch,
		.into = &disk };
	struct faults_outcome out;

	faults_tree_restore(&judge->before);
	begin(&disk, &judge->before);
	faults_run(&run, &out);
	*reached = out.reached;
	if (disk.is_changed || !out.reached) {
		if (out.reached)
			faults_at("cut after %zu of %zu, %s: %s", n,
			    judge->calls, faults_call_name(out.nr),
			    what[which]);
		else
			faults_at("cut after its end: %s", what[which]);
		make(&disk, which, judge->store);
		judge_step(judge, out.out[0] != '\0', NULL);
	}
	end(&disk);
	return disk.is_changed || !out.reached;
}

void
faults_disk(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size)
{
	struct judge judge;
	size_t disks = 0;
	bool reached = true;

	if (!judge_begin(&judge, scenario, options))
		return;
	judge.is_cut = true;
	for (size_t n = 1; reached; n += options->stride) {
		if (!cut_after(&judge, n,
			SYNCED_NAMES_ONLY | SYNCED_CONTENTS_ONLY, &reached))
			continue;
		cut_after(&judge, n, SYNCED_NAMES_ONLY, &reached);
		cut_after(&judge, n, SYNCED_CONTENTS_ONLY, &reached);
		disks += 3;
	}
	snprintf(said, size,
	    "%zu calls, %zu disks, %zu states, %zu files aside", judge.calls,
	    disks, judge.seen_count, judge.litter);
	judge_end(&judge);
}
