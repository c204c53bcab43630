/* floor: plan - ids: which are taken, and made ones for tasks without.
 *
 * A made id must stay the same when lines are inserted, removed or reordered,
 * or a re-import would lose what was done: so it depends on the task's own
 * words and on those above it, and on no other line. */
#ifndef PLAN_IDS_H
#define PLAN_IDS_H

#include "draft.h"

/* Normalised ids, hashed.  Zeroed: empty. */
struct tctl_ids {
	struct tctl_id_slot {
		const char *key;
		size_t value;
		size_t copies; /* how many more were asked for */
	} * slot;
	size_t count, room; /* room is 0 or a power of two */
};

/* The value that the id was taken with, or TCTL_NONE. */
size_t tctl_ids_find(const struct tctl_ids *ids, const char *id);

/* Take an id: as it is, or with ~2, ~3 … when somebody has it.  Both belong to
 * arena. */
const char *tctl_ids_take(struct tctl_arena *arena, struct tctl_ids *ids,
    const char *id, size_t value);

/* Nobody gets this id but who takes it as kept: the first to do so. */
void tctl_ids_keep(
    struct tctl_arena *arena, struct tctl_ids *ids, const char *id);
const char *tctl_ids_take_kept(struct tctl_arena *arena, struct tctl_ids *ids,
    const char *id, size_t value);

/* The text's words (no case, accents, marks), hashed on top of seed. */
uint64_t tctl_words_hash(uint64_t seed, const char *text, size_t length);

/* The same without what counts or changes in a heading: numbers, and words
 * that say how far it is. */
uint64_t tctl_heading_hash(uint64_t seed, const char *text, size_t length);

/* The first words of a text, in letters that can stand in a command: at most
 * max bytes, not in the middle of a word; "" when it has none. */
const char *tctl_words_slug(
    struct tctl_arena *arena, const char *text, size_t length, size_t max);

/* "fix-login-page-k7q2": of the text's words, and of a hash of them and of
 * what is above (seed). */
const char *tctl_id_make(
    struct tctl_arena *arena, uint64_t seed, const char *text, size_t length);

#endif
