/* floor: work - the plan changed by hand: tasks, fields, edges, steps, gates.
 *
 * Each is one transaction and an event.  Anybody may; who holds the task gives
 * a sign of life with it, and a token that is not the newest is refused
 * (TCTL_ESTALE), with nothing changed. */
#ifndef TASKCTL_EDIT_H
#define TASKCTL_EDIT_H

#include "taskctl/lease.h"

/* Fields of a task that a person can set; text NULL: leave it. */
struct tctl_fields {
	const char *title;
	const char *sprint;
	const char *agent;    /* "-" takes it out, likewise below */
	const char *estimate; /* a duration */
	const char *mutex;
	int64_t priority; /* -1: leave it */
};

enum tctl_status tctl_task_add(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id,
    const struct tctl_fields *fields, const struct tctl_strings *needs,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_task_edit(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id,
    const struct tctl_fields *fields, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* needs must be done before task, or no longer.  TCTL_EINVALID: a cycle; it is
 * named whole. */
enum tctl_status tctl_dep_add(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *needs,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_dep_remove(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *needs,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_step_tick(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, int64_t n, bool undo,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_note_add(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *text,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
/**
 * Approve a gate: what waits for it may begin.  Again: nothing changes.
 *
 * @param who      its agent is recorded
 * @param override approve although criteria are open, or what it judges is not
 *                 done; why must say why then
 * @return         TCTL_OK; TCTL_ENOTREADY: out->why says what is missing;
 *                 TCTL_EINVALID: it is no gate; TCTL_EUSAGE: no reason
 */
enum tctl_status tctl_gate_approve(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *gate, bool override,
    const char *why, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_task_cancel(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *why,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_task_reopen(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *why,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
