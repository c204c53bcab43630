/* listen.c - where it listens: on this machine, unless it is told more. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve.h"

static bool
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(
		    &((const struct sockaddr_in6 *)(const void *)address)
			 ->sin6_addr);
	return ntohl(((const struct sockaddr_in *)(const void *)address)
			 ->sin_addr.s_addr) >>
		   24 ==
	       127;
}

/* A number, not a name: what is listened on is seen in the command. */
static struct addrinfo *
read_address(const char *text, unsigned port)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
	struct addrinfo *found = NULL;
	char service[16];

	snprintf(service, sizeof(service), "%u", port);
	return getaddrinfo(text, service, &hints, &found) == 0 ? found : NULL;
}

enum tctl_status
tctl_listen_check(const struct tctl_serve_req *req, struct tctl_error *err)
{
	bool beyond = false;

	if (req->port > 65535)
		return tctl_fail(err, TCTL_EUSAGE, "there is no such port");
	for (size_t i = 0; i < req->listen.count; i++) {
		struct addrinfo *found = read_address(req->listen.at[i], 0);

		if (found == NULL)
			return tctl_fail(err, TCTL_EUSAGE,
			    "listen: \"%s\" is no address", req->listen.at[i]);
		beyond = beyond || !is_loopback(found->ai_addr);
		freeaddrinfo(found);
	}
	if (beyond && !req->behind_tls) {
		tctl_fail(err, TCTL_EUSAGE,
		    "beyond this machine the token and all else could be "
		    "read on the way");
		return tctl_hint(err, "put a proxy in front that speaks TLS, "
				      "and say so with --behind-tls");
	}
	if (beyond && req->no_token)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--no-token is for this machine alone");
	if (req->behind_tls && req->hosts.count == 0)
		return tctl_fail(err, TCTL_EUSAGE,
		    "--behind-tls needs --host: the name that browsers use");
	if (req->write && req->no_token)
		return tctl_fail(err, TCTL_EUSAGE,
		    "--write needs the token: it is instead of --no-token");
	return TCTL_OK;
}

static int
open_socket(const struct addrinfo *at)
{
	int fd = socket(
	    at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, 128) == 0)
		return fd;
	close(fd);
	return -1;
}

static unsigned
port_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		return 0;
	return ntohs(address.ss_family == AF_INET6
			 ? ((struct sockaddr_in6 *)&address)->sin6_port
			 : ((struct sockaddr_in *)&address)->sin_port);
}

static void
say_nothing(void *cls, const char *format, va_list list)
{
	(void)cls;
	(void)format;
	(void)list;
}

static struct MHD_Daemon *
start_daemon(struct tctl_serve *serve, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0,
	    NULL, NULL, tctl_serve_request, serve, MHD_OPTION_EXTERNAL_LOGGER,
	    say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVE_CONNECTIONS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVE_TIMEOUT_S,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVE_HEADERS,
	    MHD_OPTION_NOTIFY_COMPLETED, tctl_serve_completed, serve,
	    MHD_OPTION_NOTIFY_CONNECTION, tctl_serve_connection, serve,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static enum tctl_status
listen_on(struct tctl_serve *serve, const char *text, bool optional,
    struct tctl_error *err)
{
	struct addrinfo *at = read_address(text, serve->port);
	int fd = at == NULL ? -1 : open_socket(at);
	int error = errno;

	if (at != NULL)
		freeaddrinfo(at);
	if (fd < 0 && optional && error != EADDRINUSE)
		return TCTL_OK; /* a machine without IPv6 */
	if (fd >= 0 && serve->port == 0)
		serve->port = port_of(fd);
	if (fd >= 0)
		serve->daemon[serve->daemons] = start_daemon(serve, fd);
	if (fd >= 0 && serve->daemon[serve->daemons] != NULL) {
		serve->daemons++;
		return TCTL_OK;
	}
	if (fd >= 0)
		close(fd);
	tctl_fail(err, TCTL_EFAILED, "cannot listen on %s, port %u: %s", text,
	    serve->port, strerror(error));
	if (error == EADDRINUSE)
		tctl_hint(err, "--port 0 takes any that is free");
	return TCTL_EFAILED;
}

enum tctl_status
tctl_listen(struct tctl_serve *serve, struct tctl_error *err)
{
	const struct tctl_strings *list = &serve->req->listen;
	enum tctl_status status = TCTL_OK;

	serve->port =
	    serve->req->port < 0 ? SERVE_PORT : (unsigned)serve->req->port;
	if (list->count == 0) {
		status = listen_on(serve, "127.0.0.1", false, err);
		if (status == TCTL_OK)
			status = listen_on(serve, "::1", true, err);
	}
	for (size_t i = 0; i < list->count && status == TCTL_OK; i++)
		status = i >= SERVE_DAEMONS
			     ? tctl_fail(err, TCTL_EUSAGE,
				   "%d addresses are the most", SERVE_DAEMONS)
			     : listen_on(serve, list->at[i], false, err);
	return status;
}
