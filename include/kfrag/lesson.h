/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_LESSON_H
#define KFRAG_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"

/*
 * The scripts of `kfrag explain`: from text to steps. The language is
 * described in man/kfrag.1, EXPLAIN. What the steps do is in lesson_run.h.
 */
enum kfrag_lesson_verb {
	KFRAG_LESSON_MEMORY,
	KFRAG_LESSON_PAGE,
	KFRAG_LESSON_ALLOC,
	KFRAG_LESSON_FREE,
	KFRAG_LESSON_CACHE,
	KFRAG_LESSON_NEW,
	KFRAG_LESSON_DELETE,
	KFRAG_LESSON_SHOW,
	KFRAG_LESSON_SAY,
	KFRAG_LESSON_ASK,
	KFRAG_NR_LESSON_VERBS
};

/* What can be drawn, as bits of a mask. */
enum {
	KFRAG_LESSON_SHOW_MEMORY = 1,
	KFRAG_LESSON_SHOW_TREE = 2,
	KFRAG_LESSON_SHOW_FREELIST = 4,
	KFRAG_LESSON_SHOW_BITMAP = 8,
	KFRAG_LESSON_SHOW_SLABS = 16,
	KFRAG_LESSON_SHOW_ALL = 31
};

#define KFRAG_LESSON_NAME_BYTES 24 /* longest name, without its NUL */
#define KFRAG_LESSON_MAX_PAGES (UINT64_C(1) << 20)
#define KFRAG_LESSON_MAX_ORDER 20
#define KFRAG_LESSON_MAX_OBJS 100000 /* of one new or delete */
/* A memory has so many pages where a script does not say. */
#define KFRAG_LESSON_PAGES 64
#define KFRAG_LESSON_PAGE_BYTES 4096

/* A block that is allocated under a name, or a cache. */
struct kfrag_lesson_name {
	char text[KFRAG_LESSON_NAME_BYTES + 1]; /* printable ASCII */
	bool is_cache;
};

/* A piece of the script. */
struct kfrag_lesson_text {
	const char *text; /* not NUL-terminated */
	size_t nr_bytes;
};

struct kfrag_lesson_step {
	enum kfrag_lesson_verb verb;
	uint64_t line; /* from 1 */
	uint32_t column; /* in bytes, from 1 */
	/* Of the word that says what cannot be done: a name, a count, a slot. */
	uint32_t blame_column;
	struct kfrag_lesson_text source; /* the whole statement */
	size_t name; /* index of a name; alloc, free, cache, new, delete */
	uint64_t bytes; /* memory, page, alloc, cache */
	/* memory and page: both sizes that hold from here on. */
	uint64_t page_bytes;
	uint64_t memory_bytes;
	unsigned order; /* of the block that alloc wants, of a cache's slabs */
	uint64_t objs_per_slab; /* cache */
	uint64_t nr_objs; /* new, delete */
	bool has_slot; /* delete: this slot instead */
	uint64_t slot;
	unsigned show; /* show: a mask */
	struct kfrag_lesson_text text; /* say, ask */
	struct kfrag_lesson_text answer; /* ask */
};

struct kfrag_lesson {
	struct kfrag_lesson_step *steps; /* owned */
	size_t nr_steps;
	struct kfrag_lesson_name *names; /* owned */
	size_t nr_names;
	char *text; /* owned: the script */
};

/* Where in a script the mistake is, and what was expected there. */
struct kfrag_lesson_fault {
	uint64_t line; /* from 1 */
	uint32_t column; /* in bytes, from 1 */
	char message[160]; /* printable ASCII */
};

/*
 * Reads a script, which need not be NUL-terminated and is not kept. The first
 * step is a memory step or page step in any case: where the script has none,
 * one of 64 pages of 4 KiB is put before it, at line 0.
 * KFRAG_EINVAL fills in the fault, KFRAG_ENOMEM does not; both leave the lesson
 * empty. Otherwise it is the caller's to release.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_parse(struct kfrag_lesson *lesson, const char *text,
		   size_t nr_bytes, struct kfrag_lesson_fault *fault);
void kfrag_lesson_release(struct kfrag_lesson *lesson);

/*
 * The slabs that a cache gets whose script names no order: the smallest that
 * leave at most an eighth behind their last slot, of orders up to 3, or else
 * the smallest that hold an object. Above max_order: none does.
 */
unsigned kfrag_lesson_slab_order(uint64_t size_bytes, uint64_t page_bytes,
				 unsigned max_order);

/*
 * Whether an answer is right: words are compared regardless of case and
 * blanks, numbers with units by value ("16K", "16 KiB", "16384 bytes").
 */
bool kfrag_lesson_answer_is_right(const char *given, size_t nr_given_bytes,
				  struct kfrag_lesson_text answer);

#endif
