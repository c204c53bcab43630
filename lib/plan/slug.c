/* slug.c - ids made of headings. */
#include <string.h>

#include "draft.h"

enum { SLUG_BYTES = 40 }; /* longer ones nobody types; whole words */

/* The bytes of a word that fit, without half a character. */
static size_t
fitting(const char *word, size_t length, size_t room)
{
	if (length <= room)
		return length;
	while (room > 0 && (word[room] & 0xC0) == 0x80)
		room--;
	return room;
}

/* "Pre-Deployment (complete these first)": what the brackets say is a remark.
 */
static size_t
without_remark(const char *text, size_t length)
{
	size_t open = length;

	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length == 0 || text[length - 1] != ')')
		return length;
	while (open > 0 && text[open] != '(')
		open--;
	return open > 1 ? open : length;
}

const char *
tctl_slug(struct tctl_arena *arena, const char *text, size_t length)
{
	const char *end = text + without_remark(text, length);
	char slug[SLUG_BYTES + 1];
	size_t n, used = 0;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n) {
		char word[TCTL_FOLD_MAX];
		size_t bytes = tctl_fold(text, n, word, sizeof(word));

		if (used != 0 && used + 1 + bytes > SLUG_BYTES)
			break;
		if (used != 0 && bytes != 0)
			slug[used++] = '-';
		bytes = fitting(word, bytes, SLUG_BYTES - used);
		memcpy(slug + used, word, bytes);
		used += bytes;
	}
	return used == 0 ? "section" : tctl_arena_strndup(arena, slug, used);
}
