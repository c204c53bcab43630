/* words.c - a text as duration, instant, id, agent's name and label: what is
 * read is written so that it reads back, and what is compared is stable. */
#include "fuzz.h"
#include "taskctl/model.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

static void
durations(const char *text)
{
	static const int day[] = { 8, 24 };
	char written[TCTL_DURATION_TEXT];
	struct tctl_duration d, again;

	for (size_t i = 0; i < TCTL_COUNT(day); i++) {
		int64_t unit = 1;

		if (!tctl_duration_read(text, day[i], &d))
			continue;
		assert(d.seconds >= 0 && d.length <= strlen(text));
		/* Seconds are not shown of what takes an hour. */
		if (d.seconds >= TCTL_HOUR_S)
			unit = TCTL_MINUTE_S;
		tctl_duration_write(d.seconds, written);
		assert(tctl_duration_read(written, day[i], &again));
		assert(again.seconds == d.seconds / unit * unit);
		assert(again.length == strlen(written));
		assert(!again.is_range && !again.is_estimate);
	}
}

static void
instants(const char *text)
{
	char written[TCTL_INSTANT_TEXT], shown[TCTL_INSTANT_TEXT];
	int64_t ms, again;

	for (int utc = 0; utc < 2; utc++) {
		if (!tctl_instant_read(text, utc, &ms))
			continue;
		tctl_instant_show(ms, utc, shown);
		tctl_instant_write(ms, written);
		/* An offset may lead out of the years of four digits. */
		if (strlen(written) != strlen("2026-11-21T10:00:00.000Z") ||
		    written[0] == '-')
			continue;
		assert(tctl_instant_read(written, utc, &again));
		assert(again == ms);
	}
}

static void
ids(const char *text)
{
	char once[TCTL_ID_MAX], twice[TCTL_ID_MAX], spelled[2 * TCTL_ID_MAX];

	if (!tctl_id_normalise(text, once))
		return;
	assert(tctl_id_normalise(once, twice));
	assert(!strcmp(once, twice));
	snprintf(spelled, sizeof(spelled), "Task #%s", once);
	assert(tctl_id_normalise(spelled, twice));
	assert(!strcmp(once, twice));
	assert(!tctl_text_has_control(once));
}

static void
agents(const char *text)
{
	char once[TCTL_AGENT_MAX], with_word[TCTL_AGENT_MAX];
	char *spelled;

	if (tctl_text_has_control(text))
		return; /* it is refused before (tctl_ctx_caller) */
	tctl_agent_normalise(text, once);
	spelled = tctl_xprintf("Agent_%s", text);
	tctl_agent_normalise(spelled, with_word);
	assert(once[0] == '\0' || !strcmp(once, with_word));
	free(spelled);
}

/* Nothing in it may act on a terminal: by a list of its own. */
static bool
is_inert(const char *text)
{
	static const char *const acting[] = { "\x7f", "\xe2\x80\xa8",
		"\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac",
		"\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7",
		"\xe2\x81\xa8", "\xe2\x81\xa9" };

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' ||
		    ((unsigned char)*p == 0xc2 && (unsigned char)p[1] < 0xa0))
			return false;
	for (size_t i = 0; i < TCTL_COUNT(acting); i++)
		if (strstr(text, acting[i]) != NULL)
			return false;
	return tctl_text_is_utf8(text, strlen(text), NULL);
}

static void
labels(const char *text)
{
	enum { WIDTH = 12 };
	/* What is escaped may join what stands behind it: no width is known. */
	bool sound = is_inert(text);

	for (int pad = -1; pad < 2; pad++) {
		char *out = NULL;
		size_t size;
		FILE *to = open_memstream(&out, &size);

		assert(to != NULL);
		if (pad < 0)
			tctl_text_inert(to, text);
		else
			tctl_text_cell(to, text, WIDTH, pad, "…");
		assert(fclose(to) == 0);
		assert(is_inert(out));
		assert(!sound || pad >= 0 || !strcmp(out, text));
		assert(!sound || pad < 0 || tctl_text_width(out) <= WIDTH);
		assert(!sound || pad < 1 || tctl_text_width(out) == WIDTH);
		free(out);
	}
}

static void
distances(const char *text)
{
	char *other = tctl_xstrdup(text);
	size_t half = strlen(text) / 2;

	other[half] = '\0';
	assert(tctl_text_distance(text, text) == 0);
	assert(
	    tctl_text_distance(text, other) == tctl_text_distance(other, text));
	free(other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	durations(text);
	instants(text);
	ids(text);
	agents(text);
	labels(text);
	distances(text);
	free(text);
	return 0;
}
