/* floor: base - gitignore patterns: what they match, and what two can share.
 *
 * A list of patterns means what it would mean in the .gitignore at the root of
 * a repository: the last one that matches decides, ! takes out again, and what
 * is below a folder that is matched is matched with it.  Bytes are compared,
 * case counts.  tests/unit/test_pattern.c asks `git check-ignore`. */
#ifndef TASKCTL_PATTERN_H
#define TASKCTL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "taskctl/memory.h"

/* Bytes of a pattern: what two can share costs their product. */
enum { TCTL_PATTERN_MAX = 512 };

struct tctl_pattern;

/* A list, in order; the patterns are the arena's that they were read into. */
struct tctl_patterns {
	const struct tctl_pattern **at;
	size_t count;
};

/**
 * Read a pattern.
 *
 * Refused is also what git accepts and never finds a match for, since nobody
 * means it: an unclosed [, a last \, //, a folder . or .., a line that would be
 * a comment.
 *
 * @param out belongs to arena; set on TCTL_OK
 * @return    TCTL_OK; TCTL_EINVALID: err quotes it and says what is wrong
 */
enum tctl_status tctl_pattern_read(struct tctl_arena *arena, const char *text,
    const struct tctl_pattern **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* As it was written, without the trailing blanks that git drops. */
const char *tctl_pattern_text(const struct tctl_pattern *pattern);

/* Does it begin with !, and take out what an earlier one matches? */
bool tctl_pattern_negates(const struct tctl_pattern *pattern);

void tctl_patterns_add(struct tctl_arena *arena, struct tctl_patterns *list,
    const struct tctl_pattern *pattern);

/**
 * The pattern by which a list matches a path, or NULL: it does not.
 *
 * @param path      from the repository's root, without / in front or behind
 * @param is_folder the path itself is a folder; what is above it is anyway
 *
 * Cost: patterns x folders of the path, and the lengths of those that begin
 * like it.
 */
const struct tctl_pattern *tctl_patterns_match(
    const struct tctl_patterns *list, const char *path, bool is_folder);

/* The same; where several lists match a path, the one with the least *order has
 * it: the one that matches the outermost folder, and of two alike the one that
 * says where. */
const struct tctl_pattern *tctl_patterns_match_in(
    const struct tctl_patterns *list, const char *path, bool is_folder,
    size_t *order);

/* Work left for tctl_patterns_meet, in steps of some 10 ns; shared by a series
 * of calls, so that the series ends. */
struct tctl_effort_left {
	size_t steps;
};

/* Why two lists cannot be told apart. */
struct tctl_meeting {
	const struct tctl_pattern *a;
	const struct tctl_pattern *b;
	char path[TCTL_PATTERN_MAX * 2]; /* one that both match; "": none was
					    worked out */
};

/**
 * Do two lists compete for some file?
 *
 * They do where a file can be matched by both, with two exceptions for what
 * nobody means, in which tctl_patterns_match_in says who has it:
 * - A bare name (docs/, README.md) competes at the root, and where the other
 *   list spells names out (src/docs, src/READ*); not for what might go by that
 *   name below a folder of the other (src/).
 * - A name that ends as files do (*.c) is no folder with files in it.
 *
 * Else the answer is exact: two patterns are walked through together, as the
 * product of two automata, and with ! as sets of states.  When the work left is
 * used up, or an exception meets !, it may be yes for no.
 *
 * @param from only patterns of a from here on are new; the rest is known not
 *             to meet b (0: all are new)
 * @param out  set on true
 */
bool tctl_patterns_meet(const struct tctl_patterns *a, size_t from,
    const struct tctl_patterns *b, struct tctl_effort_left *left,
    struct tctl_meeting *out);

#endif
