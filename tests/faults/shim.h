/* shim.h - what the runner (sqlite.c) and the shim around SQLite share: which
 * call into SQLite, or of SQLite to its VFS, fails, and how. */
#ifndef FAULTS_SHIM_H
#define FAULTS_SHIM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAULTS_SHIM_FD = 9, FAULTS_SHIM_CALLS = 1 << 16 };

enum faults_op {
	/* shim_vfs.c: what SQLite asks of its files */
	FAULTS_PATH,
	FAULTS_OPEN,
	FAULTS_ACCESS,
	FAULTS_DELETE,
	FAULTS_READ,
	FAULTS_WRITE,
	FAULTS_TRUNCATE,
	FAULTS_SYNC,
	FAULTS_SIZE,
	FAULTS_LOCK,
	FAULTS_UNLOCK,
	FAULTS_RESERVED,
	FAULTS_SHM_OPEN, /* the first part of the index: its file is opened */
	FAULTS_SHM_MAP,
	FAULTS_SHM_LOCK,
	FAULTS_SHM_UNMAP,
	FAULTS_CLOSE,
	/* shim.c: what the program asks of SQLite */
	FAULTS_PREPARE,
	FAULTS_STEP,
	FAULTS_EXEC,
	FAULTS_CHECKPOINT,
	FAULTS_COPY,
	FAULTS_OPS,
};

enum faults_manner {
	FAULTS_UNDONE,	  /* what was asked for is not done */
	FAULTS_HALF,	  /* a write takes half of its bytes */
	FAULTS_READ_ONLY, /* a file is opened, but for reading alone */
	FAULTS_GONE,	  /* a statement: the transaction is rolled back */
};

struct faults_shim {
	/* in: the call that fails, 0 for none, if it is still this one */
	size_t at;
	enum faults_op op;
	enum faults_manner manner;
	int code;
	uint32_t on; /* and all later ones of these, bits by op; 0: it alone */
	/* out */
	_Atomic size_t count;
	bool reached;
	bool is_open; /* it has ended inside a transaction */
	uint8_t asked[FAULTS_SHIM_CALLS];
};

/* Does this call fail?  Its code, or 0; of one that does, the manner. */
int faults_shim_code(enum faults_op op);
enum faults_manner faults_shim_manner(void);

/* SQLite's own VFSs, with ours in front of them. */
void faults_shim_register(void);

#endif
