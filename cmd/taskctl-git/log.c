/* log.c - the folder events/ of a commit, read back line by line.  Anybody may
 * have written it. */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "git.h"
#include "taskctl/replay.h"

enum { BLOB_MOST = 1 << 30, NAME_MAX_BYTES = 32 };

struct file {
	int64_t first;
	git_oid id;
	char name[NAME_MAX_BYTES];
};

struct reader {
	struct tctl_log log;
	git_repository *repo;
	struct file *file;
	size_t files;
	size_t at; /* the next to open */
	git_blob *blob;
	const char *text; /* what is left of it */
	size_t left;
	int64_t line;
};

static int64_t
first_of(int64_t id)
{
	return tctl_git_events_file(id);
}

static void
place(const struct tctl_log *log, char *buf, size_t size)
{
	const struct reader *reader = log->from;

	snprintf(buf, size, "events/%s:%" PRId64,
	    reader->at == 0 ? "" : reader->file[reader->at - 1].name,
	    reader->line);
}

static void
place_of(const struct tctl_log *log, int64_t id, int64_t line, char *buf,
    size_t size)
{
	(void)log;
	snprintf(buf, size, "events/%08" PRId64 ".jsonl:%" PRId64,
	    tctl_git_events_file(id), line);
}

static enum tctl_status
open_next(struct reader *reader, struct tctl_error *err)
{
	const struct file *file = &reader->file[reader->at++];
	git_object_t type;
	git_odb *odb = NULL;
	size_t size = 0;
	int rc = git_repository_odb(&odb, reader->repo);

	git_blob_free(reader->blob);
	reader->blob = NULL;
	reader->line = 0;
	if (rc == 0)
		rc = git_odb_read_header(&size, &type, odb, &file->id);
	git_odb_free(odb);
	if (rc == 0 && size > BLOB_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "events/%s has %zu bytes, which is more than taskctl "
		    "writes",
		    file->name, size);
	if (rc == 0)
		rc = git_blob_lookup(&reader->blob, reader->repo, &file->id);
	if (rc != 0)
		return tctl_git_fail(err, "read events/%s", file->name);
	reader->text = git_blob_rawcontent(reader->blob);
	reader->left = (size_t)git_blob_rawsize(reader->blob);
	return TCTL_OK;
}

static enum tctl_status
next(struct tctl_log *log, const char **line, size_t *length,
    struct tctl_error *err)
{
	struct reader *reader = log->from;
	const char *end;

	*line = NULL;
	while (reader->left == 0) {
		enum tctl_status status;

		if (reader->at == reader->files)
			return TCTL_OK;
		status = open_next(reader, err);
		if (status != TCTL_OK)
			return status;
	}
	end = memchr(reader->text, '\n', reader->left);
	*line = reader->text;
	*length = end == NULL ? reader->left : (size_t)(end - reader->text);
	reader->text += *length + (end != NULL);
	reader->left -= *length + (end != NULL);
	reader->line++;
	return TCTL_OK;
}

static void
rewind_log(struct tctl_log *log)
{
	struct reader *reader = log->from;

	reader->at = 0;
	reader->left = 0;
}

static int
by_first(const void *a, const void *b)
{
	int64_t x = ((const struct file *)a)->first;
	int64_t y = ((const struct file *)b)->first;

	return (x > y) - (x < y);
}

/* NNNNNNNN.jsonl, the number being one that a file begins with. */
static bool
read_name(const char *name, int64_t *first)
{
	char number[NAME_MAX_BYTES], again[NAME_MAX_BYTES];
	size_t digits = strspn(name, "0123456789");
	const char *wrong = NULL;

	if (digits >= sizeof(number) || strcmp(name + digits, ".jsonl") != 0)
		return false;
	memcpy(number, name, digits);
	number[digits] = '\0';
	*first = strtonum(number, 1, LLONG_MAX, &wrong);
	snprintf(again, sizeof(again), "%08" PRId64, *first);
	return wrong == NULL && strcmp(number, again) == 0 &&
	       tctl_git_events_file(*first) == *first;
}

static enum tctl_status
list_files(struct reader *reader, const git_tree *folder, int64_t after,
    struct tctl_error *err)
{
	size_t count = git_tree_entrycount(folder);

	reader->file = tctl_xcalloc(count, sizeof(*reader->file));
	for (size_t i = 0; i < count; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(folder, i);
		const char *name = git_tree_entry_name(entry);
		struct file *file = &reader->file[reader->files];

		if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB ||
		    !read_name(name, &file->first))
			return tctl_fail(err, TCTL_EINVALID,
			    "branch %s: events/%.60s is no file of events",
			    reader->log.branch, name);
		if (file->first < tctl_git_events_file(after + 1))
			continue;
		snprintf(file->name, sizeof(file->name), "%s", name);
		git_oid_cpy(&file->id, git_tree_entry_id(entry));
		reader->files++;
	}
	qsort(reader->file, reader->files, sizeof(*reader->file), by_first);
	return TCTL_OK;
}

enum tctl_status
tctl_git_log_open(const struct tctl_git *git, const struct tctl_git_tip *tip,
    int64_t after, struct tctl_log **out, struct tctl_error *err)
{
	struct reader *reader = tctl_xcalloc(1, sizeof(*reader));
	git_tree *folder = NULL;
	enum tctl_status status;

	reader->repo = git->repo;
	reader->log = (struct tctl_log){ .store = tip->store,
		.last = tip->event,
		.branch = git->branch,
		.next = next,
		.rewind = rewind_log,
		.place = place,
		.place_of = place_of,
		.first_of = first_of,
		.from = reader };
	status = tctl_git_folder(git->repo, tip, "events", &folder, err);
	if (status == TCTL_OK && folder == NULL)
		status = tctl_fail(err, TCTL_ENOTFOUND,
		    "branch %s holds no progress", git->branch);
	if (status == TCTL_OK)
		status = list_files(reader, folder, after, err);
	git_tree_free(folder);
	reader->log.about = reader->files * TCTL_GIT_EVENTS_A_FILE;
	if (status == TCTL_OK)
		*out = &reader->log;
	else
		tctl_git_log_close(&reader->log);
	return status;
}

void
tctl_git_log_close(struct tctl_log *log)
{
	struct reader *reader;

	if (log == NULL)
		return;
	reader = log->from;
	git_blob_free(reader->blob);
	free(reader->file);
	free(reader);
}
