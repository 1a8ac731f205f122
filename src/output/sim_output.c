// SPDX-License-Identifier: MIT
/* Simulations for programs: json and data for gnuplot. */
#include <string.h>

#include "kfrag/sim_output.h"
#include "kfrag/version.h"
#include "output/gnuplot_parts.h"
#include "output/json_parts.h"
#include "output/writer.h"

enum kfrag_error kfrag_sim_write_json(FILE *out,
				      const struct kfrag_sim_page *page,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "{\n\"kfrag\": \"" KFRAG_VERSION "\",\n"
				   "\"parameters\": {");
	for (size_t i = 0; i < page->nr_parameters && !error; i++) {
		const struct kfrag_sim_parameter *of = &page->parameters[i];

		kfrag_json_key(&writer, i, of->name);
		error = kfrag_json_string(&writer, of->text, strlen(of->text));
	}
	kfrag_writer_char(&writer, '}');
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_json_rows(&writer, &selections[i]);
	kfrag_writer_text(&writer, "\n}\n");
	return kfrag_writer_end(&writer, error);
}

enum kfrag_error
kfrag_sim_write_gnuplot(FILE *out, const struct kfrag_sim_page *page,
			const struct kfrag_selection *selections,
			size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "# kfrag " KFRAG_VERSION "\n");
	for (size_t i = 0; i < page->nr_parameters; i++) {
		const struct kfrag_sim_parameter *of = &page->parameters[i];
		const char *text = kfrag_writer_escape(&writer, of->text,
						       strlen(of->text));

		if (!text)
			return kfrag_writer_end(&writer, KFRAG_ENOMEM);
		kfrag_writer_text(&writer, "# ");
		kfrag_writer_text(&writer, of->name);
		kfrag_writer_text(&writer, ": ");
		kfrag_writer_text(&writer, text);
		kfrag_writer_char(&writer, '\n');
	}
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_gnuplot_rows(&writer, &selections[i]);
	return kfrag_writer_end(&writer, error);
}
