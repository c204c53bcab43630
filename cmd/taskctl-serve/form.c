/* form.c - what a page's form sends.
 *
 * Source: URL Living Standard, section 5 (application/x-www-form-urlencoded).
 */
#include "form.h"

#include <string.h>

#include "taskctl/text.h"

static int
digit(char c)
{
	static const char all[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(all, c | 0x20);

	return at == NULL ? -1 : (int)(at - all);
}

const char *
tctl_form_unescape(struct tctl_arena *arena, const char *text, size_t length)
{
	char *out = tctl_arena_alloc(arena, length + 1);
	size_t n = 0;

	for (size_t i = 0; i < length; i++, n++) {
		out[n] = text[i] == '+' ? ' ' : text[i];
		if (text[i] != '%')
			continue;
		if (length - i < 3 || digit(text[i + 1]) < 0 ||
		    digit(text[i + 2]) < 0)
			return NULL;
		out[n] = (char)(digit(text[i + 1]) << 4 | digit(text[i + 2]));
		if (out[n] == '\0')
			return NULL;
		i += 2;
		/* A browser ends lines of a text with both. */
		if (out[n] == '\n' && n > 0 && out[n - 1] == '\r')
			out[--n] = '\n';
	}
	out[n] = '\0';
	return tctl_text_is_utf8(out, n, NULL) ? out : NULL;
}

bool
tctl_form_read(
    const char *body, struct tctl_arena *arena, struct tctl_form *out)
{
	const char *at = body == NULL ? "" : body;

	for (out->count = 0; *at != '\0'; out->count++) {
		size_t length = strcspn(at, "&"), name = strcspn(at, "=&");
		const char *value = at + name + (name < length);

		if (out->count == FORM_FIELDS)
			return false;
		out->name[out->count] = tctl_form_unescape(arena, at, name);
		out->value[out->count] = tctl_form_unescape(
		    arena, value, (size_t)(at + length - value));
		if (out->name[out->count] == NULL ||
		    out->value[out->count] == NULL)
			return false;
		at += length + (at[length] == '&');
	}
	return true;
}

const char *
tctl_form_get(const struct tctl_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->name[i], name) == 0)
			return form->value[i];
	return "";
}

void
tctl_form_escape(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
			   "wxyz0123456789-._~:",
			*text) != NULL)
			putc(*text, to);
		else
			fprintf(to, "%%%02X", (unsigned char)*text);
}
