/* files.c - the files that a task's fields, fences and title name. */
#include <string.h>

#include "fields.h"
#include "taskctl/text.h"

static void
add_file(struct tctl_draft *draft, size_t task, const char *name, size_t length)
{
	struct tctl_plan *plan = draft->plan;

	tctl_trim(&name, &length);
	if (length == 0)
		return;
	tctl_strings_add(plan->arena, &plan->task[task].files,
	    tctl_arena_strndup(plan->arena, name, length));
}

void
tctl_field_files(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *value, size_t length)
{
	size_t from = (size_t)(value - line->text);
	bool has_code = false;
	const char *end;

	for (size_t i = 0; i < line->run_count; i++) {
		const struct tctl_md_run *run = &line->run[i];

		if (run->style != TCTL_MD_CODE_SPAN || run->from < from)
			continue;
		add_file(
		    draft, task, line->text + run->from, run->to - run->from);
		has_code = true;
	}
	if (has_code || tctl_is_nothing(value, length))
		return;
	for (end = value + length; value < end;) {
		size_t n = strcspn(value, ",;(");

		if (n > (size_t)(end - value))
			n = (size_t)(end - value);
		add_file(draft, task, value, n);
		if (value[n] == '(') /* a remark: up to its end */
			n += strcspn(value + n, ")");
		value += n < (size_t)(end - value) ? n + 1 : n;
	}
}

void
tctl_field_fence(
    struct tctl_draft *draft, size_t task, const struct tctl_md *code)
{
	const char *at = code->code->text;

	while (*at != '\0') {
		size_t n;

		at += strspn(at, " \t");
		n = strcspn(at, " \t#\r\n");
		add_file(draft, task, at, n);
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
}

static bool
is_file_name(const char *name, size_t length)
{
	static const char not_files[] =
	    " node.js next.js vue.js nuxt.js express.js react.js three.js "
	    "d3.js nest.js angular.js ";
	char folded[TCTL_FOLD_MAX + 2] = " ";
	size_t n = tctl_fold(name, length, folded + 1, TCTL_FOLD_MAX);

	memcpy(folded + 1 + n, " ", 2);
	return strstr(not_files, folded) == NULL &&
	       tctl_text_has_file_ending(folded + 1, n);
}

void
tctl_field_title_file(struct tctl_draft *draft, size_t task)
{
	const char *at = draft->plan->task[task].title;

	while (*at != '\0') {
		size_t n = strcspn(at, " \t,;:()`'\"");

		if (n > 2 && n < TCTL_FOLD_MAX && memcmp(at, "//", 2) != 0 &&
		    is_file_name(at, n))
			add_file(draft, task, at, n);
		at += n;
		at += *at != '\0';
	}
}
