/* json: turn any octets into a JSON string. */
/* SPDX-License-Identifier: ISC */

#include "base/json.h"

#include "base/buf.h"
#include "base/utf8.h"

json_t *
json_text(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	if (!s.p)
		return json_null();
	if (utf8_valid(s) && span_find(s, 0x7f) == s.len &&
	    span_find(s, '\0') == s.len)
		return json_stringn(s.p, s.len);
	buf_escaped(&b, s);
	return json_stringn(b.p, b.len);
}
