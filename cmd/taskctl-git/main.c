/* main.c - taskctl-git, the helper of taskctl that needs libgit2. */
#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "taskctl/json.h"
#include "taskctl/text.h"

#ifndef TCTL_VERSION
#define TCTL_VERSION "unknown"
#endif

struct global {
	const char *folder; /* -C */
	const char *db;
	bool json;
	bool quiet;
};

static const struct tctl_param global_param[] = {
	{ .letter = 'C',
	    .kind = TCTL_KIND_FILE,
	    .metavar = "DIR",
	    .help = "work as if started in DIR",
	    .offset = offsetof(struct global, folder) },
	{ .name = "db",
	    .kind = TCTL_KIND_TEXT,
	    .metavar = "PATH",
	    .help = "the store",
	    .offset = offsetof(struct global, db) },
	{ .name = "json",
	    .kind = TCTL_KIND_FLAG,
	    .help = "answer with one JSON document",
	    .offset = offsetof(struct global, json) },
	{ .name = "quiet",
	    .letter = 'q',
	    .kind = TCTL_KIND_FLAG,
	    .help = "print the new commit's id alone",
	    .offset = offsetof(struct global, quiet) },
	{ .kind = TCTL_KIND_END },
};

static const struct tctl_command *const commands[] = { &tctl_git_command_commit,
	NULL };

static const struct tctl_program program = {
	.name = "taskctl-git",
	.summary = "the helper of taskctl that works on git repositories",
	.about = "taskctl starts it; see taskctl(1).",
	.global = global_param,
	.command = commands,
};

/* --- what the commands work on -----------------------------------------------
 */

/* --db, $TASKCTL_DB, db of config.json (from its own folder),
 * .tasks/taskctl.db. */
static char *
store_of(const struct tctl_ctx *ctx, const char *db)
{
	if (db == NULL || *db == '\0')
		db = getenv("TASKCTL_DB");
	if (db != NULL && *db != '\0')
		return tctl_xstrdup(db);
	db = ctx->config.db;
	if (db == NULL || *db == '\0')
		return tctl_xprintf("%s/taskctl.db", ctx->place.tasks);
	if (*db == '/' || strstr(db, "://") != NULL)
		return tctl_xstrdup(db);
	return tctl_xprintf("%s/%s", ctx->place.tasks, db);
}

static enum tctl_status
open_ctx(
    struct tctl_ctx *ctx, const struct global *global, struct tctl_error *err)
{
	const char *start = global->folder != NULL ? global->folder : ".";
	struct tctl_store *store = NULL;
	enum tctl_status status = tctl_place_find(start, &ctx->place, err);

	if (status == TCTL_OK)
		status = tctl_config_read(ctx->place.tasks, &ctx->config, err);
	if (status != TCTL_OK)
		return status;
	ctx->place.store = store_of(ctx, global->db);
	ctx->quiet = global->quiet;
	ctx->branch = ctx->config.git_branch;
	ctx->coord.config = &ctx->config;
	ctx->coord.place = &ctx->place;
	status = tctl_git_open(&ctx->place, &ctx->repo, err);
	if (status == TCTL_OK)
		status = tctl_git_ref(ctx->arena, ctx->branch, &ctx->ref, err);
	if (status == TCTL_OK)
		status = tctl_store_open(ctx->place.store, TCTL_OPEN_READ,
		    ctx->config.wait_ms, &store, err);
	ctx->coord.store = store;
	return status;
}

static void
close_ctx(struct tctl_ctx *ctx)
{
	tctl_store_close(ctx->coord.store);
	git_repository_free(ctx->repo);
	tctl_config_release(&ctx->config);
	tctl_place_release(&ctx->place);
	tctl_arena_free(ctx->arena);
}

/* --- answers
 * ------------------------------------------------------------------- */

/* The answer's keys after the schema, which comes first. */
static void
print_document(struct json_object *answer)
{
	struct json_object *all = json_object_new_object();

	json_object_object_add(
	    all, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
	json_object_object_foreach(answer, key, value)
	    json_object_object_add(all, key, json_object_get(value));
	printf("%s\n",
	    json_object_to_json_string_ext(
		all, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(all);
}

static int
answer_error(const struct global *global, const struct tctl_error *err)
{
	if (global->json) {
		struct json_object *all = json_object_new_object();
		struct json_object *error = json_object_new_object();

		json_object_object_add(error, "code",
		    tctl_json_text(tctl_status_word(err->status)));
		json_object_object_add(
		    error, "message", tctl_json_text(err->text));
		json_object_object_add(error, "hint",
		    tctl_json_text(*err->hint != '\0' ? err->hint : NULL));
		json_object_object_add(all, "error", error);
		print_document(all);
		json_object_put(all);
	} else {
		fputs("taskctl: ", stderr);
		tctl_text_inert(stderr, err->text);
		if (*err->hint != '\0') {
			fputs("\ntaskctl: ", stderr);
			tctl_text_inert(stderr, err->hint);
		}
		putc('\n', stderr);
	}
	return tctl_status_exit(err->status);
}

static enum tctl_status
run(struct tctl_ctx *ctx, const struct tctl_call *call,
    const struct global *global, struct tctl_error *err)
{
	struct json_object *out = NULL;
	enum tctl_status status = open_ctx(ctx, global, err);

	if (status == TCTL_OK)
		status = call->command->run(ctx, call->req, &out, err);
	if (status == TCTL_OK && global->json)
		print_document(out);
	else if (status == TCTL_OK)
		call->command->text(ctx, stdout, out);
	json_object_put(out);
	if (status == TCTL_OK && fflush(stdout) != 0)
		status = tctl_fail(err, TCTL_EFAILED,
		    "done, but the answer could not be written");
	return status;
}

int
main(int argc, char *argv[])
{
	struct tctl_ctx ctx = { .arena = tctl_arena_new(), .guard = -1 };
	struct tctl_error err = { .status = TCTL_OK };
	struct global global = { 0 };
	struct tctl_call call;
	enum tctl_status status;
	int code = 0;

	status = tctl_call_parse(&program, argc > 0 ? argc - 1 : 0, argv + 1,
	    ctx.arena, &global, &call, &err);
	if (status == TCTL_OK && call.version)
		printf("taskctl-git %s\n", TCTL_VERSION);
	else if (status == TCTL_OK && call.help && call.command != NULL)
		tctl_help_command(stdout, &program, call.command);
	else if (status == TCTL_OK && call.help)
		tctl_help_program(stdout, &program);
	else if (status == TCTL_OK && call.command == NULL)
		status = tctl_fail(&err, TCTL_EUSAGE, "which command?");
	else if (status == TCTL_OK)
		status = run(&ctx, &call, &global, &err);
	if (status != TCTL_OK)
		code = answer_error(&global, &err);
	close_ctx(&ctx);
	return code;
}
