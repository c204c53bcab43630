/* floor: cmd - taskctl plan --agents: who does what when. */
#ifndef TASKCTL_CMD_PLAN_AGENTS_H
#define TASKCTL_CMD_PLAN_AGENTS_H

#include "ctx.h"

struct tctl_plan_req {
	const char *agents; /* a number, or names with commas between them */
	bool strict;
	bool whole;
	const char *calendar;
	int64_t seed;
	int64_t effort;
	int64_t limit;
};

extern const struct tctl_param tctl_plan_rows[];

/* Options that say nothing without --agents: TCTL_EUSAGE. */
enum tctl_status tctl_plan_agents_refuse(
    const struct tctl_plan_req *req, struct tctl_error *err) TCTL_MUST_CHECK;

/* What a schedule is asked for with those options; agents are given. */
enum tctl_status tctl_plan_agents_ask(struct tctl_ctx *ctx,
    const struct tctl_plan_req *req, struct tctl_share_req *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

enum tctl_status tctl_plan_agents_run(struct tctl_ctx *ctx,
    const struct tctl_plan_req *req, struct json_object **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

void tctl_plan_agents_text(
    struct tctl_ctx *ctx, FILE *to, struct json_object *out);

/* The ids of what is left to do, in the order of their starts. */
void tctl_plan_agents_quiet(FILE *to, struct json_object *out);

/* "forecast", as status has it. */
enum tctl_status tctl_plan_add_forecast(struct tctl_ctx *ctx,
    struct json_object *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
