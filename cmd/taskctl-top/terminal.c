/* terminal.c - screens onto the terminal, keys from it. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utf8proc.h>

#include "terminal.h"

/* Last: it has macros of many common names. */
#include <curses.h>
#include <term.h>

static SCREEN *terminal;
static bool has_colour, is_ascii;
/* For a crash: what leaves our screen, and how the line was before. */
static char leave[256];
static size_t leave_bytes;
static struct termios line_before;

/* --- the way in and out
 * -----------------------------------------------------------
 */

/* The characters of the terminal are those of the locale; where it is not
 * installed, those that its name promises. */
static void
choose_characters(void)
{
	is_ascii = (unsigned char)*tctl_glyph(TCTL_GLYPH_FULL) < 0x80;
	if (is_ascii)
		setlocale(LC_CTYPE, "C");
	else if (setlocale(LC_CTYPE, "") == NULL ||
		 strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		is_ascii = setlocale(LC_CTYPE, "C.UTF-8") == NULL;
}

static enum tctl_status
refuse(const char *why, struct tctl_error *err)
{
	tctl_fail(err, TCTL_EUSAGE, "top needs a terminal: %s", why);
	return tctl_hint(err, "what needs none: taskctl status --watch 2");
}

static enum tctl_status
check(struct tctl_error *err)
{
	const char *term = getenv("TERM");
	char *move;
	int found;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse("standard input or output is none", err);
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		return refuse("TERM names none that has a screen", err);
	if (setupterm(NULL, STDOUT_FILENO, &found) != OK)
		return refuse("the one that TERM names is not known", err);
	move = tigetstr("cup");
	if (move == NULL || move == (char *)-1)
		return refuse("this one cannot place its cursor", err);
	return TCTL_OK;
}

static void
note_leave(const char *capability)
{
	const char *text = tigetstr(capability);

	if (text == NULL || text == (char *)-1 || strchr(text, '$') != NULL ||
	    leave_bytes + strlen(text) > sizeof(leave))
		return;
	memcpy(leave + leave_bytes, text, strlen(text));
	leave_bytes += strlen(text);
}

/* In a crash: no function that may hold a lock. */
static void
leave_at_once(void)
{
	if (write(STDOUT_FILENO, leave, leave_bytes) >= 0)
		tcsetattr(STDIN_FILENO, TCSANOW, &line_before);
}

static void
choose_colours(void)
{
	static const short colour[] = { [TCTL_GREEN] = COLOR_GREEN,
		[TCTL_YELLOW] = COLOR_YELLOW,
		[TCTL_RED] = COLOR_RED,
		[TCTL_BLUE] = COLOR_BLUE };

	has_colour = has_colors() && start_color() == OK;
	if (!has_colour)
		return;
	use_default_colors();
	for (short i = TCTL_GREEN; i <= TCTL_BLUE; i++)
		init_pair(i, colour[i], -1);
}

enum tctl_status
tctl_top_terminal_open(bool colour, struct tctl_error *err)
{
	enum tctl_status status = check(err);

	if (status != TCTL_OK)
		return status;
	choose_characters();
	tcgetattr(STDIN_FILENO, &line_before);
	leave_bytes = 0;
	note_leave("sgr0");
	note_leave("rmkx");
	note_leave("cnorm");
	note_leave("rmcup");
	del_curterm(cur_term); /* that of check: newterm makes its own */
	tctl_top_signals_catch(leave_at_once);
	use_env(FALSE); /* LINES and COLUMNS would outlive a resize */
	use_tioctl(TRUE);
	terminal = newterm(NULL, stdout, stdin);
	if (terminal == NULL) {
		tctl_top_signals_release();
		return refuse("this one cannot be used", err);
	}
	set_escdelay(25);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	if (colour)
		choose_colours();
	return TCTL_OK;
}

void
tctl_top_terminal_close(void)
{
	if (terminal == NULL)
		return;
	endwin();
	delscreen(terminal);
	terminal = NULL;
	tctl_top_signals_release();
}

void
tctl_top_terminal_size(int *width, int *height)
{
	*width = COLS;
	*height = LINES;
}

void
tctl_top_terminal_renew(void)
{
	struct winsize size;

	endwin(); /* whoever stopped us may have left other modes */
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	clearok(stdscr, TRUE);
	refresh();
}

void
tctl_top_terminal_suspend(void)
{
	endwin();
	tctl_top_signals_stop();
	tctl_top_terminal_renew();
}

/* --- screens
 * -------------------------------------------------------------------------
 */

static attr_t
attributes(const struct tctl_top_span *span)
{
	attr_t out = span->reverse ? A_REVERSE : A_NORMAL;

	if (span->style == TCTL_BOLD)
		return out | A_BOLD;
	if (span->reverse) /* a bar of one colour */
		return out;
	if (span->style == TCTL_DIM)
		return A_DIM;
	if (span->style == TCTL_RED && !has_colour)
		return A_BOLD;
	return span->style == TCTL_PLAIN || !has_colour
		   ? out
		   : out | (attr_t)COLOR_PAIR(span->style);
}

/* As many signs as it has columns. */
static void
put_ascii(const char *text, size_t length)
{
	while (length > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n =
		    utf8proc_iterate((const utf8proc_uint8_t *)text,
			(utf8proc_ssize_t)length, &c);

		if (n <= 0)
			return;
		if (c < 0x80)
			addch((chtype)c);
		else if (c == 0x2026) /* … */
			addch('~');
		else
			for (int i = 0; i < utf8proc_charwidth(c); i++)
				addch('?');
		text += n;
		length -= (size_t)n;
	}
}

void
tctl_top_terminal_show(const struct tctl_top_screen *screen)
{
	erase();
	for (size_t i = 0; i < screen->count; i++) {
		const struct tctl_top_span *span = &screen->at[i];

		if (span->y < 0 || move(span->y, span->x) != OK)
			continue;
		attrset((int)attributes(span));
		if (is_ascii)
			put_ascii(
			    screen->text + span->from, span->to - span->from);
		else
			addnstr(screen->text + span->from,
			    (int)(span->to - span->from));
	}
	attrset(A_NORMAL);
	curs_set(screen->cursor_x >= 0);
	if (screen->cursor_x >= 0)
		move(screen->cursor_y,
		    screen->cursor_x < COLS ? screen->cursor_x : COLS - 1);
	refresh();
}

/* --- keys
 * --------------------------------------------------------------------------------
 */

int
tctl_top_terminal_key(void)
{
	static const int keys[][2] = { { KEY_UP, TCTL_TOP_KEY_UP },
		{ KEY_DOWN, TCTL_TOP_KEY_DOWN },
		{ KEY_LEFT, TCTL_TOP_KEY_LEFT },
		{ KEY_RIGHT, TCTL_TOP_KEY_RIGHT },
		{ KEY_PPAGE, TCTL_TOP_KEY_PAGE_UP },
		{ KEY_NPAGE, TCTL_TOP_KEY_PAGE_DOWN },
		{ KEY_HOME, TCTL_TOP_KEY_HOME }, { KEY_END, TCTL_TOP_KEY_END },
		{ KEY_BACKSPACE, TCTL_TOP_KEY_BACKSPACE },
		{ KEY_BTAB, TCTL_TOP_KEY_BACK_TAB }, { KEY_ENTER, '\r' } };
	wint_t c;
	int kind = get_wch(&c);

	if (kind == ERR)
		return -1;
	if (kind != KEY_CODE_YES)
		return (int)c;
	for (size_t i = 0; i < TCTL_COUNT(keys); i++)
		if (keys[i][0] == (int)c)
			return keys[i][1];
	return TCTL_TOP_KEY_OTHER;
}
