/* scenario.c - reads scenarios.txt: blocks of lines, each a word and its text;
 * a line that begins with a blank goes on with the one above. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "faults.h"

static char **
words_of(const char *text)
{
	wordexp_t words;

	if (wordexp(text, &words, WRDE_NOCMD | WRDE_UNDEF) != 0) {
		fprintf(stderr, "faults: cannot read: %s\n", text);
		exit(2);
	}
	return words.we_wordv; /* kept until the end */
}

/* In front of every shell. */
static char *common;

/* More of the same: lines of a shell. */
static char *
more(char *text, const char *line)
{
	char *longer = text == NULL ? faults_text("%s", line)
				    : faults_text("%s\n%s", text, line);

	free(text);
	return longer;
}

static void
set(struct faults_scenario *to, const char *word, const char *text)
{
	if (to == NULL) {
		common = more(common, text);
		return;
	}
	if (strcmp(word, "flags") == 0)
		to->flag = words_of(text);
	else if (strcmp(word, "prepare") == 0)
		to->prepare =
		    more(to->prepare == NULL ? more(NULL, common) : to->prepare,
			text);
	else if (strcmp(word, "run") == 0)
		to->argv = words_of(text);
	else if (strcmp(word, "again") == 0)
		to->again = words_of(text);
	else if (strcmp(word, "power") == 0)
		to->power = more(to->power, text);
	else if (strcmp(word, "check") == 0)
		to->check = more(
		    to->check == NULL ? more(NULL, common) : to->check, text);
	else {
		fprintf(stderr, "faults: what is \"%s\"?\n", word);
		exit(2);
	}
}

struct faults_scenario *
faults_scenarios(const char *path, size_t *count)
{
	struct faults_scenario *list = NULL, *last = NULL;
	char word[32] = "", *text = faults_slurp(path, NULL), *rest = text;
	char *line;

	*count = 0;
	if (text == NULL) {
		fprintf(stderr, "faults: cannot read %s\n", path);
		exit(2);
	}
	while ((line = strsep(&rest, "\n")) != NULL) {
		size_t n = strcspn(line, " \t");

		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (n > 0)
			snprintf(word, sizeof(word), "%.*s", (int)n, line);
		line += n + strspn(line + n, " \t");
		if (strcmp(word, "scenario") == 0) {
			list = faults_alloc(list, (*count + 1) * sizeof(*list));
			last = memset(&list[(*count)++], 0, sizeof(*list));
			last->name = line;
			last->flag = words_of("");
			continue;
		}
		set(last, word, line);
	}
	return list;
}

bool
faults_has(const struct faults_scenario *scenario, const char *flag)
{
	for (char **at = scenario->flag; *at != NULL; at++)
		if (strcmp(*at, flag) == 0)
			return true;
	return false;
}
