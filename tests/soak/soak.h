/* soak.h - many writers and readers on one store for a long time. */
#ifndef TASKCTL_SOAK_H
#define TASKCTL_SOAK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Who is at work in a slice of time: slices take turns, so that what is
 * compared has met the same disk and the same neighbours. */
enum { WRITING = 1, READING = 2, MODES = 4 };

enum { BUCKETS = 320 }; /* of a quarter of a doubling, from 1 us */

/* What one process, or all of a kind, have met in slices of one mode. */
struct soak_score {
	long done;
	long failed;
	double worst_ms;
	long bucket[BUCKETS];
};

/* One process that takes part, and what it asks for. */
struct soak_part {
	struct soak_score in[MODES];
	char complaint[200]; /* the first one */
};

struct soak {
	/* In memory that all share. */
	volatile int mode;
	volatile bool is_over;
	struct soak_part part[];
};

double soak_clock(void); /* seconds */

/* Quantile of the times in ms, to a tenth. */
double soak_quantile(const struct soak_score *score, double q);
void soak_add(struct soak_score *sum, const struct soak_score *score);

/* Become this program, of a few words. */
_Noreturn void soak_become(const char *const argv[]);

/* Each is a child that goes on until soak->is_over.  taskctl is the one in
 * PATH, the store that of the working directory. */
void soak_write(struct soak *soak, size_t part, int task);
void soak_read(struct soak *soak, size_t part);
/* A process that reads no store: what the machine is like, for readers. */
void soak_start_only(struct soak *soak, size_t part);
/* Small synchronous writes to a file of its own: what the disk is like. */
void soak_probe(struct soak *soak, size_t part);

/* One that goes on for as long as we do, and should not grow. */
struct soak_long {
	const char *name;
	pid_t pid, reader;	  /* what it says is read by another one */
	int report;		  /* from which its reader tells at the end */
	long first_kib, most_kib; /* its memory: when warm, then the most */
	long last, gaps;	  /* events seen by the reader */
};

/* Start it; false: there is no such program here. */
bool soak_follow(struct soak_long *one);
bool soak_serve(struct soak_long *one);
void soak_look(struct soak_long *one, bool warm); /* at its memory */
void soak_end(struct soak_long *one);		  /* and hear its reader */

#endif
