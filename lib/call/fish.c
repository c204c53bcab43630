/* fish.c - the completion script for fish. */
#include <string.h>

#include "completion.h"

/* Up to the list of options that take the word after them. */
static const char head[] =
    "# fish completion for PROG: PROG completion fish | source\n"
    "function __PROG_command\n"
    "    set -l skip 0\n"
    "    for word in (commandline -opc)[2..-1]\n"
    "        if test $skip = 1\n"
    "            set skip 0\n"
    "            continue\n"
    "        end\n"
    "        switch $word\n"
    "            case ''";

static const char tail[] =
    "\n"
    "                set skip 1\n"
    "            case '-*'\n"
    "            case '*'\n"
    "                echo $word\n"
    "                return 0\n"
    "        end\n"
    "    end\n"
    "    return 1\n"
    "end\n"
    "\n"
    "function __PROG_is\n"
    "    test \"$argv[1]\" = (__PROG_command; or echo -)\n"
    "end\n"
    "\n"
    "function __PROG_tasks\n"
    "    PROG -q list 2>/dev/null\n"
    "end\n"
    "\n"
    "complete -c PROG -f\n";

static void
write_quoted(FILE *to, const char *text)
{
	putc('\'', to);
	tctl_complete_escape(to, text, "\\", '\'', "\\'");
	putc('\'', to);
}

/* Begin a line about program, for one command (NULL: for all of them). */
static void
write_start(FILE *to, const struct tctl_program *program, const char *command)
{
	fprintf(to, "complete -c %s", program->name);
	if (command != NULL)
		fprintf(to, " -n '__%s_is %s'", program->name, command);
}

/* The commands' names, each with its summary: "name\tsummary" in fish. */
static void
write_commands(FILE *to, const struct tctl_program *program, const char *when)
{
	for (size_t i = 0; program->command[i] != NULL; i++) {
		const struct tctl_command *command = program->command[i];
		if (command->hidden)
			continue;
		fprintf(to, "complete -c %s -n '%s' -a %s -d ", program->name,
		    when, command->name);
		write_quoted(to, command->summary);
		putc('\n', to);
	}
}

/* -a or -F: what stands there; false: nothing can be listed. */
static bool
write_candidates(
    FILE *to, const struct tctl_program *program, const struct tctl_param *row)
{
	switch (row->kind) {
	case TCTL_KIND_TASK:
		fprintf(to, " -a '(__%s_tasks)'", program->name);
		return true;
	case TCTL_KIND_FILE:
		fputs(" -F", to);
		return true;
	case TCTL_KIND_CHOICE:
		fputs(" -a '", to);
		tctl_complete_choices(to, row->choices, "", " ");
		putc('\'', to);
		return true;
	default:
		return false;
	}
}

static void
write_option(FILE *to, const struct tctl_program *program, const char *command,
    const struct tctl_param *row)
{
	write_start(to, program, command);
	if (row->letter != '\0')
		fprintf(to, " -s %c", row->letter);
	if (row->name != NULL)
		fprintf(to, " -l %s", row->name);
	if (tctl_param_has_value(row)) {
		fputs(row->kind == TCTL_KIND_FILE ? " -r" : " -x", to);
		write_candidates(to, program, row);
	}
	if (row->help != NULL) {
		fputs(" -d ", to);
		write_quoted(to, row->help);
	}
	putc('\n', to);
}

static void
write_operand(FILE *to, const struct tctl_program *program, const char *command,
    const struct tctl_param *row)
{
	char when[128];

	if (row->kind == TCTL_KIND_COMMAND) {
		snprintf(
		    when, sizeof(when), "__%s_is %s", program->name, command);
		write_commands(to, program, when);
		return;
	}
	write_start(to, program, command);
	if (row->flags & TCTL_PARAM_REST)
		fputs(" -a '(__fish_complete_subcommand)'", to);
	else if (!write_candidates(to, program, row))
		fputs(" -f", to);
	putc('\n', to);
}

static void
write_rows(FILE *to, const struct tctl_program *program, const char *command,
    const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++)
		if (tctl_param_is_option(row))
			write_option(to, program, command, row);
		else
			write_operand(to, program, command, row);
}

void
tctl_complete_fish(FILE *to, const struct tctl_program *program)
{
	const struct tctl_param *global = tctl_program_rows(program);
	char when[128];

	tctl_complete_script(to, program, head);
	for (const struct tctl_param *row = global; row->kind; row++) {
		if (!tctl_param_is_option(row) || !tctl_param_has_value(row))
			continue;
		if (row->name != NULL)
			fprintf(to, " --%s", row->name);
		if (row->letter != '\0')
			fprintf(to, " -%c", row->letter);
	}
	tctl_complete_script(to, program, tail);
	snprintf(
	    when, sizeof(when), "not __%s_command >/dev/null", program->name);
	write_commands(to, program, when);
	write_rows(to, program, NULL, global);
	write_rows(to, program, NULL, tctl_call_builtin);
	for (size_t i = 0; program->command[i] != NULL; i++)
		if (!program->command[i]->hidden)
			write_rows(to, program, program->command[i]->name,
			    tctl_command_rows(program->command[i]));
}
