/* estimate.c - what an unknown estimate is taken for: a median. */
#include <stdlib.h>

#include "estimate.h"
#include "taskctl/memory.h"

struct estimate {
	int64_t group;
	int64_t s;
};

static int
by_estimate(const void *a, const void *b)
{
	const struct estimate *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->s > y->s) - (x->s < y->s);
}

static int64_t
median(const struct estimate known[], size_t n)
{
	return n == 0 ? 0 : (known[(n - 1) / 2].s + known[n / 2].s) / 2;
}

/* The median of one group of the sorted estimates; -1: it has none. */
static int64_t
median_of(const struct estimate known[], size_t n, int64_t group)
{
	size_t low = 0, high = n, first;

	while (low < high) { /* the first that is not below the group */
		size_t middle = low + (high - low) / 2;

		if (known[middle].group < group)
			low = middle + 1;
		else
			high = middle;
	}
	for (first = low; high < n && known[high].group == group; high++)
		;
	return high == first ? -1 : median(known + first, high - first);
}

void
tctl_estimate_fill(int64_t weight_s[], const int64_t group[], size_t count)
{
	struct estimate *known = tctl_xcalloc(2 * count, sizeof(*known));
	struct estimate *all = known + count;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (weight_s[i] >= 0) {
			known[n] = (struct estimate){ group[i], weight_s[i] };
			all[n++] = (struct estimate){ 0, weight_s[i] };
		}
	if (n < count) { /* it is needed */
		qsort(known, n, sizeof(*known), by_estimate);
		qsort(all, n, sizeof(*all), by_estimate);
	}
	for (size_t i = 0; i < count; i++)
		if (weight_s[i] < 0) {
			weight_s[i] = median_of(known, n, group[i]);
			if (weight_s[i] < 0)
				weight_s[i] = median(all, n);
		}
	free(known);
}
