#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *mem_got(void *p)
{
	static const char text[] = "hl: out of memory\n";

	if (!p) {
		ssize_t ignored = write(2, text, sizeof text - 1);
		(void)ignored;
		_exit(70);
	}
	return p;
}

void *mem_new(size_t size)
{
	return mem_got(calloc(1, size ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
	return mem_got(calloc(count ? count : 1, size ? size : 1));
}

void *mem_grow(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return mem_got(NULL);
	size *= count;
	return mem_got(realloc(p, size ? size : 1));
}

char *mem_text(const char *s)
{
	return s ? mem_copy(s, strlen(s)) : NULL;
}

char *mem_copy(const void *p, size_t n)
{
	char *copy = mem_got(malloc(n + 1));

	if (n)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

void *mem_room(void *p, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 8;
	return mem_grow(p, *cap, size);
}
