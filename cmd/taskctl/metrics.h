/* floor: cmd - metrics as Prometheus reads them. */
#ifndef TASKCTL_CMD_METRICS_H
#define TASKCTL_CMD_METRICS_H

#include "ctx.h"

/**
 * Write the metrics into a file for node_exporter's textfile collector, in one
 * step and readable by all.
 *
 * @param jobs what has just been done with success, NULL-ended: each gets its
 *             time in taskctl_last_run_timestamp_seconds
 */
enum tctl_status tctl_metrics_write_file(struct tctl_ctx *ctx, const char *file,
    const char *const *jobs, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
