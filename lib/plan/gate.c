/* gate.c - Go/No-Go decisions become gates. */
#include <string.h>

#include "gate.h"

/* --- recognising ------------------------------------------------------ */

bool
tctl_gate_in(const char *text, size_t length)
{
	const char *end = text + length;
	size_t n;
	/* What the last two words were. */
	bool was_go = false, was_no = false, was_decision = false;

	/* Each of them has that word, and few other texts do. */
	if (!tctl_word_in(text, length, TCTL_WORD_GO))
		return false;
	for (; (n = tctl_word_next(end, &text)) != 0; text += n) {
		bool is_go = tctl_word_is(text, n, TCTL_WORD_GO);
		bool is_decision = tctl_word_is(text, n, TCTL_WORD_DECISION);

		if (was_no && is_go)
			return true;
		if ((was_go && is_decision) || (was_decision && is_go))
			return true;
		if (was_go && tctl_word_is(text, n, TCTL_WORD_NO_GO))
			return true;
		was_no = was_go && tctl_word_is(text, n, TCTL_WORD_NO);
		was_go = is_go;
		was_decision = is_decision;
	}
	return false;
}

bool
tctl_gate_is(const char *title)
{
	const char *end = title + strlen(title), *at = title;
	size_t n = tctl_word_next(end, &at);

	return (tctl_word_is(at, n, TCTL_WORD_GO) ||
		   tctl_word_is(at, n, TCTL_WORD_DECISION)) &&
	       tctl_gate_in(title, strlen(title));
}

/* "GO for phase 2 if:" is YES, "NO-GO if:" is NO. */
static enum tctl_go
answer_of(const struct tctl_md_line *line)
{
	const char *end = line->text + line->length, *at = line->text;
	const char *start = tctl_skip_marks(at, end);
	size_t n = tctl_word_next(end, &at);

	if (n == 0 || at != start)
		return TCTL_GO_NONE;
	if (tctl_word_is(at, n, TCTL_WORD_NO_GO))
		return TCTL_GO_NO;
	if (tctl_word_is(at, n, TCTL_WORD_GO))
		return TCTL_GO_YES;
	if (!tctl_word_is(at, n, TCTL_WORD_NO))
		return TCTL_GO_NONE;
	at += n;
	n = tctl_word_next(end, &at);
	return tctl_word_is(at, n, TCTL_WORD_GO) ? TCTL_GO_NO : TCTL_GO_NONE;
}

enum tctl_go
tctl_gate_line(enum tctl_go state, const struct tctl_md_line *line,
    const struct tctl_field *field)
{
	bool is_strong =
	    line->run_count != 0 && line->run->style == TCTL_MD_STRONG;

	/* "**Go/No-Go criteria**:" opens, until something else is told. */
	if (field != NULL && tctl_gate_in(field->name, field->name_length))
		return TCTL_GO_YES;
	return state != TCTL_GO_NONE && is_strong ? answer_of(line)
						  : TCTL_GO_NONE;
}

/* --- noting ----------------------------------------------------------- */

static struct tctl_decision *
add(struct tctl_draft *draft, enum tctl_decision_kind kind, size_t sprint)
{
	struct tctl_decision *decision;

	draft->decision = tctl_arena_grow(draft->plan->arena, draft->decision,
	    draft->decision_count, sizeof(*draft->decision));
	decision = &draft->decision[draft->decision_count++];
	*decision = (struct tctl_decision){ .kind = kind, .sprint = sprint };
	return decision;
}

void
tctl_gate_note(struct tctl_draft *draft, size_t sprint,
    const struct tctl_md_line *line, const struct tctl_md *item)
{
	struct tctl_decision *decision = add(draft,
	    item == NULL ? TCTL_DECISION_SEEN : TCTL_DECISION_BOX, sprint);

	decision->item = item;
	decision->line = line;
}

void
tctl_gate_criteria(
    struct tctl_draft *draft, size_t sprint, const struct tctl_md *list)
{
	const struct tctl_md *node = list;

	while ((node = tctl_md_walk(list, node)) != NULL)
		if (node->kind == TCTL_MD_ITEM && node->line_count != 0)
			add(draft, TCTL_DECISION_CRITERION, sprint)->item =
			    node;
}

bool
tctl_gate_condition(
    struct tctl_draft *draft, size_t sprint, const struct tctl_field *field)
{
	struct tctl_decision *decision;

	if (sprint == TCTL_NONE || field->word != TCTL_WORD_CONDITION ||
	    field->length == 0)
		return false;
	decision = add(draft, TCTL_DECISION_AWAITED, sprint);
	decision->line = field->line;
	decision->text = field->value;
	decision->length = field->length;
	return true;
}

/* --- resolving -------------------------------------------------------- */

struct gates {
	struct tctl_draft *draft;
	size_t *of; /* each sprint's gate; the last is of no sprint */
};

static const char *
gate_id(const struct tctl_draft *draft, size_t sprint)
{
	const struct tctl_plan *plan = draft->plan;

	if (sprint != TCTL_NONE)
		return tctl_arena_printf(plan->arena, "GO-%s",
		    tctl_slug(plan->arena, plan->sprint[sprint].key,
			strlen(plan->sprint[sprint].key)));
	/* Before every phase, or where there are none. */
	return plan->sprint_count == 0 ? "GO-1" : "GO-0";
}

/* The gate after a sprint; the plan's own task of that id, if it has one. */
static size_t
gate_of(
    struct gates *gates, const struct tctl_decision *decision, size_t sprint)
{
	struct tctl_draft *draft = gates->draft;
	size_t *slot =
	    &gates
		 ->of[sprint == TCTL_NONE ? draft->plan->sprint_count : sprint];
	const struct tctl_md_line *line = decision->item != NULL
					      ? tctl_md_first(decision->item)
					      : decision->line;
	bool has_title = decision->kind == TCTL_DECISION_SEEN ||
			 decision->kind == TCTL_DECISION_BOX;
	const char *id, *title = "Go/No-Go", *end;

	if (*slot != TCTL_NONE)
		return *slot;
	id = gate_id(draft, sprint);
	*slot = tctl_draft_find(draft, id, strlen(id));
	if (has_title) {
		end = line->text + line->length;
		title = tctl_skip_marks(line->text, end);
		title = tctl_arena_strndup(
		    draft->plan->arena, title, (size_t)(end - title));
	}
	if (*slot == TCTL_NONE)
		*slot = tctl_draft_task(draft, id, title, sprint, line->place);
	draft->plan->task[*slot].is_gate = true;
	return *slot;
}

/* What a condition names: "Phase 1", or its gate's own id, "GO-1". */
static size_t
named_sprint(const struct tctl_draft *draft,
    const struct tctl_decision *decision, bool *by_gate)
{
	const char *at = decision->text, *end = at + decision->length;
	size_t n, used, sprint;

	*by_gate = false;
	for (; (n = tctl_word_next(end, &at)) != 0; at += n) {
		sprint = tctl_draft_named_sprint(draft, at, end, &used);
		if (sprint != TCTL_NONE)
			return sprint;
		if (!tctl_word_is(at, n, TCTL_WORD_GO) || at[n] != '-')
			continue;
		sprint = tctl_draft_find_sprint(
		    draft, at + n + 1, tctl_id_length(at + n + 1, end));
		*by_gate = sprint != TCTL_NONE;
		if (*by_gate)
			return sprint;
	}
	return TCTL_NONE;
}

/* Does the condition want somebody's word, and not only that work is done? */
static bool
wants_approval(const struct tctl_decision *decision)
{
	return tctl_word_in(
		   decision->text, decision->length, TCTL_WORD_APPROVED) ||
	       tctl_word_in(decision->text, decision->length, TCTL_WORD_GO);
}

static void
resolve_awaited(struct gates *gates, const struct tctl_decision *decision)
{
	struct tctl_draft *draft = gates->draft;
	struct tctl_sprint *waiting = &draft->plan->sprint[decision->sprint];
	bool by_gate, wants = wants_approval(decision);
	size_t judged = named_sprint(draft, decision, &by_gate);

	if (judged == TCTL_NONE && wants && decision->sprint > 0)
		judged = decision->sprint - 1;
	if (judged == TCTL_NONE || judged == decision->sprint) {
		tctl_say(draft, TCTL_WARNING, "unread_condition",
		    tctl_md_place(decision->line, decision->text), 0,
		    "no other sprint or phase is named by \"%.*s\": nothing "
		    "waits by it",
		    decision->length < 80 ? (int)decision->length : 80,
		    decision->text);
		return;
	}
	if (wants || by_gate)
		waiting->gate = gate_of(gates, decision, judged);
	else
		waiting->after = judged;
}

static void
resolve(struct gates *gates, const struct tctl_decision *decision)
{
	struct tctl_draft *draft = gates->draft;
	size_t gate;

	if (decision->kind == TCTL_DECISION_AWAITED) {
		resolve_awaited(gates, decision);
		return;
	}
	gate = gate_of(gates, decision, decision->sprint);
	if (decision->kind == TCTL_DECISION_SEEN)
		return;
	tctl_field_item(draft, gate,
	    decision->kind == TCTL_DECISION_BOX ? TCTL_TICK_STEP
						: TCTL_TICK_CRITERION,
	    decision->item);
	/* Its own box is the decision. */
	if (decision->kind == TCTL_DECISION_BOX)
		draft->plan->task[gate].ticked |= decision->item->mark != ' ';
}

void
tctl_gates_resolve(struct tctl_draft *draft)
{
	size_t sprints = draft->plan->sprint_count;
	struct gates gates = { .draft = draft };

	if (draft->decision_count == 0)
		return;
	gates.of = tctl_arena_alloc(
	    draft->plan->arena, (sprints + 1) * sizeof(*gates.of));
	for (size_t s = 0; s <= sprints; s++)
		gates.of[s] = TCTL_NONE;
	for (size_t i = 0; i < draft->plan->task_count; i++)
		if (draft->plan->task[i].is_gate)
			gates.of[draft->plan->task_sprint[i] == TCTL_NONE
				     ? sprints
				     : draft->plan->task_sprint[i]] = i;
	/* What is decided first, so that a gate has the decision's title. */
	for (size_t i = 0; i < draft->decision_count; i++)
		if (draft->decision[i].kind == TCTL_DECISION_BOX ||
		    draft->decision[i].kind == TCTL_DECISION_SEEN)
			gate_of(&gates, &draft->decision[i],
			    draft->decision[i].sprint);
	for (size_t i = 0; i < draft->decision_count; i++)
		resolve(&gates, &draft->decision[i]);
	tctl_draft_index_tasks(draft);
}
