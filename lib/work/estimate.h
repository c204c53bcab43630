/* floor: work - estimates where the plan gives none. */
#ifndef TASKCTL_WORK_ESTIMATE_H
#define TASKCTL_WORK_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

/* Give unknown estimates (-1) the median of their sprint's known ones, or where
 * there is none that of all.  group[i] tells which sprint task i is of.
 *
 * Cost: O(count log count). */
void tctl_estimate_fill(
    int64_t weight_s[], const int64_t group[], size_t count);

#endif
