/* status_progress.c - status on one screen: bars of all and of each sprint. */
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "status_screen.h"
#include "taskctl/model.h"
#include "taskctl/text.h"

static void
put_bar(const struct tctl_status_screen *screen, int64_t part, int64_t whole,
    int width)
{
	char *bar =
	    tctl_bar(whole <= 0 ? 0 : (int)(part * width / whole), width);

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

void
tctl_status_put_totals(const struct tctl_status_screen *screen)
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
first_sprint(
    const struct tctl_status_screen *screen, struct json_object *sprints)
{
	size_t count = screen->has[TCTL_STATUS_SPRINTS],
	       shows = screen->shows[TCTL_STATUS_SPRINTS];
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
put_sprint(const struct tctl_status_screen *screen, struct json_object *sprint)
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
	tctl_put_fit(screen->to, name, screen->width - used, false);
	fputs("\n", screen->to);
	free(name);
	free(count);
}

/* What the only sprint that is shown is for.  It stands where a blank line is
 * otherwise, so no list gives a line away for it. */
static void
put_goal(const struct tctl_status_screen *screen, struct json_object *sprints)
{
	enum { LABEL = 7 };
	const char *goal =
	    screen->has[TCTL_STATUS_SPRINTS] == 1
		? tctl_get(json_object_array_get_idx(sprints, 0), "goal")
		: "";

	if (*goal != '\0') {
		fprintf(screen->to, "%-*s", LABEL, "goal");
		tctl_put_fit(screen->to, goal, screen->width - LABEL, false);
	}
	fputs("\n", screen->to);
}

void
tctl_status_put_sprints(const struct tctl_status_screen *screen)
{
	struct json_object *sprints = tctl_get_object(screen->all, "sprints");
	size_t shows = screen->shows[TCTL_STATUS_SPRINTS], first;

	if (shows == 0)
		return;
	first = first_sprint(screen, sprints);
	put_goal(screen, sprints);
	for (size_t i = first; i < first + shows; i++)
		put_sprint(screen, json_object_array_get_idx(sprints, i));
	if (shows == screen->has[TCTL_STATUS_SPRINTS])
		return;
	fprintf(screen->to, "  %s and %zu more sprints",
	    tctl_glyph(TCTL_GLYPH_MORE),
	    screen->has[TCTL_STATUS_SPRINTS] - shows);
	if (screen->width >= 64)
		fprintf(screen->to, ": %zu before, %zu after these", first,
		    screen->has[TCTL_STATUS_SPRINTS] - shows - first);
	fputs("\n", screen->to);
}
