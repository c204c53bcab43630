/* reservations.c - all that is reserved now, for those who look. */
#include <string.h>

#include "reserved.h"

static enum tctl_status
add_task(struct tctl_view *view, struct tctl_reserved *from,
    struct tctl_reservations *out, struct tctl_error *err)
{
	const struct tctl_lease *lease;
	const char *task;
	enum tctl_status status = tctl_row_reference(view->coord->store,
	    view->arena, view->clock.many_plans, from->task, &task, err);

	if (status != TCTL_OK)
		return status;
	lease = tctl_view_show_lease(view, from->lease, task);
	from->first = out->count;
	for (size_t i = 0; i < from->list.count; i++) {
		out->at = tctl_arena_grow(
		    view->arena, out->at, out->count, sizeof(*out->at));
		out->at[out->count++] = (struct tctl_reservation){
			.pattern = tctl_pattern_text(from->list.at[i]),
			.task = task,
			.agent = lease->agent,
			.session = lease->session,
			.token = lease->token,
			.expires_ms = lease->expires_ms,
			.worktree = lease->worktree,
			.read = from->list.at[i]
		};
	}
	return TCTL_OK;
}

enum tctl_status
tctl_reservations_read(const struct tctl_coord *coord,
    struct tctl_reservations *out, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_reserved_all all = { NULL, 0 };
	struct tctl_view view;
	enum tctl_status status = tctl_view_begin(coord, arena, &view, err);

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK) {
		status = tctl_reserved_read(&view, &all, err);
		for (size_t i = 0; status == TCTL_OK && i < all.count; i++)
			status = add_task(&view, &all.at[i], out, err);
		tctl_view_end(&view);
	}
	if (status != TCTL_OK) {
		tctl_arena_free(arena);
		memset(out, 0, sizeof(*out));
		return status;
	}
	out->arena = arena;
	out->by_task = tctl_arena_alloc(arena, sizeof(*out->by_task));
	*out->by_task = all;
	return TCTL_OK;
}

void
tctl_reservations_release(struct tctl_reservations *all)
{
	tctl_arena_free(all->arena);
	memset(all, 0, sizeof(*all));
}

const struct tctl_reservation *
tctl_reservations_find(
    const struct tctl_reservations *all, const char *path, bool is_folder)
{
	const struct tctl_reserved *task = NULL;
	const struct tctl_pattern *by = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < all->by_task->count; i++) {
		size_t order;
		const struct tctl_pattern *pattern = tctl_patterns_match_in(
		    &all->by_task->at[i].list, path, is_folder, &order);

		if (pattern == NULL || order >= least)
			continue;
		task = &all->by_task->at[i];
		by = pattern;
		least = order;
	}
	for (size_t k = 0; by != NULL && k < task->list.count; k++)
		if (task->list.at[k] == by)
			return &all->at[task->first + k];
	return NULL;
}
