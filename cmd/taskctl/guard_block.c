/* guard_block.c - guard's lines within a hook's script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asset.h"
#include "guard.h"
#include "guard_hooks.h"

#define BEGINS "# >>> taskctl guard: "
#define ENDS "# <<< taskctl guard <<<\n"

static const char *const form_word[] = { "", "made", "added", "kept" };

const char *
tctl_guard_form_word(enum tctl_guard_form form)
{
	return form_word[form];
}

static const char *
script_of(const char *hook)
{
	for (const struct tctl_asset *asset = tctl_asset; asset->name != NULL;
	     asset++)
		if (strncmp(asset->name, "guard-", 6) == 0 &&
		    strncmp(asset->name + 6, hook, strlen(hook)) == 0)
			return asset->text + strlen(TCTL_GUARD_SHEBANG);
	return "";
}

char *
tctl_guard_block_text(struct tctl_arena *arena, const char *hook,
    const struct tctl_guard_block *block, const char *program)
{
	static const char place[] = "@TASKCTL@";
	const char *script = script_of(hook), *at;
	char *text = NULL, *kept;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		tctl_die_nomem();
	fprintf(to, "%s%s", BEGINS, form_word[block->form]);
	if (block->folder)
		fputs(" folder", to);
	if (block->form == TCTL_GUARD_ADDED)
		fprintf(to, " %lld.%09ld", (long long)block->mtime.tv_sec,
		    block->mtime.tv_nsec);
	fputs(" >>>\n", to);
	while ((at = strstr(script, place)) != NULL) {
		fwrite(script, 1, (size_t)(at - script), to);
		fputs(tctl_guard_quoted(arena, program), to);
		script = at + sizeof(place) - 1;
	}
	fputs(script, to);
	fputs(ENDS, to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(arena, text);
	free(text);
	return kept;
}

char *
tctl_guard_block_tail(struct tctl_arena *arena, const char *name)
{
	return tctl_arena_printf(arena,
	    "# The hook that was here before, untouched.\n"
	    "taskctl_hook=${0%%/*}/taskctl.d/%s\n"
	    "[ ! -x \"$taskctl_hook\" ] || exec \"$taskctl_hook\" \"$@\"\n",
	    name);
}

/* What the mark says: "added folder 1763740000.123456789 >>>". */
static bool
read_mark(const char *at, struct tctl_guard_block *out)
{
	char word[16], *end;
	size_t length = strcspn(at, " \n");

	if (length == 0 || length >= sizeof(word))
		return false;
	memcpy(word, at, length);
	word[length] = '\0';
	for (size_t i = 1; i < TCTL_COUNT(form_word); i++)
		if (strcmp(word, form_word[i]) == 0)
			out->form = (enum tctl_guard_form)i;
	at += length;
	out->folder = strncmp(at, " folder", 7) == 0;
	at += out->folder ? 7 : 0;
	if (out->form == TCTL_GUARD_ADDED) {
		out->mtime.tv_sec = strtoll(at, &end, 10);
		at = end;
		out->mtime.tv_nsec = *at == '.' ? strtol(at + 1, &end, 10) : 0;
		at = end;
	}
	return out->form != TCTL_GUARD_ABSENT && strncmp(at, " >>>\n", 5) == 0;
}

bool
tctl_guard_block_find(const char *text, struct tctl_guard_block *out)
{
	const char *at = text, *end;

	for (; (at = strstr(at, BEGINS)) != NULL; at++) {
		memset(out, 0, sizeof(*out));
		if ((at != text && at[-1] != '\n') ||
		    !read_mark(at + strlen(BEGINS), out))
			continue;
		end = strstr(at, "\n" ENDS);
		if (end == NULL)
			return false;
		out->at = (size_t)(at - text);
		out->length = (size_t)(end - at) + 1 + strlen(ENDS);
		return true;
	}
	memset(out, 0, sizeof(*out));
	return false;
}

static bool
is_one_of(const char *word, size_t length, const char *const list[])
{
	for (; *list != NULL; list++)
		if (strlen(*list) == length &&
		    strncmp(word, *list, length) == 0)
			return true;
	return false;
}

bool
tctl_guard_is_shell(const char *text, size_t length, size_t *first)
{
	static const char *const shells[] = { "sh", "dash", "bash", "ash",
		"ksh", "mksh", "zsh", "yash", NULL };
	static const char *const env[] = { "env", NULL };
	const char *end, *word, *slash;

	end = memchr(text, '\n', length);
	if (end == NULL || strncmp(text, "#!", 2) != 0 ||
	    memchr(text, '\0', length) != NULL)
		return false;
	*first = (size_t)(end - text) + 1;
	for (word = text + 2; word < end;) {
		size_t n;

		word += strspn(word, " \t");
		n = strcspn(word, " \t\n");
		slash = memrchr(word, '/', n);
		if (slash != NULL) {
			n -= (size_t)(slash + 1 - word);
			word = slash + 1;
		}
		if (!is_one_of(word, n, env))
			return is_one_of(word, n, shells);
		word += n;
	}
	return false;
}
