/* fuzz_received_forms: Received fields of servers, with hostile words. */
/* SPDX-License-Identifier: ISC */

/*
 * Either the true client is found, or none. The first octet of the input
 * selects the form of the field, the second the fields above it; the rest are
 * the words, one on each line, in which octets from 0x80 on select a text of
 * pieces[].
 */

#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "../unit/fixture_received_forms.h"

static const char *const pieces[] = {" by ", "by", " from ", FORM_HOST,
    FORM_RELAY, " (", "(", ") ", ")", "[" FORM_FORGED "]", FORM_FORGED,
    "[" FORM_CLIENT "]", FORM_CLIENT, "[127.0.0.1]", "127.0.0.1", "[10.0.0.1]",
    " with LMTP", "HELO ", "EHLO ", "helo=", "ident=", "port=25", "(Exim",
    "; " FORM_DATE, "(" FORM_FORGED ")", "(x [" FORM_FORGED "])",
    " by " FORM_HOST, " by " FORM_RELAY, "qmail ", "@", ":25", "[unix socket]"};
#define PIECES (COUNT(pieces))

static struct span
words(struct span line, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if (c >= 0x80 && c < 0x80 + PIECES)
			buf_str(&b, pieces[c - 0x80]);
		else
			buf_char(&b, c && c != '\r' ? (char)c : ' ');
	}
	return buf_span(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span slot[FORM_SLOTS], rest, text;
	struct arena *a;

	if (size < 2)
		return 0;
	a = arena_new();
	rest = fuzz_span(data + 2, size - 2);
	for (size_t i = 0; i < FORM_SLOTS; i++)
		slot[i] = words(span_cut(&rest, '\n'), a);
	assert(form_search(data[1] / 2 % FORMS_ABOVE, data[0] % FORMS,
		   data[1] % 2, slot, a, &text) != FORM_BROKEN);
	arena_free(a);
	return 0;
}
