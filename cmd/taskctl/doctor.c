/* doctor.c - taskctl doctor: look at everything, change nothing. */
#include <string.h>

#include "commands.h"
#include "doctor.h"
#include "print.h"
#include "taskctl/json.h"

struct doctor_req {
	bool codes;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "codes", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct doctor_req, codes),
	  .help = "print all that can be found, with what it means and what to "
	  "do" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

/* --- looking ----------------------------------------------------------------
 */

/* With a configuration that makes no sense the rest is looked at all the same:
 * by the defaults. */
static enum tctl_status
find_place(struct tctl_ctx *ctx, struct tctl_doctor *to, struct tctl_error *err)
{
	enum tctl_status status = tctl_place_find(".", &ctx->place, err);
	struct tctl_error why;

	if (status != TCTL_OK)
		return status;
	if (tctl_config_read(ctx->place.tasks, &ctx->config, &why) != TCTL_OK) {
		tctl_doctor_find(to, TCTL_FOUND_BAD_CONFIG, "config.json", NULL,
		    "%s", why.text);
		tctl_config_default(&ctx->config);
	}
	ctx->has_config = true;
	tctl_doctor_looked(to, "config", "read");
	tctl_ctx_choose_store(ctx);
	ctx->coord.config = &ctx->config;
	ctx->coord.place = &ctx->place;
	return TCTL_OK;
}

static void
tell_unopened(struct tctl_doctor *to, const struct tctl_error *err)
{
	enum tctl_finding_kind kind = TCTL_FOUND_UNREADABLE;

	if (err->cause == TCTL_NEWER_SCHEMA)
		kind = TCTL_FOUND_NEWER_SCHEMA;
	else if (err->cause == TCTL_OLDER_SCHEMA)
		kind = TCTL_FOUND_OLDER_SCHEMA;
	else if (err->status == TCTL_ECORRUPT)
		kind = TCTL_FOUND_DAMAGED;
	else if (err->status == TCTL_ENOTFOUND)
		kind = TCTL_FOUND_NO_STORE;
	tctl_doctor_find(to, kind, NULL, NULL, "%s", err->text);
	tctl_doctor_skipped(to, "store", "it could not be opened");
}

static void
look_at_engine(struct tctl_doctor *to)
{
	enum { MENDED_IN = 3051003 };
	int number;
	const char *version = tctl_store_engine(&number);

	if (number < MENDED_IN)
		tctl_doctor_find(to, TCTL_FOUND_SQLITE, NULL, NULL,
		    "SQLite %s has the bug of the log's reset; the queue keeps "
		    "it from happening",
		    version);
	tctl_doctor_looked(to, "sqlite", "%s", version);
}

static void
look(struct tctl_ctx *ctx, struct tctl_doctor *to)
{
	struct tctl_store *store = NULL;
	struct tctl_error err;

	tctl_doctor_files(to, &ctx->place);
	if (tctl_store_open(ctx->place.store, TCTL_OPEN_READ,
		ctx->config.wait_ms, &store, &err) == TCTL_OK) {
		ctx->coord.store = store;
		tctl_doctor_store(to, &ctx->coord);
	} else
		tell_unopened(to, &err);
	tctl_doctor_git(to, ctx, store);
	look_at_engine(to);
}

/* --- telling -----------------------------------------------------------------
 */

/* The worst that was found under a check; -1: nothing. */
static int
worst_of(const struct tctl_doctor *from, const char *check)
{
	int worst = -1;

	for (size_t i = 0; i < from->findings; i++) {
		const struct tctl_finding_code *code = from->finding[i].code;

		if ((check == NULL || strcmp(code->check, check) == 0) &&
		    (int)code->severity > worst)
			worst = (int)code->severity;
	}
	return worst;
}

static struct json_object *
finding_json(const struct tctl_finding *finding)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "code", tctl_json_text(finding->code->name));
	tctl_json_add(out, "severity",
	    tctl_json_text(tctl_severity_word(finding->code->severity)));
	tctl_json_add(out, "check", tctl_json_text(finding->code->check));
	tctl_json_add(out, "where", tctl_json_text(finding->where));
	tctl_json_add(out, "message", tctl_json_text(finding->message));
	tctl_json_add(out, "next", tctl_json_text(finding->next));
	return out;
}

static struct json_object *
answer_of(const struct tctl_doctor *from, bool *corrupt)
{
	struct json_object *out = json_object_new_object();
	struct json_object *findings = json_object_new_array();
	struct json_object *checks = json_object_new_array();

	*corrupt = false;
	for (size_t i = 0; i < from->findings; i++) {
		*corrupt = *corrupt || from->finding[i].code->corrupt;
		json_object_array_add(
		    findings, finding_json(&from->finding[i]));
	}
	for (size_t i = 0; i < from->checks; i++) {
		const struct tctl_check *check = &from->check[i];
		struct json_object *one = json_object_new_object();
		int worst = worst_of(from, check->name);

		tctl_json_add(one, "name", tctl_json_text(check->name));
		tctl_json_add(one, "state",
		    tctl_json_text(worst >= 0 ? tctl_severity_word(
						    (enum tctl_severity)worst)
				   : check->skipped ? "skipped"
						    : "ok"));
		tctl_json_add(one, "said", tctl_json_text(check->said));
		json_object_array_add(checks, one);
	}
	tctl_json_add(out, "findings", findings);
	tctl_json_add(out, "checks", checks);
	return out;
}

static enum tctl_status
doctor_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct doctor_req *req = request;
	struct tctl_doctor found = { .arena = ctx->arena };
	enum tctl_status status;
	bool corrupt;

	if (req->codes) {
		*out = json_object_new_object();
		tctl_json_add(*out, "codes", tctl_doctor_codes_json());
		return TCTL_OK;
	}
	status = find_place(ctx, &found, err);
	if (status != TCTL_OK)
		return status;
	look(ctx, &found);
	*out = answer_of(&found, &corrupt);
	if (corrupt)
		ctx->exit_code = tctl_status_exit(TCTL_ECORRUPT);
	else if (worst_of(&found, NULL) == TCTL_ERROR)
		ctx->exit_code = tctl_status_exit(TCTL_EFAILED);
	return TCTL_OK;
}

/* By word and by shape; colour comes on top. */
static const struct {
	const char *state;
	const char *shape;
	enum tctl_style style;
} marks[] = {
	{ "ok", "[+]", TCTL_GREEN },
	{ "note", "[i]", TCTL_BLUE },
	{ "warning", "[!]", TCTL_YELLOW },
	{ "error", "[x]", TCTL_RED },
	{ "skipped", "[-]", TCTL_DIM },
};

static void
put_findings(struct tctl_ctx *ctx, FILE *to, struct json_object *findings,
    const char *check)
{
	for (size_t i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *one =
		    json_object_array_get_idx(findings, i);

		if (strcmp(tctl_get(one, "check"), check) != 0)
			continue;
		fprintf(to, "      %s: ", tctl_get(one, "code"));
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "message"));
		fputs("\n        ", to);
		tctl_put(ctx, to, TCTL_DIM, tctl_get(one, "next"));
		putc('\n', to);
	}
}

static void
doctor_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *findings = tctl_get_object(out, "findings");
	struct json_object *checks = tctl_get_object(out, "checks");
	size_t count[TCTL_COUNT(marks)] = { 0 };

	if (findings == NULL) {
		tctl_doctor_codes_page(to);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(checks); i++) {
		struct json_object *one = json_object_array_get_idx(checks, i);
		const char *state = tctl_get(one, "state");
		size_t m = 0;

		while (strcmp(marks[m].state, state) != 0)
			m++;
		count[m]++;
		tctl_put(ctx, to, marks[m].style, marks[m].shape);
		fprintf(to, " %-8s", tctl_get(one, "name"));
		tctl_put(ctx, to, marks[m].style, state);
		if (m == 0 || marks[m].state[0] == 's') {
			fputs(": ", to);
			tctl_put(ctx, to, TCTL_PLAIN, tctl_get(one, "said"));
		}
		putc('\n', to);
		put_findings(ctx, to, findings, tctl_get(one, "name"));
	}
	if (count[2] + count[3] == 0)
		fputs("nothing is wrong\n", to);
}

/* The codes alone. */
static void
doctor_quiet(FILE *to, struct json_object *out)
{
	struct json_object *findings = tctl_get_object(out, "findings");

	if (findings == NULL) /* --codes */
		findings = tctl_get_object(out, "codes");
	for (size_t i = 0; i < json_object_array_length(findings); i++)
		fprintf(to, "%s\n",
		    tctl_get(json_object_array_get_idx(findings, i), "code"));
}

const struct tctl_command tctl_command_doctor = {
	.name = "doctor",
	.group = TCTL_GROUP_CARE,
	.summary = "look whether everything is as it should be",
	.about =
	    "The configuration, files and their modes, the file system, the "
	    "queue and the log with who holds them, the database's own checks, "
	    "every count recomputed, cycles, the history against the states, "
	    "leases against processes, lock files, the clock, the plans' "
	    "files, "
	    "the progress branch, and SQLite. Nothing is changed.\n\n"
	    "Each finding has a code, and the safe next step. It exits with 0 "
	    "where nothing is worse than a warning, with 10 where the store is "
	    "not to be trusted, with 1 for any other error; the answer is the "
	    "same then.",
	.example = "$ taskctl doctor\n$ taskctl --json doctor | jq "
		   "'.findings[].code'",
	.param = rows,
	.req_size = sizeof(struct doctor_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = doctor_run,
	.text = doctor_text,
	.quiet = doctor_quiet,
};
