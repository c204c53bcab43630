/* test_encoding.c - damage is undone, and sound text is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "taskctl/memory.h"
#include "taskctl/plan.h"

static const char sound[] = "## 🚀 Durée : « été » → 2h, œuvre, Ünïcode ✅\n"
			    "é\n";

/* Write one character as UTF-8, as the damaging editor did. */
static size_t
encode(uint32_t character, char *out)
{
	if (character < 0x80) {
		out[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		out[0] = (char)(0xC0 | character >> 6);
		out[1] = (char)(0x80 | (character & 0x3F));
		return 2;
	}
	out[0] = (char)(0xE0 | character >> 12);
	out[1] = (char)(0x80 | (character >> 6 & 0x3F));
	out[2] = (char)(0x80 | (character & 0x3F));
	return 3;
}

/* Read each byte as a character; row says what 0x80 to 0xFF are. */
static size_t
damage(const char *text, const uint16_t row[128], char *out)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x80)
			out[n++] = *text;
		else if (row[byte - 0x80] != 0)
			n += encode(row[byte - 0x80], out + n);
	}
	out[n] = '\0';
	return n;
}

static void
latin_1(uint16_t row[128])
{
	for (unsigned i = 0; i < 128; i++)
		row[i] = (uint16_t)(0x80 + i);
}

struct result {
	char *text;
	const char *from;
	size_t lost;
	int line[4];
};

static struct result
repair(const char *text, size_t length)
{
	struct result result = { 0 };
	struct tctl_error err;
	size_t out_length = 0;

	assert_int_equal(
	    tctl_encoding_repair(text, length, &result.text, &out_length,
		&result.from, &result.lost, result.line, 4, &err),
	    TCTL_OK);
	if (result.from != NULL)
		assert_int_equal(strlen(result.text), out_length);
	return result;
}

static void
latin_1_read_twice_is_undone(void **unused)
{
	char text[sizeof(sound) * 3];
	uint16_t row[128];
	struct result result;

	(void)unused;
	latin_1(row);
	result = repair(text, damage(sound, row, text));
	assert_non_null(result.from);
	assert_string_equal(result.text, sound);
	assert_int_equal(result.lost, 0);
	free(result.text);
}

static void
turkish_without_a_lost_byte_keeps_a_replacement(void **unused)
{
	static const uint16_t windows[32] = { 0x20AC, 0, 0x201A, 0x0192, 0x201E,
		0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
		0, 0, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
		0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0, 0x0178 };
	static const char text[] = "été été été été été été été été\n"
				   "🎯 but\n"; /* 8E of F0 9F 8E AF is lost */
	char damaged[sizeof(text) * 3];
	uint16_t row[128];
	struct result result;

	(void)unused;
	latin_1(row);
	memcpy(row, windows, sizeof(windows));
	row[0x70] = 0x011F;
	result = repair(damaged, damage(text, row, damaged));
	assert_string_equal(result.from, "Windows-1254");
	assert_int_equal(result.lost, 1);
	assert_int_equal(result.line[0], 2);
	assert_non_null(strstr(result.text, "\n\uFFFD but\n"));
	free(result.text);
}

static void
mac_roman_is_undone_with_apples_logo(void **unused)
{
	/* "🚀 é ✅": F0 9F 9A 80, C3 A9, E2 9C 85 as Mac Roman shows them */
	static const char damaged[] = "\uF8FFüöÄ √© ‚úÖ\n";
	struct result result;

	(void)unused;
	result = repair(damaged, sizeof(damaged) - 1);
	assert_string_equal(result.from, "Mac Roman");
	assert_string_equal(result.text, "🚀 é ✅\n");
	free(result.text);
}

static void
sound_text_is_left_alone(void **unused)
{
	static const char *const text[] = { sound, "plain\n", "Ã is a letter",
		"日本語 → ok", "Ünïcode und Größe", "" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(text); i++) {
		struct result result = repair(text[i], strlen(text[i]));

		assert_null(result.from);
		assert_null(result.text);
	}
}

static void
a_bad_byte_is_told_by_line_and_column(void **unused)
{
	static const char text[] = "a\nbé\xFF\n";
	struct tctl_error err;
	size_t length, lost;
	const char *from;
	char *out;

	(void)unused;
	assert_int_equal(tctl_encoding_repair(text, sizeof(text) - 1, &out,
			     &length, &from, &lost, NULL, 0, &err),
	    TCTL_EINVALID);
	assert_non_null(strstr(err.text, "line 2, column 3"));
}

static void
utf_16_is_named(void **unused)
{
	static const char text[] = "\xFF\xFE#\0 \0";
	struct tctl_error err;
	size_t length, lost;
	const char *from;
	char *out;

	(void)unused;
	assert_int_equal(tctl_encoding_repair(text, sizeof(text) - 1, &out,
			     &length, &from, &lost, NULL, 0, &err),
	    TCTL_EINVALID);
	assert_non_null(strstr(err.text, "UTF-16"));
}

int
main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(latin_1_read_twice_is_undone),
		cmocka_unit_test(
		    turkish_without_a_lost_byte_keeps_a_replacement),
		cmocka_unit_test(mac_roman_is_undone_with_apples_logo),
		cmocka_unit_test(sound_text_is_left_alone),
		cmocka_unit_test(a_bad_byte_is_told_by_line_and_column),
		cmocka_unit_test(utf_16_is_named),
	};

	return cmocka_run_group_tests(test, NULL, NULL);
}
