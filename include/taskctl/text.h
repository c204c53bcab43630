/* floor: base - text from plans and agents, made inert and measured. */
#ifndef TASKCTL_TEXT_H
#define TASKCTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * Print text so that nothing in it can act on a terminal.
 *
 * Control characters (C0, DEL, C1), bidirectional overrides, line separators
 * and broken UTF-8 come out as \n, \t, \x1b or \u{202e}; the rest as it is.
 * Everything that a plan, an agent or a file name brings goes through here.
 */
void tctl_text_inert(FILE *to, const char *text);

/* Is it ASCII alone that is printed as it is? */
bool tctl_text_is_plain(const char *text);

/* The same, cut to at most width display columns, and, if pad, filled with
 * blanks to exactly width.  The sign of one column that shows the cut, "…"
 * where all can read UTF-8, is the caller's. */
void tctl_text_cell(
    FILE *to, const char *text, int width, bool pad, const char *cut);

/* Display columns of the inert form (emoji and CJK count two, marks none). */
int tctl_text_width(const char *text);

/* Is it strict UTF-8 (no overlong forms, no surrogates)?  On false, *bad is
 * the offset of the first byte that is not.  bad may be NULL. */
bool tctl_text_is_utf8(const char *bytes, size_t length, size_t *bad);

/* Does it hold a control character (which names and titles may not)? */
bool tctl_text_has_control(const char *text);

/* Does it show anything?  Blanks, joiners and marks alone do not. */
bool tctl_text_is_visible(const char *text);

/* Does a name end as files do (.c, .md), or is it one that files have
 * (Makefile)? By a list of what is common; ASCII case does not count. */
bool tctl_text_has_file_ending(const char *name, size_t length);
bool tctl_text_is_file_name(const char *name, size_t length);

/* How many single-character edits (insert, delete, replace, swap of
 * neighbours) from a to b: Damerau-Levenshtein, for "did you mean". */
int tctl_text_distance(const char *a, const char *b);

#endif
