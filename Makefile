# taskctl - "make help" lists what you can ask for.
VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
BINDIR    = $(PREFIX)/bin
LIBDIR    = $(PREFIX)/lib
LIBEXECDIR = $(PREFIX)/libexec/taskctl
MANDIR    = $(PREFIX)/share/man
DATADIR   = $(PREFIX)/share
B        ?= build

Q        := $(if $(V),,@)
CC       ?= cc
CFLAGS   ?= -O2 -g
WARN     := -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual \
            -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla \
            -Wformat=2 -Wno-format-nonliteral -Wno-overlength-strings \
            -fno-common $(WERROR)
CPPFLAGS += -D_GNU_SOURCE -Iinclude -I$(B)/gen -Icmd/taskctl -DTCTL_VERSION='"$(VERSION)"' \
            -DTCTL_LIBEXECDIR='"$(LIBEXECDIR)"'

# What all programs link, statically where there is an archive: 0.5 ms less from
# exec to main.  md4c has none in Debian, and is loaded when it is needed.
PKGS     := sqlite3 json-c libbsd libutf8proc md4c
ifneq ($(filter-out help clean deps-% tidy format,$(or $(MAKECMDGOALS),all)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# taskctl-chart is built where its libraries are; taskctl does without it.
CHART_PKGS := cairo pangocairo libxml-2.0 libical libgvc
CHART    := $(shell pkg-config --exists $(CHART_PKGS) 2>/dev/null && \
            echo $(B)/taskctl-chart)
archive   = $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a))
library   = $(or $(call archive,$(1)),-l$(1))
LDLIBS   += $(call library,sqlite3) $(call library,json-c) \
            $(call library,bsd) $(call archive,md) \
            $(call library,utf8proc) -lm -ldl -lpthread
# Programs that are taskctl with one more library, by its package: built where
# it is; only taskctl-git must be.
WITH     := git=libgit2 notify=libcurl top=ncursesw serve=libmicrohttpd
name_of   = $(firstword $(subst =, ,$(1)))
lib_of    = $(lastword $(subst =, ,$(1)))
HELPERS  := $(sort git $(foreach one,$(WITH),$(shell pkg-config --exists \
            $(call lib_of,$(one)) 2>/dev/null && echo $(call name_of,$(one)))))
LEFT_OUT := $(filter-out $(HELPERS),$(foreach one,$(WITH),\
            $(call name_of,$(one))))
# Wholly static where all archives are there: a quarter of the start less.  It
# loads no library then; what needs one is done by a dynamic twin.  STATIC= on
# the command line, or a sanitizer: one dynamic program.
missing   = $(foreach one,$(1),$(if $(call archive,$(one)),,$(one)))
STATIC   ?= $(if $(strip $(findstring -fsanitize,$(CFLAGS)) $(call missing,\
            sqlite3 json-c bsd md utf8proc c m)),,-static)
TWIN     := $(if $(STATIC),$(B)/taskctl-dynamic)
endif
# Not position-independent: the tables of commands alone are 3,300 relocations
# at every start, a twentieth of a claim.
comma    := ,
LDFLAGS  += -Wl,--gc-sections -Wl,--as-needed -no-pie
ALL_CFLAGS = $(WARN) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) \
            -ffunction-sections -fdata-sections -MMD -MP

# The floors, low to high: a file may use its own and lower ones.
FLOORS   := base model graph schedule json plan,export store work call cmd

LIB_SRC  := $(wildcard lib/*/*.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/obj/%.o) $(B)/obj/gen/sql.o $(B)/obj/gen/page.o
STATIC_OBJ := $(B)/obj/cmd/taskctl/static.o
CMD_OBJ  := $(filter-out $(STATIC_OBJ),$(patsubst %.c,$(B)/obj/%.o,\
            $(wildcard cmd/taskctl/*.c))) $(B)/obj/gen/asset.o
CHART_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(wildcard cmd/taskctl-chart/*.c))
obj_of    = $(patsubst %.c,$(B)/obj/%.o,$(wildcard cmd/taskctl-$(1)/*.c))
HELPER_OBJ := $(foreach one,$(HELPERS),$(call obj_of,$(one)))
SQL      := $(sort $(wildcard lib/store/sql/*.sql lib/work/sql/*.sql))
MIGRATION := $(sort $(wildcard lib/store/sqlite/[0-9]*.sql))
ASSET    := $(sort $(wildcard cmd/taskctl/asset/*))
UNIT     := $(patsubst tests/unit/%.c,$(B)/%,$(wildcard tests/unit/test_*.c))
CLI      := $(sort $(wildcard tests/cli/*.bats))
STRESS   := $(sort $(wildcard tests/stress/*.bats))
HEADERS  := $(wildcard include/taskctl/*.h)
SOURCES   = $(LIB_SRC) $(wildcard cmd/*/*.c tests/*/*.c)

.PHONY: all no-chart help demo check check-readers unit commands cli truth stress \
        proofs torture lint san install uninstall man clean \
        format tidy deps-demo deps-check
.DELETE_ON_ERROR:

all: $(B)/taskctl $(HELPERS:%=$(B)/taskctl-%) \
     $(or $(CHART),no-chart) $(LEFT_OUT:%=no-%) man ## build the programs and the manual

no-chart:
	@echo "  --  taskctl-chart is not built (png, pdf, mspdi, ics): it needs"
	@echo "      $(CHART_PKGS); see make deps-demo"

no-%:
	@echo "  --  taskctl-$* is not built: it needs" \
	    "$(call lib_of,$(filter $*=%,$(WITH))); see make deps-demo"

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' \
	    $(MAKEFILE_LIST)

# --- building ---------------------------------------------------------

dynamic  := $(if $(STATIC),taskctl-dynamic,taskctl)
# nomem.c in malloc's place, for libraries that do not look whether they got any.
NOMEM    := $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc strdup \
            newlocale duplocale open_memstream)
form     := $(B)/obj/$(if $(STATIC),static,dynamic)

$(B)/$(dynamic): $(CMD_OBJ) $(B)/libtaskctl.a $(form)
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $(CMD_OBJ) $(B)/libtaskctl.a $(NOMEM) $(LDFLAGS) $(LDLIBS) -o $@

# Code and constants share their pages: fewer to map and to touch.  libc's calls of
# malloc are among those that nomem.c takes the place of: its streams will do.
ifneq ($(STATIC),)
STATIC_LINK := $(STATIC_OBJ) $(STATIC) \
            $(filter-out %open_memstream,$(NOMEM)) -Wl,-z,noseparate-code \
            -Wl,--wrap=dlopen
$(B)/taskctl: $(CMD_OBJ) $(STATIC_OBJ) $(B)/libtaskctl.a $(form) | $(TWIN)
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $(CMD_OBJ) $(B)/libtaskctl.a $(STATIC_LINK) \
	    $(LDFLAGS) $(LDLIBS) -o $@
endif

# Asked for in the other form, it is linked anew, and no old twin stays.
$(form):
	@mkdir -p $(@D)
	@rm -f $(B)/obj/static $(B)/obj/dynamic $(B)/taskctl-dynamic
	@touch $@

define helper
$(B)/taskctl-$(call name_of,$(1)): $(CMD_OBJ) $(call obj_of,$(call name_of,$(1))) \
    $(B)/libtaskctl.a
	@echo "  LD  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$^ $$(NOMEM) $$(LDFLAGS) $$(LDLIBS) \
	    $$$$(pkg-config --libs $(call lib_of,$(1))) -o $$@
endef
$(foreach one,$(WITH),$(eval $(call helper,$(one))))
# Its page is built in, and libmd has SHA-256.
$(B)/taskctl-serve: $(B)/obj/gen/serve_page.o
$(B)/taskctl-serve: LDLIBS += -lmd

$(B)/taskctl-chart: $(CHART_OBJ) $(B)/libtaskctl.a
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $(CHART_OBJ) $(B)/libtaskctl.a $(LDFLAGS) $(LDLIBS) \
	    $$(pkg-config --libs $(CHART_PKGS)) -o $@

$(CHART_OBJ): PKG_CFLAGS += $(shell pkg-config --cflags $(CHART_PKGS) 2>/dev/null)

# q, not r: two floors may each have a file of one name.
$(B)/libtaskctl.a: $(LIB_OBJ)
	@rm -f $@
	@echo "  AR  $@"
	$(Q)$(AR) qcs $@ $(LIB_OBJ)

$(B)/obj/%.o: %.c | $(B)/gen/sql.h
	@mkdir -p $(@D)
	@echo "  CC  $<"
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	@echo "  CC  $<"
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(B)/gen/sql.c $(B)/gen/sql.h &: lib/store/sql2c.awk $(SQL) $(MIGRATION)
	@mkdir -p $(B)/gen
	@awk -v header=$(B)/gen/sql.h -f $^ >$(B)/gen/sql.c

$(B)/gen/asset.c: cmd/taskctl/text2c.awk $(ASSET)
	@mkdir -p $(B)/gen
	@awk -f $^ >$@

$(B)/gen/page.c: lib/export/text2c.awk lib/export/page.css lib/export/page.js
	@mkdir -p $(B)/gen
	@awk -f $^ >$@

$(B)/obj/gen/page.o: CPPFLAGS += -Ilib/export

SERVE_ASSET := $(sort $(wildcard cmd/taskctl-serve/asset/*))
$(B)/gen/serve_page.c: lib/export/text2c.awk $(SERVE_ASSET)
	@mkdir -p $(B)/gen
	@awk -f $^ >$@

$(B)/obj/gen/serve_page.o: CPPFLAGS += -Icmd/taskctl-serve

$(B)/test_%: tests/unit/test_%.c $(B)/libtaskctl.a
	@echo "  LD  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $< $(B)/libtaskctl.a $(LDFLAGS) $(LDLIBS) \
	    -lcmocka -o $@

# What taskctl-top shows needs no terminal, and so neither does its test.
TOP_PURE := $(addprefix $(B)/obj/cmd/taskctl-top/,board.o keys.o list.o page.o \
            screen.o screen_head.o screen_list.o state.o views.o views_log.o)
$(B)/test_top: tests/unit/test_top.c $(TOP_PURE) \
    $(addprefix $(B)/obj/cmd/taskctl/,print.o print_forecast.o) \
    $(B)/libtaskctl.a
	@echo "  LD  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -lcmocka -o $@

$(B)/%: tests/unit/%.c $(B)/libtaskctl.a
	@echo "  LD  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $< $(B)/libtaskctl.a $(LDFLAGS) $(LDLIBS) -o $@

$(B)/%: tests/stress/%.c $(B)/libtaskctl.a
	@echo "  LD  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $< $(B)/libtaskctl.a $(LDFLAGS) $(LDLIBS) -o $@

man: $(B)/man/taskctl.1

$(B)/man/taskctl.1: $(B)/taskctl
	@rm -rf $(B)/man && mkdir -p $(B)/man
	@$(B)/taskctl help --man-pages $(B)/man

# The page is printed from the table of codes; a test looks that it is.
docs/LINT.md: lib/plan/lint_codes.c cmd/taskctl/lint_codes.c | $(B)/taskctl
	$(B)/taskctl lint --codes >$@

docs/DOCTOR.md: lib/work/doctor.c cmd/taskctl/doctor_codes.c | $(B)/taskctl
	$(B)/taskctl doctor --codes >$@

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d) $(HELPER_OBJ:.o=.d) \
         $(STATIC_OBJ:.o=.d) $(CHART_OBJ:.o=.d) $(UNIT:%=%.d)

# --- what a fresh Debian needs ------------------------------------------

BUILD_DEBS := libc6-dev pkg-config libsqlite3-dev libjson-c-dev libbsd-dev libmd-dev \
              libutf8proc-dev libmd4c-dev libgit2-dev libcairo2-dev \
              libpango1.0-dev libxml2-dev libical-dev libgraphviz-dev \
              libcurl4-openssl-dev libncurses-dev libmicrohttpd-dev
CHECK_DEBS := libcmocka-dev bats sqlite3 jq gojq mandoc perl zsh fish strace \
              faketime util-linux procps shellcheck libxml2-utils file \
              openssh-client tmux curl

deps-demo: ; @tests/deps.sh $(BUILD_DEBS)
deps-check: ; @tests/deps.sh $(BUILD_DEBS) $(CHECK_DEBS)

# --- running --------------------------------------------------------------

# As many jobs as there are cores, unless who called says how many.
CORES    := $(shell nproc)
JOBS      = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(CORES))

demo: deps-demo ## the main job on an example plan, in a temporary repository
	@$(MAKE) --no-print-directory $(JOBS) -s all
	@PATH="$(CURDIR)/$(B):$$PATH" docs/examples/demo.sh

check: deps-check ## everything a change must pass
	@$(MAKE) --no-print-directory $(JOBS) all lint $(UNIT) $(B)/truth WERROR=-Werror
	@$(MAKE) --no-print-directory unit commands truth proofs WERROR=-Werror

unit: $(UNIT) ## unit tests
	CMOCKA_MESSAGE_OUTPUT=TAP prove -f -j$(CORES) -e '' $(UNIT)

# Whatever was said, they do not run into each other.
ifneq ($(word 2,$(filter unit commands cli stress truth proofs,$(MAKECMDGOALS))),)
.NOTPARALLEL:
endif

# One more at a time than there are cores: some wait for the disk.  The longest
# begin first, and what measures runs alone.
LONG     := stress/race cli/work_commit stress/death cli/guard cli/sync cli/serve \
            stress/clock cli/top stress/chaos cli/commit cli/restore cli/reserve
BATS_LONG := $(LONG:%=tests/%.bats)
BATS_ALONE := tests/stress/fair.bats
in_order  = $(filter $(1),$(BATS_LONG)) $(filter-out $(BATS_LONG) $(BATS_ALONE),$(1))
bats      = LC_ALL=C.UTF-8 PATH="$(CURDIR)/$(B):$$PATH" \
            prove -fo -j$$(($(CORES) + 1)) -e 'bats --tap'

.PHONY: commands
commands: all ## cli and stress at once
	$(bats) $(call in_order,$(CLI) $(STRESS))
	$(bats) $(BATS_ALONE)

cli: all ## command tests, as a user would type them
	$(bats) $(call in_order,$(CLI))

stress: all ## races between real processes, and the dead and the paused
	$(bats) $(call in_order,$(STRESS))
	$(bats) $(BATS_ALONE)

# Each folder of tests/ that proves something has its rules beside it, and names
# in PROOFS the short form that is a part of every check (docs/TESTING.md).
PROOFS   :=
TORTURE  :=
include $(wildcard tests/*/rules.mk)

proofs: $(PROOFS) ## the short form of each proof of the lease protocol

torture: all ## the long forms: hours
	@$(MAKE) --no-print-directory $(TORTURE)

# Real plans with their hand-counted truth lie beside the repository, where
# they are; they are other people's, so they are not in it.
PLANS ?= ../shared/plans
truth: $(B)/truth ## real plans against what was counted in them by hand
	@if [ -d "$(PLANS)/truth" ]; then \
		tests/truth.sh "$(B)/truth" "$(PLANS)" && \
		tests/corpus.sh "$(B)/truth" "$(PLANS)/corpus"; \
	else echo "truth: no plans at $(PLANS), none compared"; fi

lint: $(B)/libtaskctl.a ## rules that the compiler cannot see
	@awk -v floors="$(FLOORS)" -f tests/lint/floors.awk $(HEADERS) \
	    $(wildcard lib/*/*.[ch] cmd/*/*.[ch])
	@nm -g --defined-only $(B)/libtaskctl.a | \
	    awk 'NF == 3 && $$3 !~ /^tctl_/ { print "lint: not tctl_: " $$3; \
	    bad = 1 } NF == 3 && seen[$$3]++ { print "lint: defined twice: " \
	    $$3; bad = 1 } END { exit bad }'
	@! grep -nE '\<(strcpy|strcat|sprintf|strtok|gmtime|localtime|alloca)\(' \
	    $(wildcard lib/*/*.[ch] cmd/*/*.[ch])
	@! for one in $(B)/taskctl $(TWIN); do ldd $$one 2>/dev/null; done | \
	    grep -E \
	    'libgit2|libcurl|libmicrohttpd|libncurses|libcairo|libpango|libxml2|libical|libgvc'
	@shellcheck docs/examples/demo.sh tests/deps.sh tests/truth.sh \
	    tests/corpus.sh tests/install/check.sh \
	    tests/readers/check.sh cmd/taskctl/asset/*.sh
	@for header in $(HEADERS); do $(CC) $(WARN) -Werror $(CPPFLAGS) \
	    -x c -fsyntax-only $$header || exit 1; done

SAN := B=build/san WERROR=-Werror CFLAGS='-O1 -g -fno-omit-frame-pointer \
       -fsanitize=address,undefined -fno-sanitize-recover=all'
# Leaks cannot be looked for under strace, which the stress tests use.
san: deps-check ## the tests again, with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory $(JOBS) $(SAN) all $(UNIT:$(B)/%=build/san/%)
	@ASAN_OPTIONS=verify_asan_link_order=0 \
	    $(MAKE) --no-print-directory $(SAN) unit cli fuzz-short
	@ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
	    $(MAKE) --no-print-directory $(SAN) stress

check-readers: ## checks by other programs that read what taskctl writes
	@$(MAKE) --no-print-directory all
	@tests/readers/check.sh "$(B)"

install: all ## install below PREFIX (DESTDIR in front)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBEXECDIR) \
	    $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/include/taskctl \
	    $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(DATADIR)/taskctl/examples \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d
	install -m 755 $(B)/taskctl $(DESTDIR)$(BINDIR)
	install -m 755 $(HELPERS:%=$(B)/taskctl-%) $(CHART) $(TWIN) $(DESTDIR)$(LIBEXECDIR)
	install -m 644 $(B)/libtaskctl.a $(DESTDIR)$(LIBDIR)
	install -m 644 $(HEADERS) $(DESTDIR)$(PREFIX)/include/taskctl
	install -m 644 $(B)/man/*.1 $(DESTDIR)$(MANDIR)/man1
	cp -R docs/examples/. $(DESTDIR)$(DATADIR)/taskctl/examples
	$(B)/taskctl completion bash \
	    >$(DESTDIR)$(DATADIR)/bash-completion/completions/taskctl
	$(B)/taskctl completion zsh \
	    >$(DESTDIR)$(DATADIR)/zsh/site-functions/_taskctl
	$(B)/taskctl completion fish \
	    >$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/taskctl.fish
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	    lib/taskctl.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/taskctl.pc

uninstall: ## take out what install put there
	rm -f $(DESTDIR)$(BINDIR)/taskctl $(DESTDIR)$(LIBDIR)/libtaskctl.a \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/taskctl.pc \
	    $(DESTDIR)$(MANDIR)/man1/taskctl.1 \
	    $(DESTDIR)$(MANDIR)/man1/taskctl-*.1 \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions/taskctl \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions/_taskctl \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/taskctl.fish
	rm -rf $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(PREFIX)/include/taskctl \
	    $(DESTDIR)$(DATADIR)/taskctl

format: ## let clang-format decide
	clang-format -i $(wildcard include/taskctl/*.h lib/*/*.[ch] \
	    cmd/*/*.[ch] tests/*/*.[ch])

clean: ## remove what was built
	rm -rf build

