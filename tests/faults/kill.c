/* kill.c - a command is killed before and after each of its system calls. */
#include <stdio.h>
#include <string.h>

#include "judge.h"

static bool
kill_at(struct judge *judge, size_t n, enum faults_what what)
{
	struct faults_run run = { .argv = judge->scenario->argv,
		.fault = { .what = what,
		    .at = n,
		    .whole = faults_has(judge->scenario, "family") } };
	struct faults_outcome out;

	faults_tree_restore(&judge->before);
	faults_run(&run, &out);
	faults_at("%zu of %zu, killed %s %s", n, judge->calls,
	    what == FAULTS_KILL_BEFORE ? "before" : "after",
	    faults_call_name(out.nr));
	if (out.hung)
		faults_say("hangs");
	judge_step(judge, out.out[0] != '\0', NULL);
	return out.reached;
}

void
faults_kill(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size)
{
	struct judge judge;
	size_t kills = 0;
	bool reached = true;

	if (!judge_begin(&judge, scenario, options))
		return;
	for (size_t n = 1; reached; n += options->stride) {
		reached = kill_at(&judge, n, FAULTS_KILL_BEFORE);
		kills += reached;
		if (reached)
			kills += kill_at(&judge, n, FAULTS_KILL_AFTER);
	}
	snprintf(said, size,
	    "%zu calls, killed %zu times, %zu states, "
	    "%zu files aside",
	    judge.calls, kills, judge.seen_count, judge.litter);
	judge_end(&judge);
}
