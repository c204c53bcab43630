/* sarif.c - complaints as SARIF 2.1.0, for code hosts.
 *
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0, sections
 * 3.13 (log), 3.19 (driver), 3.27 (result), 3.30 (region). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "sarif.h"
#include "taskctl/json.h"
#include "taskctl/plan.h"

static struct json_object *
text(const char *words)
{
	struct json_object *out = json_object_new_object();

	json_object_object_add(out, "text", tctl_json_text(words));
	return out;
}

/* SARIF has the same three words for it. */
static struct json_object *
rules(void)
{
	struct json_object *out = json_object_new_array();

	for (const struct tctl_lint_code *code = tctl_lint_codes; code->name;
	     code++) {
		struct json_object *rule = json_object_new_object();
		struct json_object *level = json_object_new_object();

		json_object_object_add(rule, "id", tctl_json_text(code->name));
		json_object_object_add(
		    rule, "shortDescription", text(code->meaning));
		json_object_object_add(rule, "help", text(code->remedy));
		json_object_object_add(level, "level",
		    tctl_json_text(tctl_severity_word(code->severity)));
		json_object_object_add(rule, "defaultConfiguration", level);
		json_object_array_add(out, rule);
	}
	return out;
}

/* A path as the path of a URI (RFC 3986): what else is escaped. */
static struct json_object *
uri(const char *path)
{
	static const char plain[] = "-._~!$&'()*+,;=@/";
	char *out = tctl_xcalloc(strlen(path), 3), *to = out;
	struct json_object *made;

	for (; *path != '\0'; path++)
		if ((*path >= '0' && *path <= '9') ||
		    (*path >= 'A' && *path <= 'Z') ||
		    (*path >= 'a' && *path <= 'z') || strchr(plain, *path))
			*to++ = *path;
		else
			to += snprintf(to, 4, "%%%02X", (unsigned char)*path);
	*to = '\0';
	made = tctl_json_text(out);
	free(out);
	return made;
}

static struct json_object *
location(struct json_object *diagnostic, int64_t line, int64_t column)
{
	struct json_object *out = json_object_new_object();
	struct json_object *physical = json_object_new_object();
	struct json_object *artifact = json_object_new_object();
	struct json_object *region = json_object_new_object();

	json_object_object_add(
	    artifact, "uri", uri(tctl_get(diagnostic, "file")));
	json_object_object_add(
	    region, "startLine", json_object_new_int64(line));
	json_object_object_add(
	    region, "startColumn", json_object_new_int64(column));
	json_object_object_add(physical, "artifactLocation", artifact);
	json_object_object_add(physical, "region", region);
	json_object_object_add(out, "physicalLocation", physical);
	return out;
}

static struct json_object *
result(struct json_object *diagnostic)
{
	struct json_object *out = json_object_new_object();
	struct json_object *locations = json_object_new_array();
	const char *code = tctl_get(diagnostic, "code");
	const struct tctl_lint_code *rule = tctl_lint_code_find(code);
	int64_t other = tctl_get_number(diagnostic, "other_line");

	json_object_object_add(out, "ruleId", tctl_json_text(code));
	if (rule != NULL)
		json_object_object_add(out, "ruleIndex",
		    json_object_new_int64(rule - tctl_lint_codes));
	json_object_object_add(
	    out, "level", tctl_json_text(tctl_get(diagnostic, "severity")));
	json_object_object_add(
	    out, "message", text(tctl_get(diagnostic, "message")));
	json_object_array_add(
	    locations, location(diagnostic, tctl_get_number(diagnostic, "line"),
			   tctl_get_number(diagnostic, "column")));
	json_object_object_add(out, "locations", locations);
	if (other > 0) {
		struct json_object *related = json_object_new_array();

		json_object_array_add(related, location(diagnostic, other, 1));
		json_object_object_add(out, "relatedLocations", related);
	}
	return out;
}

struct json_object *
tctl_sarif(struct json_object *diagnostics)
{
	struct json_object *out = json_object_new_object();
	struct json_object *runs = json_object_new_array();
	struct json_object *run = json_object_new_object();
	struct json_object *tool = json_object_new_object();
	struct json_object *driver = json_object_new_object();
	struct json_object *results = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(diagnostics); i++)
		json_object_array_add(
		    results, result(json_object_array_get_idx(diagnostics, i)));
	json_object_object_add(driver, "name", tctl_json_text("taskctl"));
	json_object_object_add(driver, "version", tctl_json_text(TCTL_VERSION));
	json_object_object_add(driver, "rules", rules());
	json_object_object_add(tool, "driver", driver);
	json_object_object_add(run, "tool", tool);
	json_object_object_add(
	    run, "columnKind", tctl_json_text("unicodeCodePoints"));
	json_object_object_add(run, "results", results);
	json_object_array_add(runs, run);
	json_object_object_add(out, "$schema",
	    tctl_json_text("https://json.schemastore.org/sarif-2.1.0.json"));
	json_object_object_add(out, "version", tctl_json_text("2.1.0"));
	json_object_object_add(out, "runs", runs);
	return out;
}
