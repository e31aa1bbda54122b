/* fuzz_authres: parses and strips Authentication-Results fields. */
/* SPDX-License-Identifier: ISC */

/* A field that is stripped once does not change when stripped again. */

#include <assert.h>

#include "base/ascii.h"
#include "mail/authres.h"
#include "mail/field.h"
#include "fuzz.h"

static struct span
strip(const struct authres_removal *what, const char *eol, struct span s,
    struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);
	struct sink *strip = authres_strip_new(&out.sink, what, eol);

	sink_put(strip, s);
	sink_end(strip);
	authres_strip_free(strip);
	return buf_span(&out.buf);
}

/* Returns the first line with its continuation lines. */
static struct span
group(struct span s)
{
	size_t n = field_line_length(s);

	while (n && n < s.len && ascii_is_wsp(s.p[n])) {
		size_t more = field_line_length(span_from(s, n));

		n = more ? n + more : s.len;
	}
	return n ? span_upto(s, n) : s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span s = fuzz_span(data, size), once, kept;
	bool crlf = size && data[0] & 1, keep = size && data[0] & 2;
	const char *eol = crlf ? "\r\n" : "\n";
	const struct authres_removal what = {
	    SPAN("mx.example.org"), "dkim", keep, SPAN("X-Score")};
	struct authres ar;

	authres_parse(s, a, &ar);
	authres_kept(
	    &what, ARENA_JOIN(a, SPAN("Authentication-Results:"), s), a);
	kept = authres_kept(&what, group(s), a);
	assert(span_eq(authres_kept(&what, kept, a), kept));
	once = strip(&what, eol, s, a);
	assert(span_eq(strip(&what, eol, once, a), once));
	arena_free(a);
	return 0;
}
