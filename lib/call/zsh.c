/* zsh.c - the completion script for zsh, on top of its _arguments. */
#include <string.h>

#include "completion.h"

static const char head[] =
    "#compdef PROG\n"
    "# zsh completion for PROG: source <(PROG completion zsh)\n"
    "_PROG_tasks()\n"
    "{\n"
    "\tlocal -a tasks\n"
    "\ttasks=(${(f)\"$(PROG -q list 2>/dev/null)\"})\n"
    "\tcompadd -a tasks\n"
    "}\n"
    "\n";

/* Found in $fpath the script is run as the function itself; sourced, it must
 * tell the shell what it is for. */
static const char tail[] = "\tesac\n"
			   "}\n"
			   "\n"
			   "if [[ $funcstack[1] == _PROG ]]; then\n"
			   "\t_PROG \"$@\"\n"
			   "else\n"
			   "\tcompdef _PROG PROG\n"
			   "fi\n";

/* Text within '…': what _arguments reads as its own punctuation is escaped. */
static void
write_text(FILE *to, const char *text)
{
	tctl_complete_escape(to, text, "\\:[]", '\'', "'\\''");
}

/* "name:action": what is completed there. */
static void
write_action(
    FILE *to, const struct tctl_program *program, const struct tctl_param *row)
{
	write_text(to,
	    row->kind == TCTL_KIND_CHOICE ? "choice" : tctl_param_metavar(row));
	putc(':', to);
	if (row->flags & TCTL_PARAM_REST) {
		fputs("_normal", to);
		return;
	}
	switch (row->kind) {
	case TCTL_KIND_TASK:
		fprintf(to, "_%s_tasks", program->name);
		break;
	case TCTL_KIND_COMMAND:
		fprintf(to, "_%s_commands", program->name);
		break;
	case TCTL_KIND_FILE:
		fputs("_files", to);
		break;
	case TCTL_KIND_CHOICE:
		putc('(', to);
		tctl_complete_choices(to, row->choices, "", " ");
		putc(')', to);
		break;
	default:
		putc(' ', to);
	}
}

/* '--ttl=[help]:D: ': one spelling of an option. */
static void
write_spelling(FILE *to, const struct tctl_program *program,
    const struct tctl_param *row, const char *before, const char *name,
    const char *after)
{
	fprintf(to, "\t\t'%s%s%s[", before, name,
	    tctl_param_has_value(row) ? after : "");
	write_text(to, row->help != NULL ? row->help : "");
	putc(']', to);
	if (tctl_param_has_value(row)) {
		putc(':', to);
		write_action(to, program, row);
	}
	fputs("' \\\n", to);
}

static void
write_operand(
    FILE *to, const struct tctl_program *program, const struct tctl_param *row)
{
	fputs("\t\t'", to);
	if (row->flags & TCTL_PARAM_REST)
		fputs("*::", to);
	else if (row->flags & TCTL_PARAM_MANY)
		fputs("*:", to);
	else
		fputs(row->flags & TCTL_PARAM_REQUIRED ? ":" : "::", to);
	write_action(to, program, row);
	fputs("' \\\n", to);
}

static void
write_rows(
    FILE *to, const struct tctl_program *program, const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++) {
		const char letter[2] = { row->letter, '\0' };

		if (!tctl_param_is_option(row)) {
			write_operand(to, program, row);
			continue;
		}
		if (row->letter != '\0')
			write_spelling(to, program, row, "-", letter, "+");
		if (row->name != NULL)
			write_spelling(to, program, row, "--", row->name, "=");
	}
}

static void
write_commands(FILE *to, const struct tctl_program *program)
{
	fprintf(to, "_%s_commands()\n{\n\tlocal -a commands\n\tcommands=(\n",
	    program->name);
	for (size_t i = 0; program->command[i] != NULL; i++) {
		const struct tctl_command *command = program->command[i];
		if (command->hidden)
			continue;
		fprintf(to, "\t\t'%s:", command->name);
		tctl_complete_escape(
		    to, command->summary, "\\:", '\'', "'\\''");
		fputs("'\n", to);
	}
	fputs("\t)\n\t_describe command commands\n}\n\n", to);
}

void
tctl_complete_zsh(FILE *to, const struct tctl_program *program)
{
	const struct tctl_param *global = tctl_program_rows(program);

	tctl_complete_script(to, program, head);
	write_commands(to, program);
	tctl_complete_script(to, program,
	    "_PROG()\n{\n\tlocal curcontext=$curcontext state line\n"
	    "\ttypeset -A opt_args\n\n\t_arguments -C -s \\\n");
	write_rows(to, program, global);
	write_rows(to, program, tctl_call_builtin);
	fprintf(to,
	    "\t\t'1:command:_%s_commands' \\\n\t\t'*::argument:->argument'\n"
	    "\t[[ $state == argument ]] || return\n\tcase $line[1] in\n",
	    program->name);
	for (size_t i = 0; program->command[i] != NULL; i++) {
		const struct tctl_command *command = program->command[i];
		if (command->hidden)
			continue;
		fprintf(to, "\t%s)\n\t\t_arguments -s \\\n", command->name);
		write_rows(to, program, tctl_command_rows(command));
		write_rows(to, program, global);
		write_rows(to, program, tctl_call_builtin);
		fputs("\t\t;;\n", to);
	}
	tctl_complete_script(to, program, tail);
}
