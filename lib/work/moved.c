/* moved.c - what may be another since an event. */
#include "moved.h"

#include "change.h"

/* Does it happen to a task without that it or another changes sprint, estimate
 * or needs?  What this program does not know may do anything. */
static bool
only_moves(const char *word, bool *reopened)
{
	enum tctl_event_kind kind;

	*reopened = false;
	if (!tctl_event_kind_find(word, &kind))
		return false;
	switch (kind) {
	case TCTL_EVENT_REOPENED:
		*reopened = true;
		return true;
	case TCTL_EVENT_STEPPED:
	case TCTL_EVENT_NOTED:
	case TCTL_EVENT_CLAIMED:
	case TCTL_EVENT_REVIVED:
	case TCTL_EVENT_DONE:
	case TCTL_EVENT_RELEASED:
	case TCTL_EVENT_FORCED:
	case TCTL_EVENT_FAILED:
	case TCTL_EVENT_LAPSED:
	case TCTL_EVENT_DIED:
	case TCTL_EVENT_APPROVED:
	case TCTL_EVENT_CANCELLED:
	case TCTL_EVENT_RESERVED:
	case TCTL_EVENT_UNRESERVED:
		return true;
	default:
		return false;
	}
}

enum { EVENTS_MAX = 1000 }; /* with more, everything is read anew */

struct moved {
	struct {
		int64_t task;
		bool reopened;
	} at[EVENTS_MAX];
	size_t count;
	bool known;
};

static void
take_moved(void *into, const char *const col[])
{
	struct moved *moved = into;
	bool reopened;

	if (moved->count == EVENTS_MAX || col[1] == NULL ||
	    !only_moves(tctl_col_text(col[0]), &reopened)) {
		moved->known = false;
		return;
	}
	moved->at[moved->count].task = tctl_col(col[1]);
	moved->at[moved->count++].reopened = reopened;
}

static enum tctl_status
find_touched(struct tctl_view *view, const struct moved *moved,
    struct tctl_row_ids *sprints, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < moved->count; i++)
		status = tctl_query(view->coord->store, tctl_sql_sprint_touched,
		    TCTL_ARGS(TCTL_N(moved->at[i].task),
			TCTL_N(moved->at[i].reopened)),
		    tctl_row_ids_take, sprints, NULL, err);
	return status;
}

enum tctl_status
tctl_moved_sprints(struct tctl_view *view, int64_t after, int64_t last,
    struct tctl_row_ids *sprints, bool *known, struct tctl_error *err)
{
	struct moved *moved;
	enum tctl_status status;

	*known = last - after <= EVENTS_MAX;
	if (!*known)
		return TCTL_OK;
	moved = tctl_arena_alloc(sprints->arena, sizeof(*moved));
	moved->known = true;
	status = tctl_query(view->coord->store, tctl_sql_event_moved,
	    TCTL_ARGS(TCTL_N(after), TCTL_N(last)), take_moved, moved, NULL,
	    err);
	*known = moved->known;
	if (status == TCTL_OK && *known)
		status = find_touched(view, moved, sprints, err);
	return status;
}
