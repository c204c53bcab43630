/* floor: work - the keys of the configuration, by their names. */
#ifndef TASKCTL_WORK_CONFIG_H
#define TASKCTL_WORK_CONFIG_H

#include "taskctl/config.h"

/* NULL: there is none of that name. */
const struct tctl_config_key *tctl_config_find(const char *name);

/* Set a key's member from its text; TCTL_EINVALID: it is none of its kind, or
 * out of its bounds. */
enum tctl_status tctl_config_set(struct tctl_config *config,
    const struct tctl_config_key *key, const char *text,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
