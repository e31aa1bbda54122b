/* test_header_repairs_pairs: repairs of what other repairs give, for fields as
 * real programs write them. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header_repairs.h"

#define R CANON_RELAXED
#define P CANON_SIMPLE

struct pair {
	enum canon canon;
	const char *received, *original;
};

/* As Python's email writes them (email.header.Header, policies), and Perl's
 * Encode (MIME-Header, MIME-Q), sendmail and Outlook. */
static const struct pair once[] = {
    {R, "Subject: =?utf-8?b?W2Rldl0gSMOpbGxvIHfDtnJsZA==?=\r\n",
	"Subject: =?utf-8?q?H=C3=A9llo_w=C3=B6rld?=\r\n"},
    {R,
	"Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln=3A_ein_l=C3=A4ngerer_"
	"Betreff=2C_d?=\r\n =?UTF-8?Q?er_gefaltet_werden_muss=2C_weil_er_lang"
	"_ist?=\r\n",
	"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln=3A_ein_l=C3=A4ngerer_"
	"Betref?=\r\n =?utf-8?q?f=2C_der_gefaltet_werden_muss=2C_weil_er_lang_"
	"ist?=\r\n"},
    {R,
	"Subject: =?UTF-8?B?5pel5pys6Kqe44Gu5Lu25ZCN44Gn44GZ44CC44Go44Gm44KC"
	"6ZW344GE5Lu2?=\r\n =?UTF-8?B?5ZCN44Gq44Gu44Gn5YiG5Ymy44GV44KM44G+44GZ"
	"44CC44KC44GG5bCR44GX?=\r\n =?UTF-8?B?6ZW344GP44GX44G+44GZ?=\r\n",
	"Subject: =?utf-8?b?5pel5pys6Kqe44Gu5Lu25ZCN44Gn44GZ44CC44Go44Gm44KC"
	"6ZW344GE?=\r\n =?utf-8?b?5Lu25ZCN44Gq44Gu44Gn5YiG5Ymy44GV44KM44G+44GZ"
	"44CC44KC44GG5bCR44GX?=\r\n =?utf-8?b?6ZW344GP44GX44G+44GZ?=\r\n"},
    {P,
	"To: Alice B <alice@example.org>, Bob C <bob@example.org>,"
	"\r\n \"D, E\" <de@example.net>, f@example.com\r\n",
	"To: Alice B <alice@example.org>, Bob C <bob@example.org>,"
	"\r\n\t\"D, E\" <de@example.net>, f@example.com\r\n"},
    {P, "Content-Type: text/plain; charset=\"utf-8\"; format=\"flowed\"\r\n",
	"Content-Type: text/plain;\r\n\tcharset=utf-8;\r\n\tformat=flowed\r\n"},
};

/* Two alterations of a field. */
static const struct pair twice[] = {
    {P, "Subject: [dev] a b\r\n", "Subject: a b \r\n"},
    {P, "Subject: [dev] a b\r\n", "subject: a b\r\n"},
    {R, "Subject: [dev] a [ext]\r\n", "Subject: a\r\n"},
    {R, "Subject: [dev] Re: =?utf-8?q?=C3=A9?= b\r\n",
	"Subject: Re: \xc3\xa9 b\r\n"},
    {R, "Subject: [dev] Re: a\r\n", "Subject: AW: a\r\n"},
    {P, "From: \"Alice B\" <alice@example.org.invalid>\r\n",
	"From: Alice B <alice@example.org>\r\n"},
    {R, "From: \"=?UTF-8?Q?J=C3=BC?= via Dev\" <l@x>\r\nReply-To: a@b\r\n",
	"From: =?utf-8?b?SsO8?= <a@b>\r\n"},
    {R, "To: \"Alice\" <a@b>,dev@x\r\n", "To: Alice <a@b>\r\n"},
    {R, "Date: Mon, 02 Feb 2026 03:04:05 +0000\r\n",
	"Date: Mon, 2 Feb 2026 04:04:05 +0100 (CET)\r\n"},
    {R, "Content-Type: text/plain; charset=\"us-ascii\"; format=flowed\r\n",
	"Content-Type: text/plain; charset=us-ascii\r\n"},
    {P, "Content-Type: multipart/mixed; boundary=\"ab\"; charset=utf-8\r\n",
	"Content-type: multipart/mixed; charset=utf-8; boundary=\"ab\"\r\n"},
    {P, "References: <a@b> <c@d> <e@f>\r\n",
	"References: <a@b>\r\n\t<c@d>\r\n"},
};

/* What all repairs of texts propose for a text of a field. */
static struct header_proposals
all(struct trial *t, size_t index, struct span raw)
{
	struct header_proposals p = {.arena = t->fixture.arena, .most = 2000};

	for (const struct header_repair *r = header_text_repairs; r->kind.id;
	     r++)
		r->field(&t->h, index, raw, &p);
	return p;
}

static bool
is_original(const struct trial *t, struct span raw, const char *original)
{
	struct arena *a = arena_new();
	struct sink_buf one = sink_to_buf(a), other = sink_to_buf(a);
	bool is;

	canon_header(t->signature.header, raw, &one.sink);
	canon_header(t->signature.header, span_of(original), &other.sink);
	is = span_eq(buf_span(&one.buf), buf_span(&other.buf));
	arena_free(a);
	return is;
}

static unsigned
depth(const struct pair *c, size_t *n)
{
	struct trial t;
	struct arena *a = arena_new();
	struct header_proposals first;
	unsigned found = 0;

	trial_begin(&t, c->canon,
	    "from:to:cc:subject:date:content-type:references",
	    with_signature(c->received, a));
	first = all(&t, 0, t.h.m->fields[0].raw);
	*n = first.n;
	for (size_t i = 0; i < first.n && !found; i++)
		if (is_original(&t, first.list[i].changes[0].raw, c->original))
			found = 1;
	for (size_t i = 0; i < first.n && !found; i++) {
		struct header_proposals second =
		    all(&t, 0, first.list[i].changes[0].raw);

		for (size_t k = 0; k < second.n && !found; k++)
			if (is_original(
				&t, second.list[k].changes[0].raw, c->original))
				found = 2;
	}
	trial_end(&t);
	arena_free(a);
	return found;
}

static void
check(const struct pair *cases, size_t n, unsigned most)
{
	for (size_t i = 0; i < n; i++) {
		size_t proposed;
		unsigned found = depth(&cases[i], &proposed);

		if (!found || found > most)
			fail_msg("case %zu: depth %u, %zu proposals", i, found,
			    proposed);
		assert_true(proposed < 300);
	}
}

static void
test_once(void **state)
{
	(void)state;
	check(once, COUNT(once), 1);
}

static void
test_twice(void **state)
{
	(void)state;
	check(twice, COUNT(twice), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_once),
	    cmocka_unit_test(test_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
