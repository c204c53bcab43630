/* test_corpus.c - the fuzzer's corpus, without the fuzzer. */
#include <glob.h>

#include "../fuzz/plan.c"
#include "test.h"

static void
every_file_goes_through(void **unused)
{
	glob_t files;

	(void)unused;
	assert_int_equal(glob("tests/fuzz/corpus/*", 0, NULL, &files), 0);
	assert_true(files.gl_pathc > 5);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *file = fopen(files.gl_pathv[i], "rb");
		static uint8_t bytes[1 << 20];
		size_t size;

		assert_non_null(file);
		size = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
		LLVMFuzzerTestOneInput(bytes, size);
	}
	globfree(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_goes_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
