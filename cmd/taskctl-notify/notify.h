/* floor: cmd - taskctl-notify: what needs libcurl. */
#ifndef TASKCTL_NOTIFY_H
#define TASKCTL_NOTIFY_H

#include "../taskctl/notify.h"

/* --- deliver.c: one event to one receiver ----------------------------------
 */

struct tctl_receiver {
	const char *command; /* one of the two */
	const char *url;
	char store_id[TCTL_STORE_ID_MAX]; /* makes keys that no other has */
	void *curl; /* the handle, kept for its connection */
};

/* TCTL_EUSAGE: neither or both are named, or no http(s) address. */
enum tctl_status tctl_receiver_open(struct tctl_ctx *ctx,
    const struct tctl_notify_req *req, struct tctl_receiver *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_receiver_close(struct tctl_receiver *receiver);

/* TCTL_EFAILED: it was not told; err says what came back. */
enum tctl_status tctl_receiver_tell(struct tctl_receiver *receiver,
    const struct tctl_event *event, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- cursor.c: how far the log was told -------------------------------------
 */

/* The file .tasks/notify/NAME, locked while it is open. */
struct tctl_cursor {
	int fd;
	int64_t after; /* the newest event told of; -1: none was yet */
	int64_t tries; /* of the next one */
};

/* TCTL_EBUSY: another notify of this name is at work; TCTL_EINVALID: the name
 * is none for a file. */
enum tctl_status tctl_cursor_open(const struct tctl_place *place,
    const char *name, struct tctl_cursor *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* Durable when it returns. */
enum tctl_status tctl_cursor_keep(
    struct tctl_cursor *cursor, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_cursor_close(struct tctl_cursor *cursor);

#endif
