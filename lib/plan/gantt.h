/* floor: plan - a Mermaid `gantt` block, read as Mermaid reads it. */
#ifndef PLAN_GANTT_H
#define PLAN_GANTT_H

#include "draft.h"

struct tctl_gantt_item {
	const char *title;
	const char *section; /* NULL: none */
	const char *id;	     /* NULL: none */
	bool is_done, is_active, is_critical, is_milestone;
	bool is_marker;		   /* `vert`: a line, not work */
	const char *start;	   /* a date, as it stands there; NULL */
	struct tctl_strings after; /* ids */
	size_t *before;		   /* indexes of the items of after */
	size_t before_count;
	struct tctl_strings until; /* ids: it ends where one starts */
	size_t *until_at;	   /* indexes of their items */
	size_t until_count;
	int64_t duration_s;	 /* -1: none that is a length of time */
	const char *end;	 /* an end date, as it stands there; NULL */
	struct tctl_place place; /* of its title */
	struct tctl_place start_place, end_place;

	size_t task;	 /* the plan's task that it draws, or TCTL_NONE */
	int64_t start_s; /* from the block's own start, by after alone */
	int64_t end_s;
};

struct tctl_gantt {
	const char *title;	 /* NULL: none */
	struct tctl_place place; /* of the word `gantt` */
	struct tctl_gantt_item *item;
	size_t item_count;

	const char *date_format;      /* NULL: ISO 8601 */
	struct tctl_strings excluded; /* dates, as they stand there */
	unsigned excluded_weekdays;   /* or-ed 1 << day, Sunday is 0 */
	bool excludes_weekends, weekend_is_friday, ends_inclusive;
};

/**
 * Read one block, without knowing any plan.
 *
 * @param code the block, the word `gantt` in its first lines
 * @return     false: it is another kind of diagram
 */
bool tctl_gantt_read(const struct tctl_md *code, struct tctl_arena *arena,
    struct tctl_gantt *out);

/* Find what comes before each item, and when it starts and ends. */
void tctl_gantt_schedule(struct tctl_arena *arena, struct tctl_gantt *gantt);

/* A date, as seconds since 1970; false: it is none. */
bool tctl_gantt_date(const char *text, const char *format, int64_t *seconds);

/* Take over the list of an `excludes`. */
void tctl_gantt_exclude(
    struct tctl_arena *arena, struct tctl_gantt *gantt, const char *list);

/* The seconds of excluded days from one instant to another. */
int64_t tctl_gantt_excluded_s(
    const struct tctl_gantt *gantt, int64_t from, int64_t to);

/* Find the tasks that the items draw: by id (2.1, s2_1, task_2_1), else by
 * title within the sprint that the section names. */
void tctl_gantt_match(struct tctl_draft *draft, struct tctl_gantt *gantt);

/* Add what `after` says to the plan's edges, through items that are no task
 * (milestones), too. */
void tctl_gantt_edges(struct tctl_draft *draft, struct tctl_gantt *gantt);

/* The one task of a sprint with such a title, full or in short. */
size_t tctl_draft_find_title(
    const struct tctl_draft *draft, size_t sprint, const char *title);

/* Do two texts name the same task?  "Enrich gen" and "Enrich generator". */
bool tctl_title_matches(const char *shorter, const char *title);

/**
 * Which line of a block is its word `gantt`: before it stand blank lines,
 * comments, directives over several lines, and front matter.
 *
 * @param marked set to whether a comment there says taskctl: the chart is
 *               written by `gantt --update`, and says nothing about the plan
 * @return       the line's number within the block, or TCTL_NONE: another kind
 *               of diagram
 */
size_t tctl_gantt_line(const char *text, bool *marked);

#endif
