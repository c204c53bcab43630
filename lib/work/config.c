/* config.c - the configuration: every key is one row of one table. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "taskctl/memory.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

#define AT(member) offsetof(struct tctl_config, member)

/* clang-format off */
const struct tctl_config_key tctl_config_key[] = {
	{ "db", TCTL_CONFIG_TEXT, "", "the store, in place of taskctl.db",
	  AT(db), 0, 0 },
	{ "ttl", TCTL_CONFIG_DURATION, "30m",
	  "how long a lease lasts without a sign of life",
	  AT(ttl_ms), TCTL_TTL_LEAST_MS, TCTL_TTL_MOST_MS },
	{ "idle_max", TCTL_CONFIG_DURATION, "30m",
	  "how long a process that only lives may go without activity",
	  AT(idle_max_ms), TCTL_TTL_LEAST_MS, TCTL_TTL_MOST_MS },
	{ "hold_max", TCTL_CONFIG_DURATION, "0s",
	  "how long a task may be held that way; 0s: 4h or 3 x the estimate",
	  AT(hold_max_ms), 0, TCTL_TTL_MOST_MS },
	{ "wait", TCTL_CONFIG_DURATION, "10s",
	  "how long to wait for the store",
	  AT(wait_ms), 0, TCTL_TTL_MOST_MS },
	{ "max_attempts", TCTL_CONFIG_COUNT, "5",
	  "leases that lapse or die before a task is failed",
	  AT(max_attempts), 1, 1000000 },
	{ "hours_per_day", TCTL_CONFIG_COUNT, "8",
	  "working hours of a day in estimates",
	  AT(hours_per_day), 1, 24 },
	{ "git.auto", TCTL_CONFIG_SWITCH, "on",
	  "commit progress in the background when a task is finished",
	  AT(git_auto), 0, 1 },
	{ "git.branch", TCTL_CONFIG_BRANCH, "taskctl",
	  "the branch of progress commits; HEAD: the one that is checked out",
	  AT(git_branch), 0, 0 },
	{ "git.interval", TCTL_CONFIG_DURATION, "5s",
	  "the least time between two commits in the background",
	  AT(git_interval_ms), 0, TCTL_DAY_S * 1000 },
	{ "git.sign", TCTL_CONFIG_TEXT, "off",
	  "sign progress commits as git is configured to: on, off, or a key",
	  AT(git_sign), 0, 0 },
	{ "worktree.dir", TCTL_CONFIG_TEXT, "",
	  "where claim --worktree makes worktrees; else beside the main one",
	  AT(worktree_dir), 0, 0 },
	{ "lock_files", TCTL_CONFIG_SWITCH, "off",
	  "keep the old scripts' lock files beside the leases",
	  AT(lock_files), 0, 1 },
	{ "reserve.on_claim", TCTL_CONFIG_SWITCH, "off",
	  "a claim reserves the files that its task names",
	  AT(reserve_on_claim), 0, 1 },
	{ NULL, TCTL_CONFIG_TEXT, NULL, NULL, 0, 0, 0 }
};
/* clang-format on */

static void *
member(const struct tctl_config_key *key, const struct tctl_config *config)
{
	return (char *)(uintptr_t)config + key->offset;
}

const struct tctl_config_key *
tctl_config_find(const char *name)
{
	for (const struct tctl_config_key *key = tctl_config_key;
	     key->name != NULL; key++)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

static enum tctl_status
fail_value(const struct tctl_config_key *key, const char *text,
    const char *wanted, struct tctl_error *err)
{
	return tctl_fail(err, TCTL_EINVALID, "%s: \"%.60s\" is not %s",
	    key->name, text, wanted);
}

static enum tctl_status
set_number(const struct tctl_config_key *key, int64_t value, const char *text,
    int64_t *out, struct tctl_error *err)
{
	char least[TCTL_DURATION_TEXT], most[TCTL_DURATION_TEXT];

	if (value < key->least || value > key->most) {
		if (key->kind == TCTL_CONFIG_DURATION) {
			tctl_duration_write(key->least / 1000, least);
			tctl_duration_write(key->most / 1000, most);
		} else {
			snprintf(least, sizeof(least), "%lld",
			    (long long)key->least);
			snprintf(
			    most, sizeof(most), "%lld", (long long)key->most);
		}
		return tctl_fail(err, TCTL_EINVALID,
		    "%s: \"%.60s\" is not between %s and %s", key->name, text,
		    least, most);
	}
	*out = value;
	return TCTL_OK;
}

/* Source: git-check-ref-format(1); a name that begins with refs/ would be a
 * branch refs/heads/refs/…, which nobody means. */
static bool
is_branch(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || strcmp(name, "@") == 0 ||
	    strpbrk(name, " ~^:?*[\\\x7f") != NULL ||
	    strstr(name, "..") != NULL || strstr(name, "//") != NULL ||
	    strstr(name, "/.") != NULL || strstr(name, "@{") != NULL ||
	    strstr(name, ".lock/") != NULL || strchr("-./", *name) != NULL ||
	    strchr("./", name[length - 1]) != NULL ||
	    strncmp(name, "refs/", 5) == 0)
		return false;
	return length < 5 || strcmp(name + length - 5, ".lock") != 0;
}

enum tctl_status
tctl_config_set(struct tctl_config *config, const struct tctl_config_key *key,
    const char *text, struct tctl_error *err)
{
	void *at = member(key, config);
	struct tctl_duration duration;
	long long number;
	char *end;

	switch (key->kind) {
	case TCTL_CONFIG_BRANCH:
		if (!is_branch(text))
			return fail_value(key, text, "a branch's name", err);
		/* fall through */
	case TCTL_CONFIG_TEXT:
		if (text[0] == '\0' && key->fallback[0] != '\0')
			return fail_value(key, text, "more than nothing", err);
		if (tctl_text_has_control(text))
			return fail_value(
			    key, "…", "free of control characters", err);
		free(*(char **)at);
		*(char **)at = text[0] == '\0' ? NULL : tctl_xstrdup(text);
		return TCTL_OK;
	case TCTL_CONFIG_DURATION:
		if (!tctl_duration_read(text, 24, &duration) ||
		    text[duration.length] != '\0')
			return fail_value(
			    key, text, "a duration such as 30m or 4h", err);
		return set_number(key, duration.seconds * 1000, text, at, err);
	case TCTL_CONFIG_COUNT:
		errno = 0;
		number = strtoll(text, &end, 10);
		if (end == text || *end != '\0' || errno != 0)
			return fail_value(key, text, "a whole number", err);
		return set_number(key, number, text, at, err);
	case TCTL_CONFIG_SWITCH:
		if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0 &&
		    strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return fail_value(key, text, "on or off", err);
		*(bool *)at =
		    strcmp(text, "on") == 0 || strcmp(text, "true") == 0;
		return TCTL_OK;
	}
	return TCTL_OK;
}

char *
tctl_config_show(
    const struct tctl_config *config, const struct tctl_config_key *key)
{
	const void *at = member(key, config);
	char text[TCTL_DURATION_TEXT];

	switch (key->kind) {
	case TCTL_CONFIG_BRANCH:
	case TCTL_CONFIG_TEXT: {
		const char *value = *(char *const *)at;

		return tctl_xstrdup(value == NULL ? "" : value);
	}
	case TCTL_CONFIG_DURATION: {
		int64_t s = *(const int64_t *)at / 1000;

		/* For people, seconds are left out of what takes an hour. */
		if (s > TCTL_HOUR_S && s % TCTL_MINUTE_S != 0)
			return tctl_xprintf("%llds", (long long)s);
		return tctl_xstrdup(tctl_duration_write(s, text));
	}
	case TCTL_CONFIG_COUNT:
		return tctl_xprintf("%lld", (long long)*(const int64_t *)at);
	case TCTL_CONFIG_SWITCH:
		return tctl_xstrdup(*(const bool *)at ? "on" : "off");
	}
	return NULL;
}

void
tctl_config_default(struct tctl_config *out)
{
	struct tctl_error unused;

	memset(out, 0, sizeof(*out));
	for (const struct tctl_config_key *key = tctl_config_key;
	     key->name != NULL; key++)
		(void)!tctl_config_set(out, key, key->fallback, &unused);
}

void
tctl_config_release(struct tctl_config *config)
{
	free(config->db);
	free(config->git_branch);
	free(config->git_sign);
	free(config->worktree_dir);
	memset(config, 0, sizeof(*config));
}

const char *
tctl_config_nearest(const char *name)
{
	const char *best = NULL;
	int least = 4; /* further off is no slip of the finger */

	for (const struct tctl_config_key *key = tctl_config_key;
	     key->name != NULL; key++) {
		int distance = tctl_text_distance(name, key->name);

		if (distance < least) {
			least = distance;
			best = key->name;
		}
	}
	return best;
}
