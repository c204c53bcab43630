/* write_diff.c - a unified diff of two texts with as many lines each: what
 * changes within lines needs no search for what belongs together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/plan.h"

enum { CONTEXT = 3 };

struct text {
	const char *at, *end;
};

/* Cut the first line off, with its end. */
static struct text
next_line(struct text *rest)
{
	const char *newline =
	    memchr(rest->at, '\n', (size_t)(rest->end - rest->at));
	struct text line = { rest->at,
		newline == NULL ? rest->end : newline + 1 };

	rest->at = line.end;
	return line;
}

static void
put(FILE *to, char mark, struct text line)
{
	fputc(mark, to);
	fwrite(line.at, 1, (size_t)(line.end - line.at), to);
	if (line.end == line.at || line.end[-1] != '\n')
		fputs("\n\\ No newline at end of file\n", to);
}

struct pair {
	struct text old, new;
	bool differs;
};

static size_t
pair_lines(struct text old, struct text new, struct pair **out)
{
	struct pair *pair = NULL;
	size_t n = 0;

	while (old.at < old.end || new.at < new.end) {
		struct pair one = { next_line(&old), next_line(&new), false };
		size_t length = (size_t)(one.old.end - one.old.at);

		one.differs = length != (size_t)(one.new.end - one.new.at) ||
			      memcmp(one.old.at, one.new.at, length) != 0;
		pair = tctl_grow(pair, n, sizeof(*pair));
		pair[n++] = one;
	}
	*out = pair;
	return n;
}

/* Old lines of a run that differs, then its new ones. */
static void
put_run(FILE *to, const struct pair pair[], size_t from, size_t end)
{
	for (size_t i = from; i < end; i++)
		put(to, '-', pair[i].old);
	for (size_t i = from; i < end; i++)
		put(to, '+', pair[i].new);
}

static void
put_hunk(FILE *to, const struct pair pair[], size_t from, size_t end)
{
	fprintf(to, "@@ -%zu,%zu +%zu,%zu @@\n", from + 1, end - from, from + 1,
	    end - from);
	while (from < end) {
		size_t run = from;

		while (run < end && pair[run].differs)
			run++;
		put_run(to, pair, from, run);
		if (run < end)
			put(to, ' ', pair[run++].old);
		from = run;
	}
}

char *
tctl_text_diff(const char *file, const char *old, size_t old_length,
    const char *new, size_t new_length)
{
	struct pair *pair = NULL;
	size_t n = pair_lines((struct text){ old, old + old_length },
	    (struct text){ new, new + new_length }, &pair);
	char *text = NULL;
	size_t size, done = 0;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < n; i++) {
		size_t from, last = i;

		if (!pair[i].differs || i < done)
			continue;
		if (done == 0)
			fprintf(to, "--- %s\n+++ %s\n", file, file);
		from = i < CONTEXT ? 0 : i - CONTEXT;
		for (size_t k = i; k < n && k <= last + 2 * CONTEXT; k++)
			if (pair[k].differs)
				last = k;
		done = last + CONTEXT + 1 < n ? last + CONTEXT + 1 : n;
		put_hunk(to, pair, from, done);
	}
	fclose(to);
	free(pair);
	return text;
}
