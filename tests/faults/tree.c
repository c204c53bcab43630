/* tree.c - the files below the working directory: kept in memory, and put back
 * as they were.  A file that nobody has touched is left alone, and one that has
 * changed is written in place, since a store with another inode is a copy. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

static int
by_path(const void *a, const void *b)
{
	const struct faults_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static char *
read_link(const char *path, size_t *size)
{
	char *text = faults_alloc(NULL, 4096);
	ssize_t n = readlink(path, text, 4095);

	*size = n < 0 ? 0 : (size_t)n;
	text[*size] = '\0';
	return text;
}

static void
add_file(struct faults_tree *tree, const char *path, const struct stat *st)
{
	struct faults_file *file;

	tree->file =
	    faults_alloc(tree->file, (tree->count + 1) * sizeof(*tree->file));
	file = &tree->file[tree->count++];
	memset(file, 0, sizeof(*file));
	file->path = faults_text("%s", path);
	file->mode = st->st_mode;
	file->as_written = *st;
	if (S_ISLNK(st->st_mode))
		file->bytes = read_link(path, &file->size);
	else if (S_ISREG(st->st_mode))
		file->bytes = faults_slurp(path, &file->size);
}

/* For what is in a folder, and then below it where one() says so. */
static void
each(const char *folder,
    void (*one)(void *into, const char *path, const struct stat *st),
    void *into)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct stat st;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *path;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		path = strcmp(folder, ".") == 0
			   ? faults_text("%s", entry->d_name)
			   : faults_text("%s/%s", folder, entry->d_name);
		if (lstat(path, &st) == 0)
			one(into, path, &st);
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static void
walk(void *into, const char *path, const struct stat *st)
{
	add_file(into, path, st);
	if (S_ISDIR(st->st_mode))
		each(path, walk, into);
}

void
faults_tree_read(struct faults_tree *out)
{
	memset(out, 0, sizeof(*out));
	each(".", walk, out);
	if (out->count > 0)
		qsort(out->file, out->count, sizeof(*out->file), by_path);
}

void
faults_tree_free(struct faults_tree *tree)
{
	for (size_t i = 0; i < tree->count; i++) {
		free(tree->file[i].path);
		free(tree->file[i].bytes);
	}
	free(tree->file);
	memset(tree, 0, sizeof(*tree));
}

const struct faults_file *
faults_tree_find(const struct faults_tree *tree, const char *path)
{
	struct faults_file key = { .path = (char *)(uintptr_t)path };

	return tree->count == 0 ? NULL
				: bsearch(&key, tree->file, tree->count,
				      sizeof(*tree->file), by_path);
}

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* --- putting it back ------------------------------------------------ */

/* What has come since goes: what is in a folder before the folder itself. */
static void
remove_other(void *into, const char *path, const struct stat *st)
{
	const struct faults_file *known = faults_tree_find(into, path);

	if (known != NULL && ((known->mode ^ st->st_mode) & S_IFMT) != 0)
		known = NULL;
	if (S_ISDIR(st->st_mode))
		each(path, remove_other, into);
	if (known == NULL && remove(path) != 0)
		FAULTS_DIE();
}

static bool
is_untouched(const struct faults_file *file, const struct stat *st)
{
	const struct stat *was = &file->as_written;

	/* Written through a mapping: its times tell nothing. */
	if (ends_with(file->path, "-shm"))
		return false;
	return was->st_ino == st->st_ino && was->st_size == st->st_size &&
	       was->st_mode == st->st_mode &&
	       memcmp(&was->st_mtim, &st->st_mtim, sizeof(st->st_mtim)) == 0 &&
	       memcmp(&was->st_ctim, &st->st_ctim, sizeof(st->st_ctim)) == 0;
}

static void
write_file(const struct faults_file *file)
{
	int fd =
	    open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 && unlink(file->path) == 0)
		fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 ||
	    write(fd, file->bytes, file->size) != (ssize_t)file->size ||
	    fchmod(fd, file->mode & 07777) != 0)
		FAULTS_DIE();
	close(fd);
}

static void
put_back(struct faults_file *file)
{
	struct stat st;
	bool there = lstat(file->path, &st) == 0;

	if (there && (S_ISDIR(st.st_mode) || is_untouched(file, &st)))
		return;
	if (S_ISDIR(file->mode)) {
		if (mkdir(file->path, file->mode & 07777) != 0)
			FAULTS_DIE();
	} else if (S_ISLNK(file->mode)) {
		unlink(file->path);
		if (symlink(file->bytes, file->path) != 0)
			FAULTS_DIE();
	} else if (S_ISREG(file->mode)) {
		write_file(file);
	}
	if (lstat(file->path, &file->as_written) != 0)
		FAULTS_DIE();
}

void
faults_tree_restore(struct faults_tree *tree)
{
	each(".", remove_other, tree);
	for (size_t i = 0; i < tree->count; i++)
		put_back(&tree->file[i]);
}

/* --- telling states apart ------------------------------------------- */

/* FNV-1a, eight bytes at a time. */
static uint64_t
mix(uint64_t sum, const char *bytes, size_t size)
{
	const uint64_t prime = 0x100000001b3u;
	uint64_t word;

	for (; size >= sizeof(word); size -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum = (sum ^ word) * prime;
		sum ^= sum >> 29;
		bytes += sizeof(word);
	}
	for (; size > 0; size--)
		sum = (sum ^ (unsigned char)*bytes++) * prime;
	return sum;
}

uint64_t
faults_tree_sum(const struct faults_tree *tree)
{
	uint64_t sum = 0xcbf29ce484222325u;

	for (size_t i = 0; i < tree->count; i++) {
		const struct faults_file *file = &tree->file[i];

		if (ends_with(file->path, "-shm") ||
		    ends_with(file->path, "-queue"))
			continue;
		sum = mix(sum, file->path, strlen(file->path) + 1);
		sum = mix(sum, (const char *)&file->mode, sizeof(file->mode));
		sum = mix(sum, file->bytes, file->size);
	}
	return sum;
}
