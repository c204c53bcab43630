/* remote.c - what goes over a wire is done by the user's own git: its
 * credentials, hooks and protocols. */
#include <stdlib.h>
#include <string.h>

#include "../taskctl/child.h"
#include "git.h"

/* Run git in the repository; out NULL: what it answers does not matter. */
static enum tctl_status
run(const struct tctl_git *git, const char *const args[], int *code, char **out,
    struct tctl_error *err)
{
	enum { ARGS_MOST = 16 };
	char *folder =
	    tctl_xprintf("--git-dir=%s", git_repository_commondir(git->repo));
	char *argv[ARGS_MOST] = { tctl_arena_strdup(git->arena, "git"),
		folder };
	struct tctl_child child = {
		.argv = argv, .folder = git->place->root, .shows = true
	};
	enum tctl_status status;

	for (size_t i = 0; args[i] != NULL; i++)
		argv[i + 2] = tctl_arena_strdup(git->arena, args[i]);
	status = tctl_child_run(&child, err);
	*code = child.code;
	if (status == TCTL_OK && child.code == TCTL_CHILD_NOT_INSTALLED)
		status = tctl_fail(err, TCTL_EFAILED,
		    "git is not installed: fetch and push are its");
	if (status == TCTL_OK && out != NULL) {
		*out = child.out;
		child.out = NULL;
	}
	tctl_child_release(&child);
	free(folder);
	return status;
}

/* As git_remote_list, which looks by a regular expression and leaks what
 * libgit2 1.5 needs for each match. */
enum tctl_status
tctl_git_remotes(const struct tctl_git *git, struct tctl_strings *out,
    struct tctl_error *err)
{
	static const char head[] = "remote.", tail[] = ".url";
	git_config *config = NULL;
	git_config_iterator *it = NULL;
	git_config_entry *entry;
	int rc = git_repository_config_snapshot(&config, git->repo);

	*out = (struct tctl_strings){ NULL, 0 };
	if (rc == 0)
		rc = git_config_iterator_new(&it, config);
	if (rc == 0)
		while (git_config_next(&entry, it) == 0) {
			size_t length = strlen(entry->name);

			if (length < sizeof(head) + sizeof(tail) - 1 ||
			    strncmp(entry->name, head, sizeof(head) - 1) != 0 ||
			    strcmp(entry->name + length - sizeof(tail) + 1,
				tail) != 0)
				continue;
			/* One may have several addresses. */
			if (out->count > 0 &&
			    strncmp(out->at[out->count - 1],
				entry->name + sizeof(head) - 1,
				strlen(out->at[out->count - 1])) == 0 &&
			    strlen(out->at[out->count - 1]) ==
				length - sizeof(head) - sizeof(tail) + 2)
				continue;
			tctl_strings_add(git->arena, out,
			    tctl_arena_strndup(git->arena,
				entry->name + sizeof(head) - 1,
				length - sizeof(head) - sizeof(tail) + 2));
		}
	git_config_iterator_free(it);
	git_config_free(config);
	return rc == 0 ? TCTL_OK
		       : tctl_git_fail(err, "read git's configuration");
}

enum tctl_status
tctl_git_remote_name(
    const struct tctl_git *git, const char **out, struct tctl_error *err)
{
	char *key = tctl_xprintf("branch.%s.remote", git->branch);
	struct tctl_strings all;
	git_config *config = NULL;
	const char *value = NULL;
	enum tctl_status status = tctl_git_remotes(git, &all, err);

	*out = NULL;
	if (status == TCTL_OK &&
	    git_repository_config_snapshot(&config, git->repo) != 0)
		status = tctl_git_fail(err, "read git's configuration");
	if (config != NULL && git_config_get_string(&value, config, key) == 0)
		*out = tctl_arena_strdup(git->arena, value);
	for (size_t i = 0; *out == NULL && i < all.count; i++)
		if (strcmp(all.at[i], "origin") == 0 || all.count == 1)
			*out = all.at[i];
	git_config_free(config);
	free(key);
	if (status != TCTL_OK)
		return status;
	if (*out == NULL) {
		tctl_fail(err, TCTL_ENOTFOUND,
		    all.count == 0 ? "the repository has no remote"
				   : "the repository has several remotes, and "
				     "none is called origin");
		tctl_hint(err, "say which, as in: taskctl sync REMOTE");
	}
	return *out == NULL ? TCTL_ENOTFOUND : TCTL_OK;
}

/* "OID\trefs/heads/BRANCH", one line of it. */
static bool
read_answer(const char *text, const char *ref, git_oid *out)
{
	const char *tab = strchr(text, '\t');

	return tab != NULL && (size_t)(tab - text) == GIT_OID_HEXSZ &&
	       strncmp(tab + 1, ref, strlen(ref)) == 0 &&
	       tab[1 + strlen(ref)] == '\n' &&
	       git_oid_fromstrn(out, text, GIT_OID_HEXSZ) == 0;
}

enum tctl_status
tctl_git_remote_look(const struct tctl_git *git, struct tctl_git_remote *remote,
    struct tctl_error *err)
{
	const char *const args[] = { "ls-remote", "--", remote->name, git->ref,
		NULL };
	char *text = NULL;
	int code;
	enum tctl_status status = run(git, args, &code, &text, err);

	if (status == TCTL_OK && code != 0) {
		status = tctl_fail(err, TCTL_EFAILED,
		    "the remote %s could not be reached; nothing was changed",
		    remote->name);
		tctl_hint(err, "git has said why");
	}
	if (status == TCTL_OK)
		remote->has_branch = read_answer(text, git->ref, &remote->tip);
	if (status == TCTL_OK && !remote->has_branch && text[0] != '\0')
		status = tctl_fail(err, TCTL_EFAILED,
		    "git's answer about the remote %s cannot be read",
		    remote->name);
	free(text);
	return status;
}

static bool
has_commit(const struct tctl_git *git, const git_oid *id)
{
	git_commit *commit = NULL;
	bool has = git_commit_lookup(&commit, git->repo, id) == 0;

	git_commit_free(commit);
	return has;
}

/* Is all of it here?  That the commit is says little: a fetch that was killed
 * leaves commits without their trees.  What a branch holds is whole, and for
 * all else git looks before it fetches. */
static bool
is_in_branch(const struct tctl_git *git, const git_oid *id)
{
	git_oid tip;

	return git_reference_name_to_id(&tip, git->repo, git->ref) == 0 &&
	       (git_oid_equal(&tip, id) ||
		   git_graph_descendant_of(git->repo, &tip, id) == 1);
}

enum tctl_status
tctl_git_remote_fetch(const struct tctl_git *git,
    const struct tctl_git_remote *remote, struct tctl_error *err)
{
	/* Whole, also into a clone that leaves out or cuts off. */
	const char *const args[] = { "fetch", "--quiet", "--no-tags",
		"--no-write-fetch-head", "--no-filter", "--", remote->name,
		git->ref, NULL };
	int code;
	enum tctl_status status;

	if (is_in_branch(git, &remote->tip))
		return TCTL_OK;
	status = run(git, args, &code, NULL, err);
	if (status != TCTL_OK)
		return status;
	if (code != 0) {
		tctl_fail(err, TCTL_EFAILED,
		    "git could not fetch branch %s from %s; nothing was "
		    "changed",
		    git->branch, remote->name);
		return tctl_hint(err, "git has said why");
	}
	return has_commit(git, &remote->tip)
		   ? TCTL_OK
		   : tctl_fail(err, TCTL_ESTALE,
			 "branch %s of %s moved while it was fetched",
			 git->branch, remote->name);
}

enum tctl_status
tctl_git_remote_push(const struct tctl_git *git,
    const struct tctl_git_remote *remote, const git_oid *to,
    struct tctl_error *err)
{
	char *what = tctl_xprintf("%s:%s", git_oid_tostr_s(to), git->ref);
	/* Never forced: git itself refuses what would lose a commit. */
	const char *const args[] = { "push", "--quiet", "--", remote->name,
		what, NULL };
	int code;
	enum tctl_status status = run(git, args, &code, NULL, err);

	if (status == TCTL_OK && code != 0) {
		status = tctl_fail(err, TCTL_ESTALE,
		    "git could not push branch %s to %s", git->branch,
		    remote->name);
		tctl_hint(err,
		    "git has said why; what was taken in stays, and the next "
		    "sync goes on");
	}
	free(what);
	return status;
}
