/* floor: cmd - files written whole. */
#ifndef TASKCTL_CMD_FILE_REPLACE_H
#define TASKCTL_CMD_FILE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "taskctl/error.h"
#include "taskctl/memory.h"

/* False: errno says why not all of it was written. */
bool tctl_write_all(int fd, const char *bytes, size_t length);

/**
 * Replace a file by these bytes, in one step: a reader sees the old file or the
 * new one.  Keeps its mode, and follows a link; what is no file (a pipe, a
 * device) is written to.
 */
enum tctl_status tctl_file_replace(const char *path, const char *bytes,
    size_t length, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
