/* peer.c - one peer: its file, its folder, its server, its commands. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "peers.h"

enum { PATIENCE = 600, PATIENCE_US = 100000 }; /* for a server: a minute */

static const char search_path[] = "/usr/local/bin:/usr/bin:/bin";

/* --- what its file says -----------------------------------------------------
 */

/* All that commands and functions may ask the environment for. */
static void
set_environment(const struct peers *peers, struct peer *peer)
{
	const char *folder = peer->folder != NULL ? peer->folder : "/";
	char *all[] = { bench_text("PATH=%s", search_path),
		bench_text("LANG=C.UTF-8"), bench_text("HOME=%s", folder),
		bench_text("folder=%s", folder),
		bench_text("peers=%s", peers->sources),
		bench_text("programs=%s", peers->programs),
		bench_text("modules=%s", peers->modules),
		bench_text("bench=%s", peers->bench),
		bench_text("plan=%s", peers->plan),
		bench_text("port=%u", peer->port[0]),
		bench_text("port2=%u", peer->port[1]),
		bench_text("TASKMASTER_SKIP_AUTO_UPDATE=1"), NULL };

	for (size_t i = 0; peer->environment[i] != NULL; i++)
		free(peer->environment[i]);
	memcpy(peer->environment, all, sizeof(all));
}

static void
ask(const struct peers *peers, const struct peer *peer, const char *function,
    struct bench_run *run)
{
	char *file = bench_text("%s/%s.sh", peers->sources, peer->name);
	const char *const argv[] = { "/bin/sh", file, function, NULL };

	bench_environment = (const char *const *)peer->environment;
	bench_spawn(peer->folder != NULL ? peer->folder : "/", argv, run);
	free(file);
}

static void
must(const struct peers *peers, const struct peer *peer, const char *function,
    struct bench_run *run)
{
	ask(peers, peer, function, run);
	if (run->exit != 0)
		bench_die(
		    "%s: %s failed: %s", peer->name, function, run->output);
}

static char *
next_word(const char **at)
{
	char *word = strcmp(*at, "-") == 0 ? NULL : bench_text("%s", *at);

	*at += strlen(*at) + 1;
	return word;
}

static bool
is_yes(const char **at)
{
	char *word = next_word(at);
	bool yes = word != NULL && strcmp(word, "yes") == 0;

	free(word);
	return yes;
}

void
peer_find(const struct peers *peers, struct peer *peer)
{
	struct bench_run run;
	const char *at = run.output;

	set_environment(peers, peer);
	must(peers, peer, "words", &run);
	peer->durable = is_yes(&at);
	peer->serves = is_yes(&at);
	peer->won = next_word(&at);
	peer->accepted = next_word(&at);
	for (size_t i = 0; i < OPS; i++)
		peer->word[i] = next_word(&at);
	ask(peers, peer, "version", &run);
	run.output[strcspn(run.output, "\n")] = '\0';
	if (run.exit == 0)
		peer->version = bench_text("%s", run.output);
}

/* --- its folder and its server ----------------------------------------------
 */

static unsigned
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &length) != 0)
		bench_die("no free port: %s", strerror(errno));
	close(fd);
	return ntohs(at.sin_port);
}

struct server {
	const struct peers *peers;
	const struct peer *peer;
};

static void
become_server(void *with)
{
	const struct server *server = with;
	const struct peer *peer = server->peer;
	char *file = bench_text("%s/%s.sh", server->peers->sources, peer->name);
	const char *const argv[] = { "sh", file, "serve", NULL };
	int log;

	if (chdir(peer->folder) != 0)
		_exit(126);
	log = open("server.log", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	/* They are not changed; the interface is older than const. */
	execve("/bin/sh", (char *const *)(uintptr_t)argv, peer->environment);
	_exit(127);
}

static void
start_server(const struct peers *peers, struct peer *peer)
{
	struct server server = { peers, peer };
	struct bench_run run;

	peer->server = bench_child_start(become_server, &server);
	for (int i = 0; i < PATIENCE; i++) {
		ask(peers, peer, "up", &run);
		if (run.exit == 0)
			return;
		usleep(PATIENCE_US);
	}
	bench_die("%s's server does not answer: %s", peer->name, run.output);
}

void
peer_open(const struct peers *peers, struct peer *peer)
{
	static unsigned number;
	struct bench_run run;

	peer->folder =
	    bench_text("%s/%u-%s", peers->folder, ++number, peer->name);
	if (mkdir(peer->folder, 0711) != 0)
		bench_die("cannot make %s", peer->folder);
	for (size_t i = 0; i < 2 && peer->serves; i++)
		peer->port[i] = free_port();
	peer->finished = 0;
	set_environment(peers, peer);
	if (peer->serves)
		start_server(peers, peer);
	must(peers, peer, "make", &run);
}

void
peer_close(struct peer *peer)
{
	if (peer->serves)
		bench_child_stop(peer->server);
	free(peer->folder);
	peer->folder = NULL;
}

/* --- its commands -----------------------------------------------------------
 */

static void
set_number(const char *name, const char *format, size_t number)
{
	char text[32];

	snprintf(text, sizeof(text), format, number);
	setenv(name, text, 1);
}

/* Programs without a path are started by one, as everything here is. */
static char *
path_of(const char *program)
{
	char *list = bench_text("%s", search_path), *rest = list, *folder;
	char *path = NULL;

	while (path == NULL && (folder = strsep(&rest, ":")) != NULL) {
		path = bench_text("%s/%s", folder, program);
		if (access(path, X_OK) != 0) {
			free(path);
			path = NULL;
		}
	}
	free(list);
	if (path == NULL)
		bench_die("no %s in %s", program, search_path);
	return path;
}

void
peer_words(const struct peer *peer, enum op op, size_t task, const char *agent,
    wordexp_t *out)
{
	set_number("task", "%zu", task);
	set_number("padded", "%012zu", task);
	set_number("port", "%zu", peer->port[0]);
	setenv("agent", agent, 1);
	setenv("folder", peer->folder, 1);
	if (wordexp(peer->word[op], out, WRDE_NOCMD | WRDE_UNDEF) != 0)
		bench_die(
		    "%s: this is no command: %s", peer->name, peer->word[op]);
	if (strchr(out->we_wordv[0], '/') == NULL) {
		char *path = path_of(out->we_wordv[0]);

		free(out->we_wordv[0]);
		out->we_wordv[0] = path;
	}
}

bool
peer_succeeded(
    const struct peer *peer, enum op op, int exit, const char *answer)
{
	if (op == CLAIM || op == RACE)
		return exit == 0 && fnmatch(peer->won, answer, 0) == 0;
	if (op == FINISH)
		return exit == 0 && fnmatch(peer->accepted, answer, 0) == 0;
	return exit == 0;
}

bool
peer_do(const struct peer *peer, enum op op, size_t task, const char *agent,
    struct bench_run *run)
{
	wordexp_t words;

	peer_words(peer, op, task, agent, &words);
	bench_environment = (const char *const *)peer->environment;
	bench_spawn(peer->folder, (const char *const *)words.we_wordv, run);
	wordfree(&words);
	return peer_succeeded(peer, op, run->exit, run->output);
}

/* It may be long: through a file. */
void
peer_finished(const struct peers *peers, const struct peer *peer, bool *is_done,
    size_t tasks)
{
	char *command = bench_text(
	    "sh %s/%s.sh finished >finished", peers->sources, peer->name);
	char *path = bench_text("%s/finished", peer->folder), line[256];
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct bench_run run;
	FILE *in;

	bench_environment = (const char *const *)peer->environment;
	bench_must(peer->folder, argv, &run);
	in = fopen(path, "re");
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		size_t task = strtoul(line, NULL, 10);

		if (task > 0 && task <= tasks)
			is_done[task] = true;
	}
	if (in == NULL)
		bench_die("%s has not said what is done", peer->name);
	fclose(in);
	free(path);
	free(command);
}
