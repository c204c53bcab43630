/* memstream.c - open_memstream for programs that are linked dynamically.
 *
 * Where libc's own gets no more memory, it drops what does not fit, or all of
 * it at its end, and neither ferror nor fclose says so: a file of events would
 * be committed empty.  Our malloc (nomem.c) is not in the place of that which
 * libc calls itself; so the text grows here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/memory.h"

/* A stream, and where its user wants to know of it. */
struct memory {
	char **text;
	size_t *length;
	char *at;
	size_t room, end, place;
};

FILE *__wrap_open_memstream(char **text, size_t *length);

static ssize_t
take(void *cookie, const char *bytes, size_t count)
{
	struct memory *memory = cookie;
	size_t needed = memory->place + count + 1;

	if (needed > memory->room) {
		memory->room = 2 * needed;
		memory->at = realloc(memory->at, memory->room);
	}
	memcpy(memory->at + memory->place, bytes, count);
	memory->place += count;
	if (memory->place >= memory->end) {
		memory->end = memory->place;
		memory->at[memory->end] = '\0';
	}
	*memory->text = memory->at;
	*memory->length = memory->place;
	return (ssize_t)count;
}

/* Within what is there. */
static int
go_to(void *cookie, off64_t *place, int whence)
{
	struct memory *memory = cookie;
	off64_t from = whence == SEEK_SET   ? 0
		       : whence == SEEK_CUR ? (off64_t)memory->place
					    : (off64_t)memory->end;

	if (*place < -from || *place > (off64_t)memory->end - from)
		return -1;
	memory->place = (size_t)(from + *place);
	*place += from;
	return 0;
}

static int
end(void *cookie)
{
	free(cookie);
	return 0;
}

FILE *
__wrap_open_memstream(char **text, size_t *length)
{
	static const cookie_io_functions_t ours = {
		.write = take, .seek = go_to, .close = end
	};
	struct memory *memory = tctl_xcalloc(1, sizeof(*memory));
	FILE *stream = fopencookie(memory, "w", ours);

	if (stream == NULL)
		tctl_die_nomem();
	memory->text = text;
	memory->length = length;
	take(memory, "", 0);
	return stream;
}
