/* floor: work - what a monitoring system asks every minute. */
#ifndef TASKCTL_METRICS_H
#define TASKCTL_METRICS_H

#include "taskctl/work.h"

enum { TCTL_METRICS_BUCKETS = 10 };

/* Upper bounds, seconds, of a task's time from claim to done; the last bucket
 * has none. */
extern const int64_t tctl_metrics_bound_s[TCTL_METRICS_BUCKETS - 1];

struct tctl_metrics {
	struct tctl_arena *arena;
	struct tctl_status_report report;
	/* How often each kind of event has happened, by name.  From the
	 * events, so they only grow, over restarts too. */
	struct tctl_event_count {
		const char *kind;
		int64_t count;
		int64_t last_ms;
	} * event;
	size_t events;
	int64_t last_ms; /* of any event */
	/* Leases that led to a result: how long from claim to done. */
	int64_t cycle[TCTL_METRICS_BUCKETS]; /* in each bucket, not summed up */
	int64_t cycle_sum_s;
	int64_t cycles;
	int64_t oldest_expiry_ms; /* of live leases; 0: there is none */
};
void tctl_metrics_release(struct tctl_metrics *metrics);

/* Cost: O(events + tasks): half a second for a million events. */
enum tctl_status tctl_metrics_read(const struct tctl_coord *coord,
    struct tctl_metrics *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
