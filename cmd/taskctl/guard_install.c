/* guard_install.c - into git's hooks. */
#include <string.h>
#include <unistd.h>

#include "guard_hooks.h"

/* --- in --- */

/* For a $PATH that is not the one of now: our own path; but no machine's path
 * in files that are shared. */
static const char *
program(const struct tctl_guard_place *hooks)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length <= 0 || hooks->tracked)
		return "taskctl";
	path[length] = '\0';
	return tctl_arena_strdup(hooks->arena, path);
}

/* Our part, written first or anew. */
static enum tctl_status
put(struct tctl_guard_place *hooks, const char *name,
    const struct tctl_guard_file *file, struct tctl_guard_block *block,
    bool *changed, struct tctl_error *err)
{
	const char *own =
	    tctl_guard_block_text(hooks->arena, name, block, program(hooks));
	const char *base = strrchr(file->path, '/') + 1;
	size_t rest = block->at + block->length;
	char *text;

	*changed = block->length != strlen(own) ||
		   memcmp(file->text + block->at, own, block->length) != 0;
	if (!*changed)
		return TCTL_OK;
	if (block->length > 0 || block->form == TCTL_GUARD_ADDED)
		text = tctl_arena_printf(hooks->arena, "%.*s%s%s",
		    (int)block->at, file->text, own, file->text + rest);
	else
		text = tctl_arena_printf(hooks->arena, "%s%s%s",
		    TCTL_GUARD_SHEBANG, own,
		    block->form == TCTL_GUARD_KEPT
			? tctl_guard_block_tail(hooks->arena, base)
			: "");
	if (block->form == TCTL_GUARD_KEPT && block->length == 0)
		return tctl_guard_file_keep(hooks->arena, file, text, err);
	return tctl_guard_file_write(file, text, strlen(text),
	    file->there ? &file->st.st_mtim : NULL, err);
}

static enum tctl_status
install_one(struct tctl_guard_place *hooks, const char *name, bool folder_made,
    struct tctl_error *err)
{
	struct tctl_guard_block block;
	struct tctl_guard_file file;
	size_t first = 0;
	bool changed;
	enum tctl_status status =
	    tctl_guard_place_choose(hooks, name, &file, err);

	if (status != TCTL_OK)
		return status;
	tctl_guard_file_tidy(hooks->arena, file.path);
	if (file.there && S_ISDIR(file.st.st_mode))
		return tctl_fail(
		    err, TCTL_EFAILED, "%s is a folder", file.path);
	if (file.text == NULL || !tctl_guard_block_find(file.text, &block)) {
		memset(&block, 0, sizeof(block));
		block.folder = folder_made;
		block.mtime = file.st.st_mtim;
		if (!file.there)
			block.form = TCTL_GUARD_MADE;
		else if (file.text != NULL && file.st.st_nlink == 1 &&
			 (file.st.st_mode & 0111) != 0 &&
			 tctl_guard_is_shell(file.text, file.length, &first))
			block.form = TCTL_GUARD_ADDED;
		else
			block.form = TCTL_GUARD_KEPT;
		block.at = first;
	}
	status = put(hooks, name, &file, &block, &changed, err);
	if (status != TCTL_OK)
		return status;
	if (block.form != TCTL_GUARD_MADE)
		tctl_guard_place_remark_manager(hooks, name, file.text);
	tctl_guard_place_add(hooks, name, file.path, block.form, changed, true);
	return TCTL_OK;
}

enum tctl_status
tctl_guard_install(struct tctl_ctx *ctx, const struct tctl_strings *asked,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_guard_place hooks;
	bool folder_made = false;
	enum tctl_status status =
	    tctl_guard_place_find_to_change(ctx, &hooks, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_guard_folder_make(hooks.folder, &folder_made, err);
	for (size_t i = 0; status == TCTL_OK && i < TCTL_GUARD_HOOK_COUNT; i++)
		if (tctl_guard_place_wants(asked, tctl_guard_hook[i]))
			status = install_one(
			    &hooks, tctl_guard_hook[i], folder_made, err);
	tctl_target_unlock(&hooks.lock);
	if (hooks.tracked)
		tctl_guard_place_remark(&hooks,
		    "%s is a folder that git tracks: the change is "
		    "everybody's once it is committed",
		    hooks.folder);
	if (hooks.outside)
		tctl_guard_place_remark(&hooks,
		    "%s is outside of this repository (core.hooksPath): every "
		    "repository that uses it asks guard now",
		    hooks.folder);
	*out = tctl_guard_place_answer(&hooks);
	return status;
}
