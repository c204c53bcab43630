/* floor: cmd - the codes of complaints, for people and for --disable. */
#ifndef TASKCTL_CMD_LINT_CODES_H
#define TASKCTL_CMD_LINT_CODES_H

#include <json-c/json.h>
#include <stdio.h>

#include "taskctl/plan.h"

/* All codes as JSON objects; as the page docs/LINT.md. */
struct json_object *tctl_lint_codes_json(void);
void tctl_lint_codes_page(FILE *to);

/* TCTL_EUSAGE, with the nearest code as a hint, if one of them is none. */
enum tctl_status tctl_lint_codes_check(
    const struct tctl_strings *codes, struct tctl_error *err) TCTL_MUST_CHECK;

/* Take the complaints of those codes out of a plan. */
void tctl_lint_codes_disable(
    struct tctl_plan *plan, const struct tctl_strings *codes);

#endif
