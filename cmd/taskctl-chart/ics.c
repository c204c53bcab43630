/* ics.c - a calendar: an event a task. */
#include <ctype.h>
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"

static struct icaltimetype
instant_of(int64_t ms)
{
	return icaltime_from_timet_with_zone(
	    (time_t)(ms / 1000), 0, icaltimezone_get_utc_timezone());
}

/* The id, whatever it holds, as a name that stays the same: what is no letter
 * or digit by its code. */
static const char *
uid_of(const char *id, struct tctl_arena *arena)
{
	char *uid = tctl_arena_alloc(arena, 3 * strlen(id) + 16);
	size_t n = 0;

	for (; *id != '\0'; id++)
		if (isalnum((unsigned char)*id) || *id == '.' || *id == '-')
			uid[n++] = *id;
		else
			n += (size_t)snprintf(
			    uid + n, 4, "=%02X", (unsigned char)*id);
	return tctl_arena_printf(arena, "%s@taskctl", uid);
}

static void
add_event(icalcomponent *calendar, const struct tctl_chart *chart,
    const struct tctl_bar *bar, struct tctl_arena *arena)
{
	icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);

	icalcomponent_add_property(
	    event, icalproperty_new_uid(uid_of(bar->id, arena)));
	icalcomponent_add_property(
	    event, icalproperty_new_dtstamp(instant_of(chart->now_ms)));
	icalcomponent_add_property(
	    event, icalproperty_new_dtstart(instant_of(bar->start_ms)));
	if (bar->end_ms / 1000 > bar->start_ms / 1000)
		icalcomponent_add_property(
		    event, icalproperty_new_dtend(instant_of(bar->end_ms)));
	icalcomponent_add_property(
	    event, icalproperty_new_summary(tctl_bar_caption(arena, bar)));
	icalcomponent_add_property(
	    event, icalproperty_new_description(tctl_bar_tip(bar, arena)));
	if (bar->section != NULL)
		icalcomponent_add_property(event,
		    icalproperty_new_categories(
			tctl_label_line(arena, bar->section, TCTL_TITLE_MAX)));
	/* A plan keeps nobody from being invited elsewhere. */
	icalcomponent_add_property(
	    event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	icalcomponent_add_component(calendar, event);
}

enum tctl_status
tctl_chart_ics(
    FILE *to, const struct tctl_chart *chart, bool dark, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	char *text;

	(void)dark;
	(void)err;
	icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
	icalcomponent_add_property(
	    calendar, icalproperty_new_prodid("-//taskctl//gantt//EN"));
	for (size_t i = 0; i < chart->bar_count; i++)
		add_event(calendar, chart, &chart->bar[i], arena);
	text = icalcomponent_as_ical_string_r(calendar);
	if (text == NULL)
		tctl_die_nomem();
	fputs(text, to);
	icalmemory_free_buffer(text);
	icalcomponent_free(calendar);
	tctl_arena_free(arena);
	return TCTL_OK;
}
