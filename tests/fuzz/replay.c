/* replay.c - a target without the fuzzer: every file below the folders named,
 * one after the other. */
#include <ftw.h>
#include <signal.h>

#include "fuzz.h"

enum { OPEN_FOLDERS_MAX = 8 };

static size_t count;
static const char *current;

int
fuzz_is_replay(void)
{
	return 1;
}

/* An assertion does not say of which file it is. */
static void
say_which(int signo)
{
	static const char was[] = "replay: it was ";

	(void)!write(STDERR_FILENO, was, sizeof(was) - 1);
	(void)!write(STDERR_FILENO, current, strlen(current));
	(void)!write(STDERR_FILENO, "\n", 1);
	signal(signo, SIG_DFL);
	raise(signo);
}

static int
replay(const char *path, const struct stat *st, int kind, struct FTW *unused)
{
	uint8_t *bytes;
	FILE *file;

	(void)unused;
	if (kind != FTW_F)
		return 0;
	bytes = tctl_xcalloc((size_t)st->st_size, 1);
	file = fopen(path, "rb");
	assert(file != NULL);
	assert(
	    fread(bytes, 1, (size_t)st->st_size, file) == (size_t)st->st_size);
	fclose(file);
	current = path;
	LLVMFuzzerTestOneInput(bytes, (size_t)st->st_size);
	free(bytes);
	count++;
	return 0;
}

int
main(int argc, char *argv[])
{
	signal(SIGABRT, say_which);
	signal(SIGSEGV, say_which);
	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], replay, OPEN_FOLDERS_MAX, FTW_PHYS) != 0) {
			perror(argv[i]);
			return 1;
		}
	printf("ok - fuzz: %s: %zu inputs\n", argv[0], count);
	return count == 0; /* a corpus that is not there proves nothing */
}
