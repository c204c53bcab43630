/* standing.c - where the work stands, at the cost of what is new.
 *
 * Of a small plan all is read from the store.  Of a large one that would cost a
 * commit of ten events as much as a hundred thousand tasks do: then what these
 * events have not touched is what the last commit says.  With each new file of
 * events everything is read anew, so that nothing that went wrong, or that
 * somebody wrote into the branch, stays for good. */
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "standing.h"
#include "taskctl/export.h"
#include "taskctl/work_json.h"

enum {
	READY_SHOWN = 10,
	FILE_MAX_BYTES = 64 << 20, /* somebody else may have written it */
};

bool
tctl_git_is_begun(const struct tctl_sprint_status *sprint)
{
	return sprint->state == TCTL_STATE_CLAIMED ||
	       sprint->state == TCTL_STATE_FAILED;
}

void
tctl_git_standing_move(struct tctl_git_standing *standing,
    const struct tctl_sprint_status *sprint, int sign)
{
	struct tctl_totals *totals = &standing->report.totals;
	const struct tctl_totals *by = &sprint->totals;

	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		totals->state[i] += (size_t)sign * by->state[i];
	totals->tasks += (size_t)sign * by->tasks;
	totals->estimate_s += sign * by->estimate_s;
	totals->done_s += sign * by->done_s;
	standing->in_state[sprint->state] += (size_t)sign;
	standing->sprint_count += (size_t)sign;
}

/* Had the old numbers been wrong, something would be below nothing now. */
static bool
is_sane(const struct tctl_git_standing *standing)
{
	const struct tctl_totals *totals = &standing->report.totals;
	bool good = totals->tasks <= INT64_MAX && totals->estimate_s >= 0 &&
		    totals->done_s >= 0;

	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		good = good && totals->state[i] <= totals->tasks &&
		       standing->in_state[i] <= standing->sprint_count;
	return good;
}

/* --- what the last commit says
 * ------------------------------------------------ */

struct json_object *
tctl_git_standing_load(
    const struct tctl_git *git, const struct tctl_git_tip *tip)
{
	struct json_object *out = NULL;
	struct tctl_error unused;
	git_tree *root = NULL;
	git_blob *blob = NULL;
	const git_tree_entry *entry;

	if (tctl_git_folder(git->repo, tip, NULL, &root, &unused) != TCTL_OK ||
	    root == NULL)
		return NULL;
	entry = git_tree_entry_byname(root, "sprint_status.json");
	if (entry != NULL &&
	    git_blob_lookup(&blob, git->repo, git_tree_entry_id(entry)) == 0 &&
	    git_blob_rawsize(blob) < FILE_MAX_BYTES)
		out = tctl_git_parse(
		    git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	git_tree_free(root);
	return out;
}

/* Does it say where this store stood at the tip's last event, and are its
 * sprints in files of their own?  Then take its totals. */
static bool
take_before(struct json_object *before, const struct tctl_git_tip *tip,
    struct tctl_git_standing *out)
{
	struct json_object *totals = NULL, *id = NULL, *states = NULL;
	int64_t event;

	if (!tctl_git_read_count(before, "last_event", &event) ||
	    event != tip->event ||
	    !json_object_object_get_ex(before, "store", &id) ||
	    !json_object_is_type(id, json_type_string) ||
	    strcmp(json_object_get_string(id), out->store) != 0 ||
	    !json_object_object_get_ex(before, "totals", &totals) ||
	    !tctl_git_read_totals(totals, &out->report.totals) ||
	    !json_object_object_get_ex(before, "sprint_states", &states) ||
	    !tctl_git_read_states(states, out->in_state))
		return false;
	out->sprint_count = 0;
	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		out->sprint_count += out->in_state[i];
	return true;
}

/* The sprints that are begun: those that were and were not touched, and what is
 * begun of those that were. */
static void
merge_begun(struct json_object *before, struct tctl_git_standing *out)
{
	struct tctl_status_report *report = &out->report;
	struct tctl_sprint_status *touched = report->sprint, *list = NULL, one;
	size_t touched_count = report->sprint_count, count = 0;
	struct json_object *old = json_object_object_get(before, "sprints");
	size_t old_count = json_object_is_type(old, json_type_array)
			       ? json_object_array_length(old)
			       : 0;

	for (size_t i = 0; i < old_count + touched_count; i++) {
		bool is_old = i < old_count, again = false;

		if (!is_old)
			one = touched[i - old_count];
		else if (!tctl_git_line_read(json_object_array_get_idx(old, i),
			     report->arena, &one))
			continue;
		for (size_t k = 0; is_old && !again && k < touched_count; k++)
			again = tctl_same_text(touched[k].key, one.key) &&
				tctl_same_text(touched[k].plan, one.plan);
		if (again || !tctl_git_is_begun(&one))
			continue;
		list =
		    tctl_arena_grow(report->arena, list, count, sizeof(*list));
		list[count++] = one;
	}
	report->sprint = list;
	report->sprint_count = count;
}

/* --- the two ways of reading
 * -------------------------------------------------- */

/* *done false: everything has to be read; out is as it was. */
static enum tctl_status
read_new(const struct tctl_git *git, const struct tctl_git_tip *tip,
    struct json_object *before, struct tctl_git_standing *out, bool *done,
    struct tctl_error *err)
{
	struct tctl_git_standing next = *out;
	struct tctl_totals totals;
	enum tctl_status status;

	*done = take_before(before, tip, &next);
	if (!*done)
		return TCTL_OK;
	totals = next.report.totals;
	status = tctl_status_read_since(git->coord, tip->event, next.last_event,
	    READY_SHOWN, &next.report, done, err);
	if (status != TCTL_OK || !*done)
		return status;
	next.report.totals = totals;
	status = tctl_git_sprints_replace(git, tip, &next, done, err);
	if (status == TCTL_OK && *done && is_sane(&next)) {
		tctl_totals_set_percent(&next.report.totals);
		merge_begun(before, &next);
		*out = next;
		return TCTL_OK;
	}
	*done = false;
	tctl_status_release(&next.report);
	return status;
}

/* Failed tasks of the sprints that are begun, as many as are shown. */
static enum tctl_status
add_failed(const struct tctl_git *git, struct tctl_git_standing *out,
    struct tctl_error *err)
{
	struct tctl_status_report *report = &out->report;
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < report->sprint_count &&
			   report->stuck_count < TCTL_GIT_STUCK_SHOWN;
	     i++)
		if (report->sprint[i].totals.state[TCTL_STATE_FAILED] > 0)
			status = tctl_status_add_failed(git->coord,
			    report->sprint[i].key, report->sprint[i].plan,
			    TCTL_GIT_STUCK_SHOWN - report->stuck_count, report,
			    err);
	return status;
}

static void
keep_begun(struct tctl_git_standing *out)
{
	struct tctl_status_report *report = &out->report;
	size_t kept = 0;

	for (size_t i = 0; i < report->sprint_count; i++) {
		out->in_state[report->sprint[i].state]++;
		if (tctl_git_is_begun(&report->sprint[i]))
			report->sprint[kept++] = report->sprint[i];
	}
	report->sprint_count = kept;
}

static enum tctl_status
read_all(const struct tctl_git *git, struct tctl_git_standing *out,
    struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_status_read(git->coord, READY_SHOWN, &out->report, err);

	if (status != TCTL_OK)
		return status;
	out->sprint_count = out->report.sprint_count;
	out->is_whole = out->report.totals.tasks <= TCTL_GIT_TASKS_WHOLE;
	if (out->is_whole)
		return TCTL_OK;
	status = tctl_git_sprints_write(git, &out->report, &out->sprints, err);
	keep_begun(out);
	if (out->report.stuck_count > TCTL_GIT_STUCK_SHOWN)
		out->report.stuck_count = TCTL_GIT_STUCK_SHOWN;
	if (status != TCTL_OK)
		tctl_git_standing_release(out);
	return status;
}

enum tctl_status
tctl_git_standing_read(const struct tctl_git *git,
    const struct tctl_git_tip *tip, int64_t last_event,
    struct tctl_git_standing *out, struct tctl_error *err)
{
	struct json_object *before = NULL;
	bool done = false;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->last_event = last_event;
	status = tctl_store_name(git->coord, out->store, err);
	if (status != TCTL_OK)
		return status;
	if (tip->commit != NULL && tctl_git_events_file(tip->event) ==
				       tctl_git_events_file(last_event))
		before = tctl_git_standing_load(git, tip);
	if (before != NULL)
		status = read_new(git, tip, before, out, &done, err);
	json_object_put(before);
	if (status != TCTL_OK || !done)
		return status != TCTL_OK ? status : read_all(git, out, err);
	status = add_failed(git, out, err);
	if (status != TCTL_OK)
		tctl_git_standing_release(out);
	return status;
}

void
tctl_git_standing_release(struct tctl_git_standing *standing)
{
	if (standing->report.arena != NULL)
		tctl_status_release(&standing->report);
	standing->report.arena = NULL;
}

/* --- sprint_status.json
 * ------------------------------------------------------- */

static void
write_member(FILE *to, const char *key, struct json_object *value)
{
	fprintf(to, "\"%s\": %s,\n", key,
	    json_object_to_json_string_ext(value,
		JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(value);
}

static struct json_object *
states(const struct tctl_git_standing *standing)
{
	struct json_object *out = json_object_new_object();

	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		json_object_object_add(out, tctl_state_word((enum tctl_state)i),
		    json_object_new_int64((int64_t)standing->in_state[i]));
	return out;
}

/* Without what changes with every heartbeat or names somebody's machine:
 * leases are shown in STATUS.md, and end with the machine that they are on. */
void
tctl_git_standing_json(FILE *to, const struct tctl_git_standing *standing)
{
	const struct tctl_status_report *report = &standing->report;

	fputs("{\n", to);
	write_member(to, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
	write_member(to, "store", json_object_new_string(standing->store));
	write_member(
	    to, "last_event", json_object_new_int64(standing->last_event));
	write_member(to, "at", tctl_json_instant(report->now_ms));
	write_member(to, "totals", tctl_json_totals(&report->totals));
	write_member(to, "stuck", tctl_json_stuck(report));
	if (!standing->is_whole)
		write_member(to, "sprint_states", states(standing));
	fputs("\"sprints\": [\n", to);
	for (size_t i = 0; i < report->sprint_count; i++) {
		tctl_git_line_write(to, &report->sprint[i]);
		fputs(i + 1 < report->sprint_count ? ",\n" : "\n", to);
	}
	fputs("]\n}\n", to);
}
