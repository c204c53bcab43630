/* config.c - any bytes as .tasks/config.json: refused with the file's name, or
 * in force and then shown so that it reads back the same. */
#include <json-c/json.h>

#include "fuzz.h"
#include "taskctl/work.h"

static void
write_shown(const struct tctl_config *config, const char *path)
{
	struct json_object *root = json_object_new_object();
	const char *text;

	for (const struct tctl_config_key *k = tctl_config_key; k->name; k++) {
		char *value = tctl_config_show(config, k);

		json_object_object_add(
		    root, k->name, json_object_new_string(value));
		free(value);
	}
	text = json_object_to_json_string(root);
	fuzz_file(path, text, strlen(text));
	json_object_put(root);
}

static void
assert_same(const struct tctl_config *a, const struct tctl_config *b)
{
	for (const struct tctl_config_key *k = tctl_config_key; k->name; k++) {
		char *x = tctl_config_show(a, k), *y = tctl_config_show(b, k);

		assert(!strcmp(x, y));
		free(x);
		free(y);
	}
	assert(a->ttl_ms == b->ttl_ms && a->wait_ms == b->wait_ms);
	assert(a->git_auto == b->git_auto && a->lock_files == b->lock_files);
	assert(a->reserve_on_claim == b->reserve_on_claim);
	assert(a->ttl_ms >= TCTL_TTL_LEAST_MS && a->ttl_ms <= TCTL_TTL_MOST_MS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *folder = fuzz_folder();
	char *path = tctl_xprintf("%s/config.json", folder);
	struct tctl_error err = { .status = TCTL_OK };
	struct tctl_config config, again;

	fuzz_file(path, data, size);
	if (tctl_config_read(folder, &config, &err) != TCTL_OK) {
		assert(err.status == TCTL_EINVALID);
		assert(strstr(err.text, "config.json") != NULL);
	} else {
		write_shown(&config, path);
		assert(tctl_config_read(folder, &again, &err) == TCTL_OK);
		assert_same(&config, &again);
		tctl_config_release(&again);
		tctl_config_release(&config);
	}
	free(path);
	return 0;
}
