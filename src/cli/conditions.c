// SPDX-License-Identifier: MIT
#include "cli/conditions.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "output/fit.h"
#include "output/scratch.h"

static bool explain_no_memory(void)
{
	cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
	return false;
}

static bool explain_fault(const char *text,
			  const struct kfrag_condition_fault *fault)
{
	struct kfrag_scratch scratch = { 0 };
	const char *shown = kfrag_scratch_escape(&scratch, text, fault->offset);
	size_t width;

	if (!shown)
		return explain_no_memory();
	width = kfrag_fit_width(shown);
	shown = kfrag_scratch_escape(&scratch, text, strlen(text));
	if (shown)
		cli_usage_error("--fail-if: %s\n  %s\n  %*s", fault->message,
				shown, (int)width + 1, "^");
	kfrag_scratch_release(&scratch);
	return shown ? false : explain_no_memory();
}

bool cli_conditions_add(struct cli_conditions *conditions, const char *text,
			const struct kfrag_column_set *const *sets,
			size_t nr_sets)
{
	struct kfrag_condition_fault fault;
	struct kfrag_condition *list;
	enum kfrag_error error;

	list = realloc(conditions->list,
		       (conditions->nr_conditions + 1) * sizeof(*list));
	if (!list)
		return explain_no_memory();
	conditions->list = list;
	error = kfrag_condition_parse(&list[conditions->nr_conditions], text,
				      sets, nr_sets, &fault);
	if (error == KFRAG_EINVAL)
		return explain_fault(text, &fault);
	if (error)
		return explain_no_memory();
	conditions->nr_conditions++;
	return true;
}

void cli_conditions_release(struct cli_conditions *conditions)
{
	for (size_t i = 0; i < conditions->nr_conditions; i++)
		kfrag_condition_release(&conditions->list[i]);
	free(conditions->list);
	*conditions = (struct cli_conditions){ 0 };
}
