/* markdown_tree.c - what the tree is asked once it is built. */
#include "markdown.h"

const struct tctl_md_line *
tctl_md_first(const struct tctl_md *node)
{
	static const struct tctl_md_line none = { .text = "" };

	return node->line_count == 0 ? &none : &node->lines[0];
}

const char *
tctl_md_text(const struct tctl_md *node)
{
	return tctl_md_first(node)->text;
}

struct tctl_place
tctl_md_place(const struct tctl_md_line *line, const char *at)
{
	size_t offset = (size_t)(at - line->text);
	size_t low = 0, high = line->jump_count, from = 0;
	struct tctl_place place = line->place;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (line->jump[middle].from <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > 0) {
		from = line->jump[low - 1].from;
		place = line->jump[low - 1].to;
	}
	for (; from < offset; from++)
		place.column += (line->text[from] & 0xC0) != 0x80;
	return place;
}

struct tctl_md_line
tctl_md_code_line(
    const struct tctl_md *code, const char *text, size_t length, int number)
{
	return (struct tctl_md_line){ .text = text,
		.length = (uint32_t)length,
		.place = { number, code->code->column } };
}

const struct tctl_md *
tctl_md_walk(const struct tctl_md *root, const struct tctl_md *node)
{
	if (node->child != NULL)
		return node->child;
	while (node != root && node->next == NULL)
		node = node->parent;
	return node == root ? NULL : node->next;
}
