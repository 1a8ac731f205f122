/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_VERSION_H
#define KFRAG_VERSION_H

#define KFRAG_VERSION "0.1.0"

#endif
