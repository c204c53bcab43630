/* act.c - changes from the page, with --write.
 *
 * Who acts is a field of each form, and remembered in a cookie: the name of who
 * started the server is not that of who sits before the browser.  A form counts
 * only with a value that this server has put into it. */
#include "act.h"

#include <stdlib.h>
#include <string.h>

#include "../../lib/export/label.h"
#include "form.h"
#include "taskctl/model.h"

enum { TEXT_MOST = 4000 };

#define IS(state) (1u << TCTL_STATE_##state)

struct act {
	const char *command;
	const char *label;
	unsigned states;  /* of the tasks for which it makes sense */
	const char *text; /* the parameter that takes a text; NULL: none */
	const char *asks; /* what stands above its field */
	bool must;	  /* it cannot be empty */
	bool gate;	  /* for gates, and for nothing else */
};

/* clang-format off */
static const struct act acts[] = {
	{ "claim", "Claim", IS(READY), NULL, NULL, false, false },
	{ "done", "Done", IS(CLAIMED), "message", "Note", false, false },
	{ "heartbeat", "Renew", IS(CLAIMED), NULL, NULL, false, false },
	{ "release", "Give back", IS(CLAIMED), "message", "Note", false, false },
	{ "fail", "Fail", IS(CLAIMED), "message", "Why", true, false },
	{ "approve", "Approve", IS(READY) | IS(PENDING), "message", "Note",
	  false, true },
	{ "reopen", "Open again", IS(DONE) | IS(FAILED) | IS(CANCELLED),
	  "message", "Why", false, false },
	{ "note", "Leave a note", ~0u, "TEXT", "Note", true, false },
};
/* clang-format on */

static bool
fits(const struct act *act, struct json_object *task)
{
	enum tctl_state state;

	for (state = 0; state < TCTL_STATE_COUNT; state++)
		if (strcmp(tctl_state_word(state), tctl_get(task, "state")) ==
		    0)
			break;
	if (state == TCTL_STATE_COUNT || (act->states >> state & 1) == 0)
		return false;
	return !act->gate || tctl_get_bool(task, "gate");
}

/* "claim/1.1": the act, and *id; NULL: there is none of that name. */
static const struct act *
find(const char *rest, const char **id)
{
	size_t length = strcspn(rest, "/");

	*id = rest[length] == '/' ? rest + length + 1 : "";
	for (size_t i = 0; i < TCTL_COUNT(acts) && **id != '\0'; i++)
		if (strncmp(acts[i].command, rest, length) == 0 &&
		    acts[i].command[length] == '\0')
			return &acts[i];
	return NULL;
}

void
tctl_draw_acts(const struct tctl_draw *draw, struct json_object *task)
{
	if (!draw->serve->req->write)
		return;
	tctl_draw_part(draw, "act", "Do");
	fputs("<ul class=\"acts\">\n", draw->to);
	for (size_t i = 0; i < TCTL_COUNT(acts); i++) {
		if (!fits(&acts[i], task))
			continue;
		fprintf(draw->to, "<li><a class=\"button\" href=\"/act/%s/",
		    acts[i].command);
		tctl_draw_address(draw, tctl_get(task, "ref"));
		fprintf(draw->to, "\">%s</a></li>\n", acts[i].label);
	}
	fputs("</ul>\n", draw->to);
	tctl_draw_part_end(draw);
}

/* --- the page that asks
 * ---------------------------------------------------------
 */

/* What the form is filled in with, and why it was refused (or ""). */
struct filled {
	const char *agent;
	const char *text;
	const char *refusal;
	const char *hint;
};

static void
put_refusal(const struct tctl_draw *draw, const struct filled *with)
{
	if (with->refusal[0] == '\0')
		return;
	fputs("<div class=\"refusal\" role=\"alert\" tabindex=\"-1\" "
	      "autofocus>\n<p>",
	    draw->to);
	tctl_draw_text(draw, with->refusal);
	fputs("</p>\n", draw->to);
	if (with->hint[0] != '\0') {
		fputs("<p class=\"note\">", draw->to);
		tctl_draw_text(draw, with->hint);
		fputs("</p>\n", draw->to);
	}
	fputs("</div>\n", draw->to);
}

/* As it was written, with its lines. */
static void
put_lines(FILE *to, const char *text)
{
	while (*text != '\0') {
		int32_t c = tctl_char_next(&text);

		tctl_escape_xml(
		    to, c != '\n' && tctl_char_is_blank(c) ? ' ' : c);
	}
}

static void
put_form(const struct tctl_draw *draw, const struct act *act,
    struct json_object *task, const struct filled *with)
{
	FILE *to = draw->to;

	fprintf(to, "<form class=\"act\" method=\"post\" action=\"/act/%s/",
	    act->command);
	tctl_draw_address(draw, tctl_get(task, "ref"));
	fprintf(to,
	    "\">\n<input type=\"hidden\" name=\"form\" value=\"%s\">\n"
	    "<p><label for=\"agent\">Who acts</label> <input id=\"agent\" "
	    "name=\"agent\" required maxlength=\"%d\" autocomplete=\"off\" "
	    "value=\"",
	    draw->serve->door.form, TCTL_AGENT_MAX - 1);
	tctl_draw_text(draw, with->agent);
	fputs("\"></p>\n", to);
	if (act->text != NULL) {
		fprintf(to,
		    "<p><label for=\"text\">%s</label> <textarea id=\"text\" "
		    "name=\"text\" rows=\"3\" maxlength=\"%d\"%s>",
		    act->asks, TEXT_MOST, act->must ? " required" : "");
		put_lines(to, with->text);
		fputs("</textarea></p>\n", to);
	}
	fprintf(to, "<p class=\"acts\"><button class=\"main\">%s</button> ",
	    act->label);
	fputs("<a class=\"button\" href=\"/task/", to);
	tctl_draw_address(draw, tctl_get(task, "ref"));
	fputs("\">Back</a></p>\n</form>\n", to);
}

static void
put_standing(const struct tctl_draw *draw, struct json_object *task)
{
	struct json_object *lease = tctl_get_object(task, "lease");

	fputs("<p>", draw->to);
	tctl_draw_state(draw, tctl_get(task, "state"));
	if (lease != NULL) {
		fputs(", held by <b>", draw->to);
		tctl_draw_get(draw, lease, "agent");
		fputs("</b> since ", draw->to);
		tctl_draw_instant(draw, tctl_get(lease, "acquired_at"));
	}
	fputs("</p>\n", draw->to);
}

static void
put_page(const struct tctl_asked *asked, const char *rest,
    const struct filled *with, struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(asked->serve, page);
	struct json_object *show, *task;
	enum tctl_status status;
	const struct act *act;
	const char *id;

	act = find(rest, &id);
	if (act == NULL || !asked->serve->req->write) {
		tctl_page_error(asked->serve, MHD_HTTP_NOT_FOUND,
		    act == NULL ? "there is no such page"
				: "this server only reads; --write lets it "
				  "change",
		    page);
		return;
	}
	show = tctl_serve_ask(asked->serve, &status, "show", "--", id, NULL);
	if (status != TCTL_OK)
		tctl_draw_refusal(asked->serve, status, show, page);
	else {
		task = tctl_get_object(show, "task");
		page->has_form = true;
		tctl_draw_begin(&draw, act->label, "/tasks");
		fprintf(draw.to,
		    "<section class=\"ask\" aria-labelledby=\"ask-h\">\n"
		    "<h1 id=\"ask-h\">%s: <span class=\"id\">",
		    act->label);
		tctl_draw_get(&draw, task, "ref");
		fputs("</span> ", draw.to);
		tctl_draw_get(&draw, task, "title");
		fputs("</h1>\n", draw.to);
		put_refusal(&draw, with);
		put_standing(&draw, task);
		put_form(&draw, act, task, with);
		fputs("</section>\n", draw.to);
		tctl_draw_end(&draw);
	}
	json_object_put(show);
}

/* Who acted from this browser the last time; the arena's. */
static const char *
remembered(const struct tctl_asked *asked, struct tctl_arena *arena)
{
	const char *cookie = MHD_lookup_connection_value(
	    asked->connection, MHD_COOKIE_KIND, asked->serve->door.agent_name);
	const char *name =
	    cookie == NULL ? NULL
			   : tctl_form_unescape(arena, cookie, strlen(cookie));

	return name == NULL ? "" : name;
}

void
tctl_act_ask(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	struct tctl_arena *arena = tctl_arena_new();
	const struct filled with = { remembered(asked, arena), "", "", "" };

	put_page(asked, rest, &with, page);
	tctl_arena_free(arena);
}

/* --- what it sends
 * --------------------------------------------------------------
 */

/* To the task's page; an owned header. */
static char *
way_back(const char *id)
{
	size_t length;
	char *text = NULL;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		tctl_die_nomem();
	fputs("/task/", to);
	tctl_form_escape(to, id);
	if (fclose(to) != 0)
		tctl_die_nomem();
	return text;
}

static char *
remember(const struct tctl_door *door, const char *agent)
{
	size_t length;
	char *text = NULL;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		tctl_die_nomem();
	fprintf(to, "%s=", door->agent_name);
	tctl_form_escape(to, agent);
	fprintf(to, "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict%s",
	    door->behind_tls ? "; Secure" : "");
	if (fclose(to) != 0)
		tctl_die_nomem();
	return text;
}

static enum tctl_status
run(const struct tctl_asked *asked, const struct act *act, const char *rest,
    const struct tctl_form *form, struct json_object **answer)
{
	struct json_object *words = json_object_new_object();
	const char *text = tctl_form_get(form, "text");
	enum tctl_status status;

	json_object_object_add(words, "agent",
	    json_object_new_string(tctl_form_get(form, "agent")));
	if (act->text != NULL && text[0] != '\0')
		json_object_object_add(
		    words, act->text, json_object_new_string(text));
	*answer = tctl_api_call(asked->serve, rest, words, &status);
	json_object_put(words);
	return status;
}

static void
do_it(const struct tctl_asked *asked, const char *rest,
    const struct tctl_form *form, struct tctl_answer_page *page)
{
	struct json_object *answer = NULL, *error;
	struct filled with = { tctl_form_get(form, "agent"),
		tctl_form_get(form, "text"), "", "" };
	enum tctl_status status;
	const struct act *act;
	const char *id;

	act = find(rest, &id);
	if (act == NULL) {
		put_page(asked, rest, &with, page);
		return;
	}
	status = run(asked, act, rest, form, &answer);
	if (status == TCTL_OK) {
		page->code = MHD_HTTP_SEE_OTHER;
		page->location = way_back(id);
		page->cookie =
		    remember(&asked->serve->door, tctl_form_get(form, "agent"));
	} else {
		error = tctl_get_object(answer, "error");
		with.refusal = tctl_get(error, "message");
		with.hint = tctl_get(error, "hint");
		put_page(asked, rest, &with, page);
		if (page->code == MHD_HTTP_OK)
			page->code = tctl_serve_code(status);
	}
	json_object_put(answer);
}

void
tctl_act_do(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_form form;

	if (!tctl_form_read(asked->body, arena, &form) ||
	    strlen(asked->body == NULL ? "" : asked->body) != asked->length)
		tctl_page_error(asked->serve, MHD_HTTP_BAD_REQUEST,
		    "this is not what the page's form sends", page);
	else if (!tctl_door_form_is(
		     &asked->serve->door, tctl_form_get(&form, "form")))
		tctl_page_error(asked->serve, MHD_HTTP_FORBIDDEN,
		    "this form is not of this server; open the page again",
		    page);
	else
		do_it(asked, rest, &form, page);
	tctl_arena_free(arena);
}
