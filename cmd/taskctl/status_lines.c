/* status_lines.c - where it stands, for scripts: lines of fields, or by a
 * pattern. */
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "status.h"
#include "taskctl/text.h"

/* --- porcelain -------------------------------------------------------------
 */

/* A word and the members of an object, each after a tab; "" where there is
 * none.  Inert text holds no tab and no newline. */
static void
put_line(
    FILE *to, const char *word, struct json_object *one, const char *const *key)
{
	fputs(word, to);
	for (; *key != NULL; key++) {
		fputs("\t", to);
		tctl_text_inert(to, tctl_get(one, *key));
	}
	fputs("\n", to);
}

static void
put_lines(FILE *to, const char *word, struct json_object *list,
    const char *const *key)
{
	size_t count = list == NULL ? 0 : json_object_array_length(list);

	for (size_t i = 0; i < count; i++)
		put_line(to, word, json_object_array_get_idx(list, i), key);
}

/* New fields go to the end of a line, new words after the others: that is what
 * the first line promises. */
void
tctl_status_porcelain(FILE *to, struct json_object *out)
{
	static const char *const totals[] = { "percent", "done", "tasks",
		"done_s", "estimate_s", "pending", "ready", "claimed", "failed",
		"cancelled", NULL };
	static const char *const sprint[] = { "id", "state", "percent", "done",
		"tasks", "done_s", "estimate_s", "title", NULL };
	static const char *const lease[] = { "task", "agent", "token",
		"acquired_at", "expires_at", "estimate_s", "title", NULL };
	static const char *const stuck[] = { "task", "kind", "agent", "why",
		"next", "title", NULL };
	static const char *const forecast[] = { "p50", "p90", NULL };
	struct json_object *ready = tctl_get_object(out, "ready");

	fputs("taskctl-status\t1\n", to);
	put_line(to, "totals", tctl_get_object(out, "totals"), totals);
	put_lines(to, "sprint", tctl_get_object(out, "sprints"), sprint);
	put_lines(to, "lease", tctl_get_object(out, "leases"), lease);
	put_lines(to, "stuck", tctl_get_object(out, "stuck"), stuck);
	for (size_t i = 0; i < tctl_get_count(out, "ready"); i++) {
		fputs("ready\t", to);
		tctl_text_inert(to, json_object_get_string(
					json_object_array_get_idx(ready, i)));
		fputs("\n", to);
	}
	if (tctl_get_object(out, "forecast") != NULL)
		put_line(
		    to, "forecast", tctl_get_object(out, "forecast"), forecast);
}

/* --- by a pattern ------------------------------------------------------------
 */

/* One step of a path: a member, or an element by its number.  False: there is
 * no such place in any answer. */
static bool
step(struct json_object **at, const char *name)
{
	char *end;
	unsigned long index;

	if (json_object_is_type(*at, json_type_object))
		return json_object_object_get_ex(*at, name, at);
	if (!json_object_is_type(*at, json_type_array))
		return *at == NULL; /* nothing, of which there is more */
	index = strtoul(name, &end, 10);
	if (end == name || *end != '\0')
		return false;
	*at = json_object_array_get_idx(*at, index); /* NULL: not so many */
	return true;
}

static bool
find(struct json_object *from, char *path, struct json_object **out)
{
	char *save = NULL;

	*out = from;
	for (char *name = strtok_r(path, ".", &save); name != NULL;
	     name = strtok_r(NULL, ".", &save))
		if (!step(out, name))
			return false;
	return true;
}

static void
put_value(FILE *to, struct json_object *value)
{
	if (json_object_is_type(value, json_type_array))
		fprintf(to, "%zu", json_object_array_length(value));
	else if (value != NULL)
		tctl_text_inert(to, json_object_get_string(value));
}

static enum tctl_status
put_pattern(
    FILE *to, const char *p, struct json_object *out, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	while (*p != '\0' && status == TCTL_OK) {
		size_t length = strcspn(p, "{\\");
		struct json_object *value;
		char *path;

		fprintf(to, "%.*s", (int)length, p);
		p += length;
		if (*p == '\0')
			break;
		if (*p == '\\' || p[1] == '{') {
			putc(*p == '{'	    ? '{'
			     : p[1] == 'n'  ? '\n'
			     : p[1] == 't'  ? '\t'
			     : p[1] == '\0' ? '\\'
					    : p[1],
			    to);
			p += p[1] == '\0' ? 1 : 2;
			continue;
		}
		length = strcspn(p, "}");
		path = tctl_xprintf("%.*s", (int)length - 1, p + 1);
		if (p[length] != '}' || *path == '\0' ||
		    !find(out, path, &value)) {
			status = tctl_fail(err, TCTL_EUSAGE,
			    "--format: there is nothing at \"%.*s\"",
			    (int)length + (p[length] == '}'), p);
			tctl_hint(err, "places are those of --json, as in "
				       "{totals.percent} or "
				       "{leases.0.agent}");
		} else
			put_value(to, value);
		free(path);
		p += length + 1;
	}
	return status;
}

enum tctl_status
tctl_status_format(FILE *to, const char *pattern, struct json_object *out,
    struct tctl_error *err)
{
	char *line = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&line, &bytes); /* all of it or nothing */
	enum tctl_status status;

	if (memory == NULL)
		tctl_die_nomem();
	status = put_pattern(memory, pattern, out, err);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	if (status == TCTL_OK)
		fprintf(to, "%s\n", line);
	free(line);
	return status;
}
