/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SNAPSHOT_H
#define KFRAG_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/meminfo.h"
#include "kfrag/sysslab.h"
#include "kfrag/units.h"

/*
 * What a capture says, before anything is computed from it: one record per
 * data row, one snapshot per sample, one recording per text. Numbers are the
 * file's own, whatever they imply.
 */
struct kfrag_record {
	const char *name; /* the row's bytes, NUL-terminated, may hold NULs */
	size_t name_bytes;
	uint64_t line; /* in the text, from 1 */
	uint64_t active_objs;
	uint64_t num_objs;
	uint64_t size_bytes; /* kmem_cache::size: >= 1, metadata included */
	uint64_t objs_per_slab; /* 0: the file does not say (1.x, no slabs) */
	uint64_t pages_per_slab; /* >= 1 */
	uint64_t active_slabs; /* num_slabs where it is unknown */
	bool active_slabs_unknown; /* the text does not say (CSV) */
	uint64_t num_slabs;
	/*
	 * What SLAB is tuned to, in objects, all 0 of SLUB; the text may not
	 * say. Rows of 1.x have but the first two. Each version prints the
	 * limit first, though the header line of 2.0 names it second.
	 */
	bool has_tunables;
	uint64_t limit; /* of each CPU's own array */
	uint64_t batchcount;
	uint64_t sharedfactor; /* times batchcount: limit of a shared array */
	uint64_t sharedavail; /* in shared arrays now; they count as active */
};

enum kfrag_slabinfo_version {
	KFRAG_SLABINFO_UNKNOWN, /* no version line */
	KFRAG_SLABINFO_1_0,
	KFRAG_SLABINFO_1_1,
	KFRAG_SLABINFO_1_2,
	KFRAG_SLABINFO_2_0,
	KFRAG_SLABINFO_2_1,
	KFRAG_SLABINFO_OTHER /* a version line with another number */
};

/*
 * What a sample says of the machine it was taken on, as `kfrag record` writes
 * it, or as files beside it state. The strings are NUL-terminated, NULL where
 * unknown, and the recording's or those of whoever filled them in.
 */
struct kfrag_origin {
	const char *host;
	size_t host_bytes;
	const char *kernel; /* its release */
	size_t kernel_bytes;
	/* A power of two from KFRAG_MIN_PAGE_BYTES to KFRAG_MAX_PAGE_BYTES. */
	struct kfrag_opt page_size_bytes;
	struct kfrag_opt memtotal_bytes;
};

struct kfrag_snapshot {
	struct kfrag_record *records; /* in the file's order */
	size_t nr_records;
	enum kfrag_slabinfo_version version;
	uint64_t line; /* where the sample starts */
	bool has_time;
	uint64_t time; /* of its `time: N` line, as written there */
	uint32_t time_ms; /* past it, where a recording says so, else 0 */
	struct kfrag_origin origin;
	struct kfrag_slab_meminfo meminfo; /* of a recording, else unknown */
	/*
	 * What is static of it; NULL: unknown. The recording's, and the same for
	 * all samples of a machine up to the one that comes with another.
	 */
	const struct kfrag_sysslab *sysslab;
};

/* Ways in which a line can be odd. */
enum kfrag_diag_code {
	/* The row is used. */
	KFRAG_DIAG_ACTIVE_ABOVE_NUM, /* a: active_objs, b: num_objs */
	KFRAG_DIAG_PAGES_NOT_POWER, /* a: pages_per_slab */
	KFRAG_DIAG_VERSION, /* a version line that is none of 1.0..2.1 */
	/* The line is lost. */
	KFRAG_DIAG_LOST, /* no code: the ones behind it lose their line */
	KFRAG_DIAG_CUT, /* ends before its last field */
	KFRAG_DIAG_NOT_A_ROW, /* neither header nor row */
	KFRAG_DIAG_NO_NAME, /* numbers without a name before them */
	KFRAG_DIAG_NUMBER, /* a field that should be a number is none */
	KFRAG_DIAG_TOO_LARGE, /* a number beyond 64 bits */
	KFRAG_DIAG_NO_SIZE, /* size_bytes is 0 */
	KFRAG_DIAG_NO_PAGES, /* pages_per_slab is 0 */
	KFRAG_DIAG_JOINED, /* two rows on one line */
	/* Stands for all lines of a sample; at the last one. */
	KFRAG_DIAG_SAMPLE_CUT, /* has no end line; a: its first line */
	KFRAG_DIAG_QUOTE, /* CSV: quotes that do not enclose a field */
	KFRAG_DIAG_FIELDS, /* CSV: more fields than the header names */
	KFRAG_DIAG_ORDER, /* CSV: a: slab_order, beyond 63 */
	KFRAG_NR_DIAGS
};

struct kfrag_diag {
	enum kfrag_diag_code code;
	uint32_t column; /* byte in the line, from 1 */
	uint64_t line; /* from 1 */
	uint64_t a; /* figures named by the code, else 0 */
	uint64_t b;
};

/* Only so many diags are kept; the rest is counted. */
#define KFRAG_MAX_DIAGS 10000

struct kfrag_recording {
	struct kfrag_snapshot *snapshots; /* in the file's order */
	size_t nr_snapshots;
	struct kfrag_diag *diags; /* in the order of lines */
	size_t nr_diags;
	uint64_t nr_lost_lines; /* lines with a code behind KFRAG_DIAG_LOST */
	uint64_t nr_diags_dropped; /* found, but beyond KFRAG_MAX_DIAGS */
	uint64_t nr_cut_samples; /* left out, each with one lost line */
	struct kfrag_record *records; /* storage behind the snapshots' records */
	char *names; /* storage behind the records' names, then the origins' */
	/* Those that snapshots point to. */
	struct kfrag_sysslab **sysslabs;
	size_t nr_sysslabs;
};

/* Frees what the recording owns and leaves it empty; fine on an empty one. */
void kfrag_recording_release(struct kfrag_recording *recording);

static inline bool kfrag_diag_is_lost(const struct kfrag_diag *diag)
{
	return diag->code > KFRAG_DIAG_LOST;
}

/*
 * Writes what is wrong as a sentence fragment without position and full stop,
 * the figures in it. Returns message.
 */
const char *kfrag_diag_text(const struct kfrag_diag *diag, char *message,
			    size_t message_size);

/* "1.0" .. "2.1", "unknown". */
const char *kfrag_slabinfo_version_text(enum kfrag_slabinfo_version version);

/*
 * Whether the row could come from a machine with this page size: as many
 * slots as it names (at least one) fit into its pages.
 */
bool kfrag_record_fits(const struct kfrag_record *record,
		       uint64_t page_size_bytes);

/* Page sizes outside these are no machine's. */
#define KFRAG_MIN_PAGE_BYTES KFRAG_KIB
#define KFRAG_MAX_PAGE_BYTES (16 * KFRAG_MIB)

/*
 * What the snapshot's origin says. Else the smallest of 4, 8, 16, 64, 256 KiB
 * that no row contradicts; where each is contradicted, the smallest with the
 * fewest contradictions.
 */
uint64_t kfrag_snapshot_page_size(const struct kfrag_snapshot *snapshot);

#endif
