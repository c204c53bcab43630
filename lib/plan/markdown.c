/* markdown.c - the tree, from what md4c calls back.
 *
 * md4c does not tell where a block stands, but the text it hands over is a
 * slice of the input: hence all offsets here. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <md4c.h>

#include "markdown_build.h"
#include "md4c_lazy.h"

enum {
	/* Bytes of text that link targets may be copied, per byte of input:
	 * one long target used by a million links would be quadratic. */
	COPIES_MAX = 8,
	LINE_BYTES = 1024, /* of the scratch line, to begin with */
};

static struct tctl_md *
add_node(struct tctl_md_builder *b, enum tctl_md_kind kind)
{
	struct tctl_md *node = tctl_arena_alloc(b->arena, sizeof(*node));

	node->kind = (uint8_t)kind;
	node->parent = b->at;
	if (b->at->last == NULL)
		b->at->child = node;
	else
		b->at->last->next = node;
	b->at->last = node;
	return node;
}

static char *
copy_attribute(struct tctl_md_builder *b, const MD_ATTRIBUTE *attribute)
{
	if (attribute->text == NULL)
		return tctl_arena_strdup(b->arena, "");
	return tctl_arena_strndup(b->arena, attribute->text, attribute->size);
}

static void
enter_code(struct tctl_md_builder *b, struct tctl_md *node,
    const MD_BLOCK_CODE_DETAIL *detail)
{
	node->code = tctl_arena_alloc(b->arena, sizeof(*node->code));
	node->code->info = copy_attribute(b, &detail->info);
	b->place.line = 0;
	b->text_length = 0;
}

static enum tctl_md_kind
kind_of(MD_BLOCKTYPE type)
{
	switch (type) {
	case MD_BLOCK_QUOTE:
		return TCTL_MD_QUOTE;
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		return TCTL_MD_LIST;
	case MD_BLOCK_LI:
		return TCTL_MD_ITEM;
	case MD_BLOCK_HR:
		return TCTL_MD_RULE;
	case MD_BLOCK_H:
		return TCTL_MD_HEADING;
	case MD_BLOCK_CODE:
		return TCTL_MD_CODE;
	case MD_BLOCK_HTML:
		return TCTL_MD_HTML;
	case MD_BLOCK_TABLE:
		return TCTL_MD_TABLE;
	case MD_BLOCK_TR:
		return TCTL_MD_ROW;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		return TCTL_MD_CELL;
	default:
		return TCTL_MD_PARAGRAPH;
	}
}

/* Blocks that only wrap others, and the paragraph that is an item's text. */
static bool
is_transparent(const struct tctl_md_builder *b, MD_BLOCKTYPE type)
{
	if (type == MD_BLOCK_P)
		return b->at->kind == TCTL_MD_ITEM && b->at->child == NULL &&
		       b->at->line_count == 0;
	return type == MD_BLOCK_DOC || type == MD_BLOCK_THEAD ||
	       type == MD_BLOCK_TBODY;
}

/* md4c passes on only what is negative, which it also returns when memory
 * runs out: hence the flag. */
static int
refuse(struct tctl_md_builder *b)
{
	b->is_refused = true;
	return -1;
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
	struct tctl_md_builder *b = userdata;
	struct tctl_md *node;

	tctl_md_end_line(b);
	/* A short row is filled up to the header's columns: quadratic. */
	if (++b->blocks > b->length + 16)
		return refuse(b);
	if (is_transparent(b, type))
		return 0;
	node = add_node(b, kind_of(type));
	b->at = node;
	if (type == MD_BLOCK_H)
		node->level = (uint8_t)((MD_BLOCK_H_DETAIL *)detail)->level;
	else if (type == MD_BLOCK_OL)
		node->level = 1;
	else if (type == MD_BLOCK_CODE)
		enter_code(b, node, detail);
	if (type == MD_BLOCK_LI && ((MD_BLOCK_LI_DETAIL *)detail)->is_task) {
		node->mark = ((MD_BLOCK_LI_DETAIL *)detail)->task_mark;
		node->place = tctl_md_locate(
		    b, ((MD_BLOCK_LI_DETAIL *)detail)->task_mark_offset);
	}
	return 0;
}

/* A node without text of its own stands where its first child does. */
static void
inherit_place(struct tctl_md *node)
{
	const struct tctl_md *child = node->child;

	while (child != NULL && child->place.line == 0)
		child = child->next;
	if (node->place.line == 0 && child != NULL)
		node->place = child->place;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
	struct tctl_md_builder *b = userdata;
	struct tctl_md *node = b->at;

	(void)detail;
	tctl_md_end_line(b);
	if (type == MD_BLOCK_P && node->kind != TCTL_MD_PARAGRAPH)
		return 0;
	if (type == MD_BLOCK_DOC || type == MD_BLOCK_THEAD ||
	    type == MD_BLOCK_TBODY)
		return 0;
	if (node->kind == TCTL_MD_CODE) {
		node->code->text =
		    tctl_arena_strndup(b->arena, b->text, b->text_length);
		b->text_length = 0;
		node->place = b->place;
		b->place.line = 0;
	}
	inherit_place(node);
	b->at = node->parent;
	return 0;
}

static int
style_of(MD_SPANTYPE type)
{
	switch (type) {
	case MD_SPAN_STRONG:
		return 0;
	case MD_SPAN_CODE:
		return 1;
	case MD_SPAN_DEL:
		return 2;
	default:
		return -1;
	}
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *userdata)
{
	struct tctl_md_builder *b = userdata;
	int style = style_of(type);

	if (type == MD_SPAN_A)
		b->copied += ((MD_SPAN_A_DETAIL *)detail)->href.size;
	else if (type == MD_SPAN_IMG)
		b->copied += ((MD_SPAN_IMG_DETAIL *)detail)->src.size;
	if (b->copied > COPIES_MAX * b->length)
		return refuse(b);
	if (style >= 0 && b->open_depth[style]++ == 0)
		b->open_from[style] = b->text_length;
	return 0;
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *userdata)
{
	struct tctl_md_builder *b = userdata;
	int style = style_of(type);

	(void)detail;
	if (style >= 0 && --b->open_depth[style] == 0)
		tctl_md_add_run(b, (unsigned)style, b->open_from[style]);
	return 0;
}

static int
on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *userdata)
{
	struct tctl_md_builder *b = userdata;
	uintptr_t at = (uintptr_t)text, from = (uintptr_t)b->input;

	if (b->at->kind == TCTL_MD_HTML)
		return 0;
	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
		tctl_md_end_line(b);
		return 0;
	}
	if (at >= from && at < from + b->length)
		tctl_md_note_place(b, (size_t)(at - from), size);
	if (type == MD_TEXT_ENTITY) {
		tctl_md_append_entity(b, text, size);
		b->next = SIZE_MAX;
	} else {
		tctl_md_append(b, text, size);
	}
	return 0;
}

enum tctl_status
tctl_markdown_parse(const char *text, size_t length, struct tctl_arena *arena,
    const struct tctl_md **out, struct tctl_error *err)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_TASKLISTS |
			 MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTMLSPANS,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = on_text,
	};
	struct tctl_md *root = tctl_arena_alloc(arena, sizeof(*root));
	struct tctl_md_builder b = {
		.arena = arena,
		.text = tctl_grow(NULL, 0, LINE_BYTES),
		.text_size = LINE_BYTES,
		.input = text,
		.length = length,
		.at = root,
		.here = { 1, 1 },
	};
	enum tctl_status status = TCTL_OK;
	int rc = 0;

	assert(length <= UINT32_MAX);
	root->kind = TCTL_MD_DOCUMENT;
	b.is_refused = tctl_md_is_too_deep(text, length);
	if (!b.is_refused)
		status = tctl_md4c_parse(
		    text, (unsigned)length, &parser, &b, &rc, err);
	free(b.text);
	free(b.run);
	free(b.jump);
	if (status != TCTL_OK)
		return status;
	if (rc != 0 && !b.is_refused)
		tctl_die_nomem();
	if (b.is_refused)
		return tctl_fail(err, TCTL_EINVALID,
		    "the Markdown is nested or repeats itself beyond all "
		    "measure");
	*out = root;
	return TCTL_OK;
}
