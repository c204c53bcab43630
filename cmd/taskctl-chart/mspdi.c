/* mspdi.c - Microsoft Project's XML.
 *
 * The schema is one long sequence: each element's children stand in its order,
 * or Project refuses the file.  Source: MSPDI of Project 2007, and what other
 * programs' files were refused for (GanttProject #2809: calendars without a
 * name). */
#include <libxml/xmlwriter.h>
#include <string.h>

#include "chart.h"
#include "taskctl/time.h"

enum {
	CALENDAR = 1,
	SNET = 4, /* constraint: start no earlier than */
	FINISH_TO_START = 1,
	LAG_FORMAT_DAYS = 7,
	DURATION_FORMAT_HOURS = 5,
	TENTHS_OF_MINUTE_S = 6, /* slack and lags are counted in these */
};

struct project {
	xmlTextWriterPtr xml;
	const struct tctl_chart *chart;
	struct tctl_arena *arena;
	const char **agent; /* those of the chart, each once */
	size_t agent_count;
	size_t *uid;	      /* of each bar's task */
	size_t *edge;	      /* the next one to be written: they come sorted */
	const char **outline; /* numbers of each bar's task: 2.1 */
	size_t *heading;      /* that of its section; 0: none */
};

static void
open_element(const struct project *p, const char *name)
{
	xmlTextWriterStartElement(p->xml, (const xmlChar *)name);
}

static void
close_element(const struct project *p)
{
	xmlTextWriterEndElement(p->xml);
}

static void
put_text(const struct project *p, const char *name, const char *text)
{
	xmlTextWriterWriteElement(
	    p->xml, (const xmlChar *)name, (const xmlChar *)text);
}

static void
put_number(const struct project *p, const char *name, int64_t number)
{
	xmlTextWriterWriteFormatElement(
	    p->xml, (const xmlChar *)name, "%lld", (long long)number);
}

/* Without a zone: Project knows none. */
static void
put_instant(const struct project *p, const char *name, int64_t ms)
{
	char text[TCTL_INSTANT_TEXT];

	tctl_instant_write(ms, text);
	text[strlen("YYYY-MM-DDTHH:MM:SS")] = '\0';
	put_text(p, name, text);
}

static void
put_duration(const struct project *p, const char *name, int64_t ms)
{
	int64_t s = ms / 1000;

	xmlTextWriterWriteFormatElement(p->xml, (const xmlChar *)name,
	    "PT%lldH%lldM%lldS", (long long)(s / TCTL_HOUR_S),
	    (long long)(s % TCTL_HOUR_S / TCTL_MINUTE_S),
	    (long long)(s % TCTL_MINUTE_S));
}

/* --- calendars --------------------------------------------------------------
 */

static void
put_round_the_clock(const struct project *p)
{
	open_element(p, "WeekDays");
	for (int day = 1; day <= 7; day++) {
		open_element(p, "WeekDay");
		put_number(p, "DayType", day);
		put_number(p, "DayWorking", 1);
		open_element(p, "WorkingTimes");
		open_element(p, "WorkingTime");
		put_text(p, "FromTime", "00:00:00");
		put_text(p, "ToTime", "00:00:00");
		close_element(p);
		close_element(p);
		close_element(p);
	}
	close_element(p);
}

/* One base calendar; a named one for each agent, as Project itself does. */
static void
put_calendars(const struct project *p)
{
	open_element(p, "Calendars");
	for (size_t i = 0; i <= p->agent_count; i++) {
		open_element(p, "Calendar");
		put_number(p, "UID", CALENDAR + (int64_t)i);
		put_text(p, "Name", i == 0 ? "24 Hours" : p->agent[i - 1]);
		put_number(p, "IsBaseCalendar", i == 0);
		put_number(p, "BaseCalendarUID", i == 0 ? -1 : CALENDAR);
		if (i == 0)
			put_round_the_clock(p);
		close_element(p);
	}
	close_element(p);
}

/* --- tasks ------------------------------------------------------------------
 */

static void
put_links(const struct project *p, size_t index)
{
	const struct tctl_chart *chart = p->chart;

	for (; *p->edge < chart->edge_count &&
	       chart->edge[*p->edge].after == index;
	     ++*p->edge) {
		open_element(p, "PredecessorLink");
		put_number(p, "PredecessorUID",
		    (int64_t)p->uid[chart->edge[*p->edge].before]);
		put_number(p, "Type", FINISH_TO_START);
		put_number(p, "CrossProject", 0);
		put_number(p, "LinkLag", 0);
		put_number(p, "LagFormat", LAG_FORMAT_DAYS);
		close_element(p);
	}
}

static void
put_baseline(const struct project *p, const struct tctl_bar *bar)
{
	if (bar->planned_end_ms == 0)
		return;
	open_element(p, "Baseline");
	put_number(p, "Number", 0);
	put_instant(p, "Start", bar->planned_start_ms);
	put_instant(p, "Finish", bar->planned_end_ms);
	put_duration(
	    p, "Duration", bar->planned_end_ms - bar->planned_start_ms);
	close_element(p);
}

/* What a task and a heading have in common, up to Summary. */
static void
put_head(const struct project *p, size_t uid, const char *name,
    const char *outline, int64_t start_ms, int64_t end_ms, bool is_summary)
{
	put_number(p, "UID", (int64_t)uid);
	put_number(p, "ID", (int64_t)uid);
	put_text(p, "Name", name);
	put_number(p, "Type", 1); /* of fixed duration */
	put_number(p, "IsNull", 0);
	/* Planner finds what belongs to a heading by the number alone. */
	put_text(p, "OutlineNumber", outline);
	put_number(p, "OutlineLevel", strchr(outline, '.') != NULL ? 2 : 1);
	put_instant(p, "Start", start_ms);
	put_instant(p, "Finish", end_ms);
	put_duration(p, "Duration", end_ms - start_ms);
	put_number(p, "DurationFormat", DURATION_FORMAT_HOURS);
	if (!is_summary)
		put_duration(p, "Work", end_ms - start_ms);
	put_number(p, "Milestone", !is_summary && end_ms == start_ms);
	put_number(p, "Summary", is_summary);
}

static void
put_task(const struct project *p, size_t i)
{
	const struct tctl_bar *bar = &p->chart->bar[i];
	int percent = bar->percent > 0 ? bar->percent : 0;

	if (bar->state == TCTL_STATE_DONE)
		percent = 100;
	open_element(p, "Task");
	put_head(p, p->uid[i], tctl_bar_caption(p->arena, bar), p->outline[i],
	    bar->start_ms, bar->end_ms, false);
	put_number(p, "Critical", bar->critical);
	put_number(p, "TotalSlack", bar->slack_s / TENTHS_OF_MINUTE_S);
	put_number(p, "PercentComplete", percent);
	if (percent > 0 || bar->state == TCTL_STATE_CLAIMED)
		put_instant(p, "ActualStart", bar->start_ms);
	if (percent == 100)
		put_instant(p, "ActualFinish", bar->end_ms);
	/* Project would move it to its predecessors' end: keep the waits. */
	put_number(p, "ConstraintType", SNET);
	put_number(p, "CalendarUID", CALENDAR);
	put_instant(p, "ConstraintDate", bar->start_ms);
	put_text(p, "Notes", tctl_bar_tip(bar, p->arena));
	put_links(p, i);
	put_baseline(p, bar);
	close_element(p);
}

/* The heading of the section that begins with a bar. */
static void
put_heading(const struct project *p, size_t uid, size_t first)
{
	const struct tctl_bar *bar = p->chart->bar;
	int64_t start_ms = bar[first].start_ms, end_ms = bar[first].end_ms;

	for (size_t i = first;; i++) {
		if (bar[i].start_ms < start_ms)
			start_ms = bar[i].start_ms;
		if (bar[i].end_ms > end_ms)
			end_ms = bar[i].end_ms;
		if (tctl_section_ends(p->chart, i))
			break;
	}
	open_element(p, "Task");
	put_head(p, uid,
	    tctl_label_line(p->arena, bar[first].section, TCTL_TITLE_MAX),
	    tctl_arena_printf(p->arena, "%zu", p->heading[first]), start_ms,
	    end_ms, true);
	close_element(p);
}

/* What is of no section has no heading. */
static bool
begins_section(const struct tctl_chart *chart, size_t i)
{
	return chart->bar[i].section != NULL && tctl_section_begins(chart, i);
}

/* In the order of the chart, headings among the tasks. */
static void
number_tasks(struct project *p)
{
	size_t count = p->chart->bar_count + 1, uid = 0, top = 0, below = 0;

	p->uid = tctl_arena_alloc(p->arena, count * sizeof(*p->uid));
	p->outline = tctl_arena_alloc(p->arena, count * sizeof(*p->outline));
	p->heading = tctl_arena_alloc(p->arena, count * sizeof(*p->heading));
	for (size_t i = 0; i < p->chart->bar_count; i++) {
		bool begins = begins_section(p->chart, i);
		bool alone = p->chart->bar[i].section == NULL;

		uid += begins ? 2 : 1;
		top += begins || alone;
		below = begins ? 1 : below + 1;
		p->uid[i] = uid;
		p->heading[i] = alone ? 0 : top;
		p->outline[i] =
		    alone ? tctl_arena_printf(p->arena, "%zu", top)
			  : tctl_arena_printf(p->arena, "%zu.%zu", top, below);
	}
}

static void
put_tasks(const struct project *p)
{
	open_element(p, "Tasks");
	for (size_t i = 0; i < p->chart->bar_count; i++) {
		if (begins_section(p->chart, i))
			put_heading(p, p->uid[i] - 1, i);
		put_task(p, i);
	}
	close_element(p);
}

/* --- agents -----------------------------------------------------------------
 */

static size_t
agent_of(const struct project *p, const char *agent)
{
	for (size_t i = 0; i < p->agent_count; i++)
		if (tctl_same_text(p->agent[i], agent))
			return i;
	return TCTL_NONE;
}

static void
find_agents(struct project *p)
{
	for (size_t i = 0; i < p->chart->bar_count; i++) {
		const char *agent = p->chart->bar[i].agent;

		if (agent == NULL || agent_of(p, agent) != TCTL_NONE)
			continue;
		p->agent = tctl_arena_grow(
		    p->arena, p->agent, p->agent_count, sizeof(*p->agent));
		p->agent[p->agent_count++] = agent;
	}
}

static void
put_resources(const struct project *p)
{
	open_element(p, "Resources");
	for (size_t i = 0; i < p->agent_count; i++) {
		open_element(p, "Resource");
		put_number(p, "UID", (int64_t)i + 1);
		put_number(p, "ID", (int64_t)i + 1);
		put_text(p, "Name", p->agent[i]);
		put_number(p, "Type", 1); /* who works */
		put_number(p, "CalendarUID", CALENDAR + (int64_t)i + 1);
		close_element(p);
	}
	close_element(p);
	open_element(p, "Assignments");
	for (size_t i = 0; i < p->chart->bar_count; i++) {
		const struct tctl_bar *bar = &p->chart->bar[i];

		if (bar->agent == NULL)
			continue;
		open_element(p, "Assignment");
		put_number(p, "UID", (int64_t)i + 1);
		put_number(p, "TaskUID", (int64_t)p->uid[i]);
		put_number(
		    p, "ResourceUID", (int64_t)agent_of(p, bar->agent) + 1);
		put_instant(p, "Finish", bar->end_ms);
		put_instant(p, "Start", bar->start_ms);
		put_number(p, "Units", 1);
		put_duration(p, "Work", bar->end_ms - bar->start_ms);
		close_element(p);
	}
	close_element(p);
}

/* --- all of it --------------------------------------------------------------
 */

static void
put_project(const struct project *p)
{
	const struct tctl_chart *chart = p->chart;
	int64_t start_ms = chart->now_ms, end_ms = chart->now_ms;

	for (size_t i = 0; i < chart->bar_count; i++) {
		if (i == 0 || chart->bar[i].start_ms < start_ms)
			start_ms = chart->bar[i].start_ms;
		if (i == 0 || chart->bar[i].end_ms > end_ms)
			end_ms = chart->bar[i].end_ms;
	}
	xmlTextWriterStartElementNS(p->xml, NULL, (const xmlChar *)"Project",
	    (const xmlChar *)"http://schemas.microsoft.com/project");
	put_number(p, "SaveVersion", 12);
	put_text(p, "Name", "plan.xml");
	put_text(p, "Title",
	    tctl_label_line(p->arena,
		chart->title != NULL ? chart->title : "Plan", TCTL_TITLE_MAX));
	put_instant(p, "CreationDate", chart->now_ms);
	put_number(p, "ScheduleFromStart", 1);
	put_instant(p, "StartDate", start_ms);
	put_instant(p, "FinishDate", end_ms);
	put_number(p, "CalendarUID", CALENDAR);
	put_text(p, "DefaultStartTime", "00:00:00");
	put_text(p, "DefaultFinishTime", "00:00:00");
	put_number(p, "MinutesPerDay", TCTL_DAY_S / TCTL_MINUTE_S);
	put_number(p, "MinutesPerWeek", 7 * (TCTL_DAY_S / TCTL_MINUTE_S));
	put_number(p, "DaysPerMonth", 30);
	put_number(p, "DurationFormat", DURATION_FORMAT_HOURS);
	put_instant(p, "StatusDate", chart->now_ms);
	put_instant(p, "CurrentDate", chart->now_ms);
	put_calendars(p);
	put_tasks(p);
	put_resources(p);
	close_element(p);
}

enum tctl_status
tctl_chart_mspdi(
    FILE *to, const struct tctl_chart *chart, bool dark, struct tctl_error *err)
{
	size_t edge = 0;
	struct project p = {
		.chart = chart, .arena = tctl_arena_new(), .edge = &edge
	};
	xmlBufferPtr buffer = xmlBufferCreate();
	enum tctl_status status = TCTL_OK;

	(void)dark;
	p.xml = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
	if (p.xml == NULL)
		tctl_die_nomem();
	find_agents(&p);
	number_tasks(&p);
	xmlTextWriterSetIndent(p.xml, 1);
	xmlTextWriterStartDocument(p.xml, "1.0", "UTF-8", "yes");
	put_project(&p);
	if (xmlTextWriterEndDocument(p.xml) < 0)
		status =
		    tctl_fail(err, TCTL_EFAILED, "libxml2 could not write it");
	xmlFreeTextWriter(p.xml);
	if (status == TCTL_OK)
		fwrite(xmlBufferContent(buffer), 1,
		    (size_t)xmlBufferLength(buffer), to);
	xmlBufferFree(buffer);
	tctl_arena_free(p.arena);
	return status;
}
