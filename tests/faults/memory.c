/* memory.c - each allocation of a command fails, alone and with all after it.
 *
 * taskctl is faults-taskctl here (alloc.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "judge.h"

struct tally {
	size_t faults, refused, passed;
};

static size_t
run_with(struct judge *judge, struct faults_alloc *alloc, size_t n, bool on,
    struct faults_outcome *out)
{
	struct faults_run run = { .argv = judge->scenario->argv };
	size_t asked;

	faults_tree_restore(&judge->before);
	*alloc = (struct faults_alloc){ .fail_at = n, .on = on };
	faults_run(&run, out);
	asked = alloc->count;
	*alloc = (struct faults_alloc){ 0 };
	return asked;
}

static void
fail_at(struct judge *judge, struct faults_alloc *alloc, size_t n, bool on,
    struct tally *tally)
{
	struct faults_outcome out;

	run_with(judge, alloc, n, on, &out);
	faults_at("allocation %zu%s", n, on ? " and all after it" : "");
	tally->faults++;
	if (out.hung)
		faults_say("hangs");
	else if (out.code < 0)
		faults_say("dies of signal %d: %s", -out.code, out.err);
	else if (out.code != 0 && (out.code != 1 || out.err[0] == '\0'))
		faults_say("exits %d: %s", out.code, out.err);
	if (out.code == 0)
		tally->passed++;
	else
		tally->refused++;
	/* Out of memory ends the process wherever it is, as kill -9. */
	judge_step(judge, out.code == 0, NULL);
}

void
faults_memory(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size)
{
	struct faults_alloc *alloc =
	    faults_share(FAULTS_ALLOC_FD, sizeof(*alloc));
	struct tally tally = { 0 };
	struct faults_outcome out;
	struct judge judge;
	size_t count;

	if (!judge_begin(&judge, scenario, options))
		return;
	count = run_with(&judge, alloc, 0, false, &out);
	if (count == 0)
		faults_say("taskctl in PATH does not count allocations");
	for (size_t n = 1; n <= count; n += options->stride) {
		fail_at(&judge, alloc, n, false, &tally);
		fail_at(&judge, alloc, n, true, &tally);
	}
	snprintf(said, size,
	    "%zu allocations, %zu faults: %zu refused, %zu did no harm, "
	    "%zu states",
	    count, tally.faults, tally.refused, tally.passed, judge.seen_count);
	judge_end(&judge);
}
