/* floor: cmd - pieces of pages: text made inert, states, bars, times. */
#ifndef SERVE_DRAW_H
#define SERVE_DRAW_H

#include "../taskctl/print.h"
#include "serve.h"

/* Any text, on one line, as text of an element or a quoted attribute. */
void tctl_draw_text(const struct tctl_draw *draw, const char *text);
void tctl_draw_get(
    const struct tctl_draw *draw, struct json_object *from, const char *key);

/* Any text as a part of an address. */
void tctl_draw_address(const struct tctl_draw *draw, const char *text);

/* The page's frame; active: the path of its entry in the navigation. */
void tctl_draw_begin(
    const struct tctl_draw *draw, const char *title, const char *active);
void tctl_draw_end(const struct tctl_draw *draw);

/* A part that is replaced when the store has changed. */
void tctl_draw_part(
    const struct tctl_draw *draw, const char *id, const char *heading);
void tctl_draw_part_end(const struct tctl_draw *draw);

/* A state by word and shape. */
void tctl_draw_state(const struct tctl_draw *draw, const char *state);
/* The id of a task, which leads to its page. */
void tctl_draw_task(const struct tctl_draw *draw, const char *id);
void tctl_draw_link(
    const struct tctl_draw *draw, const char *id, const char *shown);
/* "1.1, 1.2" likewise, of that plan ("": of any). */
void tctl_draw_tasks(
    const struct tctl_draw *draw, const char *plan, struct json_object *ids);
/* An instant of an answer: the page's script shows it as local time. */
void tctl_draw_instant(const struct tctl_draw *draw, const char *rfc3339);
void tctl_draw_while(const struct tctl_draw *draw, int64_t ms);
void tctl_draw_duration(const struct tctl_draw *draw, int64_t seconds);
/* Totals as one bar of their states. */
void tctl_draw_totals(const struct tctl_draw *draw, struct json_object *totals);
/* part of whole, from nothing to all. */
void tctl_draw_share(
    const struct tctl_draw *draw, int64_t part, int64_t whole, bool late);

/* The parts of the home page, which a file for all has too. */
void tctl_draw_summary(
    const struct tctl_draw *draw, struct json_object *status);
void tctl_draw_work(const struct tctl_draw *draw, struct json_object *status);
void tctl_draw_stuck(const struct tctl_draw *draw, struct json_object *status);
void tctl_draw_sprints(
    const struct tctl_draw *draw, struct json_object *status);
void tctl_draw_board(const struct tctl_draw *draw, struct json_object *tasks);
void tctl_draw_events(
    const struct tctl_draw *draw, struct json_object *events, size_t most);
void tctl_draw_table(const struct tctl_draw *draw, struct json_object *tasks);

/* A document that could not be had, as a page. */
void tctl_draw_refusal(struct tctl_serve *serve, enum tctl_status status,
    struct json_object *document, struct tctl_answer_page *page);

/* For a page of a document. */
struct tctl_draw tctl_draw_of(
    struct tctl_serve *serve, const struct tctl_answer_page *page);

#endif
