/* guard_git.c - the user's git, asked by its own hooks.
 *
 * Nothing of the environment is taken out: GIT_DIR, GIT_INDEX_FILE and the
 * quarantine of a push say what is looked at. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "guard.h"
#include "taskctl/json.h"
#include "taskctl/text.h"

enum { OWN_WORDS = 3, WORDS_MAX = 512 };

enum tctl_status
tctl_guard_git(struct tctl_ctx *ctx, const char *const word[], const char *in,
    char **said, size_t *length, struct tctl_error *err)
{
	/* What separates a trailer's key from its value is configurable: not
	 * for us. */
	char *argv[OWN_WORDS + WORDS_MAX + 1] = { tctl_arena_strdup(
						      ctx->arena, "git"),
		tctl_arena_strdup(ctx->arena, "-c"),
		tctl_arena_strdup(ctx->arena, "trailer.separators=:") };
	struct tctl_child child = {
		.argv = argv, .in = in, .in_length = in == NULL ? 0 : strlen(in)
	};
	enum tctl_status status;
	size_t n = 0;

	while (n < WORDS_MAX && word[n] != NULL) {
		argv[OWN_WORDS + n] = tctl_arena_strdup(ctx->arena, word[n]);
		n++;
	}
	status = tctl_child_run(&child, err);
	if (status == TCTL_OK && child.code == TCTL_CHILD_NOT_INSTALLED)
		status = tctl_fail(err, TCTL_EFAILED, "there is no git");
	if (status == TCTL_OK && child.code != 0) {
		child.said[strcspn(child.said, "\n")] = '\0';
		status = tctl_fail(
		    err, TCTL_EFAILED, "git %s: %s", word[0], child.said);
	}
	if (status == TCTL_OK) {
		*said = tctl_arena_alloc(ctx->arena, child.out_length + 1);
		memcpy(*said, child.out, child.out_length);
		if (length != NULL)
			*length = child.out_length;
	}
	tctl_child_release(&child);
	return status;
}

char *
tctl_guard_stdin(struct tctl_ctx *ctx)
{
	char *text = NULL, *kept, buf[1 << 16];
	size_t length;
	ssize_t n;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		tctl_die_nomem();
	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0 ||
	       (n < 0 && errno == EINTR))
		if (n > 0)
			fwrite(buf, 1, (size_t)n, to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(ctx->arena, text);
	free(text);
	return kept;
}

char *
tctl_guard_line(char **text)
{
	char *line = *text;
	size_t length;

	if (*line == '\0')
		return NULL;
	length = strcspn(line, "\n");
	*text = line + length + (line[length] == '\n');
	line[length] = '\0';
	return line;
}

char *
tctl_guard_lines(struct tctl_arena *arena, const struct tctl_strings *words,
    const char *before)
{
	char *text = NULL, *kept;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < words->count; i++)
		fprintf(to, "%s%s\n", before, words->at[i]);
	if (fclose(to) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(arena, text);
	free(text);
	return kept;
}

bool
tctl_guard_is_null(const char *id)
{
	return id[strspn(id, "0")] == '\0';
}

void
tctl_guard_say(struct tctl_ctx *ctx, const char *fmt, ...)
{
	char *text;
	va_list args;

	if (ctx->global->json)
		return;
	va_start(args, fmt);
	text = tctl_xvprintf(fmt, args);
	va_end(args);
	fputs("taskctl guard: ", stderr);
	tctl_text_inert(stderr, text);
	fputs("\n", stderr);
	free(text);
}

char *
tctl_guard_quoted(struct tctl_arena *arena, const char *word)
{
	char *quoted = tctl_arena_alloc(arena, 4 * strlen(word) + 3);
	char *to = quoted;

	*to++ = '\'';
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			memcpy(to, "'\\'", 3);
			to += 3;
		}
		*to++ = *word;
	}
	*to = '\'';
	return quoted;
}

struct json_object *
tctl_guard_json(const char *text)
{
	struct json_object *out;
	char *inert = NULL;
	size_t length;
	FILE *to;

	if (text == NULL || tctl_text_is_utf8(text, strlen(text), NULL))
		return tctl_json_text(text);
	to = open_memstream(&inert, &length);
	if (to == NULL)
		tctl_die_nomem();
	tctl_text_inert(to, text);
	if (fclose(to) != 0)
		tctl_die_nomem();
	out = json_object_new_string(inert);
	free(inert);
	return out;
}
