// SPDX-License-Identifier: MIT
/* Packed by the encoders of the same libraries; whole, cut and broken. */
#include <lzma.h>
#include <zlib.h>

#include "expect.h"
#include "kfrag/random.h"
#include "kfrag/unpack.h"

Suite *unpack_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define ROOM 8192

struct bytes {
	unsigned char data[ROOM];
	size_t nr_bytes;
};

static void append(struct bytes *bytes, const void *data, size_t nr_bytes)
{
	EXPECT(nr_bytes <= ROOM - bytes->nr_bytes);
	memcpy(bytes->data + bytes->nr_bytes, data, nr_bytes);
	bytes->nr_bytes += nr_bytes;
}

/* Adds a member, or a stream, of that text. */
static void pack_gzip(struct bytes *packed, const void *text, size_t nr_bytes,
		      int level)
{
	unsigned char data[ROOM];
	z_stream z = { .avail_in = (uInt)nr_bytes, .avail_out = sizeof(data) };
	unsigned char copy[ROOM];

	memcpy(copy, text, nr_bytes);
	z.next_in = copy;
	z.next_out = data;
	EXPECT(deflateInit2(&z, level, Z_DEFLATED, MAX_WBITS + 16, 8,
			    Z_DEFAULT_STRATEGY) == Z_OK);
	EXPECT(deflate(&z, Z_FINISH) == Z_STREAM_END);
	append(packed, data, sizeof(data) - z.avail_out);
	deflateEnd(&z);
}

static void pack_xz(struct bytes *packed, const void *text, size_t nr_bytes,
		    int level)
{
	unsigned char data[ROOM];
	size_t length = 0;

	EXPECT(lzma_easy_buffer_encode((uint32_t)level, LZMA_CHECK_CRC64, NULL,
				       text, nr_bytes, data, &length,
				       sizeof(data)) == LZMA_OK);
	append(packed, data, length);
}

static void pack(struct bytes *packed, enum kfrag_packing packing,
		 const void *text, size_t nr_bytes, int level)
{
	if (packing == KFRAG_PACKING_GZIP)
		pack_gzip(packed, text, nr_bytes, level);
	else
		pack_xz(packed, text, nr_bytes, level);
}

/* Lines that repeat themselves, as captures do. */
static void make_text(struct bytes *text, struct kfrag_random *random,
		      size_t max_bytes)
{
	static const char line[] = "dentry 10 20 192 21 1 : tunables 0 0 0\n";
	size_t nr_bytes = (size_t)kfrag_random_below(random, max_bytes + 1);

	text->nr_bytes = 0;
	while (text->nr_bytes < nr_bytes) {
		char c = line[text->nr_bytes % (sizeof(line) - 1)];

		if (c == '0')
			c = (char)('0' + kfrag_random_below(random, 10));
		append(text, &c, 1);
	}
}

/* Gives packed bytes in pieces of random size. */
struct feeder {
	const struct bytes *packed;
	size_t at;
	struct kfrag_random random;
	size_t max_piece; /* 0: as much as is wanted */
	enum kfrag_error error; /* once all are given */
};

static enum kfrag_error feed(void *context, void *out, size_t size, size_t *got)
{
	struct feeder *feeder = context;
	size_t left = feeder->packed->nr_bytes - feeder->at;
	size_t piece = size;

	EXPECT(size > 0);
	if (feeder->max_piece)
		piece = 1 + (size_t)kfrag_random_below(&feeder->random,
						       feeder->max_piece);
	if (piece > size)
		piece = size;
	if (piece > left)
		piece = left;
	if (left == 0 && feeder->error)
		return feeder->error;
	memcpy(out, feeder->packed->data + feeder->at, piece);
	feeder->at += piece;
	*got = piece;
	return KFRAG_OK;
}

static struct kfrag_unpack_fault
unpack_all(struct bytes *text, struct feeder *feeder,
	   enum kfrag_packing packing, enum kfrag_error *error)
{
	struct kfrag_byte_source source = { feed, feeder };
	struct kfrag_unpack *unpack;
	struct kfrag_unpack_fault fault;

	text->nr_bytes = 0;
	EXPECT_EQ(kfrag_unpack_create(&unpack, packing, source), KFRAG_OK);
	for (;;) {
		size_t size = ROOM - text->nr_bytes, got = 77;

		EXPECT(size > 0);
		if (feeder->max_piece && size > feeder->max_piece)
			size = 1 + (size_t)kfrag_random_below(
					   &feeder->random, feeder->max_piece);
		*error = kfrag_unpack_read(unpack, text->data + text->nr_bytes,
					   size, &got);
		EXPECT(got <= size && (!*error || got == 0));
		if (got == 0)
			break;
		text->nr_bytes += got;
	}
	fault = kfrag_unpack_fault(unpack);
	kfrag_unpack_destroy(unpack);
	return fault;
}

static bool is_same(const struct bytes *a, const struct bytes *b)
{
	return a->nr_bytes == b->nr_bytes &&
	       memcmp(a->data, b->data, a->nr_bytes) == 0;
}

static bool is_prefix(const struct bytes *a, const struct bytes *b)
{
	return a->nr_bytes <= b->nr_bytes &&
	       memcmp(a->data, b->data, a->nr_bytes) == 0;
}

/* The tests below run for each packing: _i. */

START_TEST(pieces_of_any_size)
{
	enum kfrag_packing packing = (enum kfrag_packing)_i;
	struct kfrag_random random;

	kfrag_random_init(&random, 7);
	for (int round = 0; round < 300; round++) {
		struct bytes text = { .nr_bytes = 0 }, packed, back;
		struct feeder feeder = { .packed = &packed };
		unsigned nr_members =
			1 + (unsigned)kfrag_random_below(&random, 4);
		enum kfrag_error error;

		packed.nr_bytes = 0;
		for (unsigned i = 0; i < nr_members; i++) {
			struct bytes part;

			make_text(&part, &random, 1000);
			pack(&packed, packing, part.data, part.nr_bytes,
			     (int)kfrag_random_below(&random, 7));
			append(&text, part.data, part.nr_bytes);
		}
		kfrag_random_init(&feeder.random, (uint64_t)round);
		feeder.max_piece = (size_t)kfrag_random_below(&random, 40);
		EXPECT_EQ(kfrag_packing_of(packed.data, packed.nr_bytes),
			  packing);
		EXPECT_EQ(unpack_all(&back, &feeder, packing, &error).code,
			  KFRAG_UNPACK_FINE);
		EXPECT_EQ(error, KFRAG_OK);
		EXPECT(is_same(&text, &back));
	}
}
END_TEST

/* Cut anywhere: what comes out is how the text begins. */
START_TEST(cut)
{
	enum kfrag_packing packing = (enum kfrag_packing)_i;
	struct bytes text, packed = { .nr_bytes = 0 }, prefix, back;
	struct kfrag_random random;
	size_t first_end, nr_some = 0;

	kfrag_random_init(&random, 3);
	make_text(&text, &random, 4000);
	pack(&packed, packing, text.data, text.nr_bytes / 2, 6);
	first_end = packed.nr_bytes;
	pack(&packed, packing, text.data + text.nr_bytes / 2,
	     text.nr_bytes - text.nr_bytes / 2, 6);
	prefix = packed;
	for (size_t n = KFRAG_PACKING_MAGIC_BYTES; n < packed.nr_bytes; n++) {
		struct feeder feeder = { .packed = &prefix };
		struct kfrag_unpack_fault fault;
		enum kfrag_error error;

		prefix.nr_bytes = n;
		fault = unpack_all(&back, &feeder, packing, &error);
		EXPECT_EQ(error, KFRAG_OK);
		EXPECT(is_prefix(&back, &text));
		nr_some += back.nr_bytes > 0;
		if (n == first_end) {
			EXPECT_EQ(fault.code, KFRAG_UNPACK_FINE);
			EXPECT_EQ(back.nr_bytes, text.nr_bytes / 2);
		} else {
			EXPECT_EQ(fault.code, KFRAG_UNPACK_CUT);
			EXPECT_EQ(fault.offset, n);
		}
	}
	ck_assert_uint_gt(nr_some, 0);
}
END_TEST

/* Each bit the other way round: the text, or a fault. */
START_TEST(one_bit)
{
	enum kfrag_packing packing = (enum kfrag_packing)_i;
	struct bytes text, packed = { .nr_bytes = 0 }, broken, back;
	struct kfrag_random random;
	size_t nr_damaged = 0;

	kfrag_random_init(&random, 4);
	make_text(&text, &random, 900);
	pack(&packed, packing, text.data, text.nr_bytes, 6);
	for (size_t bit = 8 * (size_t)KFRAG_PACKING_MAGIC_BYTES;
	     bit < 8 * packed.nr_bytes; bit++) {
		struct feeder feeder = { .packed = &broken };
		struct kfrag_unpack_fault fault;
		enum kfrag_error error;

		broken = packed;
		broken.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
		fault = unpack_all(&back, &feeder, packing, &error);
		EXPECT(fault.code || is_same(&back, &text));
		EXPECT(fault.offset <= packed.nr_bytes);
		nr_damaged += fault.code == KFRAG_UNPACK_DAMAGED;
	}
	ck_assert_uint_gt(nr_damaged, packed.nr_bytes);
}
END_TEST

static void expect_behind(enum kfrag_packing packing, const void *behind,
			  size_t nr_behind, enum kfrag_unpack_code code)
{
	for (size_t piece = 0; piece < 4; piece++) {
		struct bytes packed = { .nr_bytes = 0 }, back;
		struct feeder feeder = { .packed = &packed,
					 .max_piece = piece };
		enum kfrag_error error;

		pack(&packed, packing, "text", 4, 6);
		append(&packed, behind, nr_behind);
		kfrag_random_init(&feeder.random, piece);
		EXPECT_EQ(unpack_all(&back, &feeder, packing, &error).code,
			  code);
		EXPECT(back.nr_bytes == 4 && memcmp(back.data, "text", 4) == 0);
	}
}

START_TEST(something_behind)
{
	enum kfrag_packing packing = (enum kfrag_packing)_i;
	static const unsigned char zeros[512] = { 0 };

	expect_behind(packing, zeros, 4, KFRAG_UNPACK_FINE);
	expect_behind(packing, zeros, sizeof(zeros), KFRAG_UNPACK_FINE);
	expect_behind(packing, "\0\0\0\0something else", 18,
		      KFRAG_UNPACK_TRAILING);
	expect_behind(packing, "something else", 14, KFRAG_UNPACK_TRAILING);
}
END_TEST

START_TEST(source_fails)
{
	enum kfrag_packing packing = (enum kfrag_packing)_i;
	struct bytes packed = { .nr_bytes = 0 }, back;
	struct feeder feeder = { .packed = &packed, .error = KFRAG_EIO };
	enum kfrag_error error;

	pack(&packed, packing, "some text", 9, 6);
	packed.nr_bytes -= 5;
	EXPECT_EQ(unpack_all(&back, &feeder, packing, &error).code,
		  KFRAG_UNPACK_FINE);
	EXPECT_EQ(error, KFRAG_EIO);
}
END_TEST

/* A text of 50 MB takes no more room than asked for. */
START_TEST(long_text)
{
	enum { NR_PIECES = 50 };
	static unsigned char zeros[1 << 20];
	struct bytes packed = { .nr_bytes = 0 };
	struct feeder feeder = { .packed = &packed };
	struct kfrag_byte_source source = { feed, &feeder };
	unsigned char *data = malloc(1 << 20);
	uint64_t nr_bytes = 0;

	ck_assert_ptr_nonnull(data);
	for (int i = 0; i < NR_PIECES; i++) {
		z_stream z = { .next_in = zeros,
			       .avail_in = sizeof(zeros),
			       .next_out = data,
			       .avail_out = 1 << 20 };
		size_t length = 0;

		if (_i == KFRAG_PACKING_XZ) {
			ck_assert_int_eq(lzma_easy_buffer_encode(
						 0, LZMA_CHECK_CRC32, NULL,
						 zeros, sizeof(zeros), data,
						 &length, 1 << 20),
					 LZMA_OK);
		} else {
			deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8,
				     Z_DEFAULT_STRATEGY);
			deflate(&z, Z_FINISH);
			length = z.total_out;
			deflateEnd(&z);
		}
		packed.nr_bytes = 0;
		feeder.at = 0;
		append(&packed, data, length);

		struct kfrag_unpack *unpack;
		size_t got = 1;

		ck_assert_int_eq(kfrag_unpack_create(&unpack,
						     (enum kfrag_packing)_i,
						     source),
				 KFRAG_OK);
		while (got > 0) {
			ck_assert_int_eq(kfrag_unpack_read(unpack, data, 9999,
							   &got),
					 KFRAG_OK);
			nr_bytes += got;
		}
		ck_assert_int_eq(kfrag_unpack_fault(unpack).code,
				 KFRAG_UNPACK_FINE);
		kfrag_unpack_destroy(unpack);
	}
	ck_assert_uint_eq(nr_bytes, (uint64_t)NR_PIECES << 20);
	free(data);
}
END_TEST

/* What xz --lzma2=dict=256MiB makes of "dict". */
static const unsigned char wide[] = {
	0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6, 0xb4, 0x46,
	0x02, 0x00, 0x21, 0x01, 0x20, 0x00, 0x00, 0x00, 0x09, 0x88, 0xa5, 0x76,
	0x01, 0x00, 0x03, 0x64, 0x69, 0x63, 0x74, 0x00, 0xdf, 0xe6, 0x17, 0x02,
	0xe7, 0xac, 0xc9, 0x00, 0x00, 0x01, 0x1c, 0x04, 0x6f, 0x2c, 0x9c, 0xc1,
	0x1f, 0xb6, 0xf3, 0x7d, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5a
};

static enum kfrag_unpack_code code_of(const void *data, size_t nr_bytes)
{
	struct bytes packed = { .nr_bytes = 0 }, back;
	struct feeder feeder = { .packed = &packed };
	enum kfrag_error error;
	enum kfrag_unpack_code code;

	append(&packed, data, nr_bytes);
	code = unpack_all(&back, &feeder, KFRAG_PACKING_XZ, &error).code;
	EXPECT_EQ(error, KFRAG_OK);
	EXPECT_EQ(back.nr_bytes, 0);
	return code;
}

START_TEST(xz_beyond_limits)
{
	/* Stream flags that are reserved, their sum right. */
	unsigned char strange[] = { 0xfd, '7',	'z', 'X', 'Z', 0,
				    0x01, 0x04, 0,   0,	  0,   0 };
	uint32_t sum = lzma_crc32(strange + 6, 2, 0);

	for (int i = 0; i < 4; i++)
		strange[8 + i] = (unsigned char)(sum >> 8 * i);
	ck_assert_int_eq(code_of(wide, sizeof(wide)), KFRAG_UNPACK_TOO_WIDE);
	ck_assert_int_eq(code_of(strange, sizeof(strange)),
			 KFRAG_UNPACK_UNKNOWN);
}
END_TEST

START_TEST(packing_by_magic)
{
	static const struct {
		const char *bytes;
		size_t nr_bytes;
		enum kfrag_packing packing;
	} cases[] = {
		{ "", 0, KFRAG_PACKING_NONE },
		{ "\x1f\x8b", 2, KFRAG_PACKING_NONE },
		{ "\x1f\x8b\x08", 3, KFRAG_PACKING_GZIP },
		{ "\x1f\x8b\x07....", 7, KFRAG_PACKING_NONE },
		{ "\xfd"
		  "7zXZ",
		  5, KFRAG_PACKING_NONE },
		{ "\xfd"
		  "7zXZ\0",
		  6, KFRAG_PACKING_XZ },
		{ "\xfd"
		  "7zXZ\1",
		  6, KFRAG_PACKING_NONE },
		{ "slabinfo - version: 2.1", 23, KFRAG_PACKING_NONE },
	};

	for (size_t i = 0; i < NR_OF(cases); i++)
		ck_assert_int_eq(kfrag_packing_of(cases[i].bytes,
						  cases[i].nr_bytes),
				 cases[i].packing);
	ck_assert_str_eq(kfrag_packing_text(KFRAG_PACKING_NONE), "plain");
	ck_assert_str_eq(kfrag_packing_text(KFRAG_PACKING_GZIP), "gzip");
	ck_assert_str_eq(kfrag_packing_text(KFRAG_PACKING_XZ), "xz");
	for (int i = 0; i < KFRAG_NR_UNPACK_CODES; i++)
		ck_assert_ptr_nonnull(
			kfrag_unpack_code_text((enum kfrag_unpack_code)i));
	kfrag_unpack_destroy(NULL);
}
END_TEST

Suite *unpack_suite(void)
{
	Suite *suite = suite_create("unpack");
	TCase *tc = tcase_create("unpack");
	int first = KFRAG_PACKING_NONE + 1;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, packing_by_magic);
	tcase_add_loop_test(tc, pieces_of_any_size, first, KFRAG_NR_PACKINGS);
	tcase_add_loop_test(tc, cut, first, KFRAG_NR_PACKINGS);
	tcase_add_loop_test(tc, one_bit, first, KFRAG_NR_PACKINGS);
	tcase_add_loop_test(tc, something_behind, first, KFRAG_NR_PACKINGS);
	tcase_add_loop_test(tc, source_fails, first, KFRAG_NR_PACKINGS);
	tcase_add_loop_test(tc, long_text, first, KFRAG_NR_PACKINGS);
	tcase_add_test(tc, xz_beyond_limits);
	suite_add_tcase(suite, tc);
	return suite;
}
