/* plan_gen.c - a sprint plan of any size, as people write them.
 *
 * The dialect is that of plan 001: task headings with bold fields, lists of
 * criteria, a summary table a sprint with dependencies and stars.  Every sprint
 * but the first needs something of the one before it, so no order is implied
 * and none is added.  About 270 bytes a task: 100,000 of them stay under 30 MB.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "bench.h"

struct word {
	const char *text;
	int minutes;
};

static const struct word duration[] = { { "30min", 30 }, { "45min", 45 },
	{ "1h", 60 }, { "1h30", 90 }, { "2h", 120 }, { "2h30", 150 } };
static const char *const verb[] = { "Créer", "Enrichir", "Refactorer",
	"Documenter", "Tester", "Migrer", "Valider" };
static const char *const thing[] = { "le modèle", "la route", "le service",
	"l'index", "le cache", "la table", "le rapport", "le script", "la page",
	"le journal", "l'import" };
static const char *const agent[] = { "A", "B", "C", "Main" };
static const char *const stars[] = { "⭐", "⭐⭐", "⭐⭐⭐" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What belongs to what must not follow the order of the tasks, and must be the
 * same every time. */
static uint64_t
scatter(size_t i, uint64_t salt)
{
	uint64_t x = ((uint64_t)i + 1) * 0x9E3779B97F4A7C15u + salt;

	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

enum salt { FREE, SERIAL, VERB, THING, TIME, AGENT, STARS, SECOND, AFTER };

static bool
is_serial(size_t i)
{
	return scatter(i, SERIAL) % 40 == 0;
}

static bool
has_needs(const struct bench_plan *plan, size_t i)
{
	if (i % BENCH_SPRINT == 0)
		return i > 0; /* it ties the sprint to the one before */
	return scatter(i, FREE) % 100 >= plan->free_percent;
}

struct bench_plan
bench_plan_of(size_t tasks)
{
	/* A small plan would have next to nothing that can be claimed. */
	return (struct bench_plan){ .tasks = tasks,
		.free_percent = tasks < 1000 ? 95 : 10 };
}

bool
bench_plan_is_free(const struct bench_plan *plan, size_t i)
{
	return !has_needs(plan, i) && !is_serial(i);
}

size_t
bench_plan_free_count(const struct bench_plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->tasks; i++)
		count += bench_plan_is_free(plan, i);
	return count;
}

void
bench_plan_id(size_t i, char *id)
{
	snprintf(id, 24, "%zu.%zu", i / BENCH_SPRINT + 1, i % BENCH_SPRINT + 1);
}

/* "12.1, 12.3", "Sprint 11", or "-". */
static void
needs_of(const struct bench_plan *plan, size_t i, char *text, size_t size)
{
	size_t first = i - i % BENCH_SPRINT; /* of its sprint */
	char one[24], two[24];

	if (!has_needs(plan, i)) {
		snprintf(text, size, "-");
	} else if (i == first && first / BENCH_SPRINT % 5 == 0) {
		snprintf(text, size, "Sprint %zu", first / BENCH_SPRINT);
	} else if (i - first < 2) {
		bench_plan_id(i - 1, one);
		snprintf(text, size, "%s", one);
	} else {
		bench_plan_id(i - 1, one);
		bench_plan_id(
		    first + scatter(i, SECOND) % (i - first - 1), two);
		snprintf(text, size, "%s, %s", two, one);
	}
}

static void
put_title(FILE *out, size_t i)
{
	fprintf(out, "%s %s %zu", verb[scatter(i, VERB) % COUNT(verb)],
	    thing[scatter(i, THING) % COUNT(thing)], i + 1);
}

static const struct word *
duration_of(size_t i)
{
	return &duration[scatter(i, TIME) % COUNT(duration)];
}

static void
put_task(const struct bench_plan *plan, FILE *out, size_t i)
{
	char id[24], needs[80];

	bench_plan_id(i, id);
	needs_of(plan, i, needs, sizeof(needs));
	fprintf(out, "#### Task %s : ", id);
	put_title(out, i);
	fprintf(out, "\n**Durée** : %s\n**Agent** : Agent %s\n",
	    duration_of(i)->text, agent[scatter(i, AGENT) % COUNT(agent)]);
	if (is_serial(i))
		fputs("**Parallélisable** : ❌ (accès DB)\n", out);
	else if (needs[0] != '-' && scatter(i, AFTER) % 2 == 0)
		fprintf(out, "**Parallélisable** : ✅ (dépend de %s)\n", needs);
	else
		fputs("**Parallélisable** : ✅\n", out);
	fprintf(out,
	    "\n**Fichier** : `src/m%zu.py`\n\n**Critères succès** :\n"
	    "- Tests verts\n\n",
	    i + 1);
}

static void
put_summary(const struct bench_plan *plan, FILE *out, size_t first, size_t end)
{
	char id[24], needs[80];
	int minutes = 0;

	fprintf(out,
	    "### Résumé Sprint %zu\n\n"
	    "| Task | Agent | Durée | Dépendances | Priorité |\n"
	    "|------|-------|-------|-------------|----------|\n",
	    first / BENCH_SPRINT + 1);
	for (size_t i = first; i < end; i++) {
		bench_plan_id(i, id);
		needs_of(plan, i, needs, sizeof(needs));
		fprintf(out, "| %s ", id);
		put_title(out, i);
		fprintf(out, " | %s | %s | %s | %s |\n",
		    agent[scatter(i, AGENT) % COUNT(agent)],
		    duration_of(i)->text, needs,
		    stars[scatter(i, STARS) % COUNT(stars)]);
		minutes += duration_of(i)->minutes;
	}
	fprintf(out, "\n**Total** : %dh%02d (séquentiel)\n\n---\n\n",
	    minutes / 60, minutes % 60);
}

size_t
bench_plan_write(const struct bench_plan *plan, const char *path)
{
	FILE *out = fopen(path, "we");
	long bytes;

	if (out == NULL)
		bench_die("cannot write %s: %s", path, strerror(errno));
	fprintf(out, "# Plan de mesure, %zu tâches\n\n", plan->tasks);
	for (size_t i = 0; i < plan->tasks; i += BENCH_SPRINT) {
		size_t end = i + BENCH_SPRINT;

		if (end > plan->tasks)
			end = plan->tasks;
		fprintf(out, "## Sprint %zu : Lot %zu\n\n### Tâches\n\n",
		    i / BENCH_SPRINT + 1, i / BENCH_SPRINT + 1);
		for (size_t k = i; k < end; k++)
			put_task(plan, out, k);
		put_summary(plan, out, i, end);
	}
	bytes = ftell(out); /* -1 on a pipe, where nobody asks */
	if (fclose(out) != 0)
		bench_die("cannot write %s: %s", path, strerror(errno));
	return bytes > 0 ? (size_t)bytes : 0;
}
