// SPDX-License-Identifier: MIT
/* What --help says of all subcommands alike, and --version. */
#include <stdio.h>

#include "cli/shared_options.h"
#include "kfrag/version.h"

void shared_options_print_sort_keys(const char *heading,
				    const struct kfrag_sort_key *keys,
				    size_t nr_keys)
{
	printf("\n%s:\n", heading);
	for (size_t i = 0; i < nr_keys; i++) {
		if (keys[i].letter)
			printf("  %c, ", keys[i].letter);
		else
			printf("     ");
		printf("%-20s %s\n", keys[i].word, keys[i].help);
	}
}

void shared_options_print_policies(void)
{
	const struct kfrag_slab_policy *const *policies = kfrag_slab_policies();

	puts("\nPolicies (the first is the default):");
	for (size_t i = 0; policies[i]; i++)
		printf("  %-23s %s\n", policies[i]->name, policies[i]->help);
}

void shared_options_print_columns(const struct kfrag_column_set *set,
				  int name_width)
{
	printf("\nColumns of --show %s:\n", set->name);
	for (size_t i = 0; i < set->nr_columns; i++)
		printf("  %-*s %s\n", name_width, set->columns[i].name,
		       set->columns[i].help);
}

bool shared_options_answer(const struct shared_options *options,
			   void (*help)(void))
{
	if (options->wants_help)
		help();
	else if (options->wants_version)
		puts("kfrag " KFRAG_VERSION);
	return options->wants_help || options->wants_version;
}
