// SPDX-License-Identifier: MIT
/* Simulations for programs: json and data for gnuplot. */
#include <string.h>

#include "kfrag/sim_output.h"
#include "output/gnuplot_parts.h"
#include "output/json_parts.h"
#include "output/writer.h"

static struct kfrag_named_value
value_of(const struct kfrag_sim_parameter *parameter)
{
	return (struct kfrag_named_value){
		parameter->name,
		kfrag_value_name(parameter->text, strlen(parameter->text))
	};
}

enum kfrag_error kfrag_sim_write_json(FILE *out,
				      const struct kfrag_sim_page *page,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error = KFRAG_OK;

	kfrag_json_begin(&writer, out);
	kfrag_writer_text(&writer, "\"parameters\": {");
	for (size_t i = 0; i < page->nr_parameters && !error; i++) {
		const struct kfrag_named_value value =
			value_of(&page->parameters[i]);

		error = kfrag_json_members(&writer, i, &value, 1);
	}
	kfrag_writer_char(&writer, '}');
	return kfrag_json_end(&writer, selections, nr_selections, error);
}

enum kfrag_error
kfrag_sim_write_gnuplot(FILE *out, const struct kfrag_sim_page *page,
			const struct kfrag_selection *selections,
			size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error = KFRAG_OK;

	kfrag_gnuplot_begin(&writer, out);
	for (size_t i = 0; i < page->nr_parameters && !error; i++) {
		const struct kfrag_named_value value =
			value_of(&page->parameters[i]);

		error = kfrag_gnuplot_comments(&writer, &value, 1);
	}
	return kfrag_gnuplot_end(&writer, selections, nr_selections, error);
}
