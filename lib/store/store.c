/* store.c - the store's public face: the driver is chosen by URL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

enum { COMPLAINT_MAX = 200 };

static const struct tctl_driver *const drivers[] = { &tctl_driver_sqlite };

int64_t
tctl_col(const char *col)
{
	bool is_negative = col != NULL && *col == '-';
	uint64_t value = 0;

	if (col == NULL)
		return 0;
	/* strtoll minds the locale, which took a tenth of a status. */
	for (col += is_negative; *col >= '0' && *col <= '9'; col++)
		value = value * 10 + (uint64_t)(*col - '0');
	return (int64_t)(is_negative ? 0 - value : value);
}

const char *
tctl_col_text(const char *col)
{
	return col == NULL ? "" : col;
}

enum tctl_status
tctl_store_open(const char *url, enum tctl_open how, int64_t wait_ms,
    struct tctl_store **out, struct tctl_error *err)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		const struct tctl_driver *driver = drivers[i];
		size_t length = strlen(driver->scheme);

		if (strncmp(url, driver->scheme, length) == 0 &&
		    (length > 0 || strstr(url, "://") == NULL))
			return driver->open(url, how, wait_ms, out, err);
	}
	return tctl_fail(err, TCTL_EFAILED,
	    "no driver for the store %s in this program", url);
}

void
tctl_store_close(struct tctl_store *store)
{
	if (store != NULL)
		store->driver->close(store);
}

const char *
tctl_store_remark(const struct tctl_store *store)
{
	return store->remark;
}

enum tctl_status
tctl_store_begin(struct tctl_store *store, enum tctl_transaction kind,
    struct tctl_error *err)
{
	return store->driver->begin(store, kind, err);
}

enum tctl_status
tctl_store_commit(struct tctl_store *store, void (*after)(void *into),
    void *into, struct tctl_error *err)
{
	return store->driver->commit(store, after, into, err);
}

void
tctl_store_rollback(struct tctl_store *store)
{
	store->driver->rollback(store);
}

enum tctl_status
tctl_query(struct tctl_store *store, const char *sql,
    const struct tctl_arg arg[], size_t args, tctl_row_fn *fn, void *into,
    size_t *rows, struct tctl_error *err)
{
	size_t ignored;

	return store->driver->query(store, sql, arg, args, fn, into,
	    rows != NULL ? rows : &ignored, err);
}

enum tctl_status
tctl_store_now(
    struct tctl_store *store, struct tctl_now *out, struct tctl_error *err)
{
	return store->driver->now(store, out, err);
}

enum tctl_status
tctl_store_wait(struct tctl_store *store, int64_t timeout_ms, bool *changed,
    struct tctl_error *err)
{
	return store->driver->wait(store, timeout_ms, changed, err);
}

enum tctl_status
tctl_store_flush(struct tctl_store *store, struct tctl_error *err)
{
	return store->driver->flush(store, err);
}

enum tctl_status
tctl_store_copy(struct tctl_store *store, const char *path, unsigned mode,
    struct tctl_error *err)
{
	return store->driver->copy(store, path, mode, err);
}

enum tctl_status
tctl_store_become(
    struct tctl_store *store, struct tctl_store *from, struct tctl_error *err)
{
	return store->driver->become(store, from, err);
}

enum tctl_status
tctl_store_check(struct tctl_store *store, tctl_row_fn *fn, void *into,
    struct tctl_error *err)
{
	return store->driver->check(store, fn, into, err);
}

static void
keep_first(void *into, const char *const col[])
{
	char *first = into;

	if (first[0] == '\0')
		snprintf(first, COMPLAINT_MAX, "%s", col[0]);
}

enum tctl_status
tctl_store_verify(const char *path, struct tctl_error *err)
{
	char first[COMPLAINT_MAX] = "";
	struct tctl_store *copy = NULL;
	enum tctl_status status =
	    tctl_store_open(path, TCTL_OPEN_COPY, 0, &copy, err);

	if (status == TCTL_OK)
		status = tctl_store_check(copy, keep_first, first, err);
	tctl_store_close(copy);
	if (status == TCTL_OK && first[0] != '\0')
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "the store fails its own checks: %s", first);
	return status;
}
