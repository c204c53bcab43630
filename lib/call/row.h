/* floor: call - what parser, help, man page and completion ask of a row. */
#ifndef TASKCTL_CALL_ROW_H
#define TASKCTL_CALL_ROW_H

#include "taskctl/call.h"

/* --help and --version, which every program has.  Offsets are into struct
 * tctl_call, so the parser fills them like any other option. */
extern const struct tctl_param tctl_call_builtin[];

/* A table without rows, for what has none. */
extern const struct tctl_param tctl_call_nothing[];

/* The rows of a command's or the program's table; never NULL. */
const struct tctl_param *tctl_command_rows(const struct tctl_command *command);
const struct tctl_param *tctl_program_rows(const struct tctl_program *program);

bool tctl_param_is_option(const struct tctl_param *param);
bool tctl_param_has_value(const struct tctl_param *param);

/* Has the table options (not only operands)? */
bool tctl_rows_have_options(const struct tctl_param *row);

/* What stands for its value: metavar, choices, or a word by kind. */
const char *tctl_param_metavar(const struct tctl_param *param);

/* The choices, where another word stands for them; else NULL. */
const char *tctl_param_hidden_choices(const struct tctl_param *param);

/* "--ttl", "-C" or "TASK": how a message names it; returns buf. */
enum { TCTL_PARAM_LABEL = 64 };
char *tctl_param_label(
    const struct tctl_param *param, char buf[TCTL_PARAM_LABEL]);

/* Write an operand as usage does: TASK, [TASK], FILE..., -- COMMAND... */
void tctl_param_usage(FILE *to, const struct tctl_param *param);

/* The first i for which group i's commands were not listed before: commands
 * of one heading need not be neighbours in the program's table. */
bool tctl_group_starts(const struct tctl_program *program, size_t i);
bool tctl_group_has(const struct tctl_program *program, size_t first, size_t i);

/* TCTL_EUSAGE, with the nearest command as a hint, if there is none of that
 * name. */
enum tctl_status tctl_call_check_command(const struct tctl_program *program,
    const char *name, struct tctl_error *err);

/* Check text as param's kind demands, and put it at its offset in *into.  The
 * text is kept, not copied; of a flag it is not looked at. */
enum tctl_status tctl_call_set(const struct tctl_program *program,
    struct tctl_arena *arena, const struct tctl_param *param, void *into,
    const char *text, struct tctl_error *err);

/**
 * Is candidate nearer to word than the best so far, and near enough to have
 * been meant?
 *
 * @param best distance of the best so far; start with INT_MAX; updated
 */
bool tctl_is_nearer(const char *word, const char *candidate, int *best);

/* Each choice of "auto|always|never" in turn: its length, 0 at the end.
 * Start with *choices; moved past what was returned by *at. */
size_t tctl_next_choice(const char **choices, const char **at);

#endif
