/* floor: work - when it will be done, from what was done last. */
#ifndef TASKCTL_WORK_FORECAST_H
#define TASKCTL_WORK_FORECAST_H

#include "view.h"

/**
 * Fill report->forecast, whose tasks stay 0 where too little is finished to
 * tell, or nothing is left; and dropped, what that takes for granted.
 *
 * From sums and stuck tasks that the report has already and the newest events:
 * its cost does not depend on how many tasks there are (about 0.5 ms), unless
 * some are cancelled.
 *
 * @param path_s the longest remaining path, by estimates
 */
enum tctl_status tctl_forecast_read(struct tctl_view *view,
    struct tctl_status_report *report, int64_t path_s,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
