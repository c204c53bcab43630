/* graph.c - the dependency graph, laid out beside the server.
 *
 * 200 tasks with eight needs each take graphviz a minute: it works in a process
 * of its own, for a limited time, and whoever asked waits suspended. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../taskctl/file_replace.h"
#include "../taskctl/helper.h"
#include "request.h"

enum { MOST_MS = 20000, FRESH_MS = 10000, REST = 8 };

/* --- the process
 * -----------------------------------------------------------------
 */

static void
become_layout(int in, int out, bool dark)
{
	static char program[] = "taskctl-chart", name[] = "layout",
		    in_dark[] = "--dark";
	char *argv[] = { program, name, dark ? in_dark : NULL, NULL };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		tctl_helper_exec(program, argv);
	_exit(127);
}

/* False: nothing was started, and nothing will come. */
static bool
start(struct tctl_serve *serve, struct tctl_picture *graph, bool dark,
    const char *json)
{
	int in = memfd_create("graph", MFD_CLOEXEC);
	int out = memfd_create("picture", MFD_CLOEXEC);
	pid_t child = -1;

	if (in >= 0 && out >= 0 && tctl_write_all(in, json, strlen(json)) &&
	    lseek(in, 0, SEEK_SET) == 0)
		child = fork();
	if (child == 0)
		become_layout(in, out, dark);
	if (in >= 0)
		close(in);
	if (child < 0) {
		if (out >= 0)
			close(out);
		return false;
	}
	graph->pid = child;
	graph->out = out;
	graph->began_ms = tctl_serve_clock();
	graph->wanted = serve->generation;
	return true;
}

/* --- the picture
 * -----------------------------------------------------------------
 */

static void
let_go(struct tctl_picture *graph)
{
	for (size_t i = 0; i < graph->waiters; i++)
		MHD_resume_connection(graph->waiting[i]);
	graph->waiters = 0;
}

/* All that was written, or NULL. */
static char *
read_all(int fd, size_t *length)
{
	struct stat st;
	char *text;

	if (fstat(fd, &st) != 0 || st.st_size == 0)
		return NULL;
	text = tctl_xcalloc(1, (size_t)st.st_size + 1);
	if (pread(fd, text, (size_t)st.st_size, 0) != st.st_size) {
		free(text);
		return NULL;
	}
	*length = (size_t)st.st_size;
	return text;
}

static void
finish(struct tctl_picture *graph, bool fine)
{
	free(graph->svg);
	graph->length = 0;
	graph->svg = fine ? read_all(graph->out, &graph->length) : NULL;
	close(graph->out);
	graph->pid = 0;
	graph->generation = graph->wanted;
	graph->made_ms = tctl_serve_clock();
	graph->is_there = true;
	let_go(graph);
}

void
tctl_picture_tick(struct tctl_serve *serve)
{
	for (size_t i = 0; i < TCTL_COUNT(serve->graph); i++) {
		struct tctl_picture *graph = &serve->graph[i];
		int how;

		if (graph->pid == 0)
			continue;
		if (waitpid(graph->pid, &how, WNOHANG) == graph->pid)
			finish(graph, WIFEXITED(how) && WEXITSTATUS(how) == 0);
		else if (tctl_serve_clock() - graph->began_ms > MOST_MS)
			kill(graph->pid, SIGKILL);
	}
}

void
tctl_picture_stop(struct tctl_serve *serve)
{
	for (size_t i = 0; i < TCTL_COUNT(serve->graph); i++) {
		struct tctl_picture *graph = &serve->graph[i];

		if (graph->pid != 0) {
			kill(graph->pid, SIGKILL);
			while (
			    waitpid(graph->pid, NULL, 0) < 0 && errno == EINTR)
				;
			finish(graph, false);
		}
		free(graph->svg);
		graph->svg = NULL;
	}
}

/* --- answers
 * ---------------------------------------------------------------------
 */

static struct tctl_picture *
graph_of(struct tctl_serve *serve, bool dark)
{
	return &serve->graph[dark];
}

/* New enough: a picture that took long is not drawn at each change. */
static bool
is_fresh(const struct tctl_serve *serve, const struct tctl_picture *graph)
{
	int64_t cost_ms = graph->made_ms - graph->began_ms;
	int64_t age_ms = tctl_serve_clock() - graph->made_ms;

	return graph->is_there &&
	       (graph->generation == serve->generation || serve->closing ||
		   age_ms < FRESH_MS || age_ms < cost_ms * REST);
}

/* rest is "dark" or not. */
static void
make_picture(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	struct tctl_picture *graph =
	    graph_of(asked->serve, strcmp(rest, "dark") == 0);

	if (graph->svg == NULL) {
		tctl_page_error(asked->serve, MHD_HTTP_NOT_IMPLEMENTED,
		    "the graph could not be laid out: taskctl-chart is "
		    "missing, or there are too many arrows",
		    page);
		return;
	}
	page->type = "image/svg+xml";
	fwrite(graph->svg, 1, graph->length, page->to);
}

static void
make_refusal(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_page_error(asked->serve, MHD_HTTP_SERVICE_UNAVAILABLE,
	    "the graph cannot be drawn now", page);
}

/* Start a layout of what there is now. */
static bool
begin(struct tctl_serve *serve, struct tctl_picture *graph, bool dark)
{
	struct tctl_answer_page ignored = { .code = MHD_HTTP_OK };
	char *text = NULL, *json;
	size_t length;
	bool fine;

	ignored.to = open_memstream(&text, &length);
	if (ignored.to == NULL)
		tctl_die_nomem();
	json = tctl_chart_graph_json(serve, &ignored);
	fine = json != NULL && start(serve, graph, dark, json);
	if (fclose(ignored.to) != 0)
		tctl_die_nomem();
	free(text);
	free(json);
	return fine;
}

enum MHD_Result
tctl_picture_answer(
    struct tctl_serve *serve, struct MHD_Connection *connection, bool dark)
{
	const struct tctl_asked asked = {
		.serve = serve, .connection = connection, .url = "/graph.svg"
	};
	struct tctl_picture *graph = graph_of(serve, dark);

	if (is_fresh(serve, graph))
		return tctl_serve_answer(
		    &asked, make_picture, dark ? "dark" : "light", false);
	if (serve->closing || graph->waiters == SERVE_WAITING ||
	    (graph->pid == 0 && !begin(serve, graph, dark)))
		return tctl_serve_answer(&asked, make_refusal, "", false);
	graph->waiting[graph->waiters++] = connection;
	MHD_suspend_connection(connection);
	return MHD_YES;
}
