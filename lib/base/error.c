/* error.c - failures, recorded in memory that the caller already has. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "taskctl/error.h"
#include "taskctl/text.h"

static const struct {
	const char *word;
	int code;
	const char *meaning;
} status_row[] = {
#define STATUS_ROW(name, word, code, meaning) { word, code, meaning },
	TCTL_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

/* Whatever word it quotes, the sentence goes into JSON, which must stay UTF-8:
 * a character that was cut off at the end goes, a byte that is none becomes a
 * question mark. */
static void TCTL_PRINTF(3, 0)
    fill(char *buf, size_t size, const char *fmt, va_list args)
{
	bool is_cut = vsnprintf(buf, size, fmt, args) >= (int)size;
	size_t length = strlen(buf), bad;

	while (!tctl_text_is_utf8(buf, length, &bad))
		if (is_cut && length - bad < 4)
			buf[length = bad] = '\0';
		else
			buf[bad] = '?';
}

enum tctl_status
tctl_fail(struct tctl_error *err, enum tctl_status status, const char *fmt, ...)
{
	va_list args;

	err->status = status;
	err->cause = TCTL_CAUSE_ANY;
	err->hint[0] = '\0';
	va_start(args, fmt);
	fill(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return status;
}

enum tctl_status
tctl_hint(struct tctl_error *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	return err->status;
}

enum tctl_status
tctl_because(struct tctl_error *err, enum tctl_cause cause)
{
	err->cause = cause;
	return err->status;
}

const char *
tctl_status_word(enum tctl_status status)
{
	return status_row[status].word;
}

int
tctl_status_exit(enum tctl_status status)
{
	return status_row[status].code;
}

const char *
tctl_status_meaning(enum tctl_status status)
{
	return status_row[status].meaning;
}
