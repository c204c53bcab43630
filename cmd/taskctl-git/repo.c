/* repo.c - the repository, opened so that nothing but objects and refs can be
 * touched; and the author of what is written there. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../taskctl/ctx.h"
#include "git.h"
#include "taskctl/text.h"

enum tctl_status
tctl_git_fail(struct tctl_error *err, const char *fmt, ...)
{
	const git_error *said = git_error_last();
	char what[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return tctl_fail(err, TCTL_EFAILED, "cannot %s: %s", what,
	    said != NULL && said->message != NULL ? said->message
						  : "libgit2 says no more");
}

/*
 * Extensions of the repository's format that libgit2 1.5 does not know but that
 * change nothing for one who only adds objects and moves a ref.  git itself
 * sets the first ones (sparse-checkout, clone --filter, worktree add).  What
 * changes the objects or the refs (objectformat, refstorage) is not here.
 */
static void
accept_harmless_extensions(void)
{
	static const char *const harmless[] = { "worktreeconfig",
		"partialclone", "relativeworktrees", "preciousobjects" };

	(void)git_libgit2_opts(
	    GIT_OPT_SET_EXTENSIONS, harmless, TCTL_COUNT(harmless));
}

static enum tctl_status
open_repository(const struct tctl_place *place, git_repository **out,
    struct tctl_error *err)
{
	git_buf found = GIT_BUF_INIT;
	const char *path = place->repo;
	int rc;

	tctl_git_use_memory();
	if (git_libgit2_init() < 0)
		return tctl_git_fail(err, "start libgit2");
	accept_harmless_extensions();
	/* A power cut must not leave a branch that points to an empty file:
	 * that would break the repository, and not only our branch. */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	/* .tasks/ may lie in a bare repository itself. */
	if (path == NULL &&
	    git_repository_discover(&found, place->root, 0, NULL) == 0)
		path = found.ptr;
	if (path == NULL) {
		git_buf_dispose(&found);
		tctl_fail(err, TCTL_EFAILED,
		    "%s is in no git repository, so there is nowhere to "
		    "commit progress to",
		    place->root);
		return tctl_hint(err, "all other commands work without one");
	}
	/* As a bare one: index and work tree are out of reach. */
	rc = git_repository_open_ext(out, path,
	    GIT_REPOSITORY_OPEN_BARE | GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	if (rc != 0)
		tctl_git_fail(err, "use the git repository %s", path);
	git_buf_dispose(&found);
	return rc == 0 ? TCTL_OK : TCTL_EFAILED;
}

static enum tctl_status
name_ref(struct tctl_arena *arena, const char *branch, const char **out,
    struct tctl_error *err)
{
	int valid = 0;

	*out = tctl_arena_printf(arena, "refs/heads/%s", branch);
	if (git_branch_name_is_valid(&valid, branch) == 0 && valid &&
	    strncmp(branch, "refs/", 5) != 0)
		return TCTL_OK;
	return tctl_fail(err, TCTL_EINVALID,
	    "git.branch: \"%.100s\" is not a branch's name", branch);
}

enum tctl_status
tctl_git_open(
    const struct tctl_ctx *ctx, struct tctl_git *out, struct tctl_error *err)
{
	enum tctl_status status;

	*out = (struct tctl_git){ .arena = ctx->arena,
		.place = &ctx->place,
		.config = &ctx->config,
		.coord = &ctx->coord,
		.branch = ctx->config.git_branch,
		.queue = -1 };
	status = open_repository(out->place, &out->repo, err);
	if (status == TCTL_OK && strcmp(out->branch, "HEAD") == 0)
		return tctl_git_head_open(out, err);
	if (status == TCTL_OK)
		status = name_ref(out->arena, out->branch, &out->ref, err);
	return status;
}

void
tctl_git_close(struct tctl_git *git)
{
	git_repository_free(git->checkout);
	git_repository_free(git->repo);
	git->repo = git->checkout = NULL;
}

/* --- the author --------------------------------------------------------------
 */

/* Without what would end a name or an address in a commit (< > and control
 * characters) or is not UTF-8; blanks too where it is an address.  Owned. */
static char *
clean(const char *text, bool is_address)
{
	char *out = NULL, *to;
	size_t bytes;
	FILE *memory = open_memstream(&out, &bytes);

	if (memory == NULL)
		tctl_die_nomem();
	tctl_text_inert(memory, text);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	to = out;
	for (const char *p = out; *p != '\0'; p++)
		if (strchr("<>\\\"", *p) == NULL && !(is_address && *p == ' '))
			*to++ = *p;
	*to = '\0';
	return out;
}

/* Owned, or NULL: the configuration does not say. */
static char *
configured(git_config *config, const char *key)
{
	const char *value;

	if (git_config_get_string(&value, config, key) != 0 ||
	    value[strspn(value, " \t")] == '\0')
		return NULL;
	return clean(value, strcmp(key, "user.email") == 0);
}

static char *
address_of(const char *agent)
{
	char host[256] = "localhost", *plain = clean(agent, true), *address;

	(void)gethostname(host, sizeof(host) - 1);
	for (char *p = plain; *p != '\0'; p++)
		if (*p == '@')
			*p = '_';
	address = tctl_xprintf("%s@%s", plain, host);
	free(plain);
	return address;
}

enum tctl_status
tctl_git_author(git_repository *repo, const char *agent, git_signature **out,
    struct tctl_error *err)
{
	const char *fallback = agent != NULL ? agent : "taskctl";
	git_config *config = NULL;
	char *name, *address;
	int rc = git_repository_config_snapshot(&config, repo);

	if (rc != 0)
		return tctl_git_fail(err, "read git's configuration");
	name = configured(config, "user.name");
	address = configured(config, "user.email");
	if (name == NULL)
		name = clean(fallback, false);
	if (address == NULL)
		address = address_of(fallback);
	rc = git_signature_now(out, name, address);
	if (rc != 0) /* a name of nothing but dots */
		rc = git_signature_now(out, "taskctl", "taskctl@localhost");
	free(name);
	free(address);
	git_config_free(config);
	return rc == 0 ? TCTL_OK : tctl_git_fail(err, "name the author");
}
