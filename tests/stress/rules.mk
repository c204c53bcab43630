# tests/stress in full: each attack at every system call, each race in all its
# rounds.  The short form is "make stress".
.PHONY: stress-long
stress-long: ## the stress tests at full length
	@STRESS_ROUNDS=200 $(MAKE) --no-print-directory stress

TORTURE  += stress-long
