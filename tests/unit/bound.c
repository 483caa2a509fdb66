#include "doc/bound.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/*
 * Made by another road: whole numbers in Python, tail(k, n, m) = sum of comb(n, i) m^i (M - m)^(n -
 * i) over i >= k with p = m / M and M = 2^44, and the largest m for which 20 tail <= M^n.
 */
static const struct {
	int64_t k, n;
	double lower;
} known[] = {
	{0, 0, 0.0},
	{0, 1, 0.0},
	{0, 10, 0.0},
	{1, 1, 0.050000000000},
	{1, 2, 0.025320565519},
	{1, 100, 0.000512801416},
	{4, 4, 0.472870804502},
	{5, 5, 0.549280271653},
	{9, 9, 0.716871164437},
	{9, 14, 0.390414867530},
	{19, 19, 0.854131496688},
	{19, 20, 0.783893835793},
	{22, 22, 0.872694568345},
	{59, 59, 0.950492390112},
	{58, 59, 0.922102078481},
	{95, 100, 0.897746622357},
	{50, 100, 0.413621714631},
	{99, 100, 0.953440188546},
	{1, 1000, 0.000051291979},
	{500, 1000, 0.473517731236},
	{999, 1000, 0.995265006424},
	{950, 1000, 0.937136596488},
	{1999, 2000, 0.997630286632},
};

static void as_computed_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		double got = bound_lower(known[i].k, known[i].n, BOUND_CONFIDENCE);

		if (fabs(got - known[i].lower) > 1e-9)
			fail_msg("%d of %d: %.12f, not %.12f", (int)known[i].k, (int)known[i].n,
				got, known[i].lower);
	}
}

/* Two sides of the ladder's rungs. */
static void rungs(void **state)
{
	static const struct {
		double bound;
		int needed;
	} cases[] = {{0.5, 5}, {0.7, 9}, {0.85, 19}, {0.95, 59}, {0.99, 299}, {0, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int n = cases[i].needed;

		assert_int_equal(bound_needed(cases[i].bound, BOUND_CONFIDENCE), n);
		assert_true(bound_lower(n, n, BOUND_CONFIDENCE) >= cases[i].bound);
		if (n)
			assert_true(bound_lower(n - 1, n - 1, BOUND_CONFIDENCE) < cases[i].bound);
	}
}

/* More successes never lower it, one more failure always does; large counts stay within. */
static void grows_and_falls(void **state)
{
	(void)state;
	for (int64_t n = 1; n <= 60; n++)
		for (int64_t k = 1; k <= n; k++) {
			double p = bound_lower(k, n, BOUND_CONFIDENCE);

			assert_true(p > bound_lower(k - 1, n, BOUND_CONFIDENCE));
			assert_true(p > bound_lower(k, n + 1, BOUND_CONFIDENCE));
			assert_true(p < (double)k / (double)n);
		}
	for (int64_t n = 1000; n <= 1000000000; n *= 10) {
		double p = bound_lower(n - n / 10, n, BOUND_CONFIDENCE);

		assert_true(p < 0.9 && p > 0.88);
		assert_true(p < bound_lower(n - n / 10 + n / 100, n, BOUND_CONFIDENCE));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_computed_exactly),
		cmocka_unit_test(rungs),
		cmocka_unit_test(grows_and_falls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
