/* doctor_leases.c - leases against processes, and lock files against leases. */
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "lock_file.h"
#include "sql.h"
#include "taskctl/doctor.h"

struct leases {
	struct tctl_doctor *to;
	const struct tctl_coord *coord;
	struct tctl_clock clock;
	char host[256];
};

static void
look_at_lease(
    struct leases *in, const char *key, const struct tctl_lease_row *lease)
{
	enum tctl_verdict verdict = tctl_lease_judge(lease, &in->clock, NULL);
	bool known = lease->process.pid != 0 && in->clock.same_boot;
	enum tctl_life life =
	    known ? tctl_process_life(&lease->process) : TCTL_UNKNOWN;

	if (in->clock.same_boot && !in->clock.went_back &&
	    lease->expires_boot - in->clock.now.boot_ms > TCTL_TTL_MOST_MS)
		tctl_doctor_find(in->to, TCTL_FOUND_HISTORY, key, NULL,
		    "task %s: the lease of %s runs for longer than any may",
		    key, lease->agent);

	if (verdict == TCTL_LAPSED)
		tctl_doctor_find(in->to, TCTL_FOUND_LAPSED, key, NULL,
		    "the lease of %s on task %s has run out", lease->agent,
		    key);
	else if (verdict == TCTL_DIED || life == TCTL_DEAD)
		tctl_doctor_find(in->to, TCTL_FOUND_DEAD_HOLDER, key, NULL,
		    "task %s: process %lld of %s is gone", key,
		    (long long)lease->process.pid, lease->agent);
	else if (strcmp(lease->host, in->host) != 0 ||
		 (known && life == TCTL_UNKNOWN))
		tctl_doctor_find(in->to, TCTL_FOUND_ELSEWHERE, key, NULL,
		    "task %s: %s holds it from %s, which cannot be looked into",
		    key, lease->agent, lease->host);
}

static void
look_for_lock(struct leases *in, const char *key)
{
	const char *path = tctl_lock_file_path(in->coord, in->to->arena, key);
	const char *agent;
	int64_t token = 0;

	if (in->coord->config->lock_files &&
	    (access(path, F_OK) != 0 ||
		(tctl_lock_file_look(in->to->arena, path, &token, &agent) &&
		    token < 0)))
		tctl_doctor_find(in->to, TCTL_FOUND_MISSING_LOCK, key, NULL,
		    "task %s is claimed, and has no lock file%s", key,
		    token < 0 ? " that was whole on disk" : "");
}

/* Files without a lease. */
static void
look_at_locks(struct leases *in)
{
	struct tctl_arena *arena = in->to->arena;
	const char *folder =
	    tctl_arena_printf(arena, "%s/locks", in->coord->place->tasks);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct tctl_error err;
	size_t count = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *path =
		    tctl_arena_printf(arena, "%s/%s", folder, entry->d_name);
		size_t live = 1;
		const char *agent;
		int64_t token;

		if (entry->d_name[0] == '.' ||
		    !tctl_lock_file_look(arena, path, &token, &agent))
			continue;
		count++;
		if (token == 0)
			tctl_doctor_find(in->to, TCTL_FOUND_OLD_LOCK, path,
			    NULL, "%s is an old script's, of %s", path, agent);
		else if (token < 0) {
			if (tctl_lock_file_is_held(in->coord, arena, path,
				&live, &err) == TCTL_OK &&
			    live == 0)
				tctl_doctor_find(in->to, TCTL_FOUND_STALE_LOCK,
				    path, NULL,
				    "%s was cut off before it was on disk",
				    path);
		} else if (tctl_query(in->coord->store, tctl_sql_lease_is_live,
			       TCTL_ARGS(TCTL_N(token)), NULL, NULL, &live,
			       &err) == TCTL_OK &&
			   live == 0)
			tctl_doctor_find(in->to, TCTL_FOUND_STALE_LOCK, path,
			    NULL, "%s: the lease of %s with token %lld is over",
			    path, agent, (long long)token);
	}
	if (dir != NULL)
		closedir(dir);
	tctl_doctor_looked(
	    in->to, "locks", "%zu lock file%s", count, count == 1 ? "" : "s");
}

void
tctl_doctor_leases(struct tctl_doctor *to, const struct tctl_coord *coord)
{
	struct leases in = { .to = to, .coord = coord };
	struct tctl_lease_rows live;
	struct tctl_error err;
	const char *key;
	enum tctl_status status =
	    tctl_clock_read(coord->store, &in.clock, &err);

	if (gethostname(in.host, sizeof(in.host) - 1) != 0)
		in.host[0] = '?';
	if (status == TCTL_OK)
		status =
		    tctl_lease_read_live(coord->store, to->arena, &live, &err);
	for (size_t i = 0; status == TCTL_OK && i < live.count; i++) {
		status = tctl_row_key(
		    coord->store, to->arena, live.at[i].task, &key, &err);
		if (status == TCTL_OK) {
			look_at_lease(&in, key, &live.at[i]);
			look_for_lock(&in, key);
		}
	}
	if (status != TCTL_OK) {
		tctl_doctor_unread(to, &err);
		tctl_doctor_skipped(to, "leases", "it could not be asked");
		return;
	}
	tctl_doctor_looked(to, "leases", "%zu live", live.count);
	look_at_locks(&in);
}
