/* store.c - a store with flipped bytes: every view and every change answers or
 * says what is wrong, and no task is given to two.
 *
 * An input is flips of four bytes each: which page, where in what it holds
 * (two, little end first), and the bits to turn over.  The pages are those of
 * tables and indexes by name: an input means the same where another table has
 * one more column.  From 0xFC on it is the schema's, or what else there is. */
#include <sqlite3.h>

#include "fuzz.h"
#include "taskctl/doctor.h"
#include "taskctl/metrics.h"
#include "taskctl/review.h"
#include "taskctl/work_json.h"
#include "world.h"

enum { FLIP_BYTES = 4, FLIPS_MAX = 16, PAGE = 4096, PAGES_MAX = 0xFC };

static size_t page[PAGES_MAX], pages; /* their places in the file */
static size_t roots; /* those of tables and indexes stand first */

static void
add_page(size_t at)
{
	for (size_t i = 0; i < pages; i++)
		if (page[i] == at)
			return;
	assert(pages < PAGES_MAX);
	page[pages++] = at;
}

static int
take_root(void *unused, int columns, char **text, char **names)
{
	(void)unused;
	(void)columns;
	(void)names;
	add_page((size_t)(atoi(text[0]) - 1) * PAGE);
	return 0;
}

static void
list_pages(void)
{
	sqlite3 *db = NULL;

	assert(sqlite3_open(world_place.store, &db) == SQLITE_OK);
	assert(sqlite3_exec(db,
		   "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 "
		   "ORDER BY name",
		   take_root, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
	roots = pages;
	for (size_t at = 0; at < world_size; at += PAGE)
		add_page(at);
}

static size_t
two(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* Where in the file a byte of a page is: its cells from its end, where they
 * grow from, then what is in front (fileformat2.html, 1.6); what is free is
 * none of it. */
static size_t
place_of(size_t at, size_t byte)
{
	enum { HEAD = 8, CELLS = 3, CONTENT = 5, POINTER = 2 };
	const uint8_t *head = world_bytes + at + (at == 0 ? 100 : 0);
	size_t cells = PAGE - two(head + CONTENT);
	size_t front = (size_t)(head - world_bytes) - at + HEAD +
		       POINTER * two(head + CELLS);

	if (cells > PAGE || front + cells > PAGE)
		return at + byte % PAGE; /* no page of a tree */
	byte %= cells + front;
	return byte < cells ? at + PAGE - 1 - byte : at + byte - cells;
}

static size_t
page_of(uint8_t byte)
{
	return byte < PAGES_MAX ? byte % roots
				: roots + (byte - PAGES_MAX) % (pages - roots);
}

/* Whoever has the store open knows its schema: one that may be another is
 * opened anew, and so is the next, and each while it is replayed. */
static void
flip(const uint8_t *data, size_t size)
{
	static uint8_t *bytes;
	static bool was_other;
	bool other = false;

	if (bytes == NULL)
		bytes = tctl_xcalloc(world_size, 1);
	memcpy(bytes, world_bytes, world_size);
	for (size_t i = 0; i < FLIPS_MAX && (i + 1) * FLIP_BYTES <= size; i++) {
		const uint8_t *at = data + i * FLIP_BYTES;
		size_t which = page_of(at[0]);

		bytes[place_of(page[which], at[1] | (size_t)at[2] << 8)] ^=
		    at[3];
		other = other || which >= roots;
	}
	world_put(bytes, fuzz_is_replay != NULL || other || was_other);
	was_other = other;
}

/* --- views ------------------------------------------------------------ */

static void
print(struct json_object *json)
{
	assert(json_object_to_json_string(json) != NULL);
	json_object_put(json);
}

static void
view_tasks(struct tctl_error *err)
{
	struct tctl_tasks tasks;
	size_t total;

	if (tctl_tasks_list(&world, NULL, &tasks, err) == TCTL_OK) {
		print(tctl_json_tasks(&tasks));
		tctl_tasks_release(&tasks);
	}
	if (tctl_tasks_ready(&world, "ada", NULL, 5, &tasks, &total, err) ==
	    TCTL_OK) {
		print(tctl_json_tasks(&tasks));
		tctl_tasks_release(&tasks);
	}
	if (tctl_tasks_held(&world, NULL, NULL, &tasks, err) == TCTL_OK) {
		print(tctl_json_tasks(&tasks));
		tctl_tasks_release(&tasks);
	}
	if (tctl_task_show(&world, "2.2", &tasks, err) == TCTL_OK) {
		print(tctl_json_tasks(&tasks));
		tctl_tasks_release(&tasks);
	}
}

static void
view_whole(struct tctl_error *err)
{
	const struct tctl_share_req req = { .agents = 2,
		.effort = { .placements = 200 } };
	struct tctl_status_report status;
	struct tctl_outlook outlook;
	struct tctl_share share;

	if (tctl_status_read(&world, 5, &status, err) == TCTL_OK) {
		print(tctl_json_status(&status));
		tctl_status_release(&status);
	}
	if (tctl_outlook_read(&world, true, &outlook, err) == TCTL_OK) {
		print(tctl_json_outlook(&outlook));
		tctl_outlook_release(&outlook);
	}
	if (tctl_share_read(&world, &req, &share, err) == TCTL_OK) {
		print(tctl_json_share(&share));
		tctl_share_release(&share);
	}
}

static void
view_rest(struct tctl_error *err)
{
	struct tctl_reservations reservations = { .count = 0 };
	struct tctl_events events;
	struct tctl_why why;

	if (tctl_why_read(&world, "1.2", &why, err) == TCTL_OK) {
		print(tctl_json_why(&why));
		tctl_why_release(&why);
	}
	if (tctl_events_read(&world, 0, NULL, 100, &events, err) == TCTL_OK) {
		for (size_t i = 0; i < events.count; i++)
			print(tctl_json_event(&events.at[i]));
		tctl_events_release(&events);
	}
	if (tctl_reservations_read(&world, &reservations, err) == TCTL_OK) {
		(void)tctl_reservations_find(&reservations, "hull/a", false);
		tctl_reservations_release(&reservations);
	}
}

/* Doctor finds words for whatever is wrong. */
static void
view_history(struct tctl_error *err)
{
	struct tctl_doctor doctor = { .arena = tctl_arena_new() };
	struct tctl_review review;
	struct tctl_metrics metrics;

	tctl_doctor_store(&doctor, &world);
	for (size_t i = 0; i < doctor.findings; i++)
		assert(doctor.finding[i].message != NULL);
	tctl_arena_free(doctor.arena);
	if (tctl_review_read(&world, NULL, &review, err) == TCTL_OK) {
		print(tctl_json_review(&review));
		tctl_review_release(&review);
	}
	if (tctl_metrics_read(&world, &metrics, err) == TCTL_OK)
		tctl_metrics_release(&metrics);
}

/* --- changes ---------------------------------------------------------- */

static enum tctl_status
claim(const struct tctl_caller *who, int64_t *token)
{
	struct tctl_answer answer = { .already = false };
	struct tctl_error err;
	enum tctl_status status =
	    tctl_lease_claim(&world, who, "1.3", -1, &answer, &err);

	*token = status == TCTL_OK && answer.task.count == 1 &&
			 answer.task.at[0].lease != NULL
		     ? answer.task.at[0].lease->token
		     : 0;
	tctl_answer_release(&answer);
	return status;
}

static enum tctl_status
finish(const struct tctl_caller *who)
{
	struct tctl_answer answer = { .already = false };
	struct tctl_error err;
	enum tctl_status status =
	    tctl_lease_done(&world, who, "1.3", NULL, &answer, &err);

	tctl_answer_release(&answer);
	return status;
}

static void
change(struct tctl_error *err)
{
	struct tctl_answer answer = { .already = false };
	struct tctl_sweep_result swept = { .arena = NULL };
	int64_t first, second;

	if (claim(&world_bob, &first) == TCTL_OK) {
		assert(claim(&world_ada, &second) != TCTL_OK);
		assert(finish(&world_ada) != TCTL_OK);
		if (claim(&world_bob, &second) == TCTL_OK)
			assert(first == second);
		if (finish(&world_bob) == TCTL_OK)
			assert(claim(&world_ada, &second) != TCTL_OK);
	}
	(void)!tctl_lease_sweep(&world, &swept, err);
	tctl_arena_free(swept.arena);
	if (tctl_lease_claim_next(
		&world, &world_bob, NULL, true, -1, &answer, err) == TCTL_OK)
		assert(answer.task.count == 1);
	tctl_answer_release(&answer);
}

/* Whatever comes of it: nothing that was said is kept. */
#define TRY(call) \
	do { \
		struct tctl_answer answer = { .already = false }; \
		(void)!(call); \
		tctl_answer_release(&answer); \
	} while (0)

static void
change_tasks(struct tctl_error *err)
{
	static const char *after[] = { "2.1", "1.2" };
	const struct tctl_strings needs = { .at = after, .count = 2 };
	const struct tctl_fields fields = { .title = "Dry", .priority = 2 };

	TRY(tctl_task_add(
	    &world, &world_ada, "9", &fields, &needs, &answer, err));
	TRY(tctl_dep_remove(&world, &world_ada, "2.2", "2.1", &answer, err));
	TRY(tctl_step_tick(&world, &world_ada, "1.1", 1, false, &answer, err));
	TRY(tctl_note_add(&world, &world_ada, "1.2", "wet", &answer, err));
	TRY(tctl_gate_approve(
	    &world, &world_ada, "GO-1", true, "it floats", &answer, err));
	TRY(tctl_task_reopen(&world, &world_ada, "1.1", "no", &answer, err));
	TRY(tctl_task_cancel(&world, &world_ada, "2.1", "no", &answer, err));
}

static void
change_plan(struct tctl_error *err)
{
	const struct tctl_plan_options options = { .file = "harbour.md" };
	static const char text[] =
	    "# Harbour\n\n## Sprint 1 : Hull\n\n"
	    "#### Task 1.1 : Saw it\n- [x] b\n- [x] c\n\n"
	    "#### Task 1.3 : Paint\n**Mutex** : brush\n\n"
	    "### GO/NO-GO\n- [ ] floats\n\n"
	    "## Sprint 3 : Launch\n\n#### Task 3.1 : Push\n"
	    "**Dependencies** : 1.1, 1.3\n";
	struct tctl_plan *plan = NULL;
	struct tctl_write_back back;
	struct tctl_import import;

	WORLD_OK(
	    tctl_plan_read(text, strlen(text), &options, &plan, &world_err));
	if (tctl_write_back_compare(&world, plan, &back, err) == TCTL_OK)
		tctl_write_back_release(&back);
	(void)!tctl_plan_import(
	    &world, &world_ada, plan, false, true, &import, err);
	tctl_import_release(&import);
	tctl_plan_free(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const part[])(struct tctl_error *) = { view_tasks,
		view_whole, view_rest, view_history, change, change_tasks,
		change_plan };
	struct tctl_error err = { .status = TCTL_OK };
	size_t one = 0;

	if (world_bytes == NULL) {
		world_make();
		list_pages();
	}
	flip(data, size);
	if (world_open(&err) != TCTL_OK) {
		assert(err.text[0] != '\0');
		return 0;
	}
	/* All of them; while looking for new ones, one by chance: seven times
	 * as many inputs. */
	for (size_t i = 0; i < size; i++)
		one += data[i];
	for (size_t i = 0; i < TCTL_COUNT(part); i++)
		if (fuzz_is_replay != NULL || i == one % TCTL_COUNT(part))
			part[i](&err);
	return 0;
}
