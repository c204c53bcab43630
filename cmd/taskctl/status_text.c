/* status_text.c - where it stands, on one screen, whether there are twenty
 * tasks or twenty thousand. */
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "status.h"
#include "status_screen.h"
#include "taskctl/text.h"

/* --- how much of each list is shown ----------------------------------------
 */

/* Lines that are not of a list: the totals, what is said last, and where the
 * next prompt will stand. */
static size_t
fixed_lines(const struct tctl_status_screen *screen)
{
	size_t lines = 2 + 1;

	for (const char *c = screen->end; *c != '\0'; c++)
		lines += *c == '\n';
	return lines;
}

/* A list with its blank line, its heading, and what was left out. */
static size_t
lines_of(const struct tctl_status_screen *screen, enum tctl_status_part part)
{
	size_t shows = screen->shows[part];

	if (shows == 0)
		return 0;
	return shows + (part == TCTL_STATUS_SPRINTS ? 1 : 2) +
	       (screen->has[part] > shows);
}

/* Line by line in turn, so that no list crowds out the others; by then what is
 * left goes to whoever needs it. */
static void
share_out(struct tctl_status_screen *screen)
{
	size_t room = (size_t)tctl_height(), limit = screen->ctx->limit;
	bool grew = true, fixed = screen->ctx->limit_asked;

	while (grew) {
		grew = false;
		for (int part = 0; part < TCTL_STATUS_PARTS; part++) {
			size_t used = fixed_lines(screen);

			if (screen->shows[part] == screen->has[part] ||
			    (fixed && screen->shows[part] == limit))
				continue;
			screen->shows[part]++;
			for (int i = 0; i < TCTL_STATUS_PARTS; i++)
				used +=
				    lines_of(screen, (enum tctl_status_part)i);
			if (fixed || used <= room)
				grew = true;
			else
				screen->shows[part]--;
		}
	}
}

static void
put_heading(const struct tctl_status_screen *screen, const char *text)
{
	fputs("\n", screen->to);
	tctl_put(screen->ctx, screen->to, TCTL_BOLD, text);
	fputs("\n", screen->to);
}

static void
put_more(const struct tctl_status_screen *screen, enum tctl_status_part part)
{
	if (screen->shows[part] > 0 && screen->shows[part] < screen->has[part])
		fprintf(screen->to, "  %s and %zu more\n",
		    tctl_glyph(TCTL_GLYPH_MORE),
		    screen->has[part] - screen->shows[part]);
}

/* --- who works ---------------------------------------------------------------
 */

enum { AGENT_MOST = 14, AGENT_LEAST = 4, TIMES = 30 };

/* Columns of the widest value of a list, within reason. */
static int
widest(struct json_object *list, const char *key, int most)
{
	int width = 4;

	for (size_t i = 0; list != NULL && i < json_object_array_length(list);
	     i++) {
		int one = tctl_text_width(
		    tctl_get(json_object_array_get_idx(list, i), key));

		width = one > width ? one : width;
	}
	return width < most ? width : most;
}

/* "1h05 of 45min, lease 12min left": to the minute. */
static char *
spell_lease(const struct tctl_status_screen *screen, struct json_object *lease)
{
	int64_t held_ms = screen->now_ms - tctl_get_ms(lease, "acquired_at");
	int64_t left_ms = tctl_get_ms(lease, "expires_at") - screen->now_ms;
	int64_t estimate_s = tctl_get_number(lease, "estimate_s");
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	tctl_put_while(to, held_ms);
	if (estimate_s > 0) {
		fputs(" of ", to);
		tctl_put_duration(to, estimate_s);
	}
	fputs(", lease ", to);
	tctl_put_while(to, left_ms);
	fputs(" left", to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	return text;
}

/* What it has reserved, or its title: owned (free). */
static char *
spell_what(struct json_object *lease)
{
	char *text = NULL;
	size_t bytes;
	FILE *to;

	if (tctl_get_count(lease, "reserved") == 0)
		return tctl_xstrdup(tctl_get(lease, "title"));
	to = open_memstream(&text, &bytes);
	if (to == NULL)
		tctl_die_nomem();
	fputs("reserved ", to);
	tctl_put_ids(to, tctl_get_object(lease, "reserved"));
	if (fclose(to) != 0)
		tctl_die_nomem();
	return text;
}

/* In what is left of a line: a name that is cut says more than times that are.
 */
static int
agent_width(const struct tctl_status_screen *screen, struct json_object *leases,
    int room)
{
	int agent = widest(leases, "agent", AGENT_MOST);

	for (size_t i = 0; i < screen->shows[TCTL_STATUS_LEASES]; i++) {
		char *times =
		    spell_lease(screen, json_object_array_get_idx(leases, i));
		int left = room - tctl_text_width(times);

		free(times);
		if (agent > left && agent > AGENT_LEAST)
			agent = left < AGENT_LEAST ? AGENT_LEAST : left;
	}
	return agent;
}

static void
put_leases(const struct tctl_status_screen *screen)
{
	struct json_object *leases = tctl_get_object(screen->all, "leases");
	int id = widest(leases, "task", 24);
	int agent = agent_width(screen, leases, screen->width - 2 - id - 2 - 2);
	int room = screen->width - 2 - id - 2 - agent - 2;
	int title = room - TIMES - 2;

	if (screen->shows[TCTL_STATUS_LEASES] > 0)
		put_heading(screen, "in work");
	for (size_t i = 0; i < screen->shows[TCTL_STATUS_LEASES]; i++) {
		struct json_object *one = json_object_array_get_idx(leases, i);
		char *times = spell_lease(screen, one), *what = spell_what(one);

		fputs("  ", screen->to);
		tctl_put_cell(screen->ctx, screen->to, TCTL_BOLD,
		    tctl_get(one, "task"), id);
		fputs("  ", screen->to);
		tctl_put_cell(screen->ctx, screen->to, TCTL_YELLOW,
		    tctl_get(one, "agent"), agent);
		fputs("  ", screen->to);
		tctl_put_fit(
		    screen->to, times, room < TIMES ? room : TIMES, title >= 8);
		if (title >= 8) {
			fputs("  ", screen->to);
			tctl_put_fit(screen->to, what, title, false);
		}
		fputs("\n", screen->to);
		free(times);
		free(what);
	}
	put_more(screen, TCTL_STATUS_LEASES);
}

/* --- where nobody gets on, and what comes next
 * ---------------------------------- */

static void
put_stuck(const struct tctl_status_screen *screen)
{
	struct json_object *stuck = tctl_get_object(screen->all, "stuck");
	int id = widest(stuck, "task", 24);

	if (screen->shows[TCTL_STATUS_STUCK] > 0)
		put_heading(screen, "stuck");
	for (size_t i = 0; i < screen->shows[TCTL_STATUS_STUCK]; i++) {
		struct json_object *one = json_object_array_get_idx(stuck, i);
		const char *reason = tctl_get(one, "why");
		int room = screen->width - 2 - id - 2;
		int next = tctl_text_width(tctl_get(one, "next")) + 4;
		int why = tctl_text_width(reason);

		fputs("  ", screen->to);
		tctl_put_cell(screen->ctx, screen->to, TCTL_RED,
		    tctl_get(one, "task"), id);
		fputs("  ", screen->to);
		/* What to do is worth more than the end of the reason. */
		if (why + next > room && room - next < 20) {
			reason = tctl_get(one, "kind");
			why = tctl_text_width(reason);
		} else if (why + next > room) {
			why = room - next;
		}
		tctl_put_fit(
		    screen->to, reason, why < room ? why : room, false);
		if (why + next <= room) {
			fprintf(
			    screen->to, " %s ", tctl_glyph(TCTL_GLYPH_ARROW));
			tctl_put(screen->ctx, screen->to, TCTL_DIM,
			    tctl_get(one, "next"));
		}
		fputs("\n", screen->to);
	}
	put_more(screen, TCTL_STATUS_STUCK);
}

/* A line "what  1.2, 1.3, …", cut to the screen. */
static void
put_coming_line(const struct tctl_status_screen *screen, const char *when,
    struct json_object *ids, int64_t total)
{
	size_t count = ids == NULL ? 0 : json_object_array_length(ids);
	int used = 2 + tctl_text_width(when) + 2;

	fputs("  ", screen->to);
	tctl_text_inert(screen->to, when);
	fputs("  ", screen->to);
	for (size_t i = 0; i < count; i++) {
		const char *id =
		    json_object_get_string(json_object_array_get_idx(ids, i));

		used += tctl_text_width(id) + 2;
		if (i > 0)
			fputs(", ", screen->to);
		if (used + 3 > screen->width) {
			total = INT64_MAX;
			break;
		}
		tctl_put(screen->ctx, screen->to, TCTL_GREEN, id);
	}
	if (total == INT64_MAX)
		fputs(tctl_glyph(TCTL_GLYPH_MORE), screen->to);
	else if (total > (int64_t)count)
		fprintf(screen->to, ", %s", tctl_glyph(TCTL_GLYPH_MORE));
	fputs("\n", screen->to);
}

static size_t
count_coming(const struct tctl_status_screen *screen)
{
	struct json_object *leases = tctl_get_object(screen->all, "leases");
	size_t count = tctl_get_number(screen->all, "ready_count") > 0;

	for (size_t i = 0; i < tctl_get_count(screen->all, "leases"); i++)
		count += tctl_get_count(
			     json_object_array_get_idx(leases, i), "frees") > 0;
	return count;
}

static void
put_coming(const struct tctl_status_screen *screen)
{
	struct json_object *leases = tctl_get_object(screen->all, "leases");
	int64_t ready = tctl_get_number(screen->all, "ready_count");
	size_t left = screen->shows[TCTL_STATUS_COMING];
	char *when;

	if (left == 0)
		return;
	put_heading(screen, "next");
	if (ready > 0) {
		when = tctl_xprintf("ready now (%lld):", (long long)ready);
		put_coming_line(
		    screen, when, tctl_get_object(screen->all, "ready"), ready);
		free(when);
		left--;
	}
	for (size_t i = 0;
	     left > 0 && i < tctl_get_count(screen->all, "leases"); i++) {
		struct json_object *one = json_object_array_get_idx(leases, i);
		size_t frees = tctl_get_count(one, "frees");

		if (frees == 0)
			continue;
		when = tctl_xprintf("after %s:", tctl_get(one, "task"));
		put_coming_line(screen, when, tctl_get_object(one, "frees"),
		    (int64_t)frees);
		free(when);
		left--;
	}
	put_more(screen, TCTL_STATUS_COMING);
}

/* When it may be done, or that it is; owned (free). */
static char *
spell_end(struct tctl_ctx *ctx, struct json_object *out)
{
	struct json_object *totals = tctl_get_object(out, "totals");
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	tctl_put_forecast(ctx, to, tctl_get_object(out, "forecast"));
	if (tctl_get_number(totals, "percent") == 100)
		fputs("\nthe plan is complete\n", to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	return text;
}

void
tctl_status_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	char *end;
	struct json_object *totals = tctl_get_object(out, "totals");
	struct tctl_status_screen screen = { .ctx = ctx,
		.to = to,
		.all = out,
		.width = tctl_width(),
		.now_ms = tctl_get_ms(out, "at") };

	if (tctl_get_number(totals, "tasks") == 0) {
		fputs("no tasks yet; load a plan: taskctl import FILE\n", to);
		return;
	}
	screen.has[TCTL_STATUS_SPRINTS] = tctl_get_count(out, "sprints");
	screen.has[TCTL_STATUS_LEASES] = tctl_get_count(out, "leases");
	screen.has[TCTL_STATUS_STUCK] = tctl_get_count(out, "stuck");
	screen.has[TCTL_STATUS_COMING] = count_coming(&screen);
	screen.end = end = spell_end(ctx, out);
	share_out(&screen);
	tctl_status_put_totals(&screen);
	tctl_status_put_sprints(&screen);
	put_leases(&screen);
	put_stuck(&screen);
	put_coming(&screen);
	fputs(end, to);
	free(end);
}
