/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SAMPLE_MARKS_H
#define KFRAG_SAMPLE_MARKS_H

/*
 * How the comment lines of a recorded sample begin; kfrag/sample.h shows a
 * whole one. Both the writer and the reader look here.
 */
#define KFRAG_SAMPLE_START "# kfrag record: time="
#define KFRAG_SAMPLE_END "# kfrag record: end time="
#define KFRAG_SAMPLE_BUDDYINFO "# buddyinfo: "
#define KFRAG_SAMPLE_MEMINFO "# meminfo: "
#define KFRAG_SAMPLE_SYSSLAB "# sysslab: "

#endif
