/* encoding.c - text that was decoded wrongly and saved as UTF-8, undone.
 *
 * Somebody's editor read the bytes of an UTF-8 file as if they were in an old
 * 8-bit code, and wrote the characters so found as UTF-8.  To undo it, each
 * character is turned back into its byte; if what comes out is UTF-8 again,
 * that was it.  Sound text cannot pass: a lone é becomes a lone byte 0xE9. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "taskctl/memory.h"
#include "taskctl/plan.h"
#include "taskctl/text.h"

enum {
	/* Broken sequences that a repair may have: some, and one in 20. */
	BROKEN_FREE = 4,
	BROKEN_SHARE = 20,
	REPLACEMENT = 0xFFFD,
};

/* clang-format off */
/* What Mac OS made of the bytes 0x80 to 0xFF (0xDB as before the euro became
 * usual is not seen any more); 0xF0 is Apple's logo, U+F8FF. */
static const uint16_t mac_roman[128] = {
	0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1,
	0x00E0, 0x00E2, 0x00E4, 0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8,
	0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
	0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC,
	0x2020, 0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF,
	0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
	0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211,
	0x220F, 0x03C0, 0x222B, 0x00AA, 0x00BA, 0x03A9, 0x00E6, 0x00F8,
	0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
	0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153,
	0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA,
	0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
	0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1,
	0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC, 0x00D3, 0x00D4,
	0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
	0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

/* 0x80 to 0x9F of Windows 1252; where it has nothing, WHATWG's C1 controls.
 * From 0xA0 on it is Latin-1. */
static const uint16_t windows[32] = {
	0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
	0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

/* Where Windows 1254 (Turkish) differs from 1252. */
static const struct {
	uint8_t byte;
	uint16_t character;
} turkish[] = {
	{ 0x8E, 0x008E }, { 0x9E, 0x009E }, { 0xD0, 0x011E }, { 0xDD, 0x0130 },
	{ 0xDE, 0x015E }, { 0xF0, 0x011F }, { 0xFD, 0x0131 }, { 0xFE, 0x015F },
};
/* clang-format on */

enum code { MAC_ROMAN, CP1252, CP1254, LATIN_1, CODES };

static const char *const code_name[CODES] = { "Mac Roman", "Windows-1252",
	"Windows-1254", "Latin-1" };

/* The byte of each character of the code, 0: it has no such character. */
struct reverse {
	uint8_t byte[UINT16_MAX + 1];
};

static void
reverse_fill(struct reverse *reverse, enum code code)
{
	memset(reverse, 0, sizeof(*reverse));
	for (unsigned i = 0; i < 128; i++) {
		uint16_t character = (uint16_t)(0x80 + i);

		if (code == MAC_ROMAN)
			character = mac_roman[i];
		else if (code != LATIN_1 && i < TCTL_COUNT(windows))
			character = windows[i];
		reverse->byte[character] = (uint8_t)(0x80 + i);
	}
	if (code != CP1254)
		return;
	reverse->byte[0x017D] = reverse->byte[0x017E] = 0;
	for (size_t i = 0; i < TCTL_COUNT(turkish); i++) {
		reverse->byte[turkish[i].byte] = 0;
		reverse->byte[turkish[i].character] = turkish[i].byte;
	}
}

/* One character of text that is known to be strict UTF-8. */
static size_t
decode(const char *at, uint32_t *character)
{
	const unsigned char *b = (const unsigned char *)at;

	if (b[0] < 0x80) {
		*character = b[0];
		return 1;
	}
	if (b[0] < 0xE0) {
		*character = (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
		return 2;
	}
	if (b[0] < 0xF0) {
		*character =
		    (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
		return 3;
	}
	*character = (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 |
		     (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
	return 4;
}

/* How many bytes of plain ASCII stand here: sound text is mostly that. */
static size_t
ascii_run(const char *at, size_t length)
{
	size_t n = 0;
	uint64_t word;

	for (; n + sizeof(word) <= length; n += sizeof(word)) {
		memcpy(&word, at + n, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (n < length && (unsigned char)at[n] < 0x80)
		n++;
	return n;
}

/* How many bytes the sequence that starts with this byte has; 0: none can. */
static size_t
sequence_length(uint8_t lead)
{
	if (lead >= 0xC2 && lead <= 0xDF)
		return 2;
	if (lead >= 0xE0 && lead <= 0xEF)
		return 3;
	return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/*
 * The characters from at turned back into one UTF-8 sequence.  Returns how
 * much of the text that took; *size is 0 where it did not work, and what was
 * taken is then a piece of a sequence, or one character.
 */
static size_t
undo(const struct reverse *reverse, const char *at, size_t length,
    char sequence[4], size_t *size)
{
	uint32_t character;
	size_t used = decode(at, &character);
	size_t want = 0, have = 1;
	uint8_t byte = 0;

	*size = 0;
	if (character <= UINT16_MAX)
		byte = reverse->byte[character];
	sequence[0] = (char)byte;
	want = sequence_length(byte);
	while (have < want && used < length) {
		size_t step = decode(at + used, &character);

		byte = character <= UINT16_MAX ? reverse->byte[character] : 0;
		if ((byte & 0xC0) != 0x80)
			break;
		sequence[have++] = (char)byte;
		used += step;
	}
	if (want != 0 && have == want &&
	    tctl_text_is_utf8(sequence, want, NULL))
		*size = want;
	return used;
}

struct score {
	size_t good;   /* sequences that came back */
	size_t broken; /* pieces that did not */
};

static bool
too_broken(const struct score *score)
{
	return score->broken > BROKEN_FREE + score->good / BROKEN_SHARE;
}

/* Stops early: most of what is no such damage says so in its first lines. */
static struct score
measure(const struct reverse *reverse, const char *bytes, size_t length)
{
	struct score score = { 0, 0 };
	char sequence[4];
	size_t size, i = 0;

	while (i < length && !too_broken(&score)) {
		i += ascii_run(bytes + i, length - i);
		if (i == length)
			break;
		i += undo(reverse, bytes + i, length - i, sequence, &size);
		if (size != 0)
			score.good++;
		else
			score.broken++;
	}
	return score;
}

/* A repair is never longer than the text: every broken piece has at least two
 * bytes of which U+FFFD takes three only where three or more were read. */
static char *
rewrite(const struct reverse *reverse, const char *bytes, size_t length,
    size_t *out_length, int lost_line[], size_t lost_max)
{
	char *out = tctl_grow(NULL, 0, length + length / 2 + 4);
	size_t size, lost = 0, n = 0, i = 0;
	char sequence[4];
	int line = 1;

	while (i < length) {
		size_t plain = ascii_run(bytes + i, length - i);

		for (size_t k = i; k < i + plain; k++)
			line += bytes[k] == '\n';
		memcpy(out + n, bytes + i, plain);
		n += plain;
		i += plain;
		if (i == length)
			break;
		i += undo(reverse, bytes + i, length - i, sequence, &size);
		if (size == 0) {
			memcpy(sequence, "\xEF\xBF\xBD", 3);
			size = 3;
			if (lost < lost_max)
				lost_line[lost] = line;
			lost++;
		}
		memcpy(out + n, sequence, size);
		n += size;
	}
	out[n] = '\0';
	*out_length = n;
	return out;
}

/* The code under which most comes back; CODES: the text is sound. */
static enum code
find_damage(struct reverse *reverse, const char *bytes, size_t length,
    struct score *best)
{
	enum code found = CODES;

	*best = (struct score){ 0, 0 };
	for (enum code code = 0; code < CODES; code++) {
		struct score score;

		reverse_fill(reverse, code);
		score = measure(reverse, bytes, length);
		if (score.good == 0 || too_broken(&score) ||
		    score.broken * 4 > score.good)
			continue;
		if (found != CODES && (score.broken > best->broken ||
					  (score.broken == best->broken &&
					      score.good <= best->good)))
			continue;
		found = code;
		*best = score;
	}
	return found;
}

struct tctl_damage {
	enum code code;
	struct score score;
	struct reverse reverse;
};

struct tctl_damage *
tctl_damage_find(const char *bytes, size_t length)
{
	struct tctl_damage *damage;

	if (ascii_run(bytes, length) == length)
		return NULL;
	damage = tctl_grow(NULL, 0, sizeof(*damage));
	damage->code =
	    find_damage(&damage->reverse, bytes, length, &damage->score);
	if (damage->code == CODES) {
		free(damage);
		return NULL;
	}
	reverse_fill(&damage->reverse, damage->code);
	return damage;
}

static enum tctl_status
fail_not_utf8(
    const char *bytes, size_t length, size_t bad, struct tctl_error *err)
{
	size_t line = 1, column = 1;

	if (length >= 2 &&
	    (!memcmp(bytes, "\xFF\xFE", 2) || !memcmp(bytes, "\xFE\xFF", 2))) {
		tctl_fail(err, TCTL_EINVALID,
		    "the text is UTF-16, and UTF-8 was expected");
		return tctl_hint(
		    err, "save it as UTF-8, e.g. iconv -f UTF-16 -t UTF-8");
	}
	for (size_t i = 0; i < bad; i++) {
		if (bytes[i] == '\n') {
			line++;
			column = 1;
		} else if ((bytes[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	tctl_fail(err, TCTL_EINVALID,
	    "line %zu, column %zu: byte 0x%02X is not UTF-8", line, column,
	    (unsigned char)bytes[bad]);
	return tctl_hint(err, "save the file as UTF-8");
}

enum tctl_status
tctl_encoding_repair(const char *bytes, size_t length, char **out,
    size_t *out_length, const char **from, size_t *lost, int lost_line[],
    size_t lost_max, struct tctl_error *err)
{
	struct tctl_damage *damage;
	size_t bad;

	if (!tctl_text_is_utf8(bytes, length, &bad))
		return fail_not_utf8(bytes, length, bad, err);
	*from = NULL;
	*lost = 0;
	if (length >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) {
		bytes += 3;
		length -= 3;
	}
	damage = tctl_damage_find(bytes, length);
	if (damage != NULL) {
		*out = rewrite(&damage->reverse, bytes, length, out_length,
		    lost_line, lost_max);
		*from = code_name[damage->code];
		*lost = damage->score.broken;
	}
	free(damage);
	return TCTL_OK;
}

/* --- writing into damaged text ---------------------------------------- */

size_t
tctl_damage_step(const struct tctl_damage *damage, const char *at,
    size_t length, char out[4], size_t *size)
{
	size_t used = 1;

	if (damage != NULL && (unsigned char)*at >= 0x80) {
		used = undo(&damage->reverse, at, length, out, size);
		if (*size == 0)
			memcpy(out, "\xEF\xBF\xBD", *size = 3);
		return used;
	}
	while (used < length && used < 4 && (at[used] & 0xC0) == 0x80)
		used++;
	memcpy(out, at, *size = used);
	return used;
}

bool
tctl_damage_apply(const struct tctl_damage *damage, const char *text, char *out)
{
	for (; *text != '\0'; text++) {
		uint8_t byte = (uint8_t)*text;
		unsigned c = 0x80;

		if (byte < 0x80) {
			*out++ = *text;
			continue;
		}
		while (c <= UINT16_MAX && damage->reverse.byte[c] != byte)
			c++;
		if (c > UINT16_MAX)
			return false;
		if (c < 0x800) {
			*out++ = (char)(0xC0 | c >> 6);
		} else {
			*out++ = (char)(0xE0 | c >> 12);
			*out++ = (char)(0x80 | (c >> 6 & 0x3F));
		}
		*out++ = (char)(0x80 | (c & 0x3F));
	}
	*out = '\0';
	return true;
}
