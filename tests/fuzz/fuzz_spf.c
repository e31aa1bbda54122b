/* fuzz_spf: parses SPF records, and expands macros with hostile values. */
/* SPDX-License-Identifier: ISC */

/* A text that is not a record is used as a macro-string, and as the terms of a
 * record. */

#include <assert.h>
#include <netinet/in.h>

#include "base/buf.h"
#include "fuzz.h"
#include "base/limit.h"
#include "spf/spf_record.h"

static struct span
validated(void *arg)
{
	(void)arg;
	return SPAN("..\\.%{p}\xff");
}

static struct spf_macros
hostile(int family)
{
	return (struct spf_macros){
	    .ip = {family, {0x20, 0x01, 0x0d, 0xb8, [14] = 0xcb, 0xff}},
	    .local = SPAN("\0%{l}..-a+b,c/d_e=f\x80\xff@\r\n"),
	    .sender_domain = SPAN(".xn--\xc3\xa9..%%."),
	    .domain = SPAN("a.b-c.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
			   "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
	    .helo = SPAN("[192.0.2.1]"),
	    .receiver = SPAN_NONE,
	    .now = INT64_MIN,
	    .validated = validated,
	};
}

static void
expand(struct span text, int family, struct arena *a)
{
	struct spf_macros m = hostile(family);
	struct span s = spf_macro_expand(text, &m, a);

	assert(s.len <= LIMIT_SPF_EXPANSION);
	if (!spf_macro_uses(text, NULL) && text.len <= LIMIT_SPF_EXPANSION)
		assert(s.p && span_eq(s, text));
	if (s.p && s.len <= LIMIT_DNS_NAME)
		assert(span_starts(s, spf_macro_target(text, &m, a)));
	assert(spf_macro_target(text, &m, a).len <= LIMIT_DNS_NAME);
}

static void
macro_text(struct span text, struct arena *a)
{
	bool string = spf_macro_is_string(text, false);

	assert(string || !spf_macro_is_domain(text));
	if (spf_macro_is_string(text, true)) {
		expand(text, AF_INET, a);
		expand(text, AF_INET6, a);
	} else
		assert(!string);
}

static void
term(const struct spf_term *t, struct arena *a)
{
	assert(t->text.len && span_find(t->text, ' ') == t->text.len);
	assert(t->ip4_bits <= 32 && t->ip6_bits <= 128);
	assert(t->network.bits <= 128);
	assert(spf_term_result(t) <= SPF_NEUTRAL);
	assert(!t->domain.p || spf_macro_is_domain(t->domain));
	if (spf_term_queries(t) && t->domain.p)
		macro_text(t->domain, a);
}

static void
record(struct span text, struct arena *a)
{
	struct spf_record r;
	struct span wrong;
	enum spf_reason reason = spf_record_parse(text, a, &r, &wrong);

	assert((reason == SPF_RECORD_OCTETS) == !span_is_ascii(text));
	assert((reason == SPF_PASS) == !wrong.p);
	assert(!wrong.p || wrong.len);
	for (size_t i = 0; i < r.nterms; i++)
		term(&r.terms[i], a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span text = fuzz_span(data, size);
	struct buf b = BUF(a);

	if (spf_is_record(text))
		record(text, a);
	else {
		macro_text(text, a);
		buf_str(&b, "v=spf1 ");
		buf_add(&b, text);
		record(buf_span(&b), a);
	}
	arena_free(a);
	return 0;
}
