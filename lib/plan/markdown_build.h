/* floor: plan - Markdown while it is read: the tree so far, and the line that
 * is being read.  Shared by markdown.c and markdown_line.c. */
#ifndef PLAN_MARKDOWN_BUILD_H
#define PLAN_MARKDOWN_BUILD_H

#include "markdown.h"

enum { TCTL_MD_STYLES = 3 };

struct tctl_md_builder {
	struct tctl_arena *arena;
	const char *input;
	size_t length;
	struct tctl_md *at;    /* the innermost open block */
	size_t blocks, copied; /* how much the input has made of itself */
	bool is_refused;

	/* The line that is being read; scratch memory, used again. */
	char *text;
	size_t text_size, text_length;
	struct tctl_md_run *run;
	size_t run_count, run_room;
	struct tctl_md_jump *jump;
	size_t jump_count, jump_room;
	size_t open_from[TCTL_MD_STYLES]; /* where an open style began */
	unsigned open_depth[TCTL_MD_STYLES];
	struct tctl_place place; /* line 0: no slice of the input was seen */
	size_t next; /* where the input goes on, unless a mark is left out */

	/* How far lines and columns were counted. */
	size_t counted, line_start;
	struct tctl_place here;
};

/* Text comes in order, so counting on from the last place is linear. */
struct tctl_place tctl_md_locate(struct tctl_md_builder *b, size_t offset);

/* To the line that is being read: text, an entity such as "&amp;", a piece that
 * has a style. */
void tctl_md_append(struct tctl_md_builder *b, const char *text, size_t size);
void tctl_md_append_entity(
    struct tctl_md_builder *b, const char *text, size_t size);
void tctl_md_add_run(struct tctl_md_builder *b, unsigned style, size_t from);

/* Remember where a slice of the input stands; before it is appended. */
void tctl_md_note_place(struct tctl_md_builder *b, size_t offset, size_t size);

/* The line is over: it becomes one of the innermost open block's. */
void tctl_md_end_line(struct tctl_md_builder *b);

#endif
