/*
 * Draws every event that libyaml finds in each of the files and throws it away: the least that
 * reading them with libyaml can cost.
 */
#include <stdio.h>
#include <yaml.h>

static int draw(FILE *f)
{
	yaml_parser_t parser;
	yaml_event_t event;
	int done = 0, rc = 0;

	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, f);
	while (!done && !rc) {
		rc = !yaml_parser_parse(&parser, &event);
		done = rc || event.type == YAML_STREAM_END_EVENT;
		if (!rc)
			yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return rc;
}

int main(int argc, char **argv)
{
	int rc = 0;

	for (int i = 1; i < argc && !rc; i++) {
		FILE *f = fopen(argv[i], "r");

		rc = f ? draw(f) : 1;
		if (f)
			fclose(f);
	}
	return rc;
}
