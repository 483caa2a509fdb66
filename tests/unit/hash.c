/* hash: FNV-1a by its published vectors; the table; SHA-256 by those of FIPS 180 and the edges of its blocks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sha.h"

static void fnv_vectors(void **state)
{
	/* draft-eastlake-fnv, appendix C: FNV-1a, 64 bits */
	static const struct {
		struct str text;
		uint64_t hash;
	} cases[] = {{{"", 0}, UINT64_C(0xcbf29ce484222325)}, {{"a", 1}, UINT64_C(0xaf63dc4c8601ec8c)},
		{{"foobar", 6}, UINT64_C(0x85944171f73967e8)}, {{"b", 1}, UINT64_C(0xaf63df4c8601f1a5)},
		{{"hello", 5}, UINT64_C(0xa430d84680aabd0b)}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(hash_add(HASH_START, cases[i].text) == cases[i].hash);
	assert_true(hash_add(hash_add(HASH_START, STR("foo")), STR("bar")) == UINT64_C(0x85944171f73967e8));
	assert_true(hash_add_byte(HASH_START, 'a') == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_add_byte(HASH_START, 0xff) != hash_add_byte(HASH_START, 0x7f));
}

static void holds_many(void **state)
{
	struct table t = TABLE_INIT;

	(void)state;
	assert_int_equal(table_get(&t, 1), TABLE_NONE);
	assert_int_equal(table_get(&t, 0), TABLE_NONE);
	for (uint64_t i = 0; i < 100000; i++)
		table_put(&t, i * UINT64_C(0x9e3779b97f4a7c15), (uint32_t)i);
	for (uint64_t i = 0; i < 100000; i++)
		assert_int_equal(table_get(&t, i * UINT64_C(0x9e3779b97f4a7c15)), i);
	assert_int_equal(table_get(&t, 7), TABLE_NONE);
	/* Every entry takes at most 12 bytes at 7/8 of its room, twice that just after growing. */
	assert_true(t.cap * 12 <= 100000 * 12 * 2 * 8 / 7);
	table_put(&t, 0, 5);
	assert_int_equal(table_get(&t, 0), 5);
	table_put(&t, UINT64_C(0x9e3779b97f4a7c15), 77);
	assert_int_equal(table_get(&t, UINT64_C(0x9e3779b97f4a7c15)), 77);
	table_clear(&t);
	assert_int_equal(table_get(&t, 0), TABLE_NONE);
	table_put(&t, 3, 4);
	assert_int_equal(table_get(&t, 3), 4);
	table_clear(&t);
}

/* Keys that differ in their high or low half only do not pile up. */
static void keys_of_a_pattern(void **state)
{
	struct table t = TABLE_INIT;

	(void)state;
	for (uint64_t i = 1; i <= 20000; i++) {
		table_put(&t, i << 32, (uint32_t)i);
		table_put(&t, i, (uint32_t)i);
	}
	for (uint64_t i = 1; i <= 20000; i++) {
		assert_int_equal(table_get(&t, i << 32), i);
		assert_int_equal(table_get(&t, i), i);
	}
	table_clear(&t);
}

static void sha_vectors(void **state)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
			"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};
	char hex[SHA_HEX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(sha_hex(str_of(cases[i].text), hex), cases[i].hex);
	assert_string_equal(sha_hex(STR_NONE, hex), cases[0].hex);
}

/* n times 'a', around the ends of the padding and the block; computed with coreutils' sha256sum. */
static void sha_edges(void **state)
{
	static const struct {
		size_t n;
		const char *hex;
	} cases[] = {
		{1, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
		{55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
		{56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
		{57, "f13b2d724659eb3bf47f2dd6af1accc87b81f09f59f2b75e5c0bed6589dfe8c6"},
		{63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
		{64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
		{65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
		{119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"},
		{120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"},
		{128, "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e"},
		{1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
	};
	char *text = mem_new(1000000), hex[SHA_HEX];

	(void)state;
	memset(text, 'a', 1000000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(sha_hex((struct str){text, cases[i].n}, hex), cases[i].hex);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fnv_vectors),
		cmocka_unit_test(holds_many),
		cmocka_unit_test(keys_of_a_pattern),
		cmocka_unit_test(sha_vectors),
		cmocka_unit_test(sha_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
