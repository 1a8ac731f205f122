// SPDX-License-Identifier: MIT
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/contents.h"
#include "cli/tree.h"
#include "kfrag/capture.h"
#include "kfrag/csv_snapshot.h"

static void explain_open_error(const char *path, int error)
{
	cli_message("cannot open '%s': %s", path, strerror(error));
	if (strcmp(path, CLI_LIVE_PATH) != 0)
		return;
	if (error == EACCES || error == EPERM)
		cli_message("only root may read it; try: "
			    "sudo cat " CLI_LIVE_PATH " | kfrag -");
	else
		cli_message("this system shows no slab caches; "
			    "give kfrag a capture of one that does: "
			    "kfrag FILE");
}

static int open_folder(struct cli_input *input)
{
	const char *folder = input->path;
	int fd = cli_tree_open(folder, &input->own_path);

	if (fd < 0)
		return -1;
	input->path = input->own_path;
	cli_tree_read_machine(&input->machine, folder);
	return fd;
}

/* -1 after a sentence on stderr. */
static int open_input(struct cli_input *input)
{
	struct stat status;
	int fd;

	if (strcmp(input->path, "-") == 0)
		return STDIN_FILENO;
	fd = open(input->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		explain_open_error(input->path, errno);
		return -1;
	}
	if (fstat(fd, &status) != 0 || !S_ISDIR(status.st_mode))
		return fd;
	close(fd);
	return open_folder(input);
}

/* "its gzip data end too early at byte 123" */
static void describe_fault(char *out, size_t size, enum kfrag_packing packing,
			   const struct kfrag_unpack_fault *fault)
{
	snprintf(out, size, "its %s data %s at byte %" PRIu64,
		 kfrag_packing_text(packing),
		 kfrag_unpack_code_text(fault->code), fault->offset);
}

/* Why a text has no row; false always. */
static bool refuse_text(const struct cli_input *input,
			const struct cli_contents *text)
{
	const char *missing = NULL;
	char why[128];

	if (input->fault.code) {
		describe_fault(why, sizeof(why), input->packing, &input->fault);
		return cli_refuse(input->path, why);
	}
	if (text->nr_bytes == 0)
		return cli_refuse(input->path, "it is empty");
	if (kfrag_csv_snapshot_header(text->bytes, text->nr_bytes, &missing) ==
	    KFRAG_CSV_INCOMPLETE) {
		snprintf(why, sizeof(why), "it is CSV without the column %s",
			 missing);
		return cli_refuse(input->path, why);
	}
	if (input->recording.nr_cut_samples > 0)
		return cli_refuse(input->path, "each sample in it is cut off");
	return cli_refuse(input->path, "it holds no row of a cache");
}

/* What the folder states, where the text does not. */
static void complete_origin(struct kfrag_origin *origin,
			    const struct kfrag_machine *machine)
{
	if (!origin->page_size_bytes.known && machine->page_size_bytes)
		origin->page_size_bytes = kfrag_known(machine->page_size_bytes);
	if (!origin->memtotal_bytes.known && machine->memory_bytes)
		origin->memtotal_bytes = kfrag_known(machine->memory_bytes);
	if (!origin->kernel && machine->kernel[0]) {
		origin->kernel = machine->kernel;
		origin->kernel_bytes = strlen(machine->kernel);
	}
}

static bool parse(struct cli_input *input, const struct cli_contents *text)
{
	struct kfrag_recording *recording = &input->recording;
	enum kfrag_error error = KFRAG_EFORMAT;

	if (text->nr_bytes > 0)
		error = kfrag_capture_parse(recording, text->bytes,
					    text->nr_bytes);
	if (error == KFRAG_EFORMAT)
		return refuse_text(input, text);
	if (error) {
		cli_message("cannot read '%s': %s", input->path,
			    kfrag_error_text(error));
		return false;
	}
	for (size_t i = 0; i < recording->nr_snapshots; i++)
		complete_origin(&recording->snapshots[i].origin,
				&input->machine);
	return true;
}

bool cli_input_read(struct cli_input *input, const char *path,
		    struct cli_phases *phases)
{
	struct cli_contents text;
	bool ok;
	int fd;

	*input = (struct cli_input){ .path = path };
	fd = open_input(input);
	if (fd < 0) {
		cli_input_release(input);
		return false;
	}
	input->is_live = strcmp(input->path, CLI_LIVE_PATH) == 0;
	ok = cli_contents_read(&text, fd, input->path);
	if (fd != STDIN_FILENO)
		close(fd);
	cli_phases_end(phases, "reading");
	if (ok) {
		input->packing = text.packing;
		input->fault = text.fault;
		ok = parse(input, &text);
	}
	cli_contents_release(&text);
	if (!ok)
		cli_input_release(input);
	cli_phases_end(phases, "parsing");
	return ok;
}

void cli_input_release(struct cli_input *input)
{
	kfrag_recording_release(&input->recording);
	free(input->own_path);
	*input = (struct cli_input){ 0 };
}

static void report_fault(const struct cli_input *input)
{
	const char *outcome = "what comes before is used";
	char what[128];

	if (input->fault.code == KFRAG_UNPACK_DAMAGED)
		outcome = "what comes before is used and may be wrong";
	else if (input->fault.code == KFRAG_UNPACK_TRAILING)
		outcome = "that is not used";
	describe_fault(what, sizeof(what), input->packing, &input->fault);
	cli_message("%s: %s; %s", input->path, what, outcome);
}

void cli_input_report_diags(const struct cli_input *input)
{
	const struct kfrag_recording *recording = &input->recording;
	char message[256];

	for (size_t i = 0; i < recording->nr_diags; i++) {
		const struct kfrag_diag *diag = &recording->diags[i];

		cli_message("%s:%" PRIu64 ":%" PRIu32 ": %s", input->path,
			    diag->line, diag->column,
			    kfrag_diag_text(diag, message, sizeof(message)));
	}
	if (recording->nr_diags_dropped)
		cli_message("%s: %" PRIu64 " more lines like these",
			    input->path, recording->nr_diags_dropped);
	if (input->fault.code)
		report_fault(input);
}

bool cli_input_is_partly_bad(const struct cli_input *input)
{
	return input->recording.nr_lost_lines > 0 || input->fault.code;
}
