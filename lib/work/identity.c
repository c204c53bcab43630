/* identity.c - the one row of the table store: which store this is, where it
 * was seen last, and how its clock compares with now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bsd/string.h>

#include "change.h"
#include "identity.h"
#include "taskctl/replay.h"

static void
take_identity(void *into, const char *const col[])
{
	struct tctl_identity *row = into;

	row->found = true;
	strlcpy(row->id, tctl_col_text(col[0]), sizeof(row->id));
	row->token = tctl_col(col[1]);
	row->event = tctl_col(col[2]);
	strlcpy(row->boot, tctl_col_text(col[3]), sizeof(row->boot));
	row->clock_boot = tctl_col(col[4]);
	strlcpy(row->machine, tctl_col_text(col[5]), sizeof(row->machine));
	row->inode = tctl_col(col[6]);
	row->wants_judging = tctl_col(col[7]) != 0;
	row->many_plans = tctl_col(col[8]) != 0;
	row->floor_ms = tctl_col(col[9]);
}

bool
tctl_counters_are_sound(int64_t token, int64_t event)
{
	return token >= 0 && token <= TCTL_NUMBER_MOST && event >= 0 &&
	       event <= TCTL_NUMBER_MOST;
}

enum tctl_status
tctl_identity_read(struct tctl_store *store, const struct tctl_now *now,
    struct tctl_identity *out, struct tctl_error *err)
{
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_query(store, tctl_sql_store_read,
	    TCTL_ARGS(TCTL_N(now->boot_ms)), take_identity, out, NULL, err);
	if (status == TCTL_OK && !out->found)
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "the store has lost the row that says who it is");
	if (status == TCTL_OK &&
	    !tctl_counters_are_sound(out->token, out->event))
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "the store's counters are none that taskctl gives");
	return status;
}

void
tctl_identity_compare(const struct tctl_identity *row,
    const struct tctl_now *now, struct tctl_clock *out)
{
	out->now = *now;
	out->many_plans = row->many_plans;
	out->same_boot = strcmp(row->boot, now->boot) == 0;
	out->same_machine =
	    now->machine[0] != '\0' && strcmp(row->machine, now->machine) == 0;
	out->went_back = out->same_boot && row->clock_boot > now->boot_ms;
}

/* A reader looks at the clock before it sees the store, so others may have
 * committed in between.  That is no clock that went back: what is seen is how
 * things stood when the last of them did. */
static enum tctl_status
look_again(struct tctl_store *store, const struct tctl_identity *row,
    struct tctl_now *now, struct tctl_error *err)
{
	struct tctl_now again;
	enum tctl_status status;

	if (row->clock_boot <= now->boot_ms ||
	    strcmp(row->boot, now->boot) != 0)
		return TCTL_OK;
	status = tctl_store_now(store, &again, err);
	if (status == TCTL_OK && row->clock_boot <= again.boot_ms)
		now->boot_ms = row->clock_boot;
	return status;
}

enum tctl_status
tctl_clock_read(
    struct tctl_store *store, struct tctl_clock *out, struct tctl_error *err)
{
	struct tctl_identity row;
	struct tctl_now now;
	enum tctl_status status = tctl_store_now(store, &now, err);

	if (status == TCTL_OK)
		status = tctl_identity_read(store, &now, &row, err);
	if (status == TCTL_OK)
		status = look_again(store, &row, &now, err);
	if (status == TCTL_OK)
		tctl_identity_compare(&row, &now, out);
	return status;
}

void
tctl_store_id_new(char out[40])
{
	unsigned char bytes[8];

	/* Not arc4random: without memory it ends the process, and says not why.
	 */
	if (getentropy(bytes, sizeof(bytes)) != 0)
		abort();
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

bool
tctl_identity_is_copy(
    const struct tctl_identity *row, const struct tctl_now *now)
{
	return row->inode != now->inode ||
	       (strcmp(row->machine, now->machine) != 0 &&
		   strcmp(row->boot, now->boot) != 0);
}
