#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void words_add(struct words *w, const char *word)
{
	w->items = mem_room(w->items, w->count + 1, &w->cap, sizeof *w->items);
	w->items[w->count++] = mem_text(word);
	w->items[w->count] = NULL;
}

void words_set(struct words *w, const char *name, const char *value)
{
	size_t n = strlen(name), size = n + strlen(value) + 2;
	char *word = mem_new(size);

	snprintf(word, size, "%s=%s", name, value);
	for (size_t i = 0; i < w->count; i++)
		if (strncmp(w->items[i], word, n + 1) == 0) {
			free(w->items[i]);
			w->items[i] = word;
			return;
		}
	words_add(w, word);
	free(word);
}

void words_clear(struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->items[i]);
	free(w->items);
	*w = (struct words){.items = NULL};
}
