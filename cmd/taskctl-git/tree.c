/* tree.c - what a progress commit holds beside its events: where the work
 * stands, for people and for programs. */
#include <stdlib.h>
#include <string.h>

#include "standing.h"

enum tctl_status
tctl_git_folder(git_repository *repo, const struct tctl_git_tip *tip,
    const char *name, git_tree **out, struct tctl_error *err)
{
	git_tree_entry *entry = NULL;
	git_tree *root = NULL;
	char *path;
	int rc = 0;

	*out = NULL;
	if (tip->commit == NULL)
		return TCTL_OK;
	path = tctl_xprintf("%s%s%s", tip->prefix != NULL ? tip->prefix : "",
	    tip->prefix != NULL && name != NULL ? "/" : "",
	    name != NULL ? name : "");
	rc = git_commit_tree(&root, tip->commit);
	if (rc == 0 && *path == '\0') {
		*out = root;
		root = NULL;
	} else if (rc == 0) {
		rc = git_tree_entry_bypath(&entry, root, path);
		if (rc == 0)
			rc = git_tree_lookup(
			    out, repo, git_tree_entry_id(entry));
		else if (rc == GIT_ENOTFOUND && tip->prefix != NULL)
			rc = 0;
	}
	if (rc != 0)
		tctl_git_fail(err, "read %s of commit %.7s",
		    *path != '\0' ? path : "the tree",
		    git_oid_tostr_s(&tip->id));
	git_tree_entry_free(entry);
	git_tree_free(root);
	free(path);
	return rc == 0 ? TCTL_OK : TCTL_EFAILED;
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

static FILE *
memory(char **text, size_t *bytes)
{
	FILE *out = open_memstream(text, bytes);

	if (out == NULL)
		tctl_die_nomem();
	return out;
}

static enum tctl_status
add_file(git_repository *repo, git_treebuilder *root, const char *name,
    FILE *file, char **text, const size_t *bytes, struct tctl_error *err)
{
	enum tctl_status status;

	if (fclose(file) != 0)
		tctl_die_nomem();
	status = add_blob(repo, root, name, *text, *bytes, err);
	free(*text);
	return status;
}

static enum tctl_status
add_json(git_repository *repo, git_treebuilder *root,
    const struct tctl_git_standing *standing, struct tctl_error *err)
{
	char *text;
	size_t bytes;
	FILE *file = memory(&text, &bytes);

	tctl_git_standing_json(file, standing);
	return add_file(
	    repo, root, "sprint_status.json", file, &text, &bytes, err);
}

static enum tctl_status
add_page(const struct tctl_git *git, git_treebuilder *root,
    const struct tctl_git_standing *standing, struct tctl_error *err)
{
	char *text;
	size_t bytes;
	FILE *file = memory(&text, &bytes);
	enum tctl_status status, drawn;

	tctl_git_status_md(file, standing);
	drawn = tctl_git_chart(file, git, standing, err);
	tctl_git_status_md_end(file, standing);
	status =
	    add_file(git->repo, root, "STATUS.md", file, &text, &bytes, err);
	return drawn != TCTL_OK ? drawn : status;
}

enum tctl_status
tctl_git_tree_write(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const git_oid *events, int64_t last_event, git_oid *out,
    struct tctl_error *err)
{
	struct tctl_git_standing standing;
	git_treebuilder *root = NULL;
	git_tree *old = NULL;
	enum tctl_status status;

	status = tctl_git_standing_read(git, tip, last_event, &standing, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_git_folder(git->repo, tip, NULL, &old, err);
	if (status == TCTL_OK &&
	    (git_treebuilder_new(&root, git->repo, old) != 0 ||
		git_treebuilder_insert(
		    NULL, root, "events", events, GIT_FILEMODE_TREE) != 0))
		status = tctl_git_fail(err, "begin a tree");
	if (status == TCTL_OK && !standing.is_whole &&
	    git_treebuilder_insert(NULL, root, "sprints", &standing.sprints,
		GIT_FILEMODE_TREE) != 0)
		status = tctl_git_fail(err, "write sprints");
	if (status == TCTL_OK && standing.is_whole &&
	    git_treebuilder_get(root, "sprints") != NULL)
		(void)git_treebuilder_remove(root, "sprints");
	if (status == TCTL_OK)
		status = add_json(git->repo, root, &standing, err);
	if (status == TCTL_OK)
		status = add_page(git, root, &standing, err);
	if (status == TCTL_OK && git_treebuilder_write(out, root) != 0)
		status = tctl_git_fail(err, "write the tree");
	git_treebuilder_free(root);
	git_tree_free(old);
	tctl_git_standing_release(&standing);
	return status;
}
