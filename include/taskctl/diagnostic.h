/* floor: model - a complaint about a place in a file. */
#ifndef TASKCTL_DIAGNOSTIC_H
#define TASKCTL_DIAGNOSTIC_H

enum tctl_severity {
	TCTL_NOTE,    /* said, nothing to do */
	TCTL_WARNING, /* the plan contradicts itself; loaded all the same */
	TCTL_ERROR,   /* loading it would lose something: refused */
};

const char *tctl_severity_word(enum tctl_severity severity);

/* One complaint.  Lines and columns count from 1; columns count characters of
 * the line, not bytes. */
struct tctl_diagnostic {
	const char *file; /* the plan's file as the caller named it */
	int line;
	int column;
	enum tctl_severity severity;
	const char *code; /* "sum_mismatch": kebab-free, stable, one word */
	const char
	    *message;	/* one sentence: what is there, what was expected */
	int other_line; /* the other place, where two disagree; else 0 */
};

#endif
