/* print_forecast.c - when it will be done, in words. */
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

/* "2026-11-22 10:00:00 +0000", or its first columns; owned (free). */
static char *
spell_by(struct json_object *forecast, const char *which,
    const struct tctl_forecast_form *form)
{
	char text[TCTL_INSTANT_TEXT];

	tctl_instant_show(tctl_get_ms(forecast, which), form->utc, text);
	return tctl_xprintf("%.*s", form->brief ? 16 : TCTL_INSTANT_TEXT, text);
}

char *
tctl_forecast_condition(struct json_object *forecast)
{
	struct json_object *list = tctl_get_object(forecast, "provided");
	size_t count = tctl_get_count(forecast, "provided");
	struct json_object *first;
	char *more, *condition;

	if (count == 0)
		return tctl_xstrdup("");
	first = json_object_array_get_idx(list, 0);
	more = count == 1 ? tctl_xstrdup("")
			  : tctl_xprintf(" (and %zu more)", count - 1);
	condition = tctl_xprintf(
	    strcmp(tctl_get(first, "state"), "failed") == 0
		? "if %s, which failed, is reopened%s"
		: "if nothing needs %s, which was cancelled, any more%s",
	    tctl_get(first, "task"), more);
	free(more);
	return condition;
}

/* What it takes for granted, as a line that is cut to the screen; or "". */
static char *
spell_condition(struct json_object *forecast, int width)
{
	char *condition = tctl_forecast_condition(forecast);
	char *line = NULL;
	size_t bytes;
	FILE *to = open_memstream(&line, &bytes);

	if (to == NULL)
		tctl_die_nomem();
	if (condition[0] != '\0') {
		fputs("  ", to);
		tctl_put_fit(to, condition, width - 2, false);
		fputs("\n", to);
	}
	if (fclose(to) != 0)
		tctl_die_nomem();
	free(condition);
	return line;
}

char *
tctl_forecast_lines(
    struct json_object *forecast, const struct tctl_forecast_form *form)
{
	bool narrow = form->width < 64;
	char *p50, *p90, *half, *most, *condition, *lines;

	if (forecast == NULL)
		return tctl_xstrdup("");
	p50 = spell_by(forecast, "p50", form);
	p90 = spell_by(forecast, "p90", form);
	half = tctl_xprintf(
	    narrow ? "done by %s (p50)" : "at this pace done by %s", p50);
	most = tctl_xprintf(
	    narrow ? "or by %s (p90)" : "nine times in ten by %s", p90);
	condition = spell_condition(forecast, form->width);
	/* Both moments on a line, or one on each. */
	lines = tctl_xprintf("%s%s%s\n%s", half,
	    strlen(half) + 2 + strlen(most) <= (size_t)form->width ? ", "
								   : "\n  ",
	    most, condition);
	free(p50);
	free(p90);
	free(half);
	free(most);
	free(condition);
	return lines;
}

/* Words, broken at blanks where the screen ends. */
static void
put_indented(FILE *to, const char *text)
{
	int width = tctl_width(), column = 2;
	bool starts_line = true;

	fputs("  ", to);
	while (*text != '\0') {
		int bytes = (int)strcspn(text, " ");

		if (!starts_line && column + 1 + bytes > width) {
			fputs("\n  ", to);
			column = 2;
		} else if (!starts_line) {
			column += fprintf(to, " ");
		}
		column += fprintf(to, "%.*s", bytes, text);
		starts_line = false;
		text += bytes;
		text += strspn(text, " ");
	}
	fputs("\n", to);
}

void
tctl_put_forecast(struct tctl_ctx *ctx, FILE *to, struct json_object *forecast)
{
	const struct tctl_forecast_form form = { .width = tctl_width(),
		.utc = ctx->global->utc };
	char *lines, *basis;

	if (forecast == NULL)
		return;
	lines = tctl_forecast_lines(forecast, &form);
	basis = tctl_xprintf("(%s)", tctl_get(forecast, "basis"));
	fprintf(to, "\n%s", lines);
	if (form.width >= 64)
		put_indented(to, basis);
	free(lines);
	free(basis);
}
