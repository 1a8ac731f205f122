/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MODEL_OUTPUT_H
#define KFRAG_MODEL_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/geometry_fit.h"

/* Whose caches a model of slabs was asked about. */
struct kfrag_model_run {
	const char *source; /* any bytes */
	const struct kfrag_geometry_fit *fit;
	const char *sysslab_from; /* where payloads are from; NULL: unknown */
};

/* A paragraph for people: source, caches, kernel, page size. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_model_write_head(FILE *out, const struct kfrag_model_run *run,
		       unsigned width);

/* As kfrag_json_write() and kfrag_gnuplot_write(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_model_write_json(FILE *out, const struct kfrag_model_run *run,
		       const struct kfrag_selection *selections,
		       size_t nr_selections);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_model_write_gnuplot(FILE *out, const struct kfrag_model_run *run,
			  const struct kfrag_selection *selections,
			  size_t nr_selections);

#endif
