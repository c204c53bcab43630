/* completion.c - what the shells' completion scripts share. */
#include <string.h>

#include "completion.h"

void
tctl_complete_script(
    FILE *to, const struct tctl_program *program, const char *text)
{
	static const char word[] = "PROG";
	const char *found;

	while ((found = strstr(text, word)) != NULL) {
		fprintf(to, "%.*s%s", (int)(found - text), text, program->name);
		text = found + strlen(word);
	}
	fputs(text, to);
}

void
tctl_complete_escape(FILE *to, const char *text, const char *special,
    char quote, const char *instead)
{
	for (; *text != '\0'; text++)
		if (*text == quote)
			fputs(instead, to);
		else
			fprintf(to, "%s%c", strchr(special, *text) ? "\\" : "",
			    *text);
}

void
tctl_complete_choices(
    FILE *to, const char *choices, const char *before, const char *after)
{
	const char *choice;
	size_t length;

	while ((length = tctl_next_choice(&choices, &choice)) > 0)
		fprintf(to, "%s%.*s%s", before, (int)length, choice, after);
}

bool
tctl_completion(FILE *to, const struct tctl_program *program, const char *shell)
{
	static const struct {
		const char *shell;
		void (*write)(FILE *to, const struct tctl_program *program);
	} row[] = {
		{ "bash", tctl_complete_bash },
		{ "zsh", tctl_complete_zsh },
		{ "fish", tctl_complete_fish },
	};

	for (size_t i = 0; i < TCTL_COUNT(row); i++)
		if (strcmp(shell, row[i].shell) == 0) {
			row[i].write(to, program);
			return true;
		}
	return false;
}
