/* look.c - a store's files from outside: who has the turn, who reads. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/memory.h"
#include "taskctl/process.h"
#include "taskctl/store.h"
#include "turnstile.h"

/* Of the log's index: the locks of readers (sqlite.org/walformat.html, "WAL
 * locks"). */
enum { READER_BYTES = 123, READERS = 5 };

/* F_GETLK names one holder. */
static int64_t
find_reader(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = READER_BYTES,
		.l_len = READERS };
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	bool found =
	    fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return found ? (int64_t)lock.l_pid : 0;
}

/* In which mode it was written last (sqlite.org/fileformat2.html, 1.3.3). */
static bool
has_no_log(const char *path)
{
	enum { VERSION = 18, WITHOUT = 1 };
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	char version = 0;
	bool read = fd >= 0 && pread(fd, &version, 1, VERSION) == 1;

	if (fd >= 0)
		close(fd);
	return read && version == WITHOUT;
}

void
tctl_store_look(const char *path, struct tctl_look *out)
{
	char *queue = tctl_xprintf("%s-queue", path);
	char *log = tctl_xprintf("%s-wal", path);
	char *index = tctl_xprintf("%s-shm", path);
	struct stat st;

	memset(out, 0, sizeof(*out));
	if (tctl_turnstile_look(queue, &out->queue) && out->queue.held)
		out->for_ms = tctl_clock_ms() - out->queue.since_ms;
	if (stat(log, &st) == 0)
		out->log_bytes = (int64_t)st.st_size;
	out->no_log = has_no_log(path);
	out->reader = find_reader(index);
	if (out->reader > 0)
		out->reader_state = tctl_process_state(out->reader);
	free(queue);
	free(log);
	free(index);
}

const char *
tctl_store_engine(int *number)
{
	*number = sqlite3_libversion_number();
	return sqlite3_libversion();
}
