/* nothing.c - an HTTP server that does nothing: what a crowd of browsers costs
 * a machine of two cores before anybody has served them.
 *
 * Every request is answered "not modified"; whoever asks for events gets a
 * stream, on which it says something as long as an event whenever it is told
 * to.  One child of the benchmark, which waits in epoll. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

enum { GUESTS = 1024, EVENT_BYTES = 250 };

struct nothing {
	int listens; /* socket */
	int told;    /* end of a pipe */
	int epoll;
	bool is_stream[GUESTS]; /* by descriptor */
};

static const char unchanged[] = "HTTP/1.1 304 Not Modified\r\n"
				"ETag: \"0123456789abcdef\"\r\n"
				"Cache-Control: private, no-cache\r\n\r\n";
/* With a first event, as if it came in chunks. */
static const char stream[] = "HTTP/1.1 200 OK\r\n"
			     "Content-Type: text/event-stream\r\n\r\n"
			     "1d\r\nid: 1\nevent: hello\ndata: {}\n\n";

static void
watch(struct nothing *nothing, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (fd < 0 || fd >= GUESTS ||
	    epoll_ctl(nothing->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		bench_die("the do-nothing server: %s", strerror(errno));
}

static void
say(int fd, const char *text, size_t length)
{
	(void)send(fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A request is short, and comes in one piece. */
static void
answer(struct nothing *nothing, int fd)
{
	char text[4096];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n <= 0) {
		nothing->is_stream[fd] = false;
		close(fd);
		return;
	}
	text[n] = '\0';
	nothing->is_stream[fd] = strstr(text, "/api/v1/events") != NULL;
	if (nothing->is_stream[fd])
		say(fd, stream, sizeof(stream) - 1);
	else
		say(fd, unchanged, sizeof(unchanged) - 1);
}

static void
tell_all(struct nothing *nothing)
{
	char bytes[256], text[EVENT_BYTES];

	if (read(nothing->told, bytes, sizeof(bytes)) <= 0)
		_exit(0);
	memset(text, 'x', sizeof(text));
	for (int fd = 0; fd < GUESTS; fd++)
		if (nothing->is_stream[fd])
			say(fd, text, sizeof(text));
}

static void
serve_nothing(void *with)
{
	struct nothing *nothing = with;
	struct epoll_event event[64];

	nothing->epoll = epoll_create1(EPOLL_CLOEXEC);
	watch(nothing, nothing->listens);
	watch(nothing, nothing->told);
	for (;;) {
		int n = epoll_wait(nothing->epoll, event, 64, -1);

		for (int i = 0; i < n; i++) {
			int fd = event[i].data.fd;

			if (fd == nothing->listens)
				watch(nothing, accept(fd, NULL, NULL));
			else if (fd == nothing->told)
				tell_all(nothing);
			else
				answer(nothing, fd);
		}
	}
}

void
bench_nothing_start(struct bench_nothing *out)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(at);
	struct nothing nothing = { 0 };
	int pipes[2];

	nothing.listens = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (nothing.listens < 0 || pipe(pipes) != 0 ||
	    bind(nothing.listens, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(nothing.listens, 512) != 0 ||
	    getsockname(nothing.listens, (struct sockaddr *)&at, &length) != 0)
		bench_die("cannot listen: %s", strerror(errno));
	nothing.told = pipes[0];
	out->port = ntohs(at.sin_port);
	out->tell = pipes[1];
	out->pid = bench_child_start(serve_nothing, &nothing);
	close(nothing.listens);
	close(pipes[0]);
}

void
bench_nothing_tell(const struct bench_nothing *nothing)
{
	if (write(nothing->tell, "", 1) != 1)
		bench_die("the do-nothing server has ended");
}

void
bench_nothing_stop(struct bench_nothing *nothing)
{
	bench_child_stop(nothing->pid);
	close(nothing->tell);
}
