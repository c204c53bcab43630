/* help.c - taskctl help, version and completion. */
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "print.h"

struct help_req {
	const char *command;
	const char *man_pages;
	bool man;
};

/* clang-format off */
static const struct tctl_param help_rows[] = {
	{ .name = "COMMAND", .kind = TCTL_KIND_COMMAND,
	  .flags = TCTL_PARAM_OPERAND,
	  .offset = offsetof(struct help_req, command),
	  .help = "the command to explain" },
	{ .name = "man", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct help_req, man),
	  .help = "print the manual page, in mdoc" },
	{ .name = "man-pages", .kind = TCTL_KIND_FILE, .metavar = "DIR",
	  .offset = offsetof(struct help_req, man_pages),
	  .help = "write all manual pages into DIR" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
write_page(
    const char *dir, const struct tctl_command *command, struct tctl_error *err)
{
	char *path = command == NULL
			 ? tctl_xprintf("%s/taskctl.1", dir)
			 : tctl_xprintf("%s/taskctl-%s.1", dir, command->name);
	FILE *file = fopen(path, "we");
	bool ok = file != NULL;

	if (ok) {
		tctl_man(file, &tctl_taskctl, command, TCTL_VERSION);
		ok = fclose(file) == 0;
	}
	if (!ok)
		tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s", path,
		    strerror(errno));
	free(path);
	return ok ? TCTL_OK : TCTL_EFAILED;
}

/* A text of our own, as an answer: {"text": …}. */
struct page {
	char *text;
	size_t length;
};

static FILE *
open_page(struct page *page)
{
	FILE *memory = open_memstream(&page->text, &page->length);

	if (memory == NULL)
		tctl_die_nomem();
	return memory;
}

static struct json_object *
close_page(FILE *memory, struct page *page)
{
	struct json_object *out = json_object_new_object();

	if (fclose(memory) != 0)
		tctl_die_nomem();
	json_object_object_add(out, "text", json_object_new_string(page->text));
	free(page->text);
	return out;
}

static enum tctl_status
help_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct help_req *req = request;
	const struct tctl_command *command =
	    req->command == NULL
		? NULL
		: tctl_command_find(ctx->program, req->command);
	enum tctl_status status = TCTL_OK;
	struct page page;
	FILE *memory;

	if (req->man_pages != NULL) {
		status = write_page(req->man_pages, NULL, err);
		for (size_t i = 0;
		     status == TCTL_OK && ctx->program->command[i] != NULL; i++)
			status = write_page(
			    req->man_pages, ctx->program->command[i], err);
		return status;
	}
	memory = open_page(&page);
	if (req->man)
		tctl_man(memory, ctx->program, command, TCTL_VERSION);
	else if (command != NULL)
		tctl_help_command(memory, ctx->program, command);
	else
		tctl_help_program(memory, ctx->program);
	*out = close_page(memory, &page);
	return TCTL_OK;
}

static void
page_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx;
	fputs(tctl_get(out, "text"), to); /* our own */
}

static enum tctl_status
version_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	(void)ctx;
	(void)request;
	(void)err;
	*out = json_object_new_object();
	json_object_object_add(
	    *out, "version", json_object_new_string(TCTL_VERSION));
	json_object_object_add(
	    *out, "sqlite", json_object_new_string(sqlite3_libversion()));
	json_object_object_add(
	    *out, "store_schema", json_object_new_int(tctl_store_schema()));
	return TCTL_OK;
}

static void
version_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx;
	fprintf(to, "taskctl %s (SQLite %s, store schema %s)\n",
	    tctl_get(out, "version"), tctl_get(out, "sqlite"),
	    tctl_get(out, "store_schema"));
}

struct completion_req {
	const char *shell;
};

/* clang-format off */
static const struct tctl_param completion_rows[] = {
	{ .name = "SHELL", .kind = TCTL_KIND_CHOICE,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .choices = "bash|zsh|fish",
	  .offset = offsetof(struct completion_req, shell),
	  .help = "bash, zsh or fish" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
completion_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct completion_req *req = request;
	struct page page;
	FILE *memory = open_page(&page);
	bool known = tctl_completion(memory, ctx->program, req->shell);

	*out = close_page(memory, &page);
	return known ? TCTL_OK
		     : tctl_fail(err, TCTL_EUSAGE, "no completion for %s",
			   req->shell);
}

const struct tctl_command tctl_command_help = {
	.name = "help",
	.group = TCTL_GROUP_CARE,
	.summary = "explain taskctl or one of its commands",
	.about = "The same as COMMAND --help.",
	.example = "$ taskctl help claim",
	.param = help_rows,
	.req_size = sizeof(struct help_req),
	.run = help_run,
	.text = page_text,
};

const struct tctl_command tctl_command_version = {
	.name = "version",
	.group = TCTL_GROUP_CARE,
	.summary = "print the versions of taskctl, SQLite and the schema",
	.about = "SQLite before 3.51.3 has a bug in resetting the write-ahead "
		 "log; taskctl's queue keeps clear of it.",
	.example = "$ taskctl version",
	.run = version_run,
	.text = version_text,
};

const struct tctl_command tctl_command_completion = {
	.name = "completion",
	.group = TCTL_GROUP_CARE,
	.summary = "print the completion script for a shell",
	.about = "It completes commands, options, their values and task ids.",
	.example = "$ eval \"$(taskctl completion bash)\"",
	.param = completion_rows,
	.req_size = sizeof(struct completion_req),
	.run = completion_run,
	.text = page_text,
};
