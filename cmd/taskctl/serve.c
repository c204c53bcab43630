/* serve.c - the rows of taskctl serve and export; cmd/taskctl-serve does what
 * they say. */
#include "serve_commands.h"

#include "commands.h"
#include "print.h"

#define AT(member) offsetof(struct tctl_serve_req, member)

/* clang-format off */
static const struct tctl_param serve_rows[] = {
	{ .name = "port", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(port), .help = "the port; 0: any that is free",
	  .fallback = "8420" },
	{ .name = "write", .kind = TCTL_KIND_FLAG, .offset = AT(write),
	  .help = "also change: claim, done and so on, from a task's page and by POST" },
	{ .name = "listen", .kind = TCTL_KIND_TEXT, .flags = TCTL_PARAM_MANY,
	  .metavar = "ADDRESS", .offset = AT(listen),
	  .help = "listen here; beyond this machine only with --behind-tls and "
	  "--host", .fallback = "127.0.0.1 and ::1" },
	{ .name = "host", .kind = TCTL_KIND_TEXT, .flags = TCTL_PARAM_MANY,
	  .metavar = "NAME", .offset = AT(hosts),
	  .help = "a name by which browsers reach it, with its port unless that "
	  "is the usual one", .fallback = "localhost and the addresses" },
	{ .name = "behind-tls", .kind = TCTL_KIND_FLAG,
	  .offset = AT(behind_tls),
	  .help = "a proxy in front speaks TLS to whoever asks" },
	{ .name = "no-token", .kind = TCTL_KIND_FLAG, .offset = AT(no_token),
	  .help = "let everybody on this machine read; not with --write" },
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param export_rows[] = {
	{ .name = "html", .kind = TCTL_KIND_FILE, .metavar = "FILE",
	  .offset = offsetof(struct tctl_export_req, html),
	  .help = "write the dashboard as one page to FILE, replaced in one "
	  "step" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static void
serve_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	fputs("serving ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(out, "root"));
	fprintf(to, "%s\n  ",
	    tctl_get_bool(out, "write") ? ", changes too" : ", read only");
	tctl_put(ctx, to, TCTL_BOLD, tctl_get(out, "open"));
	fputs("\nCtrl-C ends it\n", to);
}

static void
serve_quiet(FILE *to, struct json_object *out)
{
	fprintf(to, "%s\n", tctl_get(out, "open"));
}

const struct tctl_command tctl_command_serve = {
	.name = "serve",
	.group = TCTL_GROUP_LOOK,
	.summary = "where it stands, live in the browser, and as an HTTP API",
	.about =
	    "It listens on this machine only, shows and does not change, and "
	    "asks for the token that is in the link it prints (and in "
	    "taskctl.db-serve beside the store, for its owner alone).\n\n"
	    "/api/v1/COMMAND answers as taskctl --json COMMAND does: operands "
	    "behind it, options as ?name=value; /api/v1/openapi.json lists "
	    "them. With --write what changes something is a POST of a JSON "
	    "object with the same names; a task's page has buttons for it, "
	    "which ask who acts (the browser keeps the name) and work without "
	    "a script. A program sends the token as "
	    "Authorization: Bearer. /api/v1/events streams the events "
	    "(Server-Sent Events, resumed by Last-Event-ID); /metrics is for "
	    "Prometheus, /healthz says whether the store is there.\n\n"
	    "Beyond this machine it listens only where a proxy in front of it "
	    "speaks TLS (--behind-tls), by the names that --host gives.",
	.example = "$ taskctl serve\n"
		   "$ taskctl serve --write --port 9000",
	.param = serve_rows,
	.req_size = sizeof(struct tctl_serve_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_serve_run,
	.text = serve_text,
	.quiet = serve_quiet,
	.unattended = true,
	.helper = TCTL_SERVE_PROGRAM,
};

const struct tctl_command tctl_command_export = {
	.name = "export",
	.group = TCTL_GROUP_LOOK,
	.summary = "the dashboard as one file, to send and to keep",
	.about = "One page that loads nothing and asks nobody: what serve "
		 "shows, as it is now.",
	.example = "$ taskctl export --html where-it-stands.html",
	.param = export_rows,
	.req_size = sizeof(struct tctl_export_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_export_run,
	.text = tctl_put_written,
	.quiet = tctl_put_written_quiet,
	.helper = TCTL_SERVE_PROGRAM,
};
