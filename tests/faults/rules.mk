# Kill at every step, failing everything, power cut (docs/TESTING.md).
.PHONY: faults faults-short

FAULTS_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(filter-out tests/faults/alloc.c,\
             $(wildcard tests/faults/*.c)))
FAULTS    = PATH="$(CURDIR)/$(B):$$PATH" $(B)/faults
FAULTS_MEMORY = PATH="$(CURDIR)/$(B)/faults-bin:$(CURDIR)/$(B):$$PATH" \
            $(B)/faults memory

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

# The four that matter most at every step, all others at some.
faults-short: all $(B)/faults $(B)/faults-bin/taskctl
	@$(FAULTS) kill --only short
	@$(FAULTS) kill --except short,git --stride 29
	@$(FAULTS) fail --only short --stride 7
	@$(FAULTS) power --stride 19
	@$(FAULTS_MEMORY) --only short --stride 97

# With as many at once as have to wait: most of the time they wait for locks.
faults: all $(B)/faults $(B)/faults-bin/taskctl ## kill at every step, fail every call, cut the power: half an hour
	@$(FAULTS) kill --jobs 4
	@$(FAULTS) fail --jobs 4 --except git
	@$(FAULTS) power
	@$(FAULTS_MEMORY) --jobs 4 --except git --stride 17

# The runner changes registers, and knows those of one machine.
ifeq ($(shell uname -m),x86_64)
PROOFS   += faults-short
TORTURE  += faults
endif
