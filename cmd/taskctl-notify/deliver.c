/* deliver.c - one event to a command or to a webhook. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "../taskctl/child.h"
#include "notify.h"
#include "taskctl/json.h"
#include "taskctl/work_json.h"

enum { CONNECT_S = 5, WHOLE_S = 15, SAID_MOST = 200 };

/* --- the receiver
 * ------------------------------------------------------------- */

static enum tctl_status
find_url(struct tctl_receiver *to, struct tctl_error *err)
{
	if (strncmp(to->url, "env:", 4) == 0) {
		const char *name = to->url + 4;

		to->url = getenv(name);
		if (to->url == NULL || *to->url == '\0')
			return tctl_fail(
			    err, TCTL_EUSAGE, "--url: $%s is not set", name);
	}
	if (strncmp(to->url, "http://", 7) != 0 &&
	    strncmp(to->url, "https://", 8) != 0)
		return tctl_fail(
		    err, TCTL_EUSAGE, "--url wants http:// or https://");
	return TCTL_OK;
}

/* What comes back is nobody's concern. */
static size_t
swallow(char *bytes, size_t size, size_t count, void *unused)
{
	(void)bytes;
	(void)unused;
	return size * count;
}

static void
set_up(struct tctl_receiver *to)
{
	curl_easy_setopt(to->curl, CURLOPT_URL, to->url);
	curl_easy_setopt(to->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(to->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(to->curl, CURLOPT_TIMEOUT, (long)WHOLE_S);
	curl_easy_setopt(to->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(to->curl, CURLOPT_USERAGENT, "taskctl");
	curl_easy_setopt(to->curl, CURLOPT_WRITEFUNCTION, swallow);
}

enum tctl_status
tctl_receiver_open(struct tctl_ctx *ctx, const struct tctl_notify_req *req,
    struct tctl_receiver *out, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	*out =
	    (struct tctl_receiver){ .command = req->command, .url = req->url };
	if ((req->command == NULL) == (req->url == NULL))
		return tctl_fail(err, TCTL_EUSAGE,
		    "notify takes --command or --url, one of the two");
	if (req->url != NULL)
		status = find_url(out, err);
	if (status == TCTL_OK)
		status = tctl_store_name(&ctx->coord, out->store_id, err);
	if (status != TCTL_OK || req->url == NULL)
		return status;
	out->curl = curl_easy_init();
	if (out->curl == NULL)
		return tctl_fail(err, TCTL_EFAILED, "cannot start libcurl");
	set_up(out);
	return TCTL_OK;
}

void
tctl_receiver_close(struct tctl_receiver *receiver)
{
	if (receiver->curl != NULL)
		curl_easy_cleanup(receiver->curl);
	receiver->curl = NULL;
}

/* --- telling
 * -------------------------------------------------------------------- */

static void
export_word(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static enum tctl_status
tell_command(struct tctl_receiver *to, const struct tctl_event *event,
    const char *json, struct tctl_error *err)
{
	static char shell[] = "/bin/sh", flag[] = "-c";
	char *command = tctl_xstrdup(to->command);
	char *const argv[] = { shell, flag, command, NULL };
	struct tctl_child child = {
		.argv = argv, .in = json, .in_length = strlen(json)
	};
	enum tctl_status status;

	export_word("TASKCTL_EVENT", event->kind);
	export_word("TASKCTL_TASK", event->task);
	export_word("TASKCTL_AGENT", event->agent);
	status = tctl_child_run(&child, err);
	if (status == TCTL_OK && child.code != 0)
		status = tctl_fail(err, TCTL_EFAILED,
		    "the command ended with %d: %.*s", child.code,
		    (int)strcspn(child.said, "\n") < SAID_MOST
			? (int)strcspn(child.said, "\n")
			: SAID_MOST,
		    child.said);
	tctl_child_release(&child);
	free(command);
	return status;
}

static enum tctl_status
tell_webhook(struct tctl_receiver *to, const struct tctl_event *event,
    const char *json, struct tctl_error *err)
{
	char *key = tctl_xprintf(
	    "Idempotency-Key: %s-%" PRId64, to->store_id, event->id);
	struct curl_slist *head =
	    curl_slist_append(NULL, "Content-Type: application/json");
	long code = 0;
	CURLcode rc;

	head = curl_slist_append(head, key);
	curl_easy_setopt(to->curl, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(to->curl, CURLOPT_POSTFIELDS, json);
	curl_easy_setopt(to->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(json));
	rc = curl_easy_perform(to->curl);
	if (rc == CURLE_OK)
		curl_easy_getinfo(to->curl, CURLINFO_RESPONSE_CODE, &code);
	curl_slist_free_all(head);
	free(key);
	/* Without the address: it may hold a secret. */
	if (rc != CURLE_OK)
		return tctl_fail(err, TCTL_EFAILED, "the webhook: %s",
		    curl_easy_strerror(rc));
	if (code < 200 || code > 299)
		return tctl_fail(
		    err, TCTL_EFAILED, "the webhook answered %ld", code);
	return TCTL_OK;
}

enum tctl_status
tctl_receiver_tell(struct tctl_receiver *receiver,
    const struct tctl_event *event, struct tctl_error *err)
{
	struct json_object *json = tctl_json_event(event);
	const char *text;
	enum tctl_status status;

	tctl_json_add(json, "store", tctl_json_text(receiver->store_id));
	text = json_object_to_json_string_ext(
	    json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	status = receiver->command != NULL
		     ? tell_command(receiver, event, text, err)
		     : tell_webhook(receiver, event, text, err);
	json_object_put(json);
	return status;
}
