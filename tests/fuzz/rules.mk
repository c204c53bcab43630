# Fuzzing: a file of tests/fuzz is a target, and corpus/TARGET what it is
# replayed with, beside what looking has found to reach more (found.tar.gz).
FUZZ     := $(filter-out replay $(if $(filter serve,$(HELPERS)),,http),\
            $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))
REPLAY   := $(FUZZ:%=$(B)/replay/%)
FUZZ_DEBS := clang libclang-rt-14-dev
FUZZ_B   := build/fuzz
FUZZ_S   ?= $(if $(FUZZ_RUNS),0,60)
# What steers by numbers compared, and weighs which input goes next by how rare
# what it reached is, took up to two thirds of the time; bytes that go free need
# not be kept for long where an input is gone in a millisecond.
FUZZ_MAKE = +@$(MAKE) --no-print-directory B=$(FUZZ_B) CC=clang WERROR= STATIC= \
            CFLAGS='-O2 -g -fno-omit-frame-pointer $\
            -fsanitize=fuzzer-no-link,address,undefined $\
            -fno-sanitize-coverage=trace-cmp $\
            -fno-sanitize-recover=all'
FUZZ_ENV = ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=2
# Inputs that lie elsewhere, words to put in, and how long new ones may be.
FUZZ_SEEDS_plan := tests/plans
FUZZ_SEEDS_write_back := tests/plans tests/fuzz/corpus/plan
FUZZ_DICT_plan := plan
FUZZ_DICT_write_back := plan
FUZZ_DICT_gantt := plan
FUZZ_LENGTH_call := 300
FUZZ_LENGTH_words := 300
FUZZ_LENGTH_chart := 1000
FUZZ_LENGTH_config := 1000
FUZZ_LENGTH_lock := 1000
FUZZ_LENGTH_plan := 1300
FUZZ_LENGTH_store := 32
FUZZ_LENGTH_write_back := 1000
FUZZ_LENGTH_pattern := 200
PROOFS   += fuzz-short
.PHONY: fuzz fuzz-short fuzz-build fuzz-keep $(FUZZ:%=fuzz-%) $(FUZZ:%=keep-%)

# Two targets are of the commands: taskctl's objects, with another main.
$(B)/obj/fuzz/main.o: $(B)/obj/cmd/taskctl/main.o
	@mkdir -p $(@D)
	@objcopy --redefine-sym main=taskctl_main $< $@

FUZZ_CMD := $(filter-out %/main.o %/nomem.o,$(CMD_OBJ)) $(B)/obj/fuzz/main.o
FUZZ_EXTRA_call := $(FUZZ_CMD)
FUZZ_EXTRA_http := $(FUZZ_CMD) $(filter-out %/call.o,$(call obj_of,serve)) \
            $(B)/obj/gen/serve_page.o
FUZZ_LIBS_http = -lmicrohttpd -lmd

define fuzz_target
$(B)/replay/$(1): $(B)/obj/tests/fuzz/$(1).o $(B)/obj/tests/fuzz/replay.o \
    $(FUZZ_EXTRA_$(1)) $(B)/libtaskctl.a
	@mkdir -p $$(@D)
	@echo "  LD  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$^ $$(LDFLAGS) $$(LDLIBS) \
	    $(FUZZ_LIBS_$(1)) -o $$@

$(B)/target/$(1): $(B)/obj/tests/fuzz/$(1).o $(FUZZ_EXTRA_$(1)) \
    $(B)/libtaskctl.a
	@mkdir -p $$(@D)
	@echo "  LD  $$@"
	$$(Q)$$(CC) $$(CFLAGS) -fsanitize=fuzzer $$^ $$(LDFLAGS) \
	    $$(LDLIBS) $(FUZZ_LIBS_$(1)) -o $$@
endef
$(foreach one,$(FUZZ),$(eval $(call fuzz_target,$(one))))

$(B)/kept: tests/fuzz/corpus/found.tar.gz
	@rm -rf $@ && mkdir -p $(FUZZ:%=$@/%) && tar -xzmf $< -C $@ && touch $@

# Each folder of inputs of a target, but the one that it finds others for.
fuzz_inputs = tests/fuzz/corpus/$(1) $(B)/kept/$(1) $(FUZZ_SEEDS_$(1))

fuzz-short: $(REPLAY) $(B)/kept ## every input that was ever of interest, once more
	@$(foreach one,$(FUZZ),$(B)/replay/$(one) $(call fuzz_inputs,$(one)) &&) \
	    echo "fuzz-short: $(words $(FUZZ)) targets: ok"

# What reaches more goes to build/fuzz/found, and with fuzz-keep into the archive;
# what fails to build/fuzz/TARGET-*: put it into the corpus with the mend.
fuzz: fuzz-build ## look for new ones: FUZZ_S=60 seconds a target, or FUZZ_RUNS
	@$(MAKE) --no-print-directory $(FUZZ:%=fuzz-%)

fuzz-build:
	@tests/deps.sh $(BUILD_DEBS) $(FUZZ_DEBS)
	$(FUZZ_MAKE) $(FUZZ:%=$(FUZZ_B)/target/%) $(FUZZ_B)/kept

fuzz_length = -max_len=$(or $(FUZZ_LENGTH_$*),4096)
$(FUZZ:%=fuzz-%): fuzz-%: | fuzz-build
	@mkdir -p $(FUZZ_B)/found/$*
	$(FUZZ_ENV) $(FUZZ_B)/target/$* -entropic=0 \
	    -max_total_time=$(FUZZ_S) -runs=$(or $(FUZZ_RUNS),-1) \
	    $(fuzz_length) -timeout=10 \
	    -artifact_prefix=$(FUZZ_B)/$*- \
	    -dict=tests/fuzz/dict/$(or $(FUZZ_DICT_$*),json).dict \
	    $(FUZZ_B)/found/$* $(subst $(B)/kept,$(FUZZ_B)/kept,$\
	    $(call fuzz_inputs,$*))

# One for each edge of the code: the least that reaches as much.
$(FUZZ:%=keep-%): keep-%: | fuzz-build
	@rm -rf $(FUZZ_B)/keep/$* && mkdir -p $(FUZZ_B)/keep/$* $(FUZZ_B)/found/$*
	$(FUZZ_ENV) $(FUZZ_B)/target/$* -merge=1 -use_counters=0 $(fuzz_length) \
	    $(FUZZ_B)/keep/$* $(FUZZ_B)/kept/$* $(FUZZ_B)/found/$* 2>/dev/null

fuzz-keep: $(FUZZ:%=keep-%) ## put into the archive what looking has found
	@tar -C $(FUZZ_B)/keep --sort=name --mtime=@0 --owner=0 --group=0 \
	    --numeric-owner -cf $(FUZZ_B)/found.tar $(FUZZ)
	@gzip -9n <$(FUZZ_B)/found.tar >tests/fuzz/corpus/found.tar.gz

-include $(patsubst %,$(B)/obj/tests/fuzz/%.d,replay $(FUZZ))
