/* pattern.c - reading a gitignore pattern, as git's dir.c and wildmatch.c do.
 */
#include <stdio.h>
#include <string.h>

#include "pattern.h"
#include "taskctl/text.h"

/* Characters that end the literal beginning of a pattern. */
#define SPECIAL "*?[\\"

struct reader {
	struct tctl_arena *arena;
	struct tctl_pattern *pattern;
	const char *whole; /* for what is said of it */
	struct tctl_error *err;
};

static enum tctl_status
refuse(struct reader *reader, const char *why)
{
	return tctl_fail(reader->err, TCTL_EINVALID, "pattern \"%.200s\": %s",
	    reader->whole, why);
}

/* --- classes ----------------------------------------------------------- */

/* git's own, which know ASCII only whatever the locale. */
static bool
in_class(const char *name, size_t length, unsigned char c)
{
	bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
	bool digit = c >= '0' && c <= '9';
	bool graph = c > ' ' && c < 0x7f;
	const struct {
		const char *name;
		bool is;
	} row[] = { { "alnum", lower || upper || digit },
		{ "alpha", lower || upper }, { "blank", c == ' ' || c == '\t' },
		{ "cntrl", c < ' ' || c == 0x7f }, { "digit", digit },
		{ "graph", graph }, { "lower", lower },
		{ "print", graph || c == ' ' },
		{ "punct", graph && !lower && !upper && !digit },
		{ "space", c != '\0' && strchr(" \t\n\r", c) != NULL },
		{ "upper", upper },
		{ "xdigit", digit || (c >= 'a' && c <= 'f') ||
				(c >= 'A' && c <= 'F') } };

	for (size_t i = 0; i < TCTL_COUNT(row); i++)
		if (strlen(row[i].name) == length &&
		    memcmp(row[i].name, name, length) == 0)
			return row[i].is;
	return false;
}

static bool
is_class(const char *name, size_t length)
{
	for (unsigned c = 1; c < 0x80; c++)
		if (in_class(name, length, (unsigned char)c))
			return true;
	return false;
}

/* [:name:] at at: adds it and returns what follows; at itself: it is none, but
 * a set with [ in it; NULL: it names no class. */
static const char *
read_class(struct tctl_bytes *set, const char *at, const char *end)
{
	const char *name = at + 2;
	const char *close = memchr(name, ']', (size_t)(end - name));

	if (close == NULL)
		return NULL;
	if (close == name || close[-1] != ':' || close - 1 < name)
		return at;
	if (!is_class(name, (size_t)(close - 1 - name)))
		return NULL;
	for (unsigned c = 1; c < 256; c++)
		if (in_class(
			name, (size_t)(close - 1 - name), (unsigned char)c))
			tctl_bytes_add(set, (unsigned char)c);
	return close + 1;
}

/* No set has these: the end of the text and the end of a folder. */
#define NEVER (UINT64_C(1) | UINT64_C(1) << '/')

static void
invert(struct tctl_bytes *set)
{
	for (size_t i = 0; i < TCTL_COUNT(set->word); i++)
		set->word[i] = ~set->word[i];
	set->word[0] &= ~NEVER;
}

/* One character of a set, perhaps escaped; NULL: there is none. */
static const char *
read_member(const char *at, const char *end, unsigned char *out)
{
	if (at < end && *at == '\\')
		at++;
	if (at >= end)
		return NULL;
	*out = (unsigned char)*at;
	return at + 1;
}

/* What follows a set's [, up to its ]; NULL: it is not closed, or wrong. */
static const char *
read_set(struct tctl_bytes *set, const char *at, const char *end)
{
	bool negated = at < end && (*at == '!' || *at == '^');
	unsigned char last = 0; /* what a range would begin with */
	bool is_first = true;

	at += negated;
	for (; at < end && (is_first || *at != ']'); is_first = false) {
		unsigned char c;

		if (*at == '-' && last != 0 && at + 1 < end && at[1] != ']') {
			at = read_member(at + 1, end, &c);
			if (at == NULL)
				return NULL;
			for (unsigned i = last; i <= c; i++)
				tctl_bytes_add(set, (unsigned char)i);
			last = 0;
			continue;
		}
		if (*at == '[' && at + 1 < end && at[1] == ':') {
			const char *after = read_class(set, at, end);

			if (after == NULL)
				return NULL;
			if (after != at) {
				last = 0;
				at = after;
				continue;
			}
		}
		at = read_member(at, end, &c);
		if (at == NULL)
			return NULL;
		tctl_bytes_add(set, c);
		last = c;
	}
	if (at >= end)
		return NULL;
	set->word[0] &= ~NEVER;
	if (negated)
		invert(set);
	return at + 1;
}

/* --- tokens -------------------------------------------------------------- */

static struct tctl_token *
add_token(struct reader *reader, enum tctl_token_kind kind, char byte)
{
	struct tctl_pattern *pattern = reader->pattern;
	struct tctl_token *token = &pattern->token[pattern->count++];

	token->kind = kind;
	token->byte = (unsigned char)byte;
	return token;
}

static struct tctl_bytes *
add_set(struct reader *reader)
{
	struct tctl_bytes *set = tctl_arena_alloc(reader->arena, sizeof(*set));

	add_token(reader, TCTL_TOKEN_SET, '\0')->set = set;
	return set;
}

/* Stars at at.  Two between slashes cross them, and with the slash behind them
 * are no folder, or several.  As git does it, the beginning is where the
 * literal part ends: "a**" is found at its beginning. */
static const char *
read_stars(
    struct reader *reader, const char *begin, const char *at, const char *end)
{
	const char *from = at;
	bool crosses;

	while (at < end && *at == '*')
		at++;
	crosses = at - from > 1 && !reader->pattern->any_depth &&
		  (from == begin || from[-1] == '/') &&
		  (at == end || *at == '/' ||
		      (at + 1 < end && at[0] == '\\' && at[1] == '/'));
	if (crosses && at < end && *at == '/')
		add_token(reader, TCTL_TOKEN_MAYBE, '\0');
	add_token(reader, crosses ? TCTL_TOKEN_STARS : TCTL_TOKEN_STAR, '\0');
	return at;
}

static enum tctl_status
read_tokens(struct reader *reader, const char *at, const char *end)
{
	const char *begin;

	while (at < end && strchr(SPECIAL, *at) == NULL)
		add_token(reader, TCTL_TOKEN_BYTE, *at++);
	reader->pattern->literal_length = reader->pattern->count;
	for (begin = at; at < end;) {
		switch (*at) {
		case '*':
			at = read_stars(reader, begin, at, end);
			break;
		case '?':
			invert(add_set(reader));
			at++;
			break;
		case '[':
			at = read_set(add_set(reader), at + 1, end);
			if (at == NULL)
				return refuse(reader,
				    "[ begins a set that is not closed, or "
				    "names no class");
			break;
		case '\\':
			if (++at == end)
				return refuse(reader,
				    "a \\ stands before nothing at its end");
			/* FALLTHROUGH */
		default:
			add_token(reader, TCTL_TOKEN_BYTE, *at++);
		}
	}
	return TCTL_OK;
}

/* --- what nobody means -----------------------------------------------------
 */

/* Without the blanks at its end, but for one behind a backslash. */
static size_t
trimmed(const char *text)
{
	size_t length = 0;

	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == '\\' && text[i + 1] != '\0')
			length = ++i + 1;
		else if (text[i] != ' ')
			length = i + 1;
	}
	return length;
}

static bool
is_dots(const char *name, size_t length)
{
	return (length == 1 && name[0] == '.') ||
	       (length == 2 && memcmp(name, "..", 2) == 0);
}

static enum tctl_status
check_folders(struct reader *reader, const char *at, const char *end)
{
	if (at < end && *at == '/')
		at++;
	if (at >= end)
		return refuse(reader,
		    "it matches nothing; * is everything at the root and "
		    "below");
	while (at < end) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		size_t length = (size_t)((slash == NULL ? end : slash) - at);

		if (length == 0)
			return refuse(reader, "two / in a row match nothing");
		if (is_dots(at, length))
			return refuse(reader,
			    "patterns begin at the repository's root, without "
			    ". and ..");
		at += length + (slash != NULL);
	}
	return TCTL_OK;
}

static enum tctl_status
check(struct reader *reader, const char *text)
{
	if (strlen(text) > TCTL_PATTERN_MAX)
		return tctl_fail(reader->err, TCTL_EINVALID,
		    "a pattern has %zu bytes; %d are the most", strlen(text),
		    TCTL_PATTERN_MAX);
	if (!tctl_text_is_utf8(text, strlen(text), NULL))
		return tctl_fail(
		    reader->err, TCTL_EINVALID, "a pattern is not UTF-8");
	if (tctl_text_has_control(text))
		return refuse(reader, "it holds a control character");
	if (text[0] == '#')
		return refuse(
		    reader, "# begins a comment; a name that begins so is \\#");
	return TCTL_OK;
}

/* Does the last name end as files do, whatever * stand before that? */
static bool
names_file(const char *at, const char *end)
{
	const char *slash = memrchr(at, '/', (size_t)(end - at));

	at = slash == NULL ? at : slash + 1;
	return tctl_text_is_file_name(at, (size_t)(end - at));
}

enum tctl_status
tctl_pattern_read(struct tctl_arena *arena, const char *text,
    const struct tctl_pattern **out, struct tctl_error *err)
{
	size_t length = trimmed(text);
	struct tctl_pattern *pattern =
	    tctl_arena_alloc(arena, sizeof(*pattern));
	struct reader reader = { arena, pattern, text, err };
	const char *at, *end;
	enum tctl_status status = check(&reader, text);

	if (status != TCTL_OK)
		return status;
	at = pattern->text = tctl_arena_strndup(arena, text, length);
	end = at + length;
	pattern->negates = *at == '!';
	at += pattern->negates;
	if (at == end)
		return refuse(&reader, "it is empty");
	status = check_folders(&reader, at, end);
	if (status != TCTL_OK)
		return status;
	pattern->folders_only = end[-1] == '/';
	end -= pattern->folders_only;
	pattern->any_depth = memchr(at, '/', (size_t)(end - at)) == NULL;
	at += *at == '/';
	pattern->literal = at;
	pattern->token = tctl_arena_alloc(
	    arena, (size_t)(end - at + 1) * sizeof(*pattern->token));
	status = read_tokens(&reader, at, end);
	pattern->is_bare =
	    pattern->any_depth && pattern->literal_length == pattern->count;
	pattern->names_file = !pattern->folders_only && names_file(at, end);
	if (status == TCTL_OK)
		*out = pattern;
	return status;
}

const char *
tctl_pattern_text(const struct tctl_pattern *pattern)
{
	return pattern->text;
}

bool
tctl_pattern_negates(const struct tctl_pattern *pattern)
{
	return pattern->negates;
}

void
tctl_patterns_add(struct tctl_arena *arena, struct tctl_patterns *list,
    const struct tctl_pattern *pattern)
{
	list->at = tctl_arena_grow(
	    arena, list->at, list->count, sizeof(const struct tctl_pattern *));
	list->at[list->count++] = pattern;
}
