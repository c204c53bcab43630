# How fast, beside others (docs/BENCHMARKS.md).

# Programs of their own: each one file, linked with the library.
BENCH_ALONE := floor past stg simulate
BENCH_OBJ := $(patsubst %.c,$(B)/obj/%.o,\
            $(filter-out $(BENCH_ALONE:%=tests/bench/%.c),\
             $(wildcard tests/bench/*.c)))
BENCH    ?=
.PHONY: bench bench-schedule bench-simulate

$(B)/bench: $(BENCH_OBJ)
	$(CC) $(CFLAGS) $(BENCH_OBJ) $(LDFLAGS) -lm -o $@

# Ordinary programs: a static SQLite, and the libc that everybody shares.
$(BENCH_ALONE:%=$(B)/%): $(B)/%: tests/bench/%.c $(B)/libtaskctl.a
	$(CC) $(ALL_CFLAGS) -Ilib/store $< $(B)/libtaskctl.a \
	    $(LDFLAGS) $(LDLIBS) -o $@

-include $(BENCH_OBJ:.o=.d) $(BENCH_ALONE:%=$(B)/%.d)

# With what it starts: the commands, the board and the server.
bench: ## measure, beside others; BENCH=--quick: in minutes, --check: judge
	@tests/deps.sh $(BUILD_DEBS) sqlite3 git
	@$(MAKE) --no-print-directory -s $(B)/taskctl \
	    $(patsubst %,$(B)/taskctl-%,git serve top) \
	    $(B)/bench $(B)/floor $(B)/past
	$(B)/bench --programs $(B) --sources tests/bench \
	    --json $(B)/bench.json $(BENCH)

# Task graphs with known optima lie beside the repository, where they are.
STG ?= ../shared/bench/stg
bench-schedule: $(B)/stg ## schedules against known optima; STG=FOLDER
	@if [ -f "$(STG)/optimum.csv" ]; then $(B)/stg "$(STG)"; \
	else echo "bench-schedule: no task graphs at $(STG)"; fi

bench-simulate: $(B)/simulate ## agents who ask for work, against FIFO
	@$(B)/simulate docs/examples/sprint.md $(wildcard tests/plans/*.md) \
	    $(wildcard $(PLANS)/001-*.md $(STG)/100/*.stg)
