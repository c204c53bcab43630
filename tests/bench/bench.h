/* bench.h - what the files of the benchmark share.
 *
 * Everything is measured from outside: whole processes, started with
 * posix_spawn, from just before the start to just after the end.  Contenders
 * take turns (A B C, B C A, C A B ...), so that a disk that slows down slows
 * all of them; a ratio is the median of the ratios of neighbours. */
#ifndef TASKCTL_BENCH_H
#define TASKCTL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* --- bench.c: what was asked for ---------------------------------------- */

struct bench_options {
	const char *programs; /* folder with taskctl and floor; absolute */
	const char *sources;  /* folder of this file; absolute */
	const char *json;     /* where the figures go */
	const char *folder;   /* made for this run, removed at the end */
	size_t rounds;	      /* of each one-shot case, at each size */
	double crowd_s;	      /* how long a crowd claims */
	size_t imports;	      /* of the big plan */
	bool is_quick;
};

/* --- stats.c -------------------------------------------------------------- */

/* A growing list of figures of one kind. */
struct bench_series {
	double *at; /* owned (bench_series_release) */
	size_t count;
	size_t room;
};

void bench_series_add(struct bench_series *series, double figure);
void bench_series_release(struct bench_series *series);

/* Of an empty series: NAN. */
double bench_quantile(const struct bench_series *series, double q);
double bench_median(const struct bench_series *series);
double bench_max(const struct bench_series *series);

/* The median of a[i] / b[i]: what the disk did to both of a pair falls out. */
double bench_ratio(const struct bench_series *a, const struct bench_series *b);

/* Jain's index: 1 when all have the same, 1/n when one has everything. */
double bench_jain(const struct bench_series *shares);

/* --- spawn.c -------------------------------------------------------------- */

enum { BENCH_OUTPUT = 8192 }; /* bytes kept of an answer; the rest is read */

struct bench_run {
	double ms;
	int exit;      /* 128 + signal when it was killed */
	double cpu_ms; /* user and system */
	long peak_kib;
	size_t bytes;		   /* of the whole answer */
	char output[BENCH_OUTPUT]; /* its beginning, with its complaints */
};

double bench_clock_ms(void);

/* The environment of what is run: PATH, HOME and LANG alone, so that no session
 * of the caller's leaks in, unless another one is set. */
extern const char *const *bench_environment;

/* Run argv (NULL at its end) in folder. */
void bench_spawn(
    const char *folder, const char *const argv[], struct bench_run *run);

/* The same for what must succeed; ends the benchmark, with what the program
 * said, when it does not. */
void bench_must(
    const char *folder, const char *const argv[], struct bench_run *run);

/* What a program leaves working in the background when it ends (taskctl's
 * committer) becomes our child, and is waited for here, lest it disturb what
 * is measured next. */
void bench_await_orphans(void);

_Noreturn void bench_die(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/* Formatted text in memory of its own (free). */
char *bench_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* --- scratch.c ------------------------------------------------------------ */

/* A new folder for the run, in dir (NULL: $TMPDIR, or /var/tmp); kept, and
 * removed with all that is in it when the process exits. */
char *bench_scratch(const char *dir, const char *name, unsigned mode);

/* --- probe.c -------------------------------------------------------------- */

/* The disk beside which everything else is to be read: one 4 KiB append and
 * fdatasync, in ms.  Opened once a run, in its folder. */
struct bench_probe {
	int fd;
	struct bench_series ms;
};

void bench_probe_open(struct bench_probe *probe, const char *folder);
void bench_probe_take(struct bench_probe *probe);
void bench_probe_close(struct bench_probe *probe);

/* --- plan_gen.c ----------------------------------------------------------- */

/* A plan in the dialect of plan 001; the same N gives the same bytes. */
struct bench_plan {
	size_t tasks;
	size_t free_percent; /* share of tasks without any need */
};

enum { BENCH_SPRINT = 20 }; /* tasks in each sprint */

struct bench_plan bench_plan_of(size_t tasks);
/* Returns how many bytes it is. */
size_t bench_plan_write(const struct bench_plan *plan, const char *path);

/* Can task i (from 0) be claimed at once, whatever else is claimed? */
bool bench_plan_is_free(const struct bench_plan *plan, size_t i);
size_t bench_plan_free_count(const struct bench_plan *plan);

/* Its id, as "12.3"; id has room for 24 bytes. */
void bench_plan_id(size_t i, char *id);

/* --- field.c: the stores that contenders work on -------------------------- */

struct bench_field {
	size_t tasks;
	struct bench_plan plan;
	char *folder;	  /* of taskctl's coordinator and of the scripts */
	char *store;	  /* taskctl's */
	char *floor;	  /* the floor program's */
	char *shell;	  /* the sqlite3 shell's */
	size_t next_free; /* where bench_field_take goes on */
	size_t plan_bytes;
	struct bench_run import; /* how the import went */
};

void bench_field_make(
    const struct bench_options *options, size_t tasks, struct bench_field *out);
void bench_field_import(
    const struct bench_options *options, size_t tasks, struct bench_field *out);
void bench_field_release(struct bench_field *field);

/* The next task that nobody has claimed and that is free; false: none. */
bool bench_field_take(struct bench_field *field, size_t *task);

/* Ask the sqlite3 shell for one number. */
long long bench_count(const char *store, const char *sql);

/* The one with four weeks of work behind it, at 10,000 tasks; made once, and
 * not to be released. */
struct bench;
const struct bench_field *bench_field_with_past(const struct bench *bench);

/* Set a key of its configuration. */
void bench_field_set(const struct bench *bench, const struct bench_field *field,
    const char *key, const char *value);

/* End the benchmark unless taskctl's store has exactly these claims, with as
 * many different tokens and events as claims. */
void bench_check_claims(const struct bench_field *field, size_t claims);

/* --- server.c: what stays while something else is measured ------------------
 */

/* A child that runs this until it is stopped (SIGTERM), or we end. */
pid_t bench_child_start(void (*run)(void *), void *with);
void bench_child_stop(pid_t pid);
void bench_child_check(pid_t pid); /* ends the benchmark if it is gone */
void bench_child_note(pid_t pid);  /* one that was started otherwise */
void bench_children_kill(void);

struct bench_serve {
	pid_t pid;
	unsigned port;
	int output;
};

void bench_serve_start(const struct bench *bench,
    const struct bench_field *field, struct bench_serve *out);
double bench_serve_mb(const struct bench_serve *serve); /* resident */
void bench_serve_stop(struct bench_serve *serve);

/* --- http.c, browsers.c, nothing.c: who asks a server, and one that does
 * nothing ------------------------------------------------------------------ */

struct bench_http {
	double ms; /* from connect to the last byte */
	size_t bytes;
	char *text; /* head and body; owned (free) */
};

int bench_http_connect(unsigned port);
void bench_http_send(
    int fd, unsigned port, const char *path, const char *header);
/* Anything but 200 ends the benchmark. */
void bench_http_get(unsigned port, const char *path, struct bench_http *out);

/* Streams of events that stay open, and requests at a steady rate; in memory
 * that is shared with the child that does it. */
struct bench_browsers {
	unsigned port;
	size_t streams;
	double requests_per_s;
	pid_t pid;
	volatile size_t greeted; /* streams that have heard something */
	volatile size_t events, answered, bytes; /* so far, by all together */
	volatile size_t reopened; /* streams that the server closed */
	volatile double ms;
};

/* Returns when all streams have been greeted. */
struct bench_browsers *bench_browsers_open(
    unsigned port, size_t streams, double requests_per_s);
void bench_browsers_close(struct bench_browsers *browsers);

struct bench_nothing {
	pid_t pid;
	unsigned port;
	int tell;
};

void bench_nothing_start(struct bench_nothing *out);
/* Let all streams hear something. */
void bench_nothing_tell(const struct bench_nothing *nothing);
void bench_nothing_stop(struct bench_nothing *nothing);

/* --- report.c ------------------------------------------------------------- */

/* One line of the table. */
struct bench_row {
	const char *what;    /* kept */
	const char *program; /* kept */
	size_t tasks;
	const struct bench_series *ms;	   /* borrowed */
	long peak_kib;			   /* 0: not looked at */
	const struct bench_series *cpu_ms; /* borrowed; NULL: not looked at */
	double
	    ratio; /* taskctl's time over this one's, pair by pair; 0: is it */
};

struct bench_target {
	const char *what; /* kept; what the issue asks for */
	size_t tasks;	  /* 0: does not apply */
	double is;
	double limit;
	const char *unit; /* kept */
	bool is_least;	  /* the limit is a floor, not a ceiling */
	bool is_ratio;	  /* holds on any machine: --check looks at it */
};

struct bench_report;

struct bench_report *bench_report_new(void);
void bench_report_free(struct bench_report *report);
void bench_report_row(struct bench_report *report, const struct bench_row *row);
void bench_report_target(
    struct bench_report *report, const struct bench_target *target);

/* What is neither time nor target: "claims/s", 8 processes, 612.  Units by
 * name, kept; processes 0: it does not apply. */
void bench_report_figure(struct bench_report *report, const char *what,
    const char *program, size_t processes, double figure);

void bench_report_print(const struct bench_report *report, FILE *out);
void bench_report_json(const struct bench_report *report, FILE *out);

/* How many ratio targets were missed. */
size_t bench_report_missed(const struct bench_report *report);

/* --- the cases ------------------------------------------------------------ */

struct bench {
	struct bench_options options;
	struct bench_report *report;
	struct bench_probe probe;
};

void bench_case_claim(struct bench *bench, size_t tasks); /* one_shot.c */
void bench_case_ready(struct bench *bench, struct bench_field *field);
void bench_case_next(struct bench *bench);		      /* next.c */
void bench_case_crowd(struct bench *bench, size_t processes); /* crowd.c */
void bench_case_import(struct bench *bench);		      /* big.c */
void bench_case_progress(struct bench *bench);		      /* progress.c */
void bench_case_look(struct bench *bench);		      /* look.c */
void bench_case_board(struct bench *bench);		      /* board.c */
void bench_case_page(struct bench *bench);		      /* page.c */
void bench_case_streams(struct bench *bench);		      /* streams.c */
void bench_case_burden(struct bench *bench);		      /* burden.c */

#endif
