/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SYSSLAB_KEY_H
#define KFRAG_SYSSLAB_KEY_H

#include <stddef.h>

#include "kfrag/sysslab.h"

/* Sets what a "KEY=VALUE" says of an entry; passes over what it does not know. */
void kfrag_sysslab_key_read(struct kfrag_sysslab_entry *entry, const char *text,
			    size_t bytes);

/* Makes what keys of the moment set unknown. */
void kfrag_sysslab_key_forget_moment(struct kfrag_sysslab_entry *entry);

#endif
