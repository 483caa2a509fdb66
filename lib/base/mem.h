/*
 * mem: allocation that does not fail. When memory is exhausted the program
 * says so and exits 70; nobody else checks for it. Release with free().
 */
#ifndef HL_BASE_MEM_H
#define HL_BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t size);                         /* zeroed */
void *mem_array(size_t count, size_t size);         /* zeroed; overflow exits */
void *mem_grow(void *p, size_t count, size_t size); /* like reallocarray */
char *mem_text(const char *s);                      /* NULL gives NULL */
char *mem_copy(const void *p, size_t n);            /* n bytes and a NUL after them */

/* What another library allocated: returns it, and exits when it is NULL. */
void *mem_got(void *p);

/*
 * Makes room for one more element: returns the array, grown by doubling when
 * `count` has reached `*cap`.
 */
void *mem_room(void *p, size_t count, size_t *cap, size_t size);

#endif
