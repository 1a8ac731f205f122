// SPDX-License-Identifier: MIT
#include "kfrag/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/units.h"

void kfrag_recording_release(struct kfrag_recording *recording)
{
	free(recording->snapshots);
	free(recording->diags);
	free(recording->records);
	free(recording->names);
	for (size_t i = 0; i < recording->nr_sysslabs; i++) {
		kfrag_sysslab_release(recording->sysslabs[i]);
		free(recording->sysslabs[i]);
	}
	free(recording->sysslabs);
	*recording = (struct kfrag_recording){ 0 };
}

/* For the codes whose sentence holds no figure, else NULL. */
static const char *fixed_text(enum kfrag_diag_code code)
{
	switch (code) {
	case KFRAG_DIAG_VERSION:
		return "slabinfo version is none of 1.0, 1.1, 1.2, 2.0, 2.1";
	case KFRAG_DIAG_CUT:
		return "line is cut off before its last field";
	case KFRAG_DIAG_NOT_A_ROW:
		return "neither a header nor a row of slabinfo";
	case KFRAG_DIAG_NO_NAME:
		return "numbers without a cache name before them";
	case KFRAG_DIAG_NUMBER:
		return "not a number";
	case KFRAG_DIAG_TOO_LARGE:
		return "number needs more than 64 bits";
	case KFRAG_DIAG_NO_SIZE:
		return "objsize is 0";
	case KFRAG_DIAG_NO_PAGES:
		return "pagesperslab is 0";
	case KFRAG_DIAG_JOINED:
		return "two rows on one line";
	case KFRAG_DIAG_QUOTE:
		return "quotes that do not enclose a field";
	case KFRAG_DIAG_FIELDS:
		return "more fields than the header names";
	case KFRAG_DIAG_ACTIVE_ABOVE_NUM:
	case KFRAG_DIAG_PAGES_NOT_POWER:
	case KFRAG_DIAG_SAMPLE_CUT:
	case KFRAG_DIAG_ORDER:
	case KFRAG_DIAG_LOST:
	case KFRAG_NR_DIAGS:
		break;
	}
	return NULL;
}

const char *kfrag_diag_text(const struct kfrag_diag *diag, char *message,
			    size_t message_size)
{
	const char *fixed = fixed_text(diag->code);

	if (fixed)
		snprintf(message, message_size, "%s", fixed);
	else if (diag->code == KFRAG_DIAG_ACTIVE_ABOVE_NUM)
		snprintf(message, message_size,
			 "active_objs %" PRIu64 " exceeds num_objs %" PRIu64,
			 diag->a, diag->b);
	else if (diag->code == KFRAG_DIAG_PAGES_NOT_POWER)
		snprintf(message, message_size,
			 "pagesperslab %" PRIu64 " is no power of two",
			 diag->a);
	else if (diag->code == KFRAG_DIAG_SAMPLE_CUT)
		snprintf(message, message_size,
			 "sample is cut off here, and left out from its first "
			 "line %" PRIu64 " on",
			 diag->a);
	else if (diag->code == KFRAG_DIAG_ORDER)
		snprintf(message, message_size,
			 "slab_order %" PRIu64 " is beyond 63", diag->a);
	else
		snprintf(message, message_size, "unknown oddity");
	return message;
}

const char *kfrag_slabinfo_version_text(enum kfrag_slabinfo_version version)
{
	switch (version) {
	case KFRAG_SLABINFO_1_0:
		return "1.0";
	case KFRAG_SLABINFO_1_1:
		return "1.1";
	case KFRAG_SLABINFO_1_2:
		return "1.2";
	case KFRAG_SLABINFO_2_0:
		return "2.0";
	case KFRAG_SLABINFO_2_1:
		return "2.1";
	case KFRAG_SLABINFO_UNKNOWN:
	case KFRAG_SLABINFO_OTHER:
		break;
	}
	return "unknown";
}

bool kfrag_record_fits(const struct kfrag_record *record,
		       uint64_t page_size_bytes)
{
	uint64_t nr_slots = record->objs_per_slab ? record->objs_per_slab : 1;
	uint64_t need_high, need_low, have_high, have_low;

	kfrag_mul_wide(nr_slots, record->size_bytes, &need_high, &need_low);
	kfrag_mul_wide(record->pages_per_slab, page_size_bytes, &have_high,
		       &have_low);
	if (need_high != have_high)
		return need_high < have_high;
	return need_low <= have_low;
}

uint64_t kfrag_snapshot_page_size(const struct kfrag_snapshot *snapshot)
{
	static const uint64_t sizes_bytes[] = {
		4 * KFRAG_KIB,	8 * KFRAG_KIB,	 16 * KFRAG_KIB,
		64 * KFRAG_KIB, 256 * KFRAG_KIB,
	};
	uint64_t best_bytes = 0;
	size_t best_against = SIZE_MAX;

	if (snapshot->origin.page_size_bytes.known)
		return snapshot->origin.page_size_bytes.value;
	for (size_t i = 0;
	     i < sizeof(sizes_bytes) / sizeof(*sizes_bytes) && best_against > 0;
	     i++) {
		size_t against = 0;

		for (size_t j = 0; j < snapshot->nr_records; j++)
			against += !kfrag_record_fits(&snapshot->records[j],
						      sizes_bytes[i]);
		if (against < best_against) {
			best_against = against;
			best_bytes = sizes_bytes[i];
		}
	}
	return best_bytes;
}
