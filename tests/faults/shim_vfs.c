/* shim_vfs.c - a VFS (sqlite.org/vfs.html) in front of SQLite's own, whose
 * calls fail when the runner says so; what does not fail is theirs.
 *
 * It waits for nobody: a busy handler has its fill at once. */
#include <sqlite3.h>
#include <stdlib.h>

#include "shim.h"

/* The real file lies behind ours. */
static sqlite3_file *
real(sqlite3_file *file)
{
	return file + 1;
}

static sqlite3_vfs *
real_vfs(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

/* --- a file ----------------------------------------------------------- */

/* What gives something back is done, whatever it answers. */
static int
done(enum faults_op op, int rc)
{
	int code = faults_shim_code(op);

	return code != 0 ? code : rc;
}

static int
vfs_close(sqlite3_file *file)
{
	return done(FAULTS_CLOSE, real(file)->pMethods->xClose(real(file)));
}

static int
vfs_read(sqlite3_file *file, void *into, int bytes, sqlite3_int64 from)
{
	int code = faults_shim_code(FAULTS_READ);

	return code != 0
		   ? code
		   : real(file)->pMethods->xRead(real(file), into, bytes, from);
}

static int
vfs_write(sqlite3_file *file, const void *from, int bytes, sqlite3_int64 to)
{
	int code = faults_shim_code(FAULTS_WRITE);

	if (code != 0 && faults_shim_manner() == FAULTS_HALF)
		real(file)->pMethods->xWrite(real(file), from, bytes / 2, to);
	return code != 0
		   ? code
		   : real(file)->pMethods->xWrite(real(file), from, bytes, to);
}

static int
vfs_truncate(sqlite3_file *file, sqlite3_int64 bytes)
{
	int code = faults_shim_code(FAULTS_TRUNCATE);

	return code != 0 ? code
			 : real(file)->pMethods->xTruncate(real(file), bytes);
}

static int
vfs_sync(sqlite3_file *file, int how)
{
	int code = faults_shim_code(FAULTS_SYNC);

	return code != 0 ? code : real(file)->pMethods->xSync(real(file), how);
}

static int
vfs_size(sqlite3_file *file, sqlite3_int64 *out)
{
	int code = faults_shim_code(FAULTS_SIZE);

	return code != 0 ? code
			 : real(file)->pMethods->xFileSize(real(file), out);
}

static int
vfs_lock(sqlite3_file *file, int level)
{
	int code = faults_shim_code(FAULTS_LOCK);

	return code != 0 ? code
			 : real(file)->pMethods->xLock(real(file), level);
}

static int
vfs_unlock(sqlite3_file *file, int level)
{
	return done(
	    FAULTS_UNLOCK, real(file)->pMethods->xUnlock(real(file), level));
}

static int
vfs_reserved(sqlite3_file *file, int *out)
{
	int code = faults_shim_code(FAULTS_RESERVED);

	return code != 0
		   ? code
		   : real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int
vfs_control(sqlite3_file *file, int what, void *with)
{
	return real(file)->pMethods->xFileControl(real(file), what, with);
}

static int
vfs_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int
vfs_device(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

/* --- the log's index -------------------------------------------------- */

static int
vfs_shm_map(
    sqlite3_file *file, int region, int bytes, int extend, void volatile **out)
{
	int code =
	    faults_shim_code(region == 0 ? FAULTS_SHM_OPEN : FAULTS_SHM_MAP);

	*out = NULL;
	return code != 0 ? code
			 : real(file)->pMethods->xShmMap(
			       real(file), region, bytes, extend, out);
}

static int
vfs_shm_lock(sqlite3_file *file, int first, int count, int how)
{
	int code = (how & SQLITE_SHM_UNLOCK) != 0
		       ? 0
		       : faults_shim_code(FAULTS_SHM_LOCK);

	return code != 0 ? code
			 : real(file)->pMethods->xShmLock(
			       real(file), first, count, how);
}

static void
vfs_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int
vfs_shm_unmap(sqlite3_file *file, int remove)
{
	return done(FAULTS_SHM_UNMAP,
	    real(file)->pMethods->xShmUnmap(real(file), remove));
}

/* --- names ------------------------------------------------------------ */

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* no xFetch: nothing is mapped here but the index */
	.xClose = vfs_close,
	.xRead = vfs_read,
	.xWrite = vfs_write,
	.xTruncate = vfs_truncate,
	.xSync = vfs_sync,
	.xFileSize = vfs_size,
	.xLock = vfs_lock,
	.xUnlock = vfs_unlock,
	.xCheckReservedLock = vfs_reserved,
	.xFileControl = vfs_control,
	.xSectorSize = vfs_sector,
	.xDeviceCharacteristics = vfs_device,
	.xShmMap = vfs_shm_map,
	.xShmLock = vfs_shm_lock,
	.xShmBarrier = vfs_shm_barrier,
	.xShmUnmap = vfs_shm_unmap,
};

static int
vfs_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	int code = faults_shim_code(FAULTS_OPEN);

	file->pMethods = NULL;
	if (code != 0 && faults_shim_manner() == FAULTS_READ_ONLY)
		flags =
		    (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) |
		    SQLITE_OPEN_READONLY;
	else if (code != 0)
		return code;
	code =
	    real_vfs(vfs)->xOpen(real_vfs(vfs), name, real(file), flags, out);
	if (code == SQLITE_OK)
		file->pMethods = &methods;
	return code;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int code = faults_shim_code(FAULTS_DELETE);

	return code != 0 ? code
			 : real_vfs(vfs)->xDelete(real_vfs(vfs), name, sync);
}

static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	int code = faults_shim_code(FAULTS_ACCESS);

	return code != 0
		   ? code
		   : real_vfs(vfs)->xAccess(real_vfs(vfs), name, flags, out);
}

static int
vfs_path(sqlite3_vfs *vfs, const char *name, int bytes, char *out)
{
	int code = faults_shim_code(FAULTS_PATH);

	return code != 0 ? code
			 : real_vfs(vfs)->xFullPathname(
			       real_vfs(vfs), name, bytes, out);
}

static int
vfs_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static void
put_in_front(sqlite3_vfs *ours, const char *name)
{
	sqlite3_vfs *theirs = sqlite3_vfs_find(name);

	if (theirs == NULL)
		abort();
	*ours = *theirs;
	ours->pAppData = theirs;
	ours->szOsFile += (int)sizeof(sqlite3_file);
	ours->xOpen = vfs_open;
	ours->xDelete = vfs_delete;
	ours->xAccess = vfs_access;
	ours->xFullPathname = vfs_path;
	ours->xSleep = vfs_sleep;
	if (sqlite3_vfs_register(ours, name == NULL) != SQLITE_OK)
		abort();
}

/* By the names that they had: whoever asks for one gets ours. */
void
faults_shim_register(void)
{
	static sqlite3_vfs usual, unlocked;

	if (usual.xOpen != NULL)
		return;
	put_in_front(&usual, NULL);
	put_in_front(&unlocked, "unix-none");
}
