/* pattern_match.c - does a list of patterns match a path? */
#include <string.h>

#include "pattern.h"

bool
tctl_states_have(const uint64_t *states, size_t i)
{
	return (states[i / 64] >> (i % 64) & 1) != 0;
}

void
tctl_states_enter(
    const struct tctl_pattern *pattern, uint64_t *states, size_t i)
{
	for (; !tctl_states_have(states, i); i++) {
		enum tctl_token_kind kind;

		states[i / 64] |= UINT64_C(1) << (i % 64);
		if (i >= pattern->count)
			return;
		kind = pattern->token[i].kind;
		if (kind == TCTL_TOKEN_BYTE || kind == TCTL_TOKEN_SET)
			return;
		if (kind == TCTL_TOKEN_MAYBE)
			tctl_states_enter(pattern, states, i + 3);
	}
}

static void
step(
    const struct tctl_pattern *pattern, size_t i, unsigned char c, uint64_t *to)
{
	const struct tctl_token *token = &pattern->token[i];

	switch (token->kind) {
	case TCTL_TOKEN_BYTE:
		if (token->byte == c)
			tctl_states_enter(pattern, to, i + 1);
		break;
	case TCTL_TOKEN_SET:
		if (tctl_bytes_have(token->set, c))
			tctl_states_enter(pattern, to, i + 1);
		break;
	case TCTL_TOKEN_STAR:
		if (c != '/')
			tctl_states_enter(pattern, to, i);
		break;
	case TCTL_TOKEN_STARS:
		tctl_states_enter(pattern, to, i);
		break;
	case TCTL_TOKEN_MAYBE:
		break;
	}
}

bool
tctl_states_step(const struct tctl_pattern *pattern, const uint64_t *from,
    unsigned char c, uint64_t *to)
{
	size_t words = tctl_states_words(pattern);
	uint64_t any = 0;

	for (size_t w = 0; w < words; w++)
		to[w] = 0;
	for (size_t w = 0; w < words; w++)
		for (uint64_t bits = from[w]; bits != 0; bits &= bits - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(bits);

			if (i < pattern->count)
				step(pattern, i, c, to);
		}
	for (size_t w = 0; w < words; w++)
		any |= to[w];
	return any != 0;
}

bool
tctl_pattern_spells(const struct tctl_pattern *pattern, size_t state)
{
	const struct tctl_token *token = &pattern->token[state];

	if (state >= pattern->count)
		return false;
	if (token->kind == TCTL_TOKEN_STAR)
		return state + 1 < pattern->count &&
		       (token[1].kind != TCTL_TOKEN_BYTE ||
			   token[1].byte != '/');
	return token->kind == TCTL_TOKEN_BYTE || token->kind == TCTL_TOKEN_SET;
}

bool
tctl_pattern_spells_folder(const struct tctl_pattern *pattern, size_t state)
{
	size_t i = state;

	if (state >= pattern->count ||
	    pattern->token[state].kind != TCTL_TOKEN_BYTE ||
	    pattern->token[state].byte != '/')
		return false;
	while (i > 0 && pattern->token[i - 1].kind == TCTL_TOKEN_BYTE &&
	       pattern->token[i - 1].byte != '/')
		i--;
	return i < state &&
	       (i == 0 || pattern->token[i - 1].kind == TCTL_TOKEN_BYTE);
}

/* All of the text, from a state on. */
static bool
run(const struct tctl_pattern *pattern, size_t first, const char *text,
    size_t length)
{
	uint64_t states[2][TCTL_STATES_WORDS] = { { 0 } };
	size_t now = 0;

	tctl_states_enter(pattern, states[now], first);
	for (size_t i = 0; i < length; i++, now = 1 - now)
		if (!tctl_states_step(pattern, states[now],
			(unsigned char)text[i], states[1 - now]))
			return false;
	return tctl_states_have(states[now], pattern->count);
}

/* Do the first length bytes of path, as they are, match this one pattern,
 * whatever it says of folders above? */
static bool
matches(const struct tctl_pattern *pattern, const char *path, size_t length,
    bool is_folder)
{
	size_t literal = pattern->literal_length;

	if (pattern->folders_only && !is_folder)
		return false;
	if (pattern->any_depth) {
		const char *slash = memrchr(path, '/', length);

		if (slash != NULL) {
			length -= (size_t)(slash + 1 - path);
			path = slash + 1;
		}
	}
	if (length < literal || memcmp(path, pattern->literal, literal) != 0)
		return false;
	if (literal == pattern->count)
		return length == literal;
	return run(pattern, literal, path + literal, length - literal);
}

/* The last pattern that says something of this path, which may be !. */
static const struct tctl_pattern *
last_say(const struct tctl_patterns *list, const char *path, size_t length,
    bool is_folder)
{
	for (size_t i = list->count; i-- > 0;)
		if (matches(list->at[i], path, length, is_folder))
			return list->at[i];
	return NULL;
}

const struct tctl_pattern *
tctl_patterns_match_in(const struct tctl_patterns *list, const char *path,
    bool is_folder, size_t *order)
{
	const struct tctl_pattern *say = NULL;
	size_t length = 0;

	/* From the root on: nothing takes out again what is below a folder
	 * that is matched. */
	for (const char *slash = strchr(path, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		length = (size_t)(slash - path);
		say = last_say(list, path, length, true);
		if (say != NULL && !say->negates)
			break;
		say = NULL;
	}
	if (say == NULL) {
		length = strlen(path);
		say = last_say(list, path, length, is_folder);
	}
	if (say == NULL || say->negates)
		return NULL;
	*order = length * 2 + say->any_depth;
	return say;
}

const struct tctl_pattern *
tctl_patterns_match(
    const struct tctl_patterns *list, const char *path, bool is_folder)
{
	size_t order;

	return tctl_patterns_match_in(list, path, is_folder, &order);
}
