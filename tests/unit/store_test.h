/* store_test.h - what the unit tests of the work floor share: a store in a
 * folder of its own, made and removed around all of them. */
#ifndef TASKCTL_STORE_TEST_H
#define TASKCTL_STORE_TEST_H

#include "test.h"

#include <unistd.h>

#include "taskctl/work.h"

static char folder[] = "/tmp/test_work.XXXXXX";
static struct tctl_store *store;
static struct tctl_config config = {
	.ttl_ms = 60000, .max_attempts = 3, .hours_per_day = 8
};
static struct tctl_place place;
static struct tctl_coord coord = { .config = &config, .place = &place };
static struct tctl_error err;

#define OK(call) \
	do { \
		if ((call) != TCTL_OK) \
			fail_msg("%s", err.text); \
	} while (0)

static int
set_up(void **state)
{
	char path[64];
	bool made;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/t.db", folder);
	place.tasks = folder;
	place.store = strdup(path);
	if (tctl_store_open(path, TCTL_OPEN_CREATE, 1000, &store, &err) !=
		TCTL_OK ||
	    tctl_coord_init(store, &made, &err) != TCTL_OK)
		return -1;
	coord.store = store;
	return 0;
}

static int
tear_down(void **state)
{
	char command[80];

	(void)state;
	tctl_store_close(store);
	free(place.store);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

#endif
