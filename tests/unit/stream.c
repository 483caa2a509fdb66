/* stream: records in and out, lines that are none, writing before waiting, output that is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "json/stream.h"

static const char *const want[] = {"id", "plan"};
enum { ID, PLAN, WANTED };

/* What one run gave: records counted, output, messages and rejected lines. */
struct run {
	struct buf out, messages, rejects;
	struct err e;
	unsigned long records, lines;
	int rc;
};

#define RUN_INIT \
	{.out = BUF_INIT((size_t)1 << 30), .messages = BUF_INIT(1 << 20), .rejects = BUF_INIT((size_t)1 << 30)}

static void run_clear(struct run *r)
{
	buf_clear(&r->out);
	buf_clear(&r->messages);
	buf_clear(&r->rejects);
}

static int scratch(void)
{
	char name[] = "stream.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

static int file_with(struct str bytes)
{
	int fd = scratch();
	struct err e = ERR_INIT;

	assert_int_equal(file_write_all(fd, bytes, "scratch", &e), 0);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void read_back(int fd, struct buf *into)
{
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	do {
		char *at = buf_room(into, 65536);

		n = read(fd, at, 65536);
		assert_true(n >= 0);
		into->n += (size_t)n;
		at[n] = '\0';
	} while (n > 0);
	close(fd);
}

static int keep_reject(void *to, struct str line, const char *why, struct err *e)
{
	(void)why;
	(void)e;
	buf_putstr(to, line);
	return buf_putc(to, '|');
}

/* Standard error goes to a file of ours while the stream runs. */
static int catch_messages(int *was)
{
	int fd = scratch();

	*was = dup(2);
	dup2(fd, 2);
	return fd;
}

/* Passes every record on. */
static void pass_all(struct str input, struct run *run)
{
	int in = file_with(input), out = scratch(), was, messages = catch_messages(&was);
	struct stream s;
	struct record r;

	msg_init("test", MSG_NORMAL);
	stream_open(&s, in, "stdin", out, want, WANTED, keep_reject, &run->rejects);
	while ((run->rc = stream_next(&s, &r, &run->e)) > 0) {
		run->records++;
		assert_int_equal(stream_pass(&s, &r, &run->e), 0);
	}
	run->lines = s.number;
	stream_close(&s, &run->e);
	dup2(was, 2);
	close(was);
	close(in);
	read_back(out, &run->out);
	read_back(messages, &run->messages);
}

static void check_pass(struct str in, const char *out, unsigned long records, const char *messages)
{
	struct run run = RUN_INIT;

	pass_all(in, &run);
	assert_int_equal(run.rc, 0);
	assert_string_equal(buf_text(&run.out), out);
	assert_int_equal(run.records, records);
	assert_string_equal(buf_text(&run.messages), messages);
	assert_int_equal(run.e.kind, *messages ? ERR_DATA : ERR_NONE);
	run_clear(&run);
}

static void passes_bytes_as_they_came(void **state)
{
	(void)state;
	check_pass(STR(""), "", 0, "");
	check_pass(STR("\n \t\n\r\n"), "", 0, "");
	check_pass(STR("{\"kind\":\"x\"}\n"), "{\"kind\":\"x\"}\n", 1, "");
	check_pass(STR("{\"kind\":\"x\"}"), "{\"kind\":\"x\"}\n", 1, "");
	check_pass(STR(" { \"b\" : 1.50, \"kind\" : \"\\u0078\" } \r\n"), " { \"b\" : 1.50, \"kind\" : \"\\u0078\" } \r\n",
		1, "");
	check_pass(STR("{\"kind\":\"a\"}\n\n{\"kind\":\"b\"}"), "{\"kind\":\"a\"}\n{\"kind\":\"b\"}\n", 2, "");
	check_pass(STR("\xef\xbb\xbf{\"kind\":\"a\"}\n"), "{\"kind\":\"a\"}\n", 1, "");
}

static void names_what_is_no_record(void **state)
{
	static const struct {
		const char *line, *why;
	} cases[] = {
		{"[1]", "byte 1: not an object"},
		{"  nonsense", "byte 3: not a value"},
		{"{\"kind\":\"x\"", "byte 12: the text ends too early"},
		{"{\"kind\":\"x\"} {}", "byte 14: something follows the value"},
		{"{\"kind\":\"\xff\"}", "byte 10: not UTF-8"},
		{"{\"kind\":\"x\",\"kind\":\"y\"}", "byte 13: the same name twice in an object"},
		{"{\"kind\":\"x\",\"n\":1e999}", "byte 17: a number too large for a double"},
		{"\xef\xbb\xbf{\"kind\":\"x\"}", "byte 1: a byte order mark is not JSON"},
		{"{}", "a record without kind"},
		{"{\"kind\":null}", "its kind is not a text"},
		{"{\"kind\":{\"kind\":\"x\"}}", "its kind is not a text"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct run run = RUN_INIT;
		struct buf in = BUF_INIT(1000), told = BUF_INIT(1000), kept = BUF_INIT(1000);

		buf_putf(&in, "{\"kind\":\"a\"}\n%s\n{\"kind\":\"b\"}\n", cases[i].line);
		buf_putf(&told, "test: stdin:2: %s\n", cases[i].why);
		buf_putf(&kept, "%s|", cases[i].line);
		pass_all(buf_str(&in), &run);
		assert_string_equal(buf_text(&run.out), "{\"kind\":\"a\"}\n{\"kind\":\"b\"}\n");
		assert_string_equal(buf_text(&run.messages), buf_text(&told));
		assert_string_equal(buf_text(&run.rejects), buf_text(&kept));
		assert_int_equal(run.e.kind, ERR_DATA);
		assert_string_equal(run.e.text, "stdin: rejected 1 of 3 lines, the first was line 2");
		run_clear(&run);
		buf_clear(&in);
		buf_clear(&told);
		buf_clear(&kept);
	}
}

static void nul_bytes_are_kept_with_the_line(void **state)
{
	struct run run = RUN_INIT;

	(void)state;
	pass_all(STR("{\"kind\":\"a\0\"}\n\0\n{\"kind\":\"b\"}\n"), &run);
	assert_string_equal(buf_text(&run.out), "{\"kind\":\"b\"}\n");
	assert_true(str_eq(buf_str(&run.rejects), STR("{\"kind\":\"a\0\"}|\0|")));
	assert_string_equal(buf_text(&run.messages), "test: stdin:1: byte 11: control character in a string\n"
						     "test: stdin:2: byte 1: not a value\n");
	run_clear(&run);
}

/* A record line of exactly n bytes. */
static void put_long(struct buf *b, size_t n)
{
	static const char head[] = "{\"kind\":\"x\",\"text\":\"", tail[] = "\"}";
	size_t fill = n - (sizeof head - 1) - (sizeof tail - 1);
	char *at;

	buf_puts(b, head);
	at = buf_room(b, fill);
	memset(at, 'x', fill);
	b->n += fill;
	buf_puts(b, tail);
}

static void lines_have_a_limit(void **state)
{
	struct buf in = BUF_INIT((size_t)1 << 30);

	(void)state;
	for (size_t over = 0; over < 3; over++) {
		struct run run = RUN_INIT;
		size_t n = BUF_RECORD + (over == 2 ? BUF_RECORD : over);

		buf_reset(&in);
		put_long(&in, n);
		buf_puts(&in, "\n{\"kind\":\"b\"}");
		pass_all(buf_str(&in), &run);
		assert_int_equal(run.lines, 2);
		assert_int_equal(run.records, over ? 1 : 2);
		if (over) {
			assert_string_equal(buf_text(&run.messages),
				"test: stdin:1: longer than 16 MiB: the rest of the line is not kept\n");
			assert_int_equal(run.rejects.n, BUF_RECORD + 1);
			assert_memory_equal(run.rejects.p, in.p, BUF_RECORD);
			assert_string_equal(buf_text(&run.out), "{\"kind\":\"b\"}\n");
		}
		run_clear(&run);
	}
	/* One without any end. */
	{
		struct run run = RUN_INIT;

		buf_reset(&in);
		put_long(&in, 3 * BUF_RECORD);
		pass_all(buf_str(&in), &run);
		assert_int_equal(run.lines, 1);
		assert_int_equal(run.records, 0);
		assert_int_equal(run.rejects.n, BUF_RECORD + 1);
		run_clear(&run);
	}
	buf_clear(&in);
}

static void chunks_cut_lines_anywhere(void **state)
{
	struct buf in = BUF_INIT((size_t)1 << 30);
	struct run run = RUN_INIT;
	unsigned long lines = 0;

	(void)state;
	for (size_t n = 100; in.n < 3000000; n = n * 7 % 4099 + 30, lines++) {
		put_long(&in, lines % 500 == 499 ? 300000 : n);
		buf_putc(&in, '\n');
	}
	pass_all(buf_str(&in), &run);
	assert_int_equal(run.records, lines);
	assert_true(str_eq(buf_str(&in), buf_str(&run.out)));
	run_clear(&run);
	buf_clear(&in);
}

static void picks_members_and_kind(void **state)
{
	static const struct {
		const char *line;
		enum kind kind;
	} cases[] = {{"{\"kind\":\"signal\",\"id\":\"s\"}", KIND_SIGNAL},
		{"{\"id\":\"s\",\"kind\":\"observation\"}", KIND_OBSERVATION},
		{"{\"kind\":\"case\",\"plan\":{\"id\":2},\"id\":\"s\"}", KIND_CASE},
		{"{\"kind\":\"c\\u0061se\",\"id\":\"s\"}", KIND_CASE}, {"{\"kind\":\"cases\",\"id\":\"s\"}", KIND_OTHER},
		{"{\"kind\":\"\",\"id\":\"s\"}", KIND_OTHER}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int in = file_with(str_of(cases[i].line));
		struct stream s;
		struct record r;
		struct err e = ERR_INIT;
		json_t *tree, *id;

		stream_open(&s, in, "stdin", -1, want, WANTED, NULL, NULL);
		assert_int_equal(stream_next(&s, &r, &e), 1);
		assert_int_equal(r.kind, cases[i].kind);
		assert_int_equal(r.number, 1);
		assert_true(str_is(r.value[ID].raw, "\"s\""));
		assert_int_equal(r.value[PLAN].type, i == 2 ? SCAN_OBJECT : SCAN_NONE);
		tree = record_load(&r);
		id = scan_load(r.value[ID]);
		assert_true(json_equal(json_object_get(tree, "id"), id));
		assert_null(scan_load((struct scan_value){.type = SCAN_NONE}));
		json_decref(tree);
		json_decref(id);
		assert_int_equal(stream_next(&s, &r, &e), 0);
		assert_int_equal(stream_next(&s, &r, &e), 0);
		stream_close(&s, &e);
		close(in);
	}
}

static void adds_a_member(void **state)
{
	static const struct {
		const char *line, *out;
	} cases[] = {
		{"{\"kind\":\"case\"}", "{\"kind\":\"case\",\"plan\":{\"n\":91.3,\"m\":2.0}}\n"},
		{" {\"kind\":\"case\" , \"x\":{} }\r\n", "{\"kind\":\"case\" , \"x\":{},\"plan\":{\"n\":91.3,\"m\":2.0}}\n"},
	};
	json_t *value = json_pack("{s:f,s:f}", "n", 91.3, "m", 2.0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int in = file_with(str_of(cases[i].line)), out = scratch();
		struct buf text = BUF_INIT(1 << 20);
		struct stream s;
		struct record r;
		struct err e = ERR_INIT;

		stream_open(&s, in, "stdin", out, want, WANTED, NULL, NULL);
		assert_int_equal(stream_next(&s, &r, &e), 1);
		assert_int_equal(stream_put_with(&s, &r, "plan", value, &e), 0);
		assert_int_equal(stream_put(&s, value, &e), 0);
		assert_int_equal(stream_close(&s, &e), 0);
		read_back(out, &text);
		assert_true(str_starts(buf_str(&text), cases[i].out));
		assert_string_equal(buf_text(&text) + strlen(cases[i].out), "{\"n\":91.3,\"m\":2.0}\n");
		buf_clear(&text);
		close(in);
	}
	json_decref(value);
}

static void refuses_to_write_what_none_would_read(void **state)
{
	struct buf in = BUF_INIT((size_t)1 << 30), out = BUF_INIT((size_t)1 << 30);
	int fd_in, fd_out = scratch();
	json_t *value = json_string("0123456789");
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;

	(void)state;
	put_long(&in, BUF_RECORD);
	fd_in = file_with(buf_str(&in));
	stream_open(&s, fd_in, "stdin", fd_out, NULL, 0, NULL, NULL);
	assert_int_equal(stream_next(&s, &r, &e), 1);
	assert_int_equal(stream_put_with(&s, &r, "plan", value, &e), -1);
	assert_int_equal(e.kind, ERR_DATA);
	err_clear(&e);
	assert_int_equal(stream_put(&s, value, &e), 0);
	assert_int_equal(stream_close(&s, &e), 0);
	read_back(fd_out, &out);
	assert_string_equal(buf_text(&out), "\"0123456789\"\n");
	json_decref(value);
	buf_clear(&in);
	buf_clear(&out);
	close(fd_in);
}

/* A pipe that gets its next line only when the stream says that it waits. */
struct slow {
	int to, from_out;
	unsigned turn;
	struct stream *s;
};

static int next_turn(void *arg, struct err *e)
{
	static const char line[] = "{\"kind\":\"x\"}\n";
	struct slow *slow = arg;
	char seen[100];

	(void)e;
	/* All that was passed on so far has been written, but for what this turn is to flush. */
	if (slow->turn >= 2)
		assert_int_equal(read(slow->from_out, seen, sizeof seen), sizeof line - 1);
	if (slow->turn < 4)
		assert_int_equal(write(slow->to, line, sizeof line - 1), sizeof line - 1);
	if (slow->turn == 3)
		close(slow->to);
	slow->turn++;
	return 0;
}

static void writes_before_it_waits(void **state)
{
	int in[2], out[2];
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;
	struct slow slow = {.s = &s};
	unsigned records = 0;

	(void)state;
	assert_int_equal(pipe(in) | pipe(out), 0);
	slow.to = in[1];
	slow.from_out = out[0];
	stream_open(&s, in[0], "stdin", out[1], NULL, 0, NULL, NULL);
	s.on_idle = next_turn;
	s.idle_arg = &slow;
	while (stream_next(&s, &r, &e) > 0) {
		records++;
		assert_int_equal(stream_pass(&s, &r, &e), 0);
	}
	assert_int_equal(records, 4);
	assert_int_equal(slow.turn, 5); /* before each line, and at the end */
	assert_int_equal(stream_close(&s, &e), 0);
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

static void waits_where_input_does_not_block(void **state)
{
	int fd[2], status;
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;
	unsigned records = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 1000; i++)
			if (write(fd[1], "{\"kind\":\"x\"}\n", 13) != 13)
				_exit(1);
		_exit(0);
	}
	close(fd[1]);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	stream_open(&s, fd[0], "stdin", -1, NULL, 0, NULL, NULL);
	while (stream_next(&s, &r, &e) > 0)
		records++;
	assert_int_equal(records, 1000);
	assert_int_equal(stream_close(&s, &e), 0);
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void says_when_output_is_lost(void **state)
{
	int in = file_with(STR("{\"kind\":\"x\"}\n")), full = open("/dev/full", O_WRONLY);
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;

	(void)state;
	stream_open(&s, in, "stdin", full, NULL, 0, NULL, NULL);
	assert_int_equal(stream_next(&s, &r, &e), 1);
	assert_int_equal(stream_pass(&s, &r, &e), 0);
	assert_int_equal(stream_close(&s, &e), -1);
	assert_int_equal(e.kind, ERR_OUTPUT);
	assert_string_equal(e.text, "cannot write 'standard output': No space left on device");
	close(in);
	close(full);
}

static void says_when_input_cannot_be_read(void **state)
{
	int in = open(".", O_RDONLY);
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;

	(void)state;
	stream_open(&s, in, "stdin", -1, NULL, 0, NULL, NULL);
	assert_int_equal(stream_next(&s, &r, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_string_equal(e.text, "cannot read 'stdin': Is a directory");
	stream_close(&s, &e);
	close(in);
}

static int cannot_keep(void *to, struct str line, const char *why, struct err *e)
{
	(void)to;
	(void)line;
	(void)why;
	return err_set(e, ERR_OUTPUT, "no room");
}

static void stops_when_a_reject_cannot_be_kept(void **state)
{
	int in = file_with(STR("bad\n{\"kind\":\"x\"}\n")), was, messages = catch_messages(&was);
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;
	int rc;

	(void)state;
	stream_open(&s, in, "stdin", -1, NULL, 0, cannot_keep, NULL);
	rc = stream_next(&s, &r, &e);
	stream_close(&s, &e);
	dup2(was, 2);
	close(was);
	close(messages);
	close(in);
	assert_int_equal(rc, -1);
	assert_int_equal(e.kind, ERR_OUTPUT);
	assert_string_equal(e.text, "no room");
}

static void a_stage_can_reject(void **state)
{
	int in = file_with(STR("{\"kind\":\"x\"}\n")), was, messages = catch_messages(&was);
	struct stream s;
	struct record r;
	struct err e = ERR_INIT;
	struct buf told = BUF_INIT(1 << 20), kept = BUF_INIT(1000);

	(void)state;
	msg_init("test", MSG_NORMAL);
	stream_open(&s, in, "stdin", -1, NULL, 0, keep_reject, &kept);
	assert_int_equal(stream_next(&s, &r, &e), 1);
	assert_int_equal(stream_reject(&s, &r, &e, "signal without %s", "labels\x1b[2J"), 0);
	assert_int_equal(stream_next(&s, &r, &e), 0);
	stream_close(&s, &e);
	dup2(was, 2);
	close(was);
	close(in);
	read_back(messages, &told);
	assert_string_equal(buf_text(&told), "test: stdin:1: signal without labels\\x1b[2J\n");
	assert_string_equal(buf_text(&kept), "{\"kind\":\"x\"}|");
	assert_int_equal(e.kind, ERR_DATA);
	buf_clear(&told);
	buf_clear(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_bytes_as_they_came),
		cmocka_unit_test(names_what_is_no_record),
		cmocka_unit_test(nul_bytes_are_kept_with_the_line),
		cmocka_unit_test(lines_have_a_limit),
		cmocka_unit_test(chunks_cut_lines_anywhere),
		cmocka_unit_test(picks_members_and_kind),
		cmocka_unit_test(adds_a_member),
		cmocka_unit_test(refuses_to_write_what_none_would_read),
		cmocka_unit_test(writes_before_it_waits),
		cmocka_unit_test(waits_where_input_does_not_block),
		cmocka_unit_test(says_when_output_is_lost),
		cmocka_unit_test(says_when_input_cannot_be_read),
		cmocka_unit_test(stops_when_a_reject_cannot_be_kept),
		cmocka_unit_test(a_stage_can_reject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
