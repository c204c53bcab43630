/* floor: base - a gitignore pattern as the machine reads it.
 *
 * A pattern is a row of tokens; state i is "the first i tokens are matched".
 * Besides there are two states after the last: PASSED_OVER (inside of a folder
 * that a pattern without a slash passes over) and BELOW (inside of a folder
 * that is matched). */
#ifndef TASKCTL_BASE_PATTERN_H
#define TASKCTL_BASE_PATTERN_H

#include <stdint.h>

#include "taskctl/pattern.h"

enum tctl_token_kind {
	TCTL_TOKEN_BYTE,  /* this one */
	TCTL_TOKEN_SET,	  /* one of these; never a slash */
	TCTL_TOKEN_STAR,  /* any number, but no slash */
	TCTL_TOKEN_STARS, /* any number of anything */
	TCTL_TOKEN_MAYBE, /* the two tokens that follow, or neither */
};

/* Which bytes. */
struct tctl_bytes {
	uint64_t word[4];
};

struct tctl_token {
	enum tctl_token_kind kind;
	unsigned char byte;
	const struct tctl_bytes *set;
};

struct tctl_pattern {
	const char *text;
	bool negates;
	bool folders_only; /* a / at its end */
	bool any_depth;	   /* no other /: it matches names, wherever */
	bool
	    is_bare; /* and it is no more than a name, without * and the like */
	bool names_file; /* its last name ends as files do: no folder does */
	struct tctl_token *token;
	size_t count;
	const char *literal; /* the bytes of the tokens that it begins with */
	size_t literal_length;
};

static inline bool
tctl_bytes_have(const struct tctl_bytes *set, unsigned char c)
{
	return (set->word[c / 64] >> (c % 64) & 1) != 0;
}

static inline void
tctl_bytes_add(struct tctl_bytes *set, unsigned char c)
{
	set->word[c / 64] |= UINT64_C(1) << (c % 64);
}

/* Does a state go on by what is spelled out, and not by * alone? */
bool tctl_pattern_spells(const struct tctl_pattern *pattern, size_t state);

/* Does a slash follow, and more behind it, and before it is a name without *
 * and the like?  So it is a folder's, whatever it ends in. */
bool tctl_pattern_spells_folder(
    const struct tctl_pattern *pattern, size_t state);

/* Every byte but NUL, those first that people like to read: i from 0 to 254. */
static inline unsigned char
tctl_bytes_in_turn(unsigned i)
{
	enum { PRINTED = 0x7f - ' ' };

	if (i < PRINTED)
		return (unsigned char)(' ' + (i + 'a' - ' ') % PRINTED);
	i -= PRINTED;
	return (unsigned char)(i < ' ' - 1 ? i + 1 : i - (' ' - 1) + 0x7f);
}

/* A set of states, one bit each, of a pattern. */
enum { TCTL_STATES_WORDS = (TCTL_PATTERN_MAX + 3 + 63) / 64 };

static inline size_t
tctl_states_words(const struct tctl_pattern *pattern)
{
	return (pattern->count + 3 + 63) / 64;
}

bool tctl_states_have(const uint64_t *states, size_t i);

/* Enter a state, and where it leads without a byte. */
void tctl_states_enter(
    const struct tctl_pattern *pattern, uint64_t *states, size_t i);

/* With a byte, by tokens alone; false: there is no way on. */
bool tctl_states_step(const struct tctl_pattern *pattern, const uint64_t *from,
    unsigned char c, uint64_t *to);

/* Can two patterns that do not negate share a file, by the rules of
 * tctl_patterns_meet?  path: as in struct tctl_meeting. */
bool tctl_pattern_meets(const struct tctl_pattern *a,
    const struct tctl_pattern *b, struct tctl_effort_left *left, char *path,
    size_t room);

/* The same where ! of each list take out again: its first pattern does not
 * negate, all others do. */
bool tctl_pattern_lists_meet(const struct tctl_patterns *a,
    const struct tctl_patterns *b, struct tctl_effort_left *left, char *path,
    size_t room);

#endif
