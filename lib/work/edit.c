/* edit.c - what all changes of the plan by hand have in common. */
#include <json-c/json.h>
#include <string.h>

#include "edit.h"
#include "holder.h"
#include "taskctl/text.h"

/* An edit by the holder is a sign of life; one with a token that is not the
 * newest comes from somebody who was superseded, and changes nothing. */
static enum tctl_status
greet_holder(struct tctl_edit *edit, const struct tctl_caller *who,
    struct tctl_error *err)
{
	struct tctl_change *change = &edit->change;
	struct tctl_lease_row lease;
	enum tctl_status status = tctl_lease_read(
	    change->store, change->arena, edit->row.id, &lease, err);

	if (status != TCTL_OK)
		return status;
	if (who->token >= 0 &&
	    (lease.token != who->token || lease.ended != NULL))
		return tctl_fail(err, TCTL_ESTALE,
		    "token %lld holds %s no longer", (long long)who->token,
		    edit->row.key);
	if (lease.ended != NULL || !tctl_holder_is(&lease, who))
		return TCTL_OK;
	return tctl_holder_renew(change, edit->row.key, &lease, lease.ttl_ms,
	    who->evidence, edit->out, err);
}

enum tctl_status
tctl_edit_begin(struct tctl_edit *edit, const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_change *change = &edit->change;
	int64_t row;
	enum tctl_status status;

	memset(edit, 0, sizeof(*edit));
	edit->out = out;
	edit->actor = (struct tctl_actor){ who->agent, who->session, 0 };
	tctl_answer_begin(out);
	status = tctl_change_begin(coord, TCTL_CHANGE, change, err);
	if (status != TCTL_OK || id == NULL)
		return status;
	status = tctl_row_find(change->store, change->arena, id, &row, err);
	if (status == TCTL_OK)
		status = tctl_row_read(
		    change->store, change->arena, row, &edit->row, err);
	if (status == TCTL_OK)
		status = greet_holder(edit, who, err);
	return status == TCTL_OK ? TCTL_OK
				 : tctl_change_refuse(change, status, err);
}

enum tctl_status
tctl_edit_end(struct tctl_edit *edit, enum tctl_status status,
    enum tctl_event_kind kind, struct json_object *data, struct tctl_error *err)
{
	if (status == TCTL_OK)
		status = tctl_change_event(
		    &edit->change, kind, edit->row.id, &edit->actor, data, err);
	else
		json_object_put(data);
	if (status == TCTL_OK)
		status = tctl_answer_load(
		    &edit->change, edit->out, edit->row.id, err);
	return tctl_change_end(&edit->change, status, err);
}

struct json_object *
tctl_edit_data(const char *key, const char *text)
{
	struct json_object *data = json_object_new_object();

	if (text != NULL)
		json_object_object_add(data, key, json_object_new_string(text));
	return data;
}

enum tctl_status
tctl_edit_bury(struct tctl_edit *edit, struct tctl_error *err)
{
	return tctl_query(edit->change.store, tctl_sql_lease_bury,
	    TCTL_ARGS(TCTL_T("changed"), TCTL_N(edit->row.id)), NULL, NULL,
	    NULL, err);
}

enum tctl_status
tctl_text_check(
    const char *what, const char *text, size_t most, struct tctl_error *err)
{
	if (text == NULL)
		return TCTL_OK;
	if (text[0] == '\0')
		return tctl_fail(err, TCTL_EINVALID, "the %s is empty", what);
	if (strlen(text) > most)
		return tctl_fail(err, TCTL_EINVALID,
		    "the %s has %zu bytes; %zu are the most", what,
		    strlen(text), most);
	if (!tctl_text_is_utf8(text, strlen(text), NULL))
		return tctl_fail(
		    err, TCTL_EINVALID, "the %s is not UTF-8", what);
	if (tctl_text_has_control(text))
		return tctl_fail(err, TCTL_EINVALID,
		    "the %s holds a control character", what);
	return TCTL_OK;
}
