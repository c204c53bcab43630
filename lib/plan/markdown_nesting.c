/* markdown_nesting.c - refuse what no person nests.
 *
 * md4c visits every open list and quote again on each line that follows, so a
 * few megabytes of deep nesting would take hours. */
#include <string.h>

#include "markdown.h"

enum {
	NESTING_MAX = 100, /* marks on one line, as in "> > - - text" */
	INDENT_MAX = 400,  /* columns before one: nesting by indentation */
};

/* Does a list or a quote begin with the character at text? */
static bool
is_nesting_mark(const char *text, const char *end)
{
	if (*text == '>')
		return true;
	return strchr("-+*.)", *text) != NULL && text + 1 < end &&
	       (text[1] == ' ' || text[1] == '\t');
}

/* Can the character stand before a line's text: in its indentation, or in the
 * mark of a list or a quote? */
static bool
is_lead(char c)
{
	return c == ' ' || c == '\t' || (c >= '0' && c <= '9') || c == '>' ||
	       c == '-' || c == '+' || c == '*' || c == '.' || c == ')';
}

bool
tctl_md_is_too_deep(const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t marks = 0, column = 0;

		for (; text < end && is_lead(*text); text++) {
			column += *text == '\t' ? 4 : 1;
			if (!is_nesting_mark(text, end))
				continue;
			if (++marks > NESTING_MAX || column > INDENT_MAX)
				return true;
		}
		text = newline == NULL ? end : newline + 1;
	}
	return false;
}
