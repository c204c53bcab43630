/* routes.c - which path gives which document. */
#include "../taskctl/print.h"
#include "act.h"
#include "request.h"

static void
make_home(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_page_home(asked->serve, page);
}

static void
make_tasks(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_page_tasks(asked->serve, asked->connection, page);
}

static void
make_task(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	tctl_page_task(asked->serve, rest, page);
}

static void
make_gantt(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_page_gantt(asked->serve, asked->connection, page);
}

static void
make_gantt_svg(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_chart_gantt(asked->serve, asked->connection, false, page);
}

static void
make_gantt_chart(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_chart_gantt(asked->serve, asked->connection, true, page);
}

static void
make_graph(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_page_graph(asked->serve, page);
}

/* Not made here: who asks may have to wait (request.c). */
static void
make_graph_svg(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)asked;
	(void)rest;
	page->code = MHD_HTTP_NOT_FOUND;
}

static void
make_log(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	tctl_page_log(asked->serve, page);
}

static void
make_api(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	tctl_api_get(asked->serve, rest, asked->connection, page);
}

static void
make_metrics(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	enum tctl_status status;
	struct json_object *answer =
	    tctl_serve_ask(asked->serve, &status, "metrics", NULL);

	(void)rest;
	if (status != TCTL_OK)
		tctl_serve_document(page, status, answer);
	else {
		page->type = "text/plain; version=0.0.4; charset=utf-8";
		fputs(tctl_get(answer, "text"), page->to);
	}
	json_object_put(answer);
}

/* Nothing of what the store holds: anybody may ask. */
static void
make_health(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	(void)rest;
	page->type = SERVE_JSON;
	page->code =
	    asked->serve->lost ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
	fprintf(page->to, "{\"status\":\"%s\"}\n",
	    asked->serve->lost ? "the store is not there" : "ok");
}

const struct tctl_route tctl_routes[] = {
	{ "/", make_home, TCTL_KEPT_BY_PATH, false },
	{ "/tasks", make_tasks, TCTL_KEPT_BY_ADDRESS, false },
	{ "/task/", make_task, TCTL_KEPT_BY_PATH, false },
	{ "/gantt", make_gantt, TCTL_KEPT_BY_ADDRESS, false },
	{ "/gantt.svg", make_gantt_svg, TCTL_KEPT_BY_ADDRESS, false },
	{ "/gantt/chart", make_gantt_chart, TCTL_KEPT_BY_ADDRESS, false },
	{ "/graph", make_graph, TCTL_KEPT_BY_PATH, false },
	{ "/graph.svg", make_graph_svg, TCTL_KEPT_NOT, false },
	{ "/log", make_log, TCTL_KEPT_BY_PATH, false },
	{ "/act/", tctl_act_ask, TCTL_KEPT_NOT, false },
	{ "/metrics", make_metrics, TCTL_KEPT_NOT, false },
	{ "/healthz", make_health, TCTL_KEPT_NOT, true },
	{ "/api/v1/", make_api, TCTL_KEPT_BY_ADDRESS, false },
	{ NULL, NULL, TCTL_KEPT_NOT, false },
};
