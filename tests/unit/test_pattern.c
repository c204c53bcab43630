/* test_pattern.c - what patterns match, as git itself sees it, and what two
 * lists of them share. */
#include "test.h"

#include <bsd/stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "taskctl/pattern.h"

static struct tctl_error err;

static struct tctl_patterns
list_of(struct tctl_arena *arena, const char *const *text)
{
	struct tctl_patterns list = { NULL, 0 };
	const struct tctl_pattern *one;

	for (; *text != NULL; text++) {
		if (tctl_pattern_read(arena, *text, &one, &err) != TCTL_OK)
			fail_msg("%s", err.text);
		tctl_patterns_add(arena, &list, one);
	}
	return list;
}

#define LIST(arena, ...) \
	list_of(arena, (const char *const[]){ __VA_ARGS__, NULL })

/* --- made-up patterns and paths ------------------------------------------- */

static uint64_t seed;

static unsigned
below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 20) % n;
}

/* Few names, so that patterns and paths meet; some are awkward. */
static const char *const names[] = { "a", "b", "ab", "ba", "aab", "a.c", "b.c",
	"A", "a b", "é", "-", "[", "a*", "]x", "\\a", "a ", "!a", "#a" };

static const char *const pieces[] = { "a", "b", "ab", "a.c", "A", "*", "**",
	"***", "?", "[ab]", "[!a]", "[^b]", "[a-c]", "[]x]", "[[:alpha:]]",
	"[[:upper:]]x", "[[:punct:]]", "[[:space:]]", "[a-]", "[\\]]", "[--b]",
	"[[:]", "\\a", "\\*", "\\[", "\\ ", "\\\\", "\\!", ".c", " ", "é", "-",
	"[é]", "[", "[b", "]", "/", "/", "/", "/", "**/", "/**", "/**/", "!",
	"#", "*.c", "[/]", "[a-c/]", "\\/" };

static void
make_pattern(char *out, size_t room)
{
	size_t used = 0;

	out[0] = '\0';
	if (below(5) == 0)
		used = (size_t)snprintf(out, room, "!");
	if (below(4) == 0)
		used += (size_t)snprintf(out + used, room - used, "/");
	for (unsigned n = 1 + below(5); n > 0; n--)
		used += (size_t)snprintf(out + used, room - used, "%s",
		    pieces[below(TCTL_COUNT(pieces))]);
	if (below(5) == 0)
		used += (size_t)snprintf(out + used, room - used, "/");
	if (below(8) == 0)
		snprintf(out + used, room - used, "  ");
}

/* --- beside git ------------------------------------------------------------
 */

enum { CASES = 400, PATTERNS = 4, PATHS = 40, TEXT = 200 };

struct question {
	char pattern[PATTERNS][TEXT];
	size_t patterns;
	bool is_refused[PATTERNS]; /* by us: git must find nothing for it */
	char path[PATHS][TEXT];
	bool is_folder[PATHS];
};

static char folder[] = "/tmp/test_pattern.XXXXXX";

static void
put_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* One path of one to four names below n/, made as a folder where it is one. */
static void
make_path(struct question *question, size_t n, size_t i)
{
	char whole[TEXT + 16];
	char *path = question->path[i];
	size_t used = 0;

	for (unsigned depth = 1 + below(4); depth > 0; depth--) {
		used += (size_t)snprintf(path + used, TEXT - used, "%s%s",
		    used == 0 ? "" : "/", names[below(TCTL_COUNT(names))]);
		snprintf(whole, sizeof(whole), "%zu/%s", n, path);
		if (depth > 1 && mkdir(whole, 0777) != 0) {
			struct stat st;

			/* A file is there: it stays the end. */
			if (stat(whole, &st) == 0 && !S_ISDIR(st.st_mode))
				break;
		}
	}
	if (below(3) == 0)
		(void)!mkdir(whole, 0777);
	else if (access(whole, F_OK) != 0)
		put_file(whole, "");
}

static void
look_at_paths(struct question *question, size_t n)
{
	char whole[TEXT + 16];
	struct stat st;

	for (size_t i = 0; i < PATHS; i++) {
		snprintf(whole, sizeof(whole), "%zu/%s", n, question->path[i]);
		assert_int_equal(stat(whole, &st), 0);
		question->is_folder[i] = S_ISDIR(st.st_mode);
	}
}

static void
ask(struct question *question, size_t n, struct tctl_arena *arena)
{
	char name[32], *text;
	const struct tctl_pattern *unused;

	snprintf(name, sizeof(name), "%zu", n);
	assert_int_equal(mkdir(name, 0777), 0);
	question->patterns = 1 + below(PATTERNS);
	TEXT_OF(
	    text, file, for (size_t i = 0; i < question->patterns; i++) {
		    make_pattern(question->pattern[i], TEXT);
		    question->is_refused[i] =
			tctl_pattern_read(arena, question->pattern[i], &unused,
			    &err) != TCTL_OK;
		    fprintf(file, "%s\n", question->pattern[i]);
	    });
	snprintf(name, sizeof(name), "%zu/.gitignore", n);
	put_file(name, text);
	free(text);
	for (size_t i = 0; i < PATHS; i++)
		make_path(question, n, i);
	look_at_paths(question, n);
}

static const char *
expected(const struct question *question, size_t path, struct tctl_arena *arena)
{
	struct tctl_patterns list = { NULL, 0 };
	const struct tctl_pattern *one;

	for (size_t i = 0; i < question->patterns; i++)
		if (!question->is_refused[i]) {
			assert_int_equal(tctl_pattern_read(arena,
					     question->pattern[i], &one, &err),
			    TCTL_OK);
			tctl_patterns_add(arena, &list, one);
		}
	one = tctl_patterns_match(
	    &list, question->path[path], question->is_folder[path]);
	return one == NULL ? NULL : tctl_pattern_text(one);
}

static void
complain(const struct question *question, size_t path, const char *git,
    const char *ours)
{
	for (size_t i = 0; i < question->patterns; i++)
		print_error("  pattern \"%s\"%s\n", question->pattern[i],
		    question->is_refused[i] ? " (refused)" : "");
	fail_msg("\"%s\"%s: git says \"%s\", we say \"%s\"",
	    question->path[path], question->is_folder[path] ? " (folder)" : "",
	    git, ours == NULL ? "" : ours);
}

/* git's answer to each path, in order: source, line, pattern, path, each with
 * a NUL behind it; the pattern is empty where none decides. */
static void
compare(const struct question *question, size_t n, FILE *git, size_t *matched)
{
	struct tctl_arena *arena = tctl_arena_new();
	char *field[4] = { NULL };
	size_t room[4] = { 0 };

	for (size_t i = 0; i < PATHS; i++) {
		const char *ours = expected(question, i, arena);
		bool is_in;

		for (int f = 0; f < 4; f++)
			assert_true(
			    getdelim(&field[f], &room[f], '\0', git) > 0);
		is_in = field[2][0] != '\0' && field[2][0] != '!';
		if (is_in != (ours != NULL) ||
		    (is_in && strcmp(field[2], ours) != 0))
			complain(question, i, field[2], ours);
		*matched += is_in;
	}
	(void)n;
	for (int f = 0; f < 4; f++)
		free(field[f]);
	tctl_arena_free(arena);
}

static void
patterns_match_what_git_ignores(void **state)
{
	struct question *question = calloc(CASES, sizeof(*question));
	struct tctl_arena *arena = tctl_arena_new();
	size_t matched = 0;
	FILE *paths, *git;
	const char *fixed = getenv("TEST_SEED");

	(void)state;
	if (system("command -v git >/dev/null") != 0)
		skip();
	seed = fixed != NULL ? strtoull(fixed, NULL, 10)
			     : ((uint64_t)arc4random() << 20 | 1);
	print_message("TEST_SEED=%llu\n", (unsigned long long)seed);
	assert_non_null(question);
	assert_int_equal(system("git init -q ."), 0);
	paths = fopen("paths", "w");
	assert_non_null(paths);
	for (size_t n = 0; n < CASES; n++) {
		ask(&question[n], n, arena);
		for (size_t i = 0; i < PATHS; i++)
			fprintf(paths, "%zu/%s%c", n, question[n].path[i], 0);
	}
	fclose(paths);
	git = popen("git check-ignore --no-index --stdin -z -v -n <paths", "r");
	assert_non_null(git);
	for (size_t n = 0; n < CASES; n++)
		compare(&question[n], n, git, &matched);
	pclose(git);
	/* It was no empty exercise. */
	assert_true(matched > CASES * PATHS / 20);
	tctl_arena_free(arena);
	free(question);
}

static int
set_up(void **state)
{
	(void)state;
	unsetenv("GIT_DIR");
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
tear_down(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return chdir("/") != 0 || system(command) != 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_what_git_ignores),
	};

	(void)list_of;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
