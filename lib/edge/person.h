/*
 * person: who runs this program, by the login name.
 */
#ifndef HL_EDGE_PERSON_H
#define HL_EDGE_PERSON_H

/* sudo keeps the name of the person. "somebody" when there is none. Lent until the next call. */
const char *person_name(void);

#endif
