/* names.c - ids of plain letters, none given out twice. */
#include <search.h>
#include <string.h>

#include "label.h"

/* One id given out. */
struct name {
	char *text;
	unsigned copies;
};

static int
compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	return strcmp(left->text, right->text);
}

static void
keep(void *unused)
{
	(void)unused; /* the arena owns the names */
}

/* The name in the tree that equals text, which is added if there is none. */
static struct name *
find_or_add(struct tctl_plain *names, char *text, bool *is_new)
{
	struct name *name = tctl_arena_alloc(names->arena, sizeof(*name));
	struct name **found;

	name->text = text;
	found = tsearch(name, &names->root, compare_names);
	if (found == NULL)
		tctl_die_nomem();
	*is_new = *found == name;
	return *found;
}

/* A leading letter keeps __proto__ out, and a word that Mermaid would take for
 * a tag or a keyword gets one, too. */
static char *
plain_id(struct tctl_arena *arena, const char *id)
{
	static const char *const tag[] = { "active", "class", "classDef",
		"click", "crit", "default", "direction", "done", "end", "graph",
		"linkStyle", "milestone", "style", "subgraph", "vert" };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool prefix = *id == '\0' || strchr(letters, *id) == NULL;
	char *plain;

	for (size_t i = 0; i < TCTL_COUNT(tag); i++)
		prefix |= strcasecmp(id, tag[i]) == 0;
	plain = tctl_arena_printf(arena, "%s%s", prefix ? "t" : "", id);
	for (char *p = plain; *p != '\0'; p++)
		if (strchr(letters, *p) == NULL &&
		    strchr("0123456789_-", *p) == NULL)
			*p = '_';
	return plain;
}

const char *
tctl_plain_add(struct tctl_plain *names, const char *id)
{
	char *text = plain_id(names->arena, id);
	bool is_new;
	struct name *first = find_or_add(names, text, &is_new);

	while (!is_new) {
		text = tctl_arena_printf(
		    names->arena, "%s-%u", first->text, ++first->copies + 1);
		find_or_add(names, text, &is_new);
	}
	return text;
}

void
tctl_plain_release(struct tctl_plain *names)
{
	tdestroy(names->root, keep);
	names->root = NULL;
}
