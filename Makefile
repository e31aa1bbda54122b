# vouch: see README. Targets: all check check-all check-asan check-valgrind
# check-tsan lint demo fuzz bench bench-all coverage install uninstall dist clean.
# V=1 shows the commands.
# scripts/package makes a Debian package.
#
# A new tool is cmd/NAME/main.c, or main.sh if it only calls others, man/NAME.1
# and tests/NNNN-NAME-*.t; a new module is common/FOLDER/NAME.c. Neither needs a
# change here.

VERSION = 0.1.0
PREFIX = /usr/local
DESTDIR =
BASH_DIR = $(PREFIX)/share/bash-completion/completions
ZSH_DIR = $(PREFIX)/share/zsh/site-functions
FISH_DIR = $(PREFIX)/share/fish/vendor_completions.d
DOC_DIR = $(PREFIX)/share/doc/vouch
BUILD = build
CC = gcc

PKGS = gnutls gmp libidn2 libpsl popt jansson zlib expat
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla \
	-Wundef
CFLAGS = -O2 -g
HARDEN = -fstack-protector-strong -fPIE \
	$(if $(findstring _FORTIFY_SOURCE,$(CFLAGS)),,-D_FORTIFY_SOURCE=2)
SANITIZE =
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
# Files of more than 2 GiB and times after 2038, on 32 bits, too.
WIDE = -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WIDE) -DVERSION='"$(VERSION)"' $(WARN) \
	$(if $(SANITIZE),,$(HARDEN)) $(SANITIZE) $(CFLAGS) -pthread \
	-iquote common $(PKG_CFLAGS) -MMD -MP
LDFLAGS = $(if $(SANITIZE),,-pie -Wl,-z,relro,-z,now) -Wl,--as-needed
LDLIBS = $(PKG_LIBS) -lresolv

SHELL_TOOLS = $(patsubst cmd/%/main.sh,%,$(wildcard cmd/*/main.sh))
TOOLS = $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c)) $(SHELL_TOOLS)
BIN = $(TOOLS:%=$(BUILD)/bin/%)
SHELL_BIN = $(SHELL_TOOLS:%=$(BUILD)/bin/%)
LIB = $(BUILD)/libcommon.a
OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*/*.c))
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/unit/%.t,$(wildcard tests/unit/test_*.c))
HELPERS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/dnsd/*.c tests/helper/*.c \
	tests/bench/*.c))
FUZZERS = $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS = $(FUZZERS:%=$(BUILD)/replay/%)
SCRIPTS = $(sort $(wildcard tests/[0-9]*.t) $(wildcard tests/conformance/*.t))
FULL = $(sort $(wildcard tests/full/[0-9]*.t))
MAN = $(wildcard man/*.[1-8])
EXAMPLES = $(wildcard tests/data/readme/*)
COMPLETION = $(TOOLS:%=$(BUILD)/completion/bash/%) \
	$(TOOLS:%=$(BUILD)/completion/zsh/_%) \
	$(TOOLS:%=$(BUILD)/completion/fish/%.fish)

# What is missing is told before anything is compiled.
goals = $(or $(MAKECMDGOALS),all)
needs = $(if $(shell ($(1)) >/dev/null 2>&1 && echo yes),,$(error $(strip $(2))))
ifneq ($(filter-out clean uninstall dist,$(goals)),)
$(call needs,command -v $(CC) && pkg-config --exists $(PKGS),\
	$(CC) or one of $(PKGS) is missing: run scripts/setup)
endif
ifneq ($(filter check% coverage lint%,$(goals)),)
$(call needs,command -v prove && pkg-config --exists cmocka,\
	prove or cmocka is missing: run scripts/setup --tests)
endif

# say WORD: what a command makes, where V=1 does not show the command itself.
silent = $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
say = $(if $(filter 1,$(V)),,@$(if $(silent),,echo '$(1) $(@:$(BUILD)/%=%)' && ))

all: $(BIN) $(COMPLETION)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Made anew each time, so that no object of a renamed source stays.
$(LIB): $(OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(OBJ)

# A tool is linked from the objects of its folder and the library.
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/$(1)/*.c))

.SECONDEXPANSION:
$(filter-out $(SHELL_BIN),$(BIN)): $(BUILD)/bin/%: $$(call objects,$$*) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A script is told the version, which is in this file, and becomes one file: the
# lines ". FILE.sh" become that file of its folder.
$(SHELL_BIN): $(BUILD)/bin/%: cmd/%/main.sh $$(wildcard cmd/$$*/*.sh) Makefile
	@mkdir -p $(@D)
	$(call say,GEN)awk '/^# shellcheck source=/ { next } \
		/^\. / { \
			gsub(/.*\/|"/, ""); \
			file = "$(<D)/" $$0; \
			while ((getline <file) > 0) \
				print; \
			next \
		} \
		{ gsub(/@VERSION@/, "$(VERSION)"); print }' $< >$@ && chmod 755 $@

$(BUILD)/completion/bash/%: $(BUILD)/bin/% scripts/completion
	@mkdir -p $(@D)
	$(call say,GEN)scripts/completion bash $< >$@

$(BUILD)/completion/zsh/_%: $(BUILD)/bin/% scripts/completion
	@mkdir -p $(@D)
	$(call say,GEN)scripts/completion zsh $< >$@

$(BUILD)/completion/fish/%.fish: $(BUILD)/bin/% scripts/completion
	@mkdir -p $(@D)
	$(call say,GEN)scripts/completion fish $< >$@

$(BUILD)/unit/%.t: $(BUILD)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

$(HELPERS): $(BUILD)/%: $(BUILD)/%.o $(LIB)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# JOBS tests run at once, one more than there are processors, as some wait; tests
# and helpers find the build by BUILD. check is to be run before each commit;
# check-all also runs peers, faults, attacks, delivery and large inputs, and more
# rounds of generated messages.
JOBS = $(shell echo $$(($$(nproc) + 1)))
PROVE = LC_ALL=C RES_OPTIONS= GNUTLS_SYSTEM_PRIORITY_FILE=/dev/null \
	BUILD=$(abspath $(BUILD)) CMOCKA_MESSAGE_OUTPUT=TAP \
	prove -j$(JOBS) --exec ''

# Scripts with a line "# Slow: ..." run first, so that both processors end
# together.
slow = $(shell grep -l '^. Slow: ' $(1) </dev/null)
prove = @start=$$(date +%s); \
	$(PROVE) $(UNIT) $(call slow,$(1)) \
	    $(filter-out $(call slow,$(1)),$(1)); \
	status=$$?; echo "make $@: $$(($$(date +%s) - start)) s"; exit $$status

check: all $(UNIT) $(HELPERS) $(REPLAYS)
	$(call prove,$(SCRIPTS))

check-all: export VOUCH_FULL = yes
check-all: all $(UNIT) $(HELPERS) $(REPLAYS)
	$(call prove,$(FULL) $(SCRIPTS))

check-asan:
	@$(MAKE) --no-print-directory check-all BUILD=build-asan CC=clang \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	    SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

# Under the thread sanitizer: the unit tests and shell tests that start threads.
THREADED = $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_dns*.c))
THREADED_SCRIPTS = tests/0415-spf-dns.t tests/0700-resolver.t \
	tests/0705-resolver-rounds.t tests/0715-dns-limits.t
check-tsan: export VOUCH_FULL = yes
check-tsan:
	@$(MAKE) --no-print-directory run-threaded BUILD=build-tsan CC=clang \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer' SANITIZE='-fsanitize=thread'

run-threaded: all $(HELPERS) $(THREADED:%=$(BUILD)/unit/%.t)
	@TSAN_OPTIONS=exitcode=99:suppressions=$(abspath tests/tsan.supp) \
		$(PROVE) $(filter %.t,$^) $(THREADED_SCRIPTS)

# Under valgrind, which is slow: the unit tests, and some shell tests, which
# call the tools through a wrapper. If libc were to free all at exit, it would
# lose what a thread that still waits for a silent server shares with it.
VALGRIND_SCRIPTS = tests/0100-cli.t tests/0600-vbr-insert.t
VALGRIND = valgrind -q --error-exitcode=99 --leak-check=full \
	--show-leak-kinds=definite --errors-for-leak-kinds=definite \
	--child-silent-after-fork=yes --run-libc-freeres=no
check-valgrind: all $(UNIT)
	@mkdir -p $(BUILD)/valgrind
	@for tool in $(TOOLS); do \
		echo '#!/bin/sh' >$(BUILD)/valgrind/$$tool; \
		echo 'exec $(VALGRIND) $(abspath $(BUILD))/bin/'$$tool' "$$@"' \
			>>$(BUILD)/valgrind/$$tool; \
		chmod +x $(BUILD)/valgrind/$$tool; \
	done
	@LC_ALL=C CMOCKA_MESSAGE_OUTPUT=TAP \
		prove -j$(JOBS) --exec '$(VALGRIND)' $(UNIT)
	@LC_ALL=C BUILD=$(abspath $(BUILD)) \
		VOUCH_BIN=$(abspath $(BUILD))/valgrind \
		prove -j$(JOBS) --exec '' $(VALGRIND_SCRIPTS)

# Runs libFuzzer on each tests/fuzz/fuzz_*.c, starting from its corpus.
FUZZ_SECONDS = 10
fuzz:
	@for f in $(FUZZERS); do \
		$(MAKE) -s BUILD=build-fuzz CC=clang CFLAGS='-O1 -g' \
		    SANITIZE='-fsanitize=fuzzer-no-link,address,undefined' \
		    build-fuzz/fuzz/$$f && mkdir -p build-fuzz/corpus/$$f && \
		echo "== $$f" && build-fuzz/fuzz/$$f -verbosity=0 \
		    -print_final_stats=1 -max_len=8192 -timeout=10 \
		    -max_total_time=$(FUZZ_SECONDS) build-fuzz/corpus/$$f \
		    tests/fuzz/corpus/$$f || exit; \
	done

build-fuzz/fuzz/%: build-fuzz/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)

# fuzz_tool evaluates DMARC by the objects of dmarc-eval.
build-fuzz/fuzz/fuzz_tool $(BUILD)/replay/fuzz_tool: \
	$(filter-out %/main.o,$(call objects,dmarc-eval))

# The fuzzed functions with a main() that replays files, for make check.
$(BUILD)/replay/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)

# bench-all makes at least 15 rounds of each row.
bench-all: export BENCH_ROUNDS = 15
bench bench-all: all $(HELPERS)
	@BUILD=$(abspath $(BUILD)) tests/bench/run $(PARTS)

coverage:
	@$(MAKE) -s check-all BUILD=build-coverage \
	    CFLAGS='-O0 -g --coverage -fprofile-update=atomic'
	@scripts/coverage build-coverage

lint: all
	@BUILD=$(BUILD) scripts/lint

lint-objects: $(UNIT) $(HELPERS) $(REPLAYS)

demo: all
	@scripts/demo $(BUILD)/bin

clean:
	rm -rf build build-*

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin
	for page in $(MAN); do \
		dir=$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}; \
		install -d "$$dir" && install -m 644 "$$page" "$$dir" || exit; \
	done
	install -d $(addprefix $(DESTDIR),$(BASH_DIR) $(ZSH_DIR) $(FISH_DIR))
	install -m 644 $(TOOLS:%=$(BUILD)/completion/bash/%) \
		$(DESTDIR)$(BASH_DIR)
	install -m 644 $(TOOLS:%=$(BUILD)/completion/zsh/_%) \
		$(DESTDIR)$(ZSH_DIR)
	install -m 644 $(TOOLS:%=$(BUILD)/completion/fish/%.fish) \
		$(DESTDIR)$(FISH_DIR)
	install -d $(DESTDIR)$(DOC_DIR)/examples
	scripts/installed-readme $(DOC_DIR) >$(BUILD)/README
	install -m 644 $(BUILD)/README $(DESTDIR)$(DOC_DIR)
	install -m 644 $(EXAMPLES) $(DESTDIR)$(DOC_DIR)/examples

uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(PREFIX)/bin/%)
	for page in $(notdir $(MAN)); do \
		rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page; \
	done
	rm -f $(TOOLS:%=$(DESTDIR)$(BASH_DIR)/%) \
		$(TOOLS:%=$(DESTDIR)$(ZSH_DIR)/_%) \
		$(TOOLS:%=$(DESTDIR)$(FISH_DIR)/%.fish)
	rm -f $(DESTDIR)$(DOC_DIR)/README \
		$(addprefix $(DESTDIR)$(DOC_DIR)/examples/,$(notdir $(EXAMPLES)))
	for dir in $(DESTDIR)$(DOC_DIR)/examples $(DESTDIR)$(DOC_DIR); do \
		[ ! -d $$dir ] || rmdir --ignore-fail-on-non-empty $$dir; \
	done

dist:
	scripts/dist vouch-$(VERSION)

.PHONY: all check check-all check-asan check-valgrind check-tsan run-threaded \
	lint lint-objects fuzz bench bench-all coverage demo clean install \
	uninstall dist
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
