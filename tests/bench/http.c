/* http.c - one request over a bare socket, from connect to the last byte. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

int
bench_http_connect(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		bench_die("cannot reach port %u: %s", port, strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

void
bench_http_send(int fd, unsigned port, const char *path, const char *header)
{
	char *text = bench_text("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
				"%s\r\n",
	    path, port, header);
	size_t length = strlen(text);

	if (send(fd, text, length, MSG_NOSIGNAL) != (ssize_t)length)
		bench_die("cannot ask for %s: %s", path, strerror(errno));
	free(text);
}

/* Read until the other side closes. */
static void
read_all(int fd, struct bench_http *out)
{
	size_t room = 0;
	ssize_t n;

	for (;;) {
		if (out->bytes + 1 >= room) {
			room = room > 0 ? 2 * room : 65536;
			out->text = realloc(out->text, room);
			if (out->text == NULL)
				bench_die("out of memory");
		}
		n = read(fd, out->text + out->bytes, room - 1 - out->bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		out->bytes += (size_t)n;
	}
	out->text[out->bytes] = '\0';
}

void
bench_http_get(unsigned port, const char *path, struct bench_http *out)
{
	double begin = bench_clock_ms();
	int fd = bench_http_connect(port);

	memset(out, 0, sizeof(*out));
	bench_http_send(fd, port, path, "Connection: close\r\n");
	read_all(fd, out);
	close(fd);
	out->ms = bench_clock_ms() - begin;
	if (strncmp(out->text, "HTTP/1.1 200 ", 13) != 0)
		bench_die("GET %s answered: %.80s", path, out->text);
}
