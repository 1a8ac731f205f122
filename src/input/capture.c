// SPDX-License-Identifier: MIT
#include "kfrag/capture.h"

#include "kfrag/csv_snapshot.h"
#include "kfrag/slabinfo.h"

enum kfrag_error kfrag_capture_parse(struct kfrag_recording *recording,
				     const char *text, size_t text_bytes)
{
	const char *missing;

	if (kfrag_csv_snapshot_header(text, text_bytes, &missing) ==
	    KFRAG_CSV_STRANGE)
		return kfrag_slabinfo_parse(recording, text, text_bytes);
	return kfrag_csv_snapshot_parse(recording, text, text_bytes);
}
