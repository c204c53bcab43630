/* reserve_files.c - the files that a plan names, as patterns. */
#include <string.h>

#include "reserved.h"

const struct tctl_pattern *
tctl_reservation_of_file(struct tctl_arena *arena, const char *file)
{
	const struct tctl_pattern *pattern;
	char text[2 * TCTL_PATTERN_MAX + 2] = "/";
	struct tctl_error unused;
	size_t used = 1;

	if (strncmp(file, "./", 2) == 0)
		file += 2;
	file += *file == '/';
	if (*file == '~')
		return NULL; /* somebody's home */
	for (; *file != '\0'; file++) {
		if (used + 3 > sizeof(text))
			return NULL;
		if (*file == '[' || *file == '\\')
			text[used++] = '\\';
		text[used++] = *file;
	}
	text[used] = '\0';
	return tctl_pattern_read(arena, text, &pattern, &unused) == TCTL_OK
		   ? pattern
		   : NULL;
}
