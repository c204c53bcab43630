/* alloc.h - what the runner and the allocator of faults-taskctl share. */
#ifndef FAULTS_ALLOC_H
#define FAULTS_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

enum { FAULTS_ALLOC_FD = 9 }; /* where the command finds it, mapped shared */

struct faults_alloc {
	size_t count;	/* allocations so far */
	size_t fail_at; /* that one fails; 0: none */
	bool on;	/* and all after it */
};

#endif
