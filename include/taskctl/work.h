/* floor: work - leases, tasks and plans in one coordinator, by one include.
 *
 * A program that embeds taskctl finds a place, reads its configuration, opens
 * the store, and asks with these three and its own name.  What fewer ask for
 * has to be included by its name: reservations, reviews, metrics, JSON, and
 * what looks after a store (backup, doctor, replay). */
#ifndef TASKCTL_WORK_H
#define TASKCTL_WORK_H

#include "taskctl/config.h"  /* .tasks/config.json */
#include "taskctl/coord.h"   /* what operations work on, and who asks */
#include "taskctl/edit.h"    /* the plan, changed by hand */
#include "taskctl/events.h"  /* what happened */
#include "taskctl/import.h"  /* a plan in, and back into its file */
#include "taskctl/lease.h"   /* claim, heartbeat, done, release, fail */
#include "taskctl/outlook.h" /* who could do what when */
#include "taskctl/place.h"   /* which .tasks/, which store */
#include "taskctl/status.h"  /* how far the plan is */
#include "taskctl/tasks.h"   /* tasks as they are, and why */
#include "taskctl/token.h"   /* tokens outside of the store */

#endif
