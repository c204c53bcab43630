/* judge.c - what must hold after every fault. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

static bool
has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Files that are judged by what is asked of them, not by their bytes. */
static bool
is_judged_elsewhere(const struct judge *judge, const char *path)
{
	return strstr(path, ".git/") != NULL ||
	       has_prefix(path, judge->store) ||
	       faults_has(judge->scenario, "free") ||
	       strcmp(path, ".tasks/sprint_status.json") == 0;
}

/* Equal bytes; where they hold times all numbers are equal. */
static bool
same_bytes(const char *a, const char *b, size_t size, bool times)
{
	for (size_t i = 0; i < size; i++)
		if (a[i] != b[i] && !(times && isdigit((unsigned char)a[i]) &&
					isdigit((unsigned char)b[i])))
			return false;
	return true;
}

static bool
same(const struct judge *judge, const struct faults_file *a,
    const struct faults_file *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->mode == b->mode && a->size == b->size &&
	       same_bytes(a->bytes, b->bytes, a->size,
		   faults_has(judge->scenario, "times"));
}

/* What a writer that was killed leaves beside the file that it was to replace:
 * name.XXXXXX, name.PID or name.taskctl-new. */
static bool
is_aside(const char *path)
{
	return strstr(path, ".taskctl-new") != NULL ||
	       strrchr(path, '.') > strrchr(path, '/');
}

/* Is there a file of another name with what this one held? */
static bool
has_moved(
    const struct judge *judge, const struct faults_tree *now, const char *path)
{
	const struct faults_file *was = faults_tree_find(&judge->before, path);

	for (size_t i = 0; was != NULL && i < now->count; i++)
		if (has_prefix(now->file[i].path, path) &&
		    same(judge, was, &now->file[i]))
			return true;
	return false;
}

/* The lock files of old scripts, which say what the store says. */
static bool
is_mirror(const struct judge *judge, const char *path)
{
	return faults_has(judge->scenario, "mirror") &&
	       has_prefix(path, ".tasks/locks/");
}

static void
check_files(struct judge *judge, const struct faults_tree *now, bool is_over)
{
	for (size_t i = 0; i < now->count; i++) {
		const struct faults_file *file = &now->file[i];
		const struct faults_file *old, *new;

		if (is_judged_elsewhere(judge, file->path))
			continue;
		old = faults_tree_find(&judge->before, file->path);
		new = faults_tree_find(&judge->after, file->path);
		if (old == NULL && new == NULL && is_aside(file->path))
			judge->litter++;
		else if (judge->is_cut && file->size == 0 &&
			 is_mirror(judge, file->path))
			continue;
		else if (is_over ? !same(judge, file, new)
				 : !same(judge, file, new) &&
				       !same(judge, file, old))
			faults_say("%s is neither old nor new (%zu bytes)",
			    file->path, file->size);
	}
	for (size_t i = 0; i < judge->after.count; i++) {
		const char *path = judge->after.file[i].path;

		if (!is_judged_elsewhere(judge, path) &&
		    faults_tree_find(now, path) == NULL &&
		    (is_over ||
			(faults_tree_find(&judge->before, path) != NULL &&
			    !has_moved(judge, now, path))))
			faults_say("%s is gone", path);
	}
}

static void
check_shell(const struct judge *judge, const char *when)
{
	if (judge->scenario->check == NULL)
		return;
	setenv("FAULTS_WHEN", when, 1);
	if (faults_shell(judge->scenario->check) != 0)
		faults_say("the check fails (%s)", when);
}

/* --- what the store says ----------------------------------------------- */

static void
raise_to(struct faults_drawn *drawn, const struct faults_drawn *other)
{
	if (drawn->token < other->token)
		drawn->token = other->token;
	if (drawn->event < other->event)
		drawn->event = other->event;
}

/* All numbers that a restore gives lie behind a gap, above whatever was drawn
 * before: no old token is ever good again. */
static void
judge_gap(const struct faults_state *now, const struct faults_drawn *drawn,
    const char *when)
{
	const int64_t width = INT64_C(1) << 32; /* docs/adr/0015 */

	if (now->gap.event == 0 || strcmp(now->gap.store, drawn->store) == 0)
		return; /* nobody has restored it since */
	if (now->gap.token < drawn->token + width ||
	    now->gap.event < drawn->event + width)
		faults_say(
		    "%s: restored at token %lld and event %lld; %lld and "
		    "%lld had been drawn",
		    when, (long long)now->gap.token, (long long)now->gap.event,
		    (long long)drawn->token, (long long)drawn->event);
}

/* Whatever is wrong with it is said.  drawn: what had been, and then what has
 * been; the dump is owned. */
static char *
read_store(
    const struct judge *judge, struct faults_drawn *drawn, const char *when)
{
	struct faults_state now;

	faults_state_read(judge->store, &now);
	if (now.wrong[0] != '\0')
		faults_say("%s: %s", when, now.wrong);
	judge_gap(&now, drawn, when);
	raise_to(drawn, &now.drawn);
	memcpy(drawn->store, now.drawn.store, sizeof(drawn->store));
	free(now.wrong);
	return now.dump;
}

/* Backups, and stores that are gone. */
static void
look_elsewhere(const struct faults_tree *files, struct faults_drawn *drawn)
{
	for (size_t i = 0; i < files->count; i++) {
		const char *path = files->file[i].path;
		const char *tail = strrchr(path, '.');
		struct faults_state state;

		if (tail == NULL || strcmp(tail, ".db") != 0)
			continue;
		faults_state_read(path, &state);
		raise_to(drawn, &state.drawn);
		faults_state_free(&state);
	}
}

static void
show_difference(const char *want, const char *have)
{
	size_t i = 0;

	while (want[i] != '\0' && want[i] == have[i])
		i++;
	while (i > 0 && want[i - 1] != '\n')
		i--;
	faults_say("wanted: %.*s", (int)strcspn(want + i, "\n"), want + i);
	faults_say("   has: %.*s", (int)strcspn(have + i, "\n"), have + i);
}

/* drawn: by now. */
static void
ask_again(struct judge *judge, struct faults_drawn drawn)
{
	const struct faults_scenario *scenario = judge->scenario;
	struct faults_run run = { .argv = scenario->again != NULL
					      ? scenario->again
					      : scenario->argv };
	bool straight = !faults_has(scenario, "back");
	struct faults_outcome out;
	struct faults_tree files;
	char *now;

	faults_run(&run, &out);
	if (out.code != 0 && !faults_has(scenario, "refused"))
		faults_say("asked again it exits %d: %s", out.code, out.err);
	now = read_store(judge, &drawn, "asked again");
	if (!faults_has(scenario, "anew") &&
	    !faults_state_same(now, judge->is, straight) &&
	    !faults_state_same(now, judge->both, straight)) {
		faults_say("asked again it leads elsewhere");
		show_difference(judge->is, now);
	}
	free(now);
	faults_tree_read(&files);
	check_files(judge, &files, true);
	faults_tree_free(&files);
	check_shell(judge, "again");
}

/* Was this state judged already?  If not it is from now on. */
static bool
is_known(struct judge *judge, uint64_t sum)
{
	for (size_t i = 0; i < judge->seen_count; i++)
		if (judge->seen[i] == sum)
			return true;
	judge->seen = faults_alloc(
	    judge->seen, (judge->seen_count + 1) * sizeof(*judge->seen));
	judge->seen[judge->seen_count++] = sum;
	return false;
}

static void
judge_state(struct judge *judge, const struct faults_tree *files,
    bool acknowledged, const char *refused)
{
	struct faults_drawn drawn = judge->drawn;
	char *now = read_store(judge, &drawn, "at once");
	bool is_new = strcmp(now, judge->is) == 0;
	bool is_old = strcmp(now, judge->was) == 0;

	if (acknowledged && !is_new) {
		faults_say("acknowledged, and not there");
		show_difference(judge->is, now);
	}
	if (refused != NULL && !is_old &&
	    !faults_has(judge->scenario, "steps")) {
		faults_say("refused, and yet done: %s", refused);
		show_difference(judge->was, now);
	}
	if (!is_new && !is_old && !faults_has(judge->scenario, "steps")) {
		faults_say("half done");
		show_difference(judge->was, now);
	}
	free(now);
	check_files(judge, files,
	    acknowledged &&
		!(judge->is_cut && faults_has(judge->scenario, "mirror")));
	check_shell(judge, "at once");
	ask_again(judge, drawn);
}

void
judge_step(struct judge *judge, bool acknowledged, const char *refused)
{
	struct faults_tree files;
	uint64_t sum;

	faults_tree_read(&files);
	sum = faults_tree_sum(&files) + acknowledged + 2 * (refused != NULL);
	if (!is_known(judge, sum))
		judge_state(judge, &files, acknowledged, refused);
	faults_tree_free(&files);
}

/* --- a command that met a fault --------------------------------------- */

/* The contract's words for the codes; with --json they are the answer, of those
 * whom cron starts a line of the log. */
static bool
says_why(const struct faults_outcome *out, const int allowed[])
{
	const char *word = out->code == 1   ? "failed"
			   : out->code == 9 ? "busy"
					    : "corrupt";
	char text[32], json[32];

	while (*allowed != 0 && *allowed != out->code)
		allowed++;
	snprintf(text, sizeof(text), "[%s]", word);
	snprintf(json, sizeof(json), "\"code\":\"%s\"", word);
	return *allowed != 0 && (strstr(out->err, text) != NULL ||
				    strstr(out->err, json) != NULL ||
				    strstr(out->out, json) != NULL);
}

void
judge_outcome(struct judge *judge, const struct faults_outcome *out,
    const int allowed[], struct judge_tally *tally)
{
	/* The answer was lost, or the disk took more than it could hold.
	 * Out of memory ends a command wherever it is, as kill -9. */
	bool is_open = strstr(out->err, "cannot write the answer") != NULL ||
		       strstr(out->err, "not sure that the change") != NULL ||
		       strstr(out->err, "out of memory") != NULL;

	tally->faults++;
	if (out->hung)
		faults_say("hangs");
	else if (out->code < 0)
		faults_say("dies of signal %d: %s", -out->code, out->err);
	else if (out->code != 0 && !says_why(out, allowed))
		faults_say("exits %d: %s", out->code, out->err);
	else if (out->code == 0 && judge->answer > 0 && out->out[0] == '\0')
		faults_say("succeeds without a word");
	if (out->code == 0)
		tally->passed++;
	else if (out->code > 0)
		tally->refused++;
	else
		tally->crashed++;
	judge_step(
	    judge, out->code == 0, out->code > 0 && !is_open ? out->err : NULL);
}

void
judge_count(const struct judge *judge, const struct judge_tally *tally,
    size_t calls, char *said, size_t size)
{
	snprintf(said, size,
	    "%zu calls, %zu faults: %zu refused, %zu did no harm, %zu states",
	    calls, tally->faults, tally->refused, tally->passed,
	    judge->seen_count);
}

/* --- the command as it should be ------------------------------------ */

static bool
run_once(struct judge *judge, bool count)
{
	const struct faults_scenario *scenario = judge->scenario;
	struct faults_run run = { .argv = scenario->argv,
		.fault = { .what = FAULTS_KILL_BEFORE,
		    .at = (size_t)-1,
		    .whole = faults_has(scenario, "family") } };
	struct faults_outcome out;

	if (!count)
		run.fault.what = FAULTS_NOTHING;
	faults_run(&run, &out);
	if (count) {
		judge->calls = out.calls;
		judge->answer = strlen(out.out);
		if (out.code != 0)
			faults_say("exits %d: %s", out.code, out.err);
		return out.code == 0;
	}
	return true;
}

bool
judge_begin(struct judge *out, const struct faults_scenario *scenario,
    const struct faults_options *options)
{
	struct faults_drawn drawn;

	memset(out, 0, sizeof(*out));
	out->scenario = scenario;
	out->store = options->store;
	if (faults_shell(scenario->prepare) != 0) {
		faults_say("cannot be prepared");
		return false;
	}
	faults_tree_read(&out->before);
	out->was = read_store(out, &out->drawn, "before");
	look_elsewhere(&out->before, &out->drawn);
	/* Once more, since looking at it has changed the log's index. */
	faults_tree_free(&out->before);
	faults_tree_read(&out->before);
	if (!run_once(out, true))
		return false;
	faults_tree_read(&out->after);
	drawn = out->drawn;
	out->is = read_store(out, &drawn, "without a fault");
	run_once(out, false);
	out->both = read_store(out, &drawn, "asked twice");
	faults_tree_restore(&out->before);
	return true;
}

void
judge_end(struct judge *judge)
{
	faults_tree_free(&judge->before);
	faults_tree_free(&judge->after);
	free(judge->seen);
	free(judge->was);
	free(judge->is);
	free(judge->both);
}
