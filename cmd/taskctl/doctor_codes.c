/* doctor_codes.c - what doctor can find, as a page. */
#include "doctor.h"
#include "taskctl/json.h"

struct json_object *
tctl_doctor_codes_json(void)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < TCTL_FOUND_COUNT; i++) {
		const struct tctl_finding_code *code = &tctl_finding_codes[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "code", tctl_json_text(code->name));
		tctl_json_add(one, "severity",
		    tctl_json_text(tctl_severity_word(code->severity)));
		tctl_json_add(one, "check", tctl_json_text(code->check));
		tctl_json_add(one, "meaning", tctl_json_text(code->meaning));
		tctl_json_add(one, "next", tctl_json_text(code->next));
		json_object_array_add(out, one);
	}
	return out;
}

void
tctl_doctor_codes_page(FILE *to)
{
	fputs(
	    "# What doctor finds\n\n"
	    "Printed by `taskctl doctor --codes`: do not edit. A note is only "
	    "said, a warning\nwants a look, an error stops or misleads "
	    "somebody. `doctor` exits with 10 where a\nfinding says that the "
	    "store is not to be trusted, with 1 for any other error, with\n0 "
	    "otherwise.\n",
	    to);
	for (size_t i = 0; i < TCTL_FOUND_COUNT; i++) {
		const struct tctl_finding_code *code = &tctl_finding_codes[i];

		fprintf(to, "\n## %s\n\n*%s%s, under %s.* %s\n\nNext: %s.\n",
		    code->name, tctl_severity_word(code->severity),
		    code->corrupt ? " (10)" : "", code->check, code->meaning,
		    code->next);
	}
}
