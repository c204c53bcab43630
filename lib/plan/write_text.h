/* floor: plan - changes of a few characters in a plan's own bytes. */
#ifndef PLAN_WRITE_TEXT_H
#define PLAN_WRITE_TEXT_H

#include "markdown.h"

/* Characters of the repaired text that are replaced. */
struct tctl_edit_text {
	struct tctl_place place; /* column 0: behind all that the line says */
	int length;		 /* characters; 0: only put in */
	/* Set by tctl_edits_find: in the bytes. */
	size_t from, to;
	const char *text; /* what stands there instead; NULL: leave it */
};

struct tctl_damage;

/* A plan's bytes, and how they were damaged. */
struct tctl_bytes {
	const char *at;
	size_t length;
	struct tctl_damage *damage; /* NULL: they are sound */
};

/* Borrows the bytes; released with tctl_bytes_release. */
struct tctl_bytes tctl_bytes_look(const char *bytes, size_t length);
void tctl_bytes_release(struct tctl_bytes *bytes);

/* Find the places, which are in the order of the text, in the bytes of which
 * the repaired text was made.  One that is not there, or begins before the end
 * of the one before it, gets no bytes: from > to. */
void tctl_edits_find(
    const struct tctl_bytes *bytes, struct tctl_edit_text edit[], size_t count);

/* What stands at a place that was found, repaired; cut to size. */
void tctl_edit_read(const struct tctl_bytes *bytes,
    const struct tctl_edit_text *edit, char *out, size_t size);

/* The bytes with all changes made; owned (free), NUL-terminated.
 * TCTL_EINVALID: damaged text that cannot hold the new characters. */
enum tctl_status tctl_edits_apply(const struct tctl_bytes *bytes,
    const struct tctl_edit_text edit[], size_t count, char **out,
    size_t *out_length, struct tctl_error *err) TCTL_MUST_CHECK;

/* Have both plans the same tasks, by id and title? */
struct tctl_plan;
bool tctl_plan_same_tasks(const struct tctl_plan *a, const struct tctl_plan *b);

#endif
