/* guard_trailers.c - what commits say of themselves. */
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "trailer.h"

/* The value of "Key: value" if the key is this one, ended by a NUL; or NULL. */
static char *
value_of(char *line, const char *key)
{
	size_t length;
	const char *value = tctl_trailer_value(line, key, &length);

	if (value == NULL)
		return NULL;
	line += value - line;
	line[length] = '\0';
	return line;
}

static int64_t
number(const char *text)
{
	size_t digits;

	text += *text == '+';
	digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 18 || text[digits] != '\0')
		return -1;
	return strtoll(text, NULL, 10);
}

/* The claims of one commit: each Task with the Token and Store after it.  One
 * Store at the end is everybody's who names none. */
struct reader {
	struct tctl_arena *arena;
	struct tctl_guard_list *list;
	size_t first;	  /* of this commit's claims */
	const char *task; /* whose token has not been read yet, or the other
			     way round: by hand they come in any order */
	const char *token;
	const char *store;
	bool is_progress; /* a commit of progress: history, not work */
};

static void
read_trailer(struct reader *reader, char *line)
{
	struct tctl_guard_list *list = reader->list;
	struct tctl_guard_claim *claim;
	char *value;

	if ((value = value_of(line, "Task")) != NULL)
		reader->task = value;
	else if ((value = value_of(line, "Token")) != NULL)
		reader->token = value;
	else if ((value = value_of(line, "Store")) != NULL) {
		reader->store = value;
		if (list->claims > reader->first &&
		    list->claim[list->claims - 1].store == NULL)
			list->claim[list->claims - 1].store = value;
	} else if (value_of(line, "Last-Event") != NULL) {
		reader->is_progress = true;
	}
	if (reader->task == NULL || reader->token == NULL)
		return;
	list->claim = tctl_arena_grow(
	    reader->arena, list->claim, list->claims, sizeof(*list->claim));
	claim = &list->claim[list->claims++];
	memset(claim, 0, sizeof(*claim));
	claim->commit = list->count - 1;
	claim->task = reader->task;
	claim->token = number(reader->token);
	reader->task = reader->token = NULL;
}

/* --- above the last paragraph --- */

#define BLANKS " \t\r"

static bool
is_trailer(const char *line)
{
	size_t key = strspn(line, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	if (key == 0)
		return strncmp(line, "(cherry picked from commit ", 27) == 0;
	return line[key + strspn(line + key, " \t")] == ':';
}

/* Read a paragraph that is made of trailers only; text is changed. */
static void
read_paragraph(struct reader *reader, char *text)
{
	char *line;

	if (!is_trailer(text))
		return;
	for (line = strchr(text, '\n'); line != NULL;
	     line = strchr(line + 1, '\n'))
		if (strchr(" \t", line[1]) == NULL && !is_trailer(line + 1))
			return;
	for (line = strchr(text, '\n'); line != NULL;
	     line = strchr(line + 1, '\n'))
		if (line[1] == ' ' || line[1] == '\t')
			*line = ' ';
	while ((line = tctl_guard_line(&text)) != NULL)
		read_trailer(reader, line);
}

/* What stands between the title and the last paragraph, which git reads:
 * whoever adds a paragraph of trailers pushes ours up. */
static void
read_above(struct reader *reader, char *body)
{
	char *paragraph = NULL, *next = NULL, *line;
	size_t count = 0;
	bool inside = false;

	while (*body != '\0') {
		size_t length = strcspn(body, "\n");

		line = body;
		body += length + (body[length] == '\n');
		if (strspn(line, BLANKS) >= length) {
			line[0] = '\0';
			inside = false;
			continue;
		}
		if (inside)
			continue;
		inside = true;
		paragraph = next;
		next = line;
		/* Its end is known now that another one has begun. */
		if (++count > 2)
			read_paragraph(reader, paragraph);
	}
}

static void
end_commit(struct reader *reader)
{
	struct tctl_guard_list *list = reader->list;

	if (reader->is_progress)
		list->claims = reader->first;
	for (size_t i = reader->first; i < list->claims; i++)
		if (list->claim[i].store == NULL)
			list->claim[i].store = reader->store;
}

static void
read_parents(struct tctl_arena *arena, char *line, struct tctl_strings *out)
{
	while (*line != '\0') {
		size_t length = strcspn(line, " ");

		tctl_strings_add(
		    arena, out, tctl_arena_strndup(arena, line, length));
		line += length + (line[length] == ' ');
	}
}

bool
tctl_guard_list_read(struct tctl_arena *arena, char *text, size_t length,
    struct tctl_guard_list *out)
{
	char *end = text + length;

	memset(out, 0, sizeof(*out));
	while (text < end) {
		struct reader reader = {
			.arena = arena, .list = out, .first = out->claims
		};
		struct tctl_guard_commit *commit;
		char *line = tctl_guard_line(&text);

		if (line == NULL || strncmp(line, "commit ", 7) != 0)
			return false;
		out->commit = tctl_arena_grow(
		    arena, out->commit, out->count, sizeof(*out->commit));
		commit = &out->commit[out->count++];
		*commit = (struct tctl_guard_commit){ .id = line + 7 };
		line = tctl_guard_line(&text);
		if (line == NULL)
			return false;
		read_parents(arena, line, &commit->parent);
		line = tctl_guard_line(&text);
		if (line == NULL)
			return false;
		commit->made_ms = strtoll(line, NULL, 10) * 1000;
		line = text;
		text += strlen(text) + 1;
		if (text > end)
			return false;
		read_above(&reader, line);
		while ((line = tctl_guard_line(&text)) != NULL)
			read_trailer(&reader, line);
		end_commit(&reader);
		text++; /* the NUL, and the newline after the format */
		text += text < end && *text == '\n';
	}
	return true;
}
