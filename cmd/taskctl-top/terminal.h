/* floor: cmd - the terminal and the signals: the only part that knows ncurses.
 *
 * There is one terminal, so this keeps its state in itself. */
#ifndef TASKCTL_TOP_TERMINAL_H
#define TASKCTL_TOP_TERMINAL_H

#include "top.h"

/* TCTL_EUSAGE: not a terminal, or one that cannot place its cursor; nothing was
 * written then.  Whatever ends the process, signals included, the terminal is
 * as it was before; but for kill -9. */
enum tctl_status tctl_top_terminal_open(
    bool colour, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_top_terminal_close(void);

void tctl_top_terminal_size(int *width, int *height);
void tctl_top_terminal_show(const struct tctl_top_screen *screen);

/* The next key, a character or a TCTL_TOP_KEY; -1: none is waiting. */
int tctl_top_terminal_key(void);

/* Draw all of it anew: its size or its content may be another one. */
void tctl_top_terminal_renew(void);

/* Leave the terminal to the shell until somebody says fg. */
void tctl_top_terminal_suspend(void);

/* --- signals: they wait until somebody listens, so that no transaction is cut
 * in two or stopped in its turn
 * ------------------------------------------------
 */

struct tctl_top_signals {
	int end;      /* the one that asks us to end; 0: none */
	bool suspend; /* Ctrl-Z */
	bool renew;   /* another size, or going on after a stop */
	bool gone;    /* the terminal is */
	bool input;   /* keys may be waiting */
};

/* before_death is called by a crash: async-signal-safe. */
void tctl_top_signals_catch(void (*before_death)(void));
void tctl_top_signals_release(void);

/* Listen for at most so long. */
struct tctl_top_signals tctl_top_signals_wait(int timeout_ms);

/* Stop as Ctrl-Z does; returns when somebody says fg. */
void tctl_top_signals_stop(void);

#endif
