/* floor: cmd - guard's part of git's hooks.
 *
 * A hook that is a shell script gets our lines after its first one, and stays
 * in place; where there is none, one is made; any other (another language, a
 * link, a binary, one that is switched off) is set aside untouched as
 * HOOK.taskctl-kept, and ours ends by becoming it.  Our part stands between two
 * marks, which say how it came there, so that it can be taken out again. */
#ifndef TASKCTL_CMD_GUARD_HOOKS_H
#define TASKCTL_CMD_GUARD_HOOKS_H

#include <sys/stat.h>

#include "ctx.h"
#include "replace.h"

/* How our part came into a file. */
enum tctl_guard_form {
	TCTL_GUARD_ABSENT,
	TCTL_GUARD_MADE,  /* there was no hook */
	TCTL_GUARD_ADDED, /* into the user's script */
	TCTL_GUARD_KEPT,  /* in front of a hook that is set aside */
};

/* "made", "added" …; "" for absent. */
const char *tctl_guard_form_word(enum tctl_guard_form form);

/* --- guard_block.c: text --- */

struct tctl_guard_block {
	enum tctl_guard_form form;
	bool folder;	       /* the folder of hooks was made too */
	struct timespec mtime; /* of the script before ours was added */
	size_t at, length;     /* in the file's text */
};

/* Our part of a hook's script.  program: taskctl's path, where it is not in
 * $PATH.  In the arena. */
char *tctl_guard_block_text(struct tctl_arena *arena, const char *hook,
    const struct tctl_guard_block *block, const char *program);

/* What a whole file of ours is before and after that part. */
#define TCTL_GUARD_SHEBANG "#!/bin/sh\n"
char *tctl_guard_block_tail(struct tctl_arena *arena, const char *name);

/* Find our part; false: there is none. */
bool tctl_guard_block_find(const char *text, struct tctl_guard_block *out);

/* Is it a script of a shell that understands ours?  *first: the length of its
 * first line. */
bool tctl_guard_is_shell(const char *text, size_t length, size_t *first);

/* --- guard_file.c: hooks as files --- */

/* What stands at a path. */
struct tctl_guard_file {
	const char *path;
	bool there;
	struct stat st; /* of a link itself */
	char *text;	/* of a regular file; else NULL */
	size_t length;
};

enum tctl_status tctl_guard_file_read(struct tctl_arena *arena,
    const char *path, struct tctl_guard_file *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Make the folder of hooks where there is none; *made is set then. */
enum tctl_status tctl_guard_folder_make(
    const char *path, bool *made, struct tctl_error *err) TCTL_MUST_CHECK;

/* Make a hook where none is, or replace one in one step: owner, mode and, where
 * mtime is given, time are kept. */
enum tctl_status tctl_guard_file_write(const struct tctl_guard_file *file,
    const char *text, size_t length, const struct timespec *mtime,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Set a hook aside, and put this text in its place; there is a hook at every
 * moment. */
enum tctl_status tctl_guard_file_keep(struct tctl_arena *arena,
    const struct tctl_guard_file *file, const char *text,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* Back again. */
enum tctl_status tctl_guard_file_restore(struct tctl_arena *arena,
    const struct tctl_guard_file *file, struct tctl_error *err) TCTL_MUST_CHECK;

/* Take away what one that was killed has left; under the lock. */
void tctl_guard_file_tidy(struct tctl_arena *arena, const char *path);

/* Where the hook that was set aside is, and the name by which it is called: it
 * keeps its own, as a link to it. */
char *tctl_guard_kept_path(struct tctl_arena *arena, const char *path);
char *tctl_guard_alias_path(struct tctl_arena *arena, const char *path);

/* --- guard_place.c -------------------------------------------------------- */

enum { TCTL_GUARD_HOOK_COUNT = 3 };
extern const char *const tctl_guard_hook[TCTL_GUARD_HOOK_COUNT];

/* The repository's hooks, as git finds them. */
struct tctl_guard_place {
	struct tctl_ctx *ctx;
	struct tctl_arena *arena;
	char *common; /* git's directory, of all worktrees */
	char *folder; /* of the hooks */
	bool tracked; /* git tracks that folder, or would */
	bool outside; /* of this repository: others may share it */
	struct tctl_target lock;
	struct json_object *list, *remarks;
};

enum tctl_status tctl_guard_place_find(struct tctl_ctx *ctx,
    struct tctl_guard_place *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The same, and one at a time; ended by tctl_target_unlock. */
enum tctl_status tctl_guard_place_find_to_change(struct tctl_ctx *ctx,
    struct tctl_guard_place *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The file of a hook that our part belongs into: pre-commit(1) runs HOOK.legacy
 * first, and leaves it alone when it writes HOOK anew. */
enum tctl_status tctl_guard_place_choose(struct tctl_guard_place *place,
    const char *hook, struct tctl_guard_file *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Was this hook asked for?  None was named: all are. */
bool tctl_guard_place_wants(const struct tctl_strings *asked, const char *hook);

/* The answer: its rows; remarks, each once, what standing for its %s; and what
 * is to be known of the program that wrote a hook. */
void tctl_guard_place_add(struct tctl_guard_place *place, const char *hook,
    const char *path, enum tctl_guard_form form, bool changed, bool runs);
void tctl_guard_place_remark(
    struct tctl_guard_place *place, const char *fmt, const char *what);
void tctl_guard_place_remark_manager(
    struct tctl_guard_place *place, const char *hook, const char *text);
struct json_object *tctl_guard_place_answer(struct tctl_guard_place *place);

/* --- guard_install.c, guard_uninstall.c ------------------------------------
 */

enum tctl_status tctl_guard_install(struct tctl_ctx *ctx,
    const struct tctl_strings *hooks, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_guard_uninstall(struct tctl_ctx *ctx,
    const struct tctl_strings *hooks, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_guard_status(struct tctl_ctx *ctx,
    struct json_object **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The hooks that there are: "a|b|c". */
#define TCTL_GUARD_HOOKS "pre-commit|pre-push|reference-transaction"

#endif
