/* settle_in.c - a holder goes to work in another worktree. */
#include "holder.h"

enum tctl_status
tctl_lease_settle_in(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *worktree,
    const char *session, struct tctl_error *err)
{
	struct tctl_change change;
	struct tctl_standing at;
	enum tctl_status status =
	    tctl_change_begin(coord, TCTL_CHANGE, &change, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_holder_admit(&change, who, id, &at, err);
	if (status == TCTL_OK)
		status = tctl_query(change.store, tctl_sql_lease_set_place,
		    TCTL_ARGS(TCTL_T(worktree), TCTL_T(session),
			TCTL_N(at.row.id), TCTL_N(at.lease.token)),
		    NULL, NULL, NULL, err);
	return tctl_change_end(&change, status, err);
}
