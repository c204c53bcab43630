/* floor: export - any text as one harmless line, for every format. */
#ifndef EXPORT_LABEL_H
#define EXPORT_LABEL_H

#include "taskctl/export.h"

/* The code point at *text, which is moved past it; U+FFFD for a byte that is
 * none. */
int32_t tctl_char_next(const char **text);
void tctl_char_write(FILE *to, int32_t c);

/* Blanks, control characters, and what turns the direction of writing. */
bool tctl_char_is_blank(int32_t c);

/* Columns that a character takes: 0 to 2. */
int tctl_char_columns(int32_t c);

/* The first character that is not blank, or the text's end. */
const char *tctl_skip_blanks(const char *text);

/* How one format writes one character. */
typedef void tctl_escape_fn(FILE *to, int32_t c);

/* Write text on one line: runs of blanks as single ones, none at its ends, cut
 * after max characters with "…". */
void tctl_label_write(
    FILE *to, const char *text, size_t max, tctl_escape_fn *escape);

/* < > & " ' as entities: for XML and HTML, in elements and attributes. */
void tctl_escape_xml(FILE *to, int32_t c);

/* " and \ with a backslash: for DOT and TaskJuggler. */
void tctl_escape_quoted(FILE *to, int32_t c);

/* What to call a bar: its title, else its id, else "-". */
const char *tctl_bar_label(const struct tctl_bar *bar);

/* --- edges -----------------------------------------------------------------
 */

/* Where the edges that end at each bar begin: [first[i], first[i + 1]).  The
 * arena's. */
size_t *tctl_edges_by_after(
    const struct tctl_chart *chart, struct tctl_arena *arena);

/* Both ends are critical, and nothing lies between them. */
bool tctl_edge_is_critical(
    const struct tctl_chart *chart, const struct tctl_edge *edge);

/* A barrier as one arrow: from the bar of the first sprint that ends last to
 * the bar of the second that starts first.  False: one of them has none. */
bool tctl_barrier_ends(const struct tctl_chart *chart,
    const struct tctl_chart_barrier *barrier, struct tctl_edge *out);

/* --- ids of [A-Za-z0-9_-], each given out once -----------------------------
 */

struct tctl_plain {
	struct tctl_arena *arena;
	void *root; /* of a tree: search.h */
};

/* The id made plain, or the first of id-2, id-3 … that was not given out yet:
 * 1.2 -> t1_2.  The arena's. */
const char *tctl_plain_add(struct tctl_plain *names, const char *id);
void tctl_plain_release(struct tctl_plain *names); /* not the arena */

#endif
