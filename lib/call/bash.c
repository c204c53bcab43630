/* bash.c - the completion script for bash. */
#include <string.h>

#include "completion.h"

/*
 * Candidates are compared here, one a line: the
 * shell's own "compgen -W" would expand them, and run what is in them.
 */
static const char head[] =
    "# bash completion for PROG: source <(PROG completion bash)\n"
    "_PROG_match()\n"
    "{\n"
    "\tlocal word\n"
    "\twhile IFS= read -r word; do\n"
    "\t\t[[ -n $word && $word == \"$1\"* ]] &&\n"
    "\t\t\tCOMPREPLY+=(\"$(printf %q \"$word\")\")\n"
    "\tdone\n"
    "}\n"
    "\n"
    "_PROG_tasks()\n"
    "{\n"
    "\tPROG -q list 2>/dev/null\n"
    "}\n"
    "\n";

/* Up to the list of options that take the word after them. */
static const char find_command[] =
    "_PROG()\n"
    "{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} command= i\n"
    "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "\n"
    "\tCOMPREPLY=()\n"
    "\tif [[ $cur == = ]]; then\n"
    "\t\tcur=\n"
    "\telif [[ $prev == = ]]; then\n"
    "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "\tfi\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n"
    "\t\t''";

/* Up to the case of what is being completed; "--color=al" is three words to
 * bash. */
static const char find_place[] =
    ")\n"
    "\t\t\t[[ ${COMP_WORDS[i+1]} == = ]] && ((i++))\n"
    "\t\t\t((i++)) ;;\n"
    "\t\t-*) ;;\n"
    "\t\t*)\n"
    "\t\t\tcommand=${COMP_WORDS[i]}\n"
    "\t\t\tbreak ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "\tfor ((; i < COMP_CWORD; i++)); do\n"
    "\t\t[[ ${COMP_WORDS[i]} == -- ]] && command=--\n"
    "\tdone\n"
    "\n"
    "\tcase $command:$prev in\n";

static const char tail[] = "\tesac\n"
			   "}\n"
			   "complete -F _PROG PROG\n";

/* "claim:--message | claim:-m": the option behind which a value stands. */
static void
write_pattern(FILE *to, const char *command, const struct tctl_param *row)
{
	if (row->name != NULL)
		fprintf(to, "%s:--%s", command, row->name);
	if (row->name != NULL && row->letter != '\0')
		fputs(" | ", to);
	if (row->letter != '\0')
		fprintf(to, "%s:-%c", command, row->letter);
}

/* Print what can stand there, as a command of the script. */
static void
write_candidates(
    FILE *to, const struct tctl_program *program, const struct tctl_param *row)
{
	switch (row->kind) {
	case TCTL_KIND_TASK:
		tctl_complete_script(
		    to, program, "_PROG_match \"$cur\" < <(_PROG_tasks)");
		break;
	case TCTL_KIND_COMMAND:
		tctl_complete_script(
		    to, program, "_PROG_match \"$cur\" < <(_PROG_commands)");
		break;
	case TCTL_KIND_FILE:
		fputs("compopt -o filenames\n\t\t"
		      "mapfile -t -O ${#COMPREPLY[@]} COMPREPLY "
		      "< <(compgen -f -- \"$cur\")",
		    to);
		break;
	case TCTL_KIND_CHOICE:
		fprintf(to, "_%s_match \"$cur\" <<<$'", program->name);
		tctl_complete_choices(to, row->choices, "", "\\n");
		putc('\'', to);
		break;
	default:
		putc(':', to); /* nothing can be listed */
	}
}

static void
write_values(FILE *to, const struct tctl_program *program, const char *command,
    const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++) {
		if (!tctl_param_is_option(row) || !tctl_param_has_value(row))
			continue;
		fputs("\t", to);
		write_pattern(to, command, row);
		fputs(")\n\t\t", to);
		write_candidates(to, program, row);
		fputs(" ;;\n", to);
	}
}

static void
write_names(FILE *to, const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++)
		if (tctl_param_is_option(row) && row->name != NULL)
			fprintf(to, "--%s\\n", row->name);
}

/* Two operands that are tasks are completed alike: by the first one's line. */
static bool
is_new_kind(const struct tctl_param *row, const struct tctl_param *at)
{
	for (; row != at; row++)
		if (!tctl_param_is_option(row) && row->kind == at->kind)
			return false;
	return true;
}

/* A command's two cases: a word that begins with a dash, and one that does
 * not. */
static void
write_command(FILE *to, const struct tctl_program *program, const char *name,
    const struct tctl_param *row)
{
	fprintf(to, "\t%s:*)\n\t\tif [[ $cur == -* ]]; then\n", name);
	fprintf(to, "\t\t_%s_match \"$cur\" <<<$'", program->name);
	write_names(to, row);
	write_names(to, tctl_program_rows(program));
	write_names(to, tctl_call_builtin);
	fputs("'\n\t\telse\n\t\t:\n", to);
	for (const struct tctl_param *at = row; at->kind; at++)
		if (!tctl_param_is_option(at) && is_new_kind(row, at)) {
			fputs("\t\t", to);
			write_candidates(to, program, at);
			putc('\n', to);
		}
	fputs("\t\tfi ;;\n", to);
}

/* The options that take the word after them, as the rest of a pattern. */
static void
write_skipped(FILE *to, const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++) {
		if (!tctl_param_is_option(row) || !tctl_param_has_value(row))
			continue;
		if (row->name != NULL)
			fprintf(to, " | --%s", row->name);
		if (row->letter != '\0')
			fprintf(to, " | -%c", row->letter);
	}
}

void
tctl_complete_bash(FILE *to, const struct tctl_program *program)
{
	/* What stands where no command is named yet. */
	static const struct tctl_param command_name[] = {
		{ .name = "COMMAND",
		    .kind = TCTL_KIND_COMMAND,
		    .flags = TCTL_PARAM_OPERAND },
		{ .kind = TCTL_KIND_END },
	};
	const struct tctl_param *global = tctl_program_rows(program);
	const struct tctl_command *const *c;

	tctl_complete_script(to, program, head);
	fprintf(to, "_%s_commands()\n{\n\tprintf '%%s\\n'", program->name);
	for (c = program->command; *c != NULL; c++)
		if (!(*c)->hidden)
			fprintf(to, " \\\n\t\t%s", (*c)->name);
	fputs("\n}\n\n", to);

	tctl_complete_script(to, program, find_command);
	write_skipped(to, global);
	tctl_complete_script(to, program, find_place);
	fputs("\t--:*)\n\t\tmapfile -t COMPREPLY "
	      "< <(compgen -c -- \"$cur\") ;;\n",
	    to);
	for (c = program->command; *c != NULL; c++)
		write_values(to, program, (*c)->name, tctl_command_rows(*c));
	write_values(to, program, "*", global);
	for (c = program->command; *c != NULL; c++)
		if (!(*c)->hidden)
			write_command(
			    to, program, (*c)->name, tctl_command_rows(*c));
	write_command(to, program, "''", command_name);
	tctl_complete_script(to, program, tail);
}
