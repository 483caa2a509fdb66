/*
 * bound: how good a success rate is for certain, after k successes in n tries.
 *
 * The exact one-sided lower confidence bound of a binomial proportion (C. J. Clopper and E. S.
 * Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial,
 * Biometrika 26 (1934) 404-413): the p at which k or more successes in n would come by luck with
 * probability 1 - confidence. A few successes in a row prove little, and this says how little:
 * 5 of 5 give 0.549, 19 of 19 give 0.854.
 */
#ifndef HL_DOC_BOUND_H
#define HL_DOC_BOUND_H

#include <stdint.h>

#define BOUND_CONFIDENCE 0.95

/* 0 when n is 0 or k is 0. Right to 1e-9, rounded down; n up to 1e9. Requires 0 <= k <= n. */
double bound_lower(int64_t k, int64_t n, double confidence);

/* The least n for which n of n gives at least `bound`: what is still to do, for messages. */
int64_t bound_needed(double bound, double confidence);

#endif
