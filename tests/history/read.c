/* read.c - a history as text, a command a line:
 *
 *     AGENT ASKED ANSWERED VERB TASK [KEY=VALUE…] -> OUTCOME [KEY=VALUE…]
 *
 * Times are milliseconds of BOOTTIME.  Before the arrow: ttl= and token=, as
 * the caller said; after it token= by= state= held=1 late=1, as was answered.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

static const char *const verbs[] = { "claim", "next", "heartbeat", "done",
	"release", "fail", "reopen", "cancel", "show" };
static const char *const outcomes[] = { "ok", "taken", "stale", "not_ready",
	"none", "busy", "unknown" };

static int
find(const char *word, const char *const words[], size_t count)
{
	for (size_t i = 0; word != NULL && i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

/* One KEY=VALUE; false: there is no such key. */
static bool
read_key(char *text, bool is_answer, struct op *op)
{
	char *value = strchr(text, '=');
	int64_t number;

	if (value == NULL)
		return false;
	*value++ = '\0';
	number = strtoll(value, NULL, 10);
	if (strcmp(text, "ttl") == 0 && !is_answer)
		op->ttl_ms = number;
	else if (strcmp(text, "token") == 0 && !is_answer)
		op->with_token = number;
	else if (strcmp(text, "token") == 0)
		op->token = number;
	else if (strcmp(text, "held") == 0)
		op->held = number != 0;
	else if (strcmp(text, "late") == 0)
		op->late = number != 0;
	else if (strcmp(text, "by") == 0)
		snprintf(op->by, sizeof(op->by), "%s", value);
	else if (strcmp(text, "state") == 0)
		snprintf(op->state, sizeof(op->state), "%s", value);
	else
		return false;
	return true;
}

static bool
read_op(char *line, struct op *op)
{
	char verb[16] = "", *word, *rest = NULL;
	int length = 0, index;
	bool is_answer = false;

	memset(op, 0, sizeof(*op));
	if (sscanf(line, "%23s %" SCNd64 " %" SCNd64 " %15s %23s%n", op->agent,
		&op->from_ms, &op->to_ms, verb, op->task, &length) != 5)
		return false;
	index = find(verb, verbs, sizeof(verbs) / sizeof(*verbs));
	if (index < 0 || op->from_ms > op->to_ms)
		return false;
	op->verb = (enum verb)index;
	op->outcome = UNKNOWN;
	for (word = strtok_r(line + length, " \n", &rest); word != NULL;
	     word = strtok_r(NULL, " \n", &rest)) {
		if (strcmp(word, "->") != 0) {
			if (!read_key(word, is_answer, op))
				return false;
			continue;
		}
		index = find(strtok_r(NULL, " \n", &rest), outcomes,
		    sizeof(outcomes) / sizeof(*outcomes));
		if (index < 0)
			return false;
		op->outcome = (enum outcome)index;
		is_answer = true;
	}
	return is_answer;
}

/* Does it surely end with a commit? */
static bool
is_commit(const struct op *op)
{
	return op->outcome == OK && op->verb != SHOW && op->verb != DONE;
}

/* Killed after its frames were in SQLite's log and before the index of the log
 * said so, a command is seen by nobody until somebody rebuilds the index: it
 * may happen after it was reaped.  But the next commit writes over it. */
static void
set_last(struct history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		struct op *op = &history->op[i];

		op->last_ms = op->outcome == UNKNOWN ? INT64_MAX : op->to_ms;
		for (size_t j = 0; op->outcome == UNKNOWN && j < history->count;
		     j++)
			if (is_commit(&history->op[j]) &&
			    history->op[j].from_ms > op->to_ms &&
			    history->op[j].to_ms < op->last_ms)
				op->last_ms = history->op[j].to_ms;
	}
}

bool
history_read(const char *path, struct history *out)
{
	FILE *file = fopen(path, "r");
	char line[512];
	bool good = file != NULL;

	memset(out, 0, sizeof(*out));
	out->max_attempts = INT64_MAX;
	if (file == NULL)
		perror(path);
	for (int n = 1; good && fgets(line, sizeof(line), file) != NULL; n++) {
		if (line[0] == '#' || line[0] == '\n' ||
		    sscanf(line, "max_attempts %" SCNd64, &out->max_attempts) ==
			1)
			continue;
		out->op =
		    reallocarray(out->op, out->count + 1, sizeof(*out->op));
		if (out->op == NULL)
			abort();
		good = read_op(line, &out->op[out->count]);
		if (!good)
			fprintf(stderr, "%s:%d: not a command\n", path, n);
		out->op[out->count++].line = n;
	}
	if (file != NULL)
		fclose(file);
	set_last(out);
	return good;
}

void
op_show(const struct op *op, char out[256])
{
	char with[32] = "", token[32] = "";

	if (op->with_token != 0)
		snprintf(
		    with, sizeof(with), " --token %" PRId64, op->with_token);
	if (op->token != 0)
		snprintf(token, sizeof(token), ", token %" PRId64, op->token);
	snprintf(out, 256, "%-4s %s %s%s: %s%s%s%s%s%s%s", op->agent,
	    verbs[op->verb], op->task, with, outcomes[op->outcome],
	    op->held ? ", held already" : "", op->late ? ", late" : "",
	    op->by[0] != '\0' ? ", held by " : "", op->by,
	    op->verb == SHOW ? ", " : "", op->state);
	snprintf(out + strlen(out), 256 - strlen(out), "%s", token);
}
