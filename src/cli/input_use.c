// SPDX-License-Identifier: MIT
#include "cli/input_use.h"

#include <inttypes.h>
#include <unistd.h>

#include "cli/cli.h"
#include "kfrag/workload.h"

bool cli_input_accepts(const struct shared_options *options,
		       const struct cli_input *input)
{
	cli_input_report_diags(input);
	return !options->strict || !cli_input_is_partly_bad(input);
}

uint64_t cli_input_page_size(const struct shared_options *options,
			     const struct cli_input *input)
{
	long live = input->is_live ? sysconf(_SC_PAGESIZE) : 0;

	if (options->page_size_bytes)
		return options->page_size_bytes;
	return live > 0 ? (uint64_t)live : 0;
}

static void report_left_out(void *context, const struct kfrag_record *record)
{
	const struct cli_input *input = context;

	cli_message("%s:%" PRIu64 ":1: row left out: %s", input->path,
		    record->line, kfrag_error_text(KFRAG_EOVERFLOW));
}

void cli_input_trim(struct cli_input *input, struct kfrag_snapshot *snapshot,
		    uint64_t page_size_bytes)
{
	kfrag_workload_trim(snapshot, page_size_bytes, report_left_out, input);
}

enum cli_exit cli_use_input(const char *path, bool verbose,
			    enum cli_exit (*use)(const void *options,
						 struct cli_input *input,
						 struct cli_phases *phases),
			    const void *options)
{
	struct cli_input input = { 0 };
	struct cli_phases phases;
	enum cli_exit status = CLI_TROUBLE;

	cli_phases_init(&phases, verbose);
	if (cli_input_read(&input, path, &phases))
		status = use(options, &input, &phases);
	cli_input_release(&input);
	cli_phases_end(&phases, "release");
	if (status != CLI_TROUBLE)
		cli_phases_report(&phases);
	return status;
}
