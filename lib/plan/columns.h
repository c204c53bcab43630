/* floor: plan - what the name of a column or of a JSON member means. */
#ifndef PLAN_COLUMNS_H
#define PLAN_COLUMNS_H

#include "taskctl/time.h"
#include "words.h"

enum { TCTL_UNIT_MAX = 24 };

/**
 * What "Horas Estimadas", "Effort (days)" or "estimated_hours" names.
 *
 * A remark in brackets does not count, nor how words are joined.  Time that
 * was spent is not an estimate: NONE.
 *
 * @param unit of bare numbers in it; "" where the name gives none, and a bare
 *             number is then no length of time (it may be points)
 */
enum tctl_word tctl_name_read(
    const char *name, size_t length, char unit[TCTL_UNIT_MAX]);

/* Read "2h", or "2,5" under a name with a unit; false: no length of time. */
bool tctl_estimate_read(const char *text, const char *unit, int hours_per_day,
    struct tctl_duration *out);

#endif
