/* judge.h - a scenario's command as it should be, and how what happened to it
 * compares with that. */
#ifndef FAULTS_JUDGE_H
#define FAULTS_JUDGE_H

#include "faults.h"

/* A command without a fault: what was there, and what it leads to. */
struct judge {
	const struct faults_scenario *scenario;
	const char *store;
	struct faults_tree before, after; /* files */
	char *was, *is;			  /* what the store says */
	char *both; /* and after the command was asked twice */
	/* In this store, and in each that lies about: no restore may begin
	 * below. */
	struct faults_drawn drawn;
	uint64_t *seen; /* sums of the states that were judged */
	size_t seen_count;
	size_t calls;
	size_t answer; /* bytes of it */
	size_t litter; /* files that were left, and harm nobody */
	bool is_cut;   /* by the power: a mirror may be behind */
};

/* Prepare, run it once, and put everything back; false: it does not work. */
bool judge_begin(struct judge *out, const struct faults_scenario *scenario,
    const struct faults_options *options);
void judge_end(struct judge *judge);

/* Whatever happened: the store is whole, nothing is half done, and no file is;
 * what was acknowledged is there.  Then the command is asked again.  The
 * same bytes are judged once.  refused: with this message; NULL: it was not. */
void judge_step(struct judge *judge, bool acknowledged, const char *refused);

struct judge_tally {
	size_t faults, refused, passed, crashed;
};

/* A command that met a fault: no crash and no hang, 0 or an exit code that is
 * allowed (ends with 0) with a message that says why, and a sound state. */
void judge_outcome(struct judge *judge, const struct faults_outcome *out,
    const int allowed[], struct judge_tally *tally);
/* What was counted, in words. */
void judge_count(const struct judge *judge, const struct judge_tally *tally,
    size_t calls, char *said, size_t size);

#endif
