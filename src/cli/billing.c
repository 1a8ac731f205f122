// SPDX-License-Identifier: MIT
#include "cli/billing.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/input_use.h"

static bool say(enum kfrag_error error)
{
	if (error)
		cli_message("%s", kfrag_error_text(error));
	return error == KFRAG_OK;
}

/* The live file does not say which kernel it is of. */
static void complete_kernel(struct cli_billing *billing,
			    const struct cli_input *input,
			    struct kfrag_origin *origin)
{
	if (!input->is_live || origin->kernel || uname(&billing->uname) != 0)
		return;
	origin->kernel = billing->uname.release;
	origin->kernel_bytes = strlen(origin->kernel);
}

/* The fit names the records where they are, so they are trimmed before it. */
static bool fit_world(struct cli_billing *billing, struct cli_input *input,
		      struct kfrag_snapshot *snapshot, uint64_t page_size_bytes)
{
	struct kfrag_opt *stated = &snapshot->origin.page_size_bytes;
	size_t nr_records = snapshot->nr_records;

	if (page_size_bytes)
		*stated = kfrag_known(page_size_bytes);
	if (!stated->known) {
		if (!say(kfrag_geometry_fit_init(&billing->fit, snapshot)))
			return false;
		*stated = kfrag_known(billing->fit.world.page_size_bytes);
		cli_input_trim(input, snapshot, stated->value);
		if (snapshot->nr_records == nr_records)
			return true;
		kfrag_geometry_fit_release(&billing->fit);
	} else {
		cli_input_trim(input, snapshot, stated->value);
	}
	return say(kfrag_geometry_fit_init(&billing->fit, snapshot));
}

static const char *found_words(enum cli_found found)
{
	return found == CLI_FOUND_NOTHING ? NULL : cli_found_text(found);
}

bool cli_billing_make(struct cli_billing *billing, struct cli_input *input,
		      struct kfrag_snapshot *snapshot, uint64_t page_size_bytes,
		      const struct cli_companion_paths *paths, bool verbose)
{
	struct cli_companions *companions = &billing->companions;

	*billing = (struct cli_billing){ .run = { .bill = &billing->bill } };
	complete_kernel(billing, input, &snapshot->origin);
	if (!fit_world(billing, input, snapshot, page_size_bytes) ||
	    !cli_companions_read(companions, paths, input, snapshot, verbose) ||
	    !say(kfrag_bill_init(&billing->bill, snapshot, &billing->fit,
				 companions->sysslab, &companions->meminfo)))
		return false;
	billing->run.source = input->path;
	billing->run.meminfo_from = found_words(companions->meminfo_found);
	billing->run.sysslab_from = found_words(companions->sysslab_found);
	billing->run.meminfo_is_apart = companions->meminfo_found ==
					CLI_FOUND_MACHINE;
	return true;
}

void cli_billing_release(struct cli_billing *billing)
{
	kfrag_bill_release(&billing->bill);
	cli_companions_release(&billing->companions);
	kfrag_geometry_fit_release(&billing->fit);
	*billing = (struct cli_billing){ .run = { .bill = NULL } };
}
