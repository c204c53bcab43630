/* reserve.c - reserving paths for a task, and giving them back. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "holder.h"
#include "reserved.h"

enum { CLASHES_TOLD = 20 };

/* One reserving or giving back. */
struct reserving {
	struct tctl_change change;
	const struct tctl_caller *who;
	struct tctl_standing at;
	struct tctl_patterns list; /* as it is to be */
	size_t from;		   /* what of it is new */
	struct tctl_reserving *out;
};

void
tctl_reserving_release(struct tctl_reserving *reserving)
{
	tctl_answer_release(&reserving->answer);
}

static enum tctl_status
read_patterns(struct tctl_arena *arena, const struct tctl_strings *text,
    struct tctl_patterns *out, struct tctl_error *err)
{
	const struct tctl_pattern *pattern;
	enum tctl_status status = TCTL_OK;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; status == TCTL_OK && i < text->count; i++) {
		status = tctl_pattern_read(arena, text->at[i], &pattern, err);
		if (status == TCTL_OK)
			tctl_patterns_add(arena, out, pattern);
	}
	return status;
}

static bool
has(const struct tctl_patterns *list, const struct tctl_pattern *pattern)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(tctl_pattern_text(list->at[i]),
			tctl_pattern_text(pattern)) == 0)
			return true;
	return false;
}

/* --- which task -------------------------------------------------------------
 */

/* The one that the caller holds. */
static enum tctl_status
choose(struct reserving *reserving, const char **id, struct tctl_error *err)
{
	struct tctl_change *change = &reserving->change;
	const struct tctl_caller *who = reserving->who;
	struct tctl_row_ids mine = { .arena = change->arena };
	enum tctl_status status;

	if (*id != NULL)
		return TCTL_OK;
	if (who->agent == NULL)
		return tctl_caller_unnamed(err);
	status = tctl_query(change->store, tctl_sql_lease_mine,
	    TCTL_ARGS(TCTL_T(who->agent), TCTL_T(who->session)),
	    tctl_row_ids_take, &mine, NULL, err);
	if (status != TCTL_OK)
		return status;
	if (mine.count == 0) {
		tctl_fail(err, TCTL_ESTALE, "%s holds no task", who->agent);
		return tctl_hint(err, "claim one first: taskctl claim --next");
	}
	if (mine.count > 1)
		return tctl_fail(err, TCTL_EUSAGE,
		    "%s holds %zu tasks; for which of them? say --task T",
		    who->agent, mine.count);
	return tctl_row_reference(change->store, change->arena,
	    change->many_plans, mine.at[0], id, err);
}

/* --- what is in the way ----------------------------------------------------
 */

static enum tctl_status
check_others(struct reserving *reserving, struct tctl_error *err)
{
	struct tctl_reserving *out = reserving->out;
	struct tctl_arena *arena = tctl_answer_arena(&out->answer);
	struct tctl_reserved_all all;
	struct tctl_view view;
	enum tctl_status status =
	    tctl_view_of_change(&reserving->change, arena, &view, err);

	if (status == TCTL_OK)
		status = tctl_reserved_read(&view, &all, err);
	out->clash =
	    tctl_arena_alloc(arena, CLASHES_TOLD * sizeof(*out->clash));
	if (status == TCTL_OK)
		status = tctl_reserved_meet(&view, &all, reserving->at.row.id,
		    &reserving->list, reserving->from, CLASHES_TOLD, out->clash,
		    &out->clash_count, err);
	if (status != TCTL_OK || out->clash_count == 0)
		return status;
	tctl_fail(err, TCTL_ETAKEN, "%s%s",
	    tctl_clash_text(arena, &out->clash[0]),
	    out->clash_count > 1 ? "; and others are in the way" : "");
	if (strchr(out->clash[0].pattern, '/') == NULL)
		return tctl_hint(err,
		    "at the root alone it is /%.100s; see who has what: "
		    "taskctl reserve",
		    out->clash[0].pattern);
	return tctl_hint(err, "see who has what: taskctl reserve");
}

/* --- and who asks ------------------------------------------------------------
 */

/* It comes back by heartbeat, unless somebody has what was reserved with it. */
static enum tctl_status
refuse_late(struct reserving *reserving, struct tctl_error *err)
{
	const char *key = reserving->at.row.key;
	struct tctl_error clash;
	bool is_taken = check_others(reserving, &clash) == TCTL_ETAKEN;

	reserving->out->clash_count = 0;
	tctl_fail(err, TCTL_ESTALE,
	    "the lease of %s has lapsed, and what was reserved with it%s", key,
	    is_taken ? "; others have some of that now" : "");
	return is_taken ? tctl_hint(err,
			      "go on with a new token: taskctl claim %s", key)
			: tctl_hint(err,
			      "take it up again: taskctl heartbeat %s", key);
}

/* Begin, let the holder in, and read what it has reserved. */
static enum tctl_status
begin(struct reserving *reserving, const struct tctl_coord *coord,
    const char *id, struct tctl_error *err)
{
	struct tctl_change *change = &reserving->change;
	struct tctl_standing *at = &reserving->at;
	struct tctl_answer *answer = &reserving->out->answer;
	struct tctl_error unused;
	enum tctl_status status =
	    tctl_change_begin(coord, TCTL_CHANGE, change, err);

	if (status != TCTL_OK)
		return status;
	status = choose(reserving, &id, err);
	if (status == TCTL_OK)
		status = tctl_holder_admit(change, reserving->who, id, at, err);
	if (status == TCTL_ESTALE && at->row.id != 0 &&
	    tctl_answer_why(change, answer, at->row.id, &unused) != TCTL_OK)
		answer->why.task.count = 0; /* refused all the same */
	if (status == TCTL_OK && at->lease.reserved)
		status = tctl_reserved_of(change->store, change->arena,
		    at->row.id, at->lease.token, &reserving->list, err);
	if (status == TCTL_OK && at->late)
		status = refuse_late(reserving, err);
	return status == TCTL_OK ? TCTL_OK
				 : tctl_change_refuse(change, status, err);
}

/* --- and after -------------------------------------------------------------
 */

/* Nothing is reserved by what only takes out. */
static void
warn_of_nothing(struct reserving *reserving)
{
	const struct tctl_patterns *list = &reserving->list;

	for (size_t i = 0; i < list->count; i++)
		if (!tctl_pattern_negates(list->at[i]))
			return;
	if (list->count > 0)
		tctl_answer_warn(&reserving->out->answer,
		    "nothing is reserved for %s by ! alone",
		    reserving->at.row.key);
}

/* Write the event (data is taken), renew, load the answer, commit. */
static enum tctl_status
finish(struct reserving *reserving, enum tctl_status status,
    enum tctl_event_kind kind, struct json_object *data, struct tctl_error *err)
{
	struct tctl_change *change = &reserving->change;
	struct tctl_lease_row *lease = &reserving->at.lease;
	struct tctl_answer *answer = &reserving->out->answer;
	const struct tctl_actor actor = { lease->agent, lease->session,
		lease->token };

	/* Refused: only what had lapsed is written. */
	if (status == TCTL_ETAKEN) {
		json_object_put(data);
		return tctl_change_refuse(change, status, err);
	}
	if (status == TCTL_OK && data != NULL)
		status = tctl_change_event(
		    change, kind, lease->task, &actor, data, err);
	else
		json_object_put(data);
	if (status == TCTL_OK)
		status = tctl_holder_renew(change, reserving->at.row.key, lease,
		    lease->ttl_ms, reserving->who->evidence, answer, err);
	warn_of_nothing(reserving);
	if (status == TCTL_OK)
		status = tctl_answer_load(change, answer, lease->task, err);
	return tctl_change_end(change, status, err);
}

static void
tell_changed(struct reserving *reserving, const struct tctl_pattern *pattern)
{
	struct tctl_arena *arena = tctl_answer_arena(&reserving->out->answer);

	tctl_strings_add(arena, &reserving->out->changed,
	    tctl_arena_strdup(arena, tctl_pattern_text(pattern)));
}

enum tctl_status
tctl_reserve(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const struct tctl_strings *text, struct tctl_reserving *out,
    struct tctl_error *err)
{
	struct reserving reserving = { .who = who, .out = out };
	struct tctl_change *change = &reserving.change;
	struct tctl_patterns *list = &reserving.list, asked;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	tctl_answer_begin(&out->answer);
	status =
	    read_patterns(tctl_answer_arena(&out->answer), text, &asked, err);
	if (status == TCTL_OK)
		status = begin(&reserving, coord, id, err);
	if (status != TCTL_OK)
		return status;
	reserving.from = list->count;
	for (size_t i = 0; i < asked.count; i++)
		if (!has(list, asked.at[i])) {
			tctl_patterns_add(change->arena, list, asked.at[i]);
			tell_changed(&reserving, asked.at[i]);
		}
	if (list->count == reserving.from) {
		out->answer.already = true;
		return finish(
		    &reserving, TCTL_OK, TCTL_EVENT_RESERVED, NULL, err);
	}
	if (list->count > TCTL_RESERVED_MAX)
		status = tctl_fail(err, TCTL_EINVALID,
		    "%s would have %zu patterns; %d are the most",
		    reserving.at.row.key, list->count, TCTL_RESERVED_MAX);
	if (status == TCTL_OK)
		status = check_others(&reserving, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_reservation_sweep,
		    TCTL_NO_ARGS, NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_reserved_keep(change, reserving.at.row.id,
		    reserving.at.lease.token, list, reserving.from, err);
	return finish(&reserving, status, TCTL_EVENT_RESERVED,
	    tctl_reserved_data(list, reserving.from), err);
}

/* Take out of the list what was asked for; true: a ! was among it. */
static bool
take_out(struct reserving *reserving, const struct tctl_patterns *asked,
    struct tctl_patterns *gone)
{
	struct tctl_patterns *list = &reserving->list;
	bool widens = false;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct tctl_pattern *pattern = list->at[i];

		if (asked->count > 0 && !has(asked, pattern)) {
			list->at[kept++] = pattern;
			continue;
		}
		tctl_patterns_add(reserving->change.arena, gone, pattern);
		tell_changed(reserving, pattern);
		widens = widens || tctl_pattern_negates(pattern);
	}
	list->count = kept;
	return widens;
}

enum tctl_status
tctl_unreserve(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const struct tctl_strings *text, struct tctl_reserving *out,
    struct tctl_error *err)
{
	struct reserving reserving = { .who = who, .out = out };
	struct tctl_change *change = &reserving.change;
	struct tctl_patterns asked, gone = { NULL, 0 };
	enum tctl_status status;
	bool widens;

	memset(out, 0, sizeof(*out));
	tctl_answer_begin(&out->answer);
	status =
	    read_patterns(tctl_answer_arena(&out->answer), text, &asked, err);
	if (status == TCTL_OK)
		status = begin(&reserving, coord, id, err);
	if (status != TCTL_OK)
		return status;
	widens = take_out(&reserving, &asked, &gone);
	for (size_t i = 0; i < asked.count; i++)
		if (!has(&gone, asked.at[i]))
			tctl_answer_warn(&out->answer,
			    "%s was not reserved for %s",
			    tctl_pattern_text(asked.at[i]),
			    reserving.at.row.key);
	if (gone.count == 0) {
		out->answer.already = true;
		return finish(
		    &reserving, TCTL_OK, TCTL_EVENT_UNRESERVED, NULL, err);
	}
	if (widens)
		status = check_others(&reserving, err);
	if (status == TCTL_OK)
		status = tctl_reserved_end(change, &reserving.at.lease, err);
	if (status == TCTL_OK)
		status = tctl_reserved_keep(change, reserving.at.row.id,
		    reserving.at.lease.token, &reserving.list, 0, err);
	return finish(&reserving, status, TCTL_EVENT_UNRESERVED,
	    tctl_reserved_data(&gone, 0), err);
}
