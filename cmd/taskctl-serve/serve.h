/* floor: cmd - taskctl-serve: a store over HTTP, by one thread.
 *
 * docs/adr/0014-serve.md says why it is so. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

/* What it sends to whoever asks; no file is read for it. */
#include <microhttpd.h>

#include "../taskctl/chart.h"
#include "../taskctl/ctx.h"
#include "../taskctl/remark.h"
#include "../taskctl/serve_commands.h"

/* --- the door: who may come in -------------------------------------------- */

enum { SERVE_HEX = 65, SERVE_NAME_MAX = 280, SERVE_PORT = 8420 };

struct tctl_door {
	struct tctl_strings hosts; /* what Host may say; the arena's */
	bool behind_tls;
	bool no_token;
	char token[SERVE_HEX];
	char cookie[SERVE_HEX]; /* what a browser gets for the token */
	char form[SERVE_HEX];	/* what our forms bring along */
	char cookie_name[32];
	char agent_name[48]; /* the cookie that remembers who acts */
	char *token_file;    /* owned; NULL: there is none */
};

/* Read the token beside the store, or make it: 32 random bytes, for its owner
 * alone.  TCTL_EFAILED: others can read it, or it cannot be written. */
enum tctl_status tctl_door_token(struct tctl_door *door, const char *store,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The allow-list of Host for a port: the loopback's names, the addresses that
 * are listened on, and --host. */
void tctl_door_hosts(struct tctl_door *door, const struct tctl_serve_req *req,
    unsigned port, struct tctl_arena *arena);

/* 0: the request is for us and from us, whoever asks.  Else the HTTP status to
 * refuse it with, and *why. */
unsigned tctl_door_origin(const struct tctl_door *door,
    struct MHD_Connection *connection, const char **why);

/* Does it bring the token, or the cookie that was given for it? */
bool tctl_door_knows(
    const struct tctl_door *door, struct MHD_Connection *connection);

/* Is this the token?  In constant time. */
bool tctl_door_token_is(const struct tctl_door *door, const char *text);

/* Was this put into a form by this server? */
bool tctl_door_form_is(const struct tctl_door *door, const char *text);

/* --- the server ----------------------------------------------------------- */

enum {
	SERVE_DAEMONS = 8,
	SERVE_STREAMS = 256,	 /* event streams at once */
	SERVE_CONNECTIONS = 400, /* of each address, streams among them */
	SERVE_HEADERS = 16 * 1024,
	SERVE_BODY = 64 * 1024,
	SERVE_TIMEOUT_S = 5, /* for a whole request, and for a pause */
	SERVE_TICK_MS = 100, /* how soon a few streams hear of a change */
	SERVE_PING_MS = 15000,
	SERVE_AGE_MS = 5000, /* of a view: leases lapse without a change */
	SERVE_VIEWS = 32,
	SERVE_NICE = 5,
	SERVE_WAITING = 32, /* for one picture */
};

struct tctl_guest; /* a connection */
struct tctl_stream;
struct tctl_batch; /* events as text */

/* A graph's picture, and the process that lays out the next one. */
struct tctl_picture {
	int pid; /* 0: none is at work */
	int out; /* what it writes to */
	int64_t began_ms;
	int64_t wanted;		     /* the generation that it draws */
	int64_t generation, made_ms; /* of the picture, once there is one */
	char *svg;		     /* owned; NULL: it could not be drawn */
	size_t length;
	bool is_there;
	struct MHD_Connection *waiting[SERVE_WAITING];
	size_t waiters;
};

/* A document that was made, until the store changes. */
struct tctl_view {
	char key[256]; /* "": none */
	int64_t generation;
	int64_t made_ms;
	bool is_late;	 /* and says so: there is something newer */
	int64_t cost_us; /* of a core, to make it */
	char etag[24];
	struct MHD_Response *response;
};

/* What is left to be said of a time; the rest is counted. */
struct tctl_quota {
	int64_t since_ms;
	unsigned said, left_out;
};

struct tctl_serve {
	struct tctl_ctx *ctx; /* the program's: its store is for reading */
	const struct tctl_serve_req *req;
	struct tctl_store *writer; /* NULL: read only */
	struct tctl_door door;
	struct MHD_Daemon *daemon[SERVE_DAEMONS];
	size_t daemons;
	unsigned port;

	int64_t generation; /* counts the changes of the store */
	bool lost;	    /* the store's file is not there any more */
	int64_t looked_ms;  /* then: when it was last looked for */
	struct tctl_view view[SERVE_VIEWS];
	int64_t budget_us, budget_ms; /* of making them; as of when */
	bool refresh, commit; /* what follows a change, once it is answered */

	struct tctl_picture graph[2]; /* light, dark */
	struct tctl_guest *guests;
	struct tctl_stream *streams;
	size_t stream_count;
	struct tctl_batch *batch; /* the newest */
	int64_t newest;		  /* the newest event's id */
	int64_t told_ms; /* when the streams were last told of events */
	bool closing;
	struct tctl_quota quota; /* of the log */
};

/* Milliseconds that only grow. */
int64_t tctl_serve_clock(void);

/* Is what was asked for possible?  TCTL_EUSAGE: no, and why. */
enum tctl_status tctl_listen_check(
    const struct tctl_serve_req *req, struct tctl_error *err) TCTL_MUST_CHECK;
/* Listen on all addresses; sets daemon, daemons and port. */
enum tctl_status tctl_listen(
    struct tctl_serve *serve, struct tctl_error *err) TCTL_MUST_CHECK;

/* Notice what has changed in the store, and whether it is there at all. */
void tctl_serve_look(struct tctl_serve *serve);

/**
 * Run a command as its row says.
 *
 * @param words  its name, options and operands, as a command line has them
 * @param status set to what the exit code stands for
 * @return       the document that --json prints; the caller's
 */
struct json_object *tctl_serve_call(struct tctl_serve *serve,
    const struct tctl_strings *words, enum tctl_status *status);

/* The same of words alone; ends with NULL. */
struct json_object *tctl_serve_ask(struct tctl_serve *serve,
    enum tctl_status *status, ...) __attribute__((sentinel));

/* Say it in the log, unless much was said just before. */
void tctl_serve_note(struct tctl_serve *serve, enum tctl_priority priority,
    const char *fmt, ...) TCTL_PRINTF(3, 4);

/* --- answers -------------------------------------------------------------- */

#define SERVE_HTML "text/html; charset=utf-8"
#define SERVE_JSON "application/json"
#define SERVE_FORM "application/x-www-form-urlencoded"

/* What a route fills in. */
struct tctl_answer_page {
	FILE *to;
	unsigned code;
	const char *type; /* Content-Type */
	bool framed;	  /* may stand in a frame of our own pages */
	bool is_etag;	  /* etag was set */
	char etag[24];
	bool has_form;	/* which is sent to this server */
	char *location; /* owned, as the next; NULL: none */
	char *cookie;	/* Set-Cookie */
};

/* The HTTP status for a refusal. */
unsigned tctl_serve_code(enum tctl_status status);

/* A document as the body. */
void tctl_serve_document(struct tctl_answer_page *page, enum tctl_status status,
    struct json_object *document);

/* An error's document, by hand. */
void tctl_serve_error(struct tctl_answer_page *page, unsigned code,
    enum tctl_status status, const char *text);

/* 16 hexadecimal digits of the SHA-256, in quotes. */
void tctl_serve_etag(const char *bytes, size_t length, char etag[24]);

/* MHD's: the way of every request. */
enum MHD_Result tctl_serve_request(void *serve,
    struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_length,
    void **request);
void tctl_serve_completed(void *serve, struct MHD_Connection *connection,
    void **request, enum MHD_RequestTerminationCode how);
void tctl_serve_connection(void *serve, struct MHD_Connection *connection,
    void **guest, enum MHD_ConnectionNotificationCode how);
/* All of its request is here; or it was answered. */
void tctl_guest_is_busy(struct MHD_Connection *connection, bool busy);
/* Close connections that take too long to say what they want. */
void tctl_serve_guests(struct tctl_serve *serve);
void tctl_serve_views_release(struct tctl_serve *serve);

/* --- the API -------------------------------------------------------------- */

/* GET /api/v1/rest, and POST with a body. */
void tctl_api_get(struct tctl_serve *serve, const char *rest,
    struct MHD_Connection *connection, struct tctl_answer_page *page);
void tctl_api_post(struct tctl_serve *serve, const char *rest, const char *body,
    size_t length, struct tctl_answer_page *page);
/* Run "COMMAND/OPERAND", if it is one that changes, with the parameters of an
 * object (NULL: none); the document, which is the caller's. */
struct json_object *tctl_api_call(struct tctl_serve *serve, const char *rest,
    struct json_object *given, enum tctl_status *status);
/* The OpenAPI document of it all, from the rows; the caller's. */
struct json_object *tctl_api_describe(const struct tctl_serve *serve);

/* One open command of the API. */
struct tctl_api_row {
	const struct tctl_command *command;
	bool change;	    /* POST */
	const char *hidden; /* options that it has not: "watch|format" */
};
extern const struct tctl_api_row tctl_api_rows[]; /* ends with NULL */

/* May it be given there?  Not what names a file, or goes on for ever. */
bool tctl_api_has(
    const struct tctl_api_row *row, const struct tctl_param *param);

/* --- event streams -------------------------------------------------------- */

/* Answer with a stream of events after that id, or (-1) from now on. */
enum MHD_Result tctl_stream_open(
    struct tctl_serve *serve, struct MHD_Connection *connection, int64_t after);
/* Tell those who wait: of new events, or that it still lives. */
void tctl_streams_wake(struct tctl_serve *serve);
/* Another store is there now, whose events have other ids: begin anew. */
void tctl_streams_restart(struct tctl_serve *serve);
void tctl_streams_release(struct tctl_serve *serve);

/* --- pages ---------------------------------------------------------------- */

/* What a page is drawn for. */
struct tctl_draw {
	struct tctl_serve *serve;
	FILE *to;
	bool alone; /* one file for all: no links to other pages */
	int64_t now_ms;
};

void tctl_page_home(struct tctl_serve *serve, struct tctl_answer_page *page);
void tctl_page_tasks(struct tctl_serve *serve,
    struct MHD_Connection *connection, struct tctl_answer_page *page);
void tctl_page_task(
    struct tctl_serve *serve, const char *id, struct tctl_answer_page *page);
void tctl_page_gantt(struct tctl_serve *serve,
    struct MHD_Connection *connection, struct tctl_answer_page *page);
void tctl_page_graph(struct tctl_serve *serve, struct tctl_answer_page *page);
void tctl_page_log(struct tctl_serve *serve, struct tctl_answer_page *page);
void tctl_page_login(struct tctl_answer_page *page);
void tctl_page_error(struct tctl_serve *serve, unsigned code, const char *text,
    struct tctl_answer_page *page);

/* Everything in one file. */
enum tctl_status tctl_page_alone(
    struct tctl_serve *serve, FILE *to, struct tctl_error *err) TCTL_MUST_CHECK;

/* What the store holds as a chart, and a context for it whose arena the caller
 * frees; false: the page says why not. */
bool tctl_chart_open(struct tctl_serve *serve, bool by_agent,
    struct tctl_ctx *ctx, struct tctl_chart_source *out,
    struct tctl_answer_page *page);

/* Charts: SVG, and the page with zoom. */
void tctl_chart_gantt(struct tctl_serve *serve,
    struct MHD_Connection *connection, bool html,
    struct tctl_answer_page *page);

/* What taskctl-chart lays out: owned (free); NULL: the page says why not. */
char *tctl_chart_graph_json(
    struct tctl_serve *serve, struct tctl_answer_page *refused);

/* The graph: laid out in a process of its own, since graphviz may take long;
 * who asks waits, and nobody else. */
enum MHD_Result tctl_picture_answer(
    struct tctl_serve *serve, struct MHD_Connection *connection, bool dark);
/* Has one of them come to its end? */
void tctl_picture_tick(struct tctl_serve *serve);
/* End them, and let go who waits. */
void tctl_picture_stop(struct tctl_serve *serve);

#endif
