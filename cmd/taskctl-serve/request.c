/* request.c - the way of a request: the door, then its route. */
#include <stdlib.h>
#include <string.h>

#include "../taskctl/print.h"
#include "act.h"
#include "request.h"
#include "wish.h"

struct request {
	char *body;
	size_t length;
	bool refused;
};

void
tctl_serve_completed(void *cls, struct MHD_Connection *connection,
    void **request, enum MHD_RequestTerminationCode how)
{
	struct request *r = *request;

	(void)cls;
	(void)how;
	tctl_guest_is_busy(connection, false);
	if (r == NULL)
		return;
	free(r->body);
	free(r);
	*request = NULL;
}

/* --- refusals
 * ------------------------------------------------------------------
 */

static bool
is_for_programs(const char *url)
{
	return strncmp(url, "/api/", 5) == 0 || strcmp(url, "/metrics") == 0 ||
	       strcmp(url, "/healthz") == 0;
}

struct refusal {
	struct tctl_asked asked; /* first: it is handed on as that */
	unsigned code;
	const char *why;
};

static void
make_refusal(const struct tctl_asked *asked, const char *why,
    struct tctl_answer_page *page)
{
	const struct refusal *refusal = (const struct refusal *)asked;

	if (is_for_programs(asked->url))
		tctl_serve_error(page, refusal->code, TCTL_EFAILED, why);
	else if (refusal->code == MHD_HTTP_UNAUTHORIZED) {
		page->code = refusal->code;
		tctl_page_login(page);
	} else
		tctl_page_error(asked->serve, refusal->code, why, page);
}

static enum MHD_Result
refuse(const struct tctl_asked *asked, unsigned code, const char *why)
{
	const struct refusal refusal = { .asked = *asked, .code = code };

	return tctl_serve_answer(&refusal.asked, make_refusal, why, false);
}

static enum MHD_Result
refuse_method(const struct tctl_asked *asked, const char *allowed)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allowed);
	result = MHD_queue_response(
	    asked->connection, MHD_HTTP_METHOD_NOT_ALLOWED, response);
	MHD_destroy_response(response);
	return result;
}

/* --- POST
 * ----------------------------------------------------------------------
 */

static bool
has_type(const struct tctl_asked *asked, const char *type)
{
	const char *given = MHD_lookup_connection_value(
	    asked->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
	size_t length = strlen(type);

	return given != NULL && strncasecmp(given, type, length) == 0 &&
	       (given[length] == '\0' || given[length] == ';' ||
		   given[length] == ' ');
}

/* The token for a cookie: from the page's script as {"token"}, from its form
 * as token=…, which leads back to the page. */
static enum MHD_Result
log_in(const struct tctl_asked *asked)
{
	const struct tctl_door *door = &asked->serve->door;
	bool form = has_type(asked, SERVE_FORM);
	const char *body = asked->body == NULL ? "" : asked->body, *token = "";
	struct MHD_Response *response;
	struct json_object *json = NULL;
	enum MHD_Result result;
	char *cookie;

	if (form && strncmp(body, "token=", 6) == 0)
		token = body + 6;
	if (!form && has_type(asked, SERVE_JSON)) {
		json = json_tokener_parse(body);
		token = tctl_get(json, "token");
	}
	if (!tctl_door_token_is(door, token)) {
		json_object_put(json);
		tctl_serve_note(asked->serve, TCTL_REMARK_WARNING,
		    "somebody brought a wrong token");
		return refuse(
		    asked, MHD_HTTP_UNAUTHORIZED, "this is not the token");
	}
	json_object_put(json);
	response =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	cookie = tctl_xprintf("%s=%s; Path=/; HttpOnly; SameSite=Strict%s",
	    door->cookie_name, door->cookie,
	    door->behind_tls ? "; Secure" : "");
	MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, cookie);
	MHD_add_response_header(
	    response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (form)
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_LOCATION, "/");
	result = MHD_queue_response(asked->connection,
	    form ? MHD_HTTP_SEE_OTHER : MHD_HTTP_NO_CONTENT, response);
	MHD_destroy_response(response);
	free(cookie);
	return result;
}

static void
make_post(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	tctl_api_post(asked->serve, rest, asked->body, asked->length, page);
}

/* What is sent where, and as what. */
static const struct {
	const char *path;
	const char *type;
	const char *want;
	tctl_make_fn *make;
} posts[] = {
	/* No form of another page can send this, */
	{ "/api/v1/", SERVE_JSON, "the body must be application/json",
	    make_post },
	/* and nobody's but ours what these bring along. */
	{ "/act/", SERVE_FORM, "the body must be that of the page's form",
	    tctl_act_do },
};

static enum MHD_Result
post(const struct tctl_asked *asked)
{
	size_t i = 0;

	if (strcmp(asked->url, "/login") == 0)
		return log_in(asked);
	while (i < TCTL_COUNT(posts) &&
	       strncmp(asked->url, posts[i].path, strlen(posts[i].path)) != 0)
		i++;
	if (i == TCTL_COUNT(posts))
		return refuse_method(asked, "GET, HEAD");
	if (!tctl_door_knows(&asked->serve->door, asked->connection))
		return refuse(asked, MHD_HTTP_UNAUTHORIZED,
		    "the token is missing, or it is another one");
	if (!asked->serve->req->write)
		return refuse(asked, MHD_HTTP_FORBIDDEN,
		    "this server only reads; --write lets it change");
	if (!has_type(asked, posts[i].type))
		return refuse(
		    asked, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, posts[i].want);
	return tctl_serve_answer(asked, posts[i].make,
	    asked->url + strlen(posts[i].path), TCTL_KEPT_NOT);
}

/* --- GET
 * -----------------------------------------------------------------------
 */

static const char *
argument(const struct tctl_asked *asked, const char *name)
{
	return MHD_lookup_connection_value(
	    asked->connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result
get_graph(const struct tctl_asked *asked)
{
	struct tctl_wish wish;

	tctl_wish_read(asked->connection, TCTL_WISH_THEME + 1, &wish);
	if (wish.status != TCTL_OK)
		return refuse(
		    asked, tctl_serve_code(wish.status), wish.err.text);
	return tctl_picture_answer(asked->serve, asked->connection,
	    tctl_wish_is(&wish, TCTL_WISH_THEME, "dark"));
}

static int64_t
last_event(const struct tctl_asked *asked)
{
	const char *text = MHD_lookup_connection_value(
	    asked->connection, MHD_HEADER_KIND, "Last-Event-ID");
	char *end;
	long long id;

	if (text == NULL)
		text = argument(asked, "after");
	if (text == NULL)
		return -1;
	id = strtoll(text, &end, 10);
	return end == text || *end != '\0' || id < 0 ? -1 : id;
}

static bool
leads(const char *path, const char *url, const char **rest)
{
	size_t length = strlen(path);

	*rest = url + length;
	if (length > 1 && path[length - 1] == '/')
		return strncmp(path, url, length) == 0 && **rest != '\0';
	return strcmp(path, url) == 0;
}

static enum MHD_Result
get(const struct tctl_asked *asked)
{
	const char *rest;

	for (const struct tctl_route *r = tctl_routes; r->path; r++) {
		if (!leads(r->path, asked->url, &rest))
			continue;
		if (!r->is_open &&
		    !tctl_door_knows(&asked->serve->door, asked->connection))
			return refuse(asked, MHD_HTTP_UNAUTHORIZED,
			    "the token is missing, or it is another one");
		if (strcmp(asked->url, "/api/v1/events") == 0)
			return tctl_stream_open(
			    asked->serve, asked->connection, last_event(asked));
		if (strcmp(asked->url, "/graph.svg") == 0)
			return get_graph(asked);
		return tctl_serve_answer(asked, r->make, rest, r->kept);
	}
	return refuse(asked, MHD_HTTP_NOT_FOUND, "there is no such page");
}

static enum MHD_Result
dispatch(const struct tctl_asked *asked, const char *method)
{
	const char *why = NULL;
	unsigned code =
	    tctl_door_origin(&asked->serve->door, asked->connection, &why);

	if (code != 0)
		return refuse(asked, code, why);
	tctl_serve_look(asked->serve);
	if (strcmp(method, MHD_HTTP_METHOD_POST) == 0)
		return post(asked);
	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
	    strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
		return get(asked);
	return refuse_method(asked, "GET, HEAD, POST");
}

/* --- MHD's way
 * -----------------------------------------------------------------
 */

static void
keep_body(struct request *r, const char *bytes, size_t length)
{
	if (r->length + length > SERVE_BODY) {
		r->refused = true;
		return;
	}
	r->body = realloc(r->body, r->length + length + 1);
	if (r->body == NULL)
		tctl_die_nomem();
	memcpy(r->body + r->length, bytes, length);
	r->length += length;
	r->body[r->length] = '\0';
}

enum MHD_Result
tctl_serve_request(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_length, void **request)
{
	struct tctl_asked asked = {
		.serve = cls, .connection = connection, .url = url
	};
	struct request *r = *request;

	(void)version;
	if (r == NULL) { /* the headers are here */
		*request = tctl_xcalloc(1, sizeof(*r));
		return MHD_YES;
	}
	if (*upload_length > 0) {
		keep_body(r, upload, *upload_length);
		*upload_length = 0;
		return MHD_YES;
	}
	tctl_guest_is_busy(connection, true);
	asked.body = r->body;
	asked.length = r->length;
	if (r->refused)
		return refuse(
		    &asked, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too long");
	return dispatch(&asked, method);
}
