/* floor: json - JSON written as text, without an object for each value: ten
 * times as fast, which an event for each task of a large import needs.
 *
 * key is a literal that needs no escape, or NULL in a list and at the top.
 * Commas are set where a value follows another. */
#ifndef TASKCTL_JSON_TEXT_H
#define TASKCTL_JSON_TEXT_H

#include <stdbool.h>

#include "taskctl/json.h"

/* null for NULL. */
void tctl_json_write_text(
    struct tctl_json_text *to, const char *key, const char *text);
void tctl_json_write_number(
    struct tctl_json_text *to, const char *key, int64_t value);
void tctl_json_write_bool(
    struct tctl_json_text *to, const char *key, bool value);

/* "{" or "[", and "}" or "]". */
void tctl_json_write_open(
    struct tctl_json_text *to, const char *key, char bracket);
void tctl_json_write_close(struct tctl_json_text *to, char bracket);

#endif
