/* floor: work - the configuration of a coordinator.
 *
 * Durations are milliseconds; texts are owned by the struct they stand in. */
#ifndef TASKCTL_CONFIG_H
#define TASKCTL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "taskctl/error.h"
#include "taskctl/time.h"

struct tctl_config {
	char *db; /* NULL: taskctl.db in .tasks/ */
	int64_t ttl_ms;
	int64_t idle_max_ms;
	int64_t hold_max_ms; /* 0: the greater of 4 h and 3 x the estimate */
	int64_t wait_ms;
	int64_t max_attempts;
	int64_t hours_per_day;
	bool git_auto;
	char *git_branch;
	int64_t git_interval_ms;
	char *git_sign;	    /* on, off, or a key */
	char *worktree_dir; /* NULL: beside the main worktree */
	bool lock_files;
	bool reserve_on_claim;
};

/* One key of config.json: everything about it is here. */
struct tctl_config_key {
	const char *name;
	enum {
		TCTL_CONFIG_TEXT,
		TCTL_CONFIG_BRANCH, /* the same, of a branch of git, or HEAD */
		TCTL_CONFIG_DURATION,
		TCTL_CONFIG_COUNT,
		TCTL_CONFIG_SWITCH
	} kind;
	const char *fallback; /* as it would be written */
	const char *help;
	size_t offset; /* in struct tctl_config */
	int64_t least; /* a number's bounds */
	int64_t most;
};

extern const struct tctl_config_key tctl_config_key[]; /* ends with NULL name */

/* The defaults, then what folder/config.json says.  TCTL_EINVALID: an unknown
 * key or a wrong value; err names file and key. */
enum tctl_status tctl_config_read(const char *folder, struct tctl_config *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_config_release(struct tctl_config *config);
/* The defaults alone. */
void tctl_config_default(struct tctl_config *out);

/* Set one key in folder/config.json (replaced atomically); value NULL takes it
 * out again. */
enum tctl_status tctl_config_write(const char *folder, const char *key,
    const char *value, struct tctl_error *err) TCTL_MUST_CHECK;

/* The key that somebody may have meant, or NULL. */
const char *tctl_config_nearest(const char *name);

/* The value in force, as it would be written; owned (free). */
char *tctl_config_show(
    const struct tctl_config *config, const struct tctl_config_key *key);

/* Bounds of a lease's time to live: a shorter one is none, a longer one is
 * for ever. */
#define TCTL_TTL_LEAST_MS INT64_C(1000)
#define TCTL_TTL_MOST_MS (INT64_C(31) * TCTL_DAY_S * 1000)

#endif
