// SPDX-License-Identifier: MIT
/*
 * kfrag [report]: one capture, replayed and reported.
 */
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/phases.h"
#include "cli/report_options.h"
#include "kfrag/csv.h"
#include "kfrag/gnuplot.h"
#include "kfrag/json.h"
#include "kfrag/table.h"
#include "kfrag/units.h"
#include "kfrag/version.h"
#include "kfrag/workload.h"

#define DEFAULT_WIDTH 80
#define DEFAULT_LINES 20

/* NULL after a sentence on stderr. */
static struct kfrag_snapshot *
choose_sample(const struct report_options *options, struct cli_input *input)
{
	size_t nr_samples = input->recording.nr_snapshots;

	if (options->sample > nr_samples) {
		cli_message("%s: no sample %" PRIu64 ": it holds %zu",
			    input->path, options->sample, nr_samples);
		return NULL;
	}
	if (options->sample)
		return &input->recording.snapshots[options->sample - 1];
	if (nr_samples > 1)
		cli_message("%s: %zu samples, the last one is reported; "
			    "--sample K picks another",
			    input->path, nr_samples);
	return &input->recording.snapshots[nr_samples - 1];
}

static uint64_t choose_page_size(const struct report_options *options,
				 const struct cli_input *input,
				 const struct kfrag_snapshot *snapshot)
{
	long live = input->is_live ? sysconf(_SC_PAGESIZE) : 0;

	if (options->page_size_bytes)
		return options->page_size_bytes;
	if (snapshot->page_size_bytes)
		return snapshot->page_size_bytes;
	if (live > 0)
		return (uint64_t)live;
	return kfrag_snapshot_page_size(snapshot);
}

/* Rows that cannot come from a machine with this page size. */
static void report_misfits(const struct cli_input *input,
			   const struct kfrag_snapshot *snapshot,
			   uint64_t page_size_bytes)
{
	char size[KFRAG_UNITS_SIZE];

	kfrag_units_bytes(page_size_bytes, size);
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];

		if (kfrag_record_fits(record, page_size_bytes))
			continue;
		cli_message("%s:%" PRIu64 ":1: pages of %s contradict this "
			    "row: objsize %" PRIu64 ", objperslab %" PRIu64
			    ", pagesperslab %" PRIu64
			    "; replayed with as many objects as fit",
			    input->path, record->line, size, record->size_bytes,
			    record->objs_per_slab, record->pages_per_slab);
	}
}

static void report_left_out(void *context, const struct kfrag_record *record)
{
	const struct cli_input *input = context;

	cli_message("%s:%" PRIu64 ":1: row left out: %s", input->path,
		    record->line, kfrag_error_text(KFRAG_EOVERFLOW));
}

static bool explain_replay_error(const struct kfrag_replay_params *params,
				 enum kfrag_error error)
{
	if (error == KFRAG_EINVAL)
		cli_usage_error("--memory wants whole pages of %" PRIu64
				" bytes, at most 2^40 of them",
				params->page_size_bytes);
	else if (error == KFRAG_ERANGE)
		cli_message("the population is too large to replay object by "
			    "object, and --memory too small to hold it");
	else
		cli_message("cannot replay: %s", kfrag_error_text(error));
	return false;
}

/* Replays; rows whose figures would not fit 64 bits are named and left out. */
static bool make_report(struct kfrag_report *report, struct cli_input *input,
			struct kfrag_snapshot *snapshot,
			const struct kfrag_replay_params *params)
{
	enum kfrag_error error;
	size_t offender;

	kfrag_workload_trim(snapshot, params->page_size_bytes, report_left_out,
			    input);
	error = kfrag_report_create(report, snapshot, params, &offender);
	return !error || explain_replay_error(params, error);
}

static bool select_columns(struct kfrag_selection *selection, const char *list)
{
	size_t offset;

	switch (kfrag_selection_set_columns(selection, list, &offset)) {
	case KFRAG_OK:
		return true;
	case KFRAG_EINVAL:
		cli_usage_error("--columns: no column '%.*s' in table %s",
				(int)strcspn(list + offset, ","), list + offset,
				kfrag_table_text(selection->kind));
		return false;
	default:
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
}

/* How the caches are to be ordered; false: as in the file. */
static bool choose_order(const struct report_options *options,
			 struct kfrag_sort_key *key)
{
	/* People want the worst first; programs the file's own order. */
	bool worst_first = options->format == REPORT_TABLE || options->reverse;

	if (options->has_sort) {
		*key = options->sort;
		return true;
	}
	return worst_first && kfrag_sort_key_find("waste", key);
}

static enum kfrag_error order_caches(struct kfrag_selection *selection,
				     const struct report_options *options)
{
	struct kfrag_sort_key key;

	if (!choose_order(options, &key))
		return KFRAG_OK;
	if (options->reverse)
		return kfrag_selection_sort_reverse(selection, &key);
	return kfrag_selection_sort(selection, &key);
}

static enum kfrag_error match_caches(struct kfrag_selection *selection,
				     const struct report_options *options)
{
	if (options->nr_patterns == 0)
		return KFRAG_OK;
	/*
	 * So that '?' stands for a character, not for a byte. Nothing else
	 * depends on the locale, and to load one takes files.
	 */
	setlocale(LC_CTYPE, "C.UTF-8");
	return kfrag_selection_match(selection, options->patterns,
				     options->nr_patterns);
}

/* One table with the rows and columns that the options ask for. */
static bool make_selection(struct kfrag_selection *selection,
			   const struct kfrag_report *report,
			   enum kfrag_table_kind kind,
			   const struct report_options *options)
{
	enum kfrag_error error;

	error = kfrag_selection_init(selection, report, kind);
	if (!error && kind == KFRAG_TABLE_CACHES) {
		error = match_caches(selection, options);
		if (!error)
			error = order_caches(selection, options);
	}
	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return false;
	}
	return !options->columns || select_columns(selection, options->columns);
}

/* --lines, or what is left on one screen for people. */
static void limit_rows(struct kfrag_selection *selection,
		       const struct report_options *options, bool is_screen)
{
	uint64_t limit = is_screen ? DEFAULT_LINES : UINT64_MAX;

	if (options->has_lines)
		limit = options->lines;
	if (limit < selection->nr_rows)
		selection->nr_rows = (size_t)limit;
}

static struct kfrag_table_style table_style(void)
{
	struct kfrag_table_style style = { .width = DEFAULT_WIDTH };
	const char *no_color = getenv("NO_COLOR");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		style.width = size.ws_col;
	style.colour = !no_color || !*no_color;
	return style;
}

static enum kfrag_error write_table(const struct report_options *options,
				    const struct kfrag_report *report,
				    const char *source,
				    struct kfrag_selection *selection)
{
	struct kfrag_table_style style = table_style();
	struct kfrag_sort_key key;
	struct kfrag_table_caches caches = {
		.selection = selection,
		.nr_matching = selection->nr_rows,
		.key = choose_order(options, &key) ? &key : NULL,
		.reversed = options->reverse,
	};

	limit_rows(selection, options, !options->has_show && !options->columns);
	if (options->columns)
		return kfrag_table_write_whole(stdout, selection, &style);
	if (options->has_show)
		return kfrag_table_write(stdout, selection, &style);
	return kfrag_table_write_report(stdout, report, source, &caches,
					&style);
}

static enum kfrag_error
write_format(const struct report_options *options,
	     const struct kfrag_report *report, const char *source,
	     struct kfrag_selection *selections, size_t nr_selections)
{
	/* The first is the one that was asked for, or that of the caches. */
	if (options->format != REPORT_TABLE)
		limit_rows(&selections[0], options, false);
	switch (options->format) {
	case REPORT_CSV:
		return kfrag_csv_write(stdout, &selections[0]);
	case REPORT_JSON:
		return kfrag_json_write(stdout, report, source, selections,
					nr_selections);
	case REPORT_GNUPLOT:
		return kfrag_gnuplot_write(stdout, report, source, selections,
					   nr_selections);
	default:
		return write_table(options, report, source, &selections[0]);
	}
}

/* Returns whether that is no trouble: a reader may leave when it likes. */
static bool explain_write_error(enum kfrag_error error)
{
	int reason = errno;

	if (error == KFRAG_EIO && cli_reader_left())
		return true;
	if (error == KFRAG_EIO)
		cli_message("cannot write the output: %s",
			    reason ? strerror(reason) :
				     kfrag_error_text(error));
	else
		cli_message("%s", kfrag_error_text(error));
	return false;
}

/* The tables that go out: one, or all where a format holds them all. */
static bool write_report(const struct report_options *options,
			 const struct kfrag_report *report, const char *source)
{
	struct kfrag_selection selections[KFRAG_NR_TABLES] = { 0 };
	enum kfrag_table_kind kind = options->has_show ? options->show :
							 KFRAG_TABLE_CACHES;
	bool holds_all = options->format == REPORT_JSON ||
			 options->format == REPORT_GNUPLOT;
	size_t nr_selections = 0;
	enum kfrag_error error;
	bool ok = true;

	if (!holds_all || options->has_show || options->columns)
		ok = make_selection(&selections[nr_selections++], report, kind,
				    options);
	else
		while (ok && nr_selections < KFRAG_NR_TABLES) {
			kind = (enum kfrag_table_kind)nr_selections;
			ok = make_selection(&selections[nr_selections++],
					    report, kind, options);
		}
	if (ok) {
		errno = 0;
		error = write_format(options, report, source, selections,
				     nr_selections);
		ok = !error || explain_write_error(error);
	}
	for (size_t i = 0; i < nr_selections; i++)
		kfrag_selection_release(&selections[i]);
	return ok;
}

static void describe_input(const struct cli_input *input,
			   const struct kfrag_snapshot *snapshot,
			   const struct kfrag_replay_params *params)
{
	const char *version = kfrag_slabinfo_version_text(snapshot->version);
	char size[KFRAG_UNITS_SIZE];

	cli_message("%s: slabinfo version %s from line %" PRIu64
		    ", %zu caches, pages of %s",
		    input->path, version, snapshot->line, snapshot->nr_records,
		    kfrag_units_bytes(params->page_size_bytes, size));
	if (input->machine.kernel[0])
		cli_message("%s: kernel %s", input->path,
			    input->machine.kernel);
	if (input->machine.memory_bytes)
		cli_message("%s: %s of memory", input->path,
			    kfrag_units_bytes(input->machine.memory_bytes,
					      size));
}

static void end_of_phase(void *context, const char *phase)
{
	cli_phases_end(context, phase);
}

static bool report_input(struct report_options *options,
			 struct cli_input *input, struct cli_phases *phases)
{
	struct kfrag_report report = { 0 };
	struct kfrag_snapshot *snapshot;
	bool ok;

	cli_input_report_diags(input);
	if (options->strict && cli_input_is_partly_bad(input))
		return false;
	snapshot = choose_sample(options, input);
	if (!snapshot)
		return false;
	options->params.page_size_bytes =
		choose_page_size(options, input, snapshot);
	report_misfits(input, snapshot, options->params.page_size_bytes);
	if (options->verbose)
		describe_input(input, snapshot, &options->params);
	cli_phases_end(phases, "checking");
	options->params.listener = (struct kfrag_replay_listener){
		.end_of_phase = end_of_phase,
		.context = phases,
	};
	ok = make_report(&report, input, snapshot, &options->params);
	cli_phases_end(phases, "adding up");
	if (ok) {
		ok = write_report(options, &report, input->path);
		cli_phases_end(phases, "output");
	}
	kfrag_report_release(&report);
	return ok;
}

static enum cli_exit run(int argc, char **argv)
{
	struct report_options options;
	struct cli_input input = { 0 };
	struct cli_phases phases;
	bool ok = report_options_parse(&options, argc, argv);

	if (ok && options.wants_help) {
		report_options_help();
	} else if (ok && options.wants_version) {
		puts("kfrag " KFRAG_VERSION);
	} else if (ok) {
		cli_phases_init(&phases, options.verbose);
		ok = cli_input_read(&input, options.path, &phases) &&
		     report_input(&options, &input, &phases);
		cli_input_release(&input);
		cli_phases_end(&phases, "release");
		if (ok)
			cli_phases_report(&phases);
	}
	report_options_release(&options);
	return ok ? CLI_OK : CLI_TROUBLE;
}

const struct cli_command cli_report = {
	.name = "report",
	.run = run,
};
