/* floor: cmd - taskctl doctor, in parts. */
#ifndef TASKCTL_CMD_DOCTOR_H
#define TASKCTL_CMD_DOCTOR_H

#include "ctx.h"
#include "taskctl/doctor.h"

/* The progress branch against the store, by the user's git; outside of any
 * transaction.  store NULL: it could not be opened. */
void tctl_doctor_git(
    struct tctl_doctor *to, struct tctl_ctx *ctx, struct tctl_store *store);

/* All codes as JSON objects; as the page docs/DOCTOR.md. */
struct json_object *tctl_doctor_codes_json(void);
void tctl_doctor_codes_page(FILE *to);

#endif
