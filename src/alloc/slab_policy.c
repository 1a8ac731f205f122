// SPDX-License-Identifier: MIT
#include "kfrag/slab_policy.h"

#include <string.h>

#include "alloc/slab_policy_impl.h"

static const struct kfrag_slab_policy *const policies[] = {
	&kfrag_slab_policy_lowest,
	&kfrag_slab_policy_head,
	&kfrag_slab_policy_fullest,
	&kfrag_slab_policy_tail,
	&kfrag_slab_policy_emptiest,
	&kfrag_slab_policy_oldest,
	&kfrag_slab_policy_youngest,
	&kfrag_slab_policy_recent,
	&kfrag_slab_policy_random,
	&kfrag_slab_policy_best_of_2,
	&kfrag_slab_policy_best_of_4,
	&kfrag_slab_policy_best_of_8,
	NULL,
};

const struct kfrag_slab_policy *const *kfrag_slab_policies(void)
{
	return policies;
}

const struct kfrag_slab_policy *kfrag_slab_policy_find(const char *name)
{
	for (size_t i = 0; policies[i]; i++)
		if (strcmp(policies[i]->name, name) == 0)
			return policies[i];
	return NULL;
}
