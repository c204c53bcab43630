/* floor: cmd - plan files for import and lint. */
#ifndef TASKCTL_CMD_PLAN_FILE_H
#define TASKCTL_CMD_PLAN_FILE_H

#include "ctx.h"

/**
 * Read a plan from a file ("-": standard input), whole, up to the limit.
 *
 * @param out owned (tctl_plan_free); may hold errors among its diagnostics
 * @return    TCTL_OK; TCTL_EFAILED: it cannot be read; TCTL_EINVALID: too
 *            large, binary, empty, or no plan in it
 */
enum tctl_status tctl_plan_file_read(const char *path,
    const struct tctl_plan_options *options, struct tctl_plan **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The same bytes, unread; "-" is no file here.  Owned (free). */
enum tctl_status tctl_plan_bytes_read(const char *path, char **bytes,
    size_t *length, struct tctl_error *err) TCTL_MUST_CHECK;

/* Put path, line and column in front of what is wrong with a file ("line 2,
 * column 1: …", or with the whole). Returns its status. */
enum tctl_status tctl_plan_file_place(const char *path, struct tctl_error *err);

/* Add a plan's diagnostics to an array of JSON objects. */
void tctl_plan_file_diagnose(
    struct json_object *array, const struct tctl_plan *plan);

/* "plan.md:12:5: warning: … [sum_mismatch]", one line each. */
void tctl_plan_file_print(
    struct tctl_ctx *ctx, FILE *to, struct json_object *diagnostics);

#endif
