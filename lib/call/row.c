/* row.c - commands and parameters, looked at and looked up. */
#include <limits.h>
#include <string.h>

#include "row.h"
#include "taskctl/text.h"

const struct tctl_param tctl_call_builtin[] = {
	{ .name = "help",
	    .letter = 'h',
	    .kind = TCTL_KIND_FLAG,
	    .offset = offsetof(struct tctl_call, help),
	    .help = "explain the program, or the command that is named" },
	{ .name = "version",
	    .kind = TCTL_KIND_FLAG,
	    .offset = offsetof(struct tctl_call, version),
	    .help = "print the version" },
	{ .kind = TCTL_KIND_END },
};

const struct tctl_param tctl_call_nothing[] = { { .kind = TCTL_KIND_END } };

const struct tctl_param *
tctl_command_rows(const struct tctl_command *command)
{
	if (command == NULL || command->param == NULL)
		return tctl_call_nothing;
	return command->param;
}

const struct tctl_param *
tctl_program_rows(const struct tctl_program *program)
{
	return program->global != NULL ? program->global : tctl_call_nothing;
}

bool
tctl_param_is_option(const struct tctl_param *param)
{
	return (param->flags & TCTL_PARAM_OPERAND) == 0;
}

bool
tctl_param_has_value(const struct tctl_param *param)
{
	return param->kind != TCTL_KIND_FLAG;
}

bool
tctl_rows_have_options(const struct tctl_param *row)
{
	for (; row->kind != TCTL_KIND_END; row++)
		if (tctl_param_is_option(row))
			return true;
	return false;
}

const char *
tctl_param_metavar(const struct tctl_param *param)
{
	static const char *const by_kind[] = {
		[TCTL_KIND_TEXT] = "TEXT",
		[TCTL_KIND_TASK] = "TASK",
		[TCTL_KIND_FILE] = "FILE",
		[TCTL_KIND_COMMAND] = "COMMAND",
		[TCTL_KIND_NUMBER] = "N",
		[TCTL_KIND_DURATION] = "D",
	};

	if (param->metavar != NULL)
		return param->metavar;
	if (param->kind == TCTL_KIND_CHOICE)
		return param->choices;
	if (!tctl_param_is_option(param))
		return param->name;
	return by_kind[param->kind];
}

const char *
tctl_param_hidden_choices(const struct tctl_param *param)
{
	return param->metavar != NULL ? param->choices : NULL;
}

char *
tctl_param_label(const struct tctl_param *param, char buf[TCTL_PARAM_LABEL])
{
	if (!tctl_param_is_option(param))
		snprintf(
		    buf, TCTL_PARAM_LABEL, "%s", tctl_param_metavar(param));
	else if (param->name != NULL)
		snprintf(buf, TCTL_PARAM_LABEL, "--%s", param->name);
	else
		snprintf(buf, TCTL_PARAM_LABEL, "-%c", param->letter);
	return buf;
}

void
tctl_param_usage(FILE *to, const struct tctl_param *param)
{
	const unsigned many = TCTL_PARAM_MANY | TCTL_PARAM_REST;
	bool required = param->flags & TCTL_PARAM_REQUIRED;

	fprintf(to, "%s%s%s%s%s", required ? "" : "[",
	    param->flags & TCTL_PARAM_REST ? "-- " : "",
	    tctl_param_metavar(param), param->flags & many ? "..." : "",
	    required ? "" : "]");
}

bool
tctl_group_has(const struct tctl_program *program, size_t first, size_t i)
{
	const struct tctl_command *a = program->command[first];
	const struct tctl_command *b = program->command[i];

	return !a->hidden && !b->hidden && strcmp(a->group, b->group) == 0;
}

bool
tctl_group_starts(const struct tctl_program *program, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (tctl_group_has(program, before, i))
			return false;
	return !program->command[i]->hidden;
}

/* A third of the word may be wrong; half a word already typed is near. */
bool
tctl_is_nearer(const char *word, const char *candidate, int *best)
{
	size_t length = strlen(word);
	int limit = (int)(length < 64 ? length : 64) / 3 + 1;
	int distance;

	if (length == 0 || length > 64)
		return false;
	if (length > 1 && strncmp(word, candidate, length) == 0)
		distance = 1;
	else
		distance = tctl_text_distance(word, candidate);
	if (distance > limit || distance >= (int)length || distance >= *best)
		return false;
	*best = distance;
	return true;
}

size_t
tctl_next_choice(const char **choices, const char **at)
{
	size_t length = strcspn(*choices, "|");

	*at = *choices;
	*choices += length + ((*choices)[length] == '|');
	return length;
}

const struct tctl_command *
tctl_command_find(const struct tctl_program *program, const char *name)
{
	for (size_t i = 0; program->command[i] != NULL; i++)
		if (strcmp(program->command[i]->name, name) == 0)
			return program->command[i];
	return NULL;
}

const struct tctl_command *
tctl_command_nearest(const struct tctl_program *program, const char *name)
{
	const struct tctl_command *nearest = NULL;
	int best = INT_MAX;

	for (size_t i = 0; program->command[i] != NULL; i++) {
		const struct tctl_command *command = program->command[i];
		if (!command->hidden &&
		    tctl_is_nearer(name, command->name, &best))
			nearest = command;
	}
	return nearest;
}
