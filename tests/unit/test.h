/* test.h - what every unit test includes: cmocka, and text written to a FILE.
 */
#ifndef TASKCTL_TEST_H
#define TASKCTL_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* A FILE whose text can be looked at: TEXT_OF(buf, f, prints to f) leaves it in
 * buf, a char * to be freed. */
#define TEXT_OF(buf, file, ...) \
	do { \
		size_t test_size; \
		FILE *file = open_memstream(&(buf), &test_size); \
		assert_non_null(file); \
		__VA_ARGS__; \
		fclose(file); \
	} while (0)

#endif
