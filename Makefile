# hl: build, test, install. GNU make, not recursive. A new file in cmd/, lib/, tests/ or man/ is
# picked up by the wildcards below; nothing here names one.
#
#	make demo     set up what is missing, build, and run the loop on a service that really fails
#	make check    set up what is missing, build, and run every test
#	make install  PREFIX=/usr/local DESTDIR=

PREFIX  ?= /usr/local
DESTDIR ?=
B       ?= build
CC      ?= cc
CFLAGS  ?= -O2 -g
JOBS    ?= 2

bindir  = $(PREFIX)/bin
datadir = $(PREFIX)/share/hl
mandir  = $(PREFIX)/share/man

# One place for libraries. --as-needed leaves each program with those it uses. The variables are
# expanded late: the packages may be installed by the deps step of this very run.
PACKAGES      = jansson libgit2 yaml-0.1 sqlite3 libpcre2-8 zlib readline libcurl libmicrohttpd
TEST_PACKAGES = cmocka
PKG           = $(shell pkg-config $(1) $(2))

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
       -Wpointer-arith -Wformat=2 -Wvla -Wundef -Wimplicit-fallthrough
ALL_CPPFLAGS = -U_XOPEN_SOURCE -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -DHL_DATA_DIR='"$(datadir)"' -Ilib -include lib/base/banned.h $(CPPFLAGS)
ALL_CFLAGS   = -std=c11 $(WARN) $(EXTRA) $(CFLAGS)
ALL_LDFLAGS  = -Wl,--as-needed -Wl,-z,relro -Wl,-z,now $(EXTRA) $(LDFLAGS)

LIB_C  := $(sort $(wildcard lib/*/*.c))
CMD_C  := $(sort $(wildcard cmd/*.c))
UNIT_C := $(sort $(wildcard tests/unit/*.c))
HELP_C := $(sort $(wildcard tests/helpers/*.c))
BENCH_C := $(sort $(wildcard tests/bench/*.c))
FUZZ_C := $(sort $(wildcard tests/fuzz/*.c))
LIB    := $(B)/libhl.a
CMDS   := $(CMD_C:cmd/%.c=$(B)/bin/%)
UNITS  := $(UNIT_C:tests/unit/%.c=$(B)/unit/%)
HELPERS := $(HELP_C:tests/helpers/%.c=$(B)/helpers/%)
BENCHES := $(BENCH_C:tests/bench/%.c=$(B)/bench/%)
FUZZERS := $(FUZZ_C:tests/fuzz/%.c=$(B)/fuzz/%)
OBJ     = $(1:%.c=$(B)/obj/%.o)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps check check-quick check-asan check-valgrind check-analyzer check-peers lint bench fuzz demo install uninstall clean format

all: $(CMDS)

# What is missing is installed once, then remembered by the stamp.
deps: $(B)/deps
$(B)/deps: deps.sh
	@mkdir -p $(@D)
	@sh deps.sh
	@touch $@

$(B)/obj/%.o: %.c | $(B)/deps
	@mkdir -p $(@D)
	$(CC) $(call PKG,--cflags,$(PACKAGES)) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(call OBJ,$(LIB_C))
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/bin/%: $(B)/obj/cmd/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(call PKG,--libs,$(PACKAGES)) -lm

$(B)/unit/%: $(B)/obj/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(call PKG,--libs,$(PACKAGES) $(TEST_PACKAGES)) -lm

$(B)/helpers/%: $(B)/obj/tests/helpers/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(call PKG,--libs,$(PACKAGES)) -lm

# A shared object that tests preload: it fails or kills at the nth system call.
$(B)/helpers/%.so: tests/helpers/preload/%.c $(wildcard tests/helpers/preload/*.h) | $(B)/deps
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -D_GNU_SOURCE -shared -fPIC -o $@ $< -ldl
PRELOADS := $(patsubst tests/helpers/preload/%.c,$(B)/helpers/%.so,$(wildcard tests/helpers/preload/*.c))

$(B)/bench/%: $(B)/obj/tests/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(call PKG,--libs,$(PACKAGES)) -lm

# libFuzzer needs clang; the library is built for it once, then each target runs for FUZZ_SECONDS. What it
# finds is left beside the corpus.
FUZZ_SECONDS ?= 20
FUZZ_FLAGS = -std=c11 -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined
$(B)/fuzz/obj/%.o: %.c | $(B)/deps
	@mkdir -p $(@D)
	clang $(call PKG,--cflags,$(PACKAGES)) $(ALL_CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
$(B)/fuzz/libhl.a: $(LIB_C:%.c=$(B)/fuzz/obj/%.o)
	@rm -f $@
	$(AR) rcs $@ $^
$(B)/fuzz/%: $(B)/fuzz/obj/tests/fuzz/%.o $(B)/fuzz/libhl.a
	clang $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(call PKG,--libs,$(PACKAGES)) -lm
fuzz: $(FUZZERS)
	@for f in $^; do n=$$(basename $$f); mkdir -p $(B)/corpus/$$n; echo "fuzz $$n"; \
		$$f -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 -artifact_prefix=$(B)/corpus/$$n- \
			$(B)/corpus/$$n $(wildcard tests/samples/*) || exit 1; done

# Tests: shell scripts that drive the tools, and unit tests; all speak TAP.
TESTS ?= $(sort $(wildcard tests/*.t)) $(UNITS)
RUN_TESTS = HL_BIN=$(abspath $(B)/bin) HL_HELPERS=$(abspath $(B)/helpers) HL_TOP=$(CURDIR) CMOCKA_MESSAGE_OUTPUT=TAP \
	prove -j$(JOBS) -e sh\ tests/run.sh $(TESTS)

check: all $(UNITS) $(HELPERS) $(PRELOADS) lint
	$(RUN_TESTS)

check-quick: all $(UNITS) $(HELPERS) $(PRELOADS)
	$(RUN_TESTS)

# The same tests again with the compiler's sanitizers, in a build of their own.
check-asan:
	$(MAKE) B=$(B)/asan CFLAGS='-O1 -g -fno-omit-frame-pointer' EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=undefined' \
		HL_SANITIZE=1 check-quick

# The unit tests, and every program of the two tests that go through the whole loop.
check-valgrind: all $(UNITS)
	HL_NO_JIT=1 HL_VALGRIND=1 $(RUN_TESTS)
check-valgrind: TESTS = tests/loop.t tests/records.t $(UNITS)

check-analyzer:
	$(MAKE) B=$(B)/analyzer CFLAGS='-O1 -g -fanalyzer -Werror' all

check-peers: all
	HL_BIN=$(abspath $(B)/bin) HL_TOP=$(CURDIR) prove -v -e sh\ tests/run.sh $(sort $(wildcard tests/peers/*.t))

lint: all
	@HL_BIN=$(abspath $(B)/bin) HL_TOP=$(CURDIR) prove -e sh $(sort $(wildcard tests/lint/*.t))

bench: all $(BENCHES)
	@HL_BIN=$(abspath $(B)/bin) HL_BENCH=$(abspath $(B)/bench) HL_TOP=$(CURDIR) sh tests/bench/run.sh $(BENCH)

demo: all
	@$(B)/bin/hl demo --yes

format:
	clang-format -i $(wildcard lib/*/*.[ch] cmd/*.c tests/*/*.c)

install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(datadir)/toolsets $(DESTDIR)$(datadir)/goals $(DESTDIR)$(datadir)/scrub $(DESTDIR)$(datadir)/routes $(DESTDIR)$(datadir)/workflows $(DESTDIR)$(datadir)/schemas \
		$(DESTDIR)$(datadir)/systemd $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man7 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $(CMDS) $(DESTDIR)$(bindir)
	install -m 644 $(wildcard toolsets/*.yaml) $(DESTDIR)$(datadir)/toolsets
	install -m 644 $(wildcard goals/*.md) $(DESTDIR)$(datadir)/goals
	install -m 644 $(wildcard scrub/*.yaml) $(DESTDIR)$(datadir)/scrub
	install -m 644 $(wildcard routes/*.yaml) $(DESTDIR)$(datadir)/routes
	install -m 644 $(wildcard workflows/*.yaml) $(DESTDIR)$(datadir)/workflows
	install -m 644 $(wildcard schemas/*.json) $(DESTDIR)$(datadir)/schemas
	install -m 644 $(wildcard systemd/*) $(DESTDIR)$(datadir)/systemd
	for f in $$(find init demo -type f); do install -D -m 644 $$f $(DESTDIR)$(datadir)/$$f; done
	install -m 644 $(wildcard man/*.1) $(DESTDIR)$(mandir)/man1
	install -m 644 $(wildcard man/*.5) $(DESTDIR)$(mandir)/man5
	install -m 644 $(wildcard man/*.7) $(DESTDIR)$(mandir)/man7
	install -m 644 completions/hl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/hl
	for c in $(notdir $(CMDS)); do [ $$c = hl ] || ln -sf hl $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$c; done
	install -m 644 completions/_hl $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_hl
	install -m 644 completions/hl.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/hl.fish
	for c in $(notdir $(CMDS)); do [ $$c = hl ] || ln -sf hl.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$$c.fish; done

uninstall:
	for c in $(notdir $(CMDS)); do rm -f $(DESTDIR)$(bindir)/$$c \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$c $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$$c.fish; done
	rm -f $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_hl $(addprefix $(DESTDIR)$(mandir)/man1/,$(notdir $(wildcard man/*.1))) \
		$(addprefix $(DESTDIR)$(mandir)/man5/,$(notdir $(wildcard man/*.5))) $(addprefix $(DESTDIR)$(mandir)/man7/,$(notdir $(wildcard man/*.7)))
	rm -rf $(DESTDIR)$(datadir)

clean:
	rm -rf $(B)

-include $(shell find $(B)/obj $(B)/fuzz/obj -name '*.d' 2>/dev/null)
