/* config_file.c - .tasks/config.json, read and written. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "json_file.h"
#include "taskctl/memory.h"
#include "taskctl/store.h"
#include "taskctl/text.h"

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
		const struct tctl_config_key *key = tctl_config_find(name);
		struct tctl_error why;

		if (key == NULL && prefix[0] == '\0' &&
		    json_object_is_type(value, json_type_object))
			status = set_all(config, path, name, value, err);
		else if (key == NULL)
			status = tctl_fail(err, TCTL_EINVALID,
			    "%s: there is no key \"%.60s\"", path, name);
		else if (tctl_config_set(config, key,
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
	const struct tctl_config_key *key = tctl_config_find(name);
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
	status = value == NULL ? TCTL_OK
			       : tctl_config_set(&checked, key, value, err);
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
