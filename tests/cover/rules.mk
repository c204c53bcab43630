# Coverage of lib/ by the unit and command tests and the corpora of the fuzzer:
# the least covered file first, and what is to be expected of all.
COVER_B  := build/cover
COVER_LINES ?= 95
COVER_BRANCHES ?= 85
COVER_MAKE = $(MAKE) --no-print-directory -k B=$(COVER_B) \
            CFLAGS='-O0 -g --coverage'
COVER_FIND = find $(COVER_B)/obj/lib -name '*.gcda' | sort | xargs gcov -bct
.PHONY: cover cover-run cover-list

cover: cover-run ## which lines and branches of lib/ the tests reach (15 min)
	@$(COVER_FIND) 2>/dev/null | awk -v least_lines=$(COVER_LINES) \
	    -v least_branches=$(COVER_BRANCHES) -f tests/cover/cover.awk

# What fails here fails in make check too; timings do not hold at -O0.
cover-run: deps-check
	+@$(COVER_MAKE) all
	@find $(COVER_B) -name '*.gcda' -delete
	+-@$(COVER_MAKE) unit cli fuzz-short

cover-list: ## after make cover: what they do not reach, line by line
	@$(COVER_FIND) 2>/dev/null | awk -v list=1 -f tests/cover/cover.awk
