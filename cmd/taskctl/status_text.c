/* status_text.c - where it stands, on one screen, whether there are twenty
 * tasks or twenty thousand. */
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "status.h"
#include "taskctl/model.h"
#include "taskctl/text.h"

/* --- how much of each list is shown ----------------------------------------
 */

/* In the order in which they get their lines. */
enum part { STUCK, LEASES, SPRINTS, COMING, PARTS };

struct screen {
	struct tctl_ctx *ctx;
	FILE *to;
	struct json_object *all;
	int width;
	int64_t now_ms;
	size_t has[PARTS];   /* lines that there are */
	size_t shows[PARTS]; /* lines that there is room for */
};

/* Lines that are not of a list: the totals, the forecast, and where the next
 * prompt will stand. */
static size_t
fixed_lines(const struct screen *screen)
{
	return 2 + (tctl_get_object(screen->all, "forecast") != NULL ? 3 : 0) +
	       1;
}

/* A list with its blank line, its heading, and what was left out. */
static size_t
lines_of(const struct screen *screen, enum part part)
{
	size_t shows = screen->shows[part];

	if (shows == 0)
		return 0;
	return shows + (part == SPRINTS ? 1 : 2) + (screen->has[part] > shows);
}

/* Line by line in turn, so that no list crowds out the others; by then what is
 * left goes to whoever needs it. */
static void
share_out(struct screen *screen)
{
	size_t room = (size_t)tctl_height(), limit = screen->ctx->limit;
	bool grew = true, fixed = screen->ctx->limit_asked;

	while (grew) {
		grew = false;
		for (int part = 0; part < PARTS; part++) {
			size_t used = fixed_lines(screen);

			if (screen->shows[part] == screen->has[part] ||
			    (fixed && screen->shows[part] == limit))
				continue;
			screen->shows[part]++;
			for (int i = 0; i < PARTS; i++)
				used += lines_of(screen, (enum part)i);
			if (fixed || used <= room)
				grew = true;
			else
				screen->shows[part]--;
		}
	}
}

static void
put_heading(const struct screen *screen, const char *text)
{
	fputs("\n", screen->to);
	tctl_put(screen->ctx, screen->to, TCTL_BOLD, text);
	fputs("\n", screen->to);
}

static void
put_more(const struct screen *screen, enum part part)
{
	if (screen->shows[part] > 0 && screen->shows[part] < screen->has[part])
		fprintf(screen->to, "  %s and %zu more\n",
		    tctl_glyph(TCTL_GLYPH_MORE),
		    screen->has[part] - screen->shows[part]);
}

/* --- progress ---------------------------------------------------------------
 */

static void
put_bar(const struct screen *screen, int64_t part, int64_t whole, int width)
{
	const char *full = tctl_glyph(TCTL_GLYPH_FULL);
	const char *empty = tctl_glyph(TCTL_GLYPH_EMPTY);
	int filled = whole <= 0 ? 0 : (int)(part * width / whole);
	char *bar = NULL;
	size_t bytes;
	FILE *to = open_memstream(&bar, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	for (int i = 0; i < width; i++)
		fputs(i < filled ? full : empty, to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	tctl_put(screen->ctx, screen->to,
	    whole > 0 && part >= whole ? TCTL_BLUE : TCTL_GREEN, bar);
	free(bar);
}

/* What counts: cancelled tasks are neither done nor to do. */
static int64_t
counted(struct json_object *totals)
{
	return tctl_get_number(totals, "tasks") -
	       tctl_get_number(totals, "cancelled");
}

static void
put_percent(FILE *to, int64_t percent)
{
	if (percent < 0)
		fputs("   - ", to);
	else
		fprintf(to, " %3lld%%", (long long)percent);
}

static void
put_totals(const struct screen *screen)
{
	struct json_object *totals = tctl_get_object(screen->all, "totals");
	int width = screen->width >= 64 ? 24 : 10;
	int64_t tasks = counted(totals), done = tctl_get_number(totals, "done");
	FILE *to = screen->to;
	const char *separator = "; ";
	int used;

	fputs("effort ", to);
	put_bar(screen, tctl_get_number(totals, "percent"), 100, width);
	put_percent(to, tctl_get_number(totals, "percent"));
	if (tctl_get_number(totals, "estimate_s") > 0) {
		fputs("  ", to);
		tctl_put_duration(to, tctl_get_number(totals, "done_s"));
		fputs(" of ", to);
		tctl_put_duration(to, tctl_get_number(totals, "estimate_s"));
	}
	fputs("\ntasks  ", to);
	put_bar(screen, done, tasks, width);
	put_percent(to, tasks > 0 ? done * 100 / tasks : -1);
	used = 7 + width + 5 +
	       fprintf(to, "  %lld of %lld done", (long long)done,
		   (long long)tasks);
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		const char *word = tctl_state_word((enum tctl_state)i);
		const char *count = tctl_get(totals, word);

		if (i == TCTL_STATE_DONE || tctl_get_number(totals, word) <= 0)
			continue;
		used += (int)(3 + strlen(count) + strlen(word));
		if (used <= screen->width)
			fprintf(to, "%s%s %s", separator, count, word);
		separator = ", ";
	}
	fputs("\n", to);
}

/* Where to begin when not all fit: one before the first that is not done. */
static size_t
first_sprint(const struct screen *screen, struct json_object *sprints)
{
	size_t count = screen->has[SPRINTS], shows = screen->shows[SPRINTS];
	size_t first = 0;

	while (
	    first < count &&
	    strcmp(tctl_get(json_object_array_get_idx(sprints, first), "state"),
		"done") == 0)
		first++;
	first -= first > 0;
	return first + shows > count ? count - shows : first;
}

static void
put_sprint(const struct screen *screen, struct json_object *sprint)
{
	bool done = strcmp(tctl_get(sprint, "state"), "done") == 0;
	bool wide = screen->width >= 64;
	int64_t tasks = counted(sprint), finished;
	const char *id = tctl_get(sprint, "id");
	int used = 2 + 10 + 5 + 11 + 2 + (wide ? 10 : 0);
	char *name, *count;

	finished = tctl_get_number(sprint, "done");
	fputs("  ", screen->to);
	put_bar(
	    screen, done ? 100 : tctl_get_number(sprint, "percent"), 100, 10);
	put_percent(
	    screen->to, done ? 100 : tctl_get_number(sprint, "percent"));
	if (wide) {
		fputs("  ", screen->to);
		put_bar(screen, finished, tasks, 8);
	}
	count =
	    tctl_xprintf("%lld/%lld", (long long)finished, (long long)tasks);
	fprintf(screen->to, " %-9s  ", count);
	name = id[0] == '\0'
		   ? tctl_xstrdup("(no sprint)")
		   : tctl_xprintf("%s  %s", id, tctl_get(sprint, "title"));
	tctl_text_cell(screen->to, name, screen->width - used, false);
	fputs("\n", screen->to);
	free(name);
	free(count);
}

static void
put_sprints(const struct screen *screen)
{
	struct json_object *sprints = tctl_get_object(screen->all, "sprints");
	size_t shows = screen->shows[SPRINTS], first;

	if (shows == 0)
		return;
	first = first_sprint(screen, sprints);
	fputs("\n", screen->to);
	for (size_t i = first; i < first + shows; i++)
		put_sprint(screen, json_object_array_get_idx(sprints, i));
	if (shows == screen->has[SPRINTS])
		return;
	fprintf(screen->to, "  %s and %zu more sprints",
	    tctl_glyph(TCTL_GLYPH_MORE), screen->has[SPRINTS] - shows);
	if (screen->width >= 64)
		fprintf(screen->to, ": %zu before, %zu after these", first,
		    screen->has[SPRINTS] - shows - first);
	fputs("\n", screen->to);
}

/* --- who works ---------------------------------------------------------------
 */

enum { AGENT_MOST = 14, TIMES = 30 };

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
spell_lease(const struct screen *screen, struct json_object *lease)
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

static void
put_leases(const struct screen *screen)
{
	struct json_object *leases = tctl_get_object(screen->all, "leases");
	int id = widest(leases, "task", 24);
	int agent = widest(leases, "agent", AGENT_MOST);
	int room = screen->width - 2 - id - 2 - agent - 2;
	int title = room - TIMES - 2;

	if (screen->shows[LEASES] > 0)
		put_heading(screen, "in work");
	for (size_t i = 0; i < screen->shows[LEASES]; i++) {
		struct json_object *one = json_object_array_get_idx(leases, i);
		char *times = spell_lease(screen, one), *what = spell_what(one);

		fputs("  ", screen->to);
		tctl_put_cell(screen->ctx, screen->to, TCTL_BOLD,
		    tctl_get(one, "task"), id);
		fputs("  ", screen->to);
		tctl_put_cell(screen->ctx, screen->to, TCTL_YELLOW,
		    tctl_get(one, "agent"), agent);
		fputs("  ", screen->to);
		tctl_text_cell(
		    screen->to, times, room < TIMES ? room : TIMES, title >= 8);
		if (title >= 8) {
			fputs("  ", screen->to);
			tctl_text_cell(screen->to, what, title, false);
		}
		fputs("\n", screen->to);
		free(times);
		free(what);
	}
	put_more(screen, LEASES);
}

/* --- where nobody gets on, and what comes next
 * ---------------------------------- */

static void
put_stuck(const struct screen *screen)
{
	struct json_object *stuck = tctl_get_object(screen->all, "stuck");
	int id = widest(stuck, "task", 24);

	if (screen->shows[STUCK] > 0)
		put_heading(screen, "stuck");
	for (size_t i = 0; i < screen->shows[STUCK]; i++) {
		struct json_object *one = json_object_array_get_idx(stuck, i);
		int room = screen->width - 2 - id - 2;
		int next = tctl_text_width(tctl_get(one, "next")) + 4;
		int why = tctl_text_width(tctl_get(one, "why"));

		fputs("  ", screen->to);
		tctl_put_cell(screen->ctx, screen->to, TCTL_RED,
		    tctl_get(one, "task"), id);
		fputs("  ", screen->to);
		/* What to do is worth more than the end of the reason. */
		if (why + next > room && room - next >= 20)
			why = room - next;
		tctl_text_cell(screen->to, tctl_get(one, "why"),
		    why < room ? why : room, false);
		if (why + next <= room) {
			fprintf(
			    screen->to, " %s ", tctl_glyph(TCTL_GLYPH_ARROW));
			tctl_put(screen->ctx, screen->to, TCTL_DIM,
			    tctl_get(one, "next"));
		}
		fputs("\n", screen->to);
	}
	put_more(screen, STUCK);
}

/* A line "what  1.2, 1.3, …", cut to the screen. */
static void
put_coming_line(const struct screen *screen, const char *when,
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
count_coming(const struct screen *screen)
{
	struct json_object *leases = tctl_get_object(screen->all, "leases");
	size_t count = tctl_get_number(screen->all, "ready_count") > 0;

	for (size_t i = 0; i < tctl_get_count(screen->all, "leases"); i++)
		count += tctl_get_count(
			     json_object_array_get_idx(leases, i), "frees") > 0;
	return count;
}

static void
put_coming(const struct screen *screen)
{
	struct json_object *leases = tctl_get_object(screen->all, "leases");
	int64_t ready = tctl_get_number(screen->all, "ready_count");
	size_t left = screen->shows[COMING];
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
	put_more(screen, COMING);
}

void
tctl_status_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *totals = tctl_get_object(out, "totals");
	struct screen screen = { .ctx = ctx,
		.to = to,
		.all = out,
		.width = tctl_width(),
		.now_ms = tctl_get_ms(out, "at") };

	if (tctl_get_number(totals, "tasks") == 0) {
		fputs("no tasks yet; load a plan: taskctl import FILE\n", to);
		return;
	}
	screen.has[SPRINTS] = tctl_get_count(out, "sprints");
	screen.has[LEASES] = tctl_get_count(out, "leases");
	screen.has[STUCK] = tctl_get_count(out, "stuck");
	screen.has[COMING] = count_coming(&screen);
	share_out(&screen);
	put_totals(&screen);
	put_sprints(&screen);
	put_leases(&screen);
	put_stuck(&screen);
	put_coming(&screen);
	tctl_put_forecast(ctx, to, tctl_get_object(out, "forecast"));
	if (tctl_get_number(totals, "percent") == 100)
		fputs("\nthe plan is complete\n", to);
}
