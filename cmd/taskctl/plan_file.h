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

/* The two halves of it: the bytes, owned (free), and what they say. */
enum tctl_status tctl_plan_file_load(const char *path, char **bytes,
    size_t *length, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_plan_file_parse(const char *path, const char *bytes,
    size_t length, const struct tctl_plan_options *options,
    struct tctl_plan **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* What is wrong with a whole file is said at its place too: "line 2, column 1:
 * …", as the plan floor says it, becomes FILE:2:1.  Returns err->status. */
enum tctl_status tctl_plan_file_place(const char *path, struct tctl_error *err);

/* Add a plan's diagnostics to an array of JSON objects. */
void tctl_plan_file_diagnose(
    struct json_object *array, const struct tctl_plan *plan);

/* "plan.md:12:5: warning: … [sum_mismatch]", one line each. */
void tctl_plan_file_print(
    struct tctl_ctx *ctx, FILE *to, struct json_object *diagnostics);

#endif
