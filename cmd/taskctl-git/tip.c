/* tip.c - the newest progress commit: what it says of itself, and moving the
 * branch on from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "../taskctl/trailer.h"
#include "git.h"
#include "taskctl/replay.h"

/* --- reading
 * ------------------------------------------------------------------ */

static enum tctl_status
read_trailers(const struct tctl_git *git, struct tctl_git_tip *tip,
    struct tctl_error *err)
{
	const char *message = git_commit_message(tip->commit);
	const char *wrong = "";
	char number[24];

	if (message != NULL &&
	    tctl_trailer_last(message, "Last-Event", number, sizeof(number)) &&
	    tctl_trailer_last(
		message, "Store", tip->store, sizeof(tip->store))) {
		tip->event = strtonum(number, 1, TCTL_NUMBER_MOST, &wrong);
		if (wrong == NULL && tip->store[0] != '\0' &&
		    tip->store[strspn(tip->store, "0123456789abcdef")] == '\0')
			return TCTL_OK;
	}
	tctl_fail(err, TCTL_EFAILED,
	    "the newest commit of branch %s (%.7s) was not made by taskctl: "
	    "it does not say which events it holds",
	    git->branch, git_oid_tostr_s(&tip->id));
	return tctl_hint(err,
	    "progress can go to another branch: taskctl config git.branch "
	    "NAME");
}

/* Whoever has the branch checked out would find files changed behind his back
 * and commit them back to what they were. */
static enum tctl_status
check_not_checked_out(const struct tctl_git *git, const git_reference *branch,
    struct tctl_error *err)
{
	git_reference *head = NULL;
	git_config *config = NULL;
	int bare = 0, rc = GIT_ENOTFOUND;
	bool taken = branch != NULL && git_branch_is_checked_out(branch) == 1;
	bool unread;

	(void)git_repository_config_snapshot(&config, git->repo);
	if (config != NULL)
		(void)git_config_get_bool(&bare, config, "core.bare");
	/* Also when the branch is not born yet. */
	if (!bare)
		rc = git_reference_lookup(&head, git->repo, "HEAD");
	/* Garbage names no branch; what the disk does not tell may. */
	unread = rc == GIT_ERROR && git_error_last() != NULL &&
		 git_error_last()->klass == GIT_ERROR_OS;
	if (rc == 0 && git_reference_type(head) == GIT_REFERENCE_SYMBOLIC)
		taken = taken || strcmp(git_reference_symbolic_target(head),
				     git->ref) == 0;
	git_reference_free(head);
	git_config_free(config);
	if (unread)
		return tctl_git_fail(err, "read HEAD");
	if (!taken)
		return TCTL_OK;
	tctl_fail(err, TCTL_EFAILED,
	    "branch %s is checked out in a working tree; progress is "
	    "committed only to a branch that nobody works on",
	    git->branch);
	return tctl_hint(err,
	    "leave it there, or use another one: taskctl config git.branch "
	    "NAME");
}

/* A branch beneath ours (taskctl/x) leaves no room for it; packed, libgit2
 * would not notice. */
static enum tctl_status
check_room(const struct tctl_git *git, struct tctl_error *err)
{
	char *glob = tctl_xprintf("%s/*", git->ref);
	git_reference_iterator *beneath = NULL;
	const char *name = NULL;

	if (git_reference_iterator_glob_new(&beneath, git->repo, glob) == 0 &&
	    git_reference_next_name(&name, beneath) == 0)
		tctl_fail(err, TCTL_EFAILED,
		    "there can be no branch %s beside %s", git->branch,
		    name + strlen("refs/heads/"));
	else
		name = NULL;
	if (name != NULL)
		tctl_hint(err,
		    "progress can go to another branch: taskctl config "
		    "git.branch NAME");
	git_reference_iterator_free(beneath);
	free(glob);
	return name == NULL ? TCTL_OK : TCTL_EFAILED;
}

enum tctl_status
tctl_git_tip_at(const struct tctl_git *git, const git_oid *id,
    struct tctl_git_tip *out, struct tctl_error *err)
{
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->prefix = git->prefix;
	git_oid_cpy(&out->id, id);
	if (git_commit_lookup(&out->commit, git->repo, &out->id) != 0)
		return tctl_git_fail(
		    err, "read the newest commit of branch %s", git->branch);
	status = git->prefix != NULL ? tctl_git_head_tip(git, out, err)
				     : read_trailers(git, out, err);
	if (status != TCTL_OK)
		tctl_git_tip_release(out);
	return status;
}

static enum tctl_status
read_commit(const struct tctl_git *git, const git_reference *branch,
    struct tctl_git_tip *out, struct tctl_error *err)
{
	if (git_reference_type(branch) != GIT_REFERENCE_DIRECT)
		return tctl_fail(err, TCTL_EFAILED,
		    "branch %s is a symbolic reference", git->branch);
	return tctl_git_tip_at(git, git_reference_target(branch), out, err);
}

enum tctl_status
tctl_git_tip_read(const struct tctl_git *git, struct tctl_git_tip *out,
    struct tctl_error *err)
{
	git_reference *branch = NULL;
	enum tctl_status status;
	int rc = git_reference_lookup(&branch, git->repo, git->ref);

	memset(out, 0, sizeof(*out));
	out->prefix = git->prefix;
	if (rc != 0 && rc != GIT_ENOTFOUND)
		return tctl_git_fail(err, "read branch %s", git->branch);
	status = git->prefix != NULL ? TCTL_OK
				     : check_not_checked_out(git, branch, err);
	if (status == TCTL_OK && branch == NULL)
		status = check_room(git, err);
	if (status == TCTL_OK && branch != NULL)
		status = read_commit(git, branch, out, err);
	if (status != TCTL_OK)
		tctl_git_tip_release(out);
	git_reference_free(branch);
	return status;
}

void
tctl_git_tip_release(struct tctl_git_tip *tip)
{
	git_commit_free(tip->commit);
	tip->commit = NULL;
}

/* --- moving
 * -------------------------------------------------------------------- */

/* *same: is the branch where it was?  Asked while its lock is held. */
static int
is_at(const struct tctl_git *git, const struct tctl_git_tip *tip, bool *same)
{
	git_reference *branch = NULL;
	int rc = git_reference_lookup(&branch, git->repo, git->ref);

	if (tip->commit == NULL)
		*same = rc == GIT_ENOTFOUND;
	else
		*same = rc == 0 &&
			git_reference_type(branch) == GIT_REFERENCE_DIRECT &&
			git_oid_equal(git_reference_target(branch), &tip->id);
	git_reference_free(branch);
	return rc == GIT_ENOTFOUND ? 0 : rc;
}

enum tctl_status
tctl_git_tip_move(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const git_oid *to, struct tctl_error *err)
{
	git_transaction *move = NULL;
	enum tctl_status status = TCTL_OK;
	bool same = false;
	int rc;

	/* git_reference_create_matching would do for a branch that is there,
	 * but it looks for one that is not before it takes the lock: of two
	 * first committers the second would overwrite the first. */
	rc = git_transaction_new(&move, git->repo);
	if (rc == 0)
		tctl_git_queue_intend(git);
	if (rc == 0)
		rc = git_transaction_lock_ref(move, git->ref);
	if (rc == GIT_ELOCKED) {
		status = tctl_fail(err, TCTL_EBUSY,
		    "%s%s.lock is held by another program",
		    git_repository_path(git->repo), git->ref);
		goto out;
	}
	if (rc == 0)
		tctl_git_queue_note(git);
	if (rc == 0)
		rc = is_at(git, tip, &same);
	if (rc == 0 && !same) {
		status = tctl_fail(err, TCTL_ESTALE,
		    "another committer moved branch %s", git->branch);
		goto out;
	}
	if (rc == 0)
		rc = git_transaction_set_target(
		    move, git->ref, to, NULL, "taskctl commit");
	if (rc == 0)
		rc = git_transaction_commit(move);
	if (rc != 0)
		status = tctl_git_fail(err, "move branch %s", git->branch);
out:
	git_transaction_free(move);
	return status;
}
