/* made_id.c - from a title to an id. */
#include <stdint.h>
#include <string.h>

#include "made_id.h"
#include "words.h"

enum { SLUG_MAX = 32, DIGEST_DIGITS = 5 };

/* FNV-1a (Fowler, Noll, Vo; 32 bits) over the title in its folded form. */
static uint32_t
digest(uint32_t hash, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT32_C(16777619);
	return hash;
}

/* The word's letters and digits; those of other scripts are left to the
 * digest. */
static size_t
add_word(const char *word, size_t length, char *slug, size_t n)
{
	size_t from = n;

	if (n > 0)
		slug[n++] = '-';
	for (size_t i = 0; i < length && n < SLUG_MAX; i++)
		if ((word[i] >= 'a' && word[i] <= 'z') ||
		    (word[i] >= '0' && word[i] <= '9'))
			slug[n++] = word[i];
	return n == from + 1 && from > 0 ? from : n;
}

const char *
tctl_made_id(struct tctl_arena *arena, const char *title, size_t length)
{
	static const char letter[] = "abcdefghjkmnpqrstuvwxyz23456789x";
	uint32_t hash = UINT32_C(2166136261);
	const char *end = title + length;
	char slug[SLUG_MAX + DIGEST_DIGITS + 3];
	bool whole = true;
	size_t n = 0, word;

	for (; (word = tctl_word_next(end, &title)) != 0; title += word) {
		char folded[TCTL_FOLD_MAX];
		size_t bytes = tctl_fold(title, word, folded, sizeof(folded));

		hash = digest(digest(hash, folded, bytes), " ", 1);
		for (size_t i = 0; i < bytes; i++)
			whole &= (unsigned char)folded[i] < 0x80;
		if (n + bytes + 1 > SLUG_MAX)
			whole = false;
		else if (whole)
			n = add_word(folded, bytes, slug, n);
	}
	if (!whole || n == 0) {
		if (n > 0)
			slug[n++] = '-';
		for (int i = 0; i < DIGEST_DIGITS; i++, hash >>= 5)
			slug[n++] = letter[hash & 31];
	}
	return tctl_arena_strndup(arena, slug, n);
}
