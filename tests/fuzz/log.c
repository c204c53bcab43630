/* log.c - any bytes as the events of a progress branch: restored, and taken in
 * by a store that knows others; refused with the line, or the counts agree. */
#include "fuzz.h"
#include "taskctl/replay.h"
#include "world.h"

struct lines {
	struct tctl_log log;
	char *bytes;
	size_t length, at, line;
};

static enum tctl_status
next(struct tctl_log *log, const char **line, size_t *length,
    struct tctl_error *err)
{
	struct lines *in = log->from;
	char *end;

	(void)err;
	*line = NULL;
	if (in->at >= in->length)
		return TCTL_OK;
	*line = in->bytes + in->at;
	end = memchr(*line, '\n', in->length - in->at);
	*length = end == NULL ? in->length - in->at : (size_t)(end - *line);
	in->at += *length + 1;
	in->line++;
	return TCTL_OK;
}

static void
rewind_lines(struct tctl_log *log)
{
	struct lines *in = log->from;

	in->at = in->line = 0;
}

static void
place(const struct tctl_log *log, char *buf, size_t size)
{
	const struct lines *in = log->from;

	snprintf(buf, size, "events/00000001.jsonl:%zu", in->line);
}

static void
place_of(const struct tctl_log *log, int64_t id, int64_t line, char *buf,
    size_t size)
{
	(void)log;
	(void)id;
	snprintf(buf, size, "events/00000001.jsonl:%lld", (long long)line);
}

static int64_t
first_of(int64_t id)
{
	return (id - 1) / 1000 * 1000 + 1;
}

/* What the branch says of its last event: the highest number that goes by id.
 */
static int64_t
last_id(const char *bytes, size_t length)
{
	static const char key[] = "\"id\":";
	int64_t last = 0, id;
	const char *at = bytes, *end = bytes + length;

	while (at < end && (at = memmem(at, (size_t)(end - at), key,
				sizeof(key) - 1)) != NULL) {
		char number[24] = "";

		at += sizeof(key) - 1;
		memcpy(number, at, end - at < 20 ? (size_t)(end - at) : 20);
		id = strtoll(number, NULL, 10);
		last = id > last ? id : last;
	}
	return last;
}

static struct tctl_log *
open_log(struct lines *in, char *bytes, size_t length)
{
	*in = (struct lines){ .bytes = bytes, .length = length };
	in->log = (struct tctl_log){ .store = "s-elsewhere",
		.last = last_id(bytes, length),
		.branch = "taskctl",
		.next = next,
		.rewind = rewind_lines,
		.place = place,
		.place_of = place_of,
		.first_of = first_of,
		.from = in };
	return &in->log;
}

/* What is refused leaves nothing behind. */
static void
look_at(enum tctl_status status, size_t events, const struct tctl_error *err)
{
	if (status != TCTL_OK) {
		assert(status == TCTL_EINVALID && err->text[0] != '\0');
		assert(!world_has_changed());
	} else if (events > 0 || world_has_changed())
		world_agrees();
}

static void
restore(char *bytes, size_t length)
{
	const struct tctl_caller who = {
		.agent = "ada", .session = "s", .token = -1
	};
	struct tctl_error err = { .status = TCTL_OK };
	struct tctl_restored out = { .events = 0 };
	struct lines in;
	enum tctl_status status = tctl_restore(
	    &world, &who, NULL, open_log(&in, bytes, length), NULL, &out, &err);

	if (status == TCTL_OK)
		tctl_restored_release(&out);
	look_at(status, out.events, &err);
}

static void
take(char *bytes, size_t length)
{
	struct tctl_error err = { .status = TCTL_OK };
	struct tctl_taken out = { .events = 0 };
	struct lines in;
	enum tctl_status status =
	    tctl_take(&world, open_log(&in, bytes, length), &out, &err);

	if (status == TCTL_OK)
		tctl_taken_release(&out);
	look_at(status, out.events, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_bytes(data, size);

	if (world_bytes == NULL)
		world_make();
	for (int i = 0; i < 2; i++) {
		world_put(world_bytes, fuzz_is_replay != NULL);
		WORLD_OK(world_open(&world_err));
		i == 0 ? take(bytes, size) : restore(bytes, size);
	}
	free(bytes);
	return 0;
}
