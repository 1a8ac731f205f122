// SPDX-License-Identifier: MIT
#include "output/writer.h"

#include <stdarg.h>

#include "output/stream.h"

void kfrag_writer_flush(struct kfrag_writer *writer)
{
	(void)fwrite(writer->bytes, 1, writer->nr_bytes, writer->stream);
	writer->nr_bytes = 0;
}

enum kfrag_error kfrag_writer_end(struct kfrag_writer *writer,
				  enum kfrag_error error)
{
	kfrag_writer_flush(writer);
	kfrag_scratch_release(&writer->escaped);
	return error ? error : kfrag_stream_end(writer->stream);
}

void kfrag_writer_bytes_past(struct kfrag_writer *writer, const char *bytes,
			     size_t nr_bytes)
{
	kfrag_writer_flush(writer);
	if (nr_bytes > KFRAG_WRITER_SIZE)
		(void)fwrite(bytes, 1, nr_bytes, writer->stream);
	else
		kfrag_writer_bytes(writer, bytes, nr_bytes);
}

void kfrag_writer_format(struct kfrag_writer *writer, const char *format, ...)
{
	va_list args;

	kfrag_writer_flush(writer);
	va_start(args, format);
	(void)vfprintf(writer->stream, format, args);
	va_end(args);
}
