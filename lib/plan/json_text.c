/* json_text.c - JSON and JSON lines in, objects with their places out. */
#include <string.h>

#include "json_text.h"

enum { DEPTH_MAX = 64 };

static size_t
skip_blanks(const char *text, size_t length, size_t at)
{
	while (at < length && text[at] != '\0' &&
	       strchr(" \t\r\n", text[at]) != NULL)
		at++;
	return at;
}

/* Markdown may begin with [a link] or {a template}. */
bool
tctl_json_looks(const char *text, size_t length)
{
	size_t first = skip_blanks(text, length, 0);
	size_t next = skip_blanks(text, length, first + 1);

	if (first >= length || next >= length)
		return false;
	if (text[first] == '{')
		return text[next] == '"' || text[next] == '}';
	return text[first] == '[' && (text[next] == '{' || text[next] == ']') &&
	       !(text[next] == ']' && next + 1 < length &&
		   strchr("([:", text[next + 1]) != NULL);
}

/* --- parsing ---------------------------------------------------------- */

static enum tctl_status
fail_at(
    const char *text, size_t offset, const char *what, struct tctl_error *err)
{
	int line = 1, column = 1;

	for (size_t i = 0; i < offset; i++)
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else {
			column += (text[i] & 0xC0) != 0x80;
		}
	return tctl_fail(err, TCTL_EINVALID,
	    "line %d, column %d: this is not JSON: %s", line, column, what);
}

/* One value from *at on; *at is then behind it. */
static enum tctl_status
parse_value(struct json_tokener *tok, const char *text, size_t length,
    size_t *at, struct json_object **out, struct tctl_error *err)
{
	struct json_object *value;
	enum json_tokener_error code;

	json_tokener_reset(tok);
	value = json_tokener_parse_ex(tok, text + *at, (int)(length - *at));
	code = json_tokener_get_error(tok);
	*at += json_tokener_get_parse_end(tok);
	if (code == json_tokener_success) {
		*out = value;
		return TCTL_OK;
	}
	json_object_put(value);
	return fail_at(text, *at,
	    code == json_tokener_continue ? "it ends before it is complete"
					  : json_tokener_error_desc(code),
	    err);
}

/* What follows the first object: one object after the other. */
static enum tctl_status
parse_lines(struct json_tokener *tok, const char *text, size_t length,
    size_t at, struct json_object **out, struct tctl_error *err)
{
	struct json_object *all = json_object_new_array();
	enum tctl_status status = TCTL_OK;

	json_object_array_add(all, *out);
	*out = all;
	while (status == TCTL_OK &&
	       (at = skip_blanks(text, length, at)) < length) {
		struct json_object *value = NULL;

		if (text[at] != '{')
			return fail_at(text, at,
			    "the next object, or the end, was expected", err);
		status = parse_value(tok, text, length, &at, &value, err);
		if (status == TCTL_OK)
			json_object_array_add(all, value);
	}
	return status;
}

/* --- places ----------------------------------------------------------- */

/* The n-th object of the text; how many members it is written with. */
struct spot {
	struct tctl_place place;
	size_t members;
};

struct scan {
	struct tctl_arena *arena;
	struct spot *spot;
	size_t count;
	size_t open[DEPTH_MAX + 2]; /* no_object: an array */
	size_t depth;
	bool in_string;
};

static const size_t no_object = (size_t)-1;

static void
scan_mark(struct scan *scan, char c, struct tctl_place place)
{
	if (c == '{') {
		scan->spot = tctl_arena_grow(
		    scan->arena, scan->spot, scan->count, sizeof(*scan->spot));
		scan->spot[scan->count] = (struct spot){ .place = place };
		scan->open[scan->depth++] = scan->count++;
	} else if (c == '[') {
		scan->open[scan->depth++] = no_object;
	} else if (scan->depth == 0) {
		return;
	} else if (c == '}' || c == ']') {
		scan->depth--;
	} else if (c == ':' && scan->open[scan->depth - 1] != no_object) {
		scan->spot[scan->open[scan->depth - 1]].members++;
	}
}

/* The text is known to be well formed, and no deeper than DEPTH_MAX. */
static void
scan_text(struct scan *scan, const char *text, size_t length)
{
	struct tctl_place place = { 1, 1 };

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '"')
			scan->in_string = !scan->in_string;
		else if (scan->in_string && c == '\\' && i + 1 < length)
			i++, place.column++;
		else if (!scan->in_string)
			scan_mark(scan, c, place);
		if (c == '\n') {
			place.line++;
			place.column = 1;
		} else {
			place.column += (c & 0xC0) != 0x80;
		}
	}
}

/* In the order of the text; false: *at has a member that was lost, since
 * another has its key. */
static bool
give_places(struct json_object *value, struct spot *spot, size_t *at)
{
	struct spot *own;

	if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);

		for (size_t i = 0; i < n; i++)
			if (!give_places(
				json_object_array_get_idx(value, i), spot, at))
				return false;
		return true;
	}
	if (!json_object_is_type(value, json_type_object))
		return true;
	own = &spot[*at];
	if ((size_t)json_object_object_length(value) != own->members)
		return false;
	json_object_set_userdata(value, &own->place, NULL);
	++*at;
	json_object_object_foreach(value, key, member)
	{
		(void)key;
		if (!give_places(member, spot, at))
			return false;
	}
	return true;
}

static enum tctl_status
find_places(const char *text, size_t length, struct tctl_arena *arena,
    struct json_object *root, struct tctl_error *err)
{
	struct scan scan = { .arena = arena };
	size_t at = 0;

	scan_text(&scan, text, length);
	if (give_places(root, scan.spot, &at))
		return TCTL_OK;
	return tctl_fail(err, TCTL_EINVALID,
	    "line %d, column %d: this object has a key twice",
	    scan.spot[at].place.line, scan.spot[at].place.column);
}

enum tctl_status
tctl_json_parse(const char *text, size_t length, struct tctl_arena *arena,
    struct json_object **out, struct tctl_error *err)
{
	struct json_tokener *tok = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *root = NULL;
	enum tctl_status status;
	size_t at = 0;

	if (tok == NULL)
		tctl_die_nomem();
	json_tokener_set_flags(
	    tok, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	status = parse_value(tok, text, length, &at, &root, err);
	if (status == TCTL_OK) {
		at = skip_blanks(text, length, at);
		if (at < length && json_object_is_type(root, json_type_object))
			status = parse_lines(tok, text, length, at, &root, err);
		else if (at < length)
			status =
			    fail_at(text, at, "something follows its end", err);
	}
	json_tokener_free(tok);
	if (status == TCTL_OK)
		status = find_places(text, length, arena, root, err);
	if (status == TCTL_OK)
		*out = root;
	else
		json_object_put(root);
	return status;
}

/* --- asking ----------------------------------------------------------- */

struct tctl_place
tctl_json_place(struct json_object *object)
{
	static const struct tctl_place start = { 1, 1 };
	const struct tctl_place *place =
	    json_object_is_type(object, json_type_object)
		? json_object_get_userdata(object)
		: NULL;

	return place == NULL ? start : *place;
}

struct json_object *
tctl_json_get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &value);
	return value;
}

const char *
tctl_json_line(struct tctl_arena *arena, struct json_object *value)
{
	enum json_type type = json_object_get_type(value);
	const char *text;
	size_t length, from = 0;
	char *line;

	if (type != json_type_string && type != json_type_int &&
	    type != json_type_double)
		return NULL;
	text = json_object_get_string(value);
	length = type == json_type_string
		     ? (size_t)json_object_get_string_len(value)
		     : strlen(text);
	line = tctl_arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++)
		line[i] = (unsigned char)text[i] < ' ' || text[i] == '\x7f'
			      ? ' '
			      : text[i];
	while (length > 0 && line[length - 1] == ' ')
		line[--length] = '\0';
	while (line[from] == ' ')
		from++;
	return line + from;
}
