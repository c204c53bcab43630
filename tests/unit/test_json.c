/* test_json.c - JSON as text says what json-c would say. */
#include "test.h"

#include <stdlib.h>

#include "../../lib/json/text.h"
#include "taskctl/json.h"

static struct json_object *
read_back(const char *text)
{
	struct json_object *out = json_tokener_parse(text);

	assert_non_null(out);
	return out;
}

/* What json-c writes of what it has read is what was written. */
static void
text_is_what_json_c_writes(void **state)
{
	static struct tctl_item item[] = { { .text = "a\tb \"c\" \\ /d" },
		{ .text = "\b\f\n\r\x01\x1f\x7f é ⭐", .done = true } };
	static const char *file[] = { "src/a.c", "" };
	struct tctl_task task = { .id = "1.1",
		.plan = "p",
		.title = "Créer l'\"index\"",
		.estimate_s = -1,
		.priority = 2,
		.line = 7,
		.files = { .at = file, .count = 2 },
		.criteria = { .at = item, .count = 2 } };
	const struct tctl_json_place place = { 3, "1.1", 2 };
	struct tctl_json_text text = { .at = NULL };
	struct json_object *object;

	(void)state;
	for (int round = 0; round < 2; round++) {
		const char *at = tctl_json_planned(&task, &place, &text);

		object = read_back(at);
		assert_string_equal(at, json_object_to_json_string_ext(object,
					    JSON_C_TO_STRING_NOSLASHESCAPE));
		assert_null(json_object_object_get(object, "estimate_s"));
		assert_string_equal(
		    json_object_get_string(
			json_object_object_get(object, "title")),
		    task.title);
		json_object_put(object);
		task.ticked = true; /* the second takes the first one's place */
	}
	free(text.at);
}

static void
numbers_are_whole_at_both_ends(void **state)
{
	struct tctl_json_text text = { .at = NULL };

	(void)state;
	tctl_json_write_open(&text, NULL, '[');
	tctl_json_write_number(&text, NULL, INT64_MIN);
	tctl_json_write_number(&text, NULL, -10);
	tctl_json_write_number(&text, NULL, 0);
	tctl_json_write_number(&text, NULL, INT64_MAX);
	tctl_json_write_close(&text, ']');
	assert_int_equal(text.used,
	    strlen("[-9223372036854775808,-10,0,9223372036854775807]"));
	assert_memory_equal(text.at,
	    "[-9223372036854775808,-10,0,9223372036854775807]", text.used);
	free(text.at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_what_json_c_writes),
		cmocka_unit_test(numbers_are_whole_at_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
