/* world.c - a task and its lease as they should behave: the contract, once
 * more, in forty lines of if.  It shares nothing with lib/work. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "history.h"

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What the command answers, and does to the world. */
struct answer {
	enum outcome outcome;
	bool held;
	bool late;
	int64_t token; /* 0: none is said */
	bool is_new;
	const char *by;
};

/* Is this the token that was drawn?  Where nobody saw it any newer one may be;
 * or is another task's, as the answer tells. */
static bool
is_token(const struct world *world, const struct op *op)
{
	return op->with_token == world->token ||
	       (world->token == 0 && op->with_token > world->newest &&
		   op->outcome != STALE);
}

static bool
is_holder(const struct world *world, const struct op *op)
{
	return world->ended != E_NEVER &&
	       strcmp(world->agent, op->agent) == 0 &&
	       (op->with_token == 0 || is_token(world, op));
}

static void
renew(struct world *world, int64_t ttl_ms, int64_t now_ms)
{
	world->ttl_ms = ttl_ms;
	world->ends_least_ms =
	    larger(world->ends_least_ms, world->clock_ms + ttl_ms);
	world->ends_most_ms = larger(world->ends_most_ms, now_ms + ttl_ms);
}

/* Dead for ever, if it could have come back. */
static void
bury(struct world *world)
{
	if (world->ended == E_LAPSED)
		world->ended = E_DEAD;
}

static struct answer
claim(struct world *world, const struct op *op, int64_t now_ms)
{
	bool is_mine = strcmp(world->agent, op->agent) == 0;

	if (world->state == S_CLAIMED && !is_mine)
		return (struct answer){ .outcome = TAKEN, .by = world->agent };
	if (world->state == S_CLAIMED) {
		renew(world, op->ttl_ms, now_ms);
		return (struct answer){ .held = true, .token = world->token };
	}
	if (world->state != S_OPEN)
		return (struct answer){ .outcome = NOT_READY };
	world->state = S_CLAIMED;
	world->ended = E_LIVE;
	memset(world->agent, 0, sizeof(world->agent));
	snprintf(world->agent, sizeof(world->agent), "%s", op->agent);
	world->token = op->outcome == UNKNOWN ? 0 : op->token;
	world->ends_least_ms = world->ends_most_ms = 0;
	renew(world, op->ttl_ms, now_ms);
	return (struct answer){ .token = op->token, .is_new = true };
}

/* What only the holder may do, in time or late. */
static struct answer
by_holder(struct world *world, const struct op *op, int64_t now_ms)
{
	bool late = world->ended == E_LAPSED && world->state == S_OPEN;

	if (op->verb == DONE && world->state == S_DONE &&
	    world->ended == E_FINISHED && is_holder(world, op))
		return (struct answer){ .outcome = OK };
	if (!is_holder(world, op) || (world->ended != E_LIVE && !late))
		return (struct answer){ .outcome = STALE,
			.by = world->ended == E_LIVE ? world->agent : "" };
	world->attempts -= late;
	world->ended = op->verb == HEARTBEAT ? E_LIVE
		       : op->verb == DONE    ? E_FINISHED
					     : E_DEAD;
	world->state = op->verb == HEARTBEAT ? S_CLAIMED
		       : op->verb == DONE    ? S_DONE
		       : op->verb == FAIL    ? S_FAILED
					     : S_OPEN;
	if (op->verb != HEARTBEAT)
		return (struct answer){ .late = late };
	if (late)
		world->ends_least_ms = world->ends_most_ms = 0;
	renew(world, world->ttl_ms, now_ms);
	return (struct answer){ .late = late, .token = world->token };
}

static struct answer
by_anybody(struct world *world, const struct op *op)
{
	if (op->verb == CANCEL && world->state == S_CLAIMED)
		return (struct answer){ .outcome = TAKEN };
	if (op->verb == CANCEL ? world->state == S_DONE
			       : world->state == S_CLAIMED)
		return (struct answer){ .outcome = NOT_READY };
	if (world->state == (op->verb == CANCEL ? S_CANCELLED : S_OPEN))
		return (struct answer){ .outcome = OK }; /* already */
	bury(world);
	if (op->verb == REOPEN)
		world->attempts = 0;
	world->state = op->verb == CANCEL ? S_CANCELLED : S_OPEN;
	return (struct answer){ .outcome = OK };
}

static const char *const outcome_words[] = { "ok", "taken", "stale",
	"not_ready" };
static const char *const state_words[] = { "ready", "claimed", "done", "failed",
	"cancelled" };

static struct answer
happen(struct world *world, const struct op *op, int64_t now_ms)
{
	switch (op->verb) {
	case CLAIM:
	case NEXT:
		return claim(world, op, now_ms);
	case REOPEN:
	case CANCEL:
		return by_anybody(world, op);
	case SHOW:
		return (struct answer){
			.token = world->ended == E_LIVE ? world->token : 0,
			.by = world->ended == E_LIVE ? world->agent : ""
		};
	default:
		return by_holder(world, op, now_ms);
	}
}

/* Does the token that was said fit?  One that nobody saw is seen now. */
static bool
learn_token(struct world *world, const struct op *op, const struct answer *said)
{
	if (said->is_new) {
		if (op->token <= world->newest)
			return false;
	} else if (op->token != 0 && world->token != 0) {
		return op->token == world->token;
	} else if (op->token == 0 || op->token <= world->newest) {
		return op->token == 0;
	}
	world->token = world->newest = op->token;
	return true;
}

static bool
fits(struct world *world, const struct op *op, const struct answer *said)
{
	if (op->outcome == UNKNOWN)
		return true;
	if (op->outcome != said->outcome)
		return false;
	if (op->by[0] != '\0' && said->by != NULL &&
	    strcmp(op->by, said->by) != 0)
		return false;
	if (op->verb == SHOW)
		return strcmp(op->state, state_words[world->state]) == 0 &&
		       learn_token(world, op, said);
	if (op->outcome != OK)
		return true;
	return op->held == said->held && op->late == said->late &&
	       learn_token(world, op, said);
}

static void
say_why(const struct answer *said, const struct world *world, char why[256])
{
	snprintf(why, 256, "the answer is %s%s%s%s%s",
	    outcome_words[said->outcome], said->held ? ", held already" : "",
	    said->late ? ", late" : "",
	    said->by != NULL && said->by[0] != '\0' ? ", held by " : "",
	    said->by != NULL ? said->by : "");
	if (said->is_new)
		snprintf(why, 256, "the token is larger than %" PRId64,
		    world->newest);
	else if (said->token != 0)
		snprintf(why + strlen(why), 256 - strlen(why),
		    ", token %" PRId64, said->token);
}

/* Time has ended the lease. */
static void
lapse(struct world *world, int64_t max_attempts)
{
	bool is_last = ++world->attempts >= max_attempts;

	world->clock_ms = larger(world->clock_ms, world->ends_least_ms);
	world->state = is_last ? S_FAILED : S_OPEN;
	world->ended = is_last ? E_DEAD : E_LAPSED;
	world->ends_least_ms = world->ends_most_ms = 0;
}

static bool
try_one(struct world *world, const struct op *op, int64_t now_ms, char why[256])
{
	struct answer said = happen(world, op, now_ms);

	if (world->ended != E_LIVE)
		world->ends_least_ms = world->ends_most_ms = 0;
	if (fits(world, op, &said))
		return true;
	if (why != NULL)
		say_why(&said, world, why);
	return false;
}

size_t
world_step(const struct world *before, const struct op *op, int64_t now_ms,
    int64_t max_attempts, struct world out[2], char why[256])
{
	struct world world = *before;
	bool is_live = world.ended == E_LIVE;
	size_t n = 0;

	world.clock_ms = larger(world.clock_ms, op->from_ms);
	out[n] = world;
	if (is_live && now_ms >= world.ends_least_ms) {
		lapse(&out[n], max_attempts);
		n += try_one(&out[n], op, now_ms, why);
	}
	out[n] = world;
	if (!is_live || world.clock_ms < world.ends_most_ms)
		n += try_one(&out[n], op, now_ms, why);
	return n;
}

void
world_show(const struct world *world, char out[256])
{
	static const char *const ended[] = { "never claimed", "live", "lapsed",
		"finished", "dead" };

	if (world->ended == E_NEVER)
		snprintf(
		    out, 256, "%s, never claimed", state_words[world->state]);
	else if (world->ended == E_LIVE)
		snprintf(out, 256,
		    "claimed by %s, token %" PRId64 ", until %" PRId64
		    " to %" PRId64,
		    world->agent, world->token, world->ends_least_ms,
		    world->ends_most_ms);
	else
		snprintf(out, 256,
		    "%s; the lease of %s, token %" PRId64 ", is %s",
		    state_words[world->state], world->agent, world->token,
		    ended[world->ended]);
}
