/* call.c - any words as a command line of taskctl: refused with the reason, or
 * every member of the request is what its row allows. */
#include "../../cmd/taskctl/commands.h"
#include "../../cmd/taskctl/ctx.h"
#include "fuzz.h"

enum { WORDS_MAX = 24 };

static bool
is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);

	for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (!strncmp(at, value, length) &&
		    (at[length] == '|' || at[length] == '\0'))
			return true;
	}
	return false;
}

static void
look_at_member(const struct tctl_param *row, const void *at)
{
	const struct tctl_strings *list = at;

	if ((row->flags & (TCTL_PARAM_MANY | TCTL_PARAM_REST)) != 0) {
		assert(list->count <= WORDS_MAX);
		for (size_t i = 0; i < list->count; i++)
			assert(list->at[i] != NULL);
		return;
	}
	switch (row->kind) {
	case TCTL_KIND_NUMBER:
	case TCTL_KIND_DURATION:
		assert(*(const int64_t *)at >= -1);
		break;
	case TCTL_KIND_CHOICE:
		assert(*(char *const *)at == NULL ||
		       is_choice(row->choices, *(char *const *)at));
		break;
	case TCTL_KIND_FLAG:
		break;
	default:
		assert((row->flags & TCTL_PARAM_REQUIRED) == 0 ||
		       *(char *const *)at != NULL);
	}
}

static void
look_at(const struct tctl_call *call, const struct tctl_global *global)
{
	const struct tctl_param *row;

	for (row = tctl_taskctl.global; row->kind; row++)
		if (row->offset + 1 < sizeof(*global))
			look_at_member(row, (const char *)global + row->offset);
	if (call->command == NULL || call->help || call->version)
		return;
	for (row = call->command->param; row != NULL && row->kind; row++)
		look_at_member(row, (const char *)call->req + row->offset);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tctl_global global = { .wait_ms = -1 };
	struct tctl_error err = { .status = TCTL_OK };
	struct tctl_call call = { .command = NULL };
	struct tctl_arena *arena = tctl_arena_new();
	char *text = fuzz_text(data, size), *rest = text;
	char *word[WORDS_MAX];
	int words = 0;

	/* A word a line. */
	while (words < WORDS_MAX && (word[words] = strsep(&rest, "\n")))
		words++;
	if (tctl_call_parse(&tctl_taskctl, words, word, arena, &global, &call,
		&err) == TCTL_OK)
		look_at(&call, &global);
	else
		assert(err.status == TCTL_EUSAGE && err.text[0] != '\0');
	free(text);
	tctl_arena_free(arena);
	return 0;
}
