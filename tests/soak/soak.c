/* soak.c - N one-shot writers, and readers, on one store for so many seconds:
 * is it fair, does anybody wait for long, does anything grow, is anything lost?
 *
 * soak SECONDS [WRITERS]
 *
 * Slices of a few seconds take turns: writers alone, readers alone, both.  What
 * is judged are ratios: a wait against the time that a turn of all takes, less
 * what the disk kept all waiting; what a read takes against a start of a
 * program that reads no store.  Prints TAP; 1: a limit was crossed. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

enum { READERS = 2, LONGS = 3, TICK_US = 20000, SETTLE_US = 1000000 };

/* What is allowed, by what was measured (docs/TESTING.md). */
static const double jain_least = 0.9, turns_most = 16, spread_most = 15,
		    read_most = 0.3, left_least = 0.3, log_most_mib = 12,
		    grown_most_kib = 512;

static const char *const mode_name[MODES] = { "", "writing", "reading",
	"both" };

static struct soak *soak;
static size_t writers = 64;
static double spent_s[MODES];
static double log_mib;
static struct soak_long longs[LONGS];
static size_t long_count;
static int tests, failures;

static size_t
part_of_readers(void)
{
	return writers;
}

static size_t
part_of_start(void)
{
	return writers + READERS;
}

static size_t
part_of_disk(void)
{
	return writers + READERS + 1;
}

static size_t
parts(void)
{
	return writers + READERS + 2;
}

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static void
must(const char *command)
{
	if (system(command) != 0)
		die(command);
}

/* --- the store -------------------------------------------------------------
 */

static void
make_store(void)
{
	FILE *plan = fopen("plan.md", "w");

	if (plan == NULL)
		die("plan.md");
	fputs("# Wide\n\n## Sprint 1 : all\n", plan);
	for (size_t i = 1; i <= writers; i++)
		fprintf(plan, "\n#### Task 1.%zu : one\n", i);
	fclose(plan);
	must("taskctl init >init.txt && taskctl config git.auto off >>init.txt "
	     "&& taskctl import plan.md >>init.txt 2>&1");
}

static long
ask_store(const char *sql)
{
	char command[256];
	long number = -1;
	FILE *from;

	snprintf(command, sizeof(command),
	    "sqlite3 -readonly .tasks/taskctl.db \"%s\"", sql);
	from = popen(command, "r");
	if (from == NULL || fscanf(from, "%ld", &number) != 1)
		number = -1;
	if (from != NULL)
		pclose(from);
	return number;
}

/* --- the slices ------------------------------------------------------------
 */

static void
start_parts(void)
{
	for (size_t i = 0; i < parts(); i++) {
		if (fork() != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (i < part_of_readers())
			soak_write(soak, i, (int)i + 1);
		else if (i < part_of_start())
			soak_read(soak, i);
		else if (i < part_of_disk())
			soak_start_only(soak, i);
		else
			soak_probe(soak, i);
		_exit(0);
	}
}

static void
look(bool warm)
{
	struct stat st;

	if (stat(".tasks/taskctl.db-wal", &st) == 0 &&
	    log_mib < (double)st.st_size / 1048576)
		log_mib = (double)st.st_size / 1048576;
	for (size_t i = 0; i < long_count; i++)
		soak_look(&longs[i], warm);
}

static void
slice(int mode, double seconds, double warm_at)
{
	double begin = soak_clock();

	soak->mode = mode;
	while (soak_clock() < begin + seconds) {
		usleep(TICK_US);
		look(soak_clock() > warm_at);
	}
	spent_s[mode] += soak_clock() - begin;
}

static void
run_slices(double seconds)
{
	double begin = soak_clock(), cycle = seconds > 60 ? 30 : seconds;

	while (soak_clock() < begin + seconds - cycle / 2) {
		slice(WRITING, cycle * 0.3, begin + seconds / 4);
		slice(READING, cycle * 0.15, begin + seconds / 4);
		slice(WRITING | READING, cycle * 0.55, begin + seconds / 4);
	}
	soak->is_over = true;
	for (size_t i = 0; i < parts(); i++)
		wait(NULL);
}

/* It is built where its library is. */
static bool
has_serve(void)
{
	return system("command -v taskctl-serve >/dev/null") == 0;
}

static void
start_longs(void)
{
	long_count = 0;
	for (size_t i = 0; i < LONGS; i++)
		if (i == 0 ? soak_serve(&longs[long_count])
			   : soak_follow(&longs[long_count]))
			long_count++;
}

/* --- the table ---------------------------------------------------------------
 */

static struct soak_score
sum_of(size_t from, size_t to, int mode)
{
	struct soak_score sum = { 0 };

	for (size_t i = from; i < to; i++)
		soak_add(&sum, &soak->part[i].in[mode]);
	return sum;
}

static double
jain(void)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < writers; i++) {
		double done = 0;

		for (int mode = 1; mode < MODES; mode++)
			done += (double)soak->part[i].in[mode].done;
		sum += done;
		squares += done * done;
	}
	return squares > 0 ? sum * sum / ((double)writers * squares) : 0;
}

static double
rate(size_t from, size_t to, int mode)
{
	return (double)sum_of(from, to, mode).done / spent_s[mode];
}

static double
middle(size_t from, size_t to, int mode)
{
	struct soak_score sum = sum_of(from, to, mode);

	return soak_quantile(&sum, 0.5);
}

/* So that who follows has seen the last event: some reads as they are here. */
static void
settle(void)
{
	double read_ms =
	    middle(part_of_readers(), part_of_start(), WRITING | READING);

	usleep(SETTLE_US + (read_ms > 0 ? (useconds_t)(20000 * read_ms) : 0));
}

static void
row(const char *who, size_t from, size_t to)
{
	for (int mode = 1; mode < MODES; mode++) {
		struct soak_score sum = sum_of(from, to, mode);

		if (sum.worst_ms > 0)
			printf("# %-22s %-8s %8.1f %9.2f %9.2f %9.1f\n", who,
			    mode_name[mode], rate(from, to, mode),
			    soak_quantile(&sum, 0.5), soak_quantile(&sum, 0.99),
			    sum.worst_ms);
	}
}

static void
table(void)
{
	printf("# %-22s %-8s %8s %9s %9s %9s\n", "", "while", "a second",
	    "p50 ms", "p99 ms", "worst ms");
	row("changes", 0, part_of_readers());
	row("reads", part_of_readers(), part_of_start());
	row("starts, no store", part_of_start(), part_of_disk());
	row("4 KiB to the disk", part_of_disk(), parts());
	for (size_t i = 0; i < long_count; i++)
		printf("# %-22s %ld events, %ld KiB warm, %ld at most\n",
		    longs[i].name, longs[i].last, longs[i].first_kib,
		    longs[i].most_kib);
}

/* --- what is judged
 * ----------------------------------------------------------- */

static void
judge(const char *what, double is, bool at_most, double limit)
{
	bool ok = at_most ? is <= limit : is >= limit;

	printf("%sok %d - %s: %.4g (%s %.4g)\n", ok ? "" : "not ", ++tests,
	    what, is, at_most ? "at most" : "at least", limit);
	failures += !ok;
}

static double
turn_ms(int mode)
{
	return 1000 * (double)writers / rate(0, part_of_readers(), mode);
}

/* Where each turn goes to one of those who wait, 99 of 100 wait for less than
 * seven times what half of them do; where some starve, for far longer.  What
 * the disk has kept one waiting, it has kept all waiting. */
static void
judge_wait(int mode)
{
	struct soak_score sum = sum_of(0, part_of_readers(), mode);
	struct soak_score disk = sum_of(part_of_disk(), parts(), mode);
	char text[80];

	snprintf(text, sizeof(text), "99 of 100 wait so many medians (%s)",
	    mode_name[mode]);
	judge(text,
	    (soak_quantile(&sum, 0.99) - soak_quantile(&disk, 0.99)) /
		soak_quantile(&sum, 0.5),
	    true, spread_most);
	snprintf(text, sizeof(text), "the worst wait, in turns of %.0f ms",
	    turn_ms(mode));
	judge(text, (sum.worst_ms - disk.worst_ms) / turn_ms(mode), true,
	    turns_most);
}

static void
judge_long(const struct soak_long *one, long events)
{
	char text[80];

	snprintf(text, sizeof(text), "%s: memory, KiB more than when warm",
	    one->name);
	judge(text, (double)(one->most_kib - one->first_kib), true,
	    grown_most_kib);
	snprintf(text, sizeof(text), "%s: events that it missed", one->name);
	judge(text, (double)(one->gaps + labs(events - one->last)), true, 0);
}

static long
complain(void)
{
	long failed = 0;

	for (size_t i = 0; i < parts(); i++) {
		for (int mode = 0; mode < MODES; mode++)
			failed += soak->part[i].in[mode].failed;
		if (soak->part[i].complaint[0] != '\0')
			printf("# %s\n", soak->part[i].complaint);
	}
	return failed;
}

static void
judge_all(void)
{
	long events = ask_store("SELECT event FROM store");

	judge("Jain's index of the writers", jain(), false, jain_least);
	judge_wait(WRITING);
	judge_wait(WRITING | READING);
	judge("writers beside readers: changes, of those alone",
	    rate(0, part_of_readers(), WRITING | READING) /
		rate(0, part_of_readers(), WRITING),
	    false, left_least);
	/* One that waited for writers would wait for a turn of all. */
	judge("reads beside writers: slower than to read no store, in turns",
	    (middle(part_of_readers(), part_of_start(), WRITING | READING) -
		middle(part_of_start(), part_of_disk(), WRITING | READING)) /
		turn_ms(WRITING | READING),
	    true, read_most);
	judge("the log at most, MiB", log_mib, true, log_most_mib);
	judge("readers that stay, and did not start",
	    (double)(LONGS - long_count) - (has_serve() ? 0 : 1), true, 0);
	for (size_t i = 0; i < long_count; i++)
		judge_long(&longs[i], events);
	judge("commands that failed", (double)complain(), true, 0);
	judge("tasks that are not free again",
	    (double)ask_store(
		"SELECT count(*) FROM task WHERE state <> 'open'"),
	    true, 0);
	judge("tokens that were used twice",
	    (double)ask_store("SELECT count(*) - count(DISTINCT token) FROM "
			      "event WHERE kind = 'claimed'"),
	    true, 0);
	judge("pages that are not whole",
	    (double)ask_store("SELECT count(*) FROM pragma_integrity_check "
			      "WHERE integrity_check <> 'ok'"),
	    true, 0);
}

int
main(int argc, char *argv[])
{
	double seconds = argc > 1 ? atof(argv[1]) : 0;
	char folder[] = "/tmp/soak.XXXXXX", command[64];
	size_t size;

	if (argc > 2)
		writers = (size_t)atol(argv[2]);
	if (seconds < 1 || writers < 1)
		return 64;
	size = sizeof(*soak) + parts() * sizeof(soak->part[0]);
	soak = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (soak == MAP_FAILED || mkdtemp(folder) == NULL || chdir(folder) != 0)
		die(folder);
	signal(SIGPIPE, SIG_IGN);
	make_store();
	start_longs();
	start_parts();
	run_slices(seconds);
	settle();
	for (size_t i = 0; i < long_count; i++)
		soak_end(&longs[i]);
	table();
	judge_all();
	printf("1..%d\n", tests);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (failures == 0)
		must(command);
	else
		printf("# the store is in %s\n", folder);
	return failures != 0;
}
