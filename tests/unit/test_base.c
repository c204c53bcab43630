/* test_base.c - errors, memory, durations, instants and inert text. */
#include "test.h"

#include "taskctl/memory.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

/* --- errors --------------------------------------------------------------- */

static void
a_failure_carries_status_sentence_and_hint(void **unused)
{
	struct tctl_error err;

	(void)unused;
	assert_int_equal(
	    tctl_fail(&err, TCTL_ETAKEN, "held by %s", "ada"), TCTL_ETAKEN);
	assert_string_equal(err.hint, "");
	assert_int_equal(tctl_hint(&err, "wait %dm", 3), TCTL_ETAKEN);
	assert_string_equal(err.text, "held by ada");
	assert_string_equal(err.hint, "wait 3m");
}

static void
a_long_failure_is_cut_between_characters(void **unused)
{
	struct tctl_error err;
	char text[2000];

	(void)unused;
	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 4 < sizeof(text); i += 4)
			memcpy(text + i, "🎉", 5);
		tctl_fail(&err, TCTL_EFAILED, "%s", text);
		assert_true(
		    tctl_text_is_utf8(err.text, strlen(err.text), NULL));
		assert_true(strlen(err.text) > sizeof(err.text) - 5);
	}
}

static void
a_failure_that_quotes_broken_bytes_stays_utf8(void **unused)
{
	struct tctl_error err;

	(void)unused;
	tctl_fail(&err, TCTL_EUSAGE, "\"%s\" is wrong", "a\xff\xc3");
	assert_string_equal(err.text, "\"a??\" is wrong");
}

static void
statuses_have_the_words_and_codes_of_the_contract(void **unused)
{
	static const struct {
		const char *word;
		int code;
	} want[] = { { "ok", 0 }, { "failed", 1 }, { "not_found", 3 },
		{ "taken", 4 }, { "none_ready", 5 }, { "stale", 6 },
		{ "not_ready", 7 }, { "invalid", 8 }, { "busy", 9 },
		{ "corrupt", 10 }, { "usage", 64 } };

	(void)unused;
	assert_int_equal(TCTL_STATUS_COUNT, TCTL_COUNT(want));
	for (size_t i = 0; i < TCTL_COUNT(want); i++) {
		enum tctl_status status = (enum tctl_status)i;
		assert_string_equal(tctl_status_word(status), want[i].word);
		assert_int_equal(tctl_status_exit(status), want[i].code);
		assert_true(strlen(tctl_status_meaning(status)) > 0);
	}
}

/* --- memory --------------------------------------------------------------- */

static void
an_arena_gives_zeroed_aligned_memory_that_stays(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	unsigned char *block[500];

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(block); i++) {
		block[i] = tctl_arena_alloc(arena, i);
		assert_int_equal(
		    (uintptr_t)block[i] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < i; j++)
			assert_int_equal(block[i][j], 0);
		memset(block[i], (int)(i & 0xff), i);
	}
	for (size_t i = 0; i < TCTL_COUNT(block); i++)
		for (size_t j = 0; j < i; j++)
			assert_int_equal(block[i][j], i & 0xff);
	memset(tctl_arena_alloc(arena, 10 * 1024 * 1024), 1, 10 * 1024 * 1024);
	tctl_arena_free(arena);
	tctl_arena_free(NULL);
}

static void
arrays_grow_and_keep_what_they_held(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	int *owned = NULL, *lent = NULL;

	(void)unused;
	for (int i = 0; i < 1000; i++) {
		owned = tctl_grow(owned, (size_t)i, sizeof(*owned));
		lent = tctl_arena_grow(arena, lent, (size_t)i, sizeof(*lent));
		owned[i] = lent[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_true(owned[i] == i && lent[i] == i);
	free(owned);
	tctl_arena_free(arena);
}

static void
arena_strings_are_copies(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();

	(void)unused;
	assert_string_equal(tctl_arena_strdup(arena, "task"), "task");
	assert_string_equal(tctl_arena_strndup(arena, "task", 2), "ta");
	assert_string_equal(tctl_arena_strndup(arena, "task", 9), "task");
	assert_string_equal(tctl_arena_printf(arena, "%d-%s", 7, "x"), "7-x");
	tctl_arena_free(arena);
}

/* --- durations ------------------------------------------------------------ */

enum { M = TCTL_MINUTE_S, H = TCTL_HOUR_S, D = 8 * TCTL_HOUR_S };

/* clang-format off */
static const struct {
	const char *text;
	int64_t seconds;
	const char *rest;
	bool is_range;
	bool is_estimate;
} reads[] = {
	{ "30s", 30, "", false, false },
	{ "45m", 45 * M, "", false, false },
	{ "30min", 30 * M, "", false, false },
	{ "30 Min.", 30 * M, "", false, false },
	{ "2h", 2 * H, "", false, false },
	{ "  2 H", 2 * H, "", false, false },
	{ "2h30", 150 * M, "", false, false },
	{ "2 h 30", 150 * M, "", false, false },
	{ "2h5", 125 * M, "", false, false },
	{ "2 h 30 files", 2 * H, " 30 files", false, false },
	{ "2h 3 tasks", 2 * H, " 3 tasks", false, false },
	{ "2h2026", 2 * H, "2026", false, false },
	{ "2h75", 2 * H, "75", false, false },
	{ "2h 3h", 2 * H, " 3h", false, false },
	{ "2h 30 / 3h", 2 * H, " 30 / 3h", false, false },
	{ "1h30m", 90 * M, "", false, false },
	{ "1h 30 min", 90 * M, "", false, false },
	{ "1 hour and 30 minutes", 90 * M, "", false, false },
	{ "1 heure et 3 fichiers", H, " et 3 fichiers", false, false },
	{ "1.5h", 90 * M, "", false, false },
	{ "1,5 h", 90 * M, "", false, false },
	{ "0.25 hours", 15 * M, "", false, false },
	{ "2 hours", 2 * H, "", false, false },
	{ "2\u00a0heures", 2 * H, "", false, false },
	{ "2\u202fh", 2 * H, "", false, false },
	{ "3 horas", 3 * H, "", false, false },
	{ "3 ore", 3 * H, "", false, false },
	{ "120 Minuten ]", 120 * M, " ]", false, false },
	{ "3 Std.", 3 * H, "", false, false },
	{ "3 STUNDEN", 3 * H, "", false, false },
	{ "2 days", 2 * D, "", false, false },
	{ "2 jours", 2 * D, "", false, false },
	{ "2 d\u00edas", 2 * D, "", false, false },
	{ "2 D\u00cdAS", 2 * D, "", false, false },
	{ "2 di\u0301as", 2 * D, "", false, false },
	{ "2 giorni", 2 * D, "", false, false },
	{ "2 Tage", 2 * D, "", false, false },
	{ "1.6d", 46080, "", false, false },
	{ "1w", 5 * D, "", false, false },
	{ "1 semaine", 5 * D, "", false, false },
	{ "1w 2d", 7 * D, "", false, false },
	{ "0m", 0, "", false, false },
	{ "2-4h", 2 * H, "", true, false },
	{ "2\u20134 h", 2 * H, "", true, false },
	{ "2 \u00e0 4 heures", 2 * H, "", true, false },
	{ "2 to 4 hours", 2 * H, "", true, false },
	{ "2 bis 4 Stunden", 2 * H, "", true, false },
	{ "30min-1h", 30 * M, "", true, false },
	{ "4h - 2h", 2 * H, "", true, false },
	{ "4-6 hours (variable)", 4 * H, " (variable)", true, false },
	{ "2h - 3 bugs", 2 * H, " - 3 bugs", false, false },
	{ "~2h", 2 * H, "", false, true },
	{ "~ 2h", 2 * H, "", false, true },
	{ "env. 2h", 2 * H, "", false, true },
	{ "Ungef\u00e4hr 2 Stunden", 2 * H, "", false, true },
	{ "cerca de 2 horas", 2 * H, "", false, true },
	{ "ca. 1-2 Tage", D, "", true, true },
	{ "2h/jour", 2 * H, "/jour", false, false },
	{ "2h.", 2 * H, "", false, false },
	{ "36500 days", INT64_C(36500) * D, "", false, false },
};

static const char *const refused[] = { "", " ", "h", "2", "2 minimal", "soon",
	"-2h", "+2h", "2026-01-23", "2 points", "1-2", "2..", "No est.", "a 2h",
	"99999999999999999999999 h", "200 years", "877000h", "2\xffh", "~",
	"2 -", "\xc3" };
/* clang-format on */

static void
durations_are_read_as_people_write_them(void **unused)
{
	struct tctl_duration d;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(reads); i++) {
		memset(&d, 0x55, sizeof(d));
		if (!tctl_duration_read(reads[i].text, 8, &d) ||
		    d.seconds != reads[i].seconds ||
		    strcmp(reads[i].text + d.length, reads[i].rest) != 0 ||
		    d.is_range != reads[i].is_range ||
		    d.is_estimate != reads[i].is_estimate)
			fail_msg("\"%s\": %lld s", reads[i].text,
			    (long long)d.seconds);
	}
}

static void
what_is_no_duration_is_refused(void **unused)
{
	struct tctl_duration d;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(refused); i++)
		if (tctl_duration_read(refused[i], 8, &d))
			fail_msg("\"%s\" was read as %lld s", refused[i],
			    (long long)d.seconds);
}

static void
a_day_of_a_lease_has_24_hours_and_a_week_seven_days(void **unused)
{
	struct tctl_duration d;

	(void)unused;
	assert_true(tctl_duration_read("1d", 24, &d));
	assert_int_equal(d.seconds, TCTL_DAY_S);
	assert_true(tctl_duration_read("1w", 24, &d));
	assert_int_equal(d.seconds, 7 * TCTL_DAY_S);
}

static void
durations_are_written_short_and_read_back(void **unused)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} row[] = { { 0, "0s" }, { 45, "45s" }, { 90, "1m30s" },
		{ 30 * M, "30m" }, { 2 * H, "2h" }, { 150 * M, "2h30" },
		{ 65 * M, "1h05" }, { 13 * H + 15 * M, "13h15" },
		{ 47 * H, "47h" }, { 48 * H, "48h" }, { 52 * H, "52h" },
		{ -150 * M, "-2h30" } };
	char buf[TCTL_DURATION_TEXT];
	struct tctl_duration d;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		assert_string_equal(
		    tctl_duration_write(row[i].seconds, buf), row[i].text);
		if (row[i].seconds < 0)
			continue;
		assert_true(tctl_duration_read(buf, 24, &d));
		assert_int_equal(d.seconds, row[i].seconds);
		assert_int_equal(d.length, strlen(buf));
	}
}

/* --- instants ------------------------------------------------------------- */

static void
instants_are_read_as_written(void **unused)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "1970-01-01", 0 },
		{ "1970-01-01T00:00:00.001Z", 1 },
		{ "1970-01-02 00:00", 86400000 },
		{ "2026-11-21T10:00:00+01:00", INT64_C(1795251600000) },
		{ "2026-11-21 10:00 +0100", INT64_C(1795251600000) },
		{ "2026-11-21T09:00:00Z", INT64_C(1795251600000) },
		{ "2026-11-21T04:30:00.5-04:30", INT64_C(1795251600500) },
	};
	static const char *const bad[] = { "", "1", "2026", "2026-13-01",
		"2026-00-01", "2026-01-00", "2026-01-01T", "2026-01-01 10",
		"2026-01-01 10:60", "2026-01-01 10:00:00x", "2026-01-01+",
		"2026-1-1", "yesterday", "2026-01-01 10:00 +1" };
	char text[TCTL_INSTANT_TEXT];
	int64_t ms;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(good); i++) {
		ms = -1;
		assert_true(tctl_instant_read(good[i].text, true, &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < TCTL_COUNT(bad); i++)
		if (tctl_instant_read(bad[i], true, &ms))
			fail_msg("it read \"%s\"", bad[i]);
	/* What is written is read back, in local time too. */
	for (int64_t at = 0; at < INT64_C(4000000000000);
	     at += INT64_C(86413579000)) {
		assert_true(tctl_instant_read(
		    tctl_instant_write(at, text), false, &ms));
		assert_int_equal(ms, at);
		assert_true(tctl_instant_read(
		    tctl_instant_show(at, false, text), true, &ms));
		assert_int_equal(ms, at / 1000 * 1000);
	}
}

static void
instants_are_rfc_3339_in_utc(void **unused)
{
	char buf[TCTL_INSTANT_TEXT];

	(void)unused;
	assert_string_equal(
	    tctl_instant_write(0, buf), "1970-01-01T00:00:00.000Z");
	assert_string_equal(
	    tctl_instant_write(-1, buf), "1969-12-31T23:59:59.999Z");
	assert_string_equal(tctl_instant_write(INT64_C(1709208000123), buf),
	    "2024-02-29T12:00:00.123Z");
	assert_string_equal(
	    tctl_instant_show(INT64_C(1795255200000), true, buf),
	    "2026-11-21 10:00:00 UTC");
}

static void
dates_agree_with_the_c_library_for_600_years(void **unused)
{
	char buf[TCTL_INSTANT_TEXT], want[TCTL_INSTANT_TEXT];

	(void)unused;
	for (time_t day = -100000; day < 120000; day++) {
		time_t at = day * TCTL_DAY_S;
		struct tm tm;

		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000Z",
		    gmtime_r(&at, &tm));
		assert_string_equal(tctl_instant_write(at * 1000, buf), want);
	}
}

static void
local_time_is_shown_with_its_offset(void **unused)
{
	char buf[TCTL_INSTANT_TEXT];

	(void)unused;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	assert_string_equal(
	    tctl_instant_show(INT64_C(1795255200000), false, buf),
	    "2026-11-21 11:00:00 +0100");
}

/* --- text ----------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *text;
	const char *inert;
	int width;
} shown[] = {
	{ "", "", 0 },
	{ "plain", "plain", 5 },
	{ "a\nb\tc\rd", "a\\nb\\tc\\rd", 10 },
	{ "\x1b[31mred", "\\x1b[31mred", 11 },
	{ "\x7f", "\\x7f", 4 },
	{ "\xc2\x9b" "31m", "\\u{9b}31m", 9 },
	{ "a\u202egnp.exe", "a\\u{202e}gnp.exe", 16 },
	{ "\u2066x\u2069", "\\u{2066}x\\u{2069}", 17 },
	{ "a\u2028b", "a\\u{2028}b", 10 },
	{ "\xff\xc3(", "\\xff\\xc3(", 9 },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", 12 },
	{ "caf\u00e9", "caf\u00e9", 4 },
	{ "cafe\u0301", "cafe\u0301", 4 },
	{ "\u65e5\u672c", "\u65e5\u672c", 4 },
	{ "\u2705 ok", "\u2705 ok", 5 },
	{ "\u26a0\ufe0f", "\u26a0\ufe0f", 2 },
	{ "\U0001f468\u200d\U0001f469\u200d\U0001f467",
	  "\U0001f468\u200d\U0001f469\u200d\U0001f467", 2 },
	{ "\U0001f1eb\U0001f1f7", "\U0001f1eb\U0001f1f7", 2 },
	{ "\U0001f44d\U0001f3fd", "\U0001f44d\U0001f3fd", 2 },
};
/* clang-format on */

static void
hostile_text_is_printed_inert(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(shown); i++) {
		char *buf;

		TEXT_OF(buf, to, tctl_text_inert(to, shown[i].text));
		assert_string_equal(buf, shown[i].inert);
		free(buf);
	}
}

static void
no_byte_pair_can_reach_the_terminal_as_a_control(void **unused)
{
	(void)unused;
	for (int a = 1; a < 256; a++)
		for (int b = 1; b < 256; b++) {
			const char text[] = { (char)a, (char)b, '\0' };
			char *buf;

			TEXT_OF(buf, to, tctl_text_inert(to, text));
			assert_false(tctl_text_has_control(buf));
			free(buf);
		}
}

static void
widths_are_columns_of_the_inert_form(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(shown); i++)
		if (tctl_text_width(shown[i].text) != shown[i].width)
			fail_msg("\"%s\" is %d wide", shown[i].inert,
			    tctl_text_width(shown[i].text));
}

static void
cells_are_cut_and_padded_to_their_width(void **unused)
{
	static const struct {
		const char *text;
		int width;
		bool pad;
		const char *cell;
	} row[] = { { "abc", 3, true, "abc" }, { "abc", 5, true, "abc  " },
		{ "abc", 5, false, "abc" }, { "abcdef", 4, true, "abc…" },
		{ "日本語", 4, true, "日… " }, { "日本語", 5, true, "日本…" },
		{ "日本", 4, true, "日本" }, { "abc", 1, true, "…" },
		{ "abc", 0, true, "" }, { "", 2, true, "  " },
		{ "a\nbc", 4, true, "a\\n…" } };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		char *buf;

		TEXT_OF(buf, to,
		    tctl_text_cell(
			to, row[i].text, row[i].width, row[i].pad, "…"));
		assert_string_equal(buf, row[i].cell);
		free(buf);
	}
}

static void
utf8_is_read_strictly(void **unused)
{
	static const struct {
		const char *bytes;
		size_t length, bad;
	} broken[] = { { "\x80", 1, 0 }, { "a\xc3", 2, 1 },
		{ "\xc0\xaf", 2, 0 }, { "\xc1\xbf", 2, 0 },
		{ "\xe0\x80\xaf", 3, 0 }, { "\xf0\x80\x80\xaf", 4, 0 },
		{ "\xed\xa0\x80", 3, 0 }, { "ab\xed\xbf\xbf", 5, 2 },
		{ "\xf4\x90\x80\x80", 4, 0 }, { "\xf5\x80\x80\x80", 4, 0 },
		{ "\xfe", 1, 0 }, { "é\xe2\x82", 4, 2 } };
	size_t bad;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(broken); i++) {
		assert_false(
		    tctl_text_is_utf8(broken[i].bytes, broken[i].length, &bad));
		assert_int_equal(bad, broken[i].bad);
	}
	assert_true(tctl_text_is_utf8("aé日🎉\xf4\x8f\xbf\xbf", 14, NULL));
	assert_true(tctl_text_is_utf8("a\0b", 3, NULL));
	/* Wherever it stands among ASCII, which is read eight bytes at once. */
	for (size_t at = 0; at < 20; at++) {
		char text[20];

		memset(text, 'a', sizeof(text));
		assert_true(tctl_text_is_utf8(text, sizeof(text), NULL));
		text[at] = '\xff';
		assert_false(tctl_text_is_utf8(text, sizeof(text), &bad));
		assert_int_equal(bad, at);
	}
	assert_true(tctl_text_is_utf8("", 0, NULL));
}

static void
controls_are_found_in_names(void **unused)
{
	(void)unused;
	assert_false(tctl_text_has_control("Tâche 1.2 ✅"));
	assert_true(tctl_text_has_control("a\nb"));
	assert_true(tctl_text_has_control("a\xc2\x9b"
					  "b"));
	assert_true(tctl_text_has_control("a\u202eb"));
	assert_true(tctl_text_has_control("a\xff"));
}

static void
blanks_and_joiners_show_nothing(void **unused)
{
	static const char *const nothing[] = { "", " ", "\u00a0", "\u3000",
		"\u200b", "\u200d\u200d", "\ufe0f", "\ufeff", "\u00ad",
		"\u3164", "\u2800", "\u0301", " \u2060 " };
	static const char *const something[] = { "a", ".", "\u6728",
		"\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f", "\u200b!",
		"\xff" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(nothing); i++)
		assert_false(tctl_text_is_visible(nothing[i]));
	for (size_t i = 0; i < TCTL_COUNT(something); i++)
		assert_true(tctl_text_is_visible(something[i]));
}

static void
distance_counts_single_character_edits(void **unused)
{
	static const struct {
		const char *a, *b;
		int distance;
	} row[] = { { "", "", 0 }, { "claim", "claim", 0 },
		{ "clam", "claim", 1 }, { "claimm", "claim", 1 },
		{ "cliam", "claim", 1 }, { "cla1m", "claim", 1 },
		{ "", "abc", 3 }, { "abc", "", 3 }, { "kitten", "sitting", 3 },
		{ "é", "e", 1 }, { "日本", "本日", 1 }, { "abcd", "badc", 2 } };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		assert_int_equal(
		    tctl_text_distance(row[i].a, row[i].b), row[i].distance);
		assert_int_equal(
		    tctl_text_distance(row[i].b, row[i].a), row[i].distance);
	}
}

static void
dates_count_days_over_leap_years(void **unused)
{
	(void)unused;
	assert_int_equal(tctl_date_days(1970, 1, 1), 0);
	assert_int_equal(tctl_date_days(1969, 12, 31), -1);
	assert_int_equal(
	    tctl_date_days(2024, 3, 1), tctl_date_days(2024, 2, 28) + 2);
	assert_int_equal(
	    tctl_date_days(1900, 3, 1), tctl_date_days(1900, 2, 28) + 1);
	assert_int_equal(tctl_date_days(2026, 11, 21), 20778);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_carries_status_sentence_and_hint),
		cmocka_unit_test(a_long_failure_is_cut_between_characters),
		cmocka_unit_test(a_failure_that_quotes_broken_bytes_stays_utf8),
		cmocka_unit_test(
		    statuses_have_the_words_and_codes_of_the_contract),
		cmocka_unit_test(
		    an_arena_gives_zeroed_aligned_memory_that_stays),
		cmocka_unit_test(arrays_grow_and_keep_what_they_held),
		cmocka_unit_test(arena_strings_are_copies),
		cmocka_unit_test(durations_are_read_as_people_write_them),
		cmocka_unit_test(what_is_no_duration_is_refused),
		cmocka_unit_test(
		    a_day_of_a_lease_has_24_hours_and_a_week_seven_days),
		cmocka_unit_test(durations_are_written_short_and_read_back),
		cmocka_unit_test(instants_are_rfc_3339_in_utc),
		cmocka_unit_test(instants_are_read_as_written),
		cmocka_unit_test(dates_agree_with_the_c_library_for_600_years),
		cmocka_unit_test(local_time_is_shown_with_its_offset),
		cmocka_unit_test(hostile_text_is_printed_inert),
		cmocka_unit_test(
		    no_byte_pair_can_reach_the_terminal_as_a_control),
		cmocka_unit_test(widths_are_columns_of_the_inert_form),
		cmocka_unit_test(cells_are_cut_and_padded_to_their_width),
		cmocka_unit_test(utf8_is_read_strictly),
		cmocka_unit_test(controls_are_found_in_names),
		cmocka_unit_test(blanks_and_joiners_show_nothing),
		cmocka_unit_test(distance_counts_single_character_edits),
		cmocka_unit_test(dates_count_days_over_leap_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
