/* floor: plan - a plan while it is being read.
 *
 * A dialect fills the draft in one walk over the tree: tasks, and beside each
 * what only the checks want to know; what refers to tasks is kept as text and
 * resolved once all of them are known. */
#ifndef PLAN_DRAFT_H
#define PLAN_DRAFT_H

#include "markdown.h"
#include "taskctl/plan.h"
#include "taskctl/text.h"
#include "taskctl/time.h"
#include "words.h"

enum {
	/* "Sprint 2" is all its tasks, so a few lines could ask for billions
	 * of edges. */
	TCTL_EDGES_MAX = 2 * 1000 * 1000,
};

/* What the plan says about a task beside what a task holds.  Lines are 0 and
 * texts NULL where it says nothing. */
struct tctl_detail {
	struct tctl_place place; /* of its id */
	struct tctl_place title_place;
	const char *normal; /* the id in the form that is compared */
	const char *label;  /* its title in a summary table */
	int table_line;
	const char *table_agent;
	struct tctl_place table_agent_place;
	int64_t table_s; /* -1: none */
	struct tctl_place table_s_place;
	int table_priority;
	int heading_priority;
	int agent_line;
	int duration_line;
	int duration_column;
	struct tctl_place serial;   /* says that it is not parallelisable */
	struct tctl_place parallel; /* says that it is */
	struct tctl_place tick;	    /* a mark that may be decoration */
	const char *group;	    /* the heading between sprint and task */
	int group_line;
};

/* Text that names tasks on which a task depends. */
struct tctl_ref {
	size_t task;
	const char *text; /* in the line's own */
	size_t length;
	const struct tctl_md_line *line;
	enum tctl_edge_source source;
	bool is_field; /* all of the text should be names */
};

/* A total that the plan states. */
enum tctl_claim_kind {
	TCTL_CLAIM_SEQUENTIAL,
	TCTL_CLAIM_PARALLEL,
	TCTL_CLAIM_AGENTS, /* "with 3 agents" */
	TCTL_CLAIM_KINDS,
};

struct tctl_claim {
	enum tctl_claim_kind kind;
	size_t sprint;	 /* TCTL_NONE: of the whole plan */
	const char *key; /* a line in a list of sprints: which; else NULL */
	size_t key_length;
	int64_t value; /* seconds, or agents */
	struct tctl_place place;
};

/* How a sprint comes to follow another. */
enum tctl_order {
	TCTL_ORDER_IMPLIED, /* by the plan's order, unless it says otherwise */
	TCTL_ORDER_STRICT,  /* it follows the one before, as waves do */
	TCTL_ORDER_SAID,    /* the dialect has set sprint[].after */
	TCTL_ORDER_APART,   /* a topic: follows none, and none follows it */
};

struct tctl_gantt;
struct json_object;

/* A block to be looked at when all tasks are known. */
struct tctl_later {
	const struct tctl_md *node;
	size_t sprint;
	const char *section; /* the acceptance criteria it stands in, or NULL */
	struct tctl_gantt *gantt; /* what it turned out to be; else NULL */
};

/* A Go/No-Go decision, or a part of one (gate.h). */
enum tctl_decision_kind {
	TCTL_DECISION_SEEN,	 /* it is spoken of */
	TCTL_DECISION_BOX,	 /* its own box */
	TCTL_DECISION_CRITERION, /* what must be true for GO */
	TCTL_DECISION_AWAITED,	 /* the condition of a sprint */
};

struct tctl_decision {
	enum tctl_decision_kind kind;
	size_t
	    sprint; /* that it judges, TCTL_NONE: none; AWAITED: that waits */
	const struct tctl_md *item;	 /* BOX, CRITERION */
	const struct tctl_md_line *line; /* SEEN, BOX, AWAITED */
	const char *text;		 /* AWAITED: the condition */
	size_t length;
};

/* Strings that lead to indexes. */
struct tctl_index {
	struct tctl_index_row {
		uint64_t head; /* the key's first bytes, for speed */
		const char *key;
		size_t value;
	} * row;
	size_t count;
};

/* What a dialect reads: the repaired text, and what it parses as. */
struct tctl_source {
	const char *text;
	size_t length;
	const struct tctl_md *root; /* as Markdown; of JSON an empty document */
	struct json_object *json;   /* as JSON (lines: an array), or NULL */
	int best; /* how sure the surest dialect is that was asked so far */
};

struct tctl_draft {
	struct tctl_plan *plan;
	const struct tctl_plan_options *options;
	struct tctl_source source;
	int hours_per_day;

	struct tctl_detail *detail;	 /* one a task */
	struct tctl_place *sprint_place; /* one a sprint: of its total, or id */
	enum tctl_order *sprint_order;	 /* one a sprint */
	struct tctl_ref *ref;
	size_t ref_count;
	struct tctl_claim *claim;
	size_t claim_count;
	/* The first claim of each kind about sprint s:
	 * [s * TCTL_CLAIM_KINDS + kind], or NULL. */
	const struct tctl_claim **said;
	struct tctl_later *table;
	size_t table_count;
	struct tctl_later *loose; /* lists outside of any task */
	size_t loose_count;
	struct tctl_later *diagram; /* Mermaid gantt blocks */
	size_t diagram_count;
	struct tctl_decision *decision;
	size_t decision_count;
	const char *sprint_word; /* "Sprint" or "Phase": the first one seen */
	size_t sprint_word_length;
	bool has_task_headings;
	bool is_order_stated; /* the dialect sets what a sprint comes after */
	size_t loose_boxes;   /* outside of any task */
	struct tctl_place loose_place; /* of the first */

	struct tctl_index tasks;   /* by normalised id */
	struct tctl_index sprints; /* by folded key */
	/* The tasks of sprint s: member[sprint_at[s] .. sprint_at[s + 1]). */
	size_t *sprint_at;
	size_t *member;
	size_t edge_room; /* edges that may still be added */
};

/* --- saying ----------------------------------------------------------- */

/* Line 0: it is about all of the plan.  other_line is 0 where there is no
 * other place. */
void tctl_say(struct tctl_draft *draft, enum tctl_severity severity,
    const char *code, struct tctl_place place, int other_line, const char *fmt,
    ...) TCTL_PRINTF(6, 7);

/* tctl_duration_write into the arena: for messages. */
const char *tctl_say_s(struct tctl_draft *draft, int64_t seconds);

/* --- adding ----------------------------------------------------------- */

/* id and title are kept. */
size_t tctl_draft_task(struct tctl_draft *draft, const char *id,
    const char *title, size_t sprint, struct tctl_place place);
/* Give a task another id. */
void tctl_draft_rename(struct tctl_draft *draft, size_t task, const char *id);
size_t tctl_draft_sprint(struct tctl_draft *draft, const char *key,
    const char *title, struct tctl_place place);
void tctl_draft_ref(struct tctl_draft *draft, const struct tctl_ref *ref);
void tctl_draft_claim(struct tctl_draft *draft, const struct tctl_claim *claim);
/* source: or-ed enum tctl_edge_source. */
void tctl_draft_edge(
    struct tctl_draft *draft, size_t before, size_t after, unsigned source);

/* --- where the text says what is done --------------------------------- */

/* Note a place that says whether a task, or a step of it, is done. */
void tctl_draft_tick(struct tctl_draft *draft, const struct tctl_tick *tick);

/* The same; of, index, task (and done, but for a box) come with tick, the rest
 * is read off: the box of an item, if it has one; */
void tctl_tick_box(struct tctl_draft *draft, struct tctl_tick tick,
    const struct tctl_md *item);

/* a piece of a line's text, unless the source has marks within it. */
void tctl_tick_text(struct tctl_draft *draft, struct tctl_tick tick,
    const struct tctl_md_line *line, const char *at, size_t length);

/* Note that a task's id was made, and where it can be written for it to be the
 * plan's own: made->prefix, the id, made->suffix. */
void tctl_draft_made(struct tctl_draft *draft, const struct tctl_made *made);

/* The same for a task of a heading or item: "{#id}" at the end of its
 * line, which is read into line->id. */
void tctl_draft_made_line(
    struct tctl_draft *draft, size_t task, const struct tctl_md_line *line);

/* The bytes of the sign at text, with what belongs to it; 0: none. */
size_t tctl_mark_whole(const char *text, size_t length, enum tctl_mark *mark);

/* --- finding ---------------------------------------------------------- */

/* Among equal keys the first added comes first. */
void tctl_index_build(struct tctl_index *index);
size_t tctl_index_find(const struct tctl_index *index, const char *key);
void tctl_index_add(struct tctl_arena *arena, struct tctl_index *index,
    const char *key, size_t value);

/* (Re)build the index of sprints. */
void tctl_draft_index_sprints(struct tctl_draft *draft);

/* (Re)build the index of tasks and the lists of sprints' tasks, unless all
 * tasks are in them already. */
void tctl_draft_index_tasks(struct tctl_draft *draft);

/* The task of that id in any spelling, or TCTL_NONE. */
size_t tctl_draft_find(
    const struct tctl_draft *draft, const char *id, size_t length);

/* The sprint of that key, or TCTL_NONE. */
size_t tctl_draft_find_sprint(
    const struct tctl_draft *draft, const char *key, size_t length);

/* Is the word the one that the plan's sprints are called by? */
bool tctl_draft_is_sprint_word(
    const struct tctl_draft *draft, const char *word, size_t length);

/* Which sprint the text names at its start: "Sprint 2", or "Phase 2" where
 * that is another one.  *used is 0 when no sprint word stands there with an
 * id; else the bytes of both, also when there is no such sprint. */
size_t tctl_draft_named_sprint(const struct tctl_draft *draft, const char *text,
    const char *end, size_t *used);

/* --- text ------------------------------------------------------------- */

/* Move both ends inwards over blanks. */
void tctl_trim(const char **text, size_t *length);

/* Skip blanks and emoji. */
const char *tctl_skip_marks(const char *text, const char *end);

/* How long the id is that stands at text; 0: none does. */
size_t tctl_id_length(const char *text, const char *end);

/* Turn refs into edges; complain about what is not there. */
void tctl_refs_resolve(struct tctl_draft *draft);

/* --- settling --------------------------------------------------------- */

/* Sort the edges by what comes after, each pair once, and fill needs. */
void tctl_settle_edges(struct tctl_plan *plan);

/* Set sprint[].after where nothing stated leads into it; take implied order out
 * that cannot be, or that is not wanted. */
void tctl_settle_order(struct tctl_draft *draft);

/* Set each task's sprint and state. */
void tctl_settle_tasks(struct tctl_plan *plan);

#endif
