/* floor: plan - damaged text, character by character: for writing into it. */
#ifndef PLAN_ENCODING_H
#define PLAN_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

struct tctl_damage;

/* How the text was damaged, if tctl_encoding_repair would repair it; else
 * NULL.  bytes are UTF-8 without a byte order mark.  Owned (free). */
struct tctl_damage *tctl_damage_find(const char *bytes, size_t length);

/* How many bytes stand here for the next character of the repaired text, which
 * goes into out, *size bytes; damage NULL: the text is sound. */
size_t tctl_damage_step(const struct tctl_damage *damage, const char *at,
    size_t length, char out[4], size_t *size);

/* Text, damaged in the same way, into out, which has room for 3 bytes for each
 * of its own and a NUL; false: the damage has no such characters. */
bool tctl_damage_apply(
    const struct tctl_damage *damage, const char *text, char *out);

#endif
