/* floor: cmd - "Key: value", at the end of a commit's message. */
#ifndef TASKCTL_CMD_TRAILER_H
#define TASKCTL_CMD_TRAILER_H

#include <stdbool.h>
#include <stddef.h>

/* The value of a line, which a newline or NUL ends, if its key is this one, in
 * any case and with blanks around the colon, as git reads it; else NULL. */
const char *tctl_trailer_value(
    const char *line, const char *key, size_t *length);

/* The last value of a key in the last paragraph, which alone holds trailers:
 * what somebody wrote above cannot pretend to be one.  false: there is none, or
 * it does not fit. */
bool tctl_trailer_last(
    const char *message, const char *key, char out[], size_t size);

#endif
