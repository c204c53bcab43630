/* floor: work - an import on its way: what its steps share. */
#ifndef TASKCTL_WORK_IMPORT_H
#define TASKCTL_WORK_IMPORT_H

#include <string.h>

#include "edit.h"
#include "import_rows.h"
#include "taskctl/json.h"

/* A pair of mutex and planned agent that stands in the store. */
struct tctl_lane {
	const char *mutex;
	const char *agent;
};

enum { TCTL_LANES_KNOWN = 8 };

/* One import on its way. */
struct tctl_importing {
	struct tctl_change change;
	struct tctl_actor actor;
	const struct tctl_plan *plan;
	struct tctl_import *out;
	bool prune;
	int64_t plan_id;
	int64_t last_id;	      /* the highest id of any task */
	int64_t *sprint_id;	      /* of each of the plan's sprints */
	int64_t *task_id;	      /* of each of the plan's tasks */
	struct tctl_import_row **row; /* what was there of each, or NULL */
	struct tctl_import_rows rows;
	bool *changed;	/* each of the plan's tasks */
	bool moved;	/* sprints or places in the file are other ones */
	bool *shifted;	/* of each of the plan's tasks: its place is */
	bool *reticked; /* and: boxes of its steps are ticked otherwise */
	struct tctl_json_place *place; /* of each of the plan's tasks */
	int64_t *finish;	       /* tasks newly ticked in the plan */
	size_t finish_count;
	struct tctl_lane lane[TCTL_LANES_KNOWN]; /* the last new ones */
	size_t lanes;				 /* how many were new */
	struct tctl_first *first; /* NULL: the store holds tasks already */
};

/* Add a sentence to the answer. */
void tctl_importing_say(struct tctl_importing *import, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

/* Record an event of a task; data is taken. */
enum tctl_status tctl_importing_record(struct tctl_importing *import,
    enum tctl_event_kind kind, int64_t task, struct json_object *data,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* A row function: the first column as a number. */
void tctl_importing_take_id(void *into, const char *const col[]);

/* The steps, in order; each one file or section. */
typedef enum tctl_status tctl_import_step(
    struct tctl_importing *import, struct tctl_error *err);

tctl_import_step tctl_import_tasks;  /* new and changed ones */
tctl_import_step tctl_import_order;  /* steps, gates */
tctl_import_step tctl_import_edges;  /* added, then dropped */
tctl_import_step tctl_import_gone;   /* orphaned, pruned */
tctl_import_step tctl_import_ticked; /* finished by a tick */
tctl_import_step tctl_import_count;  /* unmet, remaining, barred, tails */

/* What a first import knows before it writes: then every row is written once,
 * with its counts, in place of being counted after. */
struct tctl_first {
	int64_t *unmet;
	unsigned *bars; /* or-ed enum tctl_barrier */
	int64_t *tail_s;
	int64_t *remaining; /* of each of the plan's sprints */
};
void tctl_import_first(struct tctl_importing *import);

static inline const char *
tctl_word_or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

#endif
