# taskctl beside what else people use (docs/BENCHMARKS.md, "Peers").

# One by one: what cannot be had is named in the table, and left out.  Debian's
# services are not started; the servers measured are our own.
PEERS_DEBS := taskwarrior redis-server etcd-server etcd-client postgresql-15 \
              util-linux nodejs
PEERS_NPM := backlog.md@1.52.0 task-master-ai@0.43.1
PEERS_SHARED := spawn stats probe server scratch
PEERS_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/peers/*.c) \
            $(PEERS_SHARED:%=tests/bench/%.c))
PEERS    ?=
.PHONY: bench-peers

$(B)/bench-peers: $(PEERS_OBJ)
	$(CC) $(CFLAGS) $(PEERS_OBJ) $(LDFLAGS) -lm -o $@

-include $(PEERS_OBJ:.o=.d)

bench-peers: ## the same work by others, in turns; PEERS=--quick: in minutes
	@tests/deps.sh $(BUILD_DEBS) git
	@for one in $(PEERS_DEBS); do RUNLEVEL=1 tests/deps.sh $$one || true; done
	@command -v npm >/dev/null || tests/deps.sh npm || true
	@mkdir -p $(B)/peers && for one in $(PEERS_NPM); do \
	    [ -d $(B)/peers/node_modules/$${one%@*} ] || npm install \
	    --prefix $(B)/peers --no-audit --no-fund --loglevel error \
	    $$one >/dev/null || echo "no $$one"; done
	@$(MAKE) --no-print-directory -s $(B)/taskctl $(B)/bench-peers
	$(B)/bench-peers --programs $(B) --sources tests/peers \
	    --modules $(B)/peers/node_modules --markdown $(B)/peers.md $(PEERS)

# What was measured last, into the page, in place of what was there.
.PHONY: bench-peers-page
bench-peers-page: $(B)/peers.md
	@sed -i -e '/^<!-- peers -->$$/,/^<!-- \/peers -->$$/{//!d}' \
	    -e '/^<!-- peers -->$$/r $<' docs/BENCHMARKS.md
