/* floor: plan - Go/No-Go decisions: who must approve what before a phase.
 *
 * A decision is spread over a plan: a box in the acceptance criteria, a list of
 * what must be true, the condition of the phase that waits.  Each is noted
 * where it stands, and once all sprints are known they become one task, a gate:
 *
 *     - [ ] **GO/NO-GO decision**: GO for phase 2
 *     **Condition**: Phase 1 validated, with a GO decision */
#ifndef PLAN_GATE_H
#define PLAN_GATE_H

#include "fields.h"

/* Does the text speak of such a decision: "Go/No-Go", "GO decision"? */
bool tctl_gate_in(const char *text, size_t length);

/* Is it what a heading calls such a decision: "Go/No-Go decision"? */
bool tctl_gate_is(const char *title);

/* Which list comes next, where criteria of a decision are told. */
enum tctl_go {
	TCTL_GO_NONE, /* one that is about something else */
	TCTL_GO_YES,  /* what must be true for GO */
	TCTL_GO_NO,   /* what makes it NO-GO */
};

/* What the state is after a line of a paragraph; field: what the line is read
 * as, or NULL. */
enum tctl_go tctl_gate_line(enum tctl_go state, const struct tctl_md_line *line,
    const struct tctl_field *field);

/* Note that a decision about sprint stands at line; item: its box, or NULL. */
void tctl_gate_note(struct tctl_draft *draft, size_t sprint,
    const struct tctl_md_line *line, const struct tctl_md *item);

/* Note the items of a list as what must be true for GO after sprint. */
void tctl_gate_criteria(
    struct tctl_draft *draft, size_t sprint, const struct tctl_md *list);

/* Note the condition on which sprint waits; false: the field is none. */
bool tctl_gate_condition(
    struct tctl_draft *draft, size_t sprint, const struct tctl_field *field);

/* Make the gates, GO-1 of sprint 1, when all sprints and tasks are indexed. */
void tctl_gates_resolve(struct tctl_draft *draft);

#endif
