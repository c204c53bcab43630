/* sprints.c - the folder sprints/ of a progress commit: of a large plan, every
 * sprint, so many a file, so that a commit writes the files of those that have
 * changed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "standing.h"

enum {
	SPRINTS_A_FILE = 100,
	FILE_NAME = 32,
	FILE_MAX_BYTES = 16 << 20, /* somebody else may have written it */
};

/* As the files of events: by the first that it may hold. */
static const char *
file_name(int64_t row, char buf[FILE_NAME])
{
	int64_t first =
	    row == 0 ? 0 : (row - 1) / SPRINTS_A_FILE * SPRINTS_A_FILE + 1;

	snprintf(buf, FILE_NAME, "%08" PRId64 ".jsonl", first);
	return buf;
}

static bool
same_file(int64_t a, int64_t b)
{
	return (a == 0) == (b == 0) &&
	       (a - 1) / SPRINTS_A_FILE == (b - 1) / SPRINTS_A_FILE;
}

/* A sprint that has been read anew, and whether its line was found. */
struct touched {
	const struct tctl_sprint_status *sprint;
	char *head; /* owned */
	bool found;
};

static int
by_row(const void *a, const void *b)
{
	int64_t x = ((const struct touched *)a)->sprint->row;
	int64_t y = ((const struct touched *)b)->sprint->row;

	return (x > y) - (x < y);
}

static struct touched *
list_touched(const struct tctl_status_report *report)
{
	struct touched *list =
	    tctl_xcalloc(report->sprint_count + 1, sizeof(*list));

	for (size_t i = 0; i < report->sprint_count; i++) {
		list[i].sprint = &report->sprint[i];
		list[i].head = tctl_git_line_head(&report->sprint[i]);
	}
	qsort(list, report->sprint_count, sizeof(*list), by_row);
	return list;
}

static void
free_touched(struct touched list[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i].head);
	free(list);
}

static enum tctl_status
add_file(git_repository *repo, git_treebuilder *folder, const char *name,
    const char *text, size_t bytes, struct tctl_error *err)
{
	git_oid blob;

	if (git_blob_create_from_buffer(&blob, repo, text, bytes) != 0 ||
	    git_treebuilder_insert(
		NULL, folder, name, &blob, GIT_FILEMODE_BLOB) != 0)
		return tctl_git_fail(err, "write sprints/%s", name);
	return TCTL_OK;
}

/* --- all of them -----------------------------------------------------------
 */

static enum tctl_status
write_all(git_repository *repo, git_treebuilder *folder,
    const struct touched list[], size_t count, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	char name[FILE_NAME], *text;
	size_t bytes;

	for (size_t i = 0, end; status == TCTL_OK && i < count; i = end) {
		FILE *to = open_memstream(&text, &bytes);

		if (to == NULL)
			tctl_die_nomem();
		for (end = i; end < count && same_file(list[i].sprint->row,
						 list[end].sprint->row);
		     end++) {
			tctl_git_line_write(to, list[end].sprint);
			putc('\n', to);
		}
		if (fclose(to) != 0)
			tctl_die_nomem();
		status = add_file(repo, folder,
		    file_name(list[i].sprint->row, name), text, bytes, err);
		free(text);
	}
	return status;
}

enum tctl_status
tctl_git_sprints_write(const struct tctl_git *git,
    const struct tctl_status_report *report, git_oid *out,
    struct tctl_error *err)
{
	struct touched *list = list_touched(report);
	git_treebuilder *folder = NULL;
	enum tctl_status status = TCTL_OK;

	if (git_treebuilder_new(&folder, git->repo, NULL) != 0)
		status = tctl_git_fail(err, "begin a tree");
	if (status == TCTL_OK)
		status = write_all(
		    git->repo, folder, list, report->sprint_count, err);
	if (status == TCTL_OK && git_treebuilder_write(out, folder) != 0)
		status = tctl_git_fail(err, "write the folder of sprints");
	git_treebuilder_free(folder);
	free_touched(list, report->sprint_count);
	return status;
}

/* --- those that were touched
 * --------------------------------------------------- */

static struct touched *
find_line(struct touched list[], size_t count, const char *line)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(line, list[i].head, strlen(list[i].head)) == 0)
			return &list[i];
	return NULL;
}

/* One line into the new file.  False: it is not what we have written. */
static bool
replace_line(FILE *to, const char *line, size_t length, struct touched *one,
    struct tctl_git_standing *standing)
{
	struct json_object *json = tctl_git_parse(line, length);
	struct tctl_sprint_status old;
	bool good = json != NULL && !one->found &&
		    tctl_git_line_read(json, standing->report.arena, &old);

	json_object_put(json);
	if (!good)
		return false;
	one->found = true;
	tctl_git_line_write(to, one->sprint);
	putc('\n', to);
	tctl_git_standing_move(standing, &old, -1);
	tctl_git_standing_move(standing, one->sprint, 1);
	return true;
}

static bool
replace_lines(FILE *to, const char *text, struct touched list[], size_t count,
    struct tctl_git_standing *standing)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		struct touched *one = find_line(list, count, text);

		if (one == NULL)
			fprintf(to, "%.*s\n", (int)length, text);
		else if (!replace_line(to, text, length, one, standing))
			return false;
		text += length + (text[length] == '\n');
	}
	for (size_t i = 0; i < count; i++)
		if (!list[i].found)
			return false;
	return true;
}

/* The file of a name; owned; NULL: it is not there, or too large. */
static char *
old_text(git_repository *repo, git_treebuilder *folder, const char *name)
{
	const git_tree_entry *entry = git_treebuilder_get(folder, name);
	git_blob *blob = NULL;
	char *text = NULL;

	if (entry != NULL &&
	    git_blob_lookup(&blob, repo, git_tree_entry_id(entry)) == 0 &&
	    git_blob_rawsize(blob) < FILE_MAX_BYTES) {
		text = strndup(
		    git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
		if (text == NULL)
			tctl_die_nomem();
	}
	git_blob_free(blob);
	return text;
}

static enum tctl_status
replace_file(git_repository *repo, git_treebuilder *folder,
    struct touched list[], size_t count, struct tctl_git_standing *standing,
    bool *good, struct tctl_error *err)
{
	char name[FILE_NAME], *text = NULL, *old;
	enum tctl_status status = TCTL_OK;
	size_t bytes;
	FILE *to;

	old = old_text(repo, folder, file_name(list[0].sprint->row, name));
	*good = old != NULL;
	if (!*good)
		return TCTL_OK;
	to = open_memstream(&text, &bytes);
	if (to == NULL)
		tctl_die_nomem();
	*good = replace_lines(to, old, list, count, standing);
	if (fclose(to) != 0)
		tctl_die_nomem();
	if (*good)
		status = add_file(repo, folder, name, text, bytes, err);
	free(text);
	free(old);
	return status;
}

enum tctl_status
tctl_git_sprints_replace(const struct tctl_git *git,
    const struct tctl_git_tip *tip, struct tctl_git_standing *standing,
    bool *good, struct tctl_error *err)
{
	size_t count = standing->report.sprint_count;
	struct touched *list = list_touched(&standing->report);
	git_treebuilder *folder = NULL;
	git_tree *old = NULL;
	struct tctl_error unused;
	enum tctl_status status = TCTL_OK;

	*good = tctl_git_folder(git->repo, tip, "sprints", &old, &unused) ==
		    TCTL_OK &&
		git_treebuilder_new(&folder, git->repo, old) == 0;
	for (size_t i = 0, end; status == TCTL_OK && *good && i < count;
	     i = end) {
		for (end = i; end < count && same_file(list[i].sprint->row,
						 list[end].sprint->row);)
			end++;
		status = replace_file(
		    git->repo, folder, &list[i], end - i, standing, good, err);
	}
	if (status == TCTL_OK && *good &&
	    git_treebuilder_write(&standing->sprints, folder) != 0)
		status = tctl_git_fail(err, "write the folder of sprints");
	git_treebuilder_free(folder);
	git_tree_free(old);
	free_touched(list, count);
	return status;
}
