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
tctl_forecast_lines(
    struct json_object *forecast, const struct tctl_forecast_form *form)
{
	bool narrow = form->width < 64;
	char *p50, *p90, *half, *most, *lines;

	if (forecast == NULL)
		return tctl_xstrdup("");
	p50 = spell_by(forecast, "p50", form);
	p90 = spell_by(forecast, "p90", form);
	half = tctl_xprintf(
	    narrow ? "done by %s (p50)" : "at this pace done by %s", p50);
	most = tctl_xprintf(
	    narrow ? "or by %s (p90)" : "nine times in ten by %s", p90);
	/* Both moments on a line, or one on each. */
	lines = tctl_xprintf("%s%s%s\n", half,
	    strlen(half) + 2 + strlen(most) <= (size_t)form->width ? ", "
								   : "\n  ",
	    most);
	free(p50);
	free(p90);
	free(half);
	free(most);
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
