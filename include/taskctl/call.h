/* floor: call - a command is one row: everything about it is printed from it.
 *
 * argv fills the request struct that the row describes; usage, man page and
 * shell completion are printed from the same row.  There is no second spelling
 * of any option. */
#ifndef TASKCTL_CALL_H
#define TASKCTL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

#include "taskctl/error.h"
#include "taskctl/model.h"

/* What a parameter's text becomes in the request struct at its offset. */
enum tctl_kind {
	TCTL_KIND_END = 0,
	TCTL_KIND_FLAG,	    /* bool */
	TCTL_KIND_TEXT,	    /* const char * (NULL: not given) */
	TCTL_KIND_TASK,	    /* const char *, a task's id; completed as such */
	TCTL_KIND_FILE,	    /* const char *, a path; completed as such */
	TCTL_KIND_COMMAND,  /* const char *, a command's name */
	TCTL_KIND_NUMBER,   /* int64_t, >= 0 (-1: not given) */
	TCTL_KIND_DURATION, /* int64_t, ms (-1: not given); days of 24 h */
	TCTL_KIND_CHOICE,   /* const char *, one of .choices */
};

enum {
	TCTL_PARAM_OPERAND = 1,	 /* by place, without dashes */
	TCTL_PARAM_REQUIRED = 2, /* an operand that must be there */
	TCTL_PARAM_MANY = 4,	 /* repeated: struct tctl_strings at offset */
	TCTL_PARAM_REST = 8,	 /* operand: all that follows --, untouched */
};

struct tctl_param {
	const char *name; /* "ttl" is --ttl; of an operand, what usage says */
	char letter;	  /* 'm' is -m; 0: none */
	enum tctl_kind kind;
	unsigned flags;
	const char *metavar; /* "D" in --ttl D; NULL: by kind */
	const char *choices; /* "add|rm" */
	const char *help;    /* one line, lower case, no full stop */
	const char
	    *fallback; /* what holds when it is not given, for help only */
	size_t offset; /* in the request struct */
};

/* What the program must have before run is called. */
enum tctl_needs {
	TCTL_NEEDS_NOTHING = 0,
	TCTL_NEEDS_PLACE = 1, /* a .tasks/ and its config */
	TCTL_NEEDS_READ = 3,  /* also the store, to be read */
	TCTL_NEEDS_WRITE = 5, /* also the store, to be changed */
};

struct tctl_ctx; /* the program's: cmd/taskctl/ctx.h */

struct tctl_command {
	const char *name;
	const char *group;   /* heading under which help lists it */
	const char *summary; /* one line, lower case, no full stop */
	const char *about;   /* paragraphs, separated by \n\n; plain text */
	const char *example; /* lines: "$ command" and what it answers */
	const struct tctl_param
	    *param; /* ends with TCTL_KIND_END; NULL: none */
	size_t req_size;
	enum tctl_needs needs;
	/* Fill *out with the answer (owned by the caller); on a refusal *out
	 * may hold details that belong into the error object. */
	enum tctl_status (*run)(struct tctl_ctx *ctx, const void *req,
	    struct json_object **out, struct tctl_error *err);
	/* Print the answer for people. */
	void (*text)(struct tctl_ctx *ctx, FILE *to, struct json_object *out);
	/* Print its ids alone (-q); NULL: those of "tasks", "events", "task" */
	void (*quiet)(FILE *to, struct json_object *out);
	/* What else help and man list, by a word of its own: line i, or false
	 * after the last; NULL: nothing. */
	const char *listed;
	bool (*list)(size_t i, const char **name, const char **meaning);
	bool hidden; /* not listed by help and completion */
	/* run may load a library: md4c for a plan, or those by which the system
	 * knows its users.  A static program cannot. */
	bool loads;
	bool unattended; /* what it says beside its answer is a log */
	/* The program that has run, where this one has not (NULL there):
	 * taskctl-git, unless another is named. */
	const char *helper;
};

/* Does it change the store? */
static inline bool
tctl_command_writes(const struct tctl_command *command)
{
	return (command->needs & TCTL_NEEDS_WRITE) == TCTL_NEEDS_WRITE;
}

/* A program: its name, its global options, its commands. */
struct tctl_program {
	const char *name;
	const char *summary;
	const char *about;
	const struct tctl_param *global;	   /* ends with TCTL_KIND_END */
	const struct tctl_command *const *command; /* ends with NULL */
	/* Tables for the man page: environment and files, each NULL-ended
	 * pairs {name, meaning}. */
	const char *const (*environment)[2];
	const char *const (*files)[2];
};

/* What argv said.  Everything borrowed from argv or owned by arena. */
struct tctl_call {
	struct tctl_arena *arena;
	const struct tctl_command *command; /* NULL: none was named */
	void *req;			    /* req_size bytes, filled */
	bool help;			    /* --help or -h was there */
	bool version;			    /* --version was there */
};

/**
 * Read a command line.
 *
 * Global options may stand anywhere before --; options may be written --ttl 5m,
 * --ttl=5m, -m text, -mtext; a unique prefix of a long option is accepted, and
 * a wrong word is answered with the nearest right one.
 *
 * @param argv   without the program's name; kept
 * @param global the request struct of program->global; filled first, so that
 *               --json is known when the rest is wrong
 * @param out    set on TCTL_OK; also set as far as it got on TCTL_EUSAGE, so
 *               that the command is known to whoever prints the usage
 * @return       TCTL_OK or TCTL_EUSAGE: err names the word
 */
enum tctl_status tctl_call_parse(const struct tctl_program *program, int argc,
    char *const argv[], struct tctl_arena *arena, void *global,
    struct tctl_call *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The row of that name, or NULL. */
const struct tctl_command *tctl_command_find(
    const struct tctl_program *program, const char *name);

/* The command nearest to name for "did you mean", or NULL. */
const struct tctl_command *tctl_command_nearest(
    const struct tctl_program *program, const char *name);

/* "usage: taskctl claim [options] [TASK]" and one line an option. */
void tctl_help_command(FILE *to, const struct tctl_program *program,
    const struct tctl_command *command);

/* The list of commands by group. */
void tctl_help_program(FILE *to, const struct tctl_program *program);

/* The man page in mdoc(7): of the program (command NULL: all commands,
 * environment, files, exit codes), or of one command (taskctl-claim(1)). */
void tctl_man(FILE *to, const struct tctl_program *program,
    const struct tctl_command *command, const char *version);

/* Completion scripts; shell is bash, zsh or fish.  False: another shell.
 * Task ids are completed by asking `taskctl -q list`. */
bool tctl_completion(
    FILE *to, const struct tctl_program *program, const char *shell);

#endif
