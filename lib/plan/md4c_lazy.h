/* floor: plan - md_parse of md4c, without linking it. */
#ifndef TASKCTL_PLAN_MD4C_LAZY_H
#define TASKCTL_PLAN_MD4C_LAZY_H

#include <md4c.h>

#include "taskctl/error.h"

/* md_parse(3); *rc is what it returned.  TCTL_EFAILED: there is no md4c. */
enum tctl_status tctl_md4c_parse(const char *text, unsigned length,
    const MD_PARSER *parser, void *into, int *rc,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
