/* words.c - the table, and how a text is looked up in it. */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <threads.h>

#include <utf8proc.h>

#include "taskctl/memory.h"
#include "words.h"

struct row {
	const char *folded;
	enum tctl_word word;
};

static const struct row row[] = {
#include "words_table.h"
};

/* Longer than any row: a text that is cut to fit is none of them. */
enum { ROW_MAX = 40 };

/* One character that is not ASCII, folded; 0 bytes when nothing is left. */
static size_t
fold_character(utf8proc_int32_t character, utf8proc_uint8_t out[16])
{
	utf8proc_int32_t piece[4];
	utf8proc_ssize_t pieces, size = 0;
	int boundary = 0;

	if (character == 0x2019) /* the apostrophe of typographers */
		character = '\'';
	else if (character == 0x00A0 || character == 0x202F)
		character = ' ';
	pieces = utf8proc_decompose_char(character, piece, TCTL_COUNT(piece),
	    UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK,
	    &boundary);
	if (pieces > (utf8proc_ssize_t)TCTL_COUNT(piece))
		pieces = 0;
	for (utf8proc_ssize_t i = 0; i < pieces; i++)
		size += utf8proc_encode_char(piece[i], out + size);
	return (size_t)size;
}

/* The letters of the languages in the table, U+0080 to U+017F, folded once. */
enum { LATIN = 0x80, LATIN_END = 0x180 };
static struct {
	utf8proc_uint8_t bytes[15];
	uint8_t size;
} latin[LATIN_END - LATIN];
static once_flag latin_made = ONCE_FLAG_INIT;

static void
make_latin(void)
{
	for (int c = LATIN; c < LATIN_END; c++) {
		utf8proc_uint8_t folded[16];
		size_t size = fold_character(c, folded);

		assert(size <= sizeof(latin->bytes));
		memcpy(latin[c - LATIN].bytes, folded, size);
		latin[c - LATIN].size = (uint8_t)size;
	}
}

static utf8proc_uint8_t
fold_ascii(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (utf8proc_uint8_t)(c - 'A' + 'a');
	if (c == '\t' || c == '\r' || c == '\n')
		return ' ';
	return (utf8proc_uint8_t)c;
}

/* The bytes that it takes; *have is what it leaves in out. */
static size_t
fold_next(
    const char *text, size_t length, utf8proc_uint8_t out[16], size_t *have)
{
	utf8proc_int32_t character;
	utf8proc_ssize_t used;

	if ((unsigned char)*text < 0x80) {
		out[0] = fold_ascii(*text);
		*have = 1;
		return 1;
	}
	used = utf8proc_iterate((const utf8proc_uint8_t *)text,
	    (utf8proc_ssize_t)length, &character);
	if (used == 2 && character < LATIN_END) {
		call_once(&latin_made, make_latin);
		*have = latin[character - LATIN].size;
		memcpy(out, latin[character - LATIN].bytes, *have);
		return 2;
	}
	*have = used < 1 ? 0 : fold_character(character, out);
	return used < 1 ? 1 : (size_t)used;
}

size_t
tctl_fold(const char *text, size_t length, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < length;) {
		utf8proc_uint8_t folded[16];
		size_t have;

		/* Most of it is ASCII. */
		if ((unsigned char)text[i] > ' ' &&
		    (unsigned char)text[i] < 0x80) {
			if (n + 1 >= size)
				break;
			out[n++] = (char)fold_ascii(text[i++]);
			continue;
		}
		i += fold_next(text + i, length - i, folded, &have);
		if (have == 1 && folded[0] == ' ' &&
		    (n == 0 || out[n - 1] == ' '))
			continue;
		if (n + have >= size)
			break;
		if (have == 1) {
			out[n++] = (char)folded[0];
			continue;
		}
		memcpy(out + n, folded, have);
		n += have;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}

/* strcmp, which is called only where the first bytes do not tell. */
static int
compare(const char *a, const char *b)
{
	int order = (unsigned char)*a - (unsigned char)*b;

	return order != 0 ? order : strcmp(a, b);
}

/* Of the rows that begin with a byte: the first of them, and, as bits, how
 * long they are.  The same for everybody, and made by whoever comes first. */
static struct {
	uint16_t first;
	uint64_t lengths;
} begin[256 + 1];
/* Does a row of that word begin with that ASCII character? */
static bool starts[TCTL_WORD_COUNT][0x80];
static once_flag begin_made = ONCE_FLAG_INIT;

static void
make_begin(void)
{
	size_t at = 0;

	for (unsigned byte = 0; byte < 256; byte++) {
		begin[byte].first = (uint16_t)at;
		while (at < TCTL_COUNT(row) &&
		       (unsigned char)*row[at].folded == byte)
			begin[byte].lengths |= UINT64_C(1)
					       << strlen(row[at++].folded);
	}
	begin[256].first = (uint16_t)at;
	for (at = 0; at < TCTL_COUNT(row); at++)
		if ((unsigned char)*row[at].folded < 0x80)
			starts[row[at].word][(unsigned char)*row[at].folded] =
			    true;
}

/* The first row of that word; TCTL_COUNT(row): there is none. */
static size_t
find_row(const char *folded, size_t length)
{
	unsigned byte = (unsigned char)*folded;
	size_t low, high;

	if ((begin[byte].lengths >> length & 1) == 0)
		return TCTL_COUNT(row);
	low = begin[byte].first;
	high = begin[byte + 1].first;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(row[middle].folded, folded) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < TCTL_COUNT(row) && !compare(row[low].folded, folded))
		return low;
	return TCTL_COUNT(row);
}

static bool
is_row_of(size_t i, const char *folded)
{
	return i < TCTL_COUNT(row) && !compare(row[i].folded, folded);
}

enum tctl_word
tctl_word_field(const char *text, size_t length)
{
	char folded[ROW_MAX];

	call_once(&begin_made, make_begin);
	length = tctl_fold(text, length, folded, sizeof(folded));
	for (size_t i = find_row(folded, length); is_row_of(i, folded); i++)
		if (row[i].word <= TCTL_WORD_LAST_FIELD)
			return row[i].word;
	return TCTL_WORD_NONE;
}

bool
tctl_word_is(const char *text, size_t length, enum tctl_word word)
{
	char folded[ROW_MAX];

	call_once(&begin_made, make_begin);
	if (length != 0 && (unsigned char)*text > ' ' &&
	    (unsigned char)*text < 0x80 && !starts[word][fold_ascii(*text)])
		return false;
	length = tctl_fold(text, length, folded, sizeof(folded));
	for (size_t i = find_row(folded, length); is_row_of(i, folded); i++)
		if (row[i].word == word)
			return true;
	return false;
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Where a character is no letter and no digit (emoji, dashes) a word ends. */
static size_t
word_step(const char *at, const char *end)
{
	utf8proc_int32_t character;
	utf8proc_ssize_t used;
	utf8proc_category_t category;

	if ((unsigned char)*at < 0x80)
		return is_word_byte(*at) ? 1 : 0;
	used = utf8proc_iterate(
	    (const utf8proc_uint8_t *)at, end - at, &character);
	if (used < 1)
		return 0;
	category = utf8proc_category(character);
	if (category >= UTF8PROC_CATEGORY_LU &&
	    category <= UTF8PROC_CATEGORY_NO)
		return (size_t)used;
	return 0;
}

size_t
tctl_word_next(const char *end, const char **at)
{
	const char *stop;
	size_t step;

	while (*at < end && word_step(*at, end) == 0)
		++*at;
	stop = *at;
	while (stop < end && (step = word_step(stop, end)) != 0)
		stop += step;
	return (size_t)(stop - *at);
}

bool
tctl_word_in(const char *text, size_t length, enum tctl_word word)
{
	const char *end = text + length;
	size_t n;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n)
		if (tctl_word_is(text, n, word))
			return true;
	return false;
}

bool
tctl_word_is_done(const char *text, size_t length)
{
	const char *end = text + length;
	bool negated = false;
	size_t n;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n) {
		if (tctl_word_is(text, n, TCTL_WORD_NOT))
			negated = true;
		else if (tctl_word_is(text, n, TCTL_WORD_DONE))
			return !negated;
	}
	return false;
}

/* --- marks ------------------------------------------------------------ */

enum tctl_mark
tctl_mark_at(const char *text, size_t length, size_t *bytes)
{
	utf8proc_int32_t character;
	utf8proc_ssize_t used;
	utf8proc_category_t category;

	*bytes = 1;
	if (length == 0 || (unsigned char)*text < 0x80)
		return TCTL_MARK_NONE;
	used = utf8proc_iterate((const utf8proc_uint8_t *)text,
	    (utf8proc_ssize_t)length, &character);
	if (used < 1)
		return TCTL_MARK_NONE;
	*bytes = (size_t)used;
	switch (character) {
	case 0x2B50: /* ⭐ */
	case 0x2605: /* ★ */
	case 0x1F31F:
		return TCTL_MARK_STAR;
	case 0x2705: /* ✅ */
	case 0x2714:
	case 0x2713:
	case 0x2611:
		return TCTL_MARK_TICK;
	case 0x274C: /* ❌ */
	case 0x274E:
	case 0x2716:
	case 0x2717:
	case 0x1F6AB:
		return TCTL_MARK_CROSS;
	case 0x2B1C: /* ⬜ */
	case 0x2610:
	case 0x1F532:
	case 0x23F3: /* ⏳ */
		return TCTL_MARK_OPEN;
	case 0xFE0F: /* shows the character before it as an emoji */
	case 0x200D:
	case 0x20E3:
		return TCTL_MARK_OTHER;
	default:
		break;
	}
	category = utf8proc_category(character);
	return category == UTF8PROC_CATEGORY_SO ||
		       category == UTF8PROC_CATEGORY_SK || character == 0xFFFD
		   ? TCTL_MARK_OTHER
		   : TCTL_MARK_NONE;
}

int
tctl_stars(const char *text, size_t length)
{
	const char *end = text + length;
	int stars = 0;
	size_t n;

	for (; text < end; text += n)
		stars += tctl_mark_at(text, (size_t)(end - text), &n) ==
			 TCTL_MARK_STAR;
	return stars;
}

const char *
tctl_find_mark(const char *text, size_t length, enum tctl_mark mark)
{
	const char *end = text + length;
	size_t n;

	for (; text < end; text += n)
		if (tctl_mark_at(text, (size_t)(end - text), &n) == mark)
			return text;
	return NULL;
}
