/* doctor_git.c - the progress branch against the store.  What it is sound by
 * itself git fsck says. */
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "taskctl/backup.h"
#include "trailer.h"
#include "user_git.h"

static void
compare(struct tctl_doctor *to, struct tctl_store *store, const char *branch,
    const char *message)
{
	char event[24], name[TCTL_STORE_ID_MAX];
	int64_t last;
	struct tctl_copy ours;
	struct tctl_error err;

	if (!tctl_trailer_last(message, "Last-Event", event, sizeof(event)) ||
	    !tctl_trailer_last(message, "Store", name, sizeof(name))) {
		tctl_doctor_find(to, TCTL_FOUND_GIT_FOREIGN, branch, NULL,
		    "the newest commit of branch %s was not made by taskctl",
		    branch);
		tctl_doctor_looked(to, "git", "branch %s", branch);
		return;
	}
	last = strtoll(event, NULL, 10);
	if (store == NULL || tctl_copy_read(store, &ours, &err) != TCTL_OK) {
		tctl_doctor_skipped(to, "git", "the store could not be asked");
		return;
	}
	if (strcmp(name, ours.store) != 0 && last < ours.event)
		tctl_doctor_find(to, TCTL_FOUND_GIT_FOREIGN, branch,
		    "Nothing, after a restore or a copy: taskctl commit goes "
		    "on from it; else taskctl sync",
		    "the newest commit of branch %s is of store %s, this one "
		    "is %s",
		    branch, name, ours.store);
	else if (last > ours.event)
		tctl_doctor_find(to, TCTL_FOUND_GIT_AHEAD, branch, NULL,
		    "branch %s knows event %lld, the store %lld at most",
		    branch, (long long)last, (long long)ours.event);
	else if (last < ours.event)
		tctl_doctor_find(to, TCTL_FOUND_GIT_BEHIND, branch, NULL,
		    "branch %s ends with event %lld, the store with %lld",
		    branch, (long long)last, (long long)ours.event);
	tctl_doctor_looked(to, "git", "branch %s holds events up to %lld",
	    branch, (long long)last);
}

void
tctl_doctor_git(
    struct tctl_doctor *to, struct tctl_ctx *ctx, struct tctl_store *store)
{
	const char *branch = ctx->config.git_branch;
	struct tctl_user_git call = { .arena = to->arena,
		.folder = ctx->place.root };
	struct tctl_error err;
	const char *ref;

	if (ctx->place.repo == NULL || branch == NULL ||
	    strcmp(branch, "HEAD") == 0) {
		tctl_doctor_skipped(to, "git",
		    ctx->place.repo == NULL ? "no repository"
					    : "progress goes into HEAD");
		return;
	}
	ref = tctl_arena_printf(to->arena, "refs/heads/%s", branch);
	if (tctl_user_git(&call, &err, "log", "-1", "--format=%B", ref, "--",
		NULL) == TCTL_OK)
		compare(to, store, branch, call.out);
	else
		tctl_doctor_skipped(
		    to, "git", "there is no branch %s yet", branch);
}
