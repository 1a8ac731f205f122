# SPDX-License-Identifier: MIT
# kfrag: see README.md. `make deps run` and `make deps check` are all that a
# fresh Debian machine needs; `make help` names the rest.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
BUILD ?= build

CFLAGS ?= -O2 -g
INSTALL ?= install
PKG_CONFIG ?= pkg-config

# CFLAGS, CPPFLAGS and LDFLAGS are the user's; what the project needs is in
# KFRAG_... and comes before them.
KFRAG_CPPFLAGS = -D_XOPEN_SOURCE=700 -Iinclude -Isrc
KFRAG_WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	-Wwrite-strings -Wunreachable-code
KFRAG_CFLAGS = -std=c11 $(KFRAG_WARNINGS)
ifeq ($(DEVELOPER),1)
KFRAG_CFLAGS += -Werror
endif

# Asked when a recipe first needs them, not when this file is read: `deps`
# may have installed them in between. Once asked, the answer is kept.
lazily = $(eval $(1) := $(shell $(PKG_CONFIG) $(2) 2>/dev/null))$($(1))
LIB_CFLAGS = $(call lazily,LIB_CFLAGS,--cflags smartcols zlib liblzma)
SMARTCOLS_LIBS = $(call lazily,SMARTCOLS_LIBS,--libs smartcols)
UNPACK_LIBS = $(call lazily,UNPACK_LIBS,--libs zlib liblzma)
LIB_LIBS = $(SMARTCOLS_LIBS) -lcsv $(UNPACK_LIBS)
TEST_CFLAGS = $(call lazily,TEST_CFLAGS,--cflags check)
TEST_LIBS = $(call lazily,TEST_LIBS,--libs check)

# V=1 shows the whole commands.
ifeq ($(V),1)
say = @:
else
Q = @
say = @printf '  %-4s %s\n'
endif

COMPILE = $(CC) $(KFRAG_CPPFLAGS) $(CPPFLAGS) $(KFRAG_CFLAGS) $(CFLAGS)
LINK = $(CC) $(CFLAGS) $(LDFLAGS)

# ------------------------------------------------------------------ files

# The floors of the library, lowest first; src/cli stands on top of them.
LIB_FLOORS = base alloc geometry input replay output
LIB_SOURCES := $(sort $(wildcard $(LIB_FLOORS:%=src/%/*.c)))
CLI_SOURCES := $(sort $(wildcard src/cli/*.c))
UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c))
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SOURCES := $(sort $(wildcard tests/bench/bench_*.c))
BENCH_PARTS := $(filter-out $(BENCH_SOURCES),$(wildcard tests/bench/*.c))
HEADERS := $(sort $(wildcard include/kfrag/*.h))
MANUALS := $(sort $(wildcard man/*.1))
SUITES := $(filter-out main,$(patsubst tests/unit/check_%.c,%,\
	$(filter tests/unit/check_%.c,$(UNIT_SOURCES))))

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJECTS = $(call objects,$(LIB_SOURCES))
CLI_OBJECTS = $(call objects,$(CLI_SOURCES))
UNIT_OBJECTS = $(call objects,$(UNIT_SOURCES))
FUZZ_OBJECTS = $(call objects,$(FUZZ_SOURCES))
BENCH_OBJECTS = $(call objects,$(BENCH_SOURCES) $(BENCH_PARTS))
OBJECTS = $(LIB_OBJECTS) $(CLI_OBJECTS) $(UNIT_OBJECTS) $(FUZZ_OBJECTS) \
	$(BENCH_OBJECTS) $(FUZZ_MAIN)

LIBRARY = $(BUILD)/libkfrag.a
PROGRAM = $(BUILD)/kfrag
UNIT = $(BUILD)/tests/unit
FUZZERS = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SOURCES))
BENCHES = $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(BENCH_SOURCES))
# Gives a fuzz target its main(): a plain one, or -fsanitize=fuzzer.
FUZZ_MAIN = $(BUILD)/obj/tests/fuzz/replay_main.o
FUZZ_ENGINE =
# Lets host_fault.c refuse memory to the library.
UNIT_LDFLAGS = -Wl,--wrap=calloc -Wl,--wrap=realloc

# ------------------------------------------------------------------ build

all: $(PROGRAM) $(LIBRARY)

# With `deps` among the goals everything waits for it, under -j too.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
DEPS_FIRST = deps
endif

# A file that changes when its text does, so that other flags or a source
# added or removed rebuild what they touch.
quote = '$(subst ','\'',$(1))'
define write_if_changed
@mkdir -p $(@D)
@printf '%s\n' $(call quote,$(1)) >$@.new
@if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi
endef

$(BUILD)/flags: FORCE | $(DEPS_FIRST)
	@tests/scripts/need-libs.sh '$(PKG_CONFIG)' '$(CC)' $(CPPFLAGS)
	$(call write_if_changed,$(COMPILE) $(LIB_CFLAGS) : $(LDFLAGS))

$(BUILD)/sources: FORCE | $(DEPS_FIRST)
	$(call write_if_changed,$(LIB_SOURCES) $(CLI_SOURCES) $(UNIT_SOURCES))

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) $(LIB_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/tests/unit/%.o: tests/unit/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) -I$(BUILD)/tests $(LIB_CFLAGS) $(TEST_CFLAGS) \
		-MMD -MP -c -o $@ $<

$(LIBRARY): $(LIB_OBJECTS) $(BUILD)/sources
	@rm -f $@
	$(say) AR $@
	$(Q)$(AR) rcs $@ $(LIB_OBJECTS)

$(PROGRAM): $(CLI_OBJECTS) $(LIBRARY) $(BUILD)/sources
	$(say) LD $@
	$(Q)$(LINK) -o $@ $(CLI_OBJECTS) $(LIBRARY) $(LIB_LIBS) $(LDLIBS)

$(BUILD)/tests/suites.inc: FORCE | $(DEPS_FIRST)
	$(call write_if_changed,$(patsubst %,SUITE(%),$(SUITES)))

$(BUILD)/obj/tests/unit/check_main.o: $(BUILD)/tests/suites.inc

$(UNIT): $(UNIT_OBJECTS) $(LIBRARY) $(BUILD)/sources
	$(say) LD $@
	$(Q)$(LINK) $(UNIT_LDFLAGS) -o $@ $(UNIT_OBJECTS) $(LIBRARY) \
		$(TEST_LIBS) $(LIB_LIBS) $(LDLIBS)

$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_MAIN) $(LIBRARY)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(LINK) $(FUZZ_ENGINE) -o $@ $^ $(LIB_LIBS) $(LDLIBS)

$(BENCHES): $(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o \
		$(call objects,$(BENCH_PARTS)) $(LIBRARY)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(LINK) -o $@ $^ $(LIB_LIBS) $(LDLIBS)

-include $(OBJECTS:.o=.d)

# -------------------------------------------------------------------- use

RUN_PACKAGES = gcc libc6-dev make pkg-config libcsv-dev libsmartcols-dev \
	zlib1g-dev liblzma-dev
TEST_PACKAGES = check gnuplot-nox

# Goals that need no test packages; anything else, and `deps` alone, does.
NO_TEST_GOALS = deps all run install uninstall clean help bench bench-scale \
	bench-instructions bench-instructions-update
OTHER_GOALS = $(filter-out deps,$(MAKECMDGOALS))
ifeq ($(and $(OTHER_GOALS),$(if $(filter-out $(NO_TEST_GOALS),\
	$(OTHER_GOALS)),,no)),no)
DEPS_PACKAGES = $(RUN_PACKAGES)
else
DEPS_PACKAGES = $(RUN_PACKAGES) $(TEST_PACKAGES)
endif

deps:
	@tests/scripts/deps.sh $(DEPS_PACKAGES)

run: $(PROGRAM)
	@if cat /proc/slabinfo >/dev/null 2>&1; then \
		echo '$(PROGRAM) $(ARGS)'; $(PROGRAM) $(ARGS); \
	else \
		echo '/proc/slabinfo may not be read here; this is a bundled' \
			'capture. Your own: sudo cat /proc/slabinfo |' \
			'$(PROGRAM) -'; \
		$(PROGRAM) $(ARGS) data/linux-6.1-x86_64-freed.slabinfo; \
	fi

install: $(PROGRAM) $(LIBRARY)
	$(INSTALL) -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(LIBDIR)/pkgconfig' \
		'$(DESTDIR)$(INCLUDEDIR)/kfrag' '$(DESTDIR)$(MANDIR)/man1'
	$(INSTALL) -m 755 $(PROGRAM) '$(DESTDIR)$(BINDIR)/'
	$(INSTALL) -m 644 $(LIBRARY) '$(DESTDIR)$(LIBDIR)/'
	$(INSTALL) -m 644 $(HEADERS) '$(DESTDIR)$(INCLUDEDIR)/kfrag/'
	$(INSTALL) -m 644 $(MANUALS) '$(DESTDIR)$(MANDIR)/man1/'
	@tests/scripts/pkgconfig.sh '$(PREFIX)' '$(LIBDIR)' '$(INCLUDEDIR)' \
		>$(BUILD)/kfrag.pc
	$(INSTALL) -m 644 $(BUILD)/kfrag.pc \
		'$(DESTDIR)$(LIBDIR)/pkgconfig/kfrag.pc'

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/kfrag' '$(DESTDIR)$(LIBDIR)/libkfrag.a' \
		'$(DESTDIR)$(LIBDIR)/pkgconfig/kfrag.pc' \
		$(HEADERS:include/%='$(DESTDIR)$(INCLUDEDIR)/%') \
		$(MANUALS:man/%='$(DESTDIR)$(MANDIR)/man1/%')
	if [ -d '$(DESTDIR)$(INCLUDEDIR)/kfrag' ]; then \
		rmdir --ignore-fail-on-non-empty \
			'$(DESTDIR)$(INCLUDEDIR)/kfrag'; \
	fi

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#: //p' Makefile

# ------------------------------------------------------------------- test

#: make                     build $(BUILD)/kfrag and $(BUILD)/libkfrag.a
#: make deps                install what is missing, with apt-get
#: make run [ARGS=...]      report on this machine
#: make check               run every test
#: make unit                run the unit tests only (CK_RUN_SUITE=buddy)
#: make golden-update       rewrite the expected output of the golden cases
#: make check-corpus CORPUS=DIR   laws on any folder of captures
#: make reproduce          results of others, found again; data/reproduced.md
#: make fuzz [FUZZ_SECONDS=60]    libFuzzer on every target, needs clang
#: make bench [WORKLOADS='w1 w6']  time the allocators, and the program (w6, w7)
#: make bench-scale         what 10^4 ... 10^9 objects cost, a table
#: make bench-instructions  count instructions, compare with the baseline;
#:                          bench-instructions-update rewrites that
#: make figures             redraw data/figures, which README.md shows
#: make coverage            lines covered by make check, needs gcovr
#: make lint                clang-format, clang-tidy, cppcheck, mandoc,
#:                          shellcheck; lint-format ... for one of them
#: make format              let clang-format rewrite the sources
#: make install uninstall   PREFIX, DESTDIR, BINDIR, LIBDIR, ...
#: make clean
#: DEVELOPER=1 makes warnings errors; BUILD=dir builds elsewhere; V=1 shows commands.

# What the scripts want to know; $(MAKE) is for the test of `make install`.
SCRIPT_ENV = BUILD='$(BUILD)' CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' \
	NM='$(NM)' COMPILE=$(call quote,$(COMPILE) $(LIB_CFLAGS)) \
	LINK=$(call quote,$(LINK)) MAKE='$(MAKE)'
NM ?= nm

check: $(PROGRAM) $(LIBRARY) $(UNIT) $(FUZZERS) $(BENCHES)
	@$(SCRIPT_ENV) tests/scripts/check.sh

unit-program: $(UNIT)

unit: $(UNIT)
	@$(UNIT)

golden: $(PROGRAM)
	@$(SCRIPT_ENV) tests/golden/run.sh

golden-update: $(PROGRAM)
	@$(SCRIPT_ENV) tests/golden/run.sh --update

# Each is made by the command that README.md names.
figures: $(PROGRAM)
	@mkdir -p data/figures
	@PATH="$$(cd '$(BUILD)' && pwd):$$PATH" tests/scripts/figures.sh README.md

check-corpus: $(PROGRAM)
	@$(SCRIPT_ENV) tests/scripts/corpus.sh '$(CORPUS)'

bench: $(PROGRAM) $(BENCHES)
	@$(SCRIPT_ENV) tests/bench/bench.sh $(WORKLOADS)

bench-scale: $(PROGRAM) $(BENCHES)
	@$(SCRIPT_ENV) tests/bench/scale.sh

# Instructions depend on the compiler and its flags, so these are not the
# user's.
bench-instructions bench-instructions-update:
	+@$(MAKE) --no-print-directory BUILD='$(BUILD)/instructions' CC=gcc \
		CFLAGS='-O2 -g' CPPFLAGS= LDFLAGS= LDLIBS= counted-bench
	@BUILD='$(BUILD)/instructions' CC=gcc FLAGS='-O2 -g' \
		tests/bench/instructions.sh $(if $(findstring update,$@),--update)

counted-bench: $(BUILD)/bench/bench_instructions

FUZZ_SECONDS ?= 60
FUZZ_FLAGS = -O1 -g -fno-omit-frame-pointer \
	-fsanitize=address,undefined,fuzzer-no-link \
	-fno-sanitize-recover=undefined
fuzz:
	+@$(MAKE) --no-print-directory BUILD='$(BUILD)/libfuzzer' CC=clang \
		CFLAGS='$(FUZZ_FLAGS)' FUZZ_MAIN= \
		FUZZ_ENGINE=-fsanitize=fuzzer fuzzers
	@tests/scripts/fuzz.sh '$(BUILD)/libfuzzer' '$(FUZZ_SECONDS)'

# What others found, found again; a page holds the last output.
reproduce: $(PROGRAM)
	@tests/scripts/reproduce.sh '$(PROGRAM)' full data/reproduced.md

fuzzers: $(FUZZERS)

coverage:
	+@$(MAKE) --no-print-directory BUILD='$(BUILD)/coverage' \
		CFLAGS='-O0 -g --coverage -fprofile-update=atomic' coverage-run

coverage-run: $(PROGRAM) $(LIBRARY) $(UNIT) $(FUZZERS)
	@$(SCRIPT_ENV) tests/scripts/coverage.sh

lint: lint-format lint-tidy lint-cppcheck lint-man lint-shell
lint-format lint-tidy lint-cppcheck lint-man lint-shell:
	@$(SCRIPT_ENV) tests/scripts/lint.sh $(@:lint-%=%)

format:
	@tests/scripts/lint.sh reformat

FORCE:
.PHONY: all deps run install uninstall clean help check unit unit-program \
	golden golden-update figures check-corpus bench bench-scale bench-instructions \
	bench-instructions-update counted-bench fuzz fuzzers coverage coverage-run \
	reproduce lint lint-format lint-tidy lint-cppcheck lint-man lint-shell format FORCE
.DELETE_ON_ERROR:
