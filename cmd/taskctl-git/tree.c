/* tree.c - what a progress commit holds beside its events: where the work
 * stands, for people and for programs. */
#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "taskctl/work_json.h"

enum tctl_status
tctl_git_folder(git_repository *repo, const struct tctl_git_tip *tip,
    const char *name, git_tree **out, struct tctl_error *err)
{
	git_tree_entry *entry = NULL;
	git_tree *root = NULL;
	enum tctl_status status = TCTL_OK;
	int rc = 0;

	*out = NULL;
	if (tip->commit == NULL)
		return TCTL_OK;
	rc = git_commit_tree(&root, tip->commit);
	if (rc == 0 && name == NULL) {
		*out = root;
		return TCTL_OK;
	}
	if (rc == 0)
		rc = git_tree_entry_bypath(&entry, root, name);
	if (rc == 0)
		rc = git_tree_lookup(out, repo, git_tree_entry_id(entry));
	if (rc != 0)
		status = tctl_git_fail(err, "read %s of commit %.7s",
		    name != NULL ? name : "the tree",
		    git_oid_tostr_s(&tip->id));
	git_tree_entry_free(entry);
	git_tree_free(root);
	return status;
}

/* --- the root
 * ----------------------------------------------------------------- */

static enum tctl_status
add_blob(git_repository *repo, git_treebuilder *root, const char *name,
    const char *text, size_t bytes, struct tctl_error *err)
{
	git_oid blob;

	if (git_blob_create_from_buffer(&blob, repo, text, bytes) != 0 ||
	    git_treebuilder_insert(
		NULL, root, name, &blob, GIT_FILEMODE_BLOB) != 0)
		return tctl_git_fail(err, "write %s", name);
	return TCTL_OK;
}

/* Without what changes with every heartbeat or names somebody's machine:
 * leases are shown in STATUS.md, and end with the machine that they are on. */
static enum tctl_status
add_json(git_repository *repo, git_treebuilder *root,
    const struct tctl_status_report *report, int64_t last_event,
    struct tctl_error *err)
{
	static const char *const passing[] = { "leases", "ready", "ready_count",
		"forecast" };
	struct json_object *all = json_object_new_object();
	struct json_object *status = tctl_json_status(report);
	enum tctl_status result;
	const char *text;
	size_t bytes;

	json_object_object_add(
	    all, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
	json_object_object_add(
	    all, "last_event", json_object_new_int64(last_event));
	for (size_t i = 0; i < TCTL_COUNT(passing); i++)
		json_object_object_del(status, passing[i]);
	json_object_object_foreach(status, key, value)
	    json_object_object_add(all, key, json_object_get(value));
	/* A newline ends it, as every text file. */
	text = json_object_to_json_string_ext(
	    all, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		     JSON_C_TO_STRING_NOSLASHESCAPE);
	bytes = strlen(text);
	char *line = tctl_xprintf("%s\n", text);
	result =
	    add_blob(repo, root, "sprint_status.json", line, bytes + 1, err);
	free(line);
	json_object_put(status);
	json_object_put(all);
	return result;
}

static enum tctl_status
add_page(const struct tctl_git *git, git_treebuilder *root,
    const struct tctl_status_report *report, int64_t last_event,
    struct tctl_error *err)
{
	bool chart = report->totals.tasks <= TCTL_GIT_TASKS_SHOWN;
	struct tctl_outlook outlook;
	enum tctl_status status = TCTL_OK;
	char *text = NULL;
	size_t bytes;
	FILE *file;

	memset(&outlook, 0, sizeof(outlook));
	if (chart)
		status = tctl_outlook_read(git->coord, true, &outlook, err);
	if (status != TCTL_OK)
		return status;
	file = open_memstream(&text, &bytes);
	if (file == NULL)
		tctl_die_nomem();
	tctl_git_status_md(file, report, chart ? &outlook : NULL, last_event);
	if (fclose(file) != 0)
		tctl_die_nomem();
	status = add_blob(git->repo, root, "STATUS.md", text, bytes, err);
	free(text);
	if (chart)
		tctl_outlook_release(&outlook);
	return status;
}

enum tctl_status
tctl_git_tree_write(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const git_oid *events, int64_t last_event, git_oid *out,
    struct tctl_error *err)
{
	enum { READY_SHOWN = 10 };
	struct tctl_status_report report;
	git_treebuilder *root = NULL;
	git_tree *old = NULL;
	enum tctl_status status;

	status = tctl_status_read(git->coord, READY_SHOWN, &report, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_git_folder(git->repo, tip, NULL, &old, err);
	if (status == TCTL_OK &&
	    (git_treebuilder_new(&root, git->repo, old) != 0 ||
		git_treebuilder_insert(
		    NULL, root, "events", events, GIT_FILEMODE_TREE) != 0))
		status = tctl_git_fail(err, "begin a tree");
	if (status == TCTL_OK)
		status = add_json(git->repo, root, &report, last_event, err);
	if (status == TCTL_OK)
		status = add_page(git, root, &report, last_event, err);
	if (status == TCTL_OK && git_treebuilder_write(out, root) != 0)
		status = tctl_git_fail(err, "write the tree");
	git_treebuilder_free(root);
	git_tree_free(old);
	tctl_status_release(&report);
	return status;
}
