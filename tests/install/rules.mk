# What make install puts where, and that make uninstall takes it out again.
.PHONY: install-short
PROOFS += install-short

install-short: all ## install into an empty folder, use it, take it out
	@MAKE="$(MAKE)" tests/install/check.sh "$(CURDIR)/$(B)/installed"
