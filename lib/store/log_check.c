/* log_check.c - is a byte of the write-ahead log another than was written?
 *
 * SQLite ends the log at the first frame whose checksum does not hold, without
 * a word: a transaction that was cut off by a death looks like that, and so
 * does what a shorter one has left of it.  Those begin with a frame that
 * follows on another one than stands in front of it: all of it is wrong.  One
 * changed word is told from that, since the sums are linear: what is missing
 * from them is what one word makes of them, and by chance that is so once in
 * four million (sqlite.org/fileformat2.html, 4.1 to 4.3). */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/memory.h"
#include "taskctl/store.h"

enum {
	LOG_HEADER = 32,
	FRAME_HEADER = 24,
	SUMMED = 8,	    /* of a frame's header; and its page */
	MAGIC = 0x377f0682, /* one more: words are big-endian */
	LOG_MOST = 256 << 20,
};

struct sum {
	uint32_t a, b;
};

struct log {
	const unsigned char *bytes;
	size_t size;
	size_t page;
	bool is_big;
};

static uint32_t
read_big(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static uint32_t
word(const struct log *log, const unsigned char *at)
{
	return log->is_big ? read_big(at)
			   : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 |
				 (uint32_t)at[1] << 8 | at[0];
}

static struct sum
add(const struct log *log, struct sum sum, const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i += 8) {
		sum.a += word(log, at + i) + sum.b;
		sum.b += word(log, at + i + 4) + sum.a;
	}
	return sum;
}

static struct sum
stored(const unsigned char *at)
{
	return (struct sum){ read_big(at), read_big(at + 4) };
}

static bool
same(struct sum a, struct sum b)
{
	return a.a == b.a && a.b == b.b;
}

/* Frame n, from 1; NULL: the log ends before. */
static const unsigned char *
frame(const struct log *log, size_t n)
{
	size_t at = LOG_HEADER + (n - 1) * (FRAME_HEADER + log->page);

	return at + FRAME_HEADER + log->page <= log->size ? log->bytes + at
							  : NULL;
}

static struct sum
sum_of(const struct log *log, struct sum before, const unsigned char *at)
{
	return add(
	    log, add(log, before, at, SUMMED), at + FRAME_HEADER, log->page);
}

static bool
has_salt(const struct log *log, const unsigned char *at)
{
	return memcmp(at + 8, log->bytes + 16, 8) == 0;
}

static bool
holds(const struct log *log, struct sum before, const unsigned char *at)
{
	return has_salt(log, at) &&
	       same(sum_of(log, before, at), stored(at + 16));
}

/* Does it end a transaction? */
static bool
is_commit(const unsigned char *at)
{
	return read_big(at + 4) != 0;
}

/* Is what is missing from the sum what one of its words makes of it?  A pair of
 * words adds d and d to the sums, or 0 and d; each pair after it makes a + b of
 * the first, and a + 2b of the second: which is undone pair by pair. */
static bool
is_one_word(const struct log *log, struct sum missing)
{
	for (size_t i = 0; i < (SUMMED + log->page) / 8; i++) {
		struct sum after = missing;

		if (missing.a == missing.b || missing.a == 0)
			return true;
		missing.a = 2 * after.a - after.b;
		missing.b = after.b - after.a;
	}
	return false;
}

/* A frame that does not hold: was one word of it changed? */
static bool
was_changed(const struct log *log, const unsigned char *at, struct sum is)
{
	struct sum says = stored(at + 16);

	if (same(is, says) || !has_salt(log, at))
		return same(is, says); /* so its salt was, or it is another's */
	/* One of the sums itself, or of what they are of. */
	return is.a == says.a || is.b == says.b ||
	       is_one_word(log, (struct sum){ says.a - is.a, says.b - is.b });
}

/* How many transactions end in the frames that follow on that sum. */
static int64_t
count_commits(const struct log *log, size_t n, struct sum sum)
{
	const unsigned char *at;
	int64_t commits = 0;

	for (; (at = frame(log, n)) != NULL && holds(log, sum, at); n++) {
		commits += is_commit(at);
		sum = stored(at + 16);
	}
	return commits;
}

bool
tctl_log_changed(
    const unsigned char *bytes, size_t size, struct tctl_log_change *out)
{
	struct log log = { .bytes = bytes, .size = size };
	const unsigned char *at;
	int64_t after_is, after_says;
	struct sum sum, is;
	size_t n = 1;

	memset(out, 0, sizeof(*out));
	if (size < LOG_HEADER || (read_big(bytes) & ~1U) != MAGIC)
		return false;
	log.is_big = (read_big(bytes) & 1) != 0;
	log.page = read_big(bytes + 8);
	if (log.page < 512 || log.page > 65536 || log.page % 512 != 0)
		return false;
	sum = add(&log, (struct sum){ 0, 0 }, bytes, 24);
	if (!same(sum, stored(bytes + 24)))
		return false;
	for (; (at = frame(&log, n)) != NULL && holds(&log, sum, at); n++)
		sum = stored(at + 16);
	if (at == NULL)
		return false;
	is = sum_of(&log, sum, at);
	if (!was_changed(&log, at, is))
		return false;
	/* What follows on what it was: SQLite does not get there any more. */
	after_is = count_commits(&log, n + 1, is);
	after_says = count_commits(&log, n + 1, stored(at + 16));
	out->frame = (int64_t)n;
	out->commits =
	    is_commit(at) + (after_is > after_says ? after_is : after_says);
	return out->commits > 0;
}

static bool
look_once(const char *path, struct tctl_log_change *out)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	unsigned char *bytes = NULL;
	bool found = false;
	struct stat st;
	ssize_t n;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > 0 && st.st_size <= LOG_MOST) {
		bytes = tctl_xcalloc((size_t)st.st_size, 1);
		n = pread(fd, bytes, (size_t)st.st_size, 0);
		found = n > 0 && tctl_log_changed(bytes, (size_t)n, out);
	}
	if (fd >= 0)
		close(fd);
	free(bytes);
	return found;
}

bool
tctl_store_look_at_log(const char *path, struct tctl_log_change *out)
{
	enum { PAUSE_US = 50000 };
	char *log = tctl_xprintf("%s-wal", path);
	struct tctl_log_change first = { .frame = 0 };
	bool found = look_once(log, &first);

	/* Or somebody was about to write it. */
	if (found) {
		usleep(PAUSE_US);
		found = look_once(log, out) && out->frame == first.frame;
	}
	free(log);
	return found;
}
