/* peers.c - taskctl beside what else people use, on the same work.
 *
 *     peers [--quick] [--only NAME,NAME] [--dir DIR] [--markdown FILE]
 *           --programs DIR --sources DIR --modules DIR
 *
 * programs: where taskctl is; sources: this folder; modules: what npm
 * installed. It works in a folder of its own in DIR (TMPDIR, or /var/tmp),
 * which it removes; servers end with it.  Everything runs in turns, beside a
 * probe of the disk.  A peer that is not installed is named in the table.
 *
 * Exit 0: measured; 70: something that was measured did not happen. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peers.h"

const size_t peers_size[SIZES] = { 100, 1000, 10000 };

/* taskctl first: ratios are to it.  Then the durable ones. */
static const char *const name[] = { "taskctl", "postgresql", "etcd", "redis",
	"taskwarrior", "backlog", "taskmaster", "flock", "mkdir",
	"old_script" };

enum { NAMES = sizeof(name) / sizeof(name[0]) };

static const struct option long_options[] = { { "quick", no_argument, NULL,
						  'q' },
	{ "only", required_argument, NULL, 'o' },
	{ "dir", required_argument, NULL, 'd' },
	{ "markdown", required_argument, NULL, 'm' },
	{ "programs", required_argument, NULL, 'p' },
	{ "sources", required_argument, NULL, 's' },
	{ "modules", required_argument, NULL, 'n' }, { NULL, 0, NULL, 0 } };

struct wish {
	const char *only; /* NULL: all */
	const char *dir;
	const char *markdown;
	bool is_quick;
};

/* Kept to the end; a folder that is not there: what is in it is not installed.
 */
static const char *
absolute(const char *path)
{
	char *real = realpath(path, NULL);

	return real != NULL ? real : "/nonexistent";
}

static void
read_options(int argc, char *argv[], struct peers *out, struct wish *wish)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == 'q')
			wish->is_quick = true;
		else if (c == 'o')
			wish->only = optarg;
		else if (c == 'd')
			wish->dir = optarg;
		else if (c == 'm')
			wish->markdown = optarg;
		else if (c == 'p')
			out->programs = absolute(optarg);
		else if (c == 's')
			out->sources = absolute(optarg);
		else if (c == 'n')
			out->modules = absolute(optarg);
		else
			exit(64);
	}
	if (out->programs == NULL || out->sources == NULL ||
	    out->modules == NULL || optind < argc)
		bench_die("--programs, --sources and --modules are needed");
	out->bench = absolute(bench_text("%s/../bench", out->sources));
}

static void
choose_size(struct peers *out, bool is_quick)
{
	if (getloadavg(&out->load, 1) != 1)
		out->load = 0;
	out->is_quick = is_quick;
	out->sizes = is_quick ? 2 : SIZES;
	out->rounds = is_quick ? 20 : 100;
	out->race_rounds = is_quick ? 20 : 200;
	out->lost_rounds = is_quick ? 4 : 25;
	out->least = is_quick ? 2 : 5;
	out->budget_ms = is_quick ? 8000 : 90000;
}

static bool
is_wanted(const struct wish *wish, const char *one)
{
	char *list = bench_text(",%s,", wish->only == NULL ? one : wish->only);
	char *part = bench_text(",%s,", one);
	bool yes = strstr(list, part) != NULL;

	free(part);
	free(list);
	return yes;
}

static void
find_peers(struct peers *peers, const struct wish *wish)
{
	peers->at = calloc(NAMES, sizeof(*peers->at));
	if (peers->at == NULL)
		bench_die("out of memory");
	for (size_t i = 0; i < NAMES; i++) {
		struct peer *peer = &peers->at[peers->count];

		if (i > 0 && !is_wanted(wish, name[i]))
			continue;
		peer->name = name[i];
		peers->count++;
		peer_find(peers, peer);
		fprintf(stderr, "peers: %-12s %s\n", peer->name,
		    peer->version != NULL ? peer->version : "not installed");
	}
}

static void
publish(const struct peers *peers, const char *path)
{
	FILE *out = path == NULL ? NULL : fopen(path, "we");

	peers_print(peers, stdout);
	if (path == NULL)
		return;
	if (out == NULL)
		bench_die("cannot write %s: %s", path, strerror(errno));
	peers_print(peers, out);
	if (fclose(out) != 0)
		bench_die("cannot write %s", path);
}

int
main(int argc, char *argv[])
{
	struct peers peers = { 0 };
	struct wish wish = { 0 };

	read_options(argc, argv, &peers, &wish);
	choose_size(&peers, wish.is_quick);
	/* Others than we must be able to go through: PostgreSQL's user. */
	peers.folder = bench_scratch(wish.dir, "taskctl-peers", 0711);
	peers.plan = bench_text("%s/plan.tsv", peers.folder);
	find_peers(&peers, &wish);
	bench_probe_open(&peers.probe, peers.folder);
	measure_crowd(&peers);
	measure_latency(&peers);
	publish(&peers, wish.markdown);
	return 0;
}
