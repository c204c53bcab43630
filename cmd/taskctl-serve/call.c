/* call.c - commands, run as their rows say, for pages and the API alike. */
#include <stdarg.h>
#include <string.h>

#include "../taskctl/commands.h"
#include "serve.h"

/* A change waits so long for its turn, since nobody else is served meanwhile.
 */
enum { WAIT_MS = 1000 };

static enum tctl_status
run(struct tctl_serve *serve, struct tctl_ctx *ctx,
    const struct tctl_strings *words, struct json_object **out,
    struct tctl_error *err)
{
	struct tctl_global global = { .wait_ms = -1 };
	struct tctl_call call = { .command = NULL };
	enum tctl_status status = tctl_call_parse(&tctl_taskctl,
	    (int)words->count, (char *const *)(uintptr_t)words->at, ctx->arena,
	    &global, &call, err);

	if (status != TCTL_OK)
		return status;
	if (call.command == NULL || call.command->run == NULL)
		return tctl_fail(err, TCTL_EUSAGE, "there is no such command");
	global = (struct tctl_global){ .json = true, .wait_ms = WAIT_MS };
	ctx->command = call.command;
	ctx->global = &global;
	if (tctl_command_writes(call.command))
		ctx->coord.store = serve->writer;
	if (ctx->coord.store == NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    serve->lost ? "the store is not there any more"
				: "this server only reads; --write lets it "
				  "change");
	status = call.command->run(ctx, call.req, out, err);
	if (status == TCTL_OK && tctl_command_writes(call.command))
		tctl_serve_views_release(serve); /* who changed it looks now */
	serve->refresh = serve->refresh || (status == TCTL_OK && ctx->refresh);
	serve->commit = serve->commit || (status == TCTL_OK && ctx->commit);
	return status;
}

struct json_object *
tctl_serve_call(struct tctl_serve *serve, const struct tctl_strings *words,
    enum tctl_status *status)
{
	struct tctl_error err = { .status = TCTL_OK };
	struct json_object *out = NULL, *document;
	struct tctl_ctx ctx = *serve->ctx;

	ctx.arena = tctl_arena_new();
	ctx.spent = NULL;
	ctx.exit_code = 0;
	ctx.more = ctx.refresh = ctx.commit = false;
	*status = run(serve, &ctx, words, &out, &err);
	if (tctl_serve_code(*status) >= MHD_HTTP_INTERNAL_SERVER_ERROR &&
	    !serve->lost && *status != TCTL_OK)
		tctl_serve_note(
		    serve, TCTL_REMARK_ERROR, "%s: %s", words->at[0], err.text);
	if (*status != TCTL_OK)
		document = tctl_ctx_error(&err, out);
	else if (out != NULL)
		document = tctl_ctx_document(out);
	else
		document = json_object_new_object();
	json_object_put(out);
	json_object_put(ctx.spent);
	tctl_arena_free(ctx.arena);
	return document;
}

struct json_object *
tctl_serve_ask(struct tctl_serve *serve, enum tctl_status *status, ...)
{
	const char *word[16];
	struct tctl_strings words = { .at = word };
	va_list list;

	va_start(list, status);
	while (words.count < TCTL_COUNT(word) &&
	       (word[words.count] = va_arg(list, const char *)) != NULL)
		words.count++;
	va_end(list);
	return tctl_serve_call(serve, &words, status);
}
