/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_RELEASE_H
#define KFRAG_RELEASE_H

/*
 * A kernel's release as a number, larger for later ones; parts above 999 are
 * taken for 999.
 */
#define KFRAG_RELEASE(a, b, c) (((a)*1000u + (b)) * 1000u + (c))

/*
 * "6.1.0-18-amd64" is KFRAG_RELEASE(6, 1, 0), "6.12" KFRAG_RELEASE(6, 12, 0).
 * 0 for NULL, and where a text does not begin so.
 */
unsigned kfrag_release_parse(const char *text);

#endif
