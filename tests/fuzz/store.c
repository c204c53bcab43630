/* store.c - a store with flipped bytes: every view and every change answers or
 * says what is wrong, and no task is given to two.
 *
 * An input is flips of four bytes each: where (three, little end first), and
 * the bits to turn over. */
#include "fuzz.h"
#include "taskctl/work_json.h"
#include "world.h"

enum { FLIP_BYTES = 4, FLIPS_MAX = 16 };

static void
flip(const uint8_t *data, size_t size)
{
	uint8_t *bytes = tctl_xcalloc(world_size, 1);

	memcpy(bytes, world_bytes, world_size);
	for (size_t i = 0; i < FLIPS_MAX && (i + 1) * FLIP_BYTES <= size; i++) {
		const uint8_t *at = data + i * FLIP_BYTES;
		size_t where = at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16;

		bytes[where % world_size] ^= at[3];
	}
	fuzz_file(world_place.store, bytes, world_size);
	free(bytes);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tctl_error err = { .status = TCTL_OK };

	world_put_back();
	flip(data, size);
	if (tctl_store_open(world_place.store, TCTL_OPEN_WRITE, 1000,
		&world.store, &err) != TCTL_OK) {
		assert(err.text[0] != '\0');
		return 0;
	}
	view_tasks(&err);
	view_whole(&err);
	view_rest(&err);
	change(&err);
	tctl_store_close(world.store);
	return 0;
}
