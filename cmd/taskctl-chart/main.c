/* main.c - taskctl-chart, the helper of taskctl that draws and converts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chart.h"

#ifndef TCTL_VERSION
#define TCTL_VERSION "unknown"
#endif

#ifdef __SANITIZE_ADDRESS__
/* The fonts' libraries keep what they have loaded until the end. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

enum { DEPTH_MAX = 8, BLOCK_BYTES = 1 << 16 };

/* clang-format off */
static const struct {
	const char *name;
	tctl_chart_filter *filter;
} format[] = {
	{ "png", tctl_chart_png },
	{ "pdf", tctl_chart_pdf },
	{ "mspdi", tctl_chart_mspdi },
	{ "ics", tctl_chart_ics },
	{ "layout", tctl_chart_layout },
};
/* clang-format on */

static tctl_chart_filter *
find_format(const char *name)
{
	for (size_t i = 0; i < TCTL_COUNT(format); i++)
		if (strcmp(format[i].name, name) == 0)
			return format[i].filter;
	return NULL;
}

static struct json_object *
read_json(void)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *root = NULL;
	char block[BLOCK_BYTES];
	ssize_t n;

	if (tokener == NULL)
		tctl_die_nomem();
	while (root == NULL &&
	       (n = read(STDIN_FILENO, block, sizeof(block))) > 0) {
		root = json_tokener_parse_ex(tokener, block, (int)n);
		if (root == NULL &&
		    json_tokener_get_error(tokener) != json_tokener_continue)
			break;
	}
	json_tokener_free(tokener);
	return root;
}

static enum tctl_status
run(tctl_chart_filter *filter, bool dark, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct json_object *root = read_json();
	struct tctl_chart chart;
	enum tctl_status status = tctl_chart_read(root, arena, &chart, err);

	if (status == TCTL_OK)
		status = filter(stdout, &chart, dark, err);
	if (status == TCTL_OK && fflush(stdout) != 0)
		status = tctl_fail(
		    err, TCTL_EFAILED, "cannot write: %s", strerror(errno));
	json_object_put(root);
	tctl_arena_free(arena);
	return status;
}

int
main(int argc, char *argv[])
{
	struct tctl_error err = { .status = TCTL_OK };
	tctl_chart_filter *filter = NULL;
	bool dark = argc == 3 && strcmp(argv[2], "--dark") == 0;
	enum tctl_status status;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("taskctl-chart %s\n", TCTL_VERSION);
		return 0;
	}
	if (argc == 2 || dark)
		filter = find_format(argv[1]);
	if (filter == NULL) {
		fputs("usage: taskctl-chart png|pdf|mspdi|ics|layout [--dark] "
		      "<chart.json\n",
		    stderr);
		return tctl_status_exit(TCTL_EUSAGE);
	}
	status = run(filter, dark, &err);
	if (status != TCTL_OK)
		fprintf(stderr, "%s\n", err.text);
	return tctl_status_exit(status);
}
