/* value.c - a word of the command line, checked and put where its row says. */
#include <bsd/stdlib.h>
#include <ctype.h>
#include <string.h>

#include "row.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

static enum tctl_status
read_number(
    const char *label, const char *text, int64_t *out, struct tctl_error *err)
{
	const char *why;
	long long number = strtonum(text, 0, INT64_MAX, &why);

	if (why != NULL || !isdigit((unsigned char)*text))
		return tctl_fail(err, TCTL_EUSAGE,
		    "%s: \"%s\" is not a whole number", label, text);
	*out = number;
	return TCTL_OK;
}

static enum tctl_status
read_duration(
    const char *label, const char *text, int64_t *out, struct tctl_error *err)
{
	struct tctl_duration duration;

	if (strcmp(text, "0") == 0) {
		*out = 0;
		return TCTL_OK;
	}
	if (!tctl_duration_read(text, 24, &duration) || duration.is_range ||
	    text[duration.length] != '\0') {
		tctl_fail(err, TCTL_EUSAGE, "%s: \"%s\" is not a duration",
		    label, text);
		return tctl_hint(err, "write it like 45s, 30m, 2h30 or 1d");
	}
	*out = duration.seconds * 1000;
	return TCTL_OK;
}

static enum tctl_status
read_choice(const struct tctl_param *param, const char *label, const char *text,
    struct tctl_error *err)
{
	const char *choices = param->choices, *choice;
	size_t length;

	while ((length = tctl_next_choice(&choices, &choice)) > 0)
		if (strlen(text) == length && memcmp(text, choice, length) == 0)
			return TCTL_OK;
	return tctl_fail(err, TCTL_EUSAGE, "%s: \"%s\" is not one of %s", label,
	    text, param->choices);
}

enum tctl_status
tctl_call_check_command(const struct tctl_program *program, const char *text,
    struct tctl_error *err)
{
	const struct tctl_command *nearest;

	if (tctl_command_find(program, text) != NULL)
		return TCTL_OK;
	tctl_fail(err, TCTL_EUSAGE, "there is no command \"%s\"", text);
	nearest = tctl_command_nearest(program, text);
	if (nearest != NULL)
		return tctl_hint(err, "did you mean %s?", nearest->name);
	return tctl_hint(err, "%s --help lists the commands", program->name);
}

/* What must hold of a text before it may go into a store or an answer.  An
 * empty name is what a script's unset variable leaves behind. */
static enum tctl_status
check_text(const struct tctl_param *param, const char *label, const char *text,
    struct tctl_error *err)
{
	if (param->kind != TCTL_KIND_TEXT && *text == '\0')
		return tctl_fail(err, TCTL_EUSAGE, "%s is empty", label);
	if (param->kind != TCTL_KIND_FILE &&
	    !tctl_text_is_utf8(text, strlen(text), NULL))
		return tctl_fail(
		    err, TCTL_EUSAGE, "%s: \"%s\" is not UTF-8", label, text);
	return TCTL_OK;
}

enum tctl_status
tctl_call_set(const struct tctl_program *program, struct tctl_arena *arena,
    const struct tctl_param *param, void *into, const char *text,
    struct tctl_error *err)
{
	void *place = (char *)into + param->offset;
	char label[TCTL_PARAM_LABEL];
	enum tctl_status status;

	if (param->kind == TCTL_KIND_FLAG) {
		*(bool *)place = true;
		return TCTL_OK;
	}
	tctl_param_label(param, label);
	status = check_text(param, label, text, err);
	if (status != TCTL_OK)
		return status;
	if (param->kind == TCTL_KIND_NUMBER)
		return read_number(label, text, place, err);
	if (param->kind == TCTL_KIND_DURATION)
		return read_duration(label, text, place, err);
	if (param->kind == TCTL_KIND_CHOICE)
		status = read_choice(param, label, text, err);
	if (param->kind == TCTL_KIND_COMMAND)
		status = tctl_call_check_command(program, text, err);
	if (status != TCTL_OK)
		return status;
	if (param->flags & TCTL_PARAM_MANY)
		tctl_strings_add(arena, place, text);
	else
		*(const char **)place = text;
	return TCTL_OK;
}
