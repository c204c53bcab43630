/* flip.c - flip bytes of a store, and ask taskctl: right, or refused.
 *
 *     flip TASKCTL FOLDER SOUND FROM COUNT
 *
 * COUNT 0 makes the store of seed FROM, and asks nothing: to look at one.
 *
 * For each seed the store in FOLDER/.tasks becomes the file SOUND with one to
 * eight bytes changed.  In it ada holds task 1.1 with token 1.  No command may
 * crash, hang, or exit with what the contract does not know; nobody but ada may
 * get 1.1 and finish it while she can too; two agents never get one task. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT_MOST = 1 << 20, WORDS_MOST = 16, SECONDS = 20 };

static const char *taskctl, *folder;
static unsigned char *sound;
static size_t size;
static char *sound_list;
static unsigned commands, crashes, doubles, stolen;

/* xorshift64*: the same on every machine. */
static uint64_t state;

static uint64_t
draw(uint64_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * UINT64_C(2685821657736338717) >> 16) % below;
}

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static void
spawn(char *const argv[], int out)
{
	struct rlimit cpu = { SECONDS, SECONDS };
	struct rlimit none = { 0, 0 };
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &none);
	alarm(3 * SECONDS);
	if (chdir(folder) == 0)
		execv(taskctl, argv);
	_exit(126);
}

/* Run taskctl with these words; its exit code, and what it said in out. */
static int
ask(unsigned seed, char *out, ...)
{
	char *argv[WORDS_MOST];
	size_t n = 0, got = 0;
	int end[2], status;
	va_list words;
	ssize_t bytes;
	pid_t child;

	argv[n++] = (char *)(uintptr_t)taskctl;
	va_start(words, out);
	while (n < WORDS_MOST && (argv[n] = va_arg(words, char *)) != NULL)
		n++;
	va_end(words);
	if (pipe(end) != 0 || (child = fork()) < 0)
		die("fork");
	if (child == 0)
		spawn(argv, end[1]);
	close(end[1]);
	while ((bytes = read(end[0], out + got, OUT_MOST - 1 - got)) > 0)
		got += (size_t)bytes;
	out[got] = '\0';
	close(end[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	commands++;
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 10 &&
	    WEXITSTATUS(status) != 2)
		return WEXITSTATUS(status);
	crashes++;
	printf("seed %u: %s %s %s: %s %d\n", seed, argv[1], argv[2],
	    argv[3] == NULL ? "" : argv[3],
	    WIFSIGNALED(status) ? "signal" : "exit",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return -1;
}

static void
put(unsigned seed)
{
	static const char *const beside[] = { "-wal", "-shm", "-queue" };
	unsigned char *flipped = malloc(size);
	char path[4096];
	uint64_t flips;
	int fd;

	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	memcpy(flipped, sound, size);
	flips = 1 + draw(8);
	while (flips > 0) {
		uint64_t at = draw(size);

		/* Most of a small store is empty: look for what is not. */
		for (int i = 0; flipped[at] == 0 && i < 8; i++)
			at = draw(size);
		flipped[at] ^= (unsigned char)(1 + draw(255));
		flips--;
	}
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/.tasks/taskctl.db%s", folder,
		    beside[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/.tasks/taskctl.db", folder);
	/* In place, so that it is no copy. */
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, flipped, size) != (ssize_t)size)
		die(path);
	close(fd);
	free(flipped);
}

/* What came of a seed. */
enum outcome { REFUSED, FOUND, HARMLESS, SILENT, OUTCOMES };

static void
twice(unsigned seed, const char *what)
{
	doubles++;
	printf("seed %u: %s\n", seed, what);
}

static enum outcome
try_seed(unsigned seed)
{
	static char out[OUT_MOST], bob[OUT_MOST], eve[OUT_MOST];
	bool refused, found, other;
	int got, first, second;

	put(seed);
	got = ask(seed, out, "-q", "doctor", NULL);
	found = got != 0 || strcmp(out, "sqlite-wal-reset\n") != 0;
	got = ask(seed, out, "list", NULL);
	refused = got != 0;
	other = got == 0 && strcmp(out, sound_list) != 0;
	refused |= ask(seed, out, "status", NULL) != 0;
	if (ask(seed, out, "done", "1.1", "--agent", "eve", NULL) == 0)
		twice(seed, "eve has finished 1.1, which is ada's");
	got = ask(seed, bob, "-q", "claim", "1.1", "--agent", "bob", NULL);
	refused |= got == 10;
	/* Its end is a number like any other; ada is told. */
	stolen += got == 0 && !found && !refused;
	if (got == 0 && ask(seed, out, "done", "1.1", "--agent", "ada",
			    "--session", "s", "--token", "1", NULL) == 0)
		twice(seed, "1.1 is bob's, and ada has finished it");
	first = ask(seed, bob, "-q", "claim", "--next", "--agent", "bob", NULL);
	second =
	    ask(seed, eve, "-q", "claim", "--next", "--agent", "eve", NULL);
	refused |= first == 10 || second == 10;
	bob[strcspn(bob, " ")] = eve[strcspn(eve, " ")] = '\0';
	if (first == 0 && second == 0 && strcmp(bob, eve) == 0)
		twice(seed, "bob and eve have the same task");
	return refused ? REFUSED : found ? FOUND : other ? SILENT : HARMLESS;
}

static void
load(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0)
		die(path);
	size = (size_t)st.st_size;
	sound = malloc(size);
	if (read(fd, sound, size) != (ssize_t)size)
		die(path);
	close(fd);
}

int
main(int argc, char *argv[])
{
	static char list[OUT_MOST];
	unsigned count[OUTCOMES] = { 0 }, from, seeds;

	if (argc != 6)
		return 2;
	taskctl = argv[1];
	folder = argv[2];
	load(argv[3]);
	from = (unsigned)atoi(argv[4]);
	seeds = (unsigned)atoi(argv[5]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (ask(0, list, "list", NULL) != 0)
		return 2;
	sound_list = list;
	if (seeds == 0) {
		put(from);
		return 0;
	}
	for (unsigned i = 0; i < seeds; i++)
		count[try_seed(from + i)]++;
	printf("flip: %u seeds, %u commands: %u refused, %u found by doctor "
	       "alone, %u without effect, %u told something else unnoticed "
	       "(%u that a lease was over); %u crashed, %u double\n",
	    seeds, commands, count[REFUSED], count[FOUND], count[HARMLESS],
	    count[SILENT], stolen, crashes, doubles);
	return crashes + doubles == 0 && count[REFUSED] + count[FOUND] > 0 ? 0
									   : 1;
}
