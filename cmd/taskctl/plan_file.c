/* plan_file.c - a plan's bytes off the disk, and its diagnostics in words. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plan_file.h"
#include "print.h"
#include "taskctl/json.h"

/* All of fd into owned bytes, up to one byte more than a plan may have. */
static enum tctl_status
read_all(int fd, const char *path, char **bytes, size_t *length,
    struct tctl_error *err)
{
	const size_t limit = TCTL_PLAN_BYTES_MAX;
	size_t room = 1 << 16, used = 0;
	char *buf = malloc(room);
	ssize_t n = 0;

	while (buf != NULL && used <= limit &&
	       (n = read(fd, buf + used, room - used)) > 0) {
		used += (size_t)n;
		if (used == room) {
			char *more = realloc(buf, room * 2);

			if (more == NULL)
				free(buf);
			buf = more;
			room *= 2;
		}
	}
	if (buf == NULL)
		tctl_die_nomem();
	if (n < 0) {
		free(buf);
		return tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s", path,
		    strerror(errno));
	}
	if (used > limit) {
		free(buf);
		return tctl_fail(err, TCTL_EINVALID,
		    "%s:1:1: over %zu MiB: no plan that people wrote", path,
		    limit >> 20);
	}
	*bytes = buf;
	*length = used;
	return TCTL_OK;
}

/* What is wrong with the whole file is said at its place too: the reader names
 * it ("line 2, column 1: …") where there is one within. */
enum tctl_status
tctl_plan_file_place(const char *path, struct tctl_error *err)
{
	char *text = tctl_xstrdup(err->text), hint[sizeof(err->hint)];
	int line = 1, column = 1, length = 0;

	memcpy(hint, err->hint, sizeof(hint));
	if (sscanf(text, "line %d, column %d: %n", &line, &column, &length) < 2)
		length = 0;
	tctl_fail(err, err->status, "%s:%d:%d: %s", path, line, column,
	    text + length);
	memcpy(err->hint, hint, sizeof(hint));
	free(text);
	return err->status;
}

static enum tctl_status
read_bytes(const char *path, bool from_input, char **bytes, size_t *length,
    struct tctl_error *err)
{
	int fd = from_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum tctl_status status;
	struct stat st;

	if (fd < 0)
		return tctl_fail(err,
		    errno == ENOENT ? TCTL_ENOTFOUND : TCTL_EFAILED,
		    "cannot open %s: %s", path, strerror(errno));
	if (!from_input && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISFIFO(st.st_mode))
		status = tctl_fail(
		    err, TCTL_EINVALID, "%s:1:1: is not a file", path);
	else
		status = read_all(fd, path, bytes, length, err);
	if (!from_input)
		close(fd);
	return status;
}

enum tctl_status
tctl_plan_bytes_read(
    const char *path, char **bytes, size_t *length, struct tctl_error *err)
{
	return read_bytes(path, false, bytes, length, err);
}

enum tctl_status
tctl_plan_file_read(const char *path, const struct tctl_plan_options *options,
    struct tctl_plan **out, struct tctl_error *err)
{
	char *bytes = NULL;
	size_t length = 0;
	enum tctl_status status =
	    read_bytes(path, strcmp(path, "-") == 0, &bytes, &length, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_plan_read(bytes, length, options, out, err);
	free(bytes);
	return status == TCTL_EINVALID ? tctl_plan_file_place(path, err)
				       : status;
}

void
tctl_plan_file_diagnose(struct json_object *array, const struct tctl_plan *plan)
{
	for (size_t i = 0; i < plan->diagnostic_count; i++)
		json_object_array_add(
		    array, tctl_json_diagnostic(&plan->diagnostic[i]));
}

void
tctl_plan_file_print(
    struct tctl_ctx *ctx, FILE *to, struct json_object *diagnostics)
{
	size_t count =
	    diagnostics == NULL ? 0 : json_object_array_length(diagnostics);

	for (size_t i = 0; i < count; i++) {
		struct json_object *d =
		    json_object_array_get_idx(diagnostics, i);
		const char *severity = tctl_get(d, "severity");

		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(d, "file"));
		fprintf(
		    to, ":%s:%s: ", tctl_get(d, "line"), tctl_get(d, "column"));
		tctl_put(ctx, to,
		    severity[0] == 'e'	 ? TCTL_RED
		    : severity[0] == 'w' ? TCTL_YELLOW
					 : TCTL_DIM,
		    severity);
		fputs(": ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(d, "message"));
		if (tctl_get_number(d, "other_line") > 0)
			fprintf(
			    to, " (see line %s)", tctl_get(d, "other_line"));
		fprintf(to, " [%s]\n", tctl_get(d, "code"));
	}
}
