/* test_pattern.c - what patterns match, as git itself sees it, and what two
 * lists of them share. */
#include "test.h"

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

enum { CASES = 120, PATTERNS = 4, PATHS = 30, TEXT = 200 };

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
		    /* Two slashes in a row are refused, and git may find
		     * something for them at the end of a pattern. */
		    do
			    make_pattern(question->pattern[i], TEXT);
		    while (strstr(question->pattern[i], "//") != NULL);
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
	/* Always the same, unless one asks for others. */
	seed = fixed != NULL ? strtoull(fixed, NULL, 10) : 88172645463325252u;
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

/* What git does and nobody would guess; asked of git 2.39. */
static void
odd_patterns_match_as_in_git(void **state)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_patterns stars = LIST(arena, "a/b**/c");
	struct tctl_patterns below_it = LIST(arena, "a/", "!a/b");
	struct tctl_patterns in_it = LIST(arena, "a/*", "!a/b");
	struct tctl_patterns blank = LIST(arena, "a\\ ", "b  ");

	(void)state;
	assert_non_null(tctl_patterns_match(&stars, "a/bc", false));
	assert_non_null(tctl_patterns_match(&stars, "a/bx/c", false));
	assert_non_null(tctl_patterns_match(&stars, "a/b/x/c", false));
	assert_null(tctl_patterns_match(&stars, "a/bxc", false));
	assert_non_null(tctl_patterns_match(&below_it, "a/b", false));
	assert_null(tctl_patterns_match(&in_it, "a/b", false));
	assert_null(tctl_patterns_match(&in_it, "a/b/c", false));
	assert_non_null(tctl_patterns_match(&in_it, "a/c/b", false));
	assert_non_null(tctl_patterns_match(&blank, "a ", false));
	assert_non_null(tctl_patterns_match(&blank, "b", false));
	assert_null(tctl_patterns_match(&blank, "a", false));
	tctl_arena_free(arena);
}

/* --- what two lists share ---------------------------------------------------
 */

static bool
meet(struct tctl_patterns a, struct tctl_patterns b, char path[])
{
	struct tctl_effort_left left = { 1000 * 1000 * 1000 };
	struct tctl_meeting meeting = { .path = "" };
	bool meets = tctl_patterns_meet(&a, 0, &b, &left, &meeting);

	if (path != NULL)
		strcpy(path, meets ? meeting.path : "");
	return meets;
}

#define MEET(meets, a, b) \
	do { \
		const char *const left[] = { a, NULL }; \
		const char *const right[] = { b, NULL }; \
		if (meet(list_of(arena, left), list_of(arena, right), NULL) != \
			(meets) || \
		    meet(list_of(arena, right), list_of(arena, left), NULL) != \
			(meets)) \
			fail_msg("\"%s\" and \"%s\"", a, b); \
	} while (0)

static void
two_patterns_meet_where_a_file_can_be_both(void **state)
{
	struct tctl_arena *arena = tctl_arena_new();

	(void)state;
	MEET(true, "src/a.c", "src/a.c");
	MEET(true, "src/a.c", "a.c");
	MEET(true, "src/a.c", "src/");
	MEET(true, "src/a.c", "src/*.c");
	MEET(true, "src/a.c", "**/a.c");
	MEET(true, "src/a.c", "*");
	MEET(true, "src/", "/src");
	MEET(true, "src/", "src/**");
	MEET(true, "src/", "*.c");
	MEET(true, "src/**/a", "src/x/**");
	MEET(true, "a*b", "*ab*");
	MEET(true, "/a*/c", "/*b/?");
	MEET(true, "[a-m]x", "[k-z]x");
	MEET(true, "/a/**/b", "/**/c/b");
	MEET(true, "/x/docs", "docs/");
	MEET(true, "/x/docs/y", "docs/");
	MEET(true, "/x/d*", "docs/");
	MEET(true, "*.md", "README.md");
	MEET(true, "src/", "**/docs/");
	MEET(true, "a?", "a[b]");
	/* A name that ends as files do is a folder where it is said so. */
	MEET(true, "packages/next.js", "packages/next.js/src/");
	MEET(true, "packages/next.js", "packages/next.js/src/*.c");
	MEET(true, "next.js", "/packages/next.js/src/");
	MEET(true, "packages/*.js", "packages/next.js/src/");
	MEET(true, "/a.c", "a.c/b");

	MEET(false, "src/a.c", "src/b.c");
	MEET(false, "src/a.c", "/a.c");
	MEET(false, "src/*.c", "src/*.h");
	MEET(false, "src/*/a.c", "src/a.c");
	MEET(false, "src/", "srcs/");
	MEET(false, "/src/", "/doc/");
	MEET(false, "[a-m]/x", "[n-z]/x");
	MEET(false, "[!a]/x", "a/x");
	MEET(false, "/a/*/c", "/a/b/d");
	MEET(false, "/a/**/b.c", "/a/**/c.c");
	MEET(false, "/a?c", "/abbc");
	MEET(false, "src/A.c", "src/a.c");
	/* What nobody means. */
	MEET(false, "src/next.js", "src/**/a");
	MEET(false, "src/next.js", "src/*/a");
	MEET(false, "src/next.js", "**/a");
	MEET(false, "src/*.js", "src/*.js/a");
	MEET(false, "src/", "docs/");
	MEET(false, "src", "docs");
	MEET(false, "src/**", "docs/");
	MEET(false, "src/*", "docs");
	MEET(false, "/src/", "README.md");
	MEET(false, "*.c", "*.h");
	MEET(false, "*.c", "Makefile");
	MEET(false, "Makefile", "README.md");
	tctl_arena_free(arena);
}

static void
what_is_taken_out_is_no_meeting(void **state)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_patterns some = LIST(arena, "/src/*", "!/src/gen");
	struct tctl_patterns below = LIST(arena, "/src/", "!/src/gen");
	struct tctl_patterns again =
	    LIST(arena, "/src/*", "!/src/gen", "/src/g*");
	struct tctl_patterns twice =
	    LIST(arena, "/src/*", "!/src/*.h", "!/src/gen", "docs/", "!*.txt");
	char path[2 * TCTL_PATTERN_MAX];

	(void)state;
	assert_false(meet(some, LIST(arena, "/src/gen/"), NULL));
	assert_true(meet(some, LIST(arena, "/src/g*"), path));
	assert_non_null(tctl_patterns_match(&some, path, false));
	assert_true(meet(below, LIST(arena, "/src/gen/"), NULL));
	assert_true(meet(again, LIST(arena, "/src/gen/"), NULL));
	assert_false(meet(twice, LIST(arena, "/src/a.h", "/src/gen/a"), NULL));
	assert_true(meet(twice, LIST(arena, "/src/?.?"), path));
	assert_non_null(tctl_patterns_match(&twice, path, false));
	assert_false(
	    meet(LIST(arena, "*", "!*.c"), LIST(arena, "/*.c", "!/b*"), NULL));
	assert_false(meet(LIST(arena, "!a"), LIST(arena, "a"), NULL));
	assert_false(meet(twice, LIST(arena, "lib", "!lib/x"), NULL));
	assert_true(meet(LIST(arena, "/p/next.js", "!/p/next.js/doc/"),
	    LIST(arena, "/p/next.js/src/", "!*.md"), path));
	assert_false(meet(LIST(arena, "/p/next.js", "!*.md"),
	    LIST(arena, "/p/*/a", "!*.txt"), NULL));
	tctl_arena_free(arena);
}

/* Whatever is granted, no path has two that have it; and whatever is refused
 * without an exception, there is a path that is both's. */
static void
no_two_that_do_not_meet_have_one_path(void **state)
{
	enum { PAIRS = 3000, TRIES = 100 };
	static const char *const name[] = { "a", "b", "ab", "ba", "aab", "a.c",
		"b.c", "A", "é" };
	size_t met = 0, told = 0, shared = 0;

	(void)state;
	for (size_t n = 0; n < PAIRS; n++) {
		struct tctl_arena *arena = tctl_arena_new();
		struct tctl_patterns list[2] = { { NULL, 0 }, { NULL, 0 } };
		char text[TEXT], path[2 * TCTL_PATTERN_MAX];
		const struct tctl_pattern *one;
		bool meets;

		for (size_t i = 0; i < 2; i++)
			for (unsigned k = 1 + below(3); k > 0; k--) {
				make_pattern(text, sizeof(text));
				if (tctl_pattern_read(
					arena, text, &one, &err) == TCTL_OK)
					tctl_patterns_add(arena, &list[i], one);
			}
		meets = meet(list[0], list[1], path);
		assert_int_equal(meet(list[1], list[0], NULL), meets);
		met += meets;
		if (meets && path[0] != '\0') {
			told++;
			if (tctl_patterns_match(&list[0], path, false) ==
				NULL ||
			    tctl_patterns_match(&list[1], path, false) == NULL)
				fail_msg("told \"%s\"", path);
		}
		for (size_t i = 0; !meets && i < TRIES; i++) {
			size_t used = 0, order[2];

			for (unsigned depth = 1 + below(4); depth > 0; depth--)
				used += (size_t)snprintf(path + used,
				    sizeof(path) - used, "%s%s",
				    used == 0 ? "" : "/",
				    name[below(TCTL_COUNT(name))]);
			if (tctl_patterns_match_in(
				&list[0], path, false, &order[0]) == NULL ||
			    tctl_patterns_match_in(
				&list[1], path, false, &order[1]) == NULL)
				continue;
			shared++;
			if (order[0] == order[1])
				fail_msg("both have \"%s\"", path);
		}
		tctl_arena_free(arena);
	}
	print_message("met %zu, told %zu, shared %zu\n", met, told, shared);
	assert_true(met > PAIRS / 10 && met < PAIRS * 9 / 10);
	assert_true(told > met * 8 / 10);
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
		cmocka_unit_test(odd_patterns_match_as_in_git),
		cmocka_unit_test(two_patterns_meet_where_a_file_can_be_both),
		cmocka_unit_test(what_is_taken_out_is_no_meeting),
		cmocka_unit_test(no_two_that_do_not_meet_have_one_path),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
