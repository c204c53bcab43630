/* http.c - any request to taskctl-serve: nobody passes the door who may not,
 * and what is asked for becomes a command line of that command alone.
 *
 * A request is lines: path, Host, Origin, Authorization, Cookie, name=value
 * pairs, an empty line, a body; without a body it is a GET.  libmicrohttpd is
 * asked for nothing: its two look-ups are here. */
#include "../../cmd/taskctl-serve/serve.h"
#include "../../cmd/taskctl/commands.h"
#include "fuzz.h"

enum { ARGUMENTS_MAX = 16 };

static const char token[] =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static const char cookie[] =
    "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

static struct request {
	char *path;
	char *header[4]; /* "": it is not there */
	char *argument[ARGUMENTS_MAX];
	int arguments;
	char *body;
} request;

static const char *const header_name[] = { MHD_HTTP_HEADER_HOST,
	MHD_HTTP_HEADER_ORIGIN, MHD_HTTP_HEADER_AUTHORIZATION, "taskctl_8420" };

/* --- in place of libmicrohttpd ---------------------------------------- */

const char *
MHD_lookup_connection_value(
    struct MHD_Connection *unused, enum MHD_ValueKind kind, const char *key)
{
	(void)unused;
	(void)kind;
	for (size_t i = 0; i < TCTL_COUNT(header_name); i++)
		if (!strcasecmp(key, header_name[i]))
			return *request.header[i] == '\0' ? NULL
							  : request.header[i];
	return NULL;
}

int
MHD_get_connection_values(struct MHD_Connection *unused,
    enum MHD_ValueKind kind, MHD_KeyValueIterator iterator, void *cls)
{
	(void)unused;
	for (int i = 0; i < request.arguments; i++) {
		char *value = strchr(request.argument[i], '=');

		if (value != NULL)
			*value++ = '\0';
		iterator(cls, kind, request.argument[i], value);
	}
	return request.arguments;
}

/* --- in place of running it (call.c) ------------------------------------- */

/* Does the path name this command, up to its end or a slash? */
static bool
is_asked_for(const struct tctl_command *command)
{
	size_t length = strlen(command->name);

	return !strncmp(request.path, command->name, length) &&
	       (request.path[length] == '\0' || request.path[length] == '/');
}

/* Does the row hide it?  What names a file is hidden anyway. */
static bool
is_hidden(const struct tctl_api_row *row, const struct tctl_param *param)
{
	const char *at =
	    param->name == NULL ? NULL : strstr(row->hidden, param->name);
	size_t length = at == NULL ? 0 : strlen(param->name);

	return param->kind == TCTL_KIND_FILE ||
	       (at != NULL && (at == row->hidden || at[-1] == '|') &&
		   (at[length] == '|' || at[length] == '\0'));
}

/* What is hidden keeps what it is by default. */
static void
look_at_hidden(const struct tctl_api_row *row, const struct tctl_call *call)
{
	const struct tctl_param *p = row->command->param;

	for (; p != NULL && p->kind != TCTL_KIND_END; p++) {
		const char *at = (const char *)call->req + p->offset;

		if (!is_hidden(row, p))
			continue;
		if ((p->flags & (TCTL_PARAM_MANY | TCTL_PARAM_REST)) != 0)
			assert(((const struct tctl_strings *)at)->count == 0);
		else if (p->kind == TCTL_KIND_FLAG)
			assert(!*(const bool *)at);
		else if (p->kind == TCTL_KIND_NUMBER ||
			 p->kind == TCTL_KIND_DURATION)
			assert(*(const int64_t *)at == -1);
		else
			assert(*(const char *const *)at == NULL);
	}
}

struct json_object *
tctl_serve_call(struct tctl_serve *serve, const struct tctl_strings *words,
    enum tctl_status *status)
{
	const struct tctl_global untouched = { .wait_ms = -1 };
	struct tctl_global global = { .wait_ms = -1 };
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_call call = { .command = NULL };
	struct tctl_error err = { .status = TCTL_OK };
	const struct tctl_api_row *row = tctl_api_rows;

	(void)serve;
	*status = tctl_call_parse(&tctl_taskctl, (int)words->count,
	    (char *const *)(uintptr_t)words->at, arena, &global, &call, &err);
	if (*status == TCTL_OK) {
		assert(call.command != NULL && is_asked_for(call.command));
		assert(!call.help && !call.version);
		assert(global.dir == untouched.dir &&
		       global.db == untouched.db && !global.json &&
		       !global.quiet && global.wait_ms == untouched.wait_ms);
		while (row->command != call.command)
			row++;
		assert(row->change == (request.body != NULL));
		look_at_hidden(row, &call);
	}
	tctl_arena_free(arena);
	return json_object_new_object();
}

struct json_object *
tctl_serve_ask(struct tctl_serve *serve, enum tctl_status *status, ...)
{
	(void)serve;
	*status = TCTL_EFAILED;
	return json_object_new_object();
}

/* --- the target ------------------------------------------------------------
 */

static void
read_request(char *text)
{
	static char nothing[] = "";

	request = (struct request){ .path = strsep(&text, "\n") };
	for (size_t i = 0; i < TCTL_COUNT(request.header); i++) {
		char *line = strsep(&text, "\n");

		request.header[i] = line == NULL ? nothing : line;
	}
	while (text != NULL && request.arguments < ARGUMENTS_MAX) {
		char *line = strsep(&text, "\n");

		if (*line == '\0')
			break;
		request.argument[request.arguments++] = line;
	}
	request.body = text;
}

static void
knock(const struct tctl_door *door)
{
	const char *why = NULL;
	const char *host = request.header[0], *origin = request.header[1];
	unsigned code = tctl_door_origin(door, NULL, &why);

	assert((code != 0) == (why != NULL));
	if (code == 0) {
		assert(!strcasecmp(host, "127.0.0.1:8420") ||
		       !strcasecmp(host, "localhost:8420") ||
		       !strcasecmp(host, "[::1]:8420") ||
		       !strcasecmp(host, "plans.example"));
		assert(*origin == '\0' || !strncasecmp(origin, "http://", 7));
	}
	if (tctl_door_knows(door, NULL))
		assert(strstr(request.header[2], token) != NULL ||
		       !strcmp(request.header[3], cookie));
}

static void
ask(struct tctl_serve *serve)
{
	struct tctl_answer_page page = { .code = 0 };
	char *text = NULL;
	size_t size;

	page.to = open_memstream(&text, &size);
	assert(page.to != NULL);
	if (request.body == NULL)
		tctl_api_get(serve, request.path, NULL, &page);
	else
		tctl_api_post(serve, request.path, request.body,
		    strlen(request.body), &page);
	assert(page.code >= 200 && page.code < 600);
	assert(fclose(page.to) == 0);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *listed[] = { "plans.example" };
	const struct tctl_serve_req req = { .hosts = {
						.at = listed, .count = 1 } };
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_serve serve = { .req = &req, .port = 8420 };
	char *text = fuzz_text(data, size);

	memcpy(serve.door.token, token, sizeof(token));
	memcpy(serve.door.cookie, cookie, sizeof(cookie));
	tctl_door_hosts(&serve.door, &req, serve.port, arena);
	read_request(text);
	knock(&serve.door);
	ask(&serve);
	free(text);
	tctl_arena_free(arena);
	return 0;
}
