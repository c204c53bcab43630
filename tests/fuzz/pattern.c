/* pattern.c - two lists of gitignore patterns and a path, line by line: whether
 * they compete does not depend on who asks, and what is said of it is so. */
#include "fuzz.h"
#include "taskctl/pattern.h"
#include "taskctl/text.h"

enum { EFFORT = 50000, LINES_MAX = 12 };

struct input {
	struct tctl_arena *arena;
	struct tctl_patterns list[2];
	const char *path;
	bool plain; /* no pattern is one that nobody means (pattern.h) */
};

/* A pattern as it is kept must mean what it meant as it was written. */
static const struct tctl_pattern *
read_pattern(struct tctl_arena *arena, const char *line)
{
	const struct tctl_pattern *pattern = NULL, *again = NULL;
	struct tctl_error err = { .status = TCTL_OK };

	if (tctl_pattern_read(arena, line, &pattern, &err) != TCTL_OK) {
		assert(err.status == TCTL_EINVALID && err.text[0] != '\0');
		return NULL;
	}
	assert(tctl_pattern_read(
		   arena, tctl_pattern_text(pattern), &again, &err) == TCTL_OK);
	assert(!strcmp(tctl_pattern_text(pattern), tctl_pattern_text(again)));
	assert(tctl_pattern_negates(pattern) == tctl_pattern_negates(again));
	return pattern;
}

/* Is it anchored, and without names that end as files do? */
static bool
is_plain(const char *pattern)
{
	const char *slash = strchr(pattern, '/');

	return slash != NULL && slash[1] != '\0' && *pattern != '!' &&
	       strchr(pattern, '.') == NULL && strchr(pattern, '[') == NULL &&
	       strstr(pattern, "akefile") == NULL;
}

/* The first line is the path, the others go to one list and the other. */
static void
read_input(struct input *in, char *text)
{
	int n = 0;

	in->plain = true;
	for (char *line; n < LINES_MAX && (line = strsep(&text, "\n")); n++) {
		const struct tctl_pattern *pattern =
		    n == 0 ? NULL : read_pattern(in->arena, line);

		if (n == 0)
			in->path = line;
		if (pattern == NULL)
			continue;
		tctl_patterns_add(in->arena, &in->list[n % 2], pattern);
		in->plain = in->plain && is_plain(tctl_pattern_text(pattern));
	}
}

static bool
is_path(const char *path)
{
	return *path != '\0' && *path != '/' && path[strlen(path) - 1] != '/' &&
	       strstr(path, "//") == NULL && !tctl_text_has_control(path);
}

static bool
meet(const struct input *in, int first, struct tctl_meeting *out, bool *spent)
{
	struct tctl_effort_left left = { .steps = EFFORT };
	bool met = tctl_patterns_meet(
	    &in->list[first], 0, &in->list[!first], &left, out);

	*spent = *spent || left.steps == 0;
	return met;
}

static void
look_at(const struct input *in)
{
	struct tctl_meeting there, back;
	bool spent = false;
	bool met = meet(in, 0, &there, &spent);
	bool also = meet(in, 1, &back, &spent);

	assert(spent || met == also);
	if (met && there.path[0] != '\0')
		for (int i = 0; i < 2; i++)
			assert(tctl_patterns_match(
				   &in->list[i], there.path, false) != NULL);
	if (!is_path(in->path))
		return;
	for (int i = 0; i < 2; i++)
		if (tctl_patterns_match(&in->list[i], in->path, false) == NULL)
			return;
	/* One path at least is matched by both. */
	assert(met || !in->plain || strchr(in->path, '.') != NULL ||
	       strstr(in->path, "akefile") != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .arena = tctl_arena_new(), .path = "" };
	char *text = fuzz_text(data, size);

	read_input(&in, text);
	look_at(&in);
	free(text);
	tctl_arena_free(in.arena);
	return 0;
}
