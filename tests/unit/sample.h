/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_SAMPLE_H
#define KFRAG_TESTS_SAMPLE_H

/*
 * Means of several runs of a random experiment. Squares are compared, so no
 * square root is needed.
 */
#include <check.h>

/* Scales all statistical tests: more is sharper, and takes longer. */
#define SAMPLE_EFFORT 1

static inline double sample_square(double x)
{
	return x * x;
}

/* Runs of one experiment. */
struct sample {
	double sum;
	double sum_of_squares;
	unsigned nr;
};

static inline void sample_add(struct sample *sample, double value)
{
	sample->sum += value;
	sample->sum_of_squares += sample_square(value);
	sample->nr++;
}

/* Of the mean, estimated from the runs themselves. */
static inline double sample_squared_error(const struct sample *sample)
{
	double mean = sample->sum / sample->nr;

	return (sample->sum_of_squares / sample->nr - sample_square(mean)) /
	       (sample->nr - 1);
}

/*
 * |mean - expected| < 4 standard errors, and these small enough (relative to
 * what is expected) for that to say something.
 */
static inline void sample_check_mean(const struct sample *sample,
				     double expected, double max_relative_error)
{
	double mean = sample->sum / sample->nr;
	double error2 = sample_squared_error(sample);

	ck_assert_msg(sample_square(mean - expected) < 16 * error2,
		      "mean of %u runs is %.5f, expected %.5f, squared "
		      "standard error %.3e",
		      sample->nr, mean, expected, error2);
	ck_assert_msg(error2 < sample_square(max_relative_error * expected),
		      "the runs differ too much: squared standard error %.3e "
		      "of a mean of %.5f",
		      error2, mean);
}

#endif
