/* fit.c - is this file system one that a store can live on? */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "taskctl/memory.h"
#include "taskctl/store.h"

/* statfs(2): numbers of <linux/magic.h>, spelled out where it lacks them. */
static const struct {
	unsigned long magic;
	const char *name;
} remote[] = {
	{ 0x6969, "nfs" },
	{ 0xff534d42, "cifs" },
	{ 0xfe534d42, "smb" },
	{ 0x517b, "smb" },
	{ 0x01021997, "9p" },
	{ 0x65735546, "FUSE" },
};

#define OVERLAY_MAGIC 0x794c7630UL

enum tctl_status
tctl_store_fit(const char *path, bool *overlay, struct tctl_error *err)
{
	char *copy = tctl_xstrdup(path);
	struct statfs fs;
	int rc = statfs(dirname(copy), &fs);
	unsigned long type = (unsigned long)fs.f_type & 0xffffffffUL;

	free(copy);
	*overlay = rc == 0 && type == OVERLAY_MAGIC;
	if (rc != 0) /* opening it will say what is wrong */
		return TCTL_OK;
	for (size_t i = 0; i < TCTL_COUNT(remote); i++)
		if (type == remote[i].magic) {
			tctl_fail(err, TCTL_EFAILED,
			    "%s is on %s: a store needs one kernel for its "
			    "locks and its log",
			    path, remote[i].name);
			return tctl_hint(err,
			    "put the store on a local disk (taskctl config "
			    "db PATH)");
		}
	return TCTL_OK;
}
