# Thin aliases for scripts/: bare `make` lists them.
.PHONY: help setup demo test long lint bench fuzz
help:
	@echo "make setup | demo | test | long | lint | bench | fuzz   (each is scripts/NAME; long is scripts/test --long)"
setup demo test lint bench fuzz:
	@scripts/$@
long:
	@scripts/test --long
