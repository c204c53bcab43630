/* floor: export - days, months and ticks of a time axis, in UTC. */
#ifndef EXPORT_CALENDAR_H
#define EXPORT_CALENDAR_H

#include <stdint.h>

enum { TCTL_DATE_TEXT = 40 };

struct tctl_date {
	int year, month, day; /* from 1 */
	int hour, minute;
	int weekday; /* Monday 0 */
};

struct tctl_date tctl_date_of(int64_t ms);

/* One step of an axis: so many minutes, or so many months. */
struct tctl_axis_step {
	int minutes;
	int months; /* where minutes is 0 */
};

/* The finest step of which each takes at least px of an axis. */
struct tctl_axis_step tctl_axis_choose(
    int64_t span_ms, double width_px, double least_px);

/* The coarser step whose marks head those of a step: days over hours, months
 * over days, years over months. */
struct tctl_axis_step tctl_axis_above(struct tctl_axis_step tick);

/* The last tick at or before ms, and the one after a tick. */
int64_t tctl_axis_floor(struct tctl_axis_step tick, int64_t ms);
int64_t tctl_axis_next(struct tctl_axis_step tick, int64_t ms);

/* "09:00", "Fri 23", "Jan", "2026"; returns buf. */
char *tctl_axis_label(
    struct tctl_axis_step tick, int64_t ms, char buf[TCTL_DATE_TEXT]);

/* The same where no coarser mark stands over it: "Fri 23 Jan 2026". */
char *tctl_axis_heading(
    struct tctl_axis_step tick, int64_t ms, char buf[TCTL_DATE_TEXT]);

/* "2026-01-23 09:00"; returns buf. */
char *tctl_minute_show(int64_t ms, char buf[TCTL_DATE_TEXT]);

#endif
