#include "flow/transcript.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "doc/minutes.h"
#include "edge/state.h"
#include "json/node.h"

int transcript_keep(const json_t *transcript, char hex[SHA_HEX], struct err *e)
{
	char *bytes = json_canonical(transcript), *dir = state_make(MINUTES_ROOT, e);
	struct buf path = BUF_INIT(8192);
	int rc = dir ? 0 : -1;

	sha_hex(str_of(bytes), hex);
	if (rc == 0) {
		buf_putf(&path, "%s/%s.json", dir, hex);
		if (!file_exists(buf_text(&path)))
			rc = file_replace(buf_text(&path), str_of(bytes), e);
	}
	buf_clear(&path);
	free(dir);
	free(bytes);
	return rc;
}
