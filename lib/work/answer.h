/* floor: work - what a change answers with. */
#ifndef TASKCTL_WORK_ANSWER_H
#define TASKCTL_WORK_ANSWER_H

#include "why.h"

/* Zero it and give it an arena. */
void tctl_answer_begin(struct tctl_answer *answer);

/* Its arena. */
struct tctl_arena *tctl_answer_arena(struct tctl_answer *answer);

/* Load one task, as the change leaves it, into the answer. */
enum tctl_status tctl_answer_load(const struct tctl_change *change,
    struct tctl_answer *answer, int64_t row,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The same where its lease is known (NULL: nobody holds it), and perhaps more
 * of it (NULL: nothing). */
enum tctl_status tctl_answer_load_known(const struct tctl_change *change,
    struct tctl_answer *answer, int64_t row, const struct tctl_lease_row *lease,
    const struct tctl_known *known, struct tctl_error *err) TCTL_MUST_CHECK;

/* The same for several. */
enum tctl_status tctl_answer_load_all(const struct tctl_change *change,
    struct tctl_answer *answer, const int64_t *row, size_t count,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Load why the task cannot be claimed into answer->why. */
enum tctl_status tctl_answer_why(const struct tctl_change *change,
    struct tctl_answer *answer, int64_t row,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Copy a list that lives in the change's arena. */
void tctl_answer_keep(struct tctl_answer *answer, struct tctl_strings *to,
    const struct tctl_strings *from);

/* Say something on standard error beside the answer. */
void tctl_answer_warn(struct tctl_answer *answer, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

#endif
