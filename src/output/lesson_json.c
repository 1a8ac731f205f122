// SPDX-License-Identifier: MIT
/* Each step of a lesson as data. */
#include <inttypes.h>
#include <string.h>

#include "kfrag/lesson_draw.h"
#include "kfrag/version.h"
#include "output/json_parts.h"
#include "output/stream.h"
#include "output/writer.h"

static const char *verb_text(enum kfrag_lesson_verb verb)
{
	static const char *const texts[KFRAG_NR_LESSON_VERBS] = {
		"memory", "page",   "alloc", "free", "cache",
		"new",	  "delete", "show",  "say",  "ask",
	};

	return texts[verb];
}

static enum kfrag_error put_text(struct kfrag_writer *writer, const char *key,
				 const char *text, size_t nr_bytes)
{
	kfrag_json_key(writer, 1, key);
	return kfrag_json_string(writer, text, nr_bytes);
}

static void put_number(struct kfrag_writer *writer, size_t i, const char *key,
		       uint64_t number)
{
	kfrag_json_key(writer, i, key);
	kfrag_writer_format(writer, "%" PRIu64, number);
}

static void put_bool(struct kfrag_writer *writer, const char *key, bool value)
{
	kfrag_json_key(writer, 1, key);
	kfrag_writer_text(writer, value ? "true" : "false");
}

/* ------------------------------------------------------------ what happened */

static void put_orders(struct kfrag_writer *writer, const char *key,
		       const uint64_t *nr_free, unsigned max_order)
{
	kfrag_json_key(writer, 1, key);
	for (unsigned order = 0; order <= max_order; order++)
		kfrag_writer_format(writer, "%s%" PRIu64,
				    order > 0 ? ", " : "[", nr_free[order]);
	kfrag_writer_char(writer, ']');
}

static void put_splits(struct kfrag_writer *writer,
		       const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_page_event *event)
{
	bool is_first = true;

	kfrag_json_key(writer, 1, "splits");
	kfrag_writer_char(writer, '[');
	for (unsigned order = event->found_order;
	     !event->is_refused && order > event->order; order--) {
		kfrag_writer_text(writer, is_first ? "{" : ", {");
		put_number(writer, 0, "order", order);
		put_number(writer, 1, "pfn", event->pfn);
		put_number(writer, 1, "half_bytes",
			   kfrag_lesson_block_bytes(run, order - 1));
		kfrag_writer_char(writer, '}');
		is_first = false;
	}
	kfrag_writer_char(writer, ']');
}

static void put_merges(struct kfrag_writer *writer,
		       const struct kfrag_lesson_page_event *event)
{
	static const char *const stops[] = {
		[KFRAG_LESSON_STOP_LARGEST] = "largest",
		[KFRAG_LESSON_STOP_OUTSIDE] = "outside",
		[KFRAG_LESSON_STOP_IN_USE] = "in-use",
		[KFRAG_LESSON_STOP_SPLIT] = "split",
	};

	kfrag_json_key(writer, 1, "merges");
	kfrag_writer_char(writer, '[');
	for (unsigned order = event->order; order < event->merged_order;
	     order++) {
		uint64_t index = event->pfn >> order;

		kfrag_writer_text(writer, order > event->order ? ", {" : "{");
		put_number(writer, 0, "order", order);
		put_number(writer, 1, "index", index);
		put_number(writer, 1, "buddy_index", index ^ 1);
		put_number(writer, 1, "buddy_pfn", (index ^ 1) << order);
		kfrag_writer_char(writer, '}');
	}
	kfrag_writer_text(writer, "], \"stopped_by\": \"");
	kfrag_writer_text(writer, stops[event->stop]);
	kfrag_writer_char(writer, '"');
}

static void put_event(struct kfrag_writer *writer,
		      const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_page_event *event)
{
	kfrag_writer_text(writer, "{\"what\": \"");
	kfrag_writer_text(writer, event->is_free    ? "give" :
				  event->is_refused ? "refuse" :
						      "take");
	kfrag_writer_char(writer, '"');
	put_number(writer, 1, "order", event->order);
	if (event->is_refused) {
		kfrag_json_key(writer, 1, "pfn");
		kfrag_writer_text(writer, "null");
	} else {
		put_number(writer, 1, "pfn", event->pfn);
	}
	put_number(writer, 1, "free_bytes_before",
		   event->free_pages * run->page_bytes);
	put_orders(writer, "free_blocks_before", event->nr_free,
		   run->max_order);
	if (event->is_free)
		put_merges(writer, event);
	else
		put_splits(writer, run, event);
	kfrag_writer_char(writer, '}');
}

/* --------------------------------------------------------------- the state */

static enum kfrag_error put_block(struct kfrag_writer *writer,
				  const struct kfrag_lesson_run *run,
				  const struct kfrag_lesson_block *block)
{
	static const char *const kinds[] = {
		[KFRAG_LESSON_BLOCK_FREE] = "free",
		[KFRAG_LESSON_BLOCK_NAMED] = "alloc",
		[KFRAG_LESSON_BLOCK_SLAB] = "slab",
	};
	const char *name;

	kfrag_writer_char(writer, '{');
	put_number(writer, 0, "pfn", block->pfn);
	put_number(writer, 1, "order", block->order);
	put_number(writer, 1, "block_bytes",
		   kfrag_lesson_block_bytes(run, block->order));
	kfrag_writer_text(writer, ", \"kind\": \"");
	kfrag_writer_text(writer, kinds[block->kind]);
	kfrag_writer_char(writer, '"');
	if (block->kind != KFRAG_LESSON_BLOCK_FREE) {
		enum kfrag_error error;

		name = run->lesson->names[block->name].text;
		error = put_text(writer, "name", name, strlen(name));
		if (error)
			return error;
		put_number(writer, 1, "asked_bytes", block->bytes);
	}
	kfrag_writer_char(writer, '}');
	return KFRAG_OK;
}

/* The slots in use of one slab, '1' for each, '0' for a free one. */
static void put_slots(struct kfrag_writer *writer,
		      const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_block *block)
{
	uint64_t nr_slots = run->things[block->name].objs_per_slab;

	put_number(writer, 0, "pfn", block->pfn);
	kfrag_writer_text(writer, ", \"slots\": \"");
	for (uint32_t slot = 0; slot < nr_slots; slot++) {
		uint64_t mask =
			kfrag_slab_live_mask(run->slab, block->pfn, slot / 64);

		kfrag_writer_char(writer, mask >> (slot % 64) & 1 ? '1' : '0');
	}
	kfrag_writer_char(writer, '"');
}

static enum kfrag_error put_cache(struct kfrag_writer *writer,
				  const struct kfrag_lesson_run *run,
				  size_t name)
{
	const struct kfrag_lesson_thing *thing = &run->things[name];
	const char *text = run->lesson->names[name].text;
	const char *between = "{";
	enum kfrag_error error;

	kfrag_writer_char(writer, '{');
	kfrag_json_key(writer, 0, "name");
	error = kfrag_json_string(writer, text, strlen(text));
	put_number(writer, 1, "size_bytes", thing->bytes);
	put_number(writer, 1, "slab_order", thing->order);
	put_number(writer, 1, "objs_per_slab", thing->objs_per_slab);
	put_number(writer, 1, "num_objs",
		   kfrag_slab_cache_nr_objs(thing->cache));
	kfrag_json_key(writer, 1, "slabs");
	kfrag_writer_char(writer, '[');
	for (size_t i = 0; i < run->nr_blocks; i++) {
		if (run->blocks[i].kind != KFRAG_LESSON_BLOCK_SLAB ||
		    run->blocks[i].name != name)
			continue;
		kfrag_writer_text(writer, between);
		put_slots(writer, run, &run->blocks[i]);
		kfrag_writer_char(writer, '}');
		between = ", {";
	}
	kfrag_writer_text(writer, "]}");
	return error;
}

static enum kfrag_error put_state(struct kfrag_writer *writer,
				  const struct kfrag_lesson_run *run)
{
	uint64_t nr_free[KFRAG_LESSON_MAX_ORDER + 1];
	enum kfrag_error error = KFRAG_OK;
	const char *between = "";

	put_number(writer, 1, "page_bytes", run->page_bytes);
	put_number(writer, 1, "memory_bytes", run->nr_pages * run->page_bytes);
	put_number(writer, 1, "free_bytes",
		   kfrag_buddy_free_pages(run->buddy) * run->page_bytes);
	for (unsigned order = 0; order <= run->max_order; order++)
		nr_free[order] = kfrag_buddy_nr_free(run->buddy, order);
	put_orders(writer, "free_blocks", nr_free, run->max_order);
	kfrag_json_key(writer, 1, "blocks");
	kfrag_writer_char(writer, '[');
	for (size_t i = 0; i < run->nr_blocks && !error; i++) {
		kfrag_writer_text(writer, i > 0 ? ",\n  " : "\n  ");
		error = put_block(writer, run, &run->blocks[i]);
	}
	kfrag_writer_text(writer, "],\n \"caches\": [");
	for (size_t i = 0; i < run->lesson->nr_names && !error; i++) {
		if (!run->things[i].cache)
			continue;
		kfrag_writer_text(writer, between);
		error = put_cache(writer, run, i);
		between = ", ";
	}
	kfrag_writer_char(writer, ']');
	return error;
}

static enum kfrag_error put_step(struct kfrag_writer *writer,
				 const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);
	char words[KFRAG_LESSON_WORDS_SIZE];
	const char *text = kfrag_lesson_words(run, words);
	bool has_event = step->verb < KFRAG_LESSON_SHOW;
	enum kfrag_error error;

	kfrag_writer_text(writer, run->nr_done > 1 ? ",\n{" : "\n{");
	put_number(writer, 0, "step", run->nr_done);
	put_number(writer, 1, "line", step->line);
	error = put_text(writer, "command", verb_text(step->verb),
			 strlen(verb_text(step->verb)));
	if (!error)
		error = put_text(writer, "source", step->source.text,
				 step->source.nr_bytes);
	if (!error && step->verb >= KFRAG_LESSON_SAY)
		error = put_text(writer, "text", step->text.text,
				 step->text.nr_bytes);
	if (!error && step->verb == KFRAG_LESSON_ASK)
		error = put_text(writer, "answer", step->answer.text,
				 step->answer.nr_bytes);
	if (!error)
		error = put_text(writer, "words", text, strlen(text));
	put_number(writer, 1, "nr_objs", has_event ? run->event.nr_objs : 0);
	put_bool(writer, "is_refused",
		 has_event && kfrag_lesson_is_refused(run));
	kfrag_writer_text(writer, ",\n \"events\": [");
	for (size_t i = 0; has_event && i < run->event.nr_pages; i++) {
		kfrag_writer_text(writer, i > 0 ? ",\n  " : "\n  ");
		put_event(writer, run, &run->event.pages[i]);
	}
	kfrag_writer_char(writer, ']');
	return error;
}

enum kfrag_error kfrag_lesson_json_begin(FILE *out, const char *source)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer,
			  "{\n\"kfrag\": \"" KFRAG_VERSION "\",\n\"source\": ");
	error = kfrag_json_string(&writer, source, strlen(source));
	kfrag_writer_text(&writer, ",\n\"steps\": [");
	return kfrag_writer_end(&writer, error);
}

enum kfrag_error kfrag_lesson_json_step(FILE *out,
					const struct kfrag_lesson_run *run)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_writer_init(&writer, out);
	error = put_step(&writer, run);
	if (!error)
		error = put_state(&writer, run);
	kfrag_writer_char(&writer, '}');
	return kfrag_writer_end(&writer, error);
}

enum kfrag_error kfrag_lesson_json_end(FILE *out)
{
	fputs("\n]\n}\n", out);
	return kfrag_stream_end(out);
}
