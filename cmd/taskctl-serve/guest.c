/* guest.c - connections, and how long each may take to say what it wants. */
#include <stdlib.h>
#include <sys/socket.h>

#include "serve.h"

/* A connection, from its first byte to its last. */
struct tctl_guest {
	struct tctl_guest *next, **link;
	struct MHD_Connection *connection;
	int64_t since_ms; /* when it came, or was answered last */
	bool busy;	  /* all of its request is here */
};

void
tctl_serve_connection(void *cls, struct MHD_Connection *connection,
    void **socket, enum MHD_ConnectionNotificationCode how)
{
	struct tctl_serve *serve = cls;
	struct tctl_guest *guest = *socket;

	if (how == MHD_CONNECTION_NOTIFY_STARTED) {
		guest = tctl_xcalloc(1, sizeof(*guest));
		guest->connection = connection;
		guest->since_ms = tctl_serve_clock();
		guest->next = serve->guests;
		guest->link = &serve->guests;
		if (guest->next != NULL)
			guest->next->link = &guest->next;
		serve->guests = guest;
		*socket = guest;
	} else if (guest != NULL) {
		*guest->link = guest->next;
		if (guest->next != NULL)
			guest->next->link = guest->link;
		free(guest);
		*socket = NULL;
	}
}

static struct tctl_guest *
guest_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

/* One byte at a time keeps a connection from being idle, not from this. */
void
tctl_serve_guests(struct tctl_serve *serve)
{
	int64_t oldest = tctl_serve_clock() - SERVE_TIMEOUT_S * 1000;
	struct tctl_guest *next;

	for (struct tctl_guest *g = serve->guests; g != NULL; g = next) {
		const union MHD_ConnectionInfo *info;

		next = g->next;
		if (g->busy || g->since_ms > oldest)
			continue;
		info = MHD_get_connection_info(
		    g->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		if (info != NULL)
			shutdown(info->connect_fd, SHUT_RDWR);
		g->busy = true; /* once */
	}
}

void
tctl_guest_is_busy(struct MHD_Connection *connection, bool busy)
{
	struct tctl_guest *guest = guest_of(connection);

	if (guest == NULL)
		return;
	guest->busy = busy;
	guest->since_ms = tctl_serve_clock();
}
