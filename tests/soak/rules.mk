# The store under load: is it fair, does anybody wait for long, does anything
# grow, is anything lost?  docs/TESTING.md, "Fairness and load".

SOAK_S   ?= 600
SOAK_N   ?= 64
SOAK     := PATH="$(CURDIR)/$(B):$$PATH" nice -n 5 $(B)/soak

$(B)/soak: $(wildcard tests/soak/*.[ch])
	@echo "  LD  $@"
	$(Q)$(CC) $(WARN) $(CPPFLAGS) $(CFLAGS) $(filter %.c,$^) -lm -o $@

.PHONY: soak soak-short
soak: all $(B)/soak ## SOAK_N=64 processes for SOAK_S=600 seconds on one store
	$(SOAK) $(SOAK_S) $(SOAK_N)

soak-short: all $(B)/soak
	$(SOAK) 4 16

PROOFS   += soak-short
TORTURE  += soak
