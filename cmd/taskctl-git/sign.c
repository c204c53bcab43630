/* sign.c - commits signed by the program that git is configured to use, which
 * asks for what it needs: no key is ever seen here. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../taskctl/child.h"
#include "../taskctl/file_replace.h"
#include "git.h"
#include "taskctl/text.h"

/* gpg.format, and what signs so. */
/* clang-format off */
static const struct format {
	const char *name;
	const char *key[2]; /* of git's configuration; the first that is set */
	const char *program;
} format_row[] = {
	{ "openpgp", { "gpg.openpgp.program", "gpg.program" }, "gpg" },
	{ "x509",    { "gpg.x509.program", NULL }, "gpgsm" },
	{ "ssh",     { "gpg.ssh.program", NULL }, "ssh-keygen" },
};
/* clang-format on */

/* How to sign, as it is configured. */
struct signing {
	const struct tctl_git *git;
	git_config *config;
	const struct format *format;
	const char *program;
	const char *key; /* the arena's; of ssh the file, or what it holds */
};

static bool
is_word(const char *text, const char *word, const char *other)
{
	return strcmp(text, word) == 0 || strcmp(text, other) == 0;
}

/* Which key, is up to git's configuration. */
static bool
uses_any_key(const struct tctl_git *git)
{
	return is_word(git->config->git_sign, "on", "true");
}

static const char *
setting(const struct signing *how, const char *name)
{
	const char *value = NULL;

	if (name == NULL ||
	    git_config_get_string(&value, how->config, name) != 0 ||
	    *value == '\0')
		return NULL;
	return value;
}

static enum tctl_status
choose_program(struct signing *how, struct tctl_error *err)
{
	const char *name = setting(how, "gpg.format");

	for (size_t i = 0; i < TCTL_COUNT(format_row); i++)
		if (strcmp(name != NULL ? name : format_row[0].name,
			format_row[i].name) == 0)
			how->format = &format_row[i];
	if (how->format == NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    "cannot sign: gpg.format is \"%.60s\", which is neither "
		    "openpgp nor x509 nor ssh",
		    name);
	for (size_t i = 0; how->program == NULL && i < 2; i++)
		how->program = setting(how, how->format->key[i]);
	if (how->program == NULL)
		how->program = how->format->program;
	return TCTL_OK;
}

static bool
is_ssh(const struct signing *how)
{
	return strcmp(how->format->name, "ssh") == 0;
}

static enum tctl_status
choose_key(
    struct signing *how, const git_signature *who, struct tctl_error *err)
{
	how->key = uses_any_key(how->git) ? setting(how, "user.signingkey")
					  : how->git->config->git_sign;
	if (how->key == NULL && !is_ssh(how))
		how->key = tctl_arena_printf(
		    how->git->arena, "%s <%s>", who->name, who->email);
	if (how->key == NULL) {
		tctl_fail(err, TCTL_EFAILED,
		    "cannot sign: gpg.format is ssh, and user.signingkey does "
		    "not say which key");
		return tctl_hint(err,
		    "git config user.signingkey FILE, or taskctl config "
		    "git.sign FILE");
	}
	if (how->key[0] == '-')
		return tctl_fail(err, TCTL_EFAILED,
		    "cannot sign: \"%.60s\" is not a key", how->key);
	return TCTL_OK;
}

/* --- the programs ----------------------------------------------------------
 */

static enum tctl_status
fail_program(const struct signing *how, const struct tctl_child *child,
    struct tctl_error *err)
{
	char *said = tctl_xstrdup(child->said);

	if (child->code == TCTL_CHILD_NOT_INSTALLED)
		tctl_fail(err, TCTL_EFAILED,
		    "cannot sign: there is no program %s", how->program);
	else {
		/* What it says in the end is why; nothing of it may act on a
		 * terminal: errors are printed inert. */
		said[strcspn(said, "\n")] = '\0';
		tctl_fail(err, TCTL_EFAILED,
		    "cannot sign: %s ended with %d: %.300s", how->program,
		    child->code, said);
	}
	free(said);
	return tctl_hint(err, "signing is a choice: taskctl config git.sign");
}

/* Run it on the commit; out is what it writes, without the last newline, as
 * the header of a commit wants it. */
static enum tctl_status
run(const struct signing *how, const char *const argv[], const git_buf *commit,
    const char *proof, char **out, struct tctl_error *err)
{
	struct tctl_child child = { .argv = (char *const *)(uintptr_t)argv,
		.in = commit->ptr,
		.in_length = commit->size };
	enum tctl_status status = tctl_child_run(&child, err);

	if (status == TCTL_OK &&
	    (child.code != 0 || child.out_length == 0 ||
		(proof != NULL && strstr(child.said, proof) == NULL)))
		status = fail_program(how, &child, err);
	if (status == TCTL_OK) {
		*out = tctl_xstrdup(child.out);
		for (size_t n = strlen(*out); n > 0 && (*out)[n - 1] == '\n';)
			(*out)[--n] = '\0';
	}
	tctl_child_release(&child);
	return status;
}

static enum tctl_status
sign_gpg(const struct signing *how, const git_buf *commit, char **out,
    struct tctl_error *err)
{
	const char *const argv[] = { how->program, "--status-fd=2", "-bsau",
		how->key, NULL };

	return run(how, argv, commit, "[GNUPG:] SIG_CREATED ", out, err);
}

/* The public key itself, in place of a file's name; NULL: it is a name. */
static const char *
literal_key(const char *key)
{
	if (strncmp(key, "key::", 5) == 0)
		return key + 5;
	return strncmp(key, "ssh-", 4) == 0 ? key : NULL;
}

static enum tctl_status
sign_ssh(const struct signing *how, const git_buf *commit, char **out,
    struct tctl_error *err)
{
	const char *literal = literal_key(how->key), *file = how->key;
	char *temporary = NULL;
	git_buf path = GIT_BUF_INIT;
	enum tctl_status status = TCTL_OK;
	int fd = -1;

	if (literal != NULL) {
		/* A public key: the agent holds the other one. */
		temporary = tctl_xprintf("%staskctl-key-XXXXXX",
		    git_repository_commondir(how->git->repo));
		fd = mkstemp(temporary);
		file = temporary;
		if (fd < 0 || !tctl_write_all(fd, literal, strlen(literal)) ||
		    !tctl_write_all(fd, "\n", 1))
			status = tctl_fail(
			    err, TCTL_EFAILED, "cannot write %s", temporary);
	} else if (uses_any_key(how->git) &&
		   git_config_get_path(&path, how->config, "user.signingkey") ==
		       0)
		file = path.ptr; /* "~/…" */
	if (status == TCTL_OK) {
		const char *const argv[] = { how->program, "-Y", "sign", "-n",
			"git", "-f", file, literal != NULL ? "-U" : NULL,
			NULL };

		status = run(how, argv, commit, NULL, out, err);
	}
	if (fd >= 0) {
		close(fd);
		(void)unlink(temporary);
	}
	git_buf_dispose(&path);
	free(temporary);
	return status;
}

/* --- the commit ------------------------------------------------------------
 */

bool
tctl_git_signs(const struct tctl_git *git)
{
	const char *asked = git->config->git_sign;

	return asked != NULL && !is_word(asked, "off", "false");
}

enum tctl_status
tctl_git_sign(const struct tctl_git *git, const git_buf *commit,
    const git_signature *who, git_oid *out, struct tctl_error *err)
{
	struct signing how = { .git = git };
	char *signature = NULL;
	enum tctl_status status = TCTL_OK;

	if (git_repository_config_snapshot(&how.config, git->repo) != 0)
		return tctl_git_fail(err, "read git's configuration");
	status = choose_program(&how, err);
	if (status == TCTL_OK)
		status = choose_key(&how, who, err);
	if (status == TCTL_OK)
		status = is_ssh(&how) ? sign_ssh(&how, commit, &signature, err)
				      : sign_gpg(&how, commit, &signature, err);
	if (status == TCTL_OK &&
	    git_commit_create_with_signature(
		out, git->repo, commit->ptr, signature, NULL) != 0)
		status = tctl_git_fail(err, "write the signed commit");
	free(signature);
	git_config_free(how.config);
	return status;
}
