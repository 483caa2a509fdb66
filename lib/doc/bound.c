#include "doc/bound.h"

#include <math.h>

#define TERMS_MAX 100000 /* the fraction converges in about sqrt(n) */
#define EXACT     1e-15
#define TINY      1e-300

static double away_from_zero(double x)
{
	return fabs(x) < TINY ? TINY : x;
}

/*
 * The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method as
 * Thompson and Barnett have it; converges fast for x < (a + 1) / (a + b + 2).
 */
static double fraction(double a, double b, double x)
{
	double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), f = d;

	for (int m = 1; m < TERMS_MAX; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 / away_from_zero(1 + even * d);
		c = away_from_zero(1 + even / c);
		f *= c * d;
		d = 1 / away_from_zero(1 + odd * d);
		c = away_from_zero(1 + odd / c);
		step = c * d;
		f *= step;
		if (fabs(step - 1) < EXACT)
			break;
	}
	return f;
}

/* The regularised incomplete beta function I_x(a, b). */
static double beta(double a, double b, double x)
{
	double front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x);

	if (x < (a + 1) / (a + b + 2))
		return exp(front) * fraction(a, b, x) / a;
	return 1 - exp(front) * fraction(b, a, 1 - x) / b;
}

/* P(X >= k) of n tries that succeed with p each is I_p(k, n - k + 1). It grows with p. */
double bound_lower(int64_t k, int64_t n, double confidence)
{
	double low = 0, high = 1;

	if (n <= 0 || k <= 0)
		return 0;
	if (k >= n)
		return pow(1 - confidence, 1 / (double)n);
	for (int i = 0; i < 60; i++) {
		double p = (low + high) / 2;

		if (beta((double)k, (double)(n - k + 1), p) <= 1 - confidence)
			low = p;
		else
			high = p;
	}
	return low;
}

int64_t bound_needed(double bound, double confidence)
{
	int64_t n;

	if (bound <= 0)
		return 0;
	n = (int64_t)(log(1 - confidence) / log(bound));
	while (n > 1 && bound_lower(n - 1, n - 1, confidence) >= bound)
		n--;
	while (bound_lower(n, n, confidence) < bound)
		n++;
	return n;
}
