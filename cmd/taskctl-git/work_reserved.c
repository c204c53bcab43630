/* work_reserved.c - reserved paths: the task's own are its default, another's
 * are not committed. */
#include <string.h>

#include "taskctl/time.h"
#include "work.h"

enum tctl_status
tctl_work_read_reserved(struct tctl_work *work, struct tctl_error *err)
{
	tctl_reservations_release(&work->reserved);
	return tctl_reservations_read(&work->coord, &work->reserved, err);
}

bool
tctl_work_has_reserved(const struct tctl_work *work)
{
	for (size_t i = 0; i < work->reserved.count; i++)
		if (work->reserved.at[i].token == work->token)
			return true;
	return false;
}

/* Records "XY PATH\0" of what differs from HEAD, by our index, which is as HEAD
 * is: nobody's staging matters. */
enum tctl_status
tctl_work_add_reserved(struct tctl_work *work, struct tctl_error *err)
{
	const char *const with[] = { work->index_variable, NULL };
	struct tctl_user_git call = tctl_work_git(work);
	enum tctl_status status;

	if (!tctl_work_has_reserved(work))
		return TCTL_OK;
	call.with = with;
	status = tctl_user_git(&call, err, "status", "--porcelain", "-z",
	    "--no-renames", "--untracked-files=all", "--ignore-submodules=none",
	    NULL);
	for (const char *p = call.out;
	     status == TCTL_OK && p < call.out + call.out_length;
	     p += strlen(p) + 1) {
		const struct tctl_reservation *found;

		/* A repository of its own ends with a slash. */
		if (strlen(p) < 4 || p[strlen(p) - 1] == '/')
			continue;
		found = tctl_reservations_find(&work->reserved, p + 3, false);
		if (found != NULL && found->token == work->token)
			tctl_strings_add(work->arena, &work->paths, p + 3);
	}
	return status;
}

enum tctl_status
tctl_work_check_reserved(const struct tctl_work *work,
    const struct tctl_work_paths *paths, struct tctl_error *err)
{
	for (size_t i = 0; i < paths->count; i++) {
		const struct tctl_reservation *found = tctl_reservations_find(
		    &work->reserved, paths->at[i].name, false);
		char until[TCTL_INSTANT_TEXT];

		if (found == NULL || found->token == work->token)
			continue;
		tctl_instant_show(found->expires_ms, false, until);
		tctl_fail(err, TCTL_ETAKEN,
		    "%s is reserved for %s by %s until %s", paths->at[i].name,
		    found->task, found->agent, until);
		return tctl_hint(err,
		    "name the paths that are yours: taskctl "
		    "commit %s PATH…",
		    work->task);
	}
	return TCTL_OK;
}
