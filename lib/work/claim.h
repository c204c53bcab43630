/* floor: work - one claim, while it is being decided. */
#ifndef TASKCTL_WORK_CLAIM_H
#define TASKCTL_WORK_CLAIM_H

#include "answer.h"
#include "reserved.h"

/* What stands of the task and its last lease before it is asked for. */
struct tctl_candidate {
	struct tctl_arena *arena;
	int64_t id; /* 0: not read yet */
	char state[16];
	bool has_mutex;
	struct tctl_known task;
	const char *agent; /* NULL: it was never claimed */
	const char *ended;
	int64_t ended_ms;
	const char *worktree;
	bool reserved; /* rows of its last lease may be there */
};

/* What one claim works with. */
struct tctl_claiming {
	struct tctl_change change;
	const struct tctl_caller *who;
	int64_t ttl_ms;
	struct tctl_candidate candidate;
	struct tctl_patterns files;  /* with reserve.on_claim: to be reserved */
	struct tctl_lease_row lease; /* what was granted; task 0: nothing */
	bool took; /* something of the task itself has been changed */
	struct tctl_answer *out;
};

/* The same agent and session, but its process is another live one: somebody
 * else (two runs of one agent that share a session by accident). */
bool tctl_claim_is_other_process(
    const struct tctl_lease_row *lease, const struct tctl_caller *who);

/* Choose a task for claim --next: of the sprint by that key, or of any with
 * NULL; one that the caller holds already unless it wants another.
 *
 * @return TCTL_OK with its row; TCTL_ENONE: nothing is ready, err says what is
 *         waited for */
enum tctl_status tctl_claim_choose(struct tctl_claiming *claim,
    const char *sprint, bool another, int64_t *id,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
