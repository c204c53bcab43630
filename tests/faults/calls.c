/* calls.c - which system calls can fail, and how. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "faults.h"

enum { ERRORS = 4 };

/* Those that our programs make, and the errors that a user may meet: a disk
 * that is full, broken or read-only, no descriptors, no memory, a signal. */
static const struct {
	uint64_t nr;
	const char *name;
	int error[ERRORS]; /* ends with 0 */
} calls[] = {
	{ SYS_read, "read", { EIO, EINTR } },
	{ SYS_pread64, "pread64", { EIO } },
	{ SYS_write, "write", { ENOSPC, EIO, EINTR } },
	{ SYS_pwrite64, "pwrite64", { ENOSPC, EIO, EROFS } },
	{ SYS_writev, "writev", { ENOSPC, EIO } },
	{ SYS_fsync, "fsync", { EIO, ENOSPC } },
	{ SYS_fdatasync, "fdatasync", { EIO, ENOSPC } },
	{ SYS_ftruncate, "ftruncate", { EIO, ENOSPC, EROFS } },
	{ SYS_fallocate, "fallocate", { ENOSPC, EIO } },
	{ SYS_openat, "openat", { EMFILE, EIO, EROFS } },
	{ SYS_mmap, "mmap", { ENOMEM } },
	{ SYS_brk, "brk", { ENOMEM } },
	{ SYS_mremap, "mremap", { ENOMEM } },
	{ SYS_fcntl, "fcntl", { ENOLCK } },
	{ SYS_flock, "flock", { ENOLCK, EINTR } },
	{ SYS_newfstatat, "newfstatat", { EIO } },
	{ SYS_stat, "stat", { EIO } },
	{ SYS_lstat, "lstat", { EIO, EACCES } },
	{ SYS_fstat, "fstat", { EIO } },
	{ SYS_statfs, "statfs", { EIO, EACCES } },
	{ SYS_fstatfs, "fstatfs", { EIO } },
	{ SYS_access, "access", { EIO, EROFS } },
	{ SYS_readlink, "readlink", { EIO } },
	{ SYS_getcwd, "getcwd", { ENOMEM } },
	{ SYS_chdir, "chdir", { EACCES } },
	{ SYS_mkdir, "mkdir", { ENOSPC, EROFS, EIO } },
	{ SYS_unlink, "unlink", { EIO, EROFS } },
	{ SYS_rename, "rename", { ENOSPC, EIO, EROFS } },
	{ SYS_link, "link", { ENOSPC, EIO, EROFS } },
	{ SYS_symlink, "symlink", { ENOSPC } },
	{ SYS_fchmod, "fchmod", { EIO, EPERM } },
	{ SYS_fchown, "fchown", { EIO, EPERM } },
	{ SYS_getdents64, "getdents64", { EIO } },
	{ SYS_lseek, "lseek", { EIO } },
	{ SYS_pipe2, "pipe2", { EMFILE, ENFILE } },
	{ SYS_dup2, "dup2", { EMFILE } },
	{ SYS_fork, "fork", { EAGAIN, ENOMEM } },
	{ SYS_vfork, "vfork", { EAGAIN, ENOMEM } },
	{ SYS_clone, "clone", { EAGAIN, ENOMEM } },
	{ SYS_clone3, "clone3", { EAGAIN, ENOMEM } },
	{ SYS_execve, "execve", { ENOMEM, EACCES } },
	{ SYS_close, "close", { EIO } },
	{ SYS_getrandom, "getrandom", { 0 } },
	{ SYS_exit_group, "exit_group", { 0 } },
	{ SYS_munmap, "munmap", { 0 } },
	{ SYS_rt_sigprocmask, "rt_sigprocmask", { 0 } },
	{ SYS_rt_sigaction, "rt_sigaction", { 0 } },
	{ SYS_getpid, "getpid", { 0 } },
	{ SYS_umask, "umask", { 0 } },
	{ SYS_wait4, "wait4", { EINTR } },
};

const char *
faults_call_name(uint64_t nr)
{
	static char number[24];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].nr == nr)
			return calls[i].name;
	snprintf(number, sizeof(number), "call %llu", (unsigned long long)nr);
	return number;
}

bool
faults_can_fail(const struct faults_call *call, size_t which, int *error)
{
	if (which >= ERRORS)
		return false;
	/* What is only to be read need not be writable: its last error. */
	if (call->nr == SYS_openat && which > 1 &&
	    (call->arg[2] & (O_ACCMODE | O_CREAT)) == O_RDONLY)
		return false;
	/* To give a lock back cannot fail. */
	if (call->nr == SYS_fcntl && call->arg[5] == F_UNLCK)
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].nr == call->nr) {
			*error = calls[i].error[which];
			return *error != 0;
		}
	return false;
}
