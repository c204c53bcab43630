/* parse.c - a command line, read into the structs that the rows describe. */
#include <limits.h>
#include <string.h>

#include "row.h"

struct parser {
	const struct tctl_program *program;
	struct tctl_call *out;
	void *global;
	int argc;
	char *const *argv;
	int at; /* the next word */

	struct tctl_strings operand;
	struct tctl_strings rest; /* after -- */
	bool has_rest;

	/* The first mistake is told.  Reading goes on all the same, into the
	 * spare error, so that a --json behind the mistake still holds. */
	enum tctl_status status;
	struct tctl_error *err;
	struct tctl_error spare;
};

/* An option and the struct that it fills. */
struct found {
	const struct tctl_param *param;
	void *into;
};

static void
start_with_defaults(const struct tctl_param *row, void *into)
{
	for (; row->kind != TCTL_KIND_END; row++)
		if ((row->kind == TCTL_KIND_NUMBER ||
			row->kind == TCTL_KIND_DURATION) &&
		    (row->flags & TCTL_PARAM_MANY) == 0)
			*(int64_t *)((char *)into + row->offset) = -1;
}

static void
note(struct parser *parser, enum tctl_status status)
{
	if (status == TCTL_OK || parser->status != TCTL_OK)
		return;
	parser->status = status;
	parser->err = &parser->spare;
}

static enum tctl_status
set(struct parser *parser, const struct found *found, const char *text)
{
	return tctl_call_set(parser->program, parser->out->arena, found->param,
	    found->into, text, parser->err);
}

/* --- options -------------------------------------------------------------- */

enum { SOURCES = 3 };

/* Where options come from: the command, the program, every program. */
static void
sources(const struct parser *parser, struct found source[SOURCES])
{
	source[0].param = tctl_command_rows(parser->out->command);
	source[0].into = parser->out->req;
	source[1].param = tctl_program_rows(parser->program);
	source[1].into = parser->global;
	source[2].param = tctl_call_builtin;
	source[2].into = parser->out;
}

static enum tctl_status
fail_unknown(struct parser *parser, const char *label, const char *name)
{
	struct found source[SOURCES];
	const char *nearest = NULL;
	int best = INT_MAX;

	tctl_fail(parser->err, TCTL_EUSAGE, "unknown option \"%s\"", label);
	sources(parser, source);
	for (int i = 0; i < SOURCES; i++)
		for (const struct tctl_param *p = source[i].param; p->kind; p++)
			if (tctl_param_is_option(p) && p->name != NULL &&
			    tctl_is_nearer(name, p->name, &best))
				nearest = p->name;
	if (nearest != NULL)
		return tctl_hint(parser->err, "did you mean --%s?", nearest);
	if (parser->out->command == NULL)
		return tctl_hint(
		    parser->err, "a command's own options come after its name");
	return tctl_hint(parser->err, "%s %s --help lists the options",
	    parser->program->name, parser->out->command->name);
}

/* Find --name by its name, or by a beginning that only one name has. */
static enum tctl_status
find_long(
    struct parser *parser, const char *name, size_t length, struct found *out)
{
	struct found source[SOURCES], prefix = { NULL, NULL };
	const char *other = NULL;

	sources(parser, source);
	for (int i = 0; i < SOURCES; i++)
		for (const struct tctl_param *p = source[i].param; p->kind;
		     p++) {
			if (!tctl_param_is_option(p) || p->name == NULL ||
			    strncmp(p->name, name, length) != 0)
				continue;
			*out = (struct found){ p, source[i].into };
			if (p->name[length] == '\0')
				return TCTL_OK;
			if (prefix.param != NULL)
				other = p->name;
			else
				prefix = *out;
		}
	if (prefix.param == NULL) {
		const char *word =
		    tctl_arena_strndup(parser->out->arena, name, length);
		return fail_unknown(parser,
		    tctl_arena_printf(parser->out->arena, "--%s", word), word);
	}
	if (other != NULL)
		return tctl_fail(parser->err, TCTL_EUSAGE,
		    "--%.*s could be --%s or --%s", (int)length, name,
		    prefix.param->name, other);
	*out = prefix;
	return TCTL_OK;
}

static enum tctl_status
find_letter(struct parser *parser, char letter, struct found *out)
{
	struct found source[SOURCES];
	char label[3] = { '-', letter, '\0' };

	sources(parser, source);
	for (int i = 0; i < SOURCES; i++)
		for (const struct tctl_param *p = source[i].param; p->kind; p++)
			if (tctl_param_is_option(p) && p->letter == letter) {
				*out = (struct found){ p, source[i].into };
				return TCTL_OK;
			}
	return fail_unknown(parser, label, "");
}

/* The value that follows as a word of its own. */
static enum tctl_status
set_from_next(struct parser *parser, const struct found *found)
{
	char label[TCTL_PARAM_LABEL];

	if (!tctl_param_has_value(found->param))
		return set(parser, found, NULL);
	if (parser->at == parser->argc)
		return tctl_fail(parser->err, TCTL_EUSAGE,
		    "%s needs a value: %s",
		    tctl_param_label(found->param, label),
		    tctl_param_metavar(found->param));
	return set(parser, found, parser->argv[parser->at++]);
}

static enum tctl_status
read_long(struct parser *parser, const char *name)
{
	size_t length = strcspn(name, "=");
	enum tctl_status status;
	struct found found;

	status = find_long(parser, name, length, &found);
	if (status != TCTL_OK)
		return status;
	if (name[length] == '\0')
		return set_from_next(parser, &found);
	if (!tctl_param_has_value(found.param))
		return tctl_fail(parser->err, TCTL_EUSAGE,
		    "--%s takes no value", found.param->name);
	return set(parser, &found, name + length + 1);
}

/* -q, -qm TEXT, -mTEXT */
static enum tctl_status
read_letters(struct parser *parser, const char *letters)
{
	enum tctl_status status;
	struct found found;

	for (; *letters != '\0'; letters++) {
		status = find_letter(parser, *letters, &found);
		if (status != TCTL_OK)
			return status;
		if (tctl_param_has_value(found.param) && letters[1] != '\0')
			return set(parser, &found, letters + 1);
		status = set_from_next(parser, &found);
		if (status != TCTL_OK)
			return status;
	}
	return TCTL_OK;
}

/* --- words ---------------------------------------------------------------- */

static enum tctl_status
read_word(struct parser *parser, const char *word)
{
	struct tctl_call *out = parser->out;
	enum tctl_status status;

	if (out->command != NULL) {
		tctl_strings_add(out->arena, &parser->operand, word);
		return TCTL_OK;
	}
	if (parser->status != TCTL_OK && parser->operand.count > 0)
		return TCTL_OK; /* behind a command that does not exist */
	status = tctl_call_check_command(parser->program, word, parser->err);
	if (status != TCTL_OK) {
		tctl_strings_add(out->arena, &parser->operand, word);
		return status;
	}
	out->command = tctl_command_find(parser->program, word);
	out->req = tctl_arena_alloc(out->arena, out->command->req_size);
	start_with_defaults(tctl_command_rows(out->command), out->req);
	return TCTL_OK;
}

static bool
takes_rest(const struct tctl_command *command)
{
	const struct tctl_param *row = tctl_command_rows(command);

	for (; row->kind != TCTL_KIND_END; row++)
		if (row->flags & TCTL_PARAM_REST)
			return true;
	return false;
}

static void
read_words(struct parser *parser)
{
	bool options = true;

	while (parser->at < parser->argc) {
		const char *word = parser->argv[parser->at++];

		if (parser->has_rest)
			tctl_strings_add(
			    parser->out->arena, &parser->rest, word);
		else if (options && strcmp(word, "--") == 0) {
			options = false;
			parser->has_rest = takes_rest(parser->out->command);
		} else if (options && strncmp(word, "--", 2) == 0)
			note(parser, read_long(parser, word + 2));
		else if (options && *word == '-' && word[1] != '\0')
			note(parser, read_letters(parser, word + 1));
		else
			note(parser, read_word(parser, word));
	}
}

/* Give the operand's row what it takes of the words from *next on. */
static enum tctl_status
place_operand(struct parser *parser, const struct tctl_param *row, size_t *next)
{
	const struct found found = { row, parser->out->req };
	const struct tctl_strings *word = &parser->operand;
	enum tctl_status status = TCTL_OK;
	char label[TCTL_PARAM_LABEL];
	bool missing = *next == word->count;

	if (row->flags & TCTL_PARAM_REST) {
		memcpy((char *)found.into + row->offset, &parser->rest,
		    sizeof(parser->rest));
		missing = missing && parser->rest.count == 0;
	} else if (!missing) {
		do
			status = set(parser, &found, word->at[(*next)++]);
		while (status == TCTL_OK && row->flags & TCTL_PARAM_MANY &&
		       *next < word->count);
	}
	if (!missing || !(row->flags & TCTL_PARAM_REQUIRED) ||
	    parser->out->help)
		return status;
	tctl_fail(parser->err, TCTL_EUSAGE, "%s: %s%s is missing",
	    parser->out->command->name,
	    row->flags & TCTL_PARAM_REST ? "-- " : "",
	    tctl_param_label(row, label));
	return tctl_hint(parser->err, "see %s %s --help", parser->program->name,
	    parser->out->command->name);
}

static enum tctl_status
place_operands(struct parser *parser)
{
	const struct tctl_command *command = parser->out->command;
	const struct tctl_param *row = tctl_command_rows(command);
	enum tctl_status status;
	size_t next = 0;

	for (; row->kind != TCTL_KIND_END; row++) {
		if (tctl_param_is_option(row))
			continue;
		status = place_operand(parser, row, &next);
		if (status != TCTL_OK)
			return status;
	}
	if (next == parser->operand.count)
		return TCTL_OK;
	tctl_fail(parser->err, TCTL_EUSAGE, "%s: \"%s\" is one word too many",
	    command->name, parser->operand.at[next]);
	if (takes_rest(command))
		tctl_hint(parser->err, "write -- before the command to run");
	return TCTL_EUSAGE;
}

enum tctl_status
tctl_call_parse(const struct tctl_program *program, int argc,
    char *const argv[], struct tctl_arena *arena, void *global,
    struct tctl_call *out, struct tctl_error *err)
{
	struct parser parser = {
		.program = program,
		.out = out,
		.global = global,
		.argc = argc,
		.argv = argv,
		.err = err,
	};

	*out = (struct tctl_call){ .arena = arena };
	start_with_defaults(tctl_program_rows(program), global);
	read_words(&parser);
	if (parser.status == TCTL_OK && out->command != NULL)
		note(&parser, place_operands(&parser));
	return parser.status;
}
