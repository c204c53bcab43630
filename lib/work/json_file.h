/* floor: work - JSON files that are replaced whole. */
#ifndef TASKCTL_WORK_JSON_FILE_H
#define TASKCTL_WORK_JSON_FILE_H

#include <stdbool.h>

#include "taskctl/error.h"

struct json_object;

/* Write the file under another name and rename it into place: it is never half
 * there.  durable: also after a power cut. */
enum tctl_status tctl_json_file_replace(const char *path,
    struct json_object *root, bool durable,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
