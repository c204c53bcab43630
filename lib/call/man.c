/* man.c - the manual in mdoc(7), printed from the rows. */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "row.h"

/* The day on which the manual's fixed words were last changed: a page built
 * twice from one source must be the same page. */
static const char man_date[] = "November 21, 2026";

/* --- words ---------------------------------------------------------------- */

/* What mdoc would read as something else, or print as a curly quote. */
static const char *const escaped[UCHAR_MAX + 1] = {
	['\\'] = "\\e",
	['~'] = "\\(ti",
	['^'] = "\\(ha",
	['`'] = "\\(ga",
	['\''] = "\\(aq",
	['"'] = "\\(dq",
};

static void
write_char(FILE *to, char c)
{
	const char *escape = escaped[(unsigned char)c];

	if (escape != NULL)
		fputs(escape, to);
	else
		putc(c, to);
}

/* One argument of a macro: \& keeps it from being read as a macro or as
 * punctuation, and quotes keep its blanks. */
static void
write_arg(FILE *to, const char *word)
{
	bool quoted = *word == '\0' || strpbrk(word, " \t") != NULL;
	size_t length = strlen(word);

	fputs(quoted ? " \"" : " ", to);
	if (length < 4 || ispunct((unsigned char)*word))
		fputs("\\&", to);
	for (; *word != '\0'; word++)
		write_char(to, *word);
	if (quoted)
		putc('"', to);
}

/* A line that begins with a full stop would be a macro. */
static void
write_verbatim(FILE *to, const char *text, size_t length)
{
	if (length > 0 && *text == '.')
		fputs("\\&", to);
	for (size_t i = 0; i < length; i++)
		write_char(to, text[i]);
	putc('\n', to);
}

/* Running text: folded at blanks, as mdoc(7) wants its lines. */
static void
write_line(FILE *to, const char *text, size_t length)
{
	enum { WIDTH = 72 };

	while (length > WIDTH) {
		size_t cut = WIDTH;

		while (cut > 0 && text[cut] != ' ')
			cut--;
		if (cut == 0)
			break;
		write_verbatim(to, text, cut);
		text += cut + 1;
		length -= cut + 1;
	}
	write_verbatim(to, text, length);
}

/* Does a sentence, or a line, end before text[i]?  A closing quote or bracket
 * still belongs to it. */
static bool
ends_sentence(const char *text, size_t i)
{
	if (text[i] != ' ')
		return text[i] == '\n';
	while (i > 0 && strchr(")\"", text[i - 1]) != NULL)
		i--;
	return i > 0 && strchr(".!?", text[i - 1]) != NULL;
}

/* mdoc wants each sentence on a line of its own. */
static void
write_sentences(FILE *to, const char *text, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++)
		if (ends_sentence(text, i)) {
			write_line(to, text + start, i - start);
			i += strspn(text + i, " \n");
			start = i;
		}
	if (start < length)
		write_line(to, text + start, length - start);
}

static void
write_listing(FILE *to, const char *text, size_t length)
{
	const char *end = text + length;

	fputs(".Bd -literal -offset indent\n", to);
	while (text < end) {
		size_t n = strcspn(text, "\n");

		if (n > (size_t)(end - text))
			n = (size_t)(end - text);
		write_verbatim(to, text, n);
		text += n + 1;
	}
	fputs(".Ed\n", to);
}

/* Paragraphs; one that begins with a blank is a listing. */
static void
write_paragraphs(FILE *to, const char *text, bool pp_first)
{
	while (*text != '\0') {
		const char *end = strstr(text, "\n\n");
		size_t length =
		    end != NULL ? (size_t)(end - text) : strlen(text);

		if (*text == ' ') {
			write_listing(to, text, length);
		} else {
			if (pp_first)
				fputs(".Pp\n", to);
			write_sentences(to, text, length);
		}
		pp_first = true;
		text += length;
		text += strspn(text, "\n");
	}
}

/* --- rows ----------------------------------------------------------------- */

/* " Fl m Ns , Fl -message Ar TEXT": the option as macros' arguments. */
static void
write_option(FILE *to, const struct tctl_param *row)
{
	if (row->letter != '\0')
		fprintf(to, " Fl %c", row->letter);
	if (row->letter != '\0' && row->name != NULL)
		fputs(" ,", to);
	if (row->name != NULL)
		fprintf(to, " Fl -%s", row->name);
	if (tctl_param_has_value(row)) {
		fputs(" Ar", to);
		write_arg(to, tctl_param_metavar(row));
	}
}

static void
write_operand(FILE *to, const struct tctl_param *row)
{
	const unsigned many = TCTL_PARAM_MANY | TCTL_PARAM_REST;

	fputs(row->flags & TCTL_PARAM_REQUIRED ? "." : ".Op ", to);
	if (row->flags & TCTL_PARAM_REST)
		fputs("Fl - Ar", to);
	else
		fputs("Ar", to);
	write_arg(to, tctl_param_metavar(row));
	fputs(row->flags & many ? " ...\n" : "\n", to);
}

static void
write_operands(FILE *to, const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++)
		if (!tctl_param_is_option(row))
			write_operand(to, row);
}

/* What each row means, as a list; nothing for a table without meanings. */
static void
write_rows(FILE *to, const struct tctl_param *row, bool *listed)
{
	for (; row->kind != TCTL_KIND_END; row++) {
		if (row->help == NULL)
			continue;
		if (!*listed)
			fputs(".Bl -tag -width Ds\n", to);
		*listed = true;
		if (tctl_param_is_option(row)) {
			fputs(".It", to);
			write_option(to, row);
		} else {
			fputs(".It Ar", to);
			write_arg(to, tctl_param_metavar(row));
		}
		putc('\n', to);
		write_line(to, row->help, strlen(row->help));
		if (tctl_param_hidden_choices(row) != NULL) {
			fputs(".Pq", to);
			write_arg(to, row->choices);
			putc('\n', to);
		}
		if (row->fallback != NULL) {
			fputs(".Pq default :", to);
			write_arg(to, row->fallback);
			putc('\n', to);
		}
	}
}

/* --- commands ------------------------------------------------------------- */

static void
write_synopsis(FILE *to, const struct tctl_command *command)
{
	const struct tctl_param *row = tctl_command_rows(command);

	for (; row->kind != TCTL_KIND_END; row++)
		if (tctl_param_is_option(row) && row->help != NULL) {
			fputs(".Op", to);
			write_option(to, row);
			putc('\n', to);
		}
	write_operands(to, tctl_command_rows(command));
}

/* Summary as a sentence: a capital and a full stop. */
static void
write_summary(FILE *to, const char *summary)
{
	putc(toupper((unsigned char)*summary), to);
	for (summary++; *summary != '\0'; summary++)
		write_char(to, *summary);
	fputs(".\n", to);
}

static void
write_list(FILE *to, const struct tctl_command *command)
{
	const char *name, *meaning;

	fprintf(to, ".Pp\nThe %s:\n.Bl -tag -width Ds\n", command->listed);
	for (size_t i = 0; command->list(i, &name, &meaning); i++) {
		fputs(".It Cm", to);
		write_arg(to, name);
		putc('\n', to);
		write_line(to, meaning, strlen(meaning));
	}
	fputs(".El\n", to);
}

static void
write_body(FILE *to, const struct tctl_command *command)
{
	bool listed = false;

	write_summary(to, command->summary);
	if (command->about != NULL)
		write_paragraphs(to, command->about, true);
	write_rows(to, tctl_command_rows(command), &listed);
	if (listed)
		fputs(".El\n", to);
	if (command->list != NULL)
		write_list(to, command);
}

static void
write_command(FILE *to, const struct tctl_command *command)
{
	fprintf(to, ".It Xo\n.Cm %s\n", command->name);
	write_synopsis(to, command);
	fputs(".Xc\n", to);
	write_body(to, command);
	if (command->example != NULL)
		write_listing(to, command->example, strlen(command->example));
}

static void
write_group(FILE *to, const struct tctl_program *program, size_t first)
{
	fputs(".Ss", to);
	write_arg(to, program->command[first]->group);
	fputs("\n.Bl -tag -width Ds\n", to);
	for (size_t i = first; program->command[i] != NULL; i++)
		if (tctl_group_has(program, first, i))
			write_command(to, program->command[i]);
	fputs(".El\n", to);
}

/* --- pages ---------------------------------------------------------------- */

/* Name, title and section; suffix is "-claim" or "". */
static void
write_head(FILE *to, const struct tctl_program *program, const char *suffix,
    const char *summary, const char *version)
{
	fprintf(
	    to, ".\\\" %s %s\n.Dd %s\n.Dt ", program->name, version, man_date);
	for (const char *p = program->name; *p != '\0'; p++)
		putc(toupper((unsigned char)*p), to);
	for (const char *p = suffix; *p != '\0'; p++)
		putc(toupper((unsigned char)*p), to);
	fprintf(to, " 1\n.Os\n");
	fprintf(to, ".Sh NAME\n.Nm %s%s\n.Nd ", program->name, suffix);
	write_line(to, summary, strlen(summary));
}

static void
write_pairs(FILE *to, const char *heading, const char *macro,
    const char *const (*pair)[2])
{
	if (pair == NULL || (*pair)[0] == NULL)
		return;
	fprintf(to, ".Sh %s\n.Bl -tag -width Ds\n", heading);
	for (; (*pair)[0] != NULL; pair++) {
		fprintf(to, ".It %s", macro);
		write_arg(to, (*pair)[0]);
		putc('\n', to);
		write_sentences(to, (*pair)[1], strlen((*pair)[1]));
	}
	fputs(".El\n", to);
}

static void
write_exit_status(FILE *to)
{
	fputs(".Sh EXIT STATUS\n"
	      "The word is\n.Va error.code\nof\n.Fl -json .\n"
	      ".Bl -tag -width Ds\n",
	    to);
	for (int i = 0; i < TCTL_STATUS_COUNT; i++) {
		enum tctl_status status = (enum tctl_status)i;
		const char *meaning = tctl_status_meaning(status);

		fprintf(to, ".It %d Pq Va %s\n", tctl_status_exit(status),
		    tctl_status_word(status));
		write_line(to, meaning, strlen(meaning));
	}
	fputs(".El\n", to);
}

static void
write_program(FILE *to, const struct tctl_program *program)
{
	bool listed = false;

	fputs(".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Ar command\n"
	      ".Op Ar arguments\n.Sh DESCRIPTION\n",
	    to);
	if (program->about != NULL)
		write_paragraphs(to, program->about, false);
	else
		write_summary(to, program->summary);
	fputs(".Ss Options of every command\n", to);
	write_rows(to, tctl_program_rows(program), &listed);
	write_rows(to, tctl_call_builtin, &listed);
	fputs(".El\n.Sh COMMANDS\n", to);
	for (size_t i = 0; program->command[i] != NULL; i++)
		if (tctl_group_starts(program, i))
			write_group(to, program, i);
	write_pairs(to, "ENVIRONMENT", "Ev", program->environment);
	write_pairs(to, "FILES", "Pa", program->files);
	write_exit_status(to);
}

void
tctl_man(FILE *to, const struct tctl_program *program,
    const struct tctl_command *command, const char *version)
{
	char suffix[64];

	if (command == NULL) {
		write_head(to, program, "", program->summary, version);
		write_program(to, program);
		return;
	}
	snprintf(suffix, sizeof(suffix), "-%s", command->name);
	write_head(to, program, suffix, command->summary, version);
	fprintf(to, ".Sh SYNOPSIS\n.Nm %s %s\n", program->name, command->name);
	write_synopsis(to, command);
	fputs(".Sh DESCRIPTION\n", to);
	write_body(to, command);
	fprintf(to, ".Sh EXIT STATUS\nSee\n.Xr %s 1 .\n", program->name);
	if (command->example != NULL) {
		fputs(".Sh EXAMPLES\n", to);
		write_listing(to, command->example, strlen(command->example));
	}
	fprintf(to, ".Sh SEE ALSO\n.Xr %s 1\n", program->name);
}
