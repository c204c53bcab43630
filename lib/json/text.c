/* text.c - JSON as text, as json-c would write it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/memory.h"
#include "text.h"

enum { ESCAPE_MAX = 6, NUMBER_MAX = 24 };

/* Where to write, with room for so many bytes. */
static char *
room(struct tctl_json_text *to, size_t bytes)
{
	if (to->size - to->used < bytes) {
		to->size = 2 * (to->size + bytes);
		to->at = realloc(to->at, to->size);
		if (to->at == NULL)
			tctl_die_nomem();
	}
	return to->at + to->used;
}

static char *
put(char *at, const char *bytes, size_t count)
{
	memcpy(at, bytes, count);
	return at + count;
}

static char *
put_escape(char *at, unsigned char c)
{
	static const char from[] = "\b\n\r\t\f\"\\", into[] = "bnrtf\"\\";
	const char *found = strchr(from, c);
	char escape[ESCAPE_MAX + 1];

	if (found != NULL)
		snprintf(escape, sizeof(escape), "\\%c", into[found - from]);
	else
		snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)c);
	return put(at, escape, strlen(escape));
}

/* What stands in front of a value; room for it of so many bytes. */
static char *
begin(struct tctl_json_text *to, const char *key, size_t bytes)
{
	size_t length = key == NULL ? 0 : strlen(key);
	char *at = room(to, length + 4 + bytes);
	char last = to->used == 0 ? '[' : at[-1];

	if (last != '[' && last != '{')
		*at++ = ',';
	if (key != NULL) {
		*at++ = '"';
		at = put(at, key, length);
		at = put(at, "\":", 2);
	}
	return at;
}

static void
end(struct tctl_json_text *to, const char *at)
{
	to->used = (size_t)(at - to->at);
}

void
tctl_json_write_text(
    struct tctl_json_text *to, const char *key, const char *text)
{
	size_t length = text == NULL ? 4 : strlen(text);
	char *at = begin(to, key, ESCAPE_MAX * length + 2);

	if (text == NULL) {
		end(to, put(at, "null", 4));
		return;
	}
	*at++ = '"';
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c == '"' || c == '\\')
			at = put_escape(at, c);
		else
			*at++ = *text;
	}
	*at++ = '"';
	end(to, at);
}

void
tctl_json_write_number(
    struct tctl_json_text *to, const char *key, int64_t value)
{
	char *at = begin(to, key, NUMBER_MAX), digits[NUMBER_MAX];
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t from = sizeof(digits);

	do
		digits[--from] = (char)('0' + left % 10);
	while ((left /= 10) != 0);
	if (value < 0)
		digits[--from] = '-';
	end(to, put(at, digits + from, sizeof(digits) - from));
}

void
tctl_json_write_bool(struct tctl_json_text *to, const char *key, bool value)
{
	char *at = begin(to, key, 5);

	end(to, value ? put(at, "true", 4) : put(at, "false", 5));
}

void
tctl_json_write_open(struct tctl_json_text *to, const char *key, char bracket)
{
	char *at = begin(to, key, 1);

	*at++ = bracket;
	end(to, at);
}

void
tctl_json_write_close(struct tctl_json_text *to, char bracket)
{
	*room(to, 1) = bracket;
	to->used++;
}
