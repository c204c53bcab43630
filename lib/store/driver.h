/* floor: store - what a database must bring.  sqlite.c is one. */
#ifndef TASKCTL_STORE_DRIVER_H
#define TASKCTL_STORE_DRIVER_H

#include "taskctl/store.h"

/* The hint where a change has failed, and so has to take it back. */
#define TCTL_UNSURE \
	"the disk writes no more, and it is not sure that the change was " \
	"taken back: ask again once it does"

/* Every function as documented for its namesake in taskctl/store.h. */
struct tctl_driver {
	const char *scheme; /* "postgresql:", or "" for a file */
	enum tctl_status (*open)(const char *url, enum tctl_open how,
	    int64_t wait_ms, struct tctl_store **out, struct tctl_error *err);
	void (*close)(struct tctl_store *store);
	enum tctl_status (*begin)(struct tctl_store *store,
	    enum tctl_transaction kind, struct tctl_error *err);
	enum tctl_status (*commit)(struct tctl_store *store,
	    void (*after)(void *into), void *into, struct tctl_error *err);
	void (*rollback)(struct tctl_store *store);
	enum tctl_status (*query)(struct tctl_store *store, const char *sql,
	    const struct tctl_arg arg[], size_t args, tctl_row_fn *fn,
	    void *into, size_t *rows, struct tctl_error *err);
	enum tctl_status (*now)(struct tctl_store *store, struct tctl_now *out,
	    struct tctl_error *err);
	enum tctl_status (*wait)(struct tctl_store *store, int64_t timeout_ms,
	    bool *changed, struct tctl_error *err);
	enum tctl_status (*flush)(
	    struct tctl_store *store, struct tctl_error *err);
	enum tctl_status (*copy)(struct tctl_store *store, const char *path,
	    unsigned mode, struct tctl_error *err);
	enum tctl_status (*become)(struct tctl_store *store,
	    struct tctl_store *from, struct tctl_error *err);
	enum tctl_status (*check)(struct tctl_store *store, tctl_row_fn *fn,
	    void *into, struct tctl_error *err);
};

/* First member of every driver's own struct. */
struct tctl_store {
	const struct tctl_driver *driver;
	const char *remark; /* static; see tctl_store_remark */
};

extern const struct tctl_driver tctl_driver_sqlite;

#endif
