// SPDX-License-Identifier: MIT
#include "table_page.h"

#include "expect.h"

void table_page_init(struct table_page *page,
		     void (*make_report)(struct kfrag_report *report),
		     unsigned width)
{
	*page = (struct table_page){ .source = "capture",
				     .key = "waste",
				     .style = { .width = width } };
	make_report(&page->report);
}

void table_page_release(struct table_page *page)
{
	capture_release(&page->capture);
	kfrag_report_release(&page->report);
}

const char *table_page_text(struct table_page *page)
{
	struct kfrag_selection selection;
	struct kfrag_sort_key key;
	struct kfrag_table_caches caches = { .selection = &selection,
					     .reversed = page->reversed };

	EXPECT(!kfrag_selection_init(&selection, &page->report,
				     KFRAG_TABLE_CACHES));
	if (page->nr_matching)
		selection.nr_rows = page->nr_matching;
	caches.nr_matching = selection.nr_rows;
	if (page->key) {
		EXPECT(kfrag_sort_key_find(page->key, &key));
		EXPECT(!(
			page->reversed ?
				kfrag_selection_sort_reverse(&selection, &key) :
				kfrag_selection_sort(&selection, &key)));
		caches.key = &key;
	}
	if (page->nr_lines && page->nr_lines < selection.nr_rows)
		selection.nr_rows = page->nr_lines;
	capture_release(&page->capture);
	capture_begin(&page->capture);
	EXPECT(!kfrag_table_write_report(page->capture.out, &page->report,
					 page->source, &caches, &page->style));
	kfrag_selection_release(&selection);
	return capture_end(&page->capture);
}

char *table_page_take(struct table_page *page)
{
	char *text = page->capture.text;

	page->capture.text = NULL;
	return text;
}
