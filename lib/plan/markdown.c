/* markdown.c - the tree, from what md4c calls back.
 *
 * md4c does not tell where a block stands, but the text it hands over is a
 * slice of the input: hence all offsets here. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <md4c.h>

#include "markdown.h"
#include "md4c_lazy.h"

enum {
	/* Bytes of text that link targets may be copied, per byte of input:
	 * one long target used by a million links would be quadratic. */
	COPIES_MAX = 8,
	STYLES = 3,
	/* A jump at least this often: finding a place may not mean counting
	 * through megabytes of one line. */
	JUMP_BYTES = 1024,
	LINE_BYTES = 1024, /* of the scratch line, to begin with */
};

struct builder {
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
	size_t open_from[STYLES]; /* where an open style began */
	unsigned open_depth[STYLES];
	struct tctl_place place; /* line 0: no slice of the input was seen */
	size_t next; /* where the input goes on, unless a mark is left out */

	/* How far lines and columns were counted. */
	size_t counted, line_start;
	struct tctl_place here;
};

/* Text comes in order, so counting on from the last place is linear. */
static struct tctl_place
locate(struct builder *b, size_t offset)
{
	if (offset < b->counted) {
		b->here.line = offset < b->line_start ? 1 : b->here.line;
		b->counted = offset < b->line_start ? 0 : b->line_start;
		b->here.column = 1;
	}
	while (b->counted < offset) {
		const char *from = b->input + b->counted;
		const char *newline = memchr(from, '\n', offset - b->counted);

		if (newline == NULL)
			break;
		b->counted = (size_t)(newline - b->input) + 1;
		b->line_start = b->counted;
		b->here.line++;
		b->here.column = 1;
	}
	for (; b->counted < offset; b->counted++)
		b->here.column += (b->input[b->counted] & 0xC0) != 0x80;
	return b->here;
}

/* Scratch memory that is full: twice as much; it is used for every line. */
static void *
grow(void *array, size_t *room, size_t size)
{
	array = tctl_grow(array, *room, size);
	*room = *room == 0 ? 1 : 2 * *room;
	return array;
}

/* The text from here on stands at that place. */
static void
add_jump(struct builder *b, size_t from, size_t offset)
{
	if (b->jump_count == b->jump_room)
		b->jump = grow(b->jump, &b->jump_room, sizeof(*b->jump));
	b->jump[b->jump_count++] =
	    (struct tctl_md_jump){ .from = (uint32_t)from,
		    .to = locate(b, offset) };
}

static const struct tctl_md_jump *
take_jumps(struct builder *b, uint32_t *count)
{
	struct tctl_md_jump *jump = NULL;

	*count = (uint32_t)b->jump_count;
	if (b->jump_count != 0) {
		jump =
		    tctl_arena_alloc(b->arena, b->jump_count * sizeof(*jump));
		memcpy(jump, b->jump, b->jump_count * sizeof(*jump));
		b->jump_count = 0;
	}
	return jump;
}

static void
add_run(struct builder *b, unsigned style, size_t from)
{
	if (from == b->text_length)
		return;
	if (b->run_count == b->run_room)
		b->run = grow(b->run, &b->run_room, sizeof(*b->run));
	b->run[b->run_count++] = (struct tctl_md_run){
		.from = (uint32_t)from,
		.to = (uint32_t)b->text_length,
		.style = (enum tctl_md_style)(1u << style),
	};
}

static int
compare_run(const void *a, const void *b)
{
	const struct tctl_md_run *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->style < y->style ? -1 : x->style > y->style;
}

static uint32_t
cut(const struct builder *b, uint32_t offset)
{
	return offset < b->text_length ? offset : (uint32_t)b->text_length;
}

/* The runs of the line, with those still open closed and begun anew. */
static const struct tctl_md_run *
take_runs(struct builder *b, uint32_t *count)
{
	struct tctl_md_run *run = NULL;

	for (unsigned style = 0; style < STYLES; style++) {
		if (b->open_depth[style] != 0)
			add_run(b, style, b->open_from[style]);
		b->open_from[style] = 0;
	}
	*count = (uint32_t)b->run_count;
	for (size_t i = 0; i < b->run_count; i++) {
		b->run[i].to = cut(b, b->run[i].to);
		b->run[i].from = cut(b, b->run[i].from);
	}
	if (b->run_count != 0) {
		if (b->run_count > 1)
			qsort(b->run, b->run_count, sizeof(*run), compare_run);
		run = tctl_arena_alloc(b->arena, b->run_count * sizeof(*run));
		memcpy(run, b->run, b->run_count * sizeof(*run));
		b->run_count = 0;
	}
	return run;
}

static struct tctl_md *
add_node(struct builder *b, enum tctl_md_kind kind)
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

/* "Paint the walls {#walls}": what lint --fix-ids writes. */
static const char *
take_id(struct builder *b)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-~";
	size_t end = b->text_length, at = end;

	if (b->at->kind != TCTL_MD_HEADING && b->at->kind != TCTL_MD_ITEM &&
	    b->at->kind != TCTL_MD_CELL)
		return NULL;
	if (end < 4 || b->text[end - 1] != '}')
		return NULL;
	for (at--; at > 0 && ((b->text[at - 1] & 0x80) != 0 ||
				 strchr(letters, b->text[at - 1]) != NULL);
	     at--)
		if (b->text[at - 1] == '\0')
			return NULL;
	if (at < 3 || at == end - 1 || memcmp(b->text + at - 3, " {#", 3) != 0)
		return NULL;
	b->text_length = at - 3;
	while (b->text_length > 0 && b->text[b->text_length - 1] == ' ')
		b->text_length--;
	return tctl_arena_strndup(b->arena, b->text + at, end - 1 - at);
}

static void
end_line(struct builder *b)
{
	struct tctl_md *node = b->at;
	struct tctl_md_line line;

	if (node->kind == TCTL_MD_CODE)
		return;
	if (b->place.line == 0) {
		b->run_count = b->text_length = 0;
		return;
	}
	while (b->text_length > 0 &&
	       strchr(" \t", b->text[b->text_length - 1]) != NULL)
		b->text_length--;
	line.id = take_id(b);
	line.text = tctl_arena_strndup(b->arena, b->text, b->text_length);
	line.length = (uint32_t)b->text_length;
	line.run = take_runs(b, &line.run_count);
	line.jump = take_jumps(b, &line.jump_count);
	line.place = b->place;
	if (node->place.line == 0)
		node->place = b->place;

	node->lines = tctl_arena_grow(
	    b->arena, node->lines, node->line_count, sizeof(line));
	node->lines[node->line_count++] = line;
	b->text_length = 0;
	b->place.line = 0;
}

static void
append(struct builder *b, const char *text, size_t size)
{
	if (b->text_length + size > b->text_size) {
		char *grown;

		b->text_size = (b->text_length + size) * 2;
		grown = realloc(b->text, b->text_size);
		if (grown == NULL)
			tctl_die_nomem();
		b->text = grown;
	}
	memcpy(b->text + b->text_length, text, size);
	b->text_length += size;
}

static char *
copy_attribute(struct builder *b, const MD_ATTRIBUTE *attribute)
{
	if (attribute->text == NULL)
		return tctl_arena_strdup(b->arena, "");
	return tctl_arena_strndup(b->arena, attribute->text, attribute->size);
}

static void
enter_code(
    struct builder *b, struct tctl_md *node, const MD_BLOCK_CODE_DETAIL *detail)
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
is_transparent(const struct builder *b, MD_BLOCKTYPE type)
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
refuse(struct builder *b)
{
	b->is_refused = true;
	return -1;
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
	struct builder *b = userdata;
	struct tctl_md *node;

	end_line(b);
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
		node->place =
		    locate(b, ((MD_BLOCK_LI_DETAIL *)detail)->task_mark_offset);
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
	struct builder *b = userdata;
	struct tctl_md *node = b->at;

	(void)detail;
	end_line(b);
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
	struct builder *b = userdata;
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
	struct builder *b = userdata;
	int style = style_of(type);

	(void)detail;
	if (style >= 0 && --b->open_depth[style] == 0)
		add_run(b, (unsigned)style, b->open_from[style]);
	return 0;
}

static void
append_entity(struct builder *b, const char *text, size_t size)
{
	static const struct {
		const char *name, *value;
	} known[] = {
		{ "&amp;", "&" },
		{ "&lt;", "<" },
		{ "&gt;", ">" },
		{ "&quot;", "\"" },
		{ "&nbsp;", " " },
		{ "&#39;", "'" },
	};

	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (strlen(known[i].name) == size &&
		    !memcmp(known[i].name, text, size)) {
			append(b, known[i].value, strlen(known[i].value));
			return;
		}
	append(b, text, size);
}

/* The text begins with this slice of the input.  What a code block has before
 * it are empty lines and blanks, which md4c makes up. */
static void
begin_text(struct builder *b, size_t offset)
{
	struct tctl_md *node = b->at;

	b->place = locate(b, offset);
	if (node->kind != TCTL_MD_CODE)
		return;
	node->code->column = b->place.column;
	for (size_t i = b->text_length; i-- > 0;) {
		if (b->text[i] == '\n')
			b->place.line--;
		else if (b->place.line == b->here.line)
			node->code->column--;
	}
}

/* Remember where a slice of the input stands. */
static void
note_place(struct builder *b, size_t offset, size_t size)
{
	bool is_first = b->place.line == 0;

	if (is_first)
		begin_text(b, offset);
	if (b->at->kind == TCTL_MD_CODE)
		return;
	if (!is_first && offset != b->next)
		add_jump(b, b->text_length, offset);
	for (size_t i = JUMP_BYTES; i < size; i += JUMP_BYTES)
		add_jump(b, b->text_length + i, offset + i);
	b->next = offset + size;
}

static int
on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *userdata)
{
	struct builder *b = userdata;
	uintptr_t at = (uintptr_t)text, from = (uintptr_t)b->input;

	if (b->at->kind == TCTL_MD_HTML)
		return 0;
	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
		end_line(b);
		return 0;
	}
	if (at >= from && at < from + b->length)
		note_place(b, (size_t)(at - from), size);
	if (type == MD_TEXT_ENTITY) {
		append_entity(b, text, size);
		b->next = SIZE_MAX;
	} else {
		append(b, text, size);
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
	struct builder b = {
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
