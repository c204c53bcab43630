/* pattern_lists.c - can two patterns share a file, with all that ! takes out?
 *
 * With ! what is matched is no union, so what is walked through is the set of
 * all states that all patterns of both lists are in.  The first pattern of each
 * list is the one that matches, all others negate. */
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "taskctl/text.h"

/* The last word of a node. */
enum {
	IN_A = 1,  /* inside of a folder that list a matches */
	IN_B = 2,  /* likewise */
	FRESH = 4, /* at the beginning of a name */
	ROOT = 8,  /* of the first one */
};

struct way {
	size_t from; /* the node before; itself: the first */
	unsigned char byte;
};

struct walk {
	const struct tctl_pattern **pattern; /* of a, then of b */
	size_t count;
	size_t count_a;
	size_t words; /* of a node */
	uint64_t *node;
	struct way *way;
	size_t nodes;
	size_t *slot;		 /* node + 1 by hash; 0: free */
	size_t slots;		 /* a power of two */
	unsigned char byte[256]; /* one of each class of bytes */
	size_t bytes;
};

/* --- bytes that no pattern tells apart -------------------------------------
 */

static bool
takes(const struct tctl_token *token, unsigned char c)
{
	return token->kind == TCTL_TOKEN_BYTE ? token->byte == c
					      : tctl_bytes_have(token->set, c);
}

/* Split each class into what the token takes and what it does not. */
static size_t
split(unsigned char class[256], size_t classes, const struct tctl_token *token)
{
	size_t taken[256] = { 0 }, size[256] = { 0 };
	unsigned char to[256];

	for (unsigned c = 1; c < 256; c++) {
		size[class[c]]++;
		taken[class[c]] += takes(token, (unsigned char)c);
	}
	for (size_t i = 0, before = classes; i < before; i++)
		if (taken[i] > 0 && taken[i] < size[i])
			to[i] = (unsigned char)classes++;
		else
			to[i] = (unsigned char)i;
	for (unsigned c = 1; c < 256; c++)
		if (takes(token, (unsigned char)c))
			class[c] = to[class[c]];
	return classes;
}

static void
choose_bytes(struct walk *walk)
{
	static const struct tctl_token slash = { .kind = TCTL_TOKEN_BYTE,
		.byte = '/' };
	unsigned char class[256] = { 0 };
	bool has[256] = { false };
	size_t classes = split(class, 1, &slash);

	for (size_t k = 0; k < walk->count; k++)
		for (size_t i = 0; i < walk->pattern[k]->count; i++) {
			const struct tctl_token *token =
			    &walk->pattern[k]->token[i];

			if (token->kind == TCTL_TOKEN_BYTE ||
			    token->kind == TCTL_TOKEN_SET)
				classes = split(class, classes, token);
		}
	/* From the letters on, so that what is told looks like a name. */
	for (unsigned i = 0; i < 255; i++) {
		unsigned char c = tctl_bytes_in_turn(i);

		if (c == '/' || has[class[c]])
			continue;
		has[class[c]] = true;
		walk->byte[walk->bytes++] = c;
	}
}

/* --- nodes -----------------------------------------------------------------
 */

static size_t
hash(const uint64_t *node, size_t words)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < words; i++) {
		sum = (sum ^ node[i]) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	return (size_t)sum;
}

static void
rehash(struct walk *walk)
{
	free(walk->slot);
	walk->slots = walk->slots == 0 ? 256 : walk->slots * 2;
	walk->slot = tctl_xcalloc(walk->slots, sizeof(*walk->slot));
	for (size_t n = 0; n < walk->nodes; n++) {
		size_t at = hash(walk->node + n * walk->words, walk->words);

		while (walk->slot[at & (walk->slots - 1)] != 0)
			at++;
		walk->slot[at & (walk->slots - 1)] = n + 1;
	}
}

/* The node that stands behind the last becomes one, if it is new. */
static void
keep(struct walk *walk, size_t from, unsigned char byte)
{
	const uint64_t *node = walk->node + walk->nodes * walk->words;
	size_t at;

	if (walk->nodes * 2 >= walk->slots)
		rehash(walk);
	at = hash(node, walk->words);
	for (size_t n; (n = walk->slot[at & (walk->slots - 1)]) != 0; at++)
		if (memcmp(walk->node + (n - 1) * walk->words, node,
			walk->words * sizeof(*node)) == 0)
			return;
	walk->slot[at & (walk->slots - 1)] = walk->nodes + 1;
	walk->way = tctl_grow(walk->way, walk->nodes, sizeof(*walk->way));
	walk->way[walk->nodes++] = (struct way){ from, byte };
}

/* Room for one node behind the last; zeroed. */
static uint64_t *
make_room(struct walk *walk)
{
	size_t bytes = walk->words * sizeof(*walk->node);

	walk->node = tctl_grow(walk->node, walk->nodes, bytes);
	return memset(walk->node + walk->nodes * walk->words, 0, bytes);
}

/* --- the walk ---------------------------------------------------------------
 */

/* What the last pattern of a list that is matched whole says: 1 it matches, -1
 * it takes out, 0 none does. */
static int
say(const struct walk *walk, const uint64_t *node, bool is_b, bool is_folder)
{
	int out = 0;

	for (size_t k = 0; k < walk->count; k++) {
		const struct tctl_pattern *pattern = walk->pattern[k];

		if ((k >= walk->count_a) == is_b &&
		    tctl_states_have(node, pattern->count) &&
		    (is_folder || !pattern->folders_only))
			out = pattern->negates ? -1 : 1;
		node += tctl_states_words(pattern);
	}
	return out;
}

static bool
is_matched(const struct walk *walk, const uint64_t *node, bool is_b)
{
	return (node[walk->words - 1] & (is_b ? IN_B : IN_A)) != 0 ||
	       say(walk, node, is_b, false) > 0;
}

/* The first pattern of list b, or of a. */
static const struct tctl_pattern *
first_of(const struct walk *walk, bool is_b)
{
	return walk->pattern[is_b ? walk->count_a : 0];
}

static size_t
offset_of(const struct walk *walk, size_t k)
{
	size_t offset = 0;

	while (k-- > 0)
		offset += tctl_states_words(walk->pattern[k]);
	return offset;
}

/* As is_lost of pattern_meet.c: may this list's bare name begin here? */
static bool
is_lost(const struct walk *walk, const uint64_t *node, bool is_b)
{
	const struct tctl_pattern *other = first_of(walk, !is_b);
	const uint64_t *states =
	    node + offset_of(walk, is_b ? 0 : walk->count_a);

	if (!first_of(walk, is_b)->is_bare ||
	    (node[walk->words - 1] & (FRESH | ROOT)) != FRESH)
		return false;
	for (size_t i = 0; i < other->count; i++)
		if (tctl_states_have(states, i) &&
		    tctl_pattern_spells(other, i))
			return false;
	return true;
}

/* As is_file of pattern_meet.c: does this list's first pattern, which goes on
 * from here, name this very folder? */
static bool
spells_folder(const struct walk *walk, const uint64_t *node, bool is_b)
{
	const struct tctl_pattern *pattern = first_of(walk, is_b);
	const uint64_t *states =
	    node + offset_of(walk, is_b ? walk->count_a : 0);

	for (size_t i = 0; i <= pattern->count; i++)
		if (tctl_states_have(states, i) &&
		    tctl_pattern_spells_folder(pattern, i))
			return true;
	return false;
}

/* The lists that match what a slash follows, so that all below is matched. */
static uint64_t
folders(const struct walk *walk, const uint64_t *node)
{
	bool says[2] = { say(walk, node, false, true) > 0,
		say(walk, node, true, true) > 0 };
	uint64_t in = 0;

	/* What ends as files do is no folder, unless both say that it is, or
	 * the other names something in it. */
	for (int b = 0; b < 2; b++)
		if (says[b] &&
		    (says[1 - b] || !first_of(walk, b != 0)->names_file ||
			spells_folder(walk, node, b == 0)))
			in |= b != 0 ? IN_B : IN_A;
	return in;
}

/* Where a byte leads; false: one of the lists matches nothing from there. */
static bool
follow(const struct walk *walk, const uint64_t *from, unsigned char byte,
    uint64_t *to)
{
	uint64_t in = from[walk->words - 1] & (IN_A | IN_B), alive;
	bool lost[2] = { is_lost(walk, from, false),
		is_lost(walk, from, true) };

	if (byte == '/')
		in |= folders(walk, from);
	alive = in;
	to[walk->words - 1] = in | (byte == '/' ? FRESH : 0);
	for (size_t k = 0; k < walk->count; k++) {
		const struct tctl_pattern *pattern = walk->pattern[k];
		bool is_b = k >= walk->count_a;
		uint64_t list = is_b ? IN_B : IN_A;
		size_t over = pattern->count + 1;
		bool goes_on = (in & list) == 0;

		if (goes_on && pattern->any_depth) {
			if (!lost[is_b] || pattern->negates)
				(void)tctl_states_step(pattern, from, byte, to);
			to[over / 64] |= UINT64_C(1) << (over % 64);
			if (byte == '/')
				tctl_states_enter(pattern, to, 0);
		} else if (goes_on) {
			goes_on = tctl_states_step(pattern, from, byte, to);
		}
		if (goes_on && !pattern->negates)
			alive |= list;
		from += tctl_states_words(pattern);
		to += tctl_states_words(pattern);
	}
	return alive == (IN_A | IN_B);
}

static void
begin(struct walk *walk)
{
	uint64_t *node = make_room(walk);

	node[walk->words - 1] = FRESH | ROOT;
	for (size_t k = 0; k < walk->count; k++) {
		const struct tctl_pattern *pattern = walk->pattern[k];
		size_t over = pattern->count + 1;

		tctl_states_enter(pattern, node, 0);
		if (pattern->any_depth)
			node[over / 64] |= UINT64_C(1) << (over % 64);
		node += tctl_states_words(pattern);
	}
	keep(walk, 0, 0);
}

static void
tell(const struct walk *walk, size_t node, char *path, size_t room)
{
	size_t length = 0;

	for (size_t at = node; at != 0; at = walk->way[at].from)
		length++;
	path[0] = '\0';
	if (length >= room)
		return;
	path[length] = '\0';
	for (size_t at = node; at != 0; at = walk->way[at].from)
		path[--length] = (char)walk->way[at].byte;
	if (!tctl_text_is_utf8(path, strlen(path), NULL) ||
	    tctl_text_has_control(path))
		path[0] = '\0';
}

/* From one node on; true: both match what led to it. */
static bool
go_on(struct walk *walk, size_t n)
{
	bool is_fresh = (walk->node[(n + 1) * walk->words - 1] & FRESH) != 0;

	if (!is_fresh &&
	    is_matched(walk, walk->node + n * walk->words, false) &&
	    is_matched(walk, walk->node + n * walk->words, true))
		return true;
	for (size_t i = 0; i < walk->bytes + !is_fresh; i++) {
		unsigned char byte = i < walk->bytes ? walk->byte[i] : '/';
		uint64_t *to = make_room(walk); /* may move all others */

		if (follow(walk, walk->node + n * walk->words, byte, to))
			keep(walk, n, byte);
	}
	return false;
}

bool
tctl_pattern_lists_meet(const struct tctl_patterns *a,
    const struct tctl_patterns *b, struct tctl_effort_left *left, char *path,
    size_t room)
{
	struct walk walk = {
		.count = a->count + b->count, .count_a = a->count, .words = 1
	};
	bool meets = false;

	path[0] = '\0';
	walk.pattern = tctl_xcalloc(walk.count, sizeof(*walk.pattern));
	for (size_t k = 0; k < walk.count; k++) {
		walk.pattern[k] = k < a->count ? a->at[k] : b->at[k - a->count];
		walk.words += tctl_states_words(walk.pattern[k]);
	}
	choose_bytes(&walk);
	begin(&walk);
	for (size_t n = 0; !meets && n < walk.nodes; n++) {
		size_t cost = walk.words * (walk.bytes + 1);

		if (left->steps < cost) {
			meets = true; /* for all we know */
			left->steps = 0;
			break;
		}
		left->steps -= cost;
		meets = go_on(&walk, n);
		if (meets)
			tell(&walk, n, path, room);
	}
	free(walk.pattern);
	free(walk.node);
	free(walk.way);
	free(walk.slot);
	return meets;
}
