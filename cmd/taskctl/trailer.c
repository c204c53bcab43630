/* trailer.c - "Key: value", at the end of a commit's message. */
#include "trailer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *
tctl_trailer_value(const char *line, const char *key, size_t *length)
{
	size_t end;

	if (strncasecmp(line, key, strlen(key)) != 0)
		return NULL;
	line += strlen(key);
	line += strspn(line, " \t");
	if (*line++ != ':')
		return NULL;
	line += strspn(line, " \t");
	for (end = strcspn(line, "\n"); end > 0; end--)
		if (strchr(" \t\r", line[end - 1]) == NULL)
			break;
	*length = end;
	return line;
}

bool
tctl_trailer_last(const char *message, const char *key, char out[], size_t size)
{
	const char *line = message;
	bool found = false;

	/* The last blank line that something follows. */
	for (const char *p = message; (p = strstr(p, "\n\n")) != NULL; p++)
		if (p[2 + strspn(p + 2, "\n")] != '\0')
			line = p + 2;
	while (*line != '\0') {
		size_t length;
		const char *value = tctl_trailer_value(line, key, &length);

		if (value != NULL && length > 0) {
			found = length < size;
			if (found)
				snprintf(out, size, "%.*s", (int)length, value);
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return found;
}
