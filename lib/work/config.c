/* config.c - .tasks/config.json: every key is one row of one table. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json_file.h"
#include "taskctl/text.h"
#include "taskctl/time.h"
#include "taskctl/work.h"

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

static const struct tctl_config_key *
find_key(const char *name)
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

/* Set a member from its text. */
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

static enum tctl_status
set_value(struct tctl_config *config, const struct tctl_config_key *key,
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

static bool
is_blank(const char *bytes, size_t from, size_t to)
{
	while (from < to && strchr(" \t\r\n", bytes[from]) != NULL)
		from++;
	return from == to;
}

/* A JSON object of the file, or NULL with *there telling if it exists. */
static enum tctl_status
read_file(const char *path, struct json_object **out, struct tctl_error *err)
{
	enum json_tokener_error parse = json_tokener_success;
	char bytes[16384]; /* ten keys: a larger file is something else */
	struct json_tokener *tokener;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	*out = NULL;
	if (fd < 0 && errno == ENOENT)
		return TCTL_OK;
	if (fd < 0 && errno == ELOOP)
		return tctl_refuse_link(path, err);
	if (fd < 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s", path,
		    strerror(errno));
	n = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (n < 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s", path,
		    strerror(errno));
	if ((size_t)n == sizeof(bytes))
		return tctl_fail(err, TCTL_EINVALID,
		    "%s is not a configuration of taskctl", path);
	tokener = json_tokener_new();
	*out = json_tokener_parse_ex(tokener, bytes, (int)n);
	parse = json_tokener_get_error(tokener);
	if (parse != json_tokener_success) {
		int line = 1, column = 1;
		size_t end = json_tokener_get_parse_end(tokener);

		for (size_t i = 0; i < end && i < (size_t)n; i++) {
			column = bytes[i] == '\n' ? 1 : column + 1;
			line += bytes[i] == '\n';
		}
		tctl_fail(err, TCTL_EINVALID, "%s:%d:%d: %s", path, line,
		    column, json_tokener_error_desc(parse));
	} else if (!json_object_is_type(*out, json_type_object) ||
		   !is_blank(
		       bytes, json_tokener_get_parse_end(tokener), (size_t)n)) {
		parse = json_tokener_error_parse_unexpected;
		tctl_fail(err, TCTL_EINVALID,
		    "%s:1:1: expected one object, { \"ttl\": \"30m\" }", path);
	}
	json_tokener_free(tokener);
	if (parse == json_tokener_success)
		return TCTL_OK;
	json_object_put(*out);
	*out = NULL;
	return err->status;
}

void
tctl_config_default(struct tctl_config *out)
{
	struct tctl_error unused;

	memset(out, 0, sizeof(*out));
	for (const struct tctl_config_key *key = tctl_config_key;
	     key->name != NULL; key++)
		(void)set_value(out, key, key->fallback, &unused);
}

/* "git.auto": as one key, or as {"git": {"auto": …}}. */
static enum tctl_status
set_all(struct tctl_config *config, const char *path, const char *prefix,
    struct json_object *object, struct tctl_error *err)
{
	struct json_object_iterator it = json_object_iter_begin(object);
	struct json_object_iterator end = json_object_iter_end(object);
	enum tctl_status status = TCTL_OK;

	for (; status == TCTL_OK && !json_object_iter_equal(&it, &end);
	     json_object_iter_next(&it)) {
		struct json_object *value = json_object_iter_peek_value(&it);
		char *name =
		    tctl_xprintf("%s%s%s", prefix, prefix[0] == '\0' ? "" : ".",
			json_object_iter_peek_name(&it));
		const struct tctl_config_key *key = find_key(name);
		struct tctl_error why;

		if (key == NULL && prefix[0] == '\0' &&
		    json_object_is_type(value, json_type_object))
			status = set_all(config, path, name, value, err);
		else if (key == NULL)
			status = tctl_fail(err, TCTL_EINVALID,
			    "%s: there is no key \"%.60s\"", path, name);
		else if (set_value(config, key,
			     json_object_get_string(value) == NULL
				 ? ""
				 : json_object_get_string(value),
			     &why) != TCTL_OK)
			status = tctl_fail(
			    err, TCTL_EINVALID, "%s: %s", path, why.text);
		free(name);
	}
	return status;
}

enum tctl_status
tctl_config_read(
    const char *folder, struct tctl_config *out, struct tctl_error *err)
{
	char *path = tctl_xprintf("%s/config.json", folder);
	struct json_object *root;
	enum tctl_status status;

	tctl_config_default(out);
	status = read_file(path, &root, err);
	if (status == TCTL_OK && root != NULL)
		status = set_all(out, path, "", root, err);
	json_object_put(root);
	free(path);
	if (status != TCTL_OK)
		tctl_config_release(out);
	return status;
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

/* "git.auto" may stand as one key, or as {"git": {"auto": …}}. */
static void
remove_key(struct json_object *root, const char *name)
{
	const char *dot = strchr(name, '.');
	struct json_object *nested;
	char *group;

	json_object_object_del(root, name);
	if (dot == NULL)
		return;
	group = strndup(name, (size_t)(dot - name));
	if (group == NULL)
		tctl_die_nomem();
	if (json_object_object_get_ex(root, group, &nested) &&
	    json_object_is_type(nested, json_type_object)) {
		json_object_object_del(nested, dot + 1);
		if (json_object_object_length(nested) == 0)
			json_object_object_del(root, group);
	}
	free(group);
}

/* As a person would write it into the file. */
static struct json_object *
json_value(const struct tctl_config_key *key, const char *value)
{
	if (key->kind == TCTL_CONFIG_COUNT)
		return json_object_new_int64(strtoll(value, NULL, 10));
	return json_object_new_string(value);
}

enum tctl_status
tctl_config_write(const char *folder, const char *name, const char *value,
    struct tctl_error *err)
{
	const struct tctl_config_key *key = find_key(name);
	struct json_object *root = NULL;
	struct tctl_config checked;
	char *path;
	enum tctl_status status;

	if (key == NULL) {
		const char *near = tctl_config_nearest(name);

		tctl_fail(
		    err, TCTL_EINVALID, "there is no key \"%.60s\"", name);
		return near == NULL ? err->status
				    : tctl_hint(err, "did you mean %s?", near);
	}
	tctl_config_default(&checked);
	status = value == NULL ? TCTL_OK : set_value(&checked, key, value, err);
	tctl_config_release(&checked);
	if (status != TCTL_OK)
		return status;
	path = tctl_xprintf("%s/config.json", folder);
	status = read_file(path, &root, err);
	if (status == TCTL_OK) {
		if (root == NULL)
			root = json_object_new_object();
		remove_key(root, name);
		if (value != NULL)
			json_object_object_add(
			    root, name, json_value(key, value));
		status = tctl_json_file_replace(path, root, true, err);
	}
	json_object_put(root);
	free(path);
	return status;
}
