/* event_kind.c - the kinds of events, by their words. */
#include <string.h>

#include "change.h"

static const char *const event_words[] = {
#define TCTL_EVENT_WORD(name, word) word,
	TCTL_EVENT_LIST(TCTL_EVENT_WORD)
#undef TCTL_EVENT_WORD
};

bool
tctl_event_kind_find(const char *word, enum tctl_event_kind *out)
{
	for (size_t i = 0; i < TCTL_COUNT(event_words); i++)
		if (strcmp(event_words[i], word) == 0) {
			*out = (enum tctl_event_kind)i;
			return true;
		}
	return false;
}

const char *
tctl_event_kind_word(size_t i)
{
	return i < TCTL_COUNT(event_words) ? event_words[i] : NULL;
}
