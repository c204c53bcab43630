# What real processes were answered, and whether it can be (docs/TESTING.md).
# TORTURE_S=600: so many seconds.  TORTURE_SEED=N: a run again, as far as the
# kernel lets it.
HISTORY  := $(B)/history/check $(B)/history/record
TORTURE_S ?= 60
ifndef TORTURE_SEED
TORTURE_SEED := $(shell date +%s)
endif
.PHONY: history history-short history-mutants

$(B)/history/check: $(addprefix tests/history/,check.c explain.c read.c world.c)
$(B)/history/record: tests/history/record.c tests/agents.h
$(HISTORY): tests/history/history.h
	@mkdir -p $(@D)
	@echo "  LD  $@"
	$(Q)$(CC) $(WARN) -D_GNU_SOURCE $(CFLAGS) $(filter %.c,$^) -o $@

run_history = PATH="$(CURDIR)/$(B):$$PATH" tests/history/run.sh \
            $(CURDIR)/$(B)/history/check $(CURDIR)/$(B)/history/record

PROOFS   += history-short
history-short: all $(HISTORY)
	@tests/history/planted.sh $(B)/history/check
	@$(run_history) 8 $(TORTURE_SEED)

TORTURE  += history history-mutants
history: all $(HISTORY) ## record what real processes are answered, and check that it can be
	@echo "history: $(TORTURE_S) s, TORTURE_SEED=$(TORTURE_SEED)"
	@$(run_history) $(TORTURE_S) $(TORTURE_SEED) 8

history_link = $(CC) $(CFLAGS) $(CMD_OBJ) %s $(B)/libtaskctl.a $(LDFLAGS) $(LDLIBS)
history-mutants: all $(HISTORY) ## histories of a broken taskctl must be found out
	@COMPILE='$(CC) $(ALL_CFLAGS)' LINK='$(history_link)' \
	    tests/history/mutants.sh $(B) $(CURDIR)/$(B)/history/check \
	    $(CURDIR)/$(B)/history/record
