/* floor: plan - JSON and JSON lines, each object with its place.
 *
 * json-c reads them; what it does not keep, the line of each object, is found
 * by a walk over the text beside one over the objects. */
#ifndef PLAN_JSON_TEXT_H
#define PLAN_JSON_TEXT_H

#include <json-c/json.h>

#include "markdown.h"

/* Does the text begin as JSON does, and as Markdown does not? */
bool tctl_json_looks(const char *text, size_t length);

/**
 * Read JSON, or JSON lines (objects one after the other).
 *
 * @param text  strict UTF-8; borrowed
 * @param arena keeps the places, and must outlive *out
 * @param out   owned (json_object_put), set on TCTL_OK: an array or an object;
 *              of JSON lines an array of them
 * @return      TCTL_OK, or TCTL_EINVALID: err begins with "line L, column C: ";
 *              a syntax error, nested too deep, or a key twice in one object
 *
 * Cost: linear.
 */
enum tctl_status tctl_json_parse(const char *text, size_t length,
    struct tctl_arena *arena, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Where the object of a parsed text begins; 1:1 for anything else. */
struct tctl_place tctl_json_place(struct json_object *object);

/* The member, or NULL; object may be anything. */
struct json_object *tctl_json_get(struct json_object *object, const char *key);

/* A string or number as text on one line, without control characters, in the
 * arena; NULL: it is neither. */
const char *tctl_json_line(struct tctl_arena *arena, struct json_object *value);

#endif
