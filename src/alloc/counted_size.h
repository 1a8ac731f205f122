/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_COUNTED_SIZE_H
#define KFRAG_ALLOC_COUNTED_SIZE_H

/*
 * Bookkeeping is counted as 64-bit machines lay it out, pointers of 8 bytes,
 * so that the same input gives the same report on every word size.
 */
#define KFRAG_POINTER_BYTES 8

/* Gives a struct with pointers in it its counted size, checked where it is. */
#define KFRAG_COUNTED_SIZE(name, type, bytes)                                  \
	enum { name = (bytes) };                                               \
	_Static_assert(sizeof(void *) != KFRAG_POINTER_BYTES ||                \
			       sizeof(type) == (bytes),                        \
		       #name " is not the size of " #type)

#endif
