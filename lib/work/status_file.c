/* status_file.c - .tasks/sprint_status.json, for scripts that read a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json_file.h"
#include "taskctl/work_json.h"

/* Our own bytes of the writers' queue file: locks that die with their holder,
 * and keep no writer of the store waiting. */
enum { STATUS_BYTE = 2, WAITING_BYTE = 3 };

static int
set_lock(int fd, int command, short type, off_t byte)
{
	struct flock lock = { .l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1 };

	return fcntl(fd, command, &lock);
}

/* Wait for our turn; -1: somebody waits already, and will see what we would
 * see, so one waiting is enough. */
static int
take_turn(const struct tctl_coord *coord)
{
	char *path = tctl_xprintf("%s-queue", coord->place->store);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	free(path);
	if (fd >= 0 &&
	    (set_lock(fd, F_OFD_SETLK, F_WRLCK, WAITING_BYTE) != 0 ||
		set_lock(fd, F_OFD_SETLKW, F_WRLCK, STATUS_BYTE) != 0)) {
		close(fd);
		return -1;
	}
	if (fd >= 0)
		set_lock(fd, F_OFD_SETLK, F_UNLCK, WAITING_BYTE);
	return fd;
}

enum tctl_status
tctl_status_file_write(const struct tctl_coord *coord, struct tctl_error *err)
{
	char *path = tctl_xprintf("%s/sprint_status.json", coord->place->tasks);
	int lock = take_turn(coord);
	struct tctl_status_report report;
	struct json_object *root;
	enum tctl_status status = TCTL_OK;

	if (lock >= 0)
		status = tctl_status_read(coord, 50, &report, err);
	if (lock >= 0 && status == TCTL_OK) {
		root = tctl_json_status(&report);
		json_object_object_add(
		    root, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
		status = tctl_json_file_replace(path, root, false, err);
		json_object_put(root);
		tctl_status_release(&report);
	}
	if (lock >= 0)
		close(lock);
	free(path);
	return status;
}
