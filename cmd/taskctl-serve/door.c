/* door.c - who may come in: Host, Origin, the token. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <sha2.h>

#include "../taskctl/file_replace.h"
#include "serve.h"

/* --- the token --------------------------------------------------------------
 */

static void
write_hex(const uint8_t bytes[32], char out[SERVE_HEX])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* What the browser keeps, or a page holds, is not the token itself. */
static void
derive(const struct tctl_door *door, const char *purpose, char out[SERVE_HEX])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX sha;

	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)purpose, strlen(purpose));
	SHA256Update(&sha, (const uint8_t *)door->token, strlen(door->token));
	SHA256Final(digest, &sha);
	write_hex(digest, out);
}

static enum tctl_status
read_token(struct tctl_door *door, int fd, struct tctl_error *err)
{
	struct stat st;
	ssize_t length;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		tctl_fail(err, TCTL_EFAILED,
		    "%s is not for its owner alone, so it is no secret",
		    door->token_file);
		return tctl_hint(err, "chmod 600, or take it away and start "
				      "again for a new one");
	}
	length = read(fd, door->token, SERVE_HEX - 1);
	if (length != SERVE_HEX - 1 ||
	    strspn(door->token, "0123456789abcdef") != SERVE_HEX - 1)
		return tctl_fail(
		    err, TCTL_EFAILED, "%s holds no token", door->token_file);
	return TCTL_OK;
}

static enum tctl_status
make_token(struct tctl_door *door, struct tctl_error *err)
{
	int fd = open(door->token_file,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	uint8_t bytes[32];
	bool fine;

	if (fd < 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
		    door->token_file, strerror(errno));
	arc4random_buf(bytes, sizeof(bytes));
	write_hex(bytes, door->token);
	fine = fchmod(fd, 0600) == 0 &&
	       tctl_write_all(fd, door->token, SERVE_HEX - 1) &&
	       tctl_write_all(fd, "\n", 1);
	if (close(fd) == 0 && fine)
		return TCTL_OK;
	tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s", door->token_file,
	    strerror(errno));
	unlink(door->token_file);
	return TCTL_EFAILED;
}

enum tctl_status
tctl_door_token(
    struct tctl_door *door, const char *store, struct tctl_error *err)
{
	enum tctl_status status;
	int fd;

	if (door->no_token)
		return TCTL_OK;
	/* .tasks/.gitignore has taskctl.db*: it cannot be committed. */
	door->token_file = tctl_xprintf("%s-serve", store);
	fd = open(door->token_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		status = make_token(door, err);
	else if (fd < 0)
		status = tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s",
		    door->token_file, strerror(errno));
	else
		status = read_token(door, fd, err);
	if (fd >= 0)
		close(fd);
	derive(door, "taskctl cookie:", door->cookie);
	derive(door, "taskctl form:", door->form);
	return status;
}

/* As long for a wrong one as for a nearly right one. */
static bool
is_secret(const char *text, const char *secret)
{
	unsigned differs = 0;

	if (strlen(text) != SERVE_HEX - 1)
		return false;
	for (int i = 0; i < SERVE_HEX - 1; i++)
		differs |= (unsigned char)text[i] ^ (unsigned char)secret[i];
	return differs == 0;
}

bool
tctl_door_token_is(const struct tctl_door *door, const char *text)
{
	return !door->no_token && is_secret(text, door->token);
}

bool
tctl_door_form_is(const struct tctl_door *door, const char *text)
{
	return !door->no_token && is_secret(text, door->form);
}

bool
tctl_door_knows(const struct tctl_door *door, struct MHD_Connection *connection)
{
	static const char bearer[] = "Bearer ";
	const char *cookie, *header;

	if (door->no_token)
		return true;
	header = MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
	if (header != NULL &&
	    strncasecmp(header, bearer, sizeof(bearer) - 1) == 0 &&
	    is_secret(header + sizeof(bearer) - 1, door->token))
		return true;
	cookie = MHD_lookup_connection_value(
	    connection, MHD_COOKIE_KIND, door->cookie_name);
	return cookie != NULL && is_secret(cookie, door->cookie);
}

/* --- Host and Origin --------------------------------------------------------
 */

/* As Host spells an address: an IPv6 one in brackets. */
static void
add_host(struct tctl_door *door, const char *name, unsigned port,
    struct tctl_arena *arena)
{
	const char *form =
	    strchr(name, ':') != NULL && name[0] != '[' ? "[%s]" : "%s";
	char *bare = tctl_arena_printf(arena, form, name);

	tctl_strings_add(
	    arena, &door->hosts, tctl_arena_printf(arena, "%s:%u", bare, port));
	if (port == (door->behind_tls ? 443 : 80))
		tctl_strings_add(arena, &door->hosts, bare);
}

void
tctl_door_hosts(struct tctl_door *door, const struct tctl_serve_req *req,
    unsigned port, struct tctl_arena *arena)
{
	static const char *const loopback[] = { "127.0.0.1", "localhost",
		"::1" };

	for (size_t i = 0; i < TCTL_COUNT(loopback); i++)
		add_host(door, loopback[i], port, arena);
	for (size_t i = 0; i < req->listen.count; i++)
		add_host(door, req->listen.at[i], port, arena);
	/* As it was given: what a proxy hands on has the proxy's port. */
	for (size_t i = 0; i < req->hosts.count; i++)
		tctl_strings_add(arena, &door->hosts, req->hosts.at[i]);
	snprintf(door->cookie_name, sizeof(door->cookie_name), "%staskctl_%u",
	    door->behind_tls ? "__Host-" : "", port);
	snprintf(door->agent_name, sizeof(door->agent_name), "%s_agent",
	    door->cookie_name);
}

static bool
is_ours(const struct tctl_door *door, const char *host)
{
	for (size_t i = 0; i < door->hosts.count; i++)
		if (strcasecmp(door->hosts.at[i], host) == 0)
			return true;
	return false;
}

/* Does a page of ours say where it is from so?  A name that was bound to this
 * address behind the browser's back never does. */
static bool
is_our_origin(const struct tctl_door *door, const char *origin)
{
	const char *scheme = door->behind_tls ? "https://" : "http://";

	return strncasecmp(origin, scheme, strlen(scheme)) == 0 &&
	       is_ours(door, origin + strlen(scheme));
}

/* Of two, a proxy in front may have looked at the other one. */
static enum MHD_Result
count_one(
    void *into, enum MHD_ValueKind kind, const char *key, const char *value)
{
	unsigned *count = into;

	(void)kind;
	(void)value;
	if (strcasecmp(key, MHD_HTTP_HEADER_HOST) == 0)
		count[0]++;
	else if (strcasecmp(key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0 ||
		 strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0)
		count[1]++;
	return MHD_YES;
}

static bool
is_one_request(struct MHD_Connection *connection)
{
	unsigned count[2] = { 0, 0 }; /* names of hosts, ends of the body */

	MHD_get_connection_values(
	    connection, MHD_HEADER_KIND, count_one, count);
	return count[0] <= 1 && count[1] <= 1;
}

unsigned
tctl_door_origin(const struct tctl_door *door,
    struct MHD_Connection *connection, const char **why)
{
	const char *host = MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
	const char *origin = MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN);

	if (!is_one_request(connection)) {
		*why = "the request says two things at once";
		return MHD_HTTP_BAD_REQUEST;
	}
	if (host == NULL || !is_ours(door, host)) {
		*why = "this is not the host that was asked for; --host adds "
		       "a name";
		return MHD_HTTP_MISDIRECTED_REQUEST;
	}
	if (origin != NULL && !is_our_origin(door, origin)) {
		*why = "the request comes from another site's page";
		return MHD_HTTP_FORBIDDEN;
	}
	return 0;
}
