/* remark.c - what a program says beside its answer. */
#include "remark.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/json.h"
#include "taskctl/store.h"
#include "taskctl/text.h"

enum form { TEXT, JOURNAL, LINES };

static const char variable[] = "TASKCTL_LOG";

static const struct tctl_command *speaker;

void
tctl_remark_for(const struct tctl_command *command)
{
	speaker = command;
}

static bool
is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(stream, ours) == 0;
}

static enum form
form(void)
{
	const char *wanted = getenv(variable);

	if (wanted != NULL && strcmp(wanted, "json") == 0)
		return LINES;
	if (wanted != NULL && strcmp(wanted, "text") == 0)
		return TEXT;
	if (is_journal())
		return JOURNAL;
	return speaker != NULL && speaker->unattended && !isatty(STDERR_FILENO)
		   ? LINES
		   : TEXT;
}

/* --- a line ------------------------------------------------------------------
 */

static const char *
word_of(enum tctl_priority priority)
{
	return priority == TCTL_REMARK_ERROR	 ? "error"
	       : priority == TCTL_REMARK_WARNING ? "warning"
						 : "info";
}

static void
put_object(FILE *to, enum tctl_priority priority, const char *text,
    const struct tctl_error *err)
{
	struct json_object *line = json_object_new_object();

	tctl_json_add(line, "schema", tctl_json_text(TCTL_JSON_SCHEMA));
	tctl_json_add(line, "at", tctl_json_instant(tctl_wall_ms()));
	tctl_json_add(line, "level", tctl_json_text(word_of(priority)));
	tctl_json_add(line, "command",
	    tctl_json_text(speaker == NULL ? NULL : speaker->name));
	tctl_json_add(line, "message", tctl_json_text(text));
	if (err != NULL) {
		tctl_json_add(line, "code",
		    tctl_json_text(tctl_status_word(err->status)));
		tctl_json_add(line, "hint",
		    tctl_json_text(err->hint[0] == '\0' ? NULL : err->hint));
	}
	fprintf(to, "%s\n",
	    json_object_to_json_string_ext(
		line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(line);
}

static void
put_text(
    FILE *to, const char *mark, const char *text, const struct tctl_error *err)
{
	fprintf(to, "%staskctl: ", mark);
	tctl_text_inert(to, text);
	if (err != NULL)
		fprintf(to, " [%s]", tctl_status_word(err->status));
	fputs("\n", to);
	if (err == NULL || err->hint[0] == '\0')
		return;
	fprintf(to, "%s  hint: ", mark);
	tctl_text_inert(to, err->hint);
	fputs("\n", to);
}

/* In one write, so that what several say at once does not mix. */
static void
put(enum tctl_priority priority, const char *text, const struct tctl_error *err)
{
	enum form as = form();
	char mark[8] = "", *line = NULL;
	size_t length;
	FILE *to = open_memstream(&line, &length);

	if (to == NULL)
		tctl_die_nomem();
	if (as == JOURNAL)
		snprintf(mark, sizeof(mark), "<%d>", (int)priority);
	if (as == LINES)
		put_object(to, priority, text, err);
	else
		put_text(to, mark, text, err);
	if (fclose(to) != 0)
		tctl_die_nomem();
	fflush(stderr);
	(void)!write(STDERR_FILENO, line, length);
	free(line);
}

void
tctl_remark(enum tctl_priority priority, const char *fmt, ...)
{
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);
	va_list list;

	if (to == NULL)
		tctl_die_nomem();
	va_start(list, fmt);
	vfprintf(to, fmt, list);
	va_end(list);
	if (fclose(to) != 0)
		tctl_die_nomem();
	put(priority, text, NULL);
	free(text);
}

void
tctl_remark_error(const struct tctl_error *err)
{
	put(TCTL_REMARK_ERROR, err->text, err);
}

/* --- into a file
 * ----------------------------------------------------------------
 */

void
tctl_remark_into(const char *path, const char *beside)
{
	enum { LARGE = 64 * 1024 };
	struct stat st;
	mode_t mode = stat(beside, &st) == 0 ? st.st_mode & 0666 : 0600;
	/* Not to wait for who reads a pipe in its place. */
	int fd = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode);

	if (fd < 0)
		return;
	(void)fchmod(fd, mode); /* whatever umask says */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_size <= LARGE || ftruncate(fd, 0) == 0) &&
	    dup2(fd, STDERR_FILENO) >= 0)
		setenv(variable, "json", 1);
	if (fd != STDERR_FILENO)
		close(fd);
}
