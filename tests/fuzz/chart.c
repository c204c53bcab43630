/* chart.c - any bytes as the JSON that taskctl-chart reads: a chart comes out
 * of it as it went in, and no text in it can end its line in any format. */
#include "fuzz.h"
#include "taskctl/export.h"

enum { DEPTH_MAX = 8, FOLD_TO = 3 }; /* cmd/taskctl-chart/main.c */

static void
svg(FILE *to, const struct tctl_chart *chart)
{
	tctl_export_svg(to, chart, TCTL_THEME_AUTO);
}

static void
html(FILE *to, const struct tctl_chart *chart)
{
	tctl_export_html(to, chart, TCTL_THEME_LIGHT);
}

static void
dot(FILE *to, const struct tctl_chart *chart)
{
	tctl_export_dot(to, chart, true);
}

/* Each format, and the byte by which its lines or elements are counted. */
static const struct {
	void (*write)(FILE *to, const struct tctl_chart *chart);
	char counted; /* 0: labels are broken into lines, so it is not */
} format[] = {
	{ tctl_export_mermaid, '\n' },
	{ tctl_export_flowchart, '\n' },
	{ tctl_export_tjp, '\n' },
	{ dot, '\n' },
	{ tctl_export_csv, 0 },
	{ svg, 0 },
	{ html, 0 },
};

static size_t
count(size_t f, const struct tctl_chart *chart)
{
	size_t size, n = 0;
	char *text = NULL;
	FILE *to = open_memstream(&text, &size);

	assert(to != NULL);
	format[f].write(to, chart);
	assert(fclose(to) == 0);
	for (size_t i = 0; i < size; i++)
		n += text[i] == format[f].counted;
	free(text);
	return n;
}

/* A title that nobody can object to; one of which nothing is left stays, since
 * formats leave it out. */
static const char *
harmless(struct tctl_arena *arena, const char *title)
{
	return *tctl_label_line(arena, title, 100) == '\0' ? title : "plain";
}

/* The same chart with titles that nobody can object to has as many lines. */
static void
write_all(const struct tctl_chart *chart, struct tctl_arena *arena)
{
	struct tctl_chart plain = *chart;
	size_t bytes = (chart->bar_count + 1) * sizeof(*plain.bar);

	plain.title = harmless(arena, chart->title);
	plain.bar = tctl_xcalloc(1, bytes);
	memcpy(plain.bar, chart->bar, bytes);
	for (size_t i = 0; i < plain.bar_count; i++)
		plain.bar[i].title = harmless(arena, plain.bar[i].title);
	for (size_t f = 0; f < TCTL_COUNT(format); f++) {
		size_t lines = count(f, chart);

		if (format[f].counted != '\0')
			assert(lines == count(f, &plain));
	}
	free(plain.bar);
}

static void
look_at(struct json_object *root, struct tctl_arena *arena)
{
	struct tctl_error err = { .status = TCTL_OK };
	struct json_object *once, *twice;
	struct tctl_chart chart, again;

	if (tctl_chart_read(root, arena, &chart, &err) != TCTL_OK) {
		assert(err.status == TCTL_EINVALID && err.text[0] != '\0');
		return;
	}
	once = tctl_export_json(&chart);
	assert(tctl_chart_read(once, arena, &again, &err) == TCTL_OK);
	twice = tctl_export_json(&again);
	assert(!strcmp(json_object_to_json_string(once),
	    json_object_to_json_string(twice)));
	write_all(&chart, arena);
	if (tctl_chart_fold(&chart, FOLD_TO, arena)) {
		assert(tctl_chart_remark(&chart, arena) != NULL);
		write_all(&chart, arena);
	}
	json_object_put(twice);
	json_object_put(once);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct tctl_arena *arena = tctl_arena_new();
	char *bytes = fuzz_bytes(data, size);
	struct json_object *root =
	    json_tokener_parse_ex(tokener, bytes, (int)size);

	look_at(root, arena);
	json_object_put(root);
	json_tokener_free(tokener);
	tctl_arena_free(arena);
	free(bytes);
	return 0;
}
