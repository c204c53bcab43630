/* help.c - what --help says, printed from the rows. */
#include <string.h>

#include "row.h"
#include "taskctl/text.h"

enum {
	PAGE_WIDTH = 79,  /* columns */
	HELP_COLUMN = 26, /* where the meaning of an option begins */
};

/* Print words, broken at blanks, from a column on; further lines begin at
 * indent.  Ends the line.  (Words are the rows' own: none fills the buffer.) */
static void
write_wrapped(FILE *to, const char *text, size_t length, int column, int indent)
{
	const char *end = text + length;
	bool starts_line = true;

	for (text += strspn(text, " \n"); text < end;
	     text += strspn(text, " \n")) {
		size_t bytes = strcspn(text, " \n");
		char word[256];
		int width;

		snprintf(word, sizeof(word), "%.*s", (int)bytes, text);
		width = tctl_text_width(word);
		if (!starts_line && column + 1 + width > PAGE_WIDTH) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
			starts_line = true;
		}
		if (!starts_line)
			column += fprintf(to, " ");
		tctl_text_inert(to, word);
		column += width;
		starts_line = false;
		text += bytes;
	}
	putc('\n', to);
}

/* A paragraph that begins with a blank is a table or a listing: kept as is. */
static void
write_paragraphs(FILE *to, const char *text)
{
	while (*text != '\0') {
		const char *end = strstr(text, "\n\n");
		size_t length =
		    end != NULL ? (size_t)(end - text) : strlen(text);

		putc('\n', to);
		if (*text == ' ')
			fprintf(to, "%.*s\n", (int)length, text);
		else
			write_wrapped(to, text, length, 0, 0);
		text += length;
		text += strspn(text, "\n");
	}
}

/* "  -m, --message TEXT    what to note (default: none)" */
static void
write_row(FILE *to, const struct tctl_param *row)
{
	char spec[256], label[TCTL_PARAM_LABEL], letter[] = "    ";
	const char *value = "", *fallback = row->fallback;
	const char *hidden = tctl_param_hidden_choices(row);
	char meaning[512];
	int column;

	tctl_param_label(row, label);
	if (tctl_param_is_option(row) && tctl_param_has_value(row))
		value = tctl_param_metavar(row);
	if (row->name != NULL && row->letter != '\0')
		letter[0] = '-', letter[1] = row->letter, letter[2] = ',';
	snprintf(spec, sizeof(spec), "  %s%s%s%s",
	    tctl_param_is_option(row) && row->name != NULL ? letter : "", label,
	    *value != '\0' ? " " : "", value);
	snprintf(meaning, sizeof(meaning), "%s%s%s%s%s%s", row->help,
	    hidden != NULL ? ": " : "", hidden != NULL ? hidden : "",
	    fallback != NULL ? " (default: " : "",
	    fallback != NULL ? fallback : "", fallback != NULL ? ")" : "");

	column = fprintf(to, "%-*s", HELP_COLUMN, spec);
	if (column > HELP_COLUMN)
		fprintf(to, "\n%*s", HELP_COLUMN, "");
	write_wrapped(to, meaning, strlen(meaning), HELP_COLUMN, HELP_COLUMN);
}

/* The table's options, or its operands, under a heading if there are any. */
static void
write_rows(
    FILE *to, const char *heading, const struct tctl_param *row, bool options)
{
	bool any = false;

	for (; row->kind != TCTL_KIND_END; row++) {
		if (tctl_param_is_option(row) != options || row->help == NULL)
			continue;
		if (!any && heading != NULL)
			fprintf(to, "\n%s:\n", heading);
		any = true;
		write_row(to, row);
	}
}

static void
write_usage(FILE *to, const struct tctl_program *program,
    const struct tctl_command *command)
{
	const struct tctl_param *row = tctl_command_rows(command);

	fprintf(to, "usage: %s %s%s", program->name, command->name,
	    tctl_rows_have_options(row) ? " [options]" : "");
	for (; row->kind != TCTL_KIND_END; row++)
		if (!tctl_param_is_option(row)) {
			putc(' ', to);
			tctl_param_usage(to, row);
		}
	putc('\n', to);
}

static void
write_list(FILE *to, const struct tctl_command *command)
{
	const char *name, *meaning;

	fprintf(to, "\n%s:\n", command->listed);
	for (size_t i = 0; command->list(i, &name, &meaning); i++) {
		fprintf(to, "  %-*s", HELP_COLUMN - 2, name);
		write_wrapped(
		    to, meaning, strlen(meaning), HELP_COLUMN, HELP_COLUMN);
	}
}

static void
write_example(FILE *to, const char *example)
{
	fputs("\nexample:\n", to);
	while (*example != '\0') {
		size_t length = strcspn(example, "\n");

		fprintf(to, "  %.*s\n", (int)length, example);
		example += length + (example[length] == '\n');
	}
}

void
tctl_help_command(FILE *to, const struct tctl_program *program,
    const struct tctl_command *command)
{
	const struct tctl_param *row = tctl_command_rows(command);

	write_usage(to, program, command);
	fprintf(to, "\n%s %s - %s\n", program->name, command->name,
	    command->summary);
	if (command->about != NULL)
		write_paragraphs(to, command->about);
	write_rows(to, "operands", row, false);
	write_rows(to, "options", row, true);
	if (command->list != NULL)
		write_list(to, command);
	if (command->example != NULL)
		write_example(to, command->example);
	fprintf(to, "\nOptions of every command: %s --help\n", program->name);
}

static void
write_group(FILE *to, const struct tctl_program *program, size_t first)
{
	enum { NAME_COLUMNS = 12 };

	fprintf(to, "\n%s:\n", program->command[first]->group);
	for (size_t i = first; program->command[i] != NULL; i++) {
		const struct tctl_command *command = program->command[i];
		int column;

		if (!tctl_group_has(program, first, i))
			continue;
		column = fprintf(to, "  %-*s ", NAME_COLUMNS, command->name);
		write_wrapped(to, command->summary, strlen(command->summary),
		    column, NAME_COLUMNS + 3);
	}
}

void
tctl_help_program(FILE *to, const struct tctl_program *program)
{
	fprintf(to, "usage: %s [options] COMMAND [arguments]\n\n%s - %s\n",
	    program->name, program->name, program->summary);
	for (size_t i = 0; program->command[i] != NULL; i++)
		if (tctl_group_starts(program, i))
			write_group(to, program, i);
	write_rows(
	    to, "options of every command", tctl_program_rows(program), true);
	write_rows(to, NULL, tctl_call_builtin, true);
	fprintf(to, "\nMore about one: %s COMMAND --help\n", program->name);
}
