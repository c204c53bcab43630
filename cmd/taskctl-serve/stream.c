/* stream.c - events as they happen (Server-Sent Events).
 *
 * A stream waits suspended: it costs nothing until there is something to say.
 * What is said is read and written once, and shared by all who are as far.
 *
 * Source: HTML Living Standard, section 9.2 (id, retry, Last-Event-ID). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "serve.h"
#include "taskctl/work_json.h"

enum { BATCH_EVENTS = 200, BLOCK_BYTES = 16 * 1024, RETRY_MS = 2000 };

struct tctl_batch {
	unsigned users;
	int64_t after, last; /* events in (after, last] */
	char *text;	     /* owned */
	size_t length;
};

struct tctl_stream {
	struct tctl_stream *next, **link;
	struct tctl_serve *serve;
	struct MHD_Connection *connection;
	struct tctl_batch *batch; /* what is being said; NULL: nothing */
	size_t at;
	int64_t last;	 /* the newest event that it was told of */
	int64_t said_ms; /* when it last heard anything */
	bool waits;	 /* suspended */
	bool greets;	 /* it is to be told where it begins */
};

static void
leave(struct tctl_batch **batch)
{
	if (*batch != NULL && --(*batch)->users == 0) {
		free((*batch)->text);
		free(*batch);
	}
	*batch = NULL;
}

static struct tctl_batch *
new_batch(int64_t after, int64_t last, FILE **to)
{
	struct tctl_batch *batch = tctl_xcalloc(1, sizeof(*batch));

	batch->users = 1;
	batch->after = after;
	batch->last = last;
	*to = open_memstream(&batch->text, &batch->length);
	if (*to == NULL)
		tctl_die_nomem();
	return batch;
}

static void
finish_batch(FILE *to)
{
	if (fclose(to) != 0)
		tctl_die_nomem();
}

/* One line: JSON has no newline outside of its strings, and none within. */
static void
put_event(FILE *to, const struct tctl_event *event)
{
	struct json_object *json = tctl_json_event(event);

	fprintf(to, "id: %" PRId64 "\nevent: change\ndata: %s\n\n", event->id,
	    json_object_to_json_string_ext(
		json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
}

static struct tctl_batch *
read_batch(struct tctl_serve *serve, int64_t after)
{
	struct tctl_batch *batch;
	struct tctl_events events;
	struct tctl_error err;
	FILE *to;

	if (serve->lost || tctl_events_read(&serve->ctx->coord, after, NULL,
			       BATCH_EVENTS, &events, &err) != TCTL_OK)
		return NULL;
	if (events.count == 0) {
		tctl_events_release(&events);
		return NULL;
	}
	batch = new_batch(after, events.at[events.count - 1].id, &to);
	for (size_t i = 0; i < events.count; i++)
		put_event(to, &events.at[i]);
	finish_batch(to);
	tctl_events_release(&events);
	return batch;
}

static struct tctl_batch *
greeting(const struct tctl_stream *stream)
{
	struct tctl_batch *batch;
	FILE *to;

	batch = new_batch(stream->last, stream->last, &to);
	fprintf(to,
	    "retry: %d\nid: %" PRId64 "\nevent: hello\ndata: {\"id\":%" PRId64
	    "}\n\n",
	    RETRY_MS, stream->last, stream->serve->newest);
	finish_batch(to);
	return batch;
}

/* The next thing to say, or nothing. */
static void
refill(struct tctl_stream *stream)
{
	struct tctl_serve *serve = stream->serve;
	int64_t now = tctl_serve_clock();
	FILE *to;

	leave(&stream->batch);
	stream->at = 0;
	if (stream->greets) {
		stream->batch = greeting(stream);
		stream->greets = false;
	} else if (stream->last < serve->newest) {
		if (serve->batch == NULL ||
		    serve->batch->after != stream->last) {
			leave(&serve->batch);
			serve->batch = read_batch(serve, stream->last);
		}
		if (serve->batch != NULL) {
			stream->batch = serve->batch;
			stream->batch->users++;
			stream->last = stream->batch->last;
		}
	} else if (now - stream->said_ms >= SERVE_PING_MS) {
		stream->batch = new_batch(stream->last, stream->last, &to);
		fputs(": still here\n\n", to);
		finish_batch(to);
	}
	if (stream->batch != NULL)
		stream->said_ms = now;
}

static ssize_t
feed(void *cls, uint64_t pos, char *into, size_t most)
{
	struct tctl_stream *stream = cls;
	size_t left;

	(void)pos;
	if (stream->batch == NULL || stream->at == stream->batch->length)
		refill(stream);
	if (stream->batch == NULL) {
		if (stream->serve->closing)
			return MHD_CONTENT_READER_END_OF_STREAM;
		stream->waits = true;
		MHD_suspend_connection(stream->connection);
		return 0;
	}
	left = stream->batch->length - stream->at;
	if (left > most)
		left = most;
	memcpy(into, stream->batch->text + stream->at, left);
	stream->at += left;
	return (ssize_t)left;
}

static void
end(void *cls)
{
	struct tctl_stream *stream = cls;

	*stream->link = stream->next;
	if (stream->next != NULL)
		stream->next->link = stream->link;
	stream->serve->stream_count--;
	leave(&stream->batch);
	free(stream);
}

/* Where it begins: the browser's own count is of no use in a store that was
 * put back. */
static struct tctl_stream *
begin(
    struct tctl_serve *serve, struct MHD_Connection *connection, int64_t after)
{
	struct tctl_stream *stream = tctl_xcalloc(1, sizeof(*stream));

	stream->serve = serve;
	stream->connection = connection;
	stream->last =
	    after < 0 || after > serve->newest ? serve->newest : after;
	stream->greets = true;
	stream->next = serve->streams;
	stream->link = &serve->streams;
	if (stream->next != NULL)
		stream->next->link = &stream->next;
	serve->streams = stream;
	serve->stream_count++;
	return stream;
}

static enum MHD_Result
refuse(struct MHD_Connection *connection)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "10");
	result = MHD_queue_response(
	    connection, MHD_HTTP_SERVICE_UNAVAILABLE, response);
	MHD_destroy_response(response);
	return result;
}

enum MHD_Result
tctl_stream_open(
    struct tctl_serve *serve, struct MHD_Connection *connection, int64_t after)
{
	static const char *const headers[][2] = {
		{ "Content-Type", "text/event-stream" },
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Accel-Buffering", "no" },
	};
	struct MHD_Response *response;
	enum MHD_Result result;

	if (serve->stream_count >= SERVE_STREAMS)
		return refuse(connection);
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
	    BLOCK_BYTES, feed, begin(serve, connection, after), end);
	if (response == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < TCTL_COUNT(headers); i++)
		MHD_add_response_header(response, headers[i][0], headers[i][1]);
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

static bool
has_news(const struct tctl_stream *stream, bool tell, int64_t now)
{
	return stream->greets || stream->serve->closing ||
	       (tell && stream->last < stream->serve->newest) ||
	       now - stream->said_ms >= SERVE_PING_MS;
}

/* What a change costs to tell, here and where it is read, grows with the number
 * of streams: they are told together, a millisecond apart for each of them. */
void
tctl_streams_wake(struct tctl_serve *serve)
{
	int64_t now = tctl_serve_clock();
	bool tell = now - serve->told_ms >= (int64_t)serve->stream_count;

	for (struct tctl_stream *s = serve->streams; s != NULL; s = s->next) {
		if (!s->waits || !has_news(s, tell, now))
			continue;
		if (tell && s->last < serve->newest)
			serve->told_ms = now;
		s->waits = false;
		MHD_resume_connection(s->connection);
	}
}

void
tctl_streams_restart(struct tctl_serve *serve)
{
	leave(&serve->batch);
	for (struct tctl_stream *s = serve->streams; s != NULL; s = s->next) {
		s->last = serve->newest;
		s->greets = true;
	}
}

void
tctl_streams_release(struct tctl_serve *serve)
{
	leave(&serve->batch);
}
