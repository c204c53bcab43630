/* browsers.c - a crowd of open pages: streams of events that stay open, and
 * requests that ask whether something is new, at a steady rate.
 *
 * One child of the benchmark, which waits in epoll.  A request that is due
 * waits for a free connection, of which there are as many as one browser
 * allows itself; answers are read to their end, and their ETag is sent along
 * the next time, as a page does. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

enum { ASKERS = 32, PATHS = 4, HEAD = 4096, WORDS = 64 };

static const char *const path[PATHS] = { "/", "/api/v1/status", "/",
	"/api/v1/ready" };

struct line {
	int fd;
	bool is_stream;
	bool is_busy;
	size_t path; /* that it has asked for */
	size_t used; /* of head */
	size_t body; /* bytes of it that are to come */
	/* Of a stream: */
	int head_end;	    /* how much of the empty line behind it is read */
	int skip;	    /* ends of line, to the next chunk */
	size_t words;	    /* of the line of text that is read now */
	bool is_change;	    /* that comes at the next empty line */
	long long id, told; /* of that; and of the newest one before */
	char text[WORDS];
	char head[HEAD];
};

struct crowd {
	struct bench_browsers *plan;
	struct line *line;
	size_t lines;
	int epoll;
	double begin_ms;
	size_t sent;
	char etag[PATHS][128]; /* as a header; "" before the first answer */
};

/* --- what comes back -------------------------------------------------------
 */

/* An event is complete at the empty line behind it (HTML Living
 * Standard, 9.2.6).
 */
static void
take_text(struct crowd *crowd, struct line *line)
{
	line->text[line->words] = '\0';
	if (strncmp(line->text, "id: ", 4) == 0)
		line->id = atoll(line->text + 4);
	if (strcmp(line->text, "event: change") == 0)
		line->is_change = true;
	if (line->words > 0)
		return;
	crowd->plan->greeted += line->told == 0 && line->id > 0;
	line->told = line->id;
	crowd->plan->events += line->is_change;
	line->is_change = false;
}

/* Behind the head, and between two chunks, stands a length on a line of its
 * own, with carriage returns, which events have none of. */
static void
read_stream(struct crowd *crowd, struct line *line, const char *at, size_t n)
{
	static const char head_end[] = "\r\n\r\n";

	for (size_t i = 0; i < n; i++) {
		if (line->head_end < 4) {
			line->head_end = at[i] == head_end[line->head_end]
					     ? line->head_end + 1
					     : at[i] == head_end[0];
			line->skip = 1;
			continue;
		}
		if (line->skip == 0 && at[i] == '\r')
			line->skip = 2;
		if (line->skip > 0) {
			line->skip -= at[i] == '\n';
		} else if (at[i] == '\n') {
			take_text(crowd, line);
			line->words = 0;
		} else if (line->words + 1 < WORDS) {
			line->text[line->words++] = at[i];
		}
	}
}

static const char *
field_of(const char *head, const char *name)
{
	const char *at = strcasestr(head, name);

	return at == NULL ? NULL : at + strlen(name);
}

static void
read_head(struct crowd *crowd, struct line *line)
{
	const char *etag = field_of(line->head, "\r\nETag: ");
	const char *length = field_of(line->head, "\r\nContent-Length: ");
	unsigned long code = strtoul(line->head + 9, NULL, 10);

	if (code != 200 && code != 304)
		bench_die("%s answered %.60s", path[line->path], line->head);
	if (etag != NULL)
		snprintf(crowd->etag[line->path], sizeof(crowd->etag[0]),
		    "If-None-Match: %.*s\r\n", (int)strcspn(etag, "\r"), etag);
	line->body =
	    code == 304 || length == NULL ? 0 : strtoul(length, NULL, 10);
}

static void
finish(struct crowd *crowd, struct line *line)
{
	line->is_busy = false;
	line->used = 0;
	crowd->plan->answered++;
}

/* The head first, byte for byte into line; then what is left of the body. */
static void
take_answer(struct crowd *crowd, struct line *line, const char *at, size_t n)
{
	bool is_body = line->used > 0 && line->head[line->used - 1] == '\0';

	for (; n > 0 && !is_body; at++, n--) {
		if (line->used + 2 > HEAD)
			bench_die("a head of more than %d bytes", HEAD);
		line->head[line->used++] = *at;
		if (line->used < 4 ||
		    memcmp(line->head + line->used - 4, "\r\n\r\n", 4) != 0)
			continue;
		line->head[line->used++] = '\0';
		read_head(crowd, line);
		is_body = true;
	}
	if (!is_body)
		return;
	if (n > line->body)
		bench_die("%s answered more than it said", path[line->path]);
	line->body -= n;
	if (line->body == 0)
		finish(crowd, line);
}

/* --- what is asked ---------------------------------------------------------
 */

static void
open_line(struct crowd *crowd, struct line *line, bool is_stream)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = line };

	line->fd = bench_http_connect(crowd->plan->port);
	line->is_stream = is_stream;
	line->is_busy = false;
	line->used = line->words = 0;
	line->head_end = 0;
	line->is_change = false;
	if (is_stream) {
		char *last =
		    line->told == 0
			? bench_text("%s", "")
			: bench_text("Last-Event-ID: %lld\r\n", line->told);

		bench_http_send(
		    line->fd, crowd->plan->port, "/api/v1/events", last);
		free(last);
	}
	fcntl(line->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, line->fd, &event) != 0)
		bench_die("epoll_ctl: %s", strerror(errno));
}

/* Who is idle for long is shown out, and comes again when it wants something; a
 * request that met the closing door is not made again.  A stream comes back at
 * once, and says what it has heard, as browsers do. */
static void
leave(struct crowd *crowd, struct line *line)
{
	close(line->fd);
	line->fd = -1;
	line->is_busy = false;
	if (!line->is_stream)
		return;
	crowd->plan->reopened++;
	open_line(crowd, line, true);
}

static void
take(struct crowd *crowd, struct line *line)
{
	static char text[65536];
	ssize_t n = read(line->fd, text, sizeof(text));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave(crowd, line);
		return;
	}
	crowd->plan->bytes += (size_t)n;
	if (line->is_stream)
		read_stream(crowd, line, text, (size_t)n);
	else
		take_answer(crowd, line, text, (size_t)n);
}

static void
ask_what_is_due(struct crowd *crowd)
{
	double due = (bench_clock_ms() - crowd->begin_ms) *
		     crowd->plan->requests_per_s / 1000;

	for (size_t i = crowd->plan->streams;
	     i < crowd->lines && (double)crowd->sent < due; i++) {
		struct line *line = &crowd->line[i];

		if (line->is_busy)
			continue;
		if (line->fd < 0)
			open_line(crowd, line, false);
		line->is_busy = true;
		line->path = crowd->sent++ % PATHS;
		bench_http_send(line->fd, crowd->plan->port, path[line->path],
		    crowd->etag[line->path]);
	}
}

static void
browse(void *with)
{
	struct crowd crowd = { .plan = with };
	struct epoll_event event[64];

	crowd.lines = crowd.plan->streams + ASKERS;
	crowd.line = calloc(crowd.lines, sizeof(*crowd.line));
	crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (crowd.line == NULL || crowd.epoll < 0)
		bench_die("no epoll, or no memory");
	for (size_t i = 0; i < crowd.lines; i++)
		open_line(&crowd, &crowd.line[i], i < crowd.plan->streams);
	crowd.begin_ms = bench_clock_ms();
	for (;;) {
		int n = epoll_wait(crowd.epoll, event, 64, 1);

		for (int i = 0; i < n; i++)
			take(&crowd, event[i].data.ptr);
		ask_what_is_due(&crowd);
		crowd.plan->ms = bench_clock_ms() - crowd.begin_ms;
	}
}

struct bench_browsers *
bench_browsers_open(unsigned port, size_t streams, double requests_per_s)
{
	struct bench_browsers *out = mmap(NULL, sizeof(*out),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (out == MAP_FAILED)
		bench_die("mmap: %s", strerror(errno));
	out->port = port;
	out->streams = streams;
	out->requests_per_s = requests_per_s;
	out->pid = bench_child_start(browse, out);
	while (out->greeted < streams)
		usleep(1000);
	return out;
}

void
bench_browsers_close(struct bench_browsers *browsers)
{
	bench_child_stop(browsers->pid);
	munmap(browsers, sizeof(*browsers));
}
