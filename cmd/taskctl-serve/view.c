/* view.c - documents with their headers, kept until the store changes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sha2.h>

#include "form.h"
#include "request.h"

/* --- headers
 * --------------------------------------------------------------------
 */

void
tctl_serve_etag(const char *bytes, size_t length, char etag[24])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX sha;

	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)bytes, length);
	SHA256Final(digest, &sha);
	etag[0] = '"';
	for (int i = 0; i < 8; i++)
		snprintf(etag + 1 + 2 * i, 3, "%02x", digest[i]);
	memcpy(etag + 17, "\"", 2);
}

/* " 'sha256-…'" of what stands between the first such tags; NULL: none. */
static char *
hash_of(const char *text, const char *open, const char *close)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *from = strstr(text, open);
	const char *to = from == NULL ? NULL : strstr(from, close);
	uint8_t digest[SHA256_DIGEST_LENGTH + 1] = { 0 };
	char base64[45];
	SHA2_CTX sha;

	if (to == NULL)
		return NULL;
	from += strlen(open);
	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)from, (size_t)(to - from));
	SHA256Final(digest, &sha);
	for (int i = 0; i < 11; i++) {
		unsigned three = (unsigned)digest[3 * i] << 16 |
				 (unsigned)digest[3 * i + 1] << 8 |
				 (i < 10 ? digest[3 * i + 2] : 0);

		for (int j = 0; j < 4; j++)
			base64[4 * i + j] = digit[three >> (18 - 6 * j) & 63];
	}
	base64[43] = '=';
	base64[44] = '\0';
	return tctl_xprintf(" 'sha256-%s'", base64);
}

/* What the page may do: its own script and style, and ask us. */
static void
add_policy(struct MHD_Response *response, const struct tctl_answer_page *page,
    const char *text)
{
	char *style = hash_of(text, "<style>", "</style>");
	char *script = hash_of(text, "<script>", "</script>");
	char *policy = tctl_xprintf(
	    "default-src 'none'; script-src%s; style-src%s; img-src 'self' "
	    "data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
	    "form-action 'self'; frame-ancestors %s",
	    script == NULL ? " 'none'" : script,
	    style == NULL ? " 'none'" : style,
	    page->framed ? "'self'" : "'none'");

	MHD_add_response_header(
	    response, MHD_HTTP_HEADER_CONTENT_SECURITY_POLICY, policy);
	free(style);
	free(script);
	free(policy);
}

static void
add_headers(struct MHD_Response *response, struct tctl_answer_page *page)
{
	static const char *const all[][2] = {
		{ "X-Content-Type-Options", "nosniff" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
	};

	MHD_add_response_header(
	    response, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
	/* A form without a referrer would say that its origin is null. */
	MHD_add_response_header(response, "Referrer-Policy",
	    page->has_form ? "same-origin" : "no-referrer");
	for (size_t i = 0; i < TCTL_COUNT(all); i++)
		MHD_add_response_header(response, all[i][0], all[i][1]);
	if (page->location != NULL)
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_LOCATION, page->location);
	if (page->cookie != NULL)
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_SET_COOKIE, page->cookie);
	free(page->location);
	free(page->cookie);
}

/* --- views
 * ---------------------------------------------------------------------
 */

static void
begin(struct tctl_answer_page *page, char **text, size_t *length)
{
	*page = (struct tctl_answer_page){ .code = MHD_HTTP_OK,
		.type = SERVE_HTML };
	page->to = open_memstream(text, length);
	if (page->to == NULL)
		tctl_die_nomem();
}

/* There is something newer: a page that hears of it asks again.  Scripts may
 * read it of a frame too (Server Timing, W3C). */
static void
add_late(struct MHD_Response *response)
{
	MHD_add_response_header(response, "Server-Timing", "late");
}

/* The response, with the body, which it takes. */
static struct MHD_Response *
finish(struct tctl_answer_page *page, char **text, size_t *length)
{
	struct MHD_Response *response;

	if (fclose(page->to) != 0)
		tctl_die_nomem();
	response = MHD_create_response_from_buffer(
	    *length, *text, MHD_RESPMEM_MUST_FREE);
	if (response == NULL)
		tctl_die_nomem();
	add_headers(response, page);
	add_policy(response, page, *text);
	if (page->code == MHD_HTTP_OK) {
		if (!page->is_etag)
			tctl_serve_etag(*text, *length, page->etag);
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_ETAG, page->etag);
		/* To be kept, and to be asked about each time. */
		MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
		    "private, no-cache");
	} else
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (page->code == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(
		    response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	if (page->code == MHD_HTTP_UNAUTHORIZED)
		MHD_add_response_header(response,
		    MHD_HTTP_HEADER_WWW_AUTHENTICATE,
		    "Bearer realm=\"taskctl\"");
	return response;
}

static enum MHD_Result
send_unchanged(
    struct MHD_Connection *connection, const char *etag, bool is_late)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
	if (is_late)
		add_late(response);
	MHD_add_response_header(
	    response, MHD_HTTP_HEADER_CACHE_CONTROL, "private, no-cache");
	result =
	    MHD_queue_response(connection, MHD_HTTP_NOT_MODIFIED, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
send_view(const struct tctl_asked *asked, const char *etag, bool is_late,
    unsigned code, struct MHD_Response *response)
{
	const char *known = MHD_lookup_connection_value(
	    asked->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);

	if (code == MHD_HTTP_OK && known != NULL &&
	    (strcmp(known, "*") == 0 || strstr(known, etag) != NULL))
		return send_unchanged(asked->connection, etag, is_late);
	return MHD_queue_response(asked->connection, code, response);
}

static void
forget(struct tctl_view *view)
{
	if (view->key[0] != '\0')
		MHD_destroy_response(view->response);
	view->key[0] = '\0';
}

void
tctl_serve_views_release(struct tctl_serve *serve)
{
	for (size_t i = 0; i < SERVE_VIEWS; i++)
		forget(&serve->view[i]);
}

/* What is left of the time in which documents are made as soon as somebody
 * asks: a thirty-second of a core, and a twentieth of a second in advance,
 * which is some pages: more is felt by those who work. */
static int64_t
budget(struct tctl_serve *serve)
{
	enum { MOST_US = 50000, EVERY = 32 };
	int64_t now = tctl_serve_clock();

	serve->budget_us += (now - serve->budget_ms) * 1000 / EVERY;
	if (serve->budget_us > MOST_US)
		serve->budget_us = MOST_US;
	serve->budget_ms = now;
	return serve->budget_us;
}

/* Everything is as new as the store, but where a crowd changes it and another
 * asks: those who work come first.  Then it is a second late at most, or as
 * many times as long as it takes to make. */
static bool
holds(struct tctl_serve *serve, const struct tctl_view *view)
{
	enum { LATE_MS = 1000, REST = 8 };
	int64_t age = tctl_serve_clock() - view->made_ms;

	if (view->generation == serve->generation)
		return age < SERVE_AGE_MS;
	return (age < LATE_MS || age < view->cost_us * REST / 1000) &&
	       budget(serve) < 0;
}

static int64_t
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum MHD_Result
add_argument(
    void *into, enum MHD_ValueKind kind, const char *key, const char *value)
{
	FILE *to = into;

	(void)kind;
	putc('&', to);
	tctl_form_escape(to, key);
	putc('=', to);
	tctl_form_escape(to, value == NULL ? "" : value);
	return MHD_YES;
}

/* What a view is known by; "": it is too long to be kept. */
static void
write_key(const struct tctl_asked *asked, enum tctl_kept kept, char key[256])
{
	FILE *to = fmemopen(key, 256, "w");

	if (to == NULL)
		tctl_die_nomem();
	tctl_form_escape(to, asked->url);
	if (kept == TCTL_KEPT_BY_ADDRESS)
		MHD_get_connection_values(
		    asked->connection, MHD_GET_ARGUMENT_KIND, add_argument, to);
	if (fflush(to) != 0 || ftell(to) >= 255)
		key[0] = '\0';
	fclose(to);
}

static struct tctl_view *
place_for(struct tctl_serve *serve, const char *key)
{
	struct tctl_view *oldest = &serve->view[0];

	for (size_t i = 0; i < SERVE_VIEWS; i++) {
		struct tctl_view *view = &serve->view[i];

		if (strcmp(view->key, key) == 0)
			return view;
		if (view->key[0] == '\0' || view->made_ms < oldest->made_ms)
			oldest = view;
		if (oldest->key[0] == '\0')
			oldest->made_ms = 0;
	}
	forget(oldest);
	return oldest;
}

/* What is late once stays so: its response may say it for all who ask. */
static enum MHD_Result
send_kept(const struct tctl_asked *asked, struct tctl_view *view)
{
	if (!view->is_late && view->generation != asked->serve->generation) {
		add_late(view->response);
		view->is_late = true;
	}
	return send_view(
	    asked, view->etag, view->is_late, MHD_HTTP_OK, view->response);
}

enum MHD_Result
tctl_serve_answer(const struct tctl_asked *asked, tctl_make_fn *make,
    const char *rest, enum tctl_kept kept)
{
	struct tctl_serve *serve = asked->serve;
	struct tctl_answer_page out;
	struct MHD_Response *response;
	struct tctl_view *view = NULL;
	char key[256] = "", *text = NULL;
	enum MHD_Result result;
	size_t length;
	int64_t began_us, cost_us;

	if (kept != TCTL_KEPT_NOT)
		write_key(asked, kept, key);
	if (key[0] != '\0')
		view = place_for(serve, key);
	if (view != NULL && view->key[0] != '\0' && holds(serve, view))
		return send_kept(asked, view);
	began_us = cpu_us();
	begin(&out, &text, &length);
	make(asked, rest, &out);
	response = finish(&out, &text, &length);
	cost_us = cpu_us() - began_us;
	(void)budget(serve);
	serve->budget_us -= cost_us;
	result = send_view(asked, out.etag, false, out.code, response);
	if (view == NULL || out.code != MHD_HTTP_OK) {
		MHD_destroy_response(response);
		return result;
	}
	forget(view);
	memcpy(view->key, key, sizeof(view->key));
	memcpy(view->etag, out.etag, sizeof(view->etag));
	view->generation = serve->generation;
	view->is_late = false;
	view->made_ms = tctl_serve_clock();
	view->cost_us = cost_us;
	view->response = response;
	return result;
}
