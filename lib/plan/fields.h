/* floor: plan - what a task's fields, lists and fences say. */
#ifndef PLAN_FIELDS_H
#define PLAN_FIELDS_H

#include "draft.h"

struct tctl_field {
	enum tctl_word word; /* NONE: a name that is not known here */
	const char *name;    /* not terminated */
	size_t name_length;
	const char *value; /* terminated; "" when it stands below */
	size_t length;
	const struct tctl_md_line *line;
};

/* Is the line "**Name** : value", or "Name: value" with a name known here? */
bool tctl_field_read(const struct tctl_md_line *line, struct tctl_field *out);

/* Is it one, bold or not, whose name as a whole is that word? */
bool tctl_field_is(const struct tctl_md_line *line, enum tctl_word word,
    struct tctl_field *out);

/* Take over what a field says about a task. */
void tctl_field_apply(
    struct tctl_draft *draft, size_t task, const struct tctl_field *field);

/* Take over a list that follows a field (NONE: no field is open). */
void tctl_field_list(struct tctl_draft *draft, size_t task, enum tctl_word word,
    const struct tctl_md *list);

/* Take over an item of a list as one of the task's steps (TCTL_TICK_STEP) or
 * criteria (TCTL_TICK_CRITERION); where it has a box, note that it is there. */
void tctl_field_item(struct tctl_draft *draft, size_t task,
    enum tctl_tick_of of, const struct tctl_md *item);

/* Take over the files of a field: the code spans of its line from value on;
 * without any, what commas part. */
void tctl_field_files(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *value, size_t length);

/* Take over the lines of a fence as file names. */
void tctl_field_fence(
    struct tctl_draft *draft, size_t task, const struct tctl_md *code);

/* The file that the title names, where no field does. */
void tctl_field_title_file(struct tctl_draft *draft, size_t task);

/* Is it empty, or a word for nothing, perhaps with a remark: "- (yet)"? */
bool tctl_is_nothing(const char *text, size_t length);

/* "Agent A (after 2.1)" is "A"; NULL: nobody. */
const char *tctl_agent_name(
    struct tctl_arena *arena, const char *text, size_t length);

/* Three stars are 1, two 2, one 3; 0: the text says no priority. */
int tctl_priority_read(const char *text, size_t length);

/* 1: parallelisable, 0: not, -1: the text does not say. */
int tctl_parallel_read(const char *text, size_t length);

/* Note what follows "after" or "depends on" in the text, which is the line's
 * own, as a dependency. */
void tctl_after_read(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *text, size_t length,
    enum tctl_edge_source source);

/* Note a whole field or cell that names dependencies, if it names any. */
void tctl_needs_read(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *text, size_t length,
    enum tctl_edge_source source);

#endif
