/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_CALENDAR_H
#define KFRAG_OUTPUT_CALENDAR_H

#include <stdint.h>

#define KFRAG_CALENDAR_SIZE 32

/*
 * Seconds since the epoch as a date for people, in UTC:
 * "2023-11-14 22:13:20"; beyond the year 9999 the seconds themselves.
 * Returns buf.
 */
const char *kfrag_calendar_text(uint64_t time, char buf[KFRAG_CALENDAR_SIZE]);

#endif
