/* guard_refusal.c - why a commit is refused, and the safe next step. */
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "taskctl/json.h"

enum { SAID_MAX = 10 };

/* In words, why this token is no good; owned. */
static char *
reason(const struct tctl_guard_claim *claim, bool utc)
{
	const struct tctl_token *fate = claim->fate;
	char until[TCTL_INSTANT_TEXT];

	if (fate->life == TCTL_TOKEN_FORGED)
		return tctl_xstrdup("which nobody was ever given");
	if (fate->holder != NULL)
		return tctl_xprintf("which is over: %s holds the task until %s",
		    fate->holder,
		    tctl_instant_show(fate->until_ms, utc, until));
	if (fate->life == TCTL_TOKEN_LAPSED)
		return tctl_xstrdup(
		    "whose lease has lapsed; nobody has come since");
	if (strcmp(fate->state, "done") == 0)
		return tctl_xprintf("which is over: %s finished the task",
		    fate->finished_by != NULL ? fate->finished_by
					      : "somebody else");
	return tctl_xprintf("which is over (%s)",
	    fate->ended != NULL ? fate->ended : "superseded");
}

/* The safe next step. */
static void
advise(
    const struct tctl_token *fate, const char *caller, struct tctl_error *err)
{
	if (fate->life == TCTL_TOKEN_FORGED)
		tctl_hint(err,
		    "give the commit the trailers of a token that taskctl "
		    "claim has printed");
	else if (fate->holder != NULL)
		tctl_hint(err,
		    "ask %.60s, or wait; who has the task may take the work "
		    "over: taskctl why %.60s",
		    fate->holder, fate->task);
	else if (fate->life == TCTL_TOKEN_LAPSED && caller != NULL &&
		 strcmp(caller, fate->agent) == 0)
		tctl_hint(err, "take it up again: taskctl heartbeat %.60s",
		    fate->task);
	else if (strcmp(fate->state, "open") == 0 ||
		 strcmp(fate->state, "claimed") == 0)
		tctl_hint(err, "claim it, then try again: taskctl claim %.60s",
		    fate->task);
	else
		tctl_hint(err, "see what became of it: taskctl show %.60s",
		    fate->task);
}

static struct json_object *
to_json(const struct tctl_guard_list *list,
    const struct tctl_guard_claim *claim, const char *why)
{
	struct json_object *out = json_object_new_object();
	const struct tctl_token *fate = claim->fate;

	tctl_json_add(
	    out, "commit", tctl_json_text(list->commit[claim->commit].id));
	tctl_json_add(out, "task", tctl_guard_json(fate->task));
	tctl_json_add(out, "token",
	    claim->token < 0 ? NULL : json_object_new_int64(claim->token));
	tctl_json_add(out, "agent", tctl_json_text(fate->agent));
	tctl_json_add(out, "ended", tctl_json_text(fate->ended));
	tctl_json_add(out, "holder", tctl_json_text(fate->holder));
	tctl_json_add(out, "until",
	    fate->holder == NULL ? NULL : tctl_json_instant(fate->until_ms));
	tctl_json_add(out, "why", tctl_json_text(why));
	return out;
}

/* Say all that is refused, the first in the error itself. */
enum tctl_status
tctl_guard_refuse(struct tctl_ctx *ctx, const struct tctl_guard_list *list,
    struct json_object **out, struct tctl_error *err)
{
	struct json_object *refused = json_object_new_array();
	size_t count = 0;

	for (size_t i = 0; i < list->claims; i++) {
		const struct tctl_guard_claim *claim = &list->claim[i];
		char *why, *text;

		if (!claim->refused)
			continue;
		why = reason(claim, ctx->global->utc);
		text = tctl_xprintf("%.10s is work on %.60s with %s%.60s, %s",
		    list->commit[claim->commit].id, claim->fate->task,
		    claim->fate->agent != NULL ? "the token of " : "a token",
		    claim->fate->agent != NULL ? claim->fate->agent : "", why);
		json_object_array_add(refused, to_json(list, claim, why));
		if (count++ == 0) {
			tctl_fail(err, TCTL_ESTALE, "%s", text);
			advise(claim->fate, getenv("TASKCTL_AGENT"), err);
		} else if (count <= SAID_MAX) {
			tctl_guard_say(ctx, "%s", text);
		}
		free(text);
		free(why);
	}
	if (count > SAID_MAX)
		tctl_guard_say(ctx, "and %zu more", count - SAID_MAX);
	if (count == 0) {
		json_object_put(refused);
		return TCTL_OK;
	}
	*out = json_object_new_object();
	tctl_json_add(*out, "refused", refused);
	return TCTL_ESTALE;
}
