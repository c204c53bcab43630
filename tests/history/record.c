/* record.c - N agents do anything at random, are killed, stopped and woken up
 * again; what each asked and was answered becomes a history.
 *
 * record N SECONDS SEED TASK...: writes history.<n>, one file an agent. */
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../agents.h"

enum {
	ARGS = 16,
	ANSWER_BYTES = 65536,
	TOKENS = 4,    /* an agent remembers so many of its own */
	NAP_MS = 250,  /* longest stop of a command */
	SLEEP_MS = 900 /* on top of the TTL, when an agent oversleeps */
};

static char **task;
static unsigned tasks;
static int64_t token[TOKENS];
static int64_t start_ms, until_ms;

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- one command ------------------------------------------------------- */

struct command {
	char *argv[ARGS];
	const char *verb;
	const char *task;
	int64_t ttl_ms;
	int64_t with_token;
	char text[3][24]; /* what argv needs room for */
};

static void
put(struct command *command, const char *word)
{
	int n = 0;

	while (command->argv[n] != NULL)
		n++;
	command->argv[n] = (char *)(uintptr_t)word;
}

static void
put_claim(struct command *command)
{
	command->ttl_ms = 1000 * (1 + any(2));
	snprintf(command->text[0], sizeof(command->text[0]), "%ds",
	    (int)(command->ttl_ms / 1000));
	put(command, "--ttl");
	put(command, command->text[0]);
}

/* Sometimes with a token that it was once given, whatever became of it. */
static void
put_token(struct command *command)
{
	command->with_token = any(3) == 0 ? token[any(TOKENS)] : 0;
	if (command->with_token == 0)
		return;
	snprintf(command->text[1], sizeof(command->text[1]), "%" PRId64,
	    command->with_token);
	put(command, "--token");
	put(command, command->text[1]);
}

static void
choose(struct command *command)
{
	static const char *const verbs[] = { "claim", "claim", "claim", "claim",
		"next", "next", "heartbeat", "heartbeat", "heartbeat",
		"heartbeat", "done", "done", "done", "release", "release",
		"fail", "reopen", "reopen", "reopen", "reopen", "cancel",
		"show", "show", "show" };

	memset(command, 0, sizeof(*command));
	command->verb = verbs[any(sizeof(verbs) / sizeof(*verbs))];
	command->task = task[any(tasks)];
	put(command, "taskctl");
	put(command, "--json");
	if (strcmp(command->verb, "next") == 0) {
		command->task = "-";
		put(command, "claim");
		put(command, "--next");
		if (any(2) == 0)
			put(command, "--another");
	} else {
		put(command, command->verb);
		put(command, command->task);
	}
	if (strcmp(command->verb, "claim") == 0 || command->task[0] == '-')
		put_claim(command);
	else if (strcmp(command->verb, "show") != 0 &&
		 strcmp(command->verb, "reopen") != 0 &&
		 strcmp(command->verb, "cancel") != 0)
		put_token(command);
	if (strcmp(command->verb, "fail") == 0) {
		put(command, "-m");
		put(command, "chaos");
	}
}

/* What happens to it on its way. */
static void
disturb(pid_t pid)
{
	unsigned what = any(8);

	if (what > 1)
		return;
	usleep(any(12000));
	if (what == 0) {
		kill(pid, SIGKILL);
	} else {
		kill(pid, SIGSTOP);
		usleep(any(NAP_MS) * 1000);
		kill(pid, SIGCONT);
	}
}

/* --- its answer -------------------------------------------------------- */

/* The word or number after "KEY": within an object. */
static void
word_after(const char *json, const char *key, char out[24])
{
	char quoted[32];
	const char *at;
	size_t n;

	out[0] = '\0';
	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = json == NULL ? NULL : strstr(json, quoted);
	if (at == NULL)
		return;
	at += strlen(quoted);
	at += *at == '"';
	n = strcspn(at, "\",}");
	snprintf(out, 24, "%.*s", (int)n, at);
}

static void
write_lease(FILE *to, const char *json, const char *key, bool with_agent)
{
	char quoted[32], word[24];
	const char *lease;

	snprintf(quoted, sizeof(quoted), "\"%s\":{", key);
	lease = strstr(json, quoted);
	if (lease == NULL)
		return;
	word_after(lease, "agent", word);
	if (with_agent)
		fprintf(to, " by=%s", word);
	word_after(lease, "token", word);
	if (strcmp(key, "lease") == 0)
		fprintf(to, " token=%s", word);
	if (!with_agent && strtoll(word, NULL, 10) != 0)
		token[any(TOKENS)] = strtoll(word, NULL, 10);
}

static void
write_ok(FILE *to, const struct command *command, const char *json)
{
	char word[24];

	fputs(" -> ok", to);
	if (strcmp(command->verb, "show") == 0) {
		word_after(json, "state", word);
		fprintf(to, " state=%s", word);
	}
	if (command->ttl_ms != 0 && strstr(json, "\"already_held\":true"))
		fputs(" held=1", to);
	if (strstr(json, "\"late\":true") != NULL)
		fputs(" late=1", to);
	write_lease(to, json, "lease", strcmp(command->verb, "show") == 0);
}

/* One line of the history; false: an answer that the contract does not have. */
static bool
write_op(FILE *to, const struct command *command, int64_t from_ms, int code,
    const char *json)
{
	static const char *const outcomes[] = {
		[3] = NULL, "taken", "none", "stale", "not_ready"
	};
	char id[24];
	bool is_next = command->task[0] == '-';

	word_after(strstr(json, "\"task\":{"), "id", id);
	fprintf(to, "%s %" PRId64 " %" PRId64 " %s %s", agent,
	    from_ms - start_ms, now_ms() - start_ms, command->verb,
	    is_next && code == 0 ? id : command->task);
	if (command->ttl_ms != 0)
		fprintf(to, " ttl=%" PRId64, command->ttl_ms);
	if (command->with_token != 0)
		fprintf(to, " token=%" PRId64, command->with_token);
	if (code == 0) {
		write_ok(to, command, json);
	} else if (code == -1) {
		fputs(" -> unknown", to);
	} else if (code >= 4 && code <= 7) {
		fprintf(to, " -> %s", outcomes[code]);
		write_lease(to, json, "holder", true);
	} else {
		fputs(" -> busy", to);
	}
	fputc('\n', to);
	return code == -1 || code == 0 || (code >= 4 && code <= 7) || code == 9;
}

static int
work(int n)
{
	char path[32];
	char *out = malloc(ANSWER_BYTES);
	struct command command;
	bool good = out != NULL;
	FILE *to;

	snprintf(path, sizeof(path), "history.%d", n);
	to = fopen(path, "w");
	while (good && to != NULL && now_ms() < until_ms) {
		int64_t from_ms;
		int code;

		choose(&command);
		from_ms = now_ms();
		code = ask(command.argv, disturb, out, ANSWER_BYTES);
		good = write_op(to, &command, from_ms, code, out);
		if (!good)
			fprintf(stderr, "%s %s: exit %d: %s\n", command.verb,
			    command.task, code, out);
		/* Now and then one oversleeps, with what it holds. */
		if (any(20) == 0)
			usleep((1000 + any(SLEEP_MS)) * 1000);
	}
	free(out);
	return good && to != NULL && fclose(to) == 0 ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	int n = argc > 4 ? atoi(argv[1]) : 0;

	if (n < 1)
		return 64;
	start_ms = now_ms();
	task = argv + 4;
	tasks = (unsigned)argc - 4;
	until_ms = start_ms + (int64_t)(atof(argv[2]) * 1000);
	return agents(n, atoi(argv[3]), work);
}
