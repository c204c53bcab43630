/* events.c - the folder events/ of a progress commit.  Only the file that grows
 * is written; all others keep their objects. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "taskctl/work_json.h"

/* --- the files ---------------------------------------------------------------
 */

int64_t
tctl_git_events_file(int64_t event)
{
	return (event - 1) / TCTL_GIT_EVENTS_A_FILE * TCTL_GIT_EVENTS_A_FILE +
	       1;
}

/* Eight digits sort well for a hundred million events; after a restore, whose
 * ids begin 2^32 higher, there are ten. */
enum { FILE_NAME = 32 };

static const char *
file_name(int64_t first, char buf[FILE_NAME])
{
	snprintf(buf, FILE_NAME, "%08" PRId64 ".jsonl", first);
	return buf;
}

enum tctl_status
tctl_git_events_begin(git_repository *repo, const struct tctl_git_tip *tip,
    struct tctl_git_events *out, struct tctl_error *err)
{
	git_tree *old;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->repo = repo;
	status = tctl_git_folder(repo, tip, "events", &old, err);
	if (status == TCTL_OK && git_treebuilder_new(&out->folder, repo, old))
		status = tctl_git_fail(err, "begin a tree");
	git_tree_free(old);
	return status;
}

static enum tctl_status
write_file(struct tctl_git_events *to, struct tctl_error *err)
{
	char name[FILE_NAME];
	git_oid blob;
	int rc;

	if (to->file == NULL)
		return TCTL_OK;
	if (fclose(to->file) != 0)
		tctl_die_nomem();
	to->file = NULL;
	file_name(to->first, name);
	rc = git_blob_create_from_buffer(&blob, to->repo, to->text, to->bytes);
	if (rc == 0)
		rc = git_treebuilder_insert(
		    NULL, to->folder, name, &blob, GIT_FILEMODE_BLOB);
	free(to->text);
	to->text = NULL;
	return rc == 0 ? TCTL_OK : tctl_git_fail(err, "write events/%s", name);
}

/* Open the file that begins with this id, with what is in it already. */
static enum tctl_status
open_file(struct tctl_git_events *to, int64_t first, struct tctl_error *err)
{
	const git_tree_entry *entry;
	git_blob *old = NULL;
	char name[FILE_NAME];

	entry = git_treebuilder_get(to->folder, file_name(first, name));
	if (entry != NULL &&
	    git_blob_lookup(&old, to->repo, git_tree_entry_id(entry)) != 0)
		return tctl_git_fail(err, "read events/%s", name);
	to->first = first;
	to->file = open_memstream(&to->text, &to->bytes);
	if (to->file == NULL)
		tctl_die_nomem();
	if (old != NULL)
		fwrite(git_blob_rawcontent(old), 1,
		    (size_t)git_blob_rawsize(old), to->file);
	git_blob_free(old);
	return TCTL_OK;
}

/* A session that nobody named is the worktree's path.  Whose home it lies in
 * is nothing that a branch should tell. */
static const char *
without_folder(const char *session)
{
	const char *slash =
	    session == NULL || session[0] != '/' ? NULL : strrchr(session, '/');

	return slash == NULL || slash[1] == '\0' ? session : slash + 1;
}

enum tctl_status
tctl_git_events_add(struct tctl_git_events *to, const struct tctl_event *event,
    struct tctl_error *err)
{
	struct tctl_event told = *event;
	struct json_object *line;
	enum tctl_status status = TCTL_OK;

	if (to->file == NULL || tctl_git_events_file(event->id) != to->first) {
		status = write_file(to, err);
		if (status == TCTL_OK)
			status =
			    open_file(to, tctl_git_events_file(event->id), err);
		if (status != TCTL_OK)
			return status;
	}
	told.session = without_folder(event->session);
	line = tctl_json_event(&told);
	fprintf(to->file, "%s\n",
	    json_object_to_json_string_ext(
		line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(line);
	return TCTL_OK;
}

enum tctl_status
tctl_git_events_end(
    struct tctl_git_events *to, git_oid *out, struct tctl_error *err)
{
	enum tctl_status status = write_file(to, err);

	if (status == TCTL_OK && git_treebuilder_write(out, to->folder) != 0)
		status = tctl_git_fail(err, "write the folder of events");
	return status;
}

void
tctl_git_events_release(struct tctl_git_events *events)
{
	if (events->file != NULL)
		fclose(events->file);
	free(events->text);
	git_treebuilder_free(events->folder);
	memset(events, 0, sizeof(*events));
}

/* --- is it ours?
 * ---------------------------------------------------------------- */

/* Ids follow each other, but for the gap of a restored store, which begins a
 * file: how many lines the file lacks between its first event and the last. */
static int64_t
count_missing(const char *text, size_t length, int64_t last)
{
	int64_t lines = length > 0, first = last;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	if (sscanf(text, "{\"id\":%" SCNd64, &first) != 1)
		return 0; /* what it is, others find out */
	return last - first + 1 - lines;
}

/* The last line of the file of tip's newest event as an object; owned, NULL:
 * there is none. */
static enum tctl_status
last_line(git_repository *repo, const struct tctl_git_tip *tip,
    struct json_object **out, int64_t *missing, struct tctl_error *err)
{
	char name[FILE_NAME], *line = NULL;
	const git_tree_entry *entry = NULL;
	git_tree *folder = NULL;
	git_blob *blob = NULL;
	enum tctl_status status;

	file_name(tctl_git_events_file(tip->event), name);
	status = tctl_git_folder(repo, tip, "events", &folder, err);
	if (folder != NULL)
		entry = git_tree_entry_byname(folder, name);
	if (entry != NULL &&
	    git_blob_lookup(&blob, repo, git_tree_entry_id(entry)) != 0)
		status = tctl_git_fail(err, "read events/%s", name);
	if (blob != NULL) {
		const char *text = git_blob_rawcontent(blob);
		size_t end = (size_t)git_blob_rawsize(blob), start;

		end -= end > 0 && text[end - 1] == '\n';
		for (start = end; start > 0 && text[start - 1] != '\n';)
			start--;
		*missing = count_missing(text, end, tip->event);
		line = tctl_xprintf("%.*s", (int)(end - start), text + start);
	}
	*out = line == NULL ? NULL : json_tokener_parse(line);
	if (!json_object_is_type(*out, json_type_object)) {
		json_object_put(*out);
		*out = NULL;
	}
	free(line);
	git_blob_free(blob);
	git_tree_free(folder);
	return status;
}

enum tctl_status
tctl_git_events_last(git_repository *repo, const struct tctl_git_tip *tip,
    int64_t *out, struct tctl_error *err)
{
	int64_t missing;
	struct json_object *line;
	enum tctl_status status = last_line(repo, tip, &line, &missing, err);
	int64_t id = json_object_get_int64(json_object_object_get(line, "id"));

	json_object_put(line);
	*out = id > 0 ? id : 0;
	return status;
}

static bool
same_text(struct json_object *line, const char *key, const char *text)
{
	struct json_object *value = NULL;

	(void)json_object_object_get_ex(line, key, &value);
	return value == NULL || text == NULL
		   ? value == NULL && text == NULL
		   : strcmp(json_object_get_string(value), text) == 0;
}

static bool
is_line_of(struct json_object *line, const struct tctl_event *event)
{
	struct json_object *at = tctl_json_instant(event->at_ms);
	bool same = same_text(line, "at", json_object_get_string(at)) &&
		    same_text(line, "kind", event->kind) &&
		    same_text(line, "task", event->task) &&
		    same_text(line, "agent", event->agent);

	json_object_put(at);
	return same;
}

static enum tctl_status
fail_foreign(const struct tctl_git *git, const struct tctl_git_tip *tip,
    struct tctl_error *err)
{
	tctl_fail(err, TCTL_EFAILED,
	    "branch %s holds the progress of another store (%s, up to event "
	    "%" PRId64 "), which does not lead to this one",
	    git->branch, tip->store, tip->event);
	return tctl_hint(err,
	    "progress can go to another branch: taskctl config git.branch "
	    "NAME");
}

/*
 * Ids of events only compare within one store and its copies.  A store made
 * anew counts from 1 again, and what is below the branch's last event would
 * never be committed, without a word.  One that was restored may lack the
 * newest committed events, but goes on far above them.
 */
enum tctl_status
tctl_git_events_match(const struct tctl_git *git,
    const struct tctl_git_tip *tip, struct tctl_error *err)
{
	int64_t missing = 0, id;
	struct json_object *line;
	struct tctl_events events;
	enum tctl_status status =
	    last_line(git->repo, tip, &line, &missing, err);

	if (status != TCTL_OK)
		return status;
	id = json_object_get_int64(json_object_object_get(line, "id"));
	if (line == NULL || id != tip->event) {
		json_object_put(line);
		return tctl_fail(err, TCTL_EFAILED,
		    "commit %.7s of branch %s says that it holds event %" PRId64
		    ", but its files do not end with it",
		    git_oid_tostr_s(&tip->id), git->branch, tip->event);
	}
	if (missing != 0) {
		json_object_put(line);
		return tctl_fail(err, TCTL_EFAILED,
		    "commit %.7s of branch %s lacks %" PRId64
		    " of the events before its last one: somebody has changed "
		    "its files",
		    git_oid_tostr_s(&tip->id), git->branch, missing);
	}
	status =
	    tctl_events_read(git->coord, tip->event - 1, NULL, 1, &events, err);
	if (status == TCTL_OK) {
		if (events.count == 0 || (events.at[0].id == tip->event &&
					     !is_line_of(line, &events.at[0])))
			status = fail_foreign(git, tip, err);
		tctl_events_release(&events);
	}
	json_object_put(line);
	return status;
}
