/* floor: plan - Markdown as a small tree of blocks, each with its place.
 *
 * Every dialect of plan is a recogniser over this tree.  Text is kept line by
 * line as the source has it, since people write one field a line:
 *
 *     **Duration**: 2h          one paragraph, two lines, and on each a run
 *     **Agent**: Agent A        of strong text from 0 to 8, from 0 to 5
 */
#ifndef PLAN_MARKDOWN_H
#define PLAN_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "taskctl/error.h"
#include "taskctl/memory.h"

enum tctl_md_kind {
	TCTL_MD_DOCUMENT,
	TCTL_MD_QUOTE,
	TCTL_MD_LIST,
	TCTL_MD_ITEM, /* its lines are its own text; lists in it are children */
	TCTL_MD_HEADING,
	TCTL_MD_PARAGRAPH,
	TCTL_MD_CODE, /* opaque: one text, no lines */
	TCTL_MD_TABLE,
	TCTL_MD_ROW, /* the first row is the header */
	TCTL_MD_CELL,
	TCTL_MD_RULE,
	TCTL_MD_HTML, /* without its text */
};

/* How a piece of text is marked, or-ed. */
enum tctl_md_style {
	TCTL_MD_STRONG = 1,
	TCTL_MD_CODE_SPAN = 2,
	TCTL_MD_DELETED = 4,
};

/* Offsets are 32 bits wide: a large plan is a million of these. */
struct tctl_md_run {
	uint32_t from, to; /* bytes of the line's text */
	enum tctl_md_style style;
};

/* Both from 1; columns are characters. */
struct tctl_place {
	int line, column;
};

/* Where the source leaves out a mark, the text goes on at another place. */
struct tctl_md_jump {
	uint32_t from; /* bytes of the line's text */
	struct tctl_place to;
};

struct tctl_md_line {
	const char *text;	       /* plain, without marks */
	const struct tctl_md_run *run; /* in the order in which they begin */
	const struct tctl_md_jump *jump;
	uint32_t length;
	uint32_t run_count;
	uint32_t jump_count;
	struct tctl_place place; /* of its first character */
	const char *id; /* "{#this}" at the end of a heading, item or cell,
			   of whose text it is no part; NULL: none */
};

/* What only a code block has. */
struct tctl_md_code {
	const char *text; /* each line ended by \n */
	const char *info; /* "bash"; "" for none */
	int column;	  /* at which its lines begin */
};

struct tctl_md {
	uint8_t kind;  /* enum tctl_md_kind */
	uint8_t level; /* HEADING: 1..6; LIST: 1 if it is numbered */
	char mark;     /* ITEM: ' ', 'x' or 'X' of its box; 0: no box */
	uint32_t line_count;
	struct tctl_place place; /* of its text; ITEM with a box: of its mark */
	struct tctl_md_line *lines;
	struct tctl_md_code *code; /* CODE; else NULL */
	struct tctl_md *parent, *child, *last, *next;
};

/* The text of the first line; "" when there is none. */
const char *tctl_md_text(const struct tctl_md *node);

/* The first line; an empty one when there is none. */
const struct tctl_md_line *tctl_md_first(const struct tctl_md *node);

/* Where the character stands that `at`, inside the line's text, points to. */
struct tctl_place tctl_md_place(
    const struct tctl_md_line *line, const char *at);

/* A line of a code block's text, as if it were one of a paragraph. */
struct tctl_md_line tctl_md_code_line(
    const struct tctl_md *code, const char *text, size_t length, int number);

/* The next node in the order of the text that is inside root; NULL: no more. */
const struct tctl_md *tctl_md_walk(
    const struct tctl_md *root, const struct tctl_md *node);

/* Are lists and quotes nested deeper than anybody would write them? */
bool tctl_md_is_too_deep(const char *text, size_t length);

/**
 * Parse Markdown (CommonMark with tables, boxes and strikethrough).
 *
 * Raw HTML inside a line stays as text (plans say "<50ms"); whole HTML blocks,
 * comments above all, are opaque.
 *
 * @param text strict UTF-8 without NUL bytes; borrowed
 * @param out  belongs to arena; set on TCTL_OK
 * @return     TCTL_OK, or TCTL_EINVALID: it is nested or repeats itself beyond
 *             all measure, and reading it would take more than linear time
 */
enum tctl_status tctl_markdown_parse(const char *text, size_t length,
    struct tctl_arena *arena, const struct tctl_md **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
