/* state_words.c - "Done" for "To do", and back, as the plan's people write. */
#include <stdio.h>
#include <string.h>

#include "draft.h"
#include "state_words.h"
#include "words.h"

/* clang-format off */
/* Folded, as it stands; then what it becomes.  The first row of a language is
 * also its word where the other one is not known. */
static const struct { const char *open, *done; } to_done[] = {
	{ "to do", "done" }, { "todo", "done" }, { "open", "done" },
	{ "pending", "done" }, { "not started", "done" },
	{ "in progress", "done" }, { "blocked", "done" },
	{ "to be done", "done" }, { "planned", "done" }, { "in review", "done" }, { "wip", "done" },
	{ "a faire", "fait" }, { "en cours", "fait" }, { "en attente", "fait" },
	{ "non commence", "fait" }, { "bloque", "fait" },
	{ "offen", "erledigt" }, { "in arbeit", "erledigt" },
	{ "zu tun", "erledigt" },
	{ "pendiente", "hecho" }, { "en curso", "hecho" },
	{ "por hacer", "hecho" },
	{ "da fare", "fatto" }, { "in corso", "fatto" },
	{ "a fazer", "feito" }, { "em andamento", "feito" },
	{ "pendente", "feito" },
}, to_open[] = {
	{ "to do", "done" }, { "à faire", "fait" }, { "à faire", "faite" },
	{ "à faire", "termine" }, { "à faire", "terminee" },
	{ "à faire", "fini" }, { "à faire", "finie" },
	{ "à faire", "complet" }, { "à faire", "acheve" },
	{ "à faire", "livre" },
	{ "offen", "erledigt" }, { "offen", "fertig" },
	{ "offen", "abgeschlossen" }, { "offen", "beendet" },
	{ "pendiente", "hecho" }, { "pendiente", "hecha" },
	{ "pendiente", "completado" }, { "pendiente", "completada" },
	{ "pendiente", "terminado" }, { "pendiente", "listo" },
	{ "da fare", "fatto" }, { "da fare", "fatta" },
	{ "da fare", "completato" }, { "da fare", "terminato" },
	{ "a fazer", "feito" }, { "a fazer", "feita" },
	{ "a fazer", "concluido" }, { "a fazer", "concluida" },
};
/* clang-format on */

/* Is the text, as a whole, a state? */
static bool
is_state(const char *text, size_t length)
{
	char folded[TCTL_FOLD_MAX];
	const char *end = text + length, *at = text;
	size_t n = tctl_word_next(end, &at);

	if (tctl_word_is(text, length, TCTL_WORD_DONE) ||
	    tctl_word_is(text, length, TCTL_WORD_OPEN) ||
	    tctl_word_is(text, length, TCTL_WORD_CANCELLED))
		return true;
	if (n < length && tctl_word_is(at, n, TCTL_WORD_NOT)) {
		at += n;
		n = tctl_word_next(end, &at);
		return at + n == end && tctl_word_is(at, n, TCTL_WORD_DONE);
	}
	tctl_fold(text, length, folded, sizeof(folded));
	for (size_t i = 0; i < TCTL_COUNT(to_done); i++)
		if (!strcmp(to_done[i].open, folded))
			return true;
	return false;
}

/* "100 %", "90 % done", and no other word after it. */
static size_t
percent_at(const char *text, const char *end)
{
	const char *at = text, *next;
	size_t length, n;

	while (at < end && *at >= '0' && *at <= '9')
		at++;
	while (at > text && at < end && *at == ' ')
		at++;
	if (at == text || at == end || *at != '%')
		return 0;
	length = (size_t)(++at - text);
	while (at < end && *at == ' ')
		at++;
	next = at;
	n = tctl_word_next(end, &next);
	if (n == 0 || next != at)
		return length;
	return tctl_word_is(at, n, TCTL_WORD_DONE) ? (size_t)(at + n - text)
						   : 0;
}

size_t
tctl_state_find(const char *end, const char **at)
{
	enum { WORDS = 3 };
	const char *start = tctl_skip_marks(*at, end), *next;
	size_t n, found = 0;

	while (start < end && strchr("([*_`\"", *start) != NULL)
		start++;
	*at = start;
	found = percent_at(start, end);
	next = start;
	for (int i = 0; i < WORDS; i++) {
		n = tctl_word_next(end, &next);
		if (n == 0 || (i == 0 && next != start))
			break;
		next += n;
		if (is_state(start, (size_t)(next - start)))
			found = (size_t)(next - start);
	}
	return found;
}

const char *
tctl_state_try(struct tctl_arena *arena, const char *text, size_t length,
    const struct tctl_said said[], size_t count, bool done)
{
	const char *end = text + length, *out = "";

	for (size_t i = 0; i < count; i++) {
		const char *turned = said[i].is_sign ? done ? "✅" : "⬜"
				     : done	     ? "done"
						     : "to do";

		out = tctl_arena_printf(arena, "%s%.*s%s", out,
		    (int)(said[i].at - text), text, turned);
		text = said[i].at + said[i].length;
	}
	return tctl_arena_printf(arena, "%s%.*s", out, (int)(end - text), text);
}

static const char *
turn_word(const char *text, bool done)
{
	char folded[TCTL_FOLD_MAX];

	tctl_fold(text, strlen(text), folded, sizeof(folded));
	for (size_t i = 0; done && i < TCTL_COUNT(to_done); i++)
		if (!strcmp(to_done[i].open, folded))
			return to_done[i].done;
	for (size_t i = 0; !done && i < TCTL_COUNT(to_open); i++)
		if (!strcmp(to_open[i].done, folded))
			return to_open[i].open;
	return done ? "done" : "to do";
}

static bool
is_upper(const char *text)
{
	return (*text >= 'A' && *text <= 'Z') ||
	       ((unsigned char)text[0] == 0xC3 &&
		   (unsigned char)text[1] >= 0x80 &&
		   (unsigned char)text[1] <= 0x9E);
}

/* One letter, ASCII or of Latin-1, as a capital. */
static size_t
raise(char *at)
{
	if (*at >= 'a' && *at <= 'z')
		*at = (char)(*at - 'a' + 'A');
	else if ((unsigned char)at[0] == 0xC3 && (unsigned char)at[1] >= 0xA0)
		at[1] = (char)(at[1] - 0x20);
	return (unsigned char)*at >= 0x80 && at[1] != '\0' ? 2 : 1;
}

/* "Done" for "To do", "DONE" for "TODO", and "Done" for what has no case. */
static void
raise_like(const char *text, char *out)
{
	bool is_lower = false, is_shouted = strlen(text) > 1;

	for (const char *at = text; *at != '\0'; at++)
		is_lower |= *at >= 'a' && *at <= 'z';
	is_shouted &= is_upper(text) && !is_lower;
	if (!is_upper(text) && is_lower) {
		/* "TODO" stays what it is; "To do" is written small. */
		if (*out >= 'A' && *out <= 'Z' && out[1] >= 'a')
			*out = (char)(*out - 'A' + 'a');
		return;
	}
	for (out += raise(out); is_shouted && *out != '\0';)
		out += raise(out);
}

static const char *
turn_sign(const char *text, bool done, const char *used)
{
	static const char ballot[] = "☐", ticked[] = "☑";
	size_t bytes;
	enum tctl_mark mark;

	if (!strcmp(text, done ? ballot : ticked))
		return done ? ticked : ballot;
	if (used == NULL)
		return done ? "✅" : "⬜";
	mark = tctl_mark_at(used, strlen(used), &bytes);
	if (done && mark != TCTL_MARK_TICK)
		return "✅";
	/* One at work ("🔄") is not one that nobody has begun. */
	if (!done && mark != TCTL_MARK_OPEN && mark != TCTL_MARK_CROSS)
		return "⬜";
	return used;
}

const char *
tctl_state_turn(enum tctl_tick_kind kind, const char *text, bool done,
    const char *used, char out[TCTL_STATE_TEXT])
{
	const char *turned;

	switch (kind) {
	case TCTL_TICK_BOX:
		turned = !done ? " " : used != NULL ? used : "x";
		break;
	case TCTL_TICK_EMOJI:
		turned = turn_sign(text, done, used);
		break;
	default:
		turned = turn_word(text, done);
		if (used != NULL)
			turned = used;
		snprintf(out, TCTL_STATE_TEXT, "%s", turned);
		raise_like(text, out);
		return out;
	}
	snprintf(out, TCTL_STATE_TEXT, "%s", turned);
	return out;
}
