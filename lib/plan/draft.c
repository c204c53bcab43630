/* draft.c - what every dialect needs: adding, saying. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "draft.h"

enum { MESSAGE_BYTES = 20 * 1000 }; /* a long cycle is named whole */

/* --- saying ----------------------------------------------------------- */

void
tctl_say(struct tctl_draft *draft, enum tctl_severity severity,
    const char *code, struct tctl_place place, int other_line, const char *fmt,
    ...)
{
	struct tctl_plan *plan = draft->plan;
	char message[MESSAGE_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	plan->diagnostic = tctl_arena_grow(plan->arena, plan->diagnostic,
	    plan->diagnostic_count, sizeof(*plan->diagnostic));
	plan->diagnostic[plan->diagnostic_count++] = (struct tctl_diagnostic){
		.file = plan->file,
		.line = place.line > 0 ? place.line : 1,
		.column = place.column > 0 ? place.column : 1,
		.severity = severity,
		.code = code,
		.message = tctl_arena_strdup(plan->arena, message),
		.other_line = other_line,
	};
	plan->error_count += severity == TCTL_ERROR;
}

const char *
tctl_say_s(struct tctl_draft *draft, int64_t seconds)
{
	char buf[TCTL_DURATION_TEXT];

	return tctl_arena_strdup(
	    draft->plan->arena, tctl_duration_write(seconds, buf));
}

/* --- adding ----------------------------------------------------------- */

void
tctl_draft_rename(struct tctl_draft *draft, size_t task, const char *id)
{
	char normal[TCTL_ID_MAX];

	if (!tctl_id_normalise(id, normal))
		snprintf(normal, sizeof(normal), "\001%zu", task);
	draft->plan->task[task].id = id;
	draft->detail[task].normal =
	    tctl_arena_strdup(draft->plan->arena, normal);
}

/* A tab within a title is a blank; other control characters are refused. */
static const char *
without_tabs(struct tctl_arena *arena, const char *title)
{
	char *copy, *tab;

	if (title == NULL || strchr(title, '\t') == NULL)
		return title;
	copy = tab = tctl_arena_strdup(arena, title);
	while ((tab = strchr(tab, '\t')) != NULL)
		*tab = ' ';
	return copy;
}

size_t
tctl_draft_task(struct tctl_draft *draft, const char *id, const char *title,
    size_t sprint, struct tctl_place place)
{
	struct tctl_plan *plan = draft->plan;
	struct tctl_arena *arena = plan->arena;
	size_t i = plan->task_count;

	plan->task = tctl_arena_grow(arena, plan->task, i, sizeof(*plan->task));
	plan->task_sprint = tctl_arena_grow(
	    arena, plan->task_sprint, i, sizeof(*plan->task_sprint));
	plan->follows =
	    tctl_arena_grow(arena, plan->follows, i, sizeof(*plan->follows));
	draft->detail =
	    tctl_arena_grow(arena, draft->detail, i, sizeof(*draft->detail));
	plan->task_count++;
	plan->task[i] = (struct tctl_task){
		.plan = plan->name,
		.title = without_tabs(arena, title),
		.priority = TCTL_PRIORITY_NONE,
		.estimate_s = -1,
		.file = plan->file,
		.line = place.line,
	};
	plan->task_sprint[i] = sprint;
	plan->follows[i] = TCTL_NONE;
	draft->detail[i] = (struct tctl_detail){
		.place = place,
		.table_s = -1,
	};
	tctl_draft_rename(draft, i, id);
	return i;
}

size_t
tctl_draft_sprint(struct tctl_draft *draft, const char *key, const char *title,
    struct tctl_place place)
{
	struct tctl_plan *plan = draft->plan;

	draft->sprint_place = tctl_arena_grow(plan->arena, draft->sprint_place,
	    plan->sprint_count, sizeof(*draft->sprint_place));
	draft->sprint_place[plan->sprint_count] = place;
	draft->sprint_order = tctl_arena_grow(plan->arena, draft->sprint_order,
	    plan->sprint_count, sizeof(*draft->sprint_order));
	draft->sprint_order[plan->sprint_count] = TCTL_ORDER_IMPLIED;
	plan->sprint = tctl_arena_grow(plan->arena, plan->sprint,
	    plan->sprint_count, sizeof(*plan->sprint));
	plan->sprint[plan->sprint_count] = (struct tctl_sprint){
		.key = key,
		.title = without_tabs(plan->arena, title),
		.stated_s = -1,
		.after = TCTL_NONE,
		.gate = TCTL_NONE,
		.line = place.line,
	};
	return plan->sprint_count++;
}

void
tctl_draft_ref(struct tctl_draft *draft, const struct tctl_ref *ref)
{
	draft->ref = tctl_arena_grow(draft->plan->arena, draft->ref,
	    draft->ref_count, sizeof(*draft->ref));
	draft->ref[draft->ref_count++] = *ref;
}

void
tctl_draft_claim(struct tctl_draft *draft, const struct tctl_claim *claim)
{
	draft->claim = tctl_arena_grow(draft->plan->arena, draft->claim,
	    draft->claim_count, sizeof(*draft->claim));
	draft->claim[draft->claim_count++] = *claim;
}

void
tctl_draft_edge(
    struct tctl_draft *draft, size_t before, size_t after, unsigned source)
{
	struct tctl_plan *plan = draft->plan;
	size_t n = plan->edge_count;

	if (draft->edge_room == 0)
		return;
	if (--draft->edge_room == 0) {
		tctl_say(draft, TCTL_ERROR, "too_many_dependencies",
		    draft->detail[after].place, 0,
		    "the plan has more than %d dependencies", TCTL_EDGES_MAX);
		return;
	}
	plan->edge =
	    tctl_arena_grow(plan->arena, plan->edge, n, sizeof(*plan->edge));
	plan->edge_source = tctl_arena_grow(
	    plan->arena, plan->edge_source, n, sizeof(*plan->edge_source));
	plan->edge[n] = (struct tctl_edge){ before, after };
	plan->edge_source[n] = source;
	plan->edge_count++;
}

/* --- text ------------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
tctl_trim(const char **text, size_t *length)
{
	while (*length > 0 && is_blank(**text)) {
		++*text;
		--*length;
	}
	while (*length > 0 && is_blank((*text)[*length - 1]))
		--*length;
}

const char *
tctl_skip_marks(const char *text, const char *end)
{
	size_t bytes;

	while (text < end) {
		if (tctl_mark_at(text, (size_t)(end - text), &bytes) !=
		    TCTL_MARK_NONE)
			text += bytes;
		else if (is_blank(*text))
			text++;
		else
			break;
	}
	return text;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static bool
is_joint(char c)
{
	return c == '.' || c == '_' || c == '-';
}

size_t
tctl_id_length(const char *text, const char *end)
{
	const char *at = text;
	bool has_digit = false;

	for (; at < end && (is_alnum(*at) || is_joint(*at)); at++)
		has_digit |= *at >= '0' && *at <= '9';
	while (at > text && is_joint(at[-1]))
		at--;
	return has_digit && is_alnum(*text) ? (size_t)(at - text) : 0;
}
