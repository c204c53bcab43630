/* doctor.c - what can be found, and the list of what was. */
#include <stdarg.h>
#include <stdio.h>

#include "taskctl/doctor.h"

#define KEEP \
	"Keep the files as they are, and bring a backup back or rebuild it " \
	"from git: taskctl help restore"
#define COUNT_ANEW \
	"Importing the plan counts anew; keep a backup of it first: taskctl " \
	"help backup"

/* clang-format off */
/* In the order in which they are told; docs/DOCTOR.md is printed from here
 * (make docs/DOCTOR.md). */
const struct tctl_finding_code tctl_finding_codes[TCTL_FOUND_COUNT] = {
	[TCTL_FOUND_BAD_CONFIG] = { "bad-config", TCTL_ERROR, false, "config",
	  "config.json cannot be read, or says what makes no sense. Every "
	  "command refuses to work with it.",
	  "Correct it in an editor; taskctl help config says what there is" },
	[TCTL_FOUND_LINK] = { "symbolic-link", TCTL_ERROR, false, "files",
	  "A link stands where a file of taskctl's belongs. It is not followed: "
	  "whoever may write in the folder could have planted it.",
	  "Look who made it, and where it leads: ls -l" },
	[TCTL_FOUND_NO_FILE] = { "not-a-file", TCTL_ERROR, false, "files",
	  "Something else (a folder, a pipe) stands where a file of taskctl's "
	  "belongs, or a file in the place of its folder.",
	  "Look who made it: ls -l" },
	[TCTL_FOUND_NAMES] = { "hard-link", TCTL_ERROR, false, "files",
	  "The store has several names. SQLite keeps a log for each of them, so "
	  "two agents could be granted one task, and neither would see it: "
	  "nothing can be changed until it has one.",
	  "Find the others (find / -xdev -samefile FILE), and who uses them" },
	[TCTL_FOUND_FOREIGN_OWNER] = { "foreign-owner", TCTL_WARNING, false,
	  "files", "A file belongs to somebody else than the folder does, and "
	  "the group does not share it.",
	  "Find out who ran taskctl as that user (sudo, cron), and give it to "
	  "the folder's owner" },
	[TCTL_FOUND_OPEN_TO_OTHERS] = { "open-to-others", TCTL_WARNING, false,
	  "files", "Others than the owner and the group may read or write it, or "
	  "write in the folder; or others than the owner may read the token of "
	  "serve.", "Close it: chmod o= FILE, go= TOKEN, o-w FOLDER" },
	[TCTL_FOUND_MODE] = { "mode-differs", TCTL_WARNING, false, "files",
	  "Not everybody who may write to the store may write to its log, index "
	  "or queue.", "Give it the store's mode (chmod)" },
	[TCTL_FOUND_READ_ONLY] = { "not-writable", TCTL_WARNING, false, "files",
	  "Who asks may read the store and not change it, or the disk is mounted "
	  "read-only: every change is refused.",
	  "Nothing, if only looking is meant; else look whose it is: ls -l, findmnt" },
	[TCTL_FOUND_LEFTOVER] = { "kept-copy", TCTL_NOTE, false, "files",
	  "A restore kept what it has replaced, or what could not be opened; or "
	  "one that died left what it was making, which the next one removes "
	  "unless it was in another container.",
	  "Remove it once nobody needs it" },
	[TCTL_FOUND_FILE_SYSTEM] = { "unfit-file-system", TCTL_ERROR, false,
	  "disk", "A store needs one kernel for its locks and its log; network "
	  "file systems have several.",
	  "Put the store on a local disk: the key db of taskctl config" },
	[TCTL_FOUND_OVERLAY] = { "overlay", TCTL_NOTE, false, "disk",
	  "The store is on overlayfs: another container has another store.",
	  "Put it on a volume, where containers are to share it" },
	[TCTL_FOUND_QUEUE_STOPPED] = { "queue-stopped", TCTL_ERROR, false,
	  "queue", "A process that has the writers' turn is stopped (SIGSTOP, "
	  "a debugger). All others wait for it, and must.",
	  "Let it go on: kill -CONT PID" },
	[TCTL_FOUND_QUEUE_HELD] = { "queue-held", TCTL_WARNING, false, "queue",
	  "A process has had the writers' turn for more than ten seconds.",
	  "Look what it does; a sleeping disk or a foreign lock on the store "
	  "holds it up" },
	[TCTL_FOUND_LOG_PINNED] = { "log-pinned", TCTL_WARNING, false, "log",
	  "A stopped process is in the middle of reading: the log cannot be "
	  "copied back, and grows.", "Let it go on: kill -CONT PID" },
	[TCTL_FOUND_LONG_LOG] = { "long-log", TCTL_NOTE, false, "log",
	  "The log is longer than 4 MiB: readers needed it whenever somebody "
	  "wrote.", "Nothing, if it shrinks again; else look who reads all the "
	  "time" },
	[TCTL_FOUND_LOG_CHANGED] = { "changed-log", TCTL_ERROR, true, "log",
	  "A byte of the log is another than was written. SQLite ends the log "
	  "there: what was acknowledged after it is gone without a word, and the "
	  "next change writes over it.", KEEP },
	[TCTL_FOUND_NO_LOG] = { "no-log", TCTL_WARNING, false, "log",
	  "Somebody has taken the store out of its write-ahead log (PRAGMA "
	  "journal_mode): readers and writers keep each other waiting, and a power "
	  "cut may take back the last change.",
	  "Nothing; the next change brings it back while nobody reads" },
	[TCTL_FOUND_NO_STORE] = { "no-store", TCTL_ERROR, false, "store",
	  "There is a .tasks/, but no store: a fresh clone, or it was removed.",
	  "Make one (taskctl init), or bring one back: taskctl help restore" },
	[TCTL_FOUND_UNREADABLE] = { "unreadable-store", TCTL_ERROR, false,
	  "store", "The store cannot be opened or read.",
	  "Mend what the message names, and ask again" },
	[TCTL_FOUND_DAMAGED] = { "damaged-store", TCTL_ERROR, true, "store",
	  "The database fails its own checks, or is none: pages, indexes, types "
	  "or references are not what they must be.", KEEP },
	[TCTL_FOUND_OLDER_SCHEMA] = { "older-schema", TCTL_NOTE, false, "store",
	  "An older taskctl made the store. The next command that changes "
	  "something brings it up to date.", "taskctl sweep does so" },
	[TCTL_FOUND_NEWER_SCHEMA] = { "newer-schema", TCTL_ERROR, true, "store",
	  "A newer taskctl made the store, or has brought it up to date. This "
	  "one does not know what is in it, and touches nothing.",
	  "Install the newer taskctl" },
	[TCTL_FOUND_WRONG_COUNT] = { "wrong-count", TCTL_ERROR, true, "counts",
	  "A count by which it is decided what may be claimed is not what "
	  "counting gives.", COUNT_ANEW },
	[TCTL_FOUND_CLAIM] = { "claim-and-lease", TCTL_ERROR, true, "counts",
	  "A task is claimed and has no lease that lives, or has one and is not "
	  "claimed.", KEEP },
	[TCTL_FOUND_MUTEX] = { "mutex-twice", TCTL_ERROR, true, "counts",
	  "Two tasks that exclude each other are both claimed.", KEEP },
	[TCTL_FOUND_CYCLE] = { "cycle", TCTL_ERROR, true, "order",
	  "Tasks wait for each other in a circle: none of them can ever begin.",
	  "Take one dependency out of it: taskctl help dep" },
	[TCTL_FOUND_COUNTER] = { "wrong-counter", TCTL_ERROR, true, "history",
	  "The counter from which tokens or events are drawn is not above what "
	  "was drawn, or the tokens of claims do not grow: one could be drawn "
	  "again.", KEEP },
	[TCTL_FOUND_HISTORY] = { "history-differs", TCTL_WARNING, false,
	  "history", "What happened does not lead to what is: somebody has "
	  "written to the store without taskctl, or a row is damaged.",
	  "Compare taskctl show TASK with what you know; a backup has how it "
	  "was" },
	[TCTL_FOUND_LAPSED] = { "lapsed-lease", TCTL_NOTE, false, "leases",
	  "A lease has run out of time. The task is ready for others already; "
	  "the next change writes that down.", "Nothing; taskctl sweep does it "
	  "at once" },
	[TCTL_FOUND_DEAD_HOLDER] = { "dead-holder", TCTL_WARNING, false,
	  "leases", "The process that holds a lease is gone.",
	  "Nothing; its lease ends with the next change, or by its time where "
	  "nobody has seen the process alive" },
	[TCTL_FOUND_ELSEWHERE] = { "holder-elsewhere", TCTL_NOTE, false,
	  "leases", "A lease was taken on another host or in another container: "
	  "whether its process lives cannot be seen from here.",
	  "Nothing; its time decides" },
	[TCTL_FOUND_STALE_LOCK] = { "stale-lock-file", TCTL_WARNING, false,
	  "locks", "A lock file of taskctl's is there, and its lease is over: "
	  "old scripts think that the task is taken.",
	  "Nothing; the next change (a claim, a note …) takes it away" },
	[TCTL_FOUND_OLD_LOCK] = { "old-lock-file", TCTL_NOTE, false, "locks",
	  "An old script has locked a task, or has overwritten taskctl's lock.",
	  "Ask whoever is named in it" },
	[TCTL_FOUND_MISSING_LOCK] = { "missing-lock-file", TCTL_WARNING, false,
	  "locks", "A lease lives, and its lock file is missing: old scripts "
	  "think that the task is free.",
	  "The holder's next heartbeat writes it" },
	[TCTL_FOUND_CLOCK_BEHIND] = { "clock-behind", TCTL_WARNING, false,
	  "clock", "This machine's clock is behind the last event: it was set "
	  "back, or another store's clock is ahead. Leases do not mind; times "
	  "that are shown do.", "Look at the clock: timedatectl" },
	[TCTL_FOUND_ANOTHER_BOOT] = { "another-boot", TCTL_NOTE, false, "clock",
	  "The machine was booted again, or went back to a snapshot, since the "
	  "last change: leases that live get their time anew.",
	  "Nothing; the next change does it" },
	[TCTL_FOUND_COPY] = { "copied-store", TCTL_NOTE, false, "clock",
	  "This file is a copy of a store, or was moved here. Its next change "
	  "gives it an id and tokens of its own.",
	  "Nothing, if that is meant; two copies are two coordinators" },
	[TCTL_FOUND_PLAN_GONE] = { "plan-gone", TCTL_WARNING, false, "plans",
	  "The file of a plan is not there any more.",
	  "Bring it back, or import it under its new name with --as PLAN" },
	[TCTL_FOUND_GIT_BEHIND] = { "git-behind", TCTL_NOTE, false, "git",
	  "The progress branch lacks the newest events.",
	  "taskctl commit writes them" },
	[TCTL_FOUND_GIT_AHEAD] = { "git-ahead", TCTL_WARNING, false, "git",
	  "The progress branch knows events of this store that the store does "
	  "not: it was brought back from an older copy behind taskctl's back.",
	  "Compare taskctl log with the branch; taskctl help restore says how "
	  "events come back" },
	[TCTL_FOUND_GIT_FOREIGN] = { "git-foreign", TCTL_NOTE, false, "git",
	  "The newest progress commit is another store's, or was not made by "
	  "taskctl.", "taskctl sync brings two stores together" },
	[TCTL_FOUND_SQLITE] = { "sqlite-wal-reset", TCTL_NOTE, false, "sqlite",
	  "SQLite before 3.51.3 can damage a database when two programs write "
	  "or checkpoint as its log is reset. taskctl's programs cannot: they do "
	  "so one at a time, in the queue. A sqlite3 shell that writes can.",
	  "Look into the store with sqlite3 -readonly only" },
};
/* clang-format on */

static const char *
print(struct tctl_arena *arena, const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	return tctl_arena_strdup(arena, text);
}

void
tctl_doctor_find(struct tctl_doctor *to, enum tctl_finding_kind kind,
    const char *where, const char *next, const char *fmt, ...)
{
	const struct tctl_finding_code *code = &tctl_finding_codes[kind];
	va_list args;

	to->finding = tctl_arena_grow(
	    to->arena, to->finding, to->findings, sizeof(*to->finding));
	va_start(args, fmt);
	to->finding[to->findings++] = (struct tctl_finding){ .code = code,
		.where = tctl_arena_strdup(to->arena, where),
		.message = print(to->arena, fmt, args),
		.next = next == NULL ? code->next
				     : tctl_arena_strdup(to->arena, next) };
	va_end(args);
}

static void
add_check(struct tctl_doctor *to, const char *name, bool skipped,
    const char *fmt, va_list args)
{
	to->check = tctl_arena_grow(
	    to->arena, to->check, to->checks, sizeof(*to->check));
	to->check[to->checks++] = (struct tctl_check){ .name = name,
		.skipped = skipped,
		.said = print(to->arena, fmt, args) };
}

void
tctl_doctor_looked(
    struct tctl_doctor *to, const char *name, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_check(to, name, false, fmt, args);
	va_end(args);
}

void
tctl_doctor_skipped(
    struct tctl_doctor *to, const char *name, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_check(to, name, true, fmt, args);
	va_end(args);
}

void
tctl_doctor_unread(struct tctl_doctor *to, const struct tctl_error *err)
{
	tctl_doctor_find(to,
	    err->status == TCTL_ECORRUPT ? TCTL_FOUND_DAMAGED
					 : TCTL_FOUND_UNREADABLE,
	    NULL, NULL, "%s", err->text);
}
