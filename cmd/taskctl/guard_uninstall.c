/* guard_uninstall.c - out of git's hooks, and what is in them. */
#include <string.h>
#include <unistd.h>

#include "guard_hooks.h"

/* Take our part out of one file. */
static enum tctl_status
take_out(struct tctl_guard_place *hooks, const struct tctl_guard_file *file,
    const struct tctl_guard_block *block, struct tctl_error *err)
{
	const struct timespec *now = &file->st.st_mtim;
	const char *rest = file->text + block->at + block->length;
	const char *base = strrchr(file->path, '/') + 1;
	const char *tail = tctl_guard_block_tail(hooks->arena, base);
	bool ours = block->at == strlen(TCTL_GUARD_SHEBANG) &&
		    strncmp(file->text, TCTL_GUARD_SHEBANG, block->at) == 0;

	if (block->form == TCTL_GUARD_MADE && ours && rest[0] == '\0') {
		if (unlink(file->path) == 0)
			return TCTL_OK;
		return tctl_fail(
		    err, TCTL_EFAILED, "cannot remove %s", file->path);
	}
	if (block->form == TCTL_GUARD_KEPT && ours && strcmp(rest, tail) == 0)
		return tctl_guard_file_restore(hooks->arena, file, err);
	if (block->form == TCTL_GUARD_KEPT)
		tctl_guard_place_remark(hooks,
		    "%s has other lines of its own: the hook that was set "
		    "aside stays where it is, and is still called",
		    file->path);
	memmove(file->text + block->at, rest, strlen(rest) + 1);
	return tctl_guard_file_write(
	    file, file->text, file->length - block->length, now, err);
}

/* Whoever took our place in front of a hook did not know of it. */
static void
remark_left(struct tctl_guard_place *hooks, const char *path)
{
	const char *kept = tctl_guard_kept_path(hooks->arena, path);

	if (access(kept, F_OK) == 0)
		tctl_guard_place_remark(hooks,
		    "%s is the hook that was here before; another program has "
		    "written over what called it",
		    kept);
}

/* Wherever our part may have come to: programs that write hooks move what they
 * find to .legacy or .old. */
static enum tctl_status
uninstall_one(struct tctl_guard_place *hooks, const char *name,
    bool *folder_made, struct tctl_error *err)
{
	static const char *const suffix[] = { "", ".legacy", ".old" };
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(suffix); i++) {
		const char *path = tctl_arena_printf(
		    hooks->arena, "%s/%s%s", hooks->folder, name, suffix[i]);
		struct tctl_guard_file file;
		struct tctl_guard_block block;

		tctl_guard_file_tidy(hooks->arena, path);
		status = tctl_guard_file_read(hooks->arena, path, &file, err);
		if (status != TCTL_OK)
			continue;
		if (file.text == NULL ||
		    !tctl_guard_block_find(file.text, &block)) {
			remark_left(hooks, path);
			continue;
		}
		*folder_made = *folder_made || block.folder;
		status = take_out(hooks, &file, &block, err);
		if (status == TCTL_OK)
			tctl_guard_place_add(
			    hooks, name, path, block.form, true, false);
	}
	return status;
}

enum tctl_status
tctl_guard_uninstall(struct tctl_ctx *ctx, const struct tctl_strings *asked,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_guard_place hooks;
	bool folder_made = false;
	enum tctl_status status =
	    tctl_guard_place_find_to_change(ctx, &hooks, err);

	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; status == TCTL_OK && i < TCTL_GUARD_HOOK_COUNT; i++)
		if (tctl_guard_place_wants(asked, tctl_guard_hook[i]))
			status = uninstall_one(
			    &hooks, tctl_guard_hook[i], &folder_made, err);
	if (status == TCTL_OK && folder_made)
		rmdir(hooks.folder);
	tctl_target_unlock(&hooks.lock);
	*out = tctl_guard_place_answer(&hooks);
	return status;
}

/* --- what is there --- */

static enum tctl_status
look(struct tctl_guard_place *hooks, const char *name, struct tctl_error *err)
{
	struct tctl_guard_block block = { .form = TCTL_GUARD_ABSENT };
	struct tctl_guard_file file;
	enum tctl_status status =
	    tctl_guard_place_choose(hooks, name, &file, err);
	bool runs;

	if (status != TCTL_OK)
		return status;
	if (file.text != NULL)
		(void)tctl_guard_block_find(file.text, &block);
	runs = block.form != TCTL_GUARD_ABSENT && access(file.path, X_OK) == 0;
	if (file.there && !runs && block.form != TCTL_GUARD_ABSENT)
		tctl_guard_place_remark(hooks,
		    "%s may not be executed, so git ignores it", file.path);
	if (block.form != TCTL_GUARD_MADE)
		tctl_guard_place_remark_manager(hooks, name, file.text);
	tctl_guard_place_add(hooks, name, file.path, block.form, false, runs);
	return TCTL_OK;
}

enum tctl_status
tctl_guard_status(
    struct tctl_ctx *ctx, struct json_object **out, struct tctl_error *err)
{
	struct tctl_guard_place hooks;
	enum tctl_status status = tctl_guard_place_find(ctx, &hooks, err);

	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; status == TCTL_OK && i < TCTL_GUARD_HOOK_COUNT; i++)
		status = look(&hooks, tctl_guard_hook[i], err);
	*out = tctl_guard_place_answer(&hooks);
	return status;
}
