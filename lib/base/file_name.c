/* file_name.c - names that files have, and folders have not. */
#include <ctype.h>
#include <string.h>

#include "taskctl/text.h"

/* After the last dot; each between blanks. */
static const char endings[] =
    " c h cc cpp hpp cs py pyi js jsx mjs ts tsx vue svelte md mdx rst txt sh "
    "bash zsh ps1 bat sql json jsonl yaml yml toml ini cfg conf env html htm "
    "css scss less rs go java kt kts rb php pl lua swift xml csv tsv lock "
    "proto tf hcl gradle ipynb svg png pdf ";

/* Names without one. */
static const char whole[] =
    " makefile gnumakefile dockerfile containerfile justfile gemfile rakefile "
    "procfile jenkinsfile vagrantfile license copying readme changelog authors "
    "codeowners .gitignore .gitattributes .gitmodules .dockerignore "
    ".editorconfig .npmrc ";

static bool
is_word_of(const char *list, const char *text, size_t length)
{
	char word[24] = " ";

	if (length == 0 || length + 3 > sizeof(word))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == ' ')
			return false;
		word[i + 1] = (char)tolower((unsigned char)text[i]);
	}
	memcpy(word + 1 + length, " ", 2);
	return strstr(list, word) != NULL;
}

bool
tctl_text_has_file_ending(const char *name, size_t length)
{
	const char *dot = memrchr(name, '.', length);

	return dot != NULL &&
	       is_word_of(endings, dot + 1, length - (size_t)(dot + 1 - name));
}

bool
tctl_text_is_file_name(const char *name, size_t length)
{
	return is_word_of(whole, name, length) ||
	       tctl_text_has_file_ending(name, length);
}
