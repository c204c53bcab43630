/* guard_copies.c - changes that are known already under another id.
 *
 * A rebase, a cherry-pick and an amended message make new commits with old
 * trailers.  What they change is nothing new: it came in when its token was
 * good, or was taken in since.  git patch-id tells; it is asked only when a
 * commit would be refused otherwise. */
#include <stdlib.h>
#include <string.h>

#include "guard.h"

enum {
	COPIES_MAX = 100, /* refused commits for which it is tried */
	WORDS_MAX = 256,
};

/* The commits that this is about, once each. */
static struct tctl_strings
refused_ids(struct tctl_arena *arena, const struct tctl_guard_list *list)
{
	struct tctl_strings ids = { NULL, 0 };

	for (size_t i = 0; i < list->claims; i++) {
		const char *id = list->commit[list->claim[i].commit].id;

		if (list->claim[i].refused &&
		    (ids.count == 0 || strcmp(ids.at[ids.count - 1], id) != 0))
			tctl_strings_add(arena, &ids, id);
	}
	return ids;
}

/* Known commits with one of the refused tokens, one id a line. */
static enum tctl_status
find_known(struct tctl_ctx *ctx, const struct tctl_guard_range *range,
    const struct tctl_guard_list *list, char **out, struct tctl_error *err)
{
	const char *word[WORDS_MAX] = { "rev-list", "--no-merges",
		"--ignore-missing", "--regexp-ignore-case", "--fixed-strings" };
	char *ids;
	size_t n = 5;

	for (size_t i = 0; i < list->claims && n < WORDS_MAX / 2; i++)
		if (list->claim[i].refused && list->claim[i].token >= 0)
			word[n++] =
			    tctl_arena_printf(ctx->arena, "--grep=Token: %lld",
				(long long)list->claim[i].token);
	if (n == 5) {
		*out = tctl_arena_strdup(ctx->arena, "");
		return TCTL_OK;
	}
	for (size_t i = 0; i < range->known.count && n < WORDS_MAX - 2; i++)
		word[n++] = range->known.at[i];
	ids = tctl_guard_lines(ctx->arena, &range->known_id, "");
	word[n++] = "--stdin";
	return tctl_guard_git(ctx, word, ids, out, NULL, err);
}

/* What the change of a commit is known by; NULL: a merge, or no change. */
struct patch {
	const char *id;
	const char *commit;
	bool is_refused;
};

static int
by_patch(const void *a, const void *b)
{
	const struct patch *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order != 0 ? order : (int)x->is_refused - (int)y->is_refused;
}

static bool
contains(const struct tctl_strings *ids, const char *id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->at[i], id) == 0)
			return true;
	return false;
}

/* "PATCH COMMIT", a line each: those refused whose patch somebody else has. */
static void
pass(struct tctl_arena *arena, char *lines, const struct tctl_strings *refused,
    struct tctl_guard_list *list)
{
	struct tctl_strings copies = { NULL, 0 };
	struct patch *patch = NULL;
	const char *known = "";
	size_t count = 0;
	char *line;

	while ((line = tctl_guard_line(&lines)) != NULL) {
		char *space = strchr(line, ' ');

		if (space == NULL)
			continue;
		*space = '\0';
		patch = tctl_arena_grow(arena, patch, count, sizeof(*patch));
		patch[count++] = (struct patch){ line, space + 1,
			contains(refused, space + 1) };
	}
	if (count > 0)
		qsort(patch, count, sizeof(*patch), by_patch);
	for (size_t i = 0; i < count; i++)
		if (!patch[i].is_refused)
			known = patch[i].id;
		else if (strcmp(known, patch[i].id) == 0)
			tctl_strings_add(arena, &copies, patch[i].commit);
	for (size_t i = 0; i < list->claims; i++)
		if (list->claim[i].refused &&
		    contains(&copies, list->commit[list->claim[i].commit].id))
			list->claim[i].refused = false;
}

enum tctl_status
tctl_guard_pass_copies(struct tctl_ctx *ctx,
    const struct tctl_guard_range *range, struct tctl_guard_list *list,
    struct tctl_error *err)
{
	static const char *const diff[] = { "diff-tree", "--stdin", "--root",
		"-p", "--no-ext-diff", "--no-textconv", NULL };
	static const char *const patch_id[] = { "patch-id", "--stable", NULL };
	struct tctl_strings refused = refused_ids(ctx->arena, list);
	char *known, *patches;
	enum tctl_status status;

	if (refused.count > COPIES_MAX)
		return TCTL_OK;
	status = find_known(ctx, range, list, &known, err);
	if (status != TCTL_OK || known[0] == '\0')
		return status;
	for (size_t i = 0; i < refused.count; i++)
		known = tctl_arena_printf(
		    ctx->arena, "%s%s\n", known, refused.at[i]);
	status = tctl_guard_git(ctx, diff, known, &patches, NULL, err);
	if (status == TCTL_OK)
		status =
		    tctl_guard_git(ctx, patch_id, patches, &known, NULL, err);
	if (status == TCTL_OK)
		pass(ctx->arena, known, &refused, list);
	return status;
}
