/* standing.c - where the work stands, at the cost of what is new.
 *
 * Of a small plan all is read from the store.  Of a large one that would cost a
 * commit of ten events as much as a hundred thousand tasks do: then the sprints
 * that these events have not touched are what the last commit's
 * sprint_status.json says, line by line.  With each new file of events
 * everything is read anew, so that nothing that went wrong, or that somebody
 * wrote into the branch, stays for good. */
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "standing.h"
#include "taskctl/work_json.h"

enum {
	READY_SHOWN = 10,
	TEXT_MAX_BYTES = 64 << 20, /* of a file that somebody else may have
				      written */
};
#define NUMBER_MAX (INT64_C(1) << 50)

static const char sprints_begin[] = "\n\"sprints\": [\n";

static void
take_text(void *into, const char *const col[])
{
	snprintf(into, TCTL_GIT_STORE_ID, "%s", col[0]);
}

enum tctl_status
tctl_git_store_id(const struct tctl_git *git, char out[TCTL_GIT_STORE_ID],
    struct tctl_error *err)
{
	out[0] = '\0';
	return tctl_query(git->coord->store, tctl_sql_store_read,
	    TCTL_ARGS(TCTL_N(0)), take_text, out, NULL, err);
}

/* --- lines -----------------------------------------------------------------
 */

/* One sprint's object, without the comma behind it. */
struct line {
	const char *at;
	size_t length;
};

/* The next line of a text, which *at goes through; false: there is none. */
static bool
next_line(const char **at, struct line *out)
{
	size_t length = strcspn(*at, "\n");

	if (**at != '{')
		return false;
	out->at = *at;
	*at += length + ((*at)[length] == '\n');
	out->length = length - (length > 0 && out->at[length - 1] == ',');
	return true;
}

/* Which sprint a line is of: the members that it begins with, id and plan. */
static char *
head_of(const struct tctl_sprint_status *sprint)
{
	struct json_object *head = json_object_new_object();
	char *text;

	json_object_object_add(head, "id", tctl_json_text(sprint->key));
	json_object_object_add(head, "plan", tctl_json_text(sprint->plan));
	text = tctl_xstrdup(json_object_to_json_string_ext(
	    head, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	text[strlen(text) - 1] = ','; /* in place of the closing brace */
	json_object_put(head);
	return text;
}

static void
write_line(FILE *to, const struct tctl_sprint_status *sprint)
{
	struct json_object *one = tctl_json_sprint(sprint);

	fputs(json_object_to_json_string_ext(
		  one, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
	    to);
	json_object_put(one);
}

/* False: it is not what we have written. */
static bool
read_count(struct json_object *from, const char *key, int64_t *out)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return false;
	*out = json_object_get_int64(value);
	return *out >= 0 && *out <= NUMBER_MAX;
}

static bool
read_totals(struct json_object *from, struct tctl_totals *out)
{
	int64_t n;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		if (!read_count(from, tctl_state_word((enum tctl_state)i), &n))
			return false;
		out->state[i] = (size_t)n;
	}
	if (!read_count(from, "tasks", &n))
		return false;
	out->tasks = (size_t)n;
	return read_count(from, "estimate_s", &out->estimate_s) &&
	       read_count(from, "done_s", &out->done_s);
}

static const char *
read_text(struct json_object *from, const char *key, struct tctl_arena *arena)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return tctl_arena_strdup(arena, json_object_get_string(value));
}

static struct json_object *
parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *out =
	    json_tokener_parse_ex(tokener, text, (int)length);

	json_tokener_free(tokener);
	if (!json_object_is_type(out, json_type_object)) {
		json_object_put(out);
		out = NULL;
	}
	return out;
}

static bool
read_line(const struct line *line, struct tctl_arena *arena,
    struct tctl_sprint_status *out)
{
	struct json_object *one = parse(line->at, line->length);
	const char *state;
	bool good;

	memset(out, 0, sizeof(*out));
	if (one == NULL)
		return false;
	out->key = read_text(one, "id", arena);
	out->plan = read_text(one, "plan", arena);
	out->title = read_text(one, "title", arena);
	state = read_text(one, "state", arena);
	good = state != NULL && tctl_state_read(state, &out->state) &&
	       read_totals(one, &out->totals);
	if (good)
		tctl_totals_set_percent(&out->totals);
	json_object_put(one);
	return good;
}

/* The state that a line says, without reading all of it. */
static bool
state_of(const struct line *line, enum tctl_state *out)
{
	/* No string holds it: the quotes would be escaped. */
	static const char key[] = "\"state\":\"";
	const char *at = memmem(line->at, line->length, key, sizeof(key) - 1);
	char word[16] = "";

	if (at == NULL)
		return false;
	at += sizeof(key) - 1;
	for (size_t i = 0; i + 1 < sizeof(word) && at[i] != '"'; i++)
		word[i] = at[i];
	return tctl_state_read(word, out);
}

bool
tctl_git_is_begun(const struct tctl_sprint_status *sprint)
{
	return sprint->state == TCTL_STATE_CLAIMED ||
	       sprint->state == TCTL_STATE_FAILED;
}

/* --- what the last commit says
 * ------------------------------------------------ */

struct before {
	char *text; /* owned; the file, NUL-ended */
	const char *sprints;
	struct tctl_totals totals;
};

static void
load_text(const struct tctl_git *git, const struct tctl_git_tip *tip,
    struct before *out)
{
	struct tctl_error unused;
	git_tree *root = NULL;
	git_blob *blob = NULL;
	const git_tree_entry *entry;

	if (tctl_git_folder(git->repo, tip, NULL, &root, &unused) != TCTL_OK ||
	    root == NULL)
		return;
	entry = git_tree_entry_byname(root, "sprint_status.json");
	if (entry != NULL &&
	    git_blob_lookup(&blob, git->repo, git_tree_entry_id(entry)) == 0 &&
	    git_blob_rawsize(blob) < TEXT_MAX_BYTES) {
		out->text = strndup(
		    git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
		if (out->text == NULL)
			tctl_die_nomem();
	}
	git_blob_free(blob);
	git_tree_free(root);
}

/* Does it say where this store stood at the tip's last event? */
static bool
read_before(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const char *store, struct before *out)
{
	struct json_object *head = NULL, *totals = NULL, *id = NULL;
	char *at, *text;
	int64_t event;
	bool good;

	memset(out, 0, sizeof(*out));
	load_text(git, tip, out);
	at = out->text == NULL ? NULL : strstr(out->text, sprints_begin);
	if (at == NULL)
		return false;
	out->sprints = at + strlen(sprints_begin);
	text = tctl_xprintf(
	    "%.*s\"sprints\":[]}", (int)(at - out->text), out->text);
	head = parse(text, strlen(text));
	free(text);
	good = head != NULL && read_count(head, "last_event", &event) &&
	       event == tip->event &&
	       json_object_object_get_ex(head, "store", &id) &&
	       json_object_is_type(id, json_type_string) &&
	       strcmp(json_object_get_string(id), store) == 0 &&
	       json_object_object_get_ex(head, "totals", &totals) &&
	       read_totals(totals, &out->totals);
	json_object_put(head);
	return good;
}

/* --- bringing it up to date
 * --------------------------------------------------- */

static void
move_totals(struct tctl_totals *totals, const struct tctl_totals *by, int sign)
{
	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		totals->state[i] += (size_t)sign * by->state[i];
	totals->tasks += (size_t)sign * by->tasks;
	totals->estimate_s += sign * by->estimate_s;
	totals->done_s += sign * by->done_s;
}

/* Had the old lines been wrong, something would be below nothing now. */
static bool
is_sane(const struct tctl_totals *totals)
{
	bool good = totals->tasks <= (size_t)NUMBER_MAX &&
		    totals->estimate_s >= 0 && totals->done_s >= 0;

	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		good = good && totals->state[i] <= totals->tasks;
	return good;
}

/* A sprint that has been read anew, and whether its line was found. */
struct touched {
	char *head;
	const struct tctl_sprint_status *sprint;
	bool found;
};

static int
by_head(const void *a, const void *b)
{
	return strcmp(((const struct touched *)a)->head,
	    ((const struct touched *)b)->head);
}

static struct touched *
find_touched(struct touched list[], size_t count, const struct line *line)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		size_t length = strlen(list[middle].head);
		int order = strncmp(line->at, list[middle].head, length);

		if (order == 0)
			return &list[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* The old lines, with new ones in the place of those that were touched.  False:
 * they are not such lines, or one is missing. */
static bool
replace_lines(FILE *to, const struct before *before, struct touched list[],
    size_t count, struct tctl_arena *arena, struct tctl_totals *totals)
{
	const char *at = before->sprints, *separator = "";
	struct tctl_sprint_status old;
	struct line line;

	*totals = before->totals;
	while (next_line(&at, &line)) {
		struct touched *one = find_touched(list, count, &line);

		fputs(separator, to);
		separator = ",\n";
		if (one == NULL) {
			fwrite(line.at, 1, line.length, to);
			continue;
		}
		if (one->found || !read_line(&line, arena, &old))
			return false;
		one->found = true;
		write_line(to, one->sprint);
		move_totals(totals, &old.totals, -1);
		move_totals(totals, &one->sprint->totals, 1);
	}
	for (size_t i = 0; i < count; i++)
		if (!list[i].found)
			return false;
	tctl_totals_set_percent(totals);
	return is_sane(totals);
}

static bool
splice(struct tctl_git_standing *out, const struct before *before)
{
	struct tctl_status_report *report = &out->report;
	struct touched *list =
	    tctl_xcalloc(report->sprint_count, sizeof(*list));
	FILE *to = open_memstream(&out->sprints, &out->sprints_bytes);
	struct tctl_totals totals;
	bool good;

	if (to == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < report->sprint_count; i++) {
		list[i].head = head_of(&report->sprint[i]);
		list[i].sprint = &report->sprint[i];
	}
	qsort(list, report->sprint_count, sizeof(*list), by_head);
	good = replace_lines(
	    to, before, list, report->sprint_count, report->arena, &totals);
	if (good)
		putc('\n', to);
	if (fclose(to) != 0)
		tctl_die_nomem();
	for (size_t i = 0; i < report->sprint_count; i++)
		free(list[i].head);
	free(list);
	report->totals = totals;
	return good;
}

/* *done false: everything has to be read. */
static enum tctl_status
bring_up_to_date(const struct tctl_git *git, const struct tctl_git_tip *tip,
    const char *store, int64_t last_event, struct tctl_git_standing *out,
    bool *done, struct tctl_error *err)
{
	struct before before;
	enum tctl_status status = TCTL_OK;

	*done = false;
	if (tip->commit == NULL || tctl_git_events_file(tip->event) !=
				       tctl_git_events_file(last_event))
		return TCTL_OK;
	if (read_before(git, tip, store, &before) &&
	    before.totals.tasks > TCTL_GIT_TASKS_WHOLE) {
		status = tctl_status_read_since(git->coord, tip->event,
		    last_event, READY_SHOWN, &out->report, done, err);
		if (status == TCTL_OK && *done && !splice(out, &before)) {
			tctl_git_standing_release(out);
			*done = false;
		}
	}
	free(before.text);
	return status;
}

/* --- the whole
 * ---------------------------------------------------------------- */

static void
write_lines(struct tctl_git_standing *out)
{
	FILE *to = open_memstream(&out->sprints, &out->sprints_bytes);

	if (to == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < out->report.sprint_count; i++) {
		write_line(to, &out->report.sprint[i]);
		fputs(i + 1 < out->report.sprint_count ? ",\n" : "\n", to);
	}
	if (fclose(to) != 0)
		tctl_die_nomem();
}

/* Of a large plan: keep the sprints that are begun, and count the others. */
static enum tctl_status
choose_sprints(const struct tctl_git *git, bool failed_are_known,
    struct tctl_git_standing *out, struct tctl_error *err)
{
	struct tctl_status_report *report = &out->report;
	const char *at = out->sprints;
	enum tctl_status status = TCTL_OK;
	struct line line;

	report->sprint = NULL;
	report->sprint_count = 0;
	while (status == TCTL_OK && next_line(&at, &line)) {
		bool has_failed = memmem(line.at, line.length, "\"failed\":0,",
				      strlen("\"failed\":0,")) == NULL;
		struct tctl_sprint_status one;
		enum tctl_state state;
		bool is_shown;

		if (!state_of(&line, &state))
			continue;
		out->sprint_count++;
		out->in_state[state]++;
		is_shown = (state == TCTL_STATE_CLAIMED ||
			       state == TCTL_STATE_FAILED) &&
			   report->sprint_count < TCTL_GIT_SPRINTS_SHOWN;
		has_failed = has_failed && !failed_are_known &&
			     report->stuck_count < TCTL_GIT_STUCK_SHOWN;
		if ((!is_shown && !has_failed) ||
		    !read_line(&line, report->arena, &one))
			continue;
		if (has_failed)
			status = tctl_status_add_failed(git->coord, one.key,
			    one.plan,
			    TCTL_GIT_STUCK_SHOWN - report->stuck_count, report,
			    err);
		if (!is_shown)
			continue;
		report->sprint = tctl_arena_grow(report->arena, report->sprint,
		    report->sprint_count, sizeof(*report->sprint));
		report->sprint[report->sprint_count++] = one;
	}
	return status;
}

enum tctl_status
tctl_git_standing_read(const struct tctl_git *git,
    const struct tctl_git_tip *tip, int64_t last_event,
    struct tctl_git_standing *out, struct tctl_error *err)
{
	bool done = false;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->last_event = last_event;
	status = tctl_git_store_id(git, out->store, err);
	if (status == TCTL_OK)
		status = bring_up_to_date(
		    git, tip, out->store, last_event, out, &done, err);
	if (status == TCTL_OK && !done) {
		status = tctl_status_read(
		    git->coord, READY_SHOWN, &out->report, err);
		if (status == TCTL_OK)
			write_lines(out);
	}
	if (status != TCTL_OK)
		return status;
	out->is_whole =
	    !done && out->report.totals.tasks <= TCTL_GIT_TASKS_WHOLE;
	out->sprint_count = out->report.sprint_count;
	if (out->is_whole)
		return TCTL_OK;
	out->sprint_count = 0;
	status = choose_sprints(git, !done, out, err);
	if (status != TCTL_OK)
		tctl_git_standing_release(out);
	return status;
}

void
tctl_git_standing_release(struct tctl_git_standing *standing)
{
	if (standing->report.arena != NULL)
		tctl_status_release(&standing->report);
	free(standing->sprints);
	standing->report.arena = NULL;
	standing->sprints = NULL;
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

/* Without what changes with every heartbeat or names somebody's machine:
 * leases are shown in STATUS.md, and end with the machine that they are on. */
void
tctl_git_standing_json(FILE *to, struct tctl_git_standing *standing)
{
	struct tctl_status_report *report = &standing->report;
	size_t stuck = report->stuck_count;

	if (!standing->is_whole && stuck > TCTL_GIT_STUCK_SHOWN)
		report->stuck_count = TCTL_GIT_STUCK_SHOWN;
	fputs("{\n", to);
	write_member(to, "schema", json_object_new_string(TCTL_JSON_SCHEMA));
	write_member(to, "store", json_object_new_string(standing->store));
	write_member(
	    to, "last_event", json_object_new_int64(standing->last_event));
	write_member(to, "at", tctl_json_instant(report->now_ms));
	write_member(to, "totals", tctl_json_totals(&report->totals));
	write_member(to, "stuck", tctl_json_stuck(report));
	fprintf(to, "%s", sprints_begin + 1);
	fwrite(standing->sprints, 1, standing->sprints_bytes, to);
	fputs("]\n}\n", to);
	report->stuck_count = stuck;
}
