/* json_file.c - .tasks/config.json and sprint_status.json, written whole. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json_file.h"
#include "taskctl/memory.h"
#include "taskctl/store.h"

/* A group that shares the folder may read what is in it, whatever umask says:
 * without its configuration nobody else of it could do anything. */
static bool
share(int fd, const char *path)
{
	struct stat st;

	return (tctl_store_mode(path) & S_IRGRP) == 0 ||
	       (fstat(fd, &st) == 0 &&
		   fchmod(fd, (st.st_mode & 0777) | S_IRGRP | S_IWGRP) == 0);
}

static bool
write_whole(const char *path, struct json_object *root, bool durable)
{
	/* Its name can be foretold: whatever is there already may be a link
	 * that somebody has planted. */
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	bool ok;

	if (file == NULL)
		return false;
	ok = fprintf(file, "%s\n",
		 json_object_to_json_string_ext(
		     root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
			       JSON_C_TO_STRING_NOSLASHESCAPE)) > 0 &&
	     fflush(file) == 0 &&
	     (!durable || (share(fd, path) && fsync(fileno(file)) == 0));
	return fclose(file) == 0 && ok;
}

enum tctl_status
tctl_json_file_replace(const char *path, struct json_object *root, bool durable,
    struct tctl_error *err)
{
	char *aside = tctl_xprintf("%s.%ld", path, (long)getpid());
	bool ok, is_there;

	(void)unlink(aside); /* of a process of our number that has died */
	ok = write_whole(aside, root, durable) && rename(aside, path) == 0;
	is_there = ok;
	ok = ok && (!durable || tctl_folder_sync(path));
	if (!ok) {
		tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s", path,
		    strerror(errno));
		if (is_there)
			tctl_hint(err, "it is there, and the next power cut "
				       "may take it back");
		else
			unlink(aside);
	}
	free(aside);
	return ok ? TCTL_OK : TCTL_EFAILED;
}
