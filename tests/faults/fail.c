/* fail.c - each system call of a command fails, once and from there on, with
 * each error that it can meet; a write is cut short.
 *
 * Whatever fails: no crash and no hang, an exit code that the contract knows
 * with a message that says why, and behind 0 the whole change, behind anything
 * else none of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "judge.h"

struct list {
	struct faults_call *at;
	size_t count;
};

static void
note_call(void *into, const struct faults_call *call)
{
	struct list *list = into;

	list->at =
	    faults_alloc(list->at, (list->count + 1) * sizeof(*list->at));
	list->at[list->count++] = *call;
}

static struct list
calls_of(const struct judge *judge)
{
	struct list list = { 0 };
	struct faults_run run = { .argv = judge->scenario->argv,
		.fault.whole = faults_has(judge->scenario, "family"),
		.watch = note_call,
		.into = &list };
	struct faults_outcome out;

	faults_tree_restore((struct faults_tree *)(uintptr_t)&judge->before);
	faults_run(&run, &out);
	return list;
}

static void
fail_at(struct judge *judge, const struct faults_fault *fault,
    const struct faults_call *call, struct judge_tally *tally)
{
	struct faults_run run = { .argv = judge->scenario->argv,
		.fault = *fault };
	const int allowed[] = { 1, 9, 0 };
	struct faults_outcome out;

	run.fault.whole = faults_has(judge->scenario, "family");
	faults_tree_restore(&judge->before);
	faults_run(&run, &out);
	faults_at("%zu of %zu, %s(%llu) %s%s", fault->at, judge->calls,
	    faults_call_name(call->nr), (unsigned long long)call->arg[0],
	    fault->what == FAULTS_SHORT ? "cut short"
					: strerrorname_np(fault->error),
	    fault->what == FAULTS_ERROR_ON ? " from there on" : "");
	/* Where times differ calls do too: another one failed then. */
	if (out.reached && out.nr == call->nr)
		judge_outcome(judge, &out, allowed, tally);
}

static bool
is_write(const struct faults_call *call)
{
	return (call->nr == SYS_write || call->nr == SYS_pwrite64) &&
	       call->arg[2] > 1;
}

/* Is the call one of a program that has begun?  What the loader and libc do
 * before main is theirs, and they just end: main's first call sets a signal. */
static bool
has_begun(const struct list *calls, size_t n)
{
	while (n > 0 && calls->at[n - 1].nr != SYS_execve)
		if (calls->at[--n].nr == SYS_rt_sigaction)
			return true;
	return false;
}

/* Does another program take its place later? */
static bool
is_followed(const struct list *calls, size_t n)
{
	while (++n < calls->count)
		if (calls->at[n].nr == SYS_execve)
			return true;
	return false;
}

static void
fail_call(struct judge *judge, const struct list *calls, size_t n,
    struct judge_tally *tally)
{
	const struct faults_call *call = &calls->at[n];
	struct faults_fault fault = { .at = n + 1 };

	for (size_t i = 0; faults_can_fail(call, i, &fault.error); i++) {
		fault.what = FAULTS_ERROR;
		fail_at(judge, &fault, call, tally);
		fault.what = FAULTS_ERROR_ON;
		/* What is only busy is waited for. */
		if (fault.error != EINTR && fault.error != ENOLCK &&
		    !is_followed(calls, n))
			fail_at(judge, &fault, call, tally);
	}
	fault.what = FAULTS_SHORT;
	if (is_write(call))
		fail_at(judge, &fault, call, tally);
}

void
faults_fail(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size)
{
	struct judge_tally tally = { 0 };
	struct judge judge;
	struct list calls;

	if (!judge_begin(&judge, scenario, options))
		return;
	calls = calls_of(&judge);
	for (size_t n = 0; n < calls.count; n += options->stride)
		if (has_begun(&calls, n))
			fail_call(&judge, &calls, n, &tally);
	judge_count(&judge, &tally, calls.count, said, size);
	free(calls.at);
	judge_end(&judge);
}
