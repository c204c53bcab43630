# tests/stress at length: each attack at every system call, each race for 2,000
# rounds.  The short form is "make stress".
.PHONY: stress-long
stress-long: ## the stress tests at length: half an hour
	@STRESS_ROUNDS=2000 $(MAKE) --no-print-directory stress

TORTURE  += stress-long
