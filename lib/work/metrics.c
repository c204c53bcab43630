/* metrics.c - what a monitoring system asks every minute: from the events, so
 * that counters survive restarts. */
#include "taskctl/metrics.h"

#include <string.h>

#include "change.h"

const int64_t tctl_metrics_bound_s[TCTL_METRICS_BUCKETS - 1] = { 60, 300, 900,
	1800, 3600, 7200, 14400, 28800, 86400 };

static struct tctl_event_count *
count_of(struct tctl_metrics *out, const char *kind)
{
	for (size_t i = 0; i < out->events; i++)
		if (strcmp(out->event[i].kind, kind) == 0)
			return &out->event[i];
	out->event = tctl_arena_grow(
	    out->arena, out->event, out->events, sizeof(*out->event));
	out->event[out->events] = (struct tctl_event_count){
		.kind = tctl_arena_strdup(out->arena, kind)
	};
	return &out->event[out->events++];
}

/* Each kind from the beginning, at zero: a counter that appears at one has
 * not increased, for whoever watches it. */
static void
begin_counts(struct tctl_metrics *out)
{
#define COUNT_FROM_ZERO(name, word) (void)count_of(out, word);
	TCTL_EVENT_LIST(COUNT_FROM_ZERO)
#undef COUNT_FROM_ZERO
}

static void
take_count(void *into, const char *const col[])
{
	struct tctl_metrics *out = into;
	struct tctl_event_count *event = count_of(out, tctl_col_text(col[0]));

	event->count = tctl_col(col[1]);
	event->last_ms = tctl_col(col[2]);
	if (event->last_ms > out->last_ms)
		out->last_ms = event->last_ms;
}

struct cycles {
	struct tctl_metrics *out;
	int64_t task;
	int64_t claimed_ms; /* 0: it was not, or not since it was done */
};

static void
take_cycle(void *into, const char *const col[])
{
	struct cycles *at = into;
	struct tctl_metrics *out = at->out;
	int64_t task = tctl_col(col[0]), when_ms = tctl_col(col[2]), took_s;
	size_t bucket = 0;

	if (task != at->task)
		at->claimed_ms = 0;
	at->task = task;
	if (strcmp(tctl_col_text(col[1]), "claimed") == 0) {
		at->claimed_ms = when_ms;
		return;
	}
	if (at->claimed_ms == 0)
		return;
	/* The wall clock may have been set back meanwhile. */
	took_s =
	    when_ms > at->claimed_ms ? (when_ms - at->claimed_ms) / 1000 : 0;
	at->claimed_ms = 0;
	while (bucket < TCTL_METRICS_BUCKETS - 1 &&
	       took_s > tctl_metrics_bound_s[bucket])
		bucket++;
	out->cycle[bucket]++;
	out->cycle_sum_s += took_s;
	out->cycles++;
}

enum tctl_status
tctl_metrics_read(const struct tctl_coord *coord, struct tctl_metrics *out,
    struct tctl_error *err)
{
	struct cycles cycles = { .out = out };
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_status_read(coord, 0, &out->report, err);
	if (status != TCTL_OK)
		return status;
	out->arena = out->report.arena;
	for (size_t i = 0; i < out->report.held.count; i++) {
		int64_t expires_ms = out->report.held.at[i].lease->expires_ms;

		if (out->oldest_expiry_ms == 0 ||
		    expires_ms < out->oldest_expiry_ms)
			out->oldest_expiry_ms = expires_ms;
	}
	begin_counts(out);
	status = tctl_query(coord->store, tctl_sql_event_counts, TCTL_NO_ARGS,
	    take_count, out, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(coord->store, tctl_sql_event_cycles,
		    TCTL_NO_ARGS, take_cycle, &cycles, NULL, err);
	if (status != TCTL_OK)
		tctl_metrics_release(out);
	return status;
}

void
tctl_metrics_release(struct tctl_metrics *metrics)
{
	tctl_status_release(&metrics->report);
}
