/* test_call.c - a small program's rows: parsed, explained, completed. */
#include "test.h"

#include <unistd.h>

#include "taskctl/call.h"

/* --- the program ---------------------------------------------------------- */

struct global {
	const char *dir;
	bool json;
	bool quiet;
	const char *color;
};

struct claim {
	const char *task;
	bool next;
	bool another;
	int64_t ttl_ms;
	int64_t pid;
	const char *message;
};

struct dep {
	const char *verb;
	const char *task;
	struct tctl_strings needs;
};

struct run {
	const char *task;
	struct tctl_strings tag;
	struct tctl_strings command;
};

#define GLOBAL(member) offsetof(struct global, member)
#define CLAIM(member) offsetof(struct claim, member)
#define DEP(member) offsetof(struct dep, member)
#define RUN(member) offsetof(struct run, member)

enum {
	ONE = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	MANY = ONE | TCTL_PARAM_MANY,
	REST = ONE | TCTL_PARAM_REST,
};

/* clang-format off */
static const struct tctl_param global_param[] = {
	{ .letter = 'C', .kind = TCTL_KIND_FILE, .offset = GLOBAL(dir),
	  .metavar = "DIR", .help = "work as if started in DIR" },
	{ .name = "json", .kind = TCTL_KIND_FLAG, .offset = GLOBAL(json),
	  .help = "answer with one JSON document" },
	{ .name = "quiet", .letter = 'q', .kind = TCTL_KIND_FLAG,
	  .offset = GLOBAL(quiet), .help = "print ids alone" },
	{ .name = "color", .kind = TCTL_KIND_CHOICE, .offset = GLOBAL(color),
	  .metavar = "WHEN", .choices = "auto|always|never", .fallback = "auto",
	  .help = "when to colour" },
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param claim_param[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK, .offset = CLAIM(task),
	  .flags = TCTL_PARAM_OPERAND, .help = "task to work on" },
	{ .name = "next", .kind = TCTL_KIND_FLAG, .offset = CLAIM(next),
	  .help = "whatever is best to do now" },
	{ .name = "another", .kind = TCTL_KIND_FLAG, .offset = CLAIM(another),
	  .help = "one more, even if the caller's hands are full: allowed "
		  "[but rare], and long enough to be wrapped" },
	{ .name = "ttl", .kind = TCTL_KIND_DURATION, .offset = CLAIM(ttl_ms),
	  .fallback = "30m", .help = "give it up after this long" },
	{ .name = "pid", .kind = TCTL_KIND_NUMBER, .offset = CLAIM(pid),
	  .metavar = "PID", .help = "process that works on it" },
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .offset = CLAIM(message), .help = "what to note" },
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param dep_param[] = {
	{ .name = "VERB", .kind = TCTL_KIND_CHOICE, .choices = "add|rm",
	  .offset = DEP(verb), .flags = ONE, .help = "what to do" },
	{ .name = "TASK", .kind = TCTL_KIND_TASK, .offset = DEP(task),
	  .flags = ONE, .help = "task that needs" },
	{ .name = "NEEDED", .kind = TCTL_KIND_TASK, .offset = DEP(needs),
	  .flags = MANY, .help = "tasks that it needs" },
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param run_param[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK, .offset = RUN(task),
	  .flags = TCTL_PARAM_OPERAND, .help = "task to work on" },
	{ .name = "tag", .kind = TCTL_KIND_TEXT, .offset = RUN(tag),
	  .flags = TCTL_PARAM_MANY, .help = "may be repeated" },
	{ .name = "COMMAND", .kind = TCTL_KIND_TEXT, .offset = RUN(command),
	  .flags = REST, .help = "what to run" },
	{ .kind = TCTL_KIND_END }
};

static const struct tctl_param help_param[] = {
	{ .name = "COMMAND", .kind = TCTL_KIND_COMMAND,
	  .flags = TCTL_PARAM_OPERAND, .help = "which to explain" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static const struct tctl_command claim = { .name = "claim",
	.group = "Work",
	.summary = "take a task before working on it",
	.about = "Exactly one agent can have a task.  An agent that dies "
		 "blocks nobody for long.\n\n"
		 ".this is no macro, and \\this no escape.\n\n"
		 "  a listing\n  kept as it is",
	.example = "$ taskctl claim 1.2\nclaimed 1.2",
	.param = claim_param,
	.req_size = sizeof(struct claim) };
static const struct tctl_command dep = { .name = "dep",
	.group = "Set up",
	.summary = "change what a task needs",
	.param = dep_param,
	.req_size = sizeof(struct dep) };
static const struct tctl_command run = { .name = "run",
	.group = "Work",
	.summary = "claim, run a command, end the claim",
	.param = run_param,
	.req_size = sizeof(struct run) };
static const struct tctl_command help = { .name = "help",
	.group = "Care",
	.summary = "explain a command",
	.param = help_param,
	.req_size = sizeof(const char *) };
static const struct tctl_command where = {
	.name = "where", .group = "Care", .summary = "say which store is used"
};
static const struct tctl_command secret = { .name = "secret",
	.group = "Care",
	.summary = "not for people",
	.hidden = true };

static const struct tctl_command *const commands[] = { &claim, &dep, &run,
	&help, &where, &secret, NULL };
static const char *const environment[][2] = {
	{ "TASKCTL_AGENT", "The agent's name.  Used without --agent." },
	{ NULL, NULL }
};
static const char *const files[][2] = { { ".tasks/db", "the store" },
	{ NULL, NULL } };

static const struct tctl_program program = { .name = "taskctl",
	.summary = "coordinate agents that work from one plan",
	.about = "One paragraph.",
	.global = global_param,
	.command = commands,
	.environment = environment,
	.files = files };

/* --- parsing -------------------------------------------------------------- */

/* One command line, parsed. */
struct line {
	struct tctl_arena *arena;
	struct global global;
	struct tctl_call call;
	struct tctl_error err;
	enum tctl_status status;
};

enum { WORDS_MAX = 16 };

/* The words are separated by single blanks; "''" is an empty one. */
static void
parse(struct line *line, const char *words)
{
	char *argv[WORDS_MAX], *copy;
	int argc = 0;

	memset(line, 0, sizeof(*line));
	line->arena = tctl_arena_new();
	copy = tctl_arena_strdup(line->arena, words);
	for (char *word; (word = strsep(&copy, " ")) != NULL; argc++) {
		assert_true(argc < WORDS_MAX);
		argv[argc] = word;
		if (strcmp(word, "''") == 0)
			*word = '\0';
	}
	if (*words == '\0')
		argc = 0;
	line->status = tctl_call_parse(&program, argc, argv, line->arena,
	    &line->global, &line->call, &line->err);
}

static void
done_with(struct line *line)
{
	tctl_arena_free(line->arena);
}

static void
what_is_not_given_has_its_kinds_default(void **unused)
{
	struct line line;
	const struct claim *req;

	(void)unused;
	parse(&line, "claim");
	assert_int_equal(line.status, TCTL_OK);
	assert_ptr_equal(line.call.command, &claim);
	req = line.call.req;
	assert_null(req->task);
	assert_null(req->message);
	assert_false(req->next);
	assert_int_equal(req->ttl_ms, -1);
	assert_int_equal(req->pid, -1);
	done_with(&line);
}

static void
every_spelling_of_an_option_fills_its_place(void **unused)
{
	static const char *const row[] = {
		"claim 1.2 --ttl 5m --next -m text --pid 7",
		"claim --ttl=5m 1.2 --next --message text --pid=7",
		"claim --next -mtext --tt 300s --pi 7 1.2",
		"claim --pid 1 --pid 7 --ttl 5min --ne --mess=text -- 1.2",
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct line line;
		const struct claim *req;

		parse(&line, row[i]);
		assert_int_equal(line.status, TCTL_OK);
		req = line.call.req;
		assert_string_equal(req->task, "1.2");
		assert_string_equal(req->message, "text");
		assert_int_equal(req->ttl_ms, 300 * 1000);
		assert_int_equal(req->pid, 7);
		assert_true(req->next);
		assert_false(req->another);
		done_with(&line);
	}
}

static void
global_options_may_stand_anywhere_before_the_dashes(void **unused)
{
	static const char *const row[] = {
		"-C /tmp --json -q --color never claim 1.2",
		"claim -q 1.2 --color=never --json -C/tmp",
		"claim 1.2 --js -qC /tmp --color never",
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct line line;

		parse(&line, row[i]);
		assert_int_equal(line.status, TCTL_OK);
		assert_string_equal(line.global.dir, "/tmp");
		assert_string_equal(line.global.color, "never");
		assert_true(line.global.json);
		assert_true(line.global.quiet);
		assert_string_equal(
		    ((const struct claim *)line.call.req)->task, "1.2");
		done_with(&line);
	}
}

static void
what_follows_the_dashes_is_untouched(void **unused)
{
	struct line line;
	const struct run *req;

	(void)unused;
	parse(&line, "run 1.2 --tag a --tag b -- make --json -q -- ''");
	assert_int_equal(line.status, TCTL_OK);
	req = line.call.req;
	assert_string_equal(req->task, "1.2");
	assert_false(line.global.json);
	assert_int_equal(req->tag.count, 2);
	assert_string_equal(req->tag.at[1], "b");
	assert_int_equal(req->command.count, 5);
	assert_string_equal(req->command.at[1], "--json");
	assert_string_equal(req->command.at[3], "--");
	assert_string_equal(req->command.at[4], "");
	done_with(&line);
}

static void
without_a_rest_the_dashes_only_end_the_options(void **unused)
{
	struct line line;

	(void)unused;
	parse(&line, "claim -- --next");
	assert_int_equal(line.status, TCTL_OK);
	assert_string_equal(
	    ((const struct claim *)line.call.req)->task, "--next");
	done_with(&line);
}

static void
operands_fill_their_places_in_order(void **unused)
{
	struct line line;
	const struct dep *req;

	(void)unused;
	parse(&line, "dep add 1.2 1.1 --json 1.0");
	assert_int_equal(line.status, TCTL_OK);
	req = line.call.req;
	assert_string_equal(req->verb, "add");
	assert_string_equal(req->task, "1.2");
	assert_int_equal(req->needs.count, 2);
	assert_string_equal(req->needs.at[1], "1.0");
	done_with(&line);
}

static void
no_command_help_and_version_are_no_mistakes(void **unused)
{
	struct line line;

	(void)unused;
	parse(&line, "");
	assert_int_equal(line.status, TCTL_OK);
	assert_null(line.call.command);
	done_with(&line);
	parse(&line, "--version");
	assert_int_equal(line.status, TCTL_OK);
	assert_true(line.call.version);
	done_with(&line);
	parse(&line, "dep -h");
	assert_int_equal(line.status, TCTL_OK);
	assert_true(line.call.help);
	assert_ptr_equal(line.call.command, &dep);
	done_with(&line);
}

/* clang-format off */
static const char *const mistakes[][3] = {
	{ "clam 1.2", "there is no command \"clam\"", "did you mean claim?" },
	{ "cliam", "there is no command \"cliam\"", "did you mean claim?" },
	{ "xyzzy", "there is no command \"xyzzy\"",
	  "taskctl --help lists the commands" },
	{ "secre", "there is no command \"secre\"",
	  "taskctl --help lists the commands" },
	{ "help clam", "there is no command \"clam\"", "did you mean claim?" },
	{ "claim --tll 5m", "unknown option \"--tll\"",
	  "did you mean --ttl?" },
	{ "claim --jsn", "unknown option \"--jsn\"", "did you mean --json?" },
	{ "claim --xyzzy=3", "unknown option \"--xyzzy\"",
	  "taskctl claim --help lists the options" },
	{ "claim -x", "unknown option \"-x\"",
	  "taskctl claim --help lists the options" },
	{ "--ttl 5m claim", "unknown option \"--ttl\"",
	  "a command's own options come after its name" },
	{ "claim --n= 1", "--next takes no value", "" },
	{ "claim --ttl", "--ttl needs a value: D", "" },
	{ "claim -m", "--message needs a value: TEXT", "" },
	{ "claim --ttl soon", "--ttl: \"soon\" is not a duration",
	  "write it like 45s, 30m, 2h30 or 1d" },
	{ "claim --ttl 5", "--ttl: \"5\" is not a duration",
	  "write it like 45s, 30m, 2h30 or 1d" },
	{ "claim --ttl 2-4h", "--ttl: \"2-4h\" is not a duration",
	  "write it like 45s, 30m, 2h30 or 1d" },
	{ "claim --pid x", "--pid: \"x\" is not a whole number", "" },
	{ "claim --pid +1", "--pid: \"+1\" is not a whole number", "" },
	{ "claim --pid -1", "--pid: \"-1\" is not a whole number", "" },
	{ "claim --pid 99999999999999999999",
	  "--pid: \"99999999999999999999\" is not a whole number", "" },
	{ "claim ''", "TASK is empty", "" },
	{ "claim 1 2", "claim: \"2\" is one word too many", "" },
	{ "run 1 make", "run: \"make\" is one word too many",
	  "write -- before the command to run" },
	{ "run 1", "run: -- COMMAND is missing", "see taskctl run --help" },
	{ "dep", "dep: add|rm is missing", "see taskctl dep --help" },
	{ "dep mv 1 2", "add|rm: \"mv\" is not one of add|rm", "" },
	{ "dep add 1", "dep: NEEDED is missing", "see taskctl dep --help" },
	{ "where x", "where: \"x\" is one word too many", "" },
	{ "-C", "-C needs a value: DIR", "" },
	{ "--color red where", "--color: \"red\" is not one of "
	  "auto|always|never", "" },
	{ "claim -m \xff", "--message: \"?\" is not UTF-8", "" },
};
/* clang-format on */

static void
a_wrong_word_is_named_and_answered(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(mistakes); i++) {
		struct line line;

		parse(&line, mistakes[i][0]);
		assert_int_equal(line.status, TCTL_EUSAGE);
		assert_int_equal(line.err.status, TCTL_EUSAGE);
		assert_string_equal(line.err.text, mistakes[i][1]);
		assert_string_equal(line.err.hint, mistakes[i][2]);
		done_with(&line);
	}
}

static void
a_beginning_that_two_options_share_is_refused_with_both(void **unused)
{
	struct line line;

	(void)unused;
	parse(&line, "claim --n");
	assert_int_equal(line.status, TCTL_OK);
	done_with(&line);
	parse(&line, "claim --");
	assert_int_equal(line.status, TCTL_OK);
	done_with(&line);
	parse(&line, "--= claim");
	assert_int_equal(line.status, TCTL_EUSAGE);
	assert_string_equal(line.err.text, "-- could be --json or --version");
	done_with(&line);
}

static void
json_is_known_even_behind_a_mistake(void **unused)
{
	static const char *const row[] = { "clam 1.2 --json",
		"claim --bogus --json", "claim --ttl soon 1.2 --json",
		"--json claim 1 2", "dep --json", "clam clum --json" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct line line;

		parse(&line, row[i]);
		assert_int_equal(line.status, TCTL_EUSAGE);
		assert_true(line.global.json);
		done_with(&line);
	}
}

static void
the_first_mistake_is_the_one_that_is_told(void **unused)
{
	struct line line;

	(void)unused;
	parse(&line, "claim --ttl soon --bogus --pid x");
	assert_string_equal(line.err.text, "--ttl: \"soon\" is not a duration");
	assert_ptr_equal(line.call.command, &claim);
	done_with(&line);
}

static void
zero_needs_no_unit_and_a_day_has_24_hours(void **unused)
{
	struct line line;

	(void)unused;
	parse(&line, "claim --ttl 0");
	assert_int_equal(((const struct claim *)line.call.req)->ttl_ms, 0);
	done_with(&line);
	parse(&line, "claim --ttl 1d");
	assert_int_equal(
	    ((const struct claim *)line.call.req)->ttl_ms, 86400 * 1000);
	done_with(&line);
}

static void
hidden_commands_are_found_and_never_suggested(void **unused)
{
	(void)unused;
	assert_ptr_equal(tctl_command_find(&program, "secret"), &secret);
	assert_null(tctl_command_find(&program, "clai"));
	assert_ptr_equal(tctl_command_nearest(&program, "clai"), &claim);
	assert_ptr_equal(tctl_command_nearest(&program, "hlep"), &help);
	assert_null(tctl_command_nearest(&program, "secrets"));
	assert_null(tctl_command_nearest(&program, "x"));
	assert_null(tctl_command_nearest(&program, ""));
}

/* --- help, manual, completion --------------------------------------------- */

static void
help_of_a_command_tells_everything_its_row_does(void **unused)
{
	char *text;

	(void)unused;
	TEXT_OF(text, to, tctl_help_command(to, &program, &claim));
	assert_string_equal(text,
	    "usage: taskctl claim [options] [TASK]\n"
	    "\n"
	    "taskctl claim - take a task before working on it\n"
	    "\n"
	    "Exactly one agent can have a task. An agent that dies blocks "
	    "nobody for long.\n"
	    "\n"
	    ".this is no macro, and \\this no escape.\n"
	    "\n"
	    "  a listing\n"
	    "  kept as it is\n"
	    "\n"
	    "operands:\n"
	    "  TASK                    task to work on\n"
	    "\n"
	    "options:\n"
	    "      --next              whatever is best to do now\n"
	    "      --another           one more, even if the caller's hands "
	    "are "
	    "full:\n"
	    "                          allowed [but rare], and long enough to "
	    "be wrapped\n"
	    "      --ttl D             give it up after this long (default: "
	    "30m)\n"
	    "      --pid PID           process that works on it\n"
	    "  -m, --message TEXT      what to note\n"
	    "\n"
	    "example:\n"
	    "  $ taskctl claim 1.2\n"
	    "  claimed 1.2\n"
	    "\n"
	    "Options of every command: taskctl --help\n");
	free(text);
}

static void
usage_shows_which_operands_must_be_there(void **unused)
{
	char *text;

	(void)unused;
	TEXT_OF(text, to, tctl_help_command(to, &program, &dep));
	assert_non_null(
	    strstr(text, "usage: taskctl dep add|rm TASK NEEDED...\n"));
	free(text);
	TEXT_OF(text, to, tctl_help_command(to, &program, &run));
	assert_non_null(
	    strstr(text, "taskctl run [options] [TASK] -- COMMAND...\n"));
	free(text);
	TEXT_OF(text, to, tctl_help_command(to, &program, &where));
	assert_non_null(strstr(text, "usage: taskctl where\n"));
	free(text);
}

static void
help_of_the_program_lists_each_group_once(void **unused)
{
	const char *work, *care;
	char *text;

	(void)unused;
	TEXT_OF(text, to, tctl_help_program(to, &program));
	work =
	    strstr(text, "\nWork:\n  claim        take a task before working "
			 "on it\n  run          claim, run a command");
	care = strstr(text, "\nCare:\n  help");
	assert_non_null(work);
	assert_non_null(care);
	assert_true(work < care);
	assert_null(strstr(work + 1, "\nWork:"));
	assert_null(strstr(text, "secret"));
	assert_non_null(strstr(text, "-q, --quiet"));
	assert_non_null(strstr(text, "--color WHEN        when to colour: "
				     "auto|always|never (default: auto)"));
	assert_non_null(strstr(text, "-h, --help"));
	free(text);
}

/* Run a checker over text; its complaint is printed by the checker itself. */
static int
check(const char *checker, const char *text)
{
	FILE *pipe = popen(checker, "w");

	assert_non_null(pipe);
	fputs(text, pipe);
	return pclose(pipe);
}

/* Is the checker installed?  Without it only the text is looked at. */
static bool
have(const char *tool)
{
	char *command = tctl_xprintf("command -v %s >/dev/null", tool);
	bool found = system(command) == 0;

	free(command);
	return found;
}

static void
the_manual_is_clean_mdoc(void **unused)
{
	char *text;

	(void)unused;
	if (!have("mandoc"))
		skip();
	for (size_t i = 0; i < TCTL_COUNT(commands); i++) {
		TEXT_OF(text, to, tctl_man(to, &program, commands[i], "1.0"));
		assert_int_equal(check("mandoc -T lint -W warning", text), 0);
		free(text);
	}
}

static void
the_manual_holds_every_option_variable_file_and_code(void **unused)
{
	static const char *const want[] = { ".Dt TASKCTL 1", ".Cm claim",
		"Fl -ttl Ar \\&D", ".Pq default : \\&30m",
		".It Ev TASKCTL_AGENT", ".It Pa \\&.tasks/db",
		".It 64 Pq Va usage",
		"\\&.this is no macro, and \\ethis no escape.",
		"Fl C Ar \\&DIR", ".Pq auto|always|never", ".Op Ar TASK" };
	char *text;

	(void)unused;
	TEXT_OF(text, to, tctl_man(to, &program, NULL, "1.0"));
	for (size_t i = 0; i < TCTL_COUNT(want); i++)
		if (strstr(text, want[i]) == NULL)
			fail_msg("no \"%s\" in the manual", want[i]);
	assert_null(strstr(text, "secret"));
	free(text);
}

static void
completion_scripts_are_valid_and_whole(void **unused)
{
	static const char *const shell[] = { "bash", "zsh", "fish" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(shell); i++) {
		char *text, *checker = tctl_xprintf("%s -n", shell[i]);
		bool known;

		TEXT_OF(
		    text, to, known = tctl_completion(to, &program, shell[i]));
		assert_true(known);
		assert_non_null(strstr(text, "another"));
		assert_non_null(strstr(text, "taskctl -q list"));
		assert_null(strstr(text, "secret"));
		if (have(shell[i]))
			assert_int_equal(check(checker, text), 0);
		free(checker);
		free(text);
	}
}

static void
another_shell_is_refused(void **unused)
{
	char *text;
	bool known;

	(void)unused;
	TEXT_OF(text, to, known = tctl_completion(to, &program, "tcsh"));
	assert_false(known);
	assert_string_equal(text, "");
	free(text);
}

/* What bash would offer for the last of words; a line each, sorted. */
static char *
bash_offers(const char *words)
{
	char *script, *offers = NULL, *command, path[] = "/tmp/tctl-XXXXXX";
	int fd = mkstemp(path);
	size_t size = 0;
	ssize_t length;
	FILE *file = fdopen(fd, "w"), *pipe;

	TEXT_OF(script, to, tctl_completion(to, &program, "bash"));
	fprintf(file,
	    "%s\ntaskctl() { printf '%%s\\n' 1.1 1.2 '$(exit 7)'; }\n"
	    "compopt() { :; }\nCOMP_WORDS=(%s)\n"
	    "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_taskctl\n"
	    "printf '%%s\\n' \"${COMPREPLY[@]}\" | sort\n",
	    script, words);
	fclose(file);
	free(script);
	command = tctl_xprintf("bash %s", path);
	pipe = popen(command, "r");
	length = getdelim(&offers, &size, '\0', pipe);
	assert_true(length > 0);
	pclose(pipe);
	unlink(path);
	free(command);
	return offers;
}

static void
bash_offers_what_can_stand_there(void **unused)
{
	static const char *const row[][2] = {
		{ "taskctl cl", "claim\n" },
		{ "taskctl --color a", "always\nauto\n" },
		{ "taskctl --color = al", "always\n" },
		{ "taskctl -C /tmp dep a", "add\n" },
		{ "taskctl claim 1", "1.1\n1.2\n" },
		{ "taskctl claim '$'", "\\$\\(exit\\ 7\\)\n" },
		{ "taskctl claim --n", "--next\n" },
		{ "taskctl claim --ttl ''", "\n" },
		{ "taskctl help cl", "claim\n" },
		{ "taskctl help secr", "\n" },
	};

	(void)unused;
	if (!have("bash"))
		skip();
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		char *offers = bash_offers(row[i][0]);
		assert_string_equal(offers, row[i][1]);
		free(offers);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_given_has_its_kinds_default),
		cmocka_unit_test(every_spelling_of_an_option_fills_its_place),
		cmocka_unit_test(
		    global_options_may_stand_anywhere_before_the_dashes),
		cmocka_unit_test(what_follows_the_dashes_is_untouched),
		cmocka_unit_test(
		    without_a_rest_the_dashes_only_end_the_options),
		cmocka_unit_test(operands_fill_their_places_in_order),
		cmocka_unit_test(no_command_help_and_version_are_no_mistakes),
		cmocka_unit_test(a_wrong_word_is_named_and_answered),
		cmocka_unit_test(
		    a_beginning_that_two_options_share_is_refused_with_both),
		cmocka_unit_test(json_is_known_even_behind_a_mistake),
		cmocka_unit_test(the_first_mistake_is_the_one_that_is_told),
		cmocka_unit_test(zero_needs_no_unit_and_a_day_has_24_hours),
		cmocka_unit_test(hidden_commands_are_found_and_never_suggested),
		cmocka_unit_test(
		    help_of_a_command_tells_everything_its_row_does),
		cmocka_unit_test(usage_shows_which_operands_must_be_there),
		cmocka_unit_test(help_of_the_program_lists_each_group_once),
		cmocka_unit_test(the_manual_is_clean_mdoc),
		cmocka_unit_test(
		    the_manual_holds_every_option_variable_file_and_code),
		cmocka_unit_test(completion_scripts_are_valid_and_whole),
		cmocka_unit_test(another_shell_is_refused),
		cmocka_unit_test(bash_offers_what_can_stand_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
