/* faults.h - what the parts of the fault tests share. */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* --- trace.c: a command, and what happens at one of its system calls --- */

enum faults_what {
	FAULTS_NOTHING,
	FAULTS_KILL_BEFORE, /* SIGKILL, and the call is not made */
	FAULTS_KILL_AFTER,  /* SIGKILL, once it has been made */
	FAULTS_ERROR,	    /* the call is not made, and fails */
	FAULTS_ERROR_ON,    /* and so does every later one of its class */
	FAULTS_SHORT,	    /* a write takes half of its bytes */
};

struct faults_fault {
	enum faults_what what;
	size_t at;  /* which system call, from 1 */
	int error;  /* errno, for FAULTS_ERROR… */
	bool whole; /* children are followed: the calls of all are counted, and
		       all are killed */
};

/* One system call, as it is entered. */
struct faults_call {
	pid_t pid;
	uint64_t nr;
	uint64_t arg[6];
	int64_t result; /* on the way out only */
};

struct faults_run {
	char *const *argv;
	struct faults_fault fault;
	/* Called on the way out of each call; may be NULL. */
	void (*watch)(void *into, const struct faults_call *call);
	void *into;
};

struct faults_outcome {
	int code;	       /* exit code, or -signal */
	size_t calls;	       /* that were counted */
	bool reached;	       /* the fault was there */
	bool hung;	       /* it had to be ended */
	uint64_t nr;	       /* the call at which it happened */
	uint64_t fd;	       /* and its first argument */
	const char *out, *err; /* what it said; until the next run */
};

/* Run it in the working directory, and wait for all that it has started. */
void faults_run(const struct faults_run *run, struct faults_outcome *out);
/* Is this error one that the call can meet?  For errno itself 0 is none. */
bool faults_can_fail(const struct faults_call *call, size_t which, int *error);
const char *faults_call_name(uint64_t nr);

/* --- tree.c: a folder's files, in memory ---------------------------- */

struct faults_file {
	char *path; /* below the folder */
	mode_t mode;
	char *bytes; /* of a link: where it points to */
	size_t size;
	struct stat as_written;
};

struct faults_tree {
	struct faults_file *file; /* sorted by path */
	size_t count;
};

void faults_tree_read(struct faults_tree *out); /* the working directory */
/* Make it what it was; files that nobody has touched keep their inodes. */
void faults_tree_restore(struct faults_tree *tree);
/* One number for all of it, but for what is nobody's once all have gone: the
 * log's index, and who was in line. */
uint64_t faults_tree_sum(const struct faults_tree *tree);
void faults_tree_free(struct faults_tree *tree);
const struct faults_file *faults_tree_find(
    const struct faults_tree *tree, const char *path);

/* --- state.c: a store's invariants, and its contents as text -------- */

/* The greatest numbers that were drawn, and the id of the store that did. */
struct faults_drawn {
	int64_t token, event;
	char store[24];
};

struct faults_state {
	char *wrong; /* with the store, "" for nothing; owned */
	char *dump;  /* all that it says, without times; owned */
	struct faults_drawn drawn;
	struct faults_drawn gap; /* ends here: the last restore; 0: none */
};

void faults_state_load(const char *root); /* reads the statements */
void faults_state_read(const char *store, struct faults_state *out);
void faults_state_free(struct faults_state *state);
/* Do two dumps say the same?  drawn_too: on the same way, with as many events
 * and tokens. */
bool faults_state_same(const char *a, const char *b, bool drawn_too);

/* --- scenario.c ----------------------------------------------------- */

struct faults_scenario {
	const char *name;
	char **flag; /* NULL-terminated */
	char *prepare;
	char *check; /* a shell's, after every step; may be NULL */
	char **argv;
	char *power; /* commands, one a line, for power cuts */
	char **again;
};

struct faults_scenario *faults_scenarios(const char *path, size_t *count);
bool faults_has(const struct faults_scenario *scenario, const char *flag);

/* --- the rest ------------------------------------------------------- */

void *faults_alloc(void *at, size_t size); /* or die */
char *faults_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *faults_slurp(const char *path, size_t *size); /* NULL: cannot be read */
int faults_shell(const char *commands);
/* Memory that a command finds behind this descriptor, and maps. */
void *faults_share(int number, size_t size);
/* Where we are, for complaints. */
void faults_at(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A complaint of the scenario in hand; counted. */
void faults_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What cannot happen has: say where, and what errno knows of it. */
#define FAULTS_DIE() faults_die(__FILE__, __LINE__)
_Noreturn void faults_die(const char *file, int line);

struct faults_options {
	size_t stride;	   /* every such step; 1: all */
	const char *store; /* below the working directory */
};

/* Each prints what it counted, in words, into said. */
void faults_kill(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size);
void faults_fail(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size);
void faults_memory(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size);
void faults_sqlite(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size);
void faults_power(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size);
void faults_disk(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size);

#endif
