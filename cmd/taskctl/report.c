/* report.c - taskctl report: the sprint review. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "file_replace.h"
#include "print.h"
#include "report.h"
#include "taskctl/review.h"

struct report_req {
	const char *sprint;
	const char *format;
	const char *file;
};

#define AT(member) offsetof(struct report_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "sprint", .kind = TCTL_KIND_TEXT, .metavar = "S",
	  .offset = AT(sprint), .help = "only of this sprint",
	  .fallback = "the whole plan" },
	{ .name = "format", .kind = TCTL_KIND_CHOICE, .metavar = "FORMAT",
	  .choices = "markdown|html|json", .offset = AT(format),
	  .help = "how it is written",
	  .fallback = "by the file's ending, or markdown" },
	{ .name = "output", .letter = 'o', .kind = TCTL_KIND_FILE,
	  .metavar = "FILE", .offset = AT(file),
	  .help = "write to FILE, replaced in one step",
	  .fallback = "standard output" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

enum format { MARKDOWN, HTML, JSON };

static enum tctl_status
choose(const struct tctl_ctx *ctx, const struct report_req *req,
    enum format *out, struct tctl_error *err)
{
	static const struct {
		const char *word;
		enum format format;
	} known[] = { { "markdown", MARKDOWN }, { "html", HTML },
		{ "json", JSON }, { "md", MARKDOWN }, { "htm", HTML } };
	const char *slash = req->file == NULL ? NULL : strrchr(req->file, '/');
	const char *dot = req->file == NULL
			      ? NULL
			      : strrchr(slash == NULL ? req->file : slash, '.');
	const char *word = req->format != NULL ? req->format
			   : dot != NULL       ? dot + 1
					       : "markdown";

	if (ctx->global->json && req->format == NULL && req->file == NULL)
		word = "json";
	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (strcasecmp(known[i].word, word) == 0) {
			*out = known[i].format;
			return TCTL_OK;
		}
	tctl_fail(err, TCTL_EUSAGE, "\".%s\" is the ending of no format", word);
	return tctl_hint(err, "--format markdown, html or json says which");
}

/* To standard output, or to the file: {"file", "bytes"} answers then. */
static enum tctl_status
put_page(struct tctl_ctx *ctx, const struct report_req *req, enum format format,
    struct json_object **out, struct tctl_error *err)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);
	enum tctl_status status = TCTL_OK;

	if (to == NULL)
		tctl_die_nomem();
	if (format == JSON)
		fprintf(to, "%s\n",
		    json_object_to_json_string_ext(
			*out, JSON_C_TO_STRING_PRETTY |
				  JSON_C_TO_STRING_NOSLASHESCAPE));
	else
		tctl_report_page(ctx, to, format == HTML, *out);
	if (fclose(to) != 0)
		tctl_die_nomem();
	if (req->file != NULL)
		status = tctl_file_replace(req->file, text, bytes, err);
	else
		fputs(text, stdout);
	free(text);
	ctx->spent = *out;
	*out = NULL;
	if (status == TCTL_OK && req->file != NULL) {
		*out = json_object_new_object();
		json_object_object_add(
		    *out, "file", json_object_new_string(req->file));
		json_object_object_add(
		    *out, "bytes", json_object_new_int64((int64_t)bytes));
	}
	return status;
}

static enum tctl_status
report_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct report_req *req = request;
	struct tctl_review review;
	enum format format = MARKDOWN;
	enum tctl_status status = choose(ctx, req, &format, err);

	if (status == TCTL_OK)
		status =
		    tctl_review_read(&ctx->coord, req->sprint, &review, err);
	if (status != TCTL_OK)
		return status;
	*out = tctl_json_review(&review);
	tctl_review_release(&review);
	/* With --json it is a document as all others. */
	if (ctx->global->json && format == JSON && req->file == NULL)
		return TCTL_OK;
	return put_page(ctx, req, format, out, err);
}

const struct tctl_command tctl_command_report = {
	.name = "report",
	.group = TCTL_GROUP_LOOK,
	.summary = "the sprint review: planned and actual, as a page",
	.about =
	    "The goal that the plan states for a sprint (else its title), what "
	    "is done and what is not, planned against actual time for "
	    "each task, agent and sprint, velocity, the burn-down, Go/No-Go "
	    "decisions "
	    "with who took them, leases that were lost and who took over, what "
	    "changed the scope after the first claim, and the critical path "
	    "that is left. Actual time is that of all leases on a task, from "
	    "claim to end; planned and actual of agents and sprints are of "
	    "finished tasks with an estimate, all work is of every lease.\n\n"
	    "Markdown is for a pull request or a chat; HTML stands for "
	    "itself.",
	.example = "$ taskctl report --sprint 2\n"
		   "$ taskctl report -o review.html",
	.param = rows,
	.req_size = sizeof(struct report_req),
	.needs = TCTL_NEEDS_READ,
	.run = report_run,
	.text = tctl_put_written,
	.quiet = tctl_put_written_quiet,
};
