/* floor: call - the scripts that complete a command line, one a shell.
 *
 * Ids come from plans, so no script may ever let its shell expand them. */
#ifndef TASKCTL_CALL_COMPLETION_H
#define TASKCTL_CALL_COMPLETION_H

#include "row.h"

void tctl_complete_bash(FILE *to, const struct tctl_program *program);
void tctl_complete_zsh(FILE *to, const struct tctl_program *program);
void tctl_complete_fish(FILE *to, const struct tctl_program *program);

/* Write a script's text, with the program's name for each PROG in it. */
void tctl_complete_script(
    FILE *to, const struct tctl_program *program, const char *text);

/* Write text with each character of special preceded by a backslash, and
 * quote, which ends a string, written as instead. */
void tctl_complete_escape(FILE *to, const char *text, const char *special,
    char quote, const char *instead);

/* Write the choices of "a|b|c", each between before and after. */
void tctl_complete_choices(
    FILE *to, const char *choices, const char *before, const char *after);

#endif
