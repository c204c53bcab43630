/* floor: plan - plans that are lists: what their dialects share.
 *
 * Items are tasks, headings are sprints, what stands below an item belongs to
 * it.  A dialect is a way: which items are tasks, and what else it reads. */
#ifndef PLAN_LISTS_H
#define PLAN_LISTS_H

#include "box.h"
#include "ids.h"

/* What an item that is a task says. */
struct tctl_entry {
	const char *id; /* not terminated; NULL: one is made */
	size_t id_length;
	bool is_id_last;   /* it stands as {#id} at the end of the line */
	const char *title; /* in the item's first line */
	size_t length;
	bool is_optional;
	bool is_parallel;   /* says that it is */
	int64_t estimate_s; /* 0: none */
};

struct tctl_lists;

struct tctl_list_way {
	/* Is the item a task?  Sets *out, which is zeroed. */
	bool (*read)(const struct tctl_md *item, const struct tctl_box *box,
	    struct tctl_entry *out);
	/* An item below the task that is none itself; true: it is dealt with.
	 * NULL: nothing special. */
	bool (*below)(
	    struct tctl_lists *lists, size_t task, const struct tctl_box *box);
	/* Sections follow each other whatever they are called, and whatever
	 * their tasks depend on; else only "Phase 1", "Sprint 2" …  */
	bool is_strict;
	bool has_labels; /* a paragraph in bold is a section, too */
	bool is_broad;	 /* a section is one of the highest level there is */
	/* A task of an id that was there, with the same title, is the same. */
	bool is_once;
	bool has_no_sections; /* headings make no sprints */
};

enum { TCTL_SECTION_LABEL = 7, TCTL_SECTIONS = 8 };

struct tctl_section {
	const struct tctl_md *node; /* NULL: none is open on this level */
	uint64_t hash;
	size_t sprint; /* TCTL_NONE: no task has needed it yet */
	bool is_sprint;
	bool is_title; /* of the whole text */
};

/* An open item. */
struct tctl_open {
	const struct tctl_md *node;
	size_t task; /* that it is or belongs to; TCTL_NONE: none */
	uint64_t seed;
	enum tctl_word field; /* that what is below belongs to */
};

struct tctl_lists {
	struct tctl_draft *draft;
	const struct tctl_list_way *way;
	struct tctl_ids ids;	  /* of tasks */
	struct tctl_ids keys;	  /* of sprints */
	struct tctl_entry *entry; /* one a task */
	/* Where the text of a task may name others: looked at when all are
	 * known. */
	struct tctl_remark {
		size_t task;
		const struct tctl_md_line *line;
	} * remark;
	size_t remark_count;
	struct tctl_section section[TCTL_SECTIONS]; /* [1..6]: of headings */
	struct tctl_open *open;
	size_t open_count;
	size_t top_headings; /* of level 1, in all of the text */
	size_t headings;
};

/* Read all of the draft's source. */
void tctl_lists_read(struct tctl_lists *lists);

/* When all tasks have their sprint: index them, and take what their lines say
 * about others as dependencies: "(depends on T012, T013)". */
void tctl_lists_finish(struct tctl_lists *lists);

/* A heading of that level begins, or a label. */
void tctl_section_open(
    struct tctl_lists *lists, size_t level, const struct tctl_md *node);

/* A paragraph in bold may be one, too: "**Phase 1**". */
void tctl_section_label(struct tctl_lists *lists, const struct tctl_md *node);

/* The words of the innermost heading. */
uint64_t tctl_section_hash(const struct tctl_lists *lists);

/* The sprint that a task that stands here is of, or TCTL_NONE. */
size_t tctl_section_sprint(struct tctl_lists *lists);

/* Does the text begin with an id that people write in front of a title:
 * "HU-M4-01 - Title", "T1.2: Title", "1.2 Title"?  Sets out's id and title. */
bool tctl_lists_id(
    const char *text, size_t length, bool bare, struct tctl_entry *out);

/* The title's length without "— 2 pts" or "— 3h" at its end; the latter sets
 * *estimate_s. */
size_t tctl_lists_tail(
    const char *title, int hours_per_day, int64_t *estimate_s);

/* The next item in the order of the text; at first node is root. */
const struct tctl_md *tctl_lists_next(
    const struct tctl_md *root, const struct tctl_md *node);

#endif
