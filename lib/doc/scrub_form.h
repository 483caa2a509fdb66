/*
 * scrub_form: what is recognised by arithmetic rather than by its looks. Each gives the length of
 * what begins at `at`, or 0. The caller has seen to it that nothing that belongs to it stands
 * before. None looks further than FORM_MOST bytes.
 *
 * Sources: RFC 4291 and inet_pton(3) for addresses; ISO/IEC 7812 (Luhn) for cards; ISO 13616
 * (modulo 97) for account numbers; E.164 for telephone numbers.
 */
#ifndef HL_DOC_SCRUB_FORM_H
#define HL_DOC_SCRUB_FORM_H

#include "base/str.h"

#define FORM_MOST 64

/* Loopback, 0.0.0.0 and 255.255.255.255 are nobody's. A fifth part makes it a version. */
size_t form_ipv4(struct str text, size_t at);
size_t form_ipv6(struct str text, size_t at);
size_t form_mac(struct str text, size_t at);
size_t form_phone(struct str text, size_t at); /* from the plus on */
size_t form_card(struct str text, size_t at);
size_t form_iban(struct str text, size_t at);

#endif
