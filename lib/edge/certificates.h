/*
 * certificates: how long those on this machine last. The files are found here and read by the
 * openssl program, which knows every encoding.
 */
#ifndef HL_EDGE_CERTIFICATES_H
#define HL_EDGE_CERTIFICATES_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"

/*
 * {"certificates":[{"path","subject","not_after","days_left"}],"unreadable":[paths]}, the first to
 * expire first; of a file with a chain, its first certificate; the same certificate in two files
 * once. `paths` are files and directories, searched for *.pem, *.crt and *.cer; those that are
 * absent are passed over. NULL: the usual places. ERR_UNAVAILABLE without openssl.
 */
json_t *certificates_list(const char *const *paths, size_t n, int64_t now, struct err *e);

#endif
