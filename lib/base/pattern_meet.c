/* pattern_meet.c - can two patterns match one file?  Both are walked through
 * together, breadth first, so the first path found is a shortest one.
 *
 * Source: intersection of regular languages by the product of their automata,
 *         M. O. Rabin, D. Scott, Finite automata and their decision problems,
 *         IBM Journal 3 (1959), theorem 5 */
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "taskctl/text.h"

/* One way on from a state: with these bytes. */
struct way {
	const struct tctl_bytes *set; /* NULL: any but a slash */
	int byte;		      /* -1: set says */
	size_t to;
};

/* States beyond those of tokens. */
static size_t
passed_over(const struct tctl_pattern *pattern)
{
	return pattern->count + 1;
}

static size_t
below(const struct tctl_pattern *pattern)
{
	return pattern->count + 2;
}

static size_t
states_of(const struct tctl_pattern *pattern)
{
	return pattern->count + 3;
}

/* Where a state leads without a byte; how many. */
static int
free_ways(const struct tctl_pattern *pattern, size_t state, size_t to[2])
{
	if (state >= pattern->count)
		return 0;
	switch (pattern->token[state].kind) {
	case TCTL_TOKEN_STAR:
	case TCTL_TOKEN_STARS:
		to[0] = state + 1;
		return 1;
	case TCTL_TOKEN_MAYBE:
		to[0] = state + 1;
		to[1] = state + 3;
		return 2;
	default:
		return 0;
	}
}

/* Where it leads with a byte that is no slash. */
static bool
byte_way(const struct tctl_pattern *pattern, size_t state, struct way *out)
{
	const struct tctl_token *token;

	*out = (struct way){ .byte = -1, .to = state };
	if (state > pattern->count)
		return true;
	if (state == pattern->count)
		return false;
	token = &pattern->token[state];
	switch (token->kind) {
	case TCTL_TOKEN_BYTE:
		out->byte = token->byte;
		out->to = state + 1;
		return token->byte != '/';
	case TCTL_TOKEN_SET:
		out->set = token->set;
		out->to = state + 1;
		return true;
	case TCTL_TOKEN_MAYBE:
		return false;
	default:
		return true;
	}
}

/* And with a slash: what is before it is a folder. */
static int
slash_ways(const struct tctl_pattern *pattern, size_t state, size_t to[2])
{
	to[0] = state;
	if (state == below(pattern))
		return 1;
	if (state == passed_over(pattern)) {
		to[1] = 0;
		return 2;
	}
	if (state == pattern->count) {
		to[0] = below(pattern);
		return 1;
	}
	if (pattern->token[state].kind == TCTL_TOKEN_STARS)
		return 1;
	to[0] = state + 1;
	return pattern->token[state].kind == TCTL_TOKEN_BYTE &&
	       pattern->token[state].byte == '/';
}

/* Is a file matched where its path ends here? */
static bool
is_end(const struct tctl_pattern *pattern, size_t state)
{
	return state == below(pattern) ||
	       (state == pattern->count && !pattern->folders_only);
}

/* --- the product -----------------------------------------------------------
 */

/* How a pair of states was come to. */
struct node {
	uint32_t from; /* itself: a beginning */
	uint16_t byte; /* 0: without one */
	bool seen;
};

/* Where in the path: no name is empty. */
enum place { INSIDE, FRESH, ROOT, PLACES };

struct walk {
	const struct tctl_pattern *a;
	const struct tctl_pattern *b;
	struct node *node; /* by state of a, state of b, place */
	uint32_t *queue;
	size_t head;
	size_t tail;
};

static uint32_t
number_of(const struct walk *walk, size_t i, size_t j, enum place place)
{
	return (uint32_t)((i * states_of(walk->b) + j) * PLACES + place);
}

static void
visit(struct walk *walk, size_t i, size_t j, enum place place, uint32_t from,
    int byte)
{
	uint32_t number = number_of(walk, i, j, place);
	struct node *node = &walk->node[number];

	if (node->seen)
		return;
	*node = (struct node){ from, (uint16_t)byte, true };
	walk->queue[walk->tail++] = number;
}

/* A byte that both allow, a letter if there is one; -1: none. */
static int
common_byte(const struct way *x, const struct way *y)
{
	if (x->byte >= 0 && y->byte >= 0)
		return x->byte == y->byte ? x->byte : -1;
	if (y->byte >= 0)
		return common_byte(y, x);
	if (x->byte >= 0)
		return y->set == NULL ||
			       tctl_bytes_have(y->set, (unsigned char)x->byte)
			   ? x->byte
			   : -1;
	for (unsigned i = 0; i < 255; i++) {
		unsigned char c = tctl_bytes_in_turn(i);

		if (c != '/' &&
		    (x->set == NULL || tctl_bytes_have(x->set, c)) &&
		    (y->set == NULL || tctl_bytes_have(y->set, c)))
			return c;
	}
	return -1;
}

/* A bare name below the root is looked for only where the other spells names
 * out: not in all that is below its folders. */
static bool
is_lost(const struct tctl_pattern *bare, size_t state,
    const struct tctl_pattern *other, size_t its_state)
{
	return bare->is_bare && state == 0 &&
	       !tctl_pattern_spells(other, its_state);
}

/* What ends as files do is no folder, unless both say that it is, or the other
 * goes on below just that name: next.js/src. */
static bool
is_file(const struct tctl_pattern *pattern, size_t state,
    const struct tctl_pattern *other, size_t its_state)
{
	return pattern->names_file && state == pattern->count &&
	       its_state != other->count &&
	       !tctl_pattern_spells_folder(other, its_state);
}

static void
go_on(struct walk *walk, size_t i, size_t j, enum place place, uint32_t self)
{
	const struct tctl_pattern *a = walk->a, *b = walk->b;
	size_t to_a[2], to_b[2];
	struct way x, y;
	int byte, n = free_ways(a, i, to_a), m;

	for (int k = 0; k < n; k++)
		visit(walk, to_a[k], j, place, self, 0);
	n = free_ways(b, j, to_b);
	for (int k = 0; k < n; k++)
		visit(walk, i, to_b[k], place, self, 0);
	if (byte_way(a, i, &x) && byte_way(b, j, &y) &&
	    !(place == FRESH && (is_lost(a, i, b, j) || is_lost(b, j, a, i)))) {
		byte = common_byte(&x, &y);
		if (byte >= 0)
			visit(walk, x.to, y.to, INSIDE, self, byte);
	}
	if (place != INSIDE || is_file(a, i, b, j) || is_file(b, j, a, i))
		return;
	n = slash_ways(a, i, to_a);
	m = n == 0 ? 0 : slash_ways(b, j, to_b);
	for (int k = 0; k < n * m; k++)
		visit(walk, to_a[k / m], to_b[k % m], FRESH, self, '/');
}

/* The path that led to a pair, or "" where it has no room or is no text. */
static void
tell(const struct walk *walk, uint32_t number, char *path, size_t room)
{
	size_t length = 0;

	for (uint32_t at = number;; at = walk->node[at].from) {
		length += walk->node[at].byte != 0;
		if (walk->node[at].from == at)
			break;
	}
	path[0] = '\0';
	if (length >= room)
		return;
	path[length] = '\0';
	for (uint32_t at = number; length > 0; at = walk->node[at].from)
		if (walk->node[at].byte != 0)
			path[--length] = (char)walk->node[at].byte;
	if (!tctl_text_is_utf8(path, strlen(path), NULL) ||
	    tctl_text_has_control(path))
		path[0] = '\0';
}

static void
begin(struct walk *walk)
{
	/* A pattern without a slash may pass over folders first. */
	for (int k = 0; k < 4; k++) {
		bool over_a = (k & 1) != 0, over_b = (k & 2) != 0;
		uint32_t number =
		    number_of(walk, over_a ? passed_over(walk->a) : 0,
			over_b ? passed_over(walk->b) : 0, ROOT);

		if ((!over_a || walk->a->any_depth) &&
		    (!over_b || walk->b->any_depth))
			visit(walk, over_a ? passed_over(walk->a) : 0,
			    over_b ? passed_over(walk->b) : 0, ROOT, number, 0);
	}
}

/* The literal beginnings of two that start at the root differ: most do. */
static bool
part_early(const struct tctl_pattern *a, const struct tctl_pattern *b)
{
	size_t length = a->literal_length < b->literal_length
			    ? a->literal_length
			    : b->literal_length;

	return !a->any_depth && !b->any_depth &&
	       memcmp(a->literal, b->literal, length) != 0;
}

bool
tctl_pattern_meets(const struct tctl_pattern *a, const struct tctl_pattern *b,
    struct tctl_effort_left *left, char *path, size_t room)
{
	size_t count = states_of(a) * states_of(b) * PLACES;
	struct walk walk = { .a = a, .b = b };
	bool meets = false;

	path[0] = '\0';
	if (part_early(a, b))
		return false;
	walk.node = tctl_xcalloc(count, sizeof(*walk.node));
	walk.queue = tctl_xcalloc(count, sizeof(*walk.queue));
	begin(&walk);
	while (!meets && walk.head < walk.tail) {
		uint32_t number = walk.queue[walk.head++];
		size_t i = number / PLACES / states_of(b);
		size_t j = number / PLACES % states_of(b);
		enum place place = number % PLACES;

		if (left->steps == 0) {
			meets = true; /* for all we know */
			break;
		}
		left->steps--;
		meets = place == INSIDE && is_end(a, i) && is_end(b, j);
		if (meets)
			tell(&walk, number, path, room);
		else
			go_on(&walk, i, j, place, number);
	}
	free(walk.node);
	free(walk.queue);
	return meets;
}

/* --- lists ------------------------------------------------------------------
 */

/* A pattern, and what ! takes out of it again: what comes behind it. */
static struct tctl_patterns
with_negations(const struct tctl_patterns *list, size_t i)
{
	struct tctl_patterns out = { NULL, 0 };

	out.at = tctl_xcalloc(list->count - i, sizeof(*out.at));
	out.at[out.count++] = list->at[i];
	while (++i < list->count)
		if (list->at[i]->negates)
			out.at[out.count++] = list->at[i];
	return out;
}

/* A list matches what one of its patterns matches and no ! behind that takes
 * out: so lists meet where two such do. */
static bool
pair_meets(const struct tctl_patterns *a, size_t i,
    const struct tctl_patterns *b, size_t j, struct tctl_effort_left *left,
    struct tctl_meeting *out)
{
	struct tctl_patterns of_a, of_b;
	bool meets;

	out->a = a->at[i];
	out->b = b->at[j];
	if (out->a->negates || out->b->negates ||
	    !tctl_pattern_meets(
		out->a, out->b, left, out->path, sizeof(out->path)))
		return false;
	of_a = with_negations(a, i);
	of_b = with_negations(b, j);
	meets = (of_a.count == 1 && of_b.count == 1) ||
		tctl_pattern_lists_meet(
		    &of_a, &of_b, left, out->path, sizeof(out->path));
	free(of_a.at);
	free(of_b.at);
	return meets;
}

bool
tctl_patterns_meet(const struct tctl_patterns *a, size_t from,
    const struct tctl_patterns *b, struct tctl_effort_left *left,
    struct tctl_meeting *out)
{
	for (size_t i = from; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (pair_meets(a, i, b, j, left, out))
				return true;
	return false;
}
