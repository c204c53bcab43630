/* lock.c - any bytes as a lock file of the old scripts: it is somebody's, and
 * then never touched, or it is ours, and then replaced and unlinked. */
#include <sys/stat.h>

#include "../../lib/work/lock_file.h"
#include "fuzz.h"

static struct tctl_config config = { .lock_files = true };
static struct tctl_place place;
static const struct tctl_coord coord = { .config = &config, .place = &place };

static bool
is_there(const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = tctl_xcalloc(size, 1);
	bool same;

	if (file == NULL) {
		free(bytes);
		return false;
	}
	same = fread(bytes, 1, size + 1, file) == size &&
	       !memcmp(bytes, data, size);
	fclose(file);
	free(bytes);
	return same;
}

static void
look_at(struct tctl_change *change, const char *path, const uint8_t *data,
    size_t size)
{
	const struct tctl_lease_row lease = {
		.token = 7, .agent = "ada", .acquired_ms = 1, .renewed_ms = 2
	};
	const char *owner = tctl_lock_file_owner(&coord, change->arena, "1.2");
	struct tctl_error err = { .status = TCTL_OK };
	enum tctl_status status;

	/* A token that is not the file's: it stays, whosever it is. */
	tctl_lock_file_release(change, "1.2", INT64_MIN + 1);
	tctl_lock_files_drop(change);
	assert(is_there(path, data, size));
	status = tctl_lock_file_take(change, "1.2", &lease, &err);
	assert(status == (owner == NULL ? TCTL_OK : TCTL_ETAKEN));
	if (owner != NULL) {
		assert(is_there(path, data, size));
		return;
	}
	assert(tctl_lock_file_owner(&coord, change->arena, "1.2") == NULL);
	tctl_lock_file_refresh(change, "1.2", &lease, &owner);
	assert(owner == NULL);
	tctl_lock_file_release(change, "1.2", lease.token);
	tctl_lock_files_drop(change);
	assert(access(path, F_OK) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tctl_change change = { .coord = &coord,
		.arena = tctl_arena_new() };
	char *path, *folder;

	place.tasks = (char *)(uintptr_t)fuzz_folder();
	folder = tctl_xprintf("%s/locks", place.tasks);
	path = tctl_xprintf("%s/task_1_2.lock", folder);
	mkdir(folder, 0700);
	unlink(path);
	fuzz_file(path, data, size);
	look_at(&change, path, data, size);
	free(path);
	free(folder);
	tctl_arena_free(change.arena);
	return 0;
}
