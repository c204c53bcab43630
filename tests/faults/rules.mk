# Kill at every step, failing everything, power cut (docs/TESTING.md).
.PHONY: faults faults-short

# What is linked into a taskctl, and not into the runner.
FAULTS_IN := $(addprefix tests/faults/,alloc.c shim.c shim_vfs.c)
FAULTS_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(filter-out $(FAULTS_IN),\
             $(wildcard tests/faults/*.c)))
FAULTS    = PATH="$(CURDIR)/$(B):$$PATH" $(B)/faults
FAULTS_MEMORY = PATH="$(CURDIR)/$(B)/faults-bin:$(CURDIR)/$(B):$$PATH" \
            $(B)/faults memory
FAULTS_SQLITE = PATH="$(CURDIR)/$(B)/faults-sqlite:$(CURDIR)/$(B):$$PATH" \
            $(B)/faults sqlite

$(B)/faults: $(FAULTS_OBJ)
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -o $@

# taskctl, and taskctl-git beside it, with an allocator in front whose Nth piece
# fails; and nothing else.
FAULTS_ALLOC := $(B)/obj/tests/faults/alloc.o
FAULTS_POOL := -Wl,--wrap=tctl_pool_use
$(B)/faults-bin/taskctl: $(FAULTS_ALLOC) $(CMD_OBJ) $(B)/libtaskctl.a
	@echo "  LD  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $^ $(FAULTS_POOL) $(NOMEM) $(LDFLAGS) $(LDLIBS) -o $@

$(B)/faults-bin/taskctl-git: $(FAULTS_ALLOC) $(CMD_OBJ) $(call obj_of,git) \
    $(B)/libtaskctl.a
	@echo "  LD  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $^ $(FAULTS_POOL) $(NOMEM) $(LDFLAGS) $(LDLIBS) \
	    $$(pkg-config --libs libgit2) -o $@

# taskctl, and taskctl-git beside it, with a shim around SQLite.
FAULTS_SHIM := $(B)/obj/tests/faults/shim.o $(B)/obj/tests/faults/shim_vfs.o
FAULTS_WRAP := $(patsubst %,-Wl$(comma)--wrap=sqlite3_%,open_v2 close prepare_v2 \
             step exec wal_checkpoint_v2 backup_step)
$(B)/faults-sqlite/taskctl: $(FAULTS_SHIM) $(CMD_OBJ) $(B)/libtaskctl.a
	@echo "  LD  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $^ $(FAULTS_WRAP) $(NOMEM) $(LDFLAGS) $(LDLIBS) -o $@

$(B)/faults-sqlite/taskctl-git: $(FAULTS_SHIM) $(CMD_OBJ) $(call obj_of,git) \
    $(B)/libtaskctl.a
	@echo "  LD  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $^ $(FAULTS_WRAP) $(NOMEM) $(LDFLAGS) $(LDLIBS) \
	    $$(pkg-config --libs libgit2) -o $@

-include $(FAULTS_OBJ:.o=.d) $(FAULTS_IN:%.c=$(B)/obj/%.d)

FAULTS_BUILT = $(B)/faults $(foreach one,faults-bin faults-sqlite,\
            $(addprefix $(B)/$(one)/,taskctl taskctl-git))

# The four that matter most at every step, all others at some.
faults-short: all $(FAULTS_BUILT)
	@$(FAULTS) kill --only short
	@$(FAULTS) kill --except short,git --stride 29
	@$(FAULTS) fail --only short --stride 7
	@$(FAULTS) power --stride 19
	@$(FAULTS) disk --stride 7 claim config init backup
	@$(FAULTS_MEMORY) --only short --stride 97
	@$(FAULTS_SQLITE) --only short --stride 29

# With as many at once as have to wait: most of the time they wait for locks.
faults: all $(FAULTS_BUILT) ## kill at every step, fail every call, cut the power: an hour
	@$(FAULTS) kill --jobs 4
	@$(FAULTS) kill --jobs 4 --stride 29 commit-head commit-recover sync-both
	@$(FAULTS) fail --jobs 4 --except git
	@$(FAULTS) fail --jobs 4 --only git --stride 7
	@$(FAULTS) power
	@$(FAULTS) disk --jobs 4
	@$(FAULTS_MEMORY) --jobs 4 --except git --stride 17
	@$(FAULTS_MEMORY) --jobs 4 --only git --stride 101
	@$(FAULTS_SQLITE) --jobs 4 --except git
	@$(FAULTS_SQLITE) --only git --stride 23

# The runner changes registers, and knows those of one machine.
ifeq ($(shell uname -m),x86_64)
PROOFS   += faults-short
TORTURE  += faults
endif
