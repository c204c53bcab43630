# Flipped bytes in a store: docs/TESTING.md.
FLIP_SEEDS ?= 1000
FLIP_FROM  ?= 1

.PHONY: flip flip-short

$(B)/flip: tests/flip/flip.c
	@echo "  LD  $@"
	$(Q)$(CC) $(WARN) -D_GNU_SOURCE $(CFLAGS) $< -o $@

flip: all $(B)/flip ## flip bytes of a store: right or refused; FLIP_SEEDS=N, FLIP_FROM=N
	@tests/flip/flip.sh $(B) $(FLIP_FROM) $(FLIP_SEEDS)

flip-short: all $(B)/flip
	@tests/flip/flip.sh $(B) 1 60
# The two that found something.
	@tests/flip/flip.sh $(B) 124 1
	@tests/flip/flip.sh $(B) 597 1

PROOFS += flip-short
TORTURE += flip
