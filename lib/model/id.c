/* id.c - the forms in which ids and agents' names are compared. */
#include <bsd/string.h>
#include <ctype.h>
#include <string.h>
#include <utf8proc.h>

#include "taskctl/model.h"
#include "taskctl/text.h"

/* One character in its plain form, NUL-terminated: without case, accents
 * decomposed (so that both spellings of é agree), "." for a separator. */
struct plain {
	size_t length; /* bytes of the text that it stands for */
	char text[32];
	bool is_separator;
	bool is_upper;
};

/* Blank, full stop, underscore, any dash: what people join words by. */
static bool
is_separator(utf8proc_int32_t c, utf8proc_category_t kind)
{
	return c == '.' || c == '_' || kind == UTF8PROC_CATEGORY_ZS ||
	       kind == UTF8PROC_CATEGORY_PD;
}

static void
plain_ascii(char c, struct plain *out)
{
	out->length = 1;
	out->is_separator = c == ' ' || c == '.' || c == '_' || c == '-';
	out->is_upper = c >= 'A' && c <= 'Z';
	out->text[0] = (char)(out->is_upper ? c - 'A' + 'a' : c);
	out->text[1] = '\0';
}

static void
plain_wide(const char *text, struct plain *out)
{
	const utf8proc_option_t fold = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD;
	utf8proc_int32_t c, form[8];
	utf8proc_category_t kind;
	utf8proc_ssize_t n;
	size_t end = 0;
	int boundary = 0;

	*out = (struct plain){ .length = 1, .text = { *text } };
	n = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &c);
	if (n <= 0)
		return;
	out->length = (size_t)n;
	kind = utf8proc_category(c);
	out->is_separator = is_separator(c, kind);
	out->is_upper = kind == UTF8PROC_CATEGORY_LU;
	n = utf8proc_decompose_char(c, form, 8, fold, &boundary);
	for (utf8proc_ssize_t i = 0; i < n && i < 7; i++)
		end += (size_t)utf8proc_encode_char(
		    form[i], (utf8proc_uint8_t *)out->text + end);
	out->text[end] = '\0';
}

/* The text is not empty, and UTF-8 (a byte that is not stands for itself). */
static void
next_plain(const char *text, struct plain *out)
{
	if ((unsigned char)*text < 0x80)
		plain_ascii(*text, out);
	else
		plain_wide(text, out);
}

/* Without "#" and "task", as often as they stand in front.  "taskforce.1" is
 * not a task's number, so "task" must end there. */
static const char *
without_prefix(const char *id)
{
	static const char word[] = "task";
	const size_t n = strlen(word);

	for (;; id += *id == '.')
		if (*id == '#')
			id++;
		else if (strncmp(id, word, n) == 0 && id[n] != '\0' &&
			 (isdigit((unsigned char)id[n]) || strchr(".#", id[n])))
			id += n;
		else
			return id;
}

bool
tctl_id_normalise(const char *id, char out[TCTL_ID_MAX])
{
	/* Room for "Task #" in front of an id that fits. */
	char whole[2 * TCTL_ID_MAX];
	bool separated = false;
	size_t length = 0;
	struct plain plain;
	const char *rest;

	if (tctl_text_has_control(id))
		return false;
	while (*id != '\0') {
		size_t n;

		next_plain(id, &plain);
		n = strlen(plain.text);
		id += plain.length;
		if (plain.is_separator) {
			separated = length > 0;
			continue;
		}
		if (length + n + 2 > sizeof(whole))
			return false;
		if (separated)
			whole[length++] = '.';
		separated = false;
		memcpy(whole + length, plain.text, n);
		length += n;
	}
	whole[length] = '\0';
	rest = without_prefix(whole);
	length = strlen(rest);
	if (length == 0 || length >= TCTL_ID_MAX)
		return false;
	memcpy(out, rest, length + 1);
	return true;
}

/* Bytes of the word "agent" at name, 0 if another word stands there.  A word
 * ends where a separator, a digit, or a capital after small letters begins the
 * next one: agent_A, agent1 and agentA, but not agentic. */
static size_t
agent_word(const char *name)
{
	static const char word[] = "agent";
	const size_t n = strlen(word);
	struct plain next;

	if (strncasecmp(name, word, n) != 0)
		return 0;
	if (name[n] == '\0')
		return n;
	next_plain(name + n, &next);
	if (next.is_separator || isdigit((unsigned char)name[n]))
		return n;
	return next.is_upper && islower((unsigned char)name[n - 1]) ? n : 0;
}

void
tctl_agent_normalise(const char *name, char out[TCTL_AGENT_MAX])
{
	bool word_starts = true, was_upper = false, had_agent = false;
	size_t length = 0, skip;
	struct plain plain;

	while (*name != '\0') {
		size_t n;

		next_plain(name, &plain);
		n = strlen(plain.text);
		word_starts |= plain.is_upper && !was_upper;
		skip = word_starts ? agent_word(name) : 0;
		if (skip > 0) {
			had_agent = true;
			name += skip;
			continue;
		}
		name += plain.length;
		word_starts = plain.is_separator;
		was_upper = plain.is_upper;
		if (plain.is_separator)
			continue;
		if (length + n >= TCTL_AGENT_MAX)
			break;
		memcpy(out + length, plain.text, n);
		length += n;
	}
	if (length == 0 && had_agent)
		length = strlcpy(out, "agent", TCTL_AGENT_MAX);
	out[length] = '\0';
}

bool
tctl_agent_is(const char *name, const char *other)
{
	char one[TCTL_AGENT_MAX], another[TCTL_AGENT_MAX];

	if (name == NULL || other == NULL)
		return false;
	tctl_agent_normalise(name, one);
	tctl_agent_normalise(other, another);
	return strcmp(one, another) == 0;
}
