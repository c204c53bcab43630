/* api.c - the commands over HTTP: the same rows, the same documents. */
#include <stdlib.h>
#include <string.h>

#include "../taskctl/commands.h"
#include "serve.h"

/* clang-format off */
const struct tctl_api_row tctl_api_rows[] = {
	{ &tctl_command_status, false, "watch|format|porcelain" },
	{ &tctl_command_ready, false, "" },
	{ &tctl_command_list, false, "" },
	{ &tctl_command_show, false, "" },
	{ &tctl_command_agents, false, "" },
	{ &tctl_command_log, false, "follow" },
	{ &tctl_command_why, false, "" },
	{ &tctl_command_plan, false, "" },
	{ &tctl_command_report, false, "format" },
	{ &tctl_command_version, false, "" },
	{ &tctl_command_claim, true, "" },
	{ &tctl_command_heartbeat, true, "host" },
	{ &tctl_command_done, true, "" },
	{ &tctl_command_release, true, "" },
	{ &tctl_command_fail, true, "" },
	{ &tctl_command_add, true, "" },
	{ &tctl_command_edit, true, "" },
	{ &tctl_command_dep, true, "" },
	{ &tctl_command_step, true, "" },
	{ &tctl_command_note, true, "" },
	{ &tctl_command_approve, true, "" },
	{ &tctl_command_cancel, true, "" },
	{ &tctl_command_reopen, true, "" },
	{ &tctl_command_sweep, true, "" },
	{ NULL, false, NULL },
};
/* clang-format on */

static bool
is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *p = list; (p = strstr(p, name)) != NULL; p += length)
		if ((p == list || p[-1] == '|') &&
		    (p[length] == '|' || p[length] == '\0'))
			return true;
	return false;
}

bool
tctl_api_has(const struct tctl_api_row *row, const struct tctl_param *param)
{
	return param->kind != TCTL_KIND_FILE && param->name != NULL &&
	       (param->flags & TCTL_PARAM_REST) == 0 &&
	       !is_listed(row->hidden, param->name);
}

/* --- a command line out of a request ----------------------------------------
 */

struct line {
	const struct tctl_api_row *row;
	struct tctl_arena *arena;
	struct tctl_strings words;
	struct tctl_strings *operand; /* one list a row of the table */
	enum tctl_status status;
	struct tctl_error err;
};

static const struct tctl_param *
rows_of(const struct line *line)
{
	static const struct tctl_param none[] = { { .kind = TCTL_KIND_END } };

	return line->row->command->param == NULL ? none
						 : line->row->command->param;
}

static void
fail(struct line *line, const char *what, const char *name)
{
	if (line->status == TCTL_OK)
		line->status = tctl_fail(&line->err, TCTL_EUSAGE, what, name);
}

/* One name and its value, which only the command's own row can take. */
static void
give(struct line *line, const char *name, const char *value)
{
	const struct tctl_param *row = rows_of(line);
	size_t i = 0;

	while (row[i].kind != TCTL_KIND_END &&
	       (row[i].name == NULL || strcasecmp(row[i].name, name) != 0 ||
		   !tctl_api_has(line->row, &row[i])))
		i++;
	if (row[i].kind == TCTL_KIND_END)
		fail(line, "there is no parameter \"%s\"", name);
	else if ((row[i].flags & TCTL_PARAM_OPERAND) != 0)
		tctl_strings_add(line->arena, &line->operand[i],
		    tctl_arena_strdup(line->arena, value));
	else if (row[i].kind == TCTL_KIND_FLAG)
		tctl_strings_add(line->arena, &line->words,
		    tctl_arena_printf(line->arena, "--%s", row[i].name));
	else
		tctl_strings_add(line->arena, &line->words,
		    tctl_arena_printf(
			line->arena, "--%s=%s", row[i].name, value));
}

static bool
is_false(const char *value)
{
	return value != NULL &&
	       (strcmp(value, "false") == 0 || strcmp(value, "0") == 0);
}

static bool
is_flag(const struct line *line, const char *name)
{
	for (const struct tctl_param *p = rows_of(line); p->kind; p++)
		if (p->name != NULL && strcmp(p->name, name) == 0)
			return p->kind == TCTL_KIND_FLAG;
	return false;
}

static enum MHD_Result
give_argument(
    void *into, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct line *line = into;

	(void)kind;
	if (!is_flag(line, key) || !is_false(value))
		give(line, key, value == NULL ? "" : value);
	return MHD_YES;
}

/* A string or a number, and nothing that text would lose. */
static void
give_value(struct line *line, const char *key, struct json_object *value)
{
	const char *text = json_object_get_string(value);
	enum json_type type = json_object_get_type(value);

	if (type != json_type_string && type != json_type_int &&
	    type != json_type_double)
		fail(line, "%s: this is no value", key);
	else if (type == json_type_string &&
		 strlen(text) != (size_t)json_object_get_string_len(value))
		fail(line, "%s: there is a NUL in it", key);
	else if (is_flag(line, key))
		fail(line, "%s is true or false", key);
	else
		give(line, key, text);
}

static void
give_json(struct line *line, const char *key, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		break;
	case json_type_boolean:
		if (!is_flag(line, key))
			fail(line, "%s: true and false are for switches", key);
		else if (json_object_get_boolean(value))
			give(line, key, "");
		break;
	case json_type_array:
		for (size_t i = 0; i < json_object_array_length(value); i++)
			give_value(
			    line, key, json_object_array_get_idx(value, i));
		break;
	default:
		give_value(line, key, value);
	}
}

/* COMMAND, or COMMAND/OPERAND: what stands behind is its first operand. */
static bool
start(struct line *line, const char *rest, bool change)
{
	const char *slash = strchr(rest, '/');
	size_t length = slash == NULL ? strlen(rest) : (size_t)(slash - rest);

	for (line->row = tctl_api_rows; line->row->command; line->row++) {
		const char *name = line->row->command->name;

		if (strlen(name) == length && strncmp(name, rest, length) == 0)
			break;
	}
	if (line->row->command == NULL || line->row->change != change)
		return false;
	line->arena = tctl_arena_new();
	line->operand =
	    tctl_arena_alloc(line->arena, 64 * sizeof(struct tctl_strings));
	memset(line->operand, 0, 64 * sizeof(struct tctl_strings));
	tctl_strings_add(line->arena, &line->words, line->row->command->name);
	if (slash == NULL)
		return true;
	for (const struct tctl_param *p = rows_of(line); p->kind; p++)
		if ((p->flags & TCTL_PARAM_OPERAND) != 0) {
			give(line, p->name, slash + 1);
			return true;
		}
	fail(line, "\"%s\": there is nothing behind this command", slash + 1);
	return true;
}

static struct json_object *
run(struct tctl_serve *serve, struct line *line, enum tctl_status *status)
{
	struct json_object *document;

	tctl_strings_add(line->arena, &line->words, "--");
	for (size_t i = 0; rows_of(line)[i].kind != TCTL_KIND_END; i++)
		for (size_t j = 0; j < line->operand[i].count; j++)
			tctl_strings_add(
			    line->arena, &line->words, line->operand[i].at[j]);
	*status = line->status;
	document = *status == TCTL_OK
		       ? tctl_serve_call(serve, &line->words, status)
		       : tctl_ctx_error(&line->err, NULL);
	tctl_arena_free(line->arena);
	return document;
}

void
tctl_api_get(struct tctl_serve *serve, const char *rest,
    struct MHD_Connection *connection, struct tctl_answer_page *page)
{
	struct line line = { .status = TCTL_OK };
	struct json_object *document;
	enum tctl_status status;

	if (strcmp(rest, "openapi.json") == 0) {
		document = tctl_api_describe(serve);
		tctl_serve_document(page, TCTL_OK, document);
		json_object_put(document);
		return;
	}
	if (!start(&line, rest, false)) {
		tctl_serve_error(page, MHD_HTTP_NOT_FOUND, TCTL_ENOTFOUND,
		    "there is no such thing to get; /api/v1/openapi.json "
		    "lists them");
		return;
	}
	MHD_get_connection_values(
	    connection, MHD_GET_ARGUMENT_KIND, give_argument, &line);
	document = run(serve, &line, &status);
	tctl_serve_document(page, status, document);
	json_object_put(document);
}

struct json_object *
tctl_api_call(struct tctl_serve *serve, const char *rest,
    struct json_object *given, enum tctl_status *status)
{
	struct line line = { .status = TCTL_OK };

	if (!start(&line, rest, true)) {
		*status = tctl_fail(&line.err, TCTL_ENOTFOUND,
		    "there is no such thing to post; /api/v1/openapi.json "
		    "lists them");
		return tctl_ctx_error(&line.err, NULL);
	}
	if (given != NULL && !json_object_is_type(given, json_type_object))
		fail(&line, "the body is no JSON %s", "object");
	else if (given != NULL) {
		json_object_object_foreach(given, key, value)
		    give_json(&line, key, value);
	}
	return run(serve, &line, status);
}

/* Its JSON; what is none is an empty array, which is refused as no object. */
static struct json_object *
parse(const char *body, size_t length)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *json;

	json_tokener_set_flags(
	    tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json = json_tokener_parse_ex(tok, body, (int)length + 1);
	json_tokener_free(tok);
	if (json != NULL && strlen(body) == length)
		return json;
	json_object_put(json);
	return json_object_new_array();
}

void
tctl_api_post(struct tctl_serve *serve, const char *rest, const char *body,
    size_t length, struct tctl_answer_page *page)
{
	struct json_object *given = length > 0 ? parse(body, length) : NULL;
	enum tctl_status status;
	struct json_object *document =
	    tctl_api_call(serve, rest, given, &status);

	tctl_serve_document(page, status, document);
	json_object_put(document);
	json_object_put(given);
}

/* --- documents
 * -----------------------------------------------------------------
 */

unsigned
tctl_serve_code(enum tctl_status status)
{
	switch (status) {
	case TCTL_OK:
		return MHD_HTTP_OK;
	case TCTL_ENOTFOUND:
		return MHD_HTTP_NOT_FOUND;
	case TCTL_ETAKEN:
	case TCTL_ENONE:
	case TCTL_ESTALE:
	case TCTL_ENOTREADY:
		return MHD_HTTP_CONFLICT;
	case TCTL_EINVALID:
	case TCTL_EUSAGE:
		return MHD_HTTP_BAD_REQUEST;
	case TCTL_EBUSY:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	default:
		return MHD_HTTP_INTERNAL_SERVER_ERROR;
	}
}

/* A document changes when what it says changes, not when it was asked. */
void
tctl_serve_document(struct tctl_answer_page *page, enum tctl_status status,
    struct json_object *document)
{
	static const int how = JSON_C_TO_STRING_NOSLASHESCAPE;
	struct json_object *at = NULL;
	const char *text;

	page->type = SERVE_JSON;
	page->code = tctl_serve_code(status);
	/* The last member, where there is one. */
	if (json_object_object_get_ex(document, "at", &at)) {
		json_object_get(at);
		json_object_object_del(document, "at");
	}
	text = json_object_to_json_string_ext(document, how);
	tctl_serve_etag(text, strlen(text), page->etag);
	page->is_etag = true;
	if (at != NULL) {
		json_object_object_add(document, "at", at);
		text = json_object_to_json_string_ext(document, how);
	}
	fprintf(page->to, "%s\n", text);
}

void
tctl_serve_error(struct tctl_answer_page *page, unsigned code,
    enum tctl_status status, const char *text)
{
	struct tctl_error err = { .status = status };
	struct json_object *document;

	(void)!tctl_fail(&err, status, "%s", text);
	document = tctl_ctx_error(&err, NULL);
	tctl_serve_document(page, status, document);
	page->code = code;
	json_object_put(document);
}
