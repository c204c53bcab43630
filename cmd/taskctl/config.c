/* config.c - taskctl config: what is set, and setting it. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "print.h"

struct config_req {
	const char *key;
	const char *value;
	bool unset;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "KEY", .kind = TCTL_KIND_TEXT, .flags = TCTL_PARAM_OPERAND,
	  .offset = offsetof(struct config_req, key), .help = "one key" },
	{ .name = "VALUE", .kind = TCTL_KIND_TEXT, .flags = TCTL_PARAM_OPERAND,
	  .offset = offsetof(struct config_req, value),
	  .help = "what to set it to" },
	{ .name = "unset", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct config_req, unset),
	  .help = "take the key out of the file: its default holds" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
show(struct tctl_ctx *ctx, const char *only, struct json_object **out,
    struct tctl_error *err)
{
	struct json_object *config = json_object_new_object();

	for (const struct tctl_config_key *key = tctl_config_key;
	     key->name != NULL; key++) {
		char *value;

		if (only != NULL && strcmp(only, key->name) != 0)
			continue;
		value = tctl_config_show(&ctx->config, key);
		json_object_object_add(
		    config, key->name, json_object_new_string(value));
		free(value);
	}
	if (only != NULL && json_object_object_length(config) == 0) {
		const char *near = tctl_config_nearest(only);

		json_object_put(config);
		tctl_fail(
		    err, TCTL_EINVALID, "there is no key \"%.60s\"", only);
		return near == NULL ? err->status
				    : tctl_hint(err, "did you mean %s?", near);
	}
	*out = json_object_new_object();
	json_object_object_add(*out, "config", config);
	return TCTL_OK;
}

static enum tctl_status
config_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct config_req *req = request;
	enum tctl_status status;

	if (req->unset && (req->key == NULL || req->value != NULL))
		return tctl_fail(
		    err, TCTL_EUSAGE, "--unset goes with a KEY alone");
	if (req->value == NULL && !req->unset)
		return show(ctx, req->key, out, err);
	status = tctl_config_write(ctx->place.tasks, req->key, req->value, err);
	if (status != TCTL_OK)
		return status;
	tctl_config_release(&ctx->config);
	ctx->has_config = false;
	status = tctl_config_read(ctx->place.tasks, &ctx->config, err);
	ctx->has_config = status == TCTL_OK;
	return status == TCTL_OK ? show(ctx, req->key, out, err) : status;
}

static void
config_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *config = tctl_get_object(out, "config");

	if (json_object_object_length(config) == 1) {
		json_object_object_foreach(config, key, value)
		{
			(void)key;
			tctl_put(
			    ctx, to, TCTL_PLAIN, json_object_get_string(value));
			fputs("\n", to);
		}
		return;
	}
	for (const struct tctl_config_key *key = tctl_config_key;
	     key->name != NULL; key++) {
		const char *value = tctl_get(config, key->name);

		tctl_put_cell(ctx, to, TCTL_BOLD, key->name, 16);
		fputs(" ", to);
		tctl_put_cell(
		    ctx, to, TCTL_PLAIN, value[0] == '\0' ? "-" : value, 10);
		fputs("  ", to);
		tctl_put(ctx, to, TCTL_DIM, key->help);
		fputs("\n", to);
	}
}

static bool
list_key(size_t i, const char **name, const char **meaning)
{
	*name = tctl_config_key[i].name;
	*meaning = tctl_config_key[i].help;
	return *name != NULL;
}

const struct tctl_command tctl_command_config = {
	.name = "config",
	.group = TCTL_GROUP_CARE,
	.summary = "show or set the configuration",
	.about = "It is .tasks/config.json, and for git. Without a KEY all are "
		 "shown with what they mean; an unknown key is refused.",
	.example = "$ taskctl config ttl 1h\n$ taskctl config",
	.param = rows,
	.listed = "keys",
	.list = list_key,
	.req_size = sizeof(struct config_req),
	.needs = TCTL_NEEDS_PLACE,
	.run = config_run,
	.text = config_text,
};
