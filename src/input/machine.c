// SPDX-License-Identifier: MIT
#include "kfrag/machine.h"

#include <stdbool.h>
#include <string.h>

#include "input/slabinfo_line.h"
#include "kfrag/arith.h"
#include "kfrag/meminfo.h"
#include "kfrag/units.h"

static bool is_word(const struct kfrag_text_line *line,
		    struct kfrag_token token, const char *word)
{
	size_t bytes = token.end - token.start;

	return strlen(word) == bytes &&
	       memcmp(line->text + token.start, word, bytes) == 0;
}

/* The number behind a word that the line begins with. */
static bool number_behind(const struct kfrag_text_line *line, const char *word,
			  struct kfrag_token *token, uint64_t *value)
{
	enum kfrag_diag_code code;

	return kfrag_token_next(line, 0, token) &&
	       is_word(line, *token, word) &&
	       kfrag_token_next(line, token->end, token) &&
	       kfrag_token_number(line, *token, value, &code);
}

void kfrag_machine_read_meminfo(struct kfrag_machine *machine, const char *text,
				size_t bytes)
{
	if (machine->memory_bytes == 0)
		machine->memory_bytes = kfrag_meminfo_total(text, bytes).value;
}

/* Memory may come and go between two files: 1/64 off is still the same. */
static bool is_about(uint64_t bytes, uint64_t other)
{
	uint64_t apart = bytes > other ? bytes - other : other - bytes;

	return apart <= other / 64;
}

void kfrag_machine_read_zoneinfo(struct kfrag_machine *machine,
				 const char *text, size_t bytes)
{
	struct kfrag_text_line rest = { .text = text, .bytes = bytes };
	struct kfrag_text_line line;
	uint64_t nr_pages = 0;

	while (kfrag_text_line_take(&rest, &line)) {
		struct kfrag_token token;
		uint64_t managed;

		if (number_behind(&line, "managed", &token, &managed) &&
		    !kfrag_add_u64(nr_pages, managed, &nr_pages))
			return;
	}
	if (nr_pages == 0 || machine->page_size_bytes > 0)
		return;
	for (uint64_t size = 4 * KFRAG_KIB; size <= 256 * KFRAG_KIB;
	     size *= 2) {
		uint64_t product;

		if (kfrag_mul_u64(nr_pages, size, &product) &&
		    is_about(product, machine->memory_bytes))
			machine->page_size_bytes = size;
	}
}

static void set_kernel(struct kfrag_machine *machine,
		       const struct kfrag_text_line *line,
		       struct kfrag_token token)
{
	size_t bytes = token.end - token.start;

	if (machine->kernel[0] || bytes >= sizeof(machine->kernel))
		return;
	/* It will be shown, and a capture may hold anything. */
	for (size_t i = token.start; i < token.end; i++) {
		if (line->text[i] <= ' ' || line->text[i] > '~')
			return;
	}
	memcpy(machine->kernel, line->text + token.start, bytes);
	machine->kernel[bytes] = '\0';
}

void kfrag_machine_read_osrelease(struct kfrag_machine *machine,
				  const char *text, size_t bytes)
{
	struct kfrag_text_line rest = { .text = text, .bytes = bytes };
	struct kfrag_text_line line;
	struct kfrag_token token;

	if (kfrag_text_line_take(&rest, &line) &&
	    kfrag_token_next(&line, 0, &token))
		set_kernel(machine, &line, token);
}

/* Of arm64 and ppc64, for example, there are kernels with several sizes. */
static bool has_4k_pages(const struct kfrag_text_line *line,
			 struct kfrag_token token)
{
	static const char *const machines[] = { "x86_64", "i386",   "i486",
						"i586",	  "i686",   "s390x",
						"s390",	  "riscv64" };

	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		if (is_word(line, token, machines[i]))
			return true;
	}
	return false;
}

void kfrag_machine_read_uname(struct kfrag_machine *machine, const char *text,
			      size_t bytes)
{
	struct kfrag_text_line rest = { .text = text, .bytes = bytes };
	struct kfrag_text_line line;
	struct kfrag_token token = { 0, 0 };

	if (!kfrag_text_line_take(&rest, &line))
		return;
	/* Linux HOST RELEASE ... MACHINE ..., Linux version RELEASE ... */
	for (unsigned nr_words = 0; kfrag_token_next(&line, token.end, &token);
	     nr_words++) {
		if (nr_words == 0 && !is_word(&line, token, "Linux"))
			return;
		if (nr_words == 2)
			set_kernel(machine, &line, token);
		if (nr_words > 2 && machine->page_size_bytes == 0 &&
		    has_4k_pages(&line, token))
			machine->page_size_bytes = 4 * KFRAG_KIB;
	}
}
