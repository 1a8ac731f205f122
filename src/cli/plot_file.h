/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_PLOT_FILE_H
#define KFRAG_CLI_PLOT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Copies a picture from where its stream stands to a file, or for NULL to
 * stdout. A file is written under another name beside it and then renamed, so
 * that it is whole or as it was; a symbolic link stays one. What is no regular
 * file (a pipe, a terminal) is written as it is. Text loses what gnuplot puts
 * around it. Returns false after a sentence on stderr.
 */
bool plot_file_put(const char *path, FILE *picture, bool is_text);

/* The same of bytes as they are. */
bool plot_file_put_bytes(const char *path, const char *bytes, size_t nr_bytes);

#endif
