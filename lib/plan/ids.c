/* ids.c - ids that are taken, and made ones.
 *
 * Source of the hash: FNV-1a, 64 bits (draft-eastlake-fnv). */
#include <string.h>

#include "ids.h"

enum {
	SLUG_BYTES = 20, /* of a made id, before its hash */
	HASH_LETTERS = 4,
	ROOM_FIRST = 64,
};

static const uint64_t fnv_offset = 0xcbf29ce484222325u;
static const uint64_t fnv_prime = 0x100000001b3u;

static uint64_t
hash_bytes(uint64_t hash, const char *text, size_t length)
{
	if (hash == 0)
		hash = fnv_offset;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * fnv_prime;
	return hash;
}

/* --- taken ------------------------------------------------------------ */

/* The key's slot, or the empty one where it belongs. */
static struct tctl_id_slot *
find_slot(const struct tctl_ids *ids, const char *key)
{
	size_t at = (size_t)hash_bytes(0, key, strlen(key));

	for (;; at++) {
		struct tctl_id_slot *slot = &ids->slot[at & (ids->room - 1)];

		if (slot->key == NULL || !strcmp(slot->key, key))
			return slot;
	}
}

static void
make_room(struct tctl_arena *arena, struct tctl_ids *ids)
{
	struct tctl_ids wider = { .count = ids->count,
		.room = ids->room == 0 ? ROOM_FIRST : ids->room * 2 };

	if (ids->count * 2 < ids->room)
		return;
	wider.slot = tctl_arena_alloc(arena, wider.room * sizeof(*wider.slot));
	for (size_t i = 0; i < ids->room; i++)
		if (ids->slot[i].key != NULL)
			*find_slot(&wider, ids->slot[i].key) = ids->slot[i];
	*ids = wider;
}

size_t
tctl_ids_find(const struct tctl_ids *ids, const char *id)
{
	char normal[TCTL_ID_MAX];

	if (ids->count == 0 || !tctl_id_normalise(id, normal))
		return TCTL_NONE;
	return find_slot(ids, normal)->key == NULL
		   ? TCTL_NONE
		   : find_slot(ids, normal)->value;
}

static bool
is_taken(const struct tctl_ids *ids, const char *id)
{
	char normal[TCTL_ID_MAX];

	return ids->count != 0 && tctl_id_normalise(id, normal) &&
	       find_slot(ids, normal)->key != NULL;
}

const char *
tctl_ids_take(struct tctl_arena *arena, struct tctl_ids *ids, const char *id,
    size_t value)
{
	char normal[TCTL_ID_MAX];
	struct tctl_id_slot *slot;
	const char *other;

	if (!tctl_id_normalise(id, normal))
		return id; /* the checks will say so */
	make_room(arena, ids);
	slot = find_slot(ids, normal);
	if (slot->key == NULL) {
		slot->key = tctl_arena_strdup(arena, normal);
		slot->value = value;
		ids->count++;
		return id;
	}
	do
		other =
		    tctl_arena_printf(arena, "%s~%zu", id, ++slot->copies + 1);
	while (is_taken(ids, other));
	return tctl_ids_take(arena, ids, other, value);
}

void
tctl_ids_keep(struct tctl_arena *arena, struct tctl_ids *ids, const char *id)
{
	if (!is_taken(ids, id))
		(void)tctl_ids_take(arena, ids, id, TCTL_NONE);
}

const char *
tctl_ids_take_kept(struct tctl_arena *arena, struct tctl_ids *ids,
    const char *id, size_t value)
{
	char normal[TCTL_ID_MAX];

	if (!tctl_id_normalise(id, normal) ||
	    tctl_ids_find(ids, id) != TCTL_NONE)
		return tctl_ids_take(arena, ids, id, value);
	find_slot(ids, normal)->value = value;
	return id;
}

/* --- made ------------------------------------------------------------- */

uint64_t
tctl_words_hash(uint64_t seed, const char *text, size_t length)
{
	const char *end = text + length;
	char folded[TCTL_FOLD_MAX];
	size_t n;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n) {
		size_t bytes = tctl_fold(text, n, folded, sizeof(folded));

		seed = hash_bytes(seed, folded, bytes + 1);
	}
	return seed;
}

uint64_t
tctl_heading_hash(uint64_t seed, const char *text, size_t length)
{
	const char *end = text + length;
	size_t n;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n)
		if ((*text < '0' || *text > '9') &&
		    !tctl_word_is(text, n, TCTL_WORD_DONE))
			seed = tctl_words_hash(seed, text, n);
	return seed;
}

/* The word's letters and digits that are ASCII once it is folded. */
static size_t
plain_word(const char *text, size_t length, char out[TCTL_FOLD_MAX])
{
	size_t n = 0, bytes = tctl_fold(text, length, out, TCTL_FOLD_MAX);

	for (size_t i = 0; i < bytes; i++)
		if ((out[i] >= 'a' && out[i] <= 'z') ||
		    (out[i] >= '0' && out[i] <= '9'))
			out[n++] = out[i];
	return n;
}

const char *
tctl_words_slug(
    struct tctl_arena *arena, const char *text, size_t length, size_t max)
{
	char *slug = tctl_arena_alloc(arena, max + 1), word[TCTL_FOLD_MAX];
	const char *end = text + length;
	size_t n, used = 0;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n) {
		size_t bytes = plain_word(text, n, word);

		if (bytes == 0)
			continue;
		if (used != 0 && used + 1 + bytes > max)
			break;
		if (used != 0)
			slug[used++] = '-';
		if (bytes > max - used)
			bytes = max - used;
		memcpy(slug + used, word, bytes);
		used += bytes;
	}
	slug[used] = '\0';
	return slug;
}

const char *
tctl_id_make(
    struct tctl_arena *arena, uint64_t seed, const char *text, size_t length)
{
	/* No vowels: no words; nothing that looks like something else. */
	static const char letter[] = "23456789bcdfghjkmnpqrstvwxz";
	const char *slug = tctl_words_slug(arena, text, length, SLUG_BYTES);
	uint64_t hash = tctl_words_hash(seed, text, length);
	char tail[HASH_LETTERS + 1] = "";

	hash ^= hash >> 32;
	for (int i = 0; i < HASH_LETTERS; i++) {
		tail[i] = letter[hash % (sizeof(letter) - 1)];
		hash /= sizeof(letter) - 1;
	}
	return tctl_arena_printf(
	    arena, "%s-%s", *slug == '\0' ? "task" : slug, tail);
}
