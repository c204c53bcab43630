/* wish.c - what the address of a chart asks for. */
#include <string.h>

#include "wish.h"

const struct tctl_wish_row tctl_wish_row[TCTL_WISH_NAMES] = {
	[TCTL_WISH_THEME] = { "theme", { "auto", "light", "dark" } },
	[TCTL_WISH_BY] = { "by", { "sprint", "agent" } },
	[TCTL_WISH_SPRINT] = { "sprint", { NULL } },
	[TCTL_WISH_AGENT] = { "agent", { NULL } },
};

static bool
may_be(int name, const char *value)
{
	const char *const *word = tctl_wish_row[name].word;

	if (*word == NULL)
		return true;
	while (*word != NULL && strcmp(*word, value) != 0)
		word++;
	return *word != NULL;
}

/* What a form leaves empty is not asked for. */
static enum MHD_Result
take(void *into, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct tctl_wish *wish = into;
	int name = 0;

	(void)kind;
	while (name < wish->known && strcmp(tctl_wish_row[name].name, key) != 0)
		name++;
	if (name == wish->known)
		wish->status = tctl_fail(&wish->err, TCTL_EUSAGE,
		    "there is no parameter \"%.100s\"", key);
	else if (value == NULL || value[0] == '\0')
		return MHD_YES;
	else if (wish->value[name] != NULL)
		wish->status = tctl_fail(
		    &wish->err, TCTL_EUSAGE, "\"%s\" is there twice", key);
	else if (!may_be(name, value))
		wish->status = tctl_fail(&wish->err, TCTL_EUSAGE,
		    "\"%s\" cannot be \"%.100s\"", key, value);
	else
		wish->value[name] = value;
	return wish->status == TCTL_OK ? MHD_YES : MHD_NO;
}

void
tctl_wish_read(
    struct MHD_Connection *connection, int known, struct tctl_wish *out)
{
	*out = (struct tctl_wish){ .known = known, .status = TCTL_OK };
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take, out);
}

bool
tctl_wish_is(
    const struct tctl_wish *wish, enum tctl_wish_name name, const char *word)
{
	return wish->value[name] != NULL &&
	       strcmp(wish->value[name], word) == 0;
}
