/* power.c - what a power cut leaves of a store, at every write.
 *
 * Commands run one after another, and all that they write to the store's file
 * and its log is noted, with each sync and each answer.  Then the power is cut
 * after each write: what was synced is on the disk; of what was not, nothing,
 * all, each piece alone, and all but each piece; and of the last write some
 * bytes only.  Each such disk must be a whole store that says what it said
 * after some command, and none earlier than the last that was acknowledged. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "faults.h"

enum { FILES = 2, TORN = 512, UNSYNCED_MAX = 4096 };

/* One thing that was done to a file, in order. */
struct change {
	int file;     /* 0: the store, 1: its log */
	bool is_sync; /* of that file */
	bool is_cut;  /* the file ends at offset */
	uint64_t offset;
	size_t size;
	char *bytes;
};

struct image {
	char *bytes;
	size_t size;
};

struct recording {
	const char *path[FILES];
	struct change *change;
	size_t count;
	char **state;  /* after 0, 1, 2 … commands */
	size_t *acked; /* by then, this many changes had been made */
	bool *is_light;
	size_t commands;
	struct image begin[FILES];
	size_t disks, writes, syncs;
};

/* --- recording ------------------------------------------------------ */

static int
file_of(const struct recording *rec, const struct faults_call *call)
{
	char link[64], path[4096], *name;
	ssize_t n;
	int found = -1;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)call->pid,
	    (int)call->arg[0]);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	name = strstr(path, ".tasks/");
	for (int i = 0; i < FILES; i++)
		if (name != NULL && strcmp(name, rec->path[i]) == 0)
			found = i;
	return found;
}

static void
note(void *into, const struct faults_call *call)
{
	struct recording *rec = into;
	struct change change = { .file = file_of(rec, call) };

	if (change.file < 0 || call->result < 0)
		return;
	if (call->nr == SYS_pwrite64) {
		struct iovec to, from;

		change.offset = call->arg[3];
		change.size = (size_t)call->result;
		change.bytes = faults_alloc(NULL, change.size);
		to = (struct iovec){ change.bytes, change.size };
		from = (struct iovec){ (void *)(uintptr_t)call->arg[1],
			change.size };
		if (process_vm_readv(call->pid, &to, 1, &from, 1, 0) !=
		    (ssize_t)change.size)
			FAULTS_DIE();
		rec->writes++;
	} else if (call->nr == SYS_ftruncate) {
		change.is_cut = true;
		change.offset = call->arg[1];
		rec->writes++;
	} else if (call->nr == SYS_fsync || call->nr == SYS_fdatasync) {
		change.is_sync = true;
		rec->syncs++;
	} else {
		return;
	}
	rec->change =
	    faults_alloc(rec->change, (rec->count + 1) * sizeof(*rec->change));
	rec->change[rec->count++] = change;
}

static void
end_command(struct recording *rec, const char *store, bool is_light)
{
	size_t n = rec->commands++;
	struct faults_state state;

	faults_state_read(store, &state);
	if (state.wrong[0] != '\0')
		faults_say("%s", state.wrong);
	free(state.wrong);
	rec->state = faults_alloc(rec->state, (n + 1) * sizeof(*rec->state));
	rec->acked = faults_alloc(rec->acked, (n + 1) * sizeof(*rec->acked));
	rec->is_light =
	    faults_alloc(rec->is_light, (n + 1) * sizeof(*rec->is_light));
	rec->state[n] = state.dump;
	rec->acked[n] = rec->count;
	rec->is_light[n] = is_light;
}

/* --- disks ---------------------------------------------------------- */

static void
copy_image(struct image *to, const struct image *from)
{
	to->bytes = faults_alloc(NULL, from->size + 1);
	memcpy(to->bytes, from->bytes, from->size);
	to->size = from->size;
}

static void
apply(struct image disk[FILES], const struct change *change, size_t size)
{
	struct image *image = &disk[change->file];
	size_t end = change->is_cut ? change->offset : change->offset + size;

	if (change->is_sync)
		return;
	if (end > image->size || change->is_cut) {
		image->bytes = faults_alloc(image->bytes, end + 1);
		if (end > image->size)
			memset(
			    image->bytes + image->size, 0, end - image->size);
		image->size = end;
	}
	if (!change->is_cut)
		memcpy(image->bytes + change->offset, change->bytes, size);
}

static void
write_image(const char *path, const struct image *image)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 ||
	    write(fd, image->bytes, image->size) != (ssize_t)image->size)
		FAULTS_DIE();
	close(fd);
}

/* Is it what the store said after one of the commands from first to last? */
static bool
is_one_of(const struct recording *rec, const char *dump, size_t first)
{
	for (size_t i = first; i < rec->commands; i++)
		if (strcmp(dump, rec->state[i]) == 0)
			return true;
	return false;
}

/* The power comes back: the log's index was memory, and is gone. */
static void
boot(struct recording *rec, const struct image disk[FILES], size_t changes)
{
	struct faults_state state;
	size_t first = 0;

	for (size_t i = 0; i < rec->commands; i++)
		if (rec->acked[i] <= changes && !rec->is_light[i])
			first = i;
	write_image("disk.db", &disk[0]);
	write_image("disk.db-wal", &disk[1]);
	unlink("disk.db-shm");
	faults_state_read("disk.db", &state);
	if (state.wrong[0] != '\0')
		faults_say("not whole: %s", state.wrong);
	else if (!is_one_of(rec, state.dump, first))
		faults_say("%s", is_one_of(rec, state.dump, 0)
				     ? "what was acknowledged is gone"
				     : "a state that never was");
	faults_state_free(&state);
	rec->disks++;
}

/* --- cutting -------------------------------------------------------- */

enum keep { NOTHING, ALL, ONLY, BUT };

/* Which of the unsynced changes are on the disk, and how much of the last. */
static void
cut(struct recording *rec, const struct image synced[FILES],
    const size_t unsynced[], size_t count, size_t changes, enum keep keep,
    size_t which, size_t of_last)
{
	struct image disk[FILES];

	for (int i = 0; i < FILES; i++)
		copy_image(&disk[i], &synced[i]);
	for (size_t i = 0; i < count; i++) {
		const struct change *change = &rec->change[unsynced[i]];
		bool kept = keep == ALL || (keep == ONLY && i == which) ||
			    (keep == BUT && i != which);

		if (kept)
			apply(disk, change,
			    i + 1 == count && of_last < change->size
				? of_last
				: change->size);
	}
	boot(rec, disk, changes);
	for (int i = 0; i < FILES; i++)
		free(disk[i].bytes);
}

static void
cut_after(struct recording *rec, const struct image synced[FILES],
    const size_t unsynced[], size_t count, size_t changes, size_t step)
{
	const struct change *last = &rec->change[changes - 1];
	/* In the middle of a word, of a frame's header, of its last. */
	const size_t torn[] = { 1, 11, last->size - 1 };

	faults_at("cut after %zu of %zu writes", changes, rec->count);
	cut(rec, synced, unsynced, count, changes, NOTHING, 0, SIZE_MAX);
	if (count == 0)
		return;
	cut(rec, synced, unsynced, count, changes, ALL, 0, SIZE_MAX);
	for (size_t n = step; !last->is_cut && n < last->size; n += step)
		cut(rec, synced, unsynced, count, changes, ALL, 0, n);
	for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++)
		if (!last->is_cut && torn[i] < last->size)
			cut(rec, synced, unsynced, count, changes, ALL, 0,
			    torn[i]);
	for (size_t i = 0; i < count && count > 1; i++) {
		cut(rec, synced, unsynced, count, changes, ONLY, i, SIZE_MAX);
		cut(rec, synced, unsynced, count, changes, BUT, i, SIZE_MAX);
	}
}

/* What is not synced yet stays in order; a sync makes it a part of the disk. */
static size_t
sync_file(struct recording *rec, struct image synced[FILES], size_t unsynced[],
    size_t count, int file)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		const struct change *change = &rec->change[unsynced[i]];

		if (change->file == file)
			apply(synced, change, change->size);
		else
			unsynced[left++] = unsynced[i];
	}
	return left;
}

static void
cut_everywhere(struct recording *rec, size_t stride)
{
	struct image synced[FILES];
	size_t unsynced[UNSYNCED_MAX], count = 0;

	for (int i = 0; i < FILES; i++)
		copy_image(&synced[i], &rec->begin[i]);
	for (size_t n = 1; n <= rec->count; n++) {
		const struct change *change = &rec->change[n - 1];

		if (change->is_sync)
			count = sync_file(
			    rec, synced, unsynced, count, change->file);
		else if (count == UNSYNCED_MAX)
			FAULTS_DIE();
		else
			unsynced[count++] = n - 1;
		if (n % stride == 0)
			cut_after(rec, synced, unsynced, count, n,
			    stride == 1 ? TORN : TORN * 4);
	}
}

/* --- the whole ------------------------------------------------------ */

/* One line a command; "light" in front of one whose loss is allowed. */
static void
run_line(struct recording *rec, char *line, const char *store)
{
	bool is_light = strncmp(line, "light ", 6) == 0;
	char shell[] = "sh", option[] = "-c";
	char *argv[] = { shell, option, line + (is_light ? 6 : 0), NULL };
	struct faults_run run = {
		.argv = argv, .fault.whole = true, .watch = note, .into = rec
	};
	struct faults_outcome out;

	faults_run(&run, &out);
	faults_at("%s", line);
	if (out.code != 0)
		faults_say("exits %d: %s", out.code, out.err);
	end_command(rec, store, is_light);
}

void
faults_power(const struct faults_scenario *scenario,
    const struct faults_options *options, char *said, size_t size)
{
	struct recording rec = { .path = { ".tasks/taskctl.db",
				     ".tasks/taskctl.db-wal" } };
	char *script, *line;

	if (faults_shell(scenario->prepare) != 0) {
		faults_say("cannot be prepared");
		return;
	}
	end_command(&rec, options->store, false);
	for (int i = 0; i < FILES; i++)
		rec.begin[i].bytes =
		    faults_slurp(rec.path[i], &rec.begin[i].size);
	script = scenario->power;
	while ((line = strsep(&script, "\n")) != NULL)
		run_line(&rec, line, options->store);
	cut_everywhere(&rec, options->stride);
	snprintf(said, size,
	    "%zu commands, %zu writes, %zu syncs: the power was cut on %zu "
	    "disks",
	    rec.commands - 1, rec.writes, rec.syncs, rec.disks);
}
