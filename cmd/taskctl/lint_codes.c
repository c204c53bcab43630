/* lint_codes.c - the codes of complaints, for people and for --disable. */
#include <string.h>

#include "lint_codes.h"
#include "taskctl/json.h"
#include "taskctl/text.h"

struct json_object *
tctl_lint_codes_json(void)
{
	struct json_object *out = json_object_new_array();

	for (const struct tctl_lint_code *code = tctl_lint_codes; code->name;
	     code++) {
		struct json_object *one = json_object_new_object();

		json_object_object_add(one, "code", tctl_json_text(code->name));
		json_object_object_add(one, "severity",
		    tctl_json_text(tctl_severity_word(code->severity)));
		json_object_object_add(
		    one, "meaning", tctl_json_text(code->meaning));
		json_object_object_add(
		    one, "example", tctl_json_text(code->example));
		json_object_object_add(
		    one, "remedy", tctl_json_text(code->remedy));
		json_object_array_add(out, one);
	}
	return out;
}

void
tctl_lint_codes_page(FILE *to)
{
	fputs("# What lint says\n\n"
	      "Printed by `taskctl lint --codes`: do not edit. Each complaint "
	      "has one of these\ncodes; `--disable CODE` leaves it out, and "
	      "`--sarif` prints them for code hosts.\n"
	      "An error forbids loading the plan, a warning is a "
	      "contradiction in it, a note is\nonly said.\n",
	    to);
	for (const struct tctl_lint_code *code = tctl_lint_codes; code->name;
	     code++)
		fprintf(to, "\n## %s\n\n*%s.* %s %s\n\n    %s\n", code->name,
		    tctl_severity_word(code->severity), code->meaning,
		    code->remedy, code->example);
}

static const char *
nearest(const char *name)
{
	const char *best = NULL;
	int distance = (int)strlen(name) / 2 + 1;

	for (const struct tctl_lint_code *code = tctl_lint_codes; code->name;
	     code++)
		if (tctl_text_distance(name, code->name) < distance) {
			distance = tctl_text_distance(name, code->name);
			best = code->name;
		}
	return best;
}

enum tctl_status
tctl_lint_codes_check(const struct tctl_strings *codes, struct tctl_error *err)
{
	for (size_t i = 0; i < codes->count; i++) {
		const char *name = codes->at[i], *near;

		if (tctl_lint_code_find(name) != NULL)
			continue;
		near = strlen(name) < 60 ? nearest(name) : NULL;
		tctl_fail(err, TCTL_EUSAGE,
		    "--disable: there is no code \"%.60s\"", name);
		return near == NULL
			   ? tctl_hint(err, "see: taskctl lint --codes")
			   : tctl_hint(err, "did you mean %s?", near);
	}
	return TCTL_OK;
}

static bool
is_listed(const struct tctl_strings *codes, const char *code)
{
	for (size_t i = 0; i < codes->count; i++)
		if (strcmp(codes->at[i], code) == 0)
			return true;
	return false;
}

void
tctl_lint_codes_disable(
    struct tctl_plan *plan, const struct tctl_strings *codes)
{
	size_t kept = 0;

	plan->error_count = 0;
	for (size_t i = 0; i < plan->diagnostic_count; i++) {
		if (is_listed(codes, plan->diagnostic[i].code))
			continue;
		plan->error_count += plan->diagnostic[i].severity == TCTL_ERROR;
		plan->diagnostic[kept++] = plan->diagnostic[i];
	}
	plan->diagnostic_count = kept;
}
