# Kill at every step, failing everything, power cut (docs/TESTING.md).
.PHONY: faults faults-short

FAULTS_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(filter-out tests/faults/alloc.c,\
             $(wildcard tests/faults/*.c)))
FAULTS    = PATH="$(CURDIR)/$(B):$$PATH" $(B)/faults

$(B)/faults: $(FAULTS_OBJ)
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -o $@

# taskctl with an allocator in front whose Nth piece fails; and nothing else.
FAULTS_ALLOC := $(B)/obj/tests/faults/alloc.o
$(B)/faults-bin/taskctl: $(FAULTS_ALLOC) $(CMD_OBJ) $(B)/libtaskctl.a
	@echo "  LD  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(FAULTS_ALLOC) $(CMD_OBJ) $(B)/libtaskctl.a \
	    -Wl,--wrap=tctl_pool_use $(NOMEM) $(LDFLAGS) $(LDLIBS) -o $@

-include $(FAULTS_OBJ:.o=.d) $(FAULTS_ALLOC:.o=.d)

# Every step of the four that matter most, and some of all others.
faults-short: all $(B)/faults
	@$(FAULTS) kill --only short
	@$(FAULTS) kill --except short --stride 23
	@$(FAULTS) fail --only short --stride 5

faults: all $(B)/faults ## kill at every step, fail every call, cut the power: minutes
	@$(FAULTS) kill --jobs 4
	@$(FAULTS) fail --jobs 4

PROOFS   += faults-short
