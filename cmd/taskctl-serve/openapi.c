/* openapi.c - the API's description, printed from the commands' rows.
 *
 * Source: OpenAPI Specification 3.1.0. */
#include <ctype.h>
#include <string.h>

#include "serve.h"
#include "taskctl/json.h"

#ifndef TCTL_VERSION
#define TCTL_VERSION "unknown"
#endif

static struct json_object *
new_object(const char *key, struct json_object *value)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, key, value);
	return out;
}

static struct json_object *
choices(const char *text)
{
	struct json_object *out = json_object_new_array();

	for (size_t length; *text != '\0';
	     text += length + (text[length] != 0)) {
		length = strcspn(text, "|");
		json_object_array_add(
		    out, json_object_new_string_len(text, (int)length));
	}
	return out;
}

static struct json_object *
schema_of(const struct tctl_param *param)
{
	static const char *const type[] = {
		[TCTL_KIND_FLAG] = "boolean", [TCTL_KIND_NUMBER] = "integer"
	};
	const char *word =
	    param->kind < TCTL_COUNT(type) && type[param->kind] != NULL
		? type[param->kind]
		: "string";
	struct json_object *out = new_object("type", tctl_json_text(word));

	if (param->kind == TCTL_KIND_NUMBER)
		tctl_json_add(out, "minimum", json_object_new_int(0));
	if (param->kind == TCTL_KIND_CHOICE && param->choices != NULL)
		tctl_json_add(out, "enum", choices(param->choices));
	if ((param->flags & TCTL_PARAM_MANY) == 0)
		return out;
	out = new_object("items", out);
	tctl_json_add(out, "type", tctl_json_text("array"));
	return out;
}

static struct json_object *
parameter(const struct tctl_param *param, const char *in)
{
	struct json_object *out =
	    new_object("name", tctl_json_text(param->name));

	tctl_json_add(out, "in", tctl_json_text(in));
	tctl_json_add(out, "description", tctl_json_text(param->help));
	if (strcmp(in, "path") == 0)
		tctl_json_add(out, "required", json_object_new_boolean(true));
	tctl_json_add(out, "schema", schema_of(param));
	return out;
}

/* What stands in the path: the first operand. */
static const struct tctl_param *
in_path(const struct tctl_api_row *row)
{
	for (const struct tctl_param *p = row->command->param;
	     p != NULL && p->kind != TCTL_KIND_END; p++)
		if ((p->flags & TCTL_PARAM_OPERAND) != 0 &&
		    tctl_api_has(row, p))
			return p;
	return NULL;
}

static struct json_object *
responses(void)
{
	static const char *const all[][2] = { { "200", "the document" },
		{ "304", "not changed (If-None-Match)" },
		{ "400", "a parameter is wrong" },
		{ "401", "the token is missing" },
		{ "404", "there is no such task, sprint or agent" },
		{ "409", "it is taken, stale or not ready: error.code says" },
		{ "503", "the store is busy, or not there" } };
	struct json_object *out = json_object_new_object();

	for (size_t i = 0; i < TCTL_COUNT(all); i++)
		tctl_json_add(out, all[i][0],
		    new_object("description", tctl_json_text(all[i][1])));
	return out;
}

static struct json_object *
body(const struct tctl_api_row *row, const struct tctl_param *skip)
{
	struct json_object *properties = json_object_new_object();
	struct json_object *schema = new_object("properties", properties);

	for (const struct tctl_param *p = row->command->param;
	     p != NULL && p->kind != TCTL_KIND_END; p++) {
		struct json_object *one;

		if (!tctl_api_has(row, p) || p == skip)
			continue;
		one = schema_of(p);
		tctl_json_add(one, "description", tctl_json_text(p->help));
		json_object_object_add(properties, p->name, one);
	}
	tctl_json_add(schema, "type", tctl_json_text("object"));
	return new_object("content",
	    new_object("application/json", new_object("schema", schema)));
}

static void
add_parameters(struct json_object *to, const struct tctl_api_row *row,
    const struct tctl_param *path)
{
	for (const struct tctl_param *p = row->command->param;
	     p != NULL && p->kind != TCTL_KIND_END; p++)
		if (p != path && !row->change && tctl_api_has(row, p))
			json_object_array_add(to, parameter(p, "query"));
}

static void
add_path(struct json_object *paths, const struct tctl_api_row *row,
    const struct tctl_param *path)
{
	struct json_object *what = json_object_new_object();
	struct json_object *list = json_object_new_array();
	const char *name = row->command->name;
	char key[128], id[128];

	snprintf(key, sizeof(key),
	    path == NULL ? "/api/v1/%s" : "/api/v1/%s/{%s}", name,
	    path == NULL ? "" : path->name);
	snprintf(id, sizeof(id), "%s%s", name, path == NULL ? "" : "_one");
	tctl_json_add(what, "operationId", tctl_json_text(id));
	tctl_json_add(what, "summary", tctl_json_text(row->command->summary));
	if (path != NULL)
		json_object_array_add(list, parameter(path, "path"));
	add_parameters(list, row, path);
	tctl_json_add(what, "parameters", list);
	if (row->change)
		tctl_json_add(what, "requestBody", body(row, path));
	tctl_json_add(what, "responses", responses());
	json_object_object_add(
	    paths, key, new_object(row->change ? "post" : "get", what));
}

static bool
is_required(const struct tctl_param *param)
{
	return param != NULL && (param->flags & TCTL_PARAM_REQUIRED) != 0;
}

struct json_object *
tctl_api_describe(const struct tctl_serve *serve)
{
	struct json_object *out =
	    new_object("openapi", tctl_json_text("3.1.0"));
	struct json_object *info =
	    new_object("title", tctl_json_text("taskctl"));
	struct json_object *paths = json_object_new_object();
	struct json_object *scheme = new_object("type", tctl_json_text("http"));
	struct json_object *list = json_object_new_array();

	tctl_json_add(info, "version", tctl_json_text(TCTL_VERSION));
	tctl_json_add(out, "info", info);
	for (const struct tctl_api_row *row = tctl_api_rows; row->command;
	     row++) {
		const struct tctl_param *path = in_path(row);

		if (row->change && !serve->req->write)
			continue;
		if (row->change || !is_required(path))
			add_path(paths, row, NULL);
		if (path != NULL)
			add_path(paths, row, path);
	}
	tctl_json_add(out, "paths", paths);
	tctl_json_add(scheme, "scheme", tctl_json_text("bearer"));
	tctl_json_add(out, "components",
	    new_object("securitySchemes", new_object("token", scheme)));
	json_object_array_add(
	    list, new_object("token", json_object_new_array()));
	tctl_json_add(out, "security", list);
	return out;
}
