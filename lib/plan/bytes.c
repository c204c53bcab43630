/* bytes.c - what is no text is refused, and what was decoded wrongly is
 * repaired (encoding.c), and said. */
#include <stdio.h>
#include <string.h>

#include "bytes.h"

enum { LOST_LINES = 8 };

static enum tctl_status
fail_nul(const char *bytes, const char *nul, struct tctl_error *err)
{
	size_t line = 1, column = 1;

	for (const char *at = bytes; at < nul; at++)
		if (*at == '\n') {
			line++;
			column = 1;
		} else {
			column += (*at & 0xC0) != 0x80;
		}
	return tctl_fail(err, TCTL_EINVALID,
	    "line %zu, column %zu: this is not text: byte %zu is NUL", line,
	    column, (size_t)(nul - bytes) + 1);
}

enum tctl_status
tctl_bytes_check(const char *bytes, size_t length, struct tctl_error *err)
{
	bool is_utf16 = length >= 2 && (!memcmp(bytes, "\xFF\xFE", 2) ||
					   !memcmp(bytes, "\xFE\xFF", 2));
	const char *nul;
	size_t blank = 0;

	if (length > TCTL_PLAN_BYTES_MAX)
		return tctl_fail(err, TCTL_EINVALID,
		    "the plan has %zu bytes, and more than %d are not read",
		    length, TCTL_PLAN_BYTES_MAX);
	nul = length == 0 ? NULL : memchr(bytes, '\0', length);
	if (nul != NULL && !is_utf16)
		return fail_nul(bytes, nul, err);
	while (blank < length && strchr(" \t\r\n", bytes[blank]) != NULL)
		blank++;
	if (blank == length)
		return tctl_fail(err, TCTL_EINVALID, "the plan is empty");
	return TCTL_OK;
}

/* Where the line has the character that stands for a lost one. */
static struct tctl_place
find_lost(const char *text, int line)
{
	static const char lost[] = "\xEF\xBF\xBD";
	struct tctl_place place = { line, 1 };
	const char *end;

	for (int i = 1; i < line; i++)
		text = strchr(text, '\n') + 1;
	for (end = strstr(text, lost); text < end; text++)
		place.column += (*text & 0xC0) != 0x80;
	return place;
}

static void
say_repair(struct tctl_draft *draft, const char *text, const char *from,
    size_t lost, const int lost_line[])
{
	char lines[LOST_LINES * 12 + 4] = "";
	size_t n = 0;

	tctl_say(draft, TCTL_NOTE, "encoding", (struct tctl_place){ 1, 1 }, 0,
	    "the text was UTF-8 read as %s and saved again: repaired", from);
	if (lost == 0)
		return;
	for (size_t i = 0; i < lost && i < LOST_LINES; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s%d",
		    i == 0 ? "" : ", ", lost_line[i]);
	tctl_say(draft, TCTL_WARNING, "encoding_lost",
	    find_lost(text, lost_line[0]), 0,
	    "%zu character%s could not be restored (line%s %s%s)", lost,
	    lost == 1 ? "" : "s", lost == 1 ? "" : "s", lines,
	    lost > LOST_LINES ? ", ..." : "");
}

enum tctl_status
tctl_bytes_repair(struct tctl_draft *draft, const char **bytes, size_t *length,
    char **owned, struct tctl_error *err)
{
	int lost_line[LOST_LINES];
	const char *from = NULL;
	enum tctl_status status;
	size_t lost = 0;

	*owned = NULL;
	status = tctl_encoding_repair(*bytes, *length, owned, length, &from,
	    &lost, lost_line, LOST_LINES, err);
	if (status != TCTL_OK)
		return status;
	if (from != NULL) {
		*bytes = *owned;
		say_repair(draft, *bytes, from, lost, lost_line);
	} else if (*length >= 3 && !memcmp(*bytes, "\xEF\xBB\xBF", 3)) {
		*bytes += 3;
		*length -= 3;
	}
	return TCTL_OK;
}
