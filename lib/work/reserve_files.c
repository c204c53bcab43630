/* reserve_files.c - the files that a plan names, as patterns. */
#include <string.h>

#include "reserved.h"

const struct tctl_pattern *
tctl_reservation_of_file(struct tctl_arena *arena, const char *file)
{
	const struct tctl_pattern *pattern;
	char text[2 * TCTL_PATTERN_MAX + 2] = "/";
	struct tctl_error unused;
	size_t used = 1;

	if (strncmp(file, "./", 2) == 0)
		file += 2;
	file += *file == '/';
	if (*file == '~')
		return NULL; /* somebody's home */
	for (; *file != '\0'; file++) {
		if (used + 3 > sizeof(text))
			return NULL;
		if (*file == '[' || *file == '\\')
			text[used++] = '\\';
		text[used++] = *file;
	}
	text[used] = '\0';
	return tctl_pattern_read(arena, text, &pattern, &unused) == TCTL_OK
		   ? pattern
		   : NULL;
}

struct reader {
	struct tctl_arena *arena;
	struct tctl_patterns *list;
};

static void
take_file(void *into, const char *const col[])
{
	struct reader *reader = into;
	const struct tctl_pattern *pattern =
	    tctl_reservation_of_file(reader->arena, tctl_col_text(col[0]));

	if (pattern != NULL && reader->list->count < TCTL_RESERVED_MAX)
		tctl_patterns_add(reader->arena, reader->list, pattern);
}

enum tctl_status
tctl_reserved_files(struct tctl_store *store, struct tctl_arena *arena,
    int64_t task, struct tctl_patterns *out, struct tctl_error *err)
{
	struct reader reader = { arena, out };

	memset(out, 0, sizeof(*out));
	return tctl_query(store, tctl_sql_reservation_files,
	    TCTL_ARGS(TCTL_N(task)), take_file, &reader, NULL, err);
}

enum tctl_status
tctl_reserved_bars(struct tctl_view *view, const struct tctl_reserved_all *all,
    int64_t task, bool *out, struct tctl_error *err)
{
	struct tctl_patterns files;
	struct tctl_clash clash;
	size_t count = 0;
	enum tctl_status status = tctl_reserved_files(
	    view->coord->store, view->arena, task, &files, err);

	if (status == TCTL_OK)
		status = tctl_reserved_meet(
		    view, all, task, &files, 0, 1, &clash, &count, err);
	*out = count > 0;
	return status;
}

enum tctl_status
tctl_reserved_ask(struct tctl_change *change, int64_t task,
    struct tctl_patterns *files, bool *is_barred, struct tctl_error *err)
{
	struct tctl_reserved_all all;
	struct tctl_view view;
	enum tctl_status status =
	    tctl_reserved_files(change->store, change->arena, task, files, err);

	*is_barred = false;
	if (status != TCTL_OK || files->count == 0)
		return status;
	status = tctl_view_of_change(change, change->arena, &view, err);
	if (status == TCTL_OK)
		status = tctl_reserved_read(&view, &all, err);
	if (status == TCTL_OK)
		status = tctl_reserved_bars(&view, &all, task, is_barred, err);
	return status;
}

enum tctl_status
tctl_reserved_grant(struct tctl_change *change, struct tctl_lease_row *lease,
    const struct tctl_patterns *files, const struct tctl_actor *actor,
    struct tctl_error *err)
{
	enum tctl_status status;

	if (files->count == 0)
		return TCTL_OK;
	lease->reserved = true;
	status = tctl_reserved_keep(
	    change, lease->task, lease->token, files, 0, err);
	if (status == TCTL_OK)
		status = tctl_change_event(change, TCTL_EVENT_RESERVED,
		    lease->task, actor, tctl_reserved_data(files, 0), err);
	return status;
}
