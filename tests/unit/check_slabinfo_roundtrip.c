// SPDX-License-Identifier: MIT
/*
 * Random snapshots, printed as each kernel would, with random oddities in
 * between: what is read must be what was written, and each oddity be told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "expect_slabinfo.h"
#include "kfrag/random.h"
#include "kfrag/slabinfo.h"

Suite *slabinfo_roundtrip_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* A literal with the NULs inside it. */
#define TEXT(literal) (literal), sizeof(literal) - 1

/* How a kernel can have printed a sample. */
struct format {
	const char *version; /* the version line's, without "slabinfo ..." */
	enum kfrag_slabinfo_version number;
	bool is_old; /* 1.x */
	const char *groups; /* behind the row */
};

static const struct format formats[] = {
	{ "1.0", KFRAG_SLABINFO_1_0, true, "" },
	{ "1.1", KFRAG_SLABINFO_1_1, true, "" },
	{ "1.1 (SMP)", KFRAG_SLABINFO_1_1, true, " :  252  126" },
	{ "1.1 (statistics)", KFRAG_SLABINFO_1_1, true, " : 58 58 3 0 0" },
	{ "1.1 (statistics) (SMP)", KFRAG_SLABINFO_1_1, true,
	  " : 58 58 3 0 0 : 252 126 : 7 8 9 10" },
	{ "1.2", KFRAG_SLABINFO_1_2, true, " :   32   16" },
	{ "1.2 (statistics)", KFRAG_SLABINFO_1_2, true,
	  " : 32 16 : 385 66985 824 205 0 2 43 : 25251 5266 30169 320" },
	{ "2.0", KFRAG_SLABINFO_2_0, false, "" },
	{ "2.0 (statistics)", KFRAG_SLABINFO_2_0, false,
	  " : globalstat 8 8 8 0 0 0 25 : cpustat 0 8 0 0" },
	{ "2.1", KFRAG_SLABINFO_2_1, false, "" },
	{ "2.1 (statistics)", KFRAG_SLABINFO_2_1, false,
	  " : globalstat 8 8 8 0 0 0 25 9 9 : cpustat 0 8 0 0" },
};

/* What may stand between good rows, or be odd about one. */
enum oddity {
	ODD_BLANK,
	ODD_COMMENT,
	ODD_STRANGE,
	ODD_CUT,
	ODD_LOOKS_OLD, /* 2.x: cut, but six numbers are left */
	ODD_JOINED, /* 2.x */
	ODD_NO_NAME,
	ODD_NEGATIVE,
	ODD_WORD,
	ODD_TOO_LARGE,
	ODD_NO_SIZE,
	ODD_NO_PAGES,
	ODD_ACTIVE,
	ODD_PAGES,
	NR_ROW_ODDITIES,
	ODD_VERSION = NR_ROW_ODDITIES,
	ODD_WRONG_VERSION, /* of the other shape */
	ODD_TIME,
	NR_ODDITIES
};

/* The fields of a row as in struct kfrag_record; BUSY: active_slabs. */
enum field { ACTIVE, NUM, SIZE, OBJS, PAGES, BUSY, SLABS, NR_FIELDS };

struct row {
	char name[256];
	size_t name_bytes;
	uint64_t values[NR_FIELDS];
	char fields[NR_FIELDS][32]; /* the values, or what is odd */
	uint32_t columns[NR_FIELDS]; /* where print_row() put them */
	uint32_t ends[NR_FIELDS]; /* behind them */
	uint32_t tunables_column;
};

#define MAX_TEXT_BYTES ((size_t)1 << 20)
#define MAX_LINES 2048
#define MAX_SAMPLES 4

/* A text in the making, and what is to be read from it. */
struct world {
	struct kfrag_random random;
	const struct format *format;
	bool is_crlf;
	char text[MAX_TEXT_BYTES];
	size_t bytes;
	size_t line_start;
	uint64_t line;
	struct kfrag_record records[MAX_LINES];
	size_t nr_records;
	char names[MAX_LINES][256];
	struct kfrag_diag diags[MAX_LINES];
	size_t nr_diags;
	struct kfrag_snapshot samples[MAX_SAMPLES];
	size_t nr_samples;
	unsigned *nr_met; /* per oddity, of all worlds */
};

static uint64_t below(struct world *world, uint64_t bound)
{
	return kfrag_random_below(&world->random, bound);
}

static void put(struct world *world, const char *text, size_t bytes)
{
	ck_assert_uint_lt(world->bytes + bytes, MAX_TEXT_BYTES);
	memcpy(world->text + world->bytes, text, bytes);
	world->bytes += bytes;
}

static void puts_to(struct world *world, const char *text)
{
	put(world, text, strlen(text));
}

/* The column of what is put next. */
static uint32_t column(const struct world *world)
{
	return (uint32_t)(world->bytes - world->line_start) + 1;
}

static void end_line(struct world *world)
{
	puts_to(world, world->is_crlf ? "\r\n" : "\n");
	world->line_start = world->bytes;
	world->line++;
}

static void put_blanks(struct world *world)
{
	static const char *const blanks[] = { " ", "  ", "\t", " \t ",
					      "     " };

	puts_to(world, blanks[below(world, NR_OF(blanks))]);
}

static void note_diag(struct world *world, enum kfrag_diag_code code,
		      uint32_t at, uint64_t a, uint64_t b)
{
	ck_assert_uint_lt(world->nr_diags, MAX_LINES);
	world->diags[world->nr_diags++] = (struct kfrag_diag){
		.code = code,
		.column = at,
		.line = world->line,
		.a = a,
		.b = b,
	};
}

static void make_name(struct world *world, struct row *row)
{
	static const struct {
		const char *text;
		size_t bytes;
	} names[] = {
		{ TEXT("inode_cache") },
		{ TEXT("file lock cache") },
		{ TEXT("iwl_cmd_pool:0000:04:00.0") },
		{ TEXT("biovec-(256)") },
		{ TEXT("nul\0\0inside") },
		{ TEXT("size-32 64") },
		{ TEXT("7 8 9 size 1 2 3 4 5 6 7") },
		{ TEXT("\xe2\x82\xac \xff \x7f") },
		{ TEXT("colon:at: :all ::places") },
		{ NULL, 250 },
		{ TEXT("of : 2.x : only") },
	};
	size_t i = (size_t)below(world, NR_OF(names) - world->format->is_old);

	row->name_bytes = names[i].bytes;
	memset(row->name, 'x', sizeof(row->name));
	if (names[i].text)
		memcpy(row->name, names[i].text, names[i].bytes);
}

/* A number in a name could stand in for a field that is missing. */
static void set_plain_name(struct row *row)
{
	memcpy(row->name, "plain", 5);
	row->name_bytes = 5;
}

/* Any magnitude is as likely as any other. */
static uint64_t make_value(struct world *world)
{
	return kfrag_random_next(&world->random) >> below(world, 64);
}

static void set_field(struct row *row, enum field field, uint64_t value)
{
	row->values[field] = value;
	snprintf(row->fields[field], sizeof(row->fields[field]), "%" PRIu64,
		 value);
}

static void make_row(struct world *world, struct row *row)
{
	uint64_t num_objs = make_value(world) | 1;
	uint64_t num_slabs = make_value(world) >> 1;

	make_name(world, row);
	set_field(row, NUM, num_objs);
	set_field(row, ACTIVE, below(world, num_objs));
	set_field(row, SIZE, make_value(world) | 1);
	set_field(row, PAGES, UINT64_C(1) << below(world, 64));
	set_field(row, SLABS, num_slabs);
	set_field(row, BUSY, below(world, num_slabs + 1));
	set_field(row, OBJS, make_value(world) >> 1);
	if (world->format->is_old)
		set_field(row, OBJS, num_slabs ? num_objs / num_slabs : 0);
}

static void put_field(struct world *world, struct row *row, enum field field)
{
	put_blanks(world);
	row->columns[field] = column(world);
	puts_to(world, row->fields[field]);
	row->ends[field] = column(world);
}

/* The line without its end. */
static void print_row(struct world *world, struct row *row)
{
	static const enum field old_order[] = { ACTIVE, NUM,   SIZE,
						BUSY,	SLABS, PAGES };

	put(world, row->name, row->name_bytes);
	if (world->format->is_old) {
		for (size_t i = 0; i < NR_OF(old_order); i++)
			put_field(world, row, old_order[i]);
		puts_to(world, world->format->groups);
		return;
	}
	for (enum field field = ACTIVE; field <= PAGES; field++)
		put_field(world, row, field);
	if (below(world, 4))
		put_blanks(world);
	row->tunables_column = column(world);
	puts_to(world, below(world, 4) ? ": tunables" : ":tunables");
	puts_to(world, " 120   60    8 : slabdata");
	put_field(world, row, BUSY);
	put_field(world, row, SLABS);
	puts_to(world, " 0");
	puts_to(world, world->format->groups);
}

/* Takes back what is behind a column of the line. */
static void cut_line(struct world *world, uint32_t at)
{
	world->bytes = world->line_start + at - 1;
}

static void note_record(struct world *world, const struct row *row)
{
	struct kfrag_record *record = &world->records[world->nr_records];
	char *name = world->names[world->nr_records];

	ck_assert_uint_lt(world->nr_records, MAX_LINES);
	memcpy(name, row->name, row->name_bytes);
	name[row->name_bytes] = '\0';
	*record = (struct kfrag_record){
		.name = name,
		.name_bytes = row->name_bytes,
		.line = world->line,
		.active_objs = row->values[ACTIVE],
		.num_objs = row->values[NUM],
		.size_bytes = row->values[SIZE],
		.objs_per_slab = row->values[OBJS],
		.pages_per_slab = row->values[PAGES],
		.active_slabs = row->values[BUSY],
		.num_slabs = row->values[SLABS],
	};
	world->nr_records++;
}

/* A field that the format prints, but not the one before which a name ends. */
static enum field any_field(struct world *world)
{
	static const enum field fields[] = { NUM, SIZE, PAGES, BUSY, SLABS };

	return fields[below(world, NR_OF(fields))];
}

/* Puts a row with something else in place of one field's number. */
static void put_bad_field(struct world *world, struct row *row,
			  const char *text, enum kfrag_diag_code code)
{
	enum field field = any_field(world);

	set_plain_name(row);
	snprintf(row->fields[field], sizeof(row->fields[field]), "%s", text);
	print_row(world, row);
	note_diag(world, code, row->columns[field], 0, 0);
}

static void put_zero(struct world *world, struct row *row, enum field field,
		     enum kfrag_diag_code code)
{
	set_field(row, field, 0);
	print_row(world, row);
	note_diag(world, code, row->columns[field], 0, 0);
}

/* Lines without a row, which tell by themselves what they are. */
static bool put_line_oddity(struct world *world, enum oddity oddity)
{
	switch (oddity) {
	case ODD_BLANK:
		if (below(world, 2))
			put_blanks(world);
		break;
	case ODD_COMMENT:
		puts_to(world, below(world, 2) ? "# a 1 2 3 4 5 6" : "#");
		break;
	case ODD_STRANGE:
		if (below(world, 2))
			put_blanks(world);
		note_diag(world, KFRAG_DIAG_NOT_A_ROW, column(world), 0, 0);
		puts_to(world, "[ 12.5] usb 1-1: new device, 3 4 5 6 left");
		break;
	default:
		return false;
	}
	return true;
}

/* Rows that are lost because of what they lack. */
static bool put_short_oddity(struct world *world, struct row *row,
			     enum oddity oddity)
{
	static const enum field new_cuts[] = { PAGES, BUSY };
	enum field end = new_cuts[below(world, 2)];

	set_plain_name(row);
	switch (oddity) {
	case ODD_CUT:
		if (world->format->is_old)
			end = SLABS;
		break;
	case ODD_LOOKS_OLD:
		memcpy(row->name, "size-32 64", 10);
		row->name_bytes = 10;
		end = PAGES;
		break;
	case ODD_JOINED:
		print_row(world, row);
		print_row(world, row);
		note_diag(world, KFRAG_DIAG_JOINED, row->tunables_column, 0, 0);
		return true;
	case ODD_NO_NAME:
		row->name_bytes = 0;
		print_row(world, row);
		/* Groups would hide that all else are numbers. */
		if (world->format->is_old)
			cut_line(world, row->ends[PAGES]);
		note_diag(world, KFRAG_DIAG_NO_NAME, row->columns[ACTIVE], 0,
			  0);
		return true;
	default:
		return false;
	}
	print_row(world, row);
	cut_line(world, row->ends[end]);
	note_diag(world, KFRAG_DIAG_CUT, row->ends[end], 0, 0);
	return true;
}

/* Rows that are odd for a figure; two kinds of them are good rows. */
static void put_figure_oddity(struct world *world, struct row *row,
			      enum oddity oddity)
{
	switch (oddity) {
	case ODD_NEGATIVE:
		put_bad_field(world, row, "-12", KFRAG_DIAG_NUMBER);
		break;
	case ODD_WORD:
		put_bad_field(world, row, "1x2", KFRAG_DIAG_NUMBER);
		break;
	case ODD_TOO_LARGE:
		put_bad_field(world, row, "18446744073709551616",
			      KFRAG_DIAG_TOO_LARGE);
		break;
	case ODD_NO_SIZE:
		put_zero(world, row, SIZE, KFRAG_DIAG_NO_SIZE);
		break;
	case ODD_NO_PAGES:
		put_zero(world, row, PAGES, KFRAG_DIAG_NO_PAGES);
		break;
	case ODD_ACTIVE:
		set_field(row, ACTIVE, row->values[NUM]);
		set_field(row, NUM, row->values[NUM] - 1);
		if (world->format->is_old && row->values[SLABS])
			set_field(row, OBJS,
				  row->values[NUM] / row->values[SLABS]);
		print_row(world, row);
		note_diag(world, KFRAG_DIAG_ACTIVE_ABOVE_NUM,
			  row->columns[ACTIVE], row->values[ACTIVE],
			  row->values[NUM]);
		note_record(world, row);
		break;
	case ODD_PAGES:
		set_field(row, PAGES, 3 * (1 + below(world, 1000)));
		print_row(world, row);
		note_diag(world, KFRAG_DIAG_PAGES_NOT_POWER,
			  row->columns[PAGES], row->values[PAGES], 0);
		note_record(world, row);
		break;
	default:
		ck_abort_msg("oddity %d is none", (int)oddity);
	}
}

static void put_oddity(struct world *world, enum oddity oddity)
{
	struct row row;

	if (world->format->is_old &&
	    (oddity == ODD_LOOKS_OLD || oddity == ODD_JOINED))
		return;
	make_row(world, &row);
	if (!put_line_oddity(world, oddity) &&
	    !put_short_oddity(world, &row, oddity))
		put_figure_oddity(world, &row, oddity);
	end_line(world);
	world->nr_met[oddity]++;
}

static void put_good_row(struct world *world)
{
	struct row row;

	make_row(world, &row);
	print_row(world, &row);
	note_record(world, &row);
	end_line(world);
}

/* "time: N" before a sample. */
static void put_time(struct world *world, struct kfrag_snapshot *sample)
{
	char line[64];

	if (below(world, 4) == 0) {
		puts_to(world, "time: ");
		note_diag(world, KFRAG_DIAG_NUMBER, column(world), 0, 0);
		puts_to(world, "noon");
		world->nr_met[ODD_TIME]++;
	} else {
		sample->has_time = true;
		sample->time = make_value(world);
		snprintf(line, sizeof(line), "time: %" PRIu64, sample->time);
		puts_to(world, line);
		puts_to(world, below(world, 2) ? ".75" : "");
	}
	end_line(world);
}

/* The version line: the right one, one of the other shape, or none at all. */
static void put_version(struct world *world, struct kfrag_snapshot *sample)
{
	puts_to(world, "slabinfo - version: ");
	switch (below(world, 4)) {
	case 0:
		note_diag(world, KFRAG_DIAG_VERSION, column(world), 0, 0);
		puts_to(world, "3.14");
		sample->version = KFRAG_SLABINFO_OTHER;
		world->nr_met[ODD_VERSION]++;
		break;
	case 1:
		sample->version = world->format->is_old ? KFRAG_SLABINFO_2_1 :
							  KFRAG_SLABINFO_1_1;
		puts_to(world, world->format->is_old ? "2.1" : "1.1");
		world->nr_met[ODD_WRONG_VERSION]++;
		break;
	default:
		sample->version = world->format->number;
		puts_to(world, world->format->version);
	}
	end_line(world);
}

static void put_sample(struct world *world)
{
	struct kfrag_snapshot *sample = &world->samples[world->nr_samples++];
	size_t first_record = world->nr_records;
	bool is_first = world->nr_samples == 1;
	bool has_time = below(world, 2);
	size_t nr_rows = 3 * NR_ROW_ODDITIES + (size_t)below(world, 50);

	*sample = (struct kfrag_snapshot){ .line = is_first ? 1 : world->line };
	world->format = &formats[below(world, NR_OF(formats))];
	if (has_time)
		put_time(world, sample);
	if (below(world, 2) || (!has_time && !is_first))
		put_version(world, sample);
	if (!world->format->is_old && below(world, 2)) {
		puts_to(world, "# name            <active_objs> <num_objs>");
		end_line(world);
	}
	for (size_t i = 0; i < nr_rows; i++) {
		put_good_row(world);
		if (below(world, 2))
			put_oddity(world, (enum oddity)(i % NR_ROW_ODDITIES));
	}
	put_good_row(world);
	sample->records = world->records + first_record;
	sample->nr_records = world->nr_records - first_record;
}

static void check_sample(const struct kfrag_snapshot *sample,
			 const struct kfrag_snapshot *expected)
{
	ck_assert_int_eq(sample->version, expected->version);
	ck_assert_uint_eq(sample->line, expected->line);
	ck_assert_int_eq(sample->has_time, expected->has_time);
	ck_assert_uint_eq(sample->time, expected->time);
	ck_assert_uint_eq(sample->nr_records, expected->nr_records);
	for (size_t i = 0; i < sample->nr_records; i++) {
		ck_assert_uint_eq(sample->records[i].line,
				  expected->records[i].line);
		expect_record_of(expected, &sample->records[i]);
	}
}

static void check_world(const struct world *world)
{
	struct kfrag_recording recording;
	uint64_t nr_lost_lines = 0;

	expect_parse(&recording, world->text, world->bytes);
	for (size_t i = 0; i < world->nr_diags; i++) {
		ck_assert_uint_lt(i, recording.nr_diags);
		expect_diag(&recording.diags[i], &world->diags[i]);
		nr_lost_lines += kfrag_diag_is_lost(&world->diags[i]);
	}
	ck_assert_uint_eq(recording.nr_diags, world->nr_diags);
	ck_assert_uint_eq(recording.nr_lost_lines, nr_lost_lines);
	ck_assert_uint_eq(recording.nr_snapshots, world->nr_samples);
	for (size_t i = 0; i < world->nr_samples; i++)
		check_sample(&recording.snapshots[i], &world->samples[i]);
	kfrag_recording_release(&recording);
}

/* A last row without its newline, where nothing of it can be missing. */
static void drop_last_newline(struct world *world)
{
	bool has_groups = !world->format->is_old ||
			  world->format->groups[0] != '\0';

	if (has_groups && below(world, 2))
		world->bytes -= world->is_crlf ? 2 : 1;
}

#define NR_WORLDS_PER_SEED 16

START_TEST(what_is_written_is_read)
{
	struct world *world = malloc(sizeof(*world));
	unsigned nr_met[NR_ODDITIES] = { 0 };

	ck_assert_ptr_nonnull(world);
	for (unsigned i = 0; i < NR_WORLDS_PER_SEED; i++) {
		memset(world, 0, sizeof(*world));
		world->nr_met = nr_met;
		kfrag_random_init(&world->random,
				  (uint64_t)_i * NR_WORLDS_PER_SEED + i);
		world->line = 1;
		world->is_crlf = below(world, 4) == 0;
		for (uint64_t j = 1 + below(world, MAX_SAMPLES); j > 0; j--)
			put_sample(world);
		drop_last_newline(world);
		check_world(world);
	}
	for (unsigned j = 0; j < NR_ODDITIES; j++)
		ck_assert_msg(nr_met[j] > 0, "oddity %u was not met", j);
	free(world);
}
END_TEST

Suite *slabinfo_roundtrip_suite(void)
{
	Suite *suite = suite_create("slabinfo_roundtrip");
	TCase *property = tcase_create("property");

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, what_is_written_is_read, 0, 12);
	suite_add_tcase(suite, property);
	return suite;
}
