/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_APART_H
#define KFRAG_ALLOC_APART_H

/*
 * For what a frequent, short function hands over to when there is more to do:
 * kept apart, it does not cost the short way its registers. What is rare as
 * well may be slow.
 */
#define KFRAG_APART __attribute__((noinline))
#define KFRAG_RARE __attribute__((noinline, cold))

#endif
