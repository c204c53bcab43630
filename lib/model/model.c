/* model.c - words for states, and the small lists that tasks are made of. */
#include <string.h>

#include "taskctl/model.h"

static const char *const state_word[] = {
#define STATE_WORD(name, word) word,
	TCTL_STATE_LIST(STATE_WORD)
#undef STATE_WORD
};

const char *
tctl_state_word(enum tctl_state state)
{
	return state_word[state];
}

bool
tctl_state_read(const char *word, enum tctl_state *out)
{
	for (size_t i = 0; i < TCTL_COUNT(state_word); i++)
		if (strcmp(word, state_word[i]) == 0) {
			*out = (enum tctl_state)i;
			return true;
		}
	return false;
}

void
tctl_strings_add(
    struct tctl_arena *arena, struct tctl_strings *list, const char *text)
{
	list->at =
	    tctl_arena_grow(arena, list->at, list->count, sizeof(*list->at));
	list->at[list->count++] = text;
}

void
tctl_items_add(struct tctl_arena *arena, struct tctl_items *list,
    const char *text, bool done, int line)
{
	list->at =
	    tctl_arena_grow(arena, list->at, list->count, sizeof(*list->at));
	list->at[list->count++] =
	    (struct tctl_item){ .text = text, .done = done, .line = line };
}
