// SPDX-License-Identifier: MIT
#include "cli/explain_lessons.h"

#include <string.h>

static const char lecture[] =
	"say THE BUDDY ALLOCATOR. It hands out blocks of 1, 2, 4, 8, ... pages "
	"and nothing else. The exponent is a block's order: 2^order pages.\n"
	"page 4K\n"
	"memory 256K\n"
	"show all\n"
	"say A wants 14 KiB. Blocks have the sizes 4, 8, 16, 32, ... KiB, so it "
	"takes one of 16 KiB. Where none is free, a larger one is split into "
	"halves, again and again. The two halves of a block are each other's "
	"buddies.\n"
	"ask How large is the block that A gets? = 16K\n"
	"alloc A 14K\n"
	"show memory tree freelist\n"
	"say The free list of each order has the upper half of a split now.\n"
	"ask How much does B get, which wants 70 KiB? = 128K\n"
	"alloc B 70K\n"
	"show memory tree freelist\n"
	"say C wants 90 KiB. 16 + 32 + 64 = 112 KiB are free.\n"
	"ask Does C get a block: yes or no? = no\n"
	"alloc C 90K\n"
	"say Now A gives its block back. It looks at its buddy, the other half of "
	"the block of 32 KiB that both come from. As that is free, both become "
	"that block again, which does the same.\n"
	"ask How large is the free block in which A ends? = 128K\n"
	"free A\n"
	"show memory tree freelist\n"
	"say The request that failed is made again.\n"
	"ask Does C get a block now: yes or no? = yes\n"
	"alloc C 90K\n"
	"say All is given back.\n"
	"free B\n"
	"ask How many free blocks are there after the last free? = 1\n"
	"free C\n"
	"show all\n"
	"say See also: kfrag explain bitmap, how a buddy is found; kfrag explain "
	"slab, for objects that are smaller than a page.\n";

static const char bitmap[] =
	"say HOW A BUDDY IS FOUND. Blocks of order k begin at multiples of 2^k "
	"pages, so each has a number: its first page / 2^k. Blocks 0 and 1 are "
	"buddies, 2 and 3, 4 and 5, and so on. An even block's buddy is the next "
	"one, an odd block's the one before: the number with its lowest bit turned "
	"over, number xor 1. Nothing needs to be searched.\n"
	"memory 64K\n"
	"say Whether the buddy is free has to be written down. One bit for each "
	"pair of buddies is enough, as Linux had it up to 2.6.9: the bit is turned "
	"over whenever one of both becomes a free block or ceases to be one. So it "
	"is 1 if just one of them is free. When a block is freed and its bit is "
	"1, the free one must be the buddy: both merge.\n"
	"show bitmap\n"
	"alloc A 4K\n"
	"show memory bitmap\n"
	"say A is page 0. Its buddy, page 1, is free: the bit of that pair is 1. "
	"So it is for each split.\n"
	"ask Which page is the buddy of page 1? = 0\n"
	"alloc B 4K\n"
	"show memory bitmap\n"
	"say Both of the pair are in use, so the bit is 0 again, as it is where "
	"both are free and have merged.\n"
	"ask What is the number of the block of order 1 that begins at page 2? "
	"= 1\n"
	"alloc C 8K\n"
	"show memory bitmap\n"
	"ask The buddy of block 1 of order 1 is block ... = 0\n"
	"free C\n"
	"show memory bitmap\n"
	"say Block 0 of order 1 is split and in use: its pair has a 1 for C's "
	"block alone.\n"
	"free A\n"
	"ask To which size does B's block merge, when it is freed? = 64K\n"
	"free B\n"
	"show memory bitmap\n"
	"say THE COST. With n pages there are n/2 pairs of order 0, n/4 of order 1, "
	"and so on: almost one bit a page in all. The textbook's one bit a block "
	"takes twice that. For 24 GiB in pages of 4 KiB, 2 bits a page are 1.5 "
	"MiB: 0.006 % of memory.\n";

static const char slab[] =
	"say SLABS. An object of 600 bytes in a block of its own takes a page: 85 "
	"percent of it are lost. A slab is a block that is cut into slots for "
	"objects of one size.\n"
	"memory 64K\n"
	"cache inode 600\n"
	"ask How many slots of 600 bytes has a slab of 4096 bytes? = 6\n"
	"show slabs\n"
	"say The first object: there is no slab yet, so one is taken from the "
	"buddy allocator. It begins empty, all its slots in a free list, and the "
	"object gets the first of them.\n"
	"new inode\n"
	"say A few more come from the same slab, and no page is taken.\n"
	"new inode 5\n"
	"say The slab is full. The next object needs a second slab. With 8 more "
	"there are 14 objects.\n"
	"ask How many slabs of 6 slots hold 14 objects? = 3\n"
	"new inode 8\n"
	"say Objects go in any order. The slot of one that goes is free for the "
	"next one, whatever that is, if only it is of this cache.\n"
	"delete inode #1\n"
	"delete inode #8\n"
	"new inode\n"
	"say A slab goes back to the buddy allocator with its last object, and "
	"merges there with its buddy.\n"
	"delete inode 2\n"
	"delete inode 5\n"
	"ask Five of the six objects that are left go: how many bytes of slabs "
	"does the cache still hold? = 4096\n"
	"delete inode 5\n"
	"say The last object holds a whole slab: free slots are of no use to any "
	"other cache. That is what fragmentation of slabs is.\n"
	"delete inode\n"
	"show all\n";

static const struct explain_lesson lessons[] = {
	{ "lecture", "the buddy allocator in 256 KiB: split, refuse, merge",
	  lecture },
	{ "bitmap", "how a buddy is found, and what the bitmap costs", bitmap },
	{ "slab", "slabs: empty, partial, full, and given back", slab },
};

const struct explain_lesson *explain_lessons(size_t *nr_lessons)
{
	*nr_lessons = sizeof(lessons) / sizeof(lessons[0]);
	return lessons;
}

const struct explain_lesson *explain_lesson_find(const char *name)
{
	size_t nr_lessons;
	const struct explain_lesson *all = explain_lessons(&nr_lessons);

	for (size_t i = 0; i < nr_lessons; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}
