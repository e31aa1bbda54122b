/* test_header_repairs_subject: what was put into a Subject, and its words in
 * other encodings. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header_repairs.h"

#define R CANON_RELAXED
#define P CANON_SIMPLE
#define N "from:subject:from"

static const struct repaired cases[] = {
    {"subject-tag", R, N, "From: a@b\r\nSubject: [dev] x\r\n",
	"From: a@b\r\nSubject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: Re: [dev 12] x y\r\n",
	"Subject: Re: x y\r\n", NULL},
    {"subject-tag", P, N, "Subject: [dev] Re: x\r\n", "Subject: Re: x\r\n",
	NULL},
    {"subject-tag", P, N, "Subject: [dev]\r\n x\r\n y\r\n",
	"Subject: x\r\n y\r\n", NULL},
    {"subject-tag", R, N, "Subject: Re: [dev] [users] Fwd: x\r\n",
	"Subject: Re: Fwd: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: [dev] [PATCH 1/2] x\r\n",
	"Subject: [PATCH 1/2] x\r\n", NULL},
    {"subject-tag", R, N, "Subject: [bug 7] [dev] x\r\n",
	"Subject: [bug 7] x\r\n", NULL},
    {"subject-tag", R, N, "Subject: Re: [dev] x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: [EXTERNAL] x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: EXTERNAL: Re: x\r\n", "Subject: Re: x\r\n",
	NULL},
    {"subject-tag", R, N, "Subject: [EXT]Re: x\r\n", "Subject: Re: x\r\n",
	NULL},
    {"subject-tag", R, N, "Subject: {Spam?} x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", P, N, "Subject: ***SPAM*** x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: *****SUSPECTED SPAM***** x\r\n",
	"Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: [Suspected Spam] x\r\n", "Subject: x\r\n",
	NULL},
    {"subject-tag", R, N, "Subject: CAUTION: x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: Suspected Spam: x\r\n", "Subject: x\r\n",
	NULL},
    {"subject-tag", R, N, "Subject: (U) x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: SPAM x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: EXTERNAL - x\r\n", "Subject: x\r\n", NULL},
    {"subject-tag", R, N, "Subject: =?utf-8?B?W2Rldl0gSMOpbGxv?=\r\n",
	"Subject: =?utf-8?B?SMOpbGxv?=\r\n", NULL},
    {"subject-tag", R, N, "Subject: =?utf-8?q?=5Bdev=5D_Re=3A_H=C3=A9llo?=\r\n",
	"Subject: Re: =?UTF-8?Q?H=C3=A9llo?=\r\n", NULL},
    {"subject-tag", R, N, "Subject: [dev] =?utf-8?q?H=C3=A9llo?=\r\n",
	"Subject: =?utf-8?q?H=C3=A9llo?=\r\n", NULL},
    {"subject-tag", R, N, "Subject: [dev] H\xc3\xa9llo\r\n",
	"Subject: H\xc3\xa9llo\r\n", NULL},
    {"subject-tag-moved", R, N, "Subject: [dev] Re: x\r\n",
	"Subject: Re: [dev] x\r\n", NULL},
    {"subject-tag-moved", R, N, "Subject: Re: [dev] x\r\n",
	"Subject: [dev] Re: x\r\n", NULL},
    {"subject-tag-moved", P, N, "Subject: [dev] Re: Fwd: x\r\n",
	"Subject: Re: Fwd: [dev] x\r\n", NULL},
    {"subject-suffix", R, N, "Subject: x y [EXTERNAL]\r\n", "Subject: x y\r\n",
	NULL},
    {"subject-suffix", R, N, "Subject: x (fwd)\r\n", "Subject: x\r\n", NULL},
    {"subject-suffix", P, N, "Subject: x - {ticket 7} [int]\r\n",
	"Subject: x\r\n", NULL},
    {"subject-reply", R, N, "Subject: Re: x\r\n", "Subject: RE: x\r\n", NULL},
    {"subject-reply", R, N, "Subject: Fwd: x\r\n", "Subject: x\r\n", NULL},
    {"subject-reply", R, N, "Subject: Re: x\r\n", "Subject: AW: x\r\n", NULL},
    {"subject-reply", R, N, "Subject: Fw: x\r\n", "Subject: WG: x\r\n", NULL},
    {"subject-reply", R, N, "Subject: x\r\nIn-Reply-To: <a@b>\r\n",
	"Subject: Re: x\r\n", NULL},
    {"subject-reply", R, N, "Subject: [dev] x\r\nReferences: <a@b>\r\n",
	"Subject: [dev] AW: x\r\n", NULL},
    {"subject-empty", R, N, "Subject: (no subject)\r\n", "Subject:\r\n", NULL},
    {"subject-empty", P, N, "Subject: [dev] (no subject)\r\n", "Subject: \r\n",
	NULL},
    {"subject-empty", P, N, "Subject: [dev]\r\n", "Subject:\r\n", NULL},
};

static const struct repaired encoded[] = {
    {"header-words-encoded", R, N, "Subject: =?utf-8?q?H=C3=A9?= x\r\n",
	"Subject: =?UTF-8?B?SMOp?= x\r\n", NULL},
    {"header-words-encoded", R, N, "From: =?utf-8?b?SsO8cmdlbg==?= <j@x>\r\n",
	"From: =?UTF-8?Q?J=C3=BCrgen?= <j@x>\r\n", NULL},
    {"header-words-encoded", R, N, "Subject: =?UTF-8?Q?caf=C3=A9?=\r\n",
	"Subject: =?iso-8859-1?Q?caf=E9?=\r\n", NULL},
    {"header-words-encoded", R, N, "Subject: =?UTF-8?B?Y2Fmw6k=?=\r\n",
	"Subject: =?utf-8?Q?caf=C3=A9?=\r\n", NULL},
    /* one word of two, and two of one */
    {"header-words-encoded", R, N,
	"Subject: =?utf-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOp?=\r\n"
	" =?utf-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOp?=\r\n",
	"Subject: =?utf-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOp"
	"w6nDqcOpw6nDqcOp?=\r\n",
	NULL},
    {"header-words-whole", R, N, "Subject: a =?UTF-8?Q?caf=C3=A9?= b\r\n",
	"Subject: =?UTF-8?Q?a_caf=C3=A9_b?=\r\n", NULL},
    {"header-words-whole", R, N, "Subject: =?UTF-8?Q?a_caf=C3=A9_b?=\r\n",
	"Subject: a =?UTF-8?Q?caf=C3=A9?= b\r\n", NULL},
    {"header-words-whole", R, N, "Subject: a caf\xc3\xa9 b\r\n",
	"Subject: a =?UTF-8?Q?caf=C3=A9_b?=\r\n", NULL},
    {"header-words-whole", R, N, "From: J\xc3\xbcrgen K <j@x>\r\n",
	"From: =?utf-8?q?J=C3=BCrgen_K?= <j@x>\r\n", NULL},
    {"header-words-whole", R, N, "From: \"J\xc3\xbcrgen K\" <j@x>\r\n",
	"From: =?utf-8?B?SsO8cmdlbiBL?= <j@x>\r\n", NULL},
    {"header-words-decoded", R, N, "Subject: =?utf-8?q?H=C3=A9?= x\r\n",
	"Subject: H\xc3\xa9 x\r\n", NULL},
    {"header-words-decoded", R, N, "From: =?UTF-8?B?SsO8cmdlbg==?= <j@x>\r\n",
	"From: J\xc3\xbcrgen <j@x>\r\n", NULL},
    {"header-words-decoded", P, N, "Subject: =?iso-8859-1?q?caf=E9?=\r\n",
	"Subject: caf\xe9\r\n", NULL},
    {"header-octets", R, N, "Subject: caf\xc3\xa9\r\n", "Subject: caf\xe9\r\n",
	NULL},
    {"header-octets", R, N, "Subject: caf\xe9\r\n", "Subject: caf\xc3\xa9\r\n",
	NULL},
    {"header-octets", P, N, "Subject: caf\xc3\x83\xc2\xa9\r\n",
	"Subject: caf\xc3\xa9\r\n", NULL},
    {"header-masked", R, N, "Subject: cafXX\r\n", "Subject: caf\xc3\xa9\r\n",
	NULL},
    {"header-masked", R, N, "Subject: Gr????e?\r\n",
	"Subject: Gr\xc3\xbc\xc3\x9f"
	"e?\r\n",
	NULL},
    {"header-masked", R, N, "Subject: Gr??e\r\n",
	"Subject: Gr\xc3\xbc\xc3\x9f"
	"e\r\n",
	NULL},
    {"header-masked", P, N, "Subject: caf?\r\n", "Subject: caf\xe9\r\n", NULL},
    {"header-masked", P, N, "Subject: GrXXe aus Koeln\r\n",
	"Subject: Gr\xfc\xdf"
	"e aus Koeln\r\n",
	NULL},
    {"header-masked", P, N, "Subject: maXX Warszawa ??dz\r\n",
	"Subject: ma\xc5\x82 Warszawa ??dz\r\n", NULL},
};

static void
test_subject(void **state)
{
	(void)state;
	check_cases(cases, COUNT(cases));
}

static void
test_encoded(void **state)
{
	(void)state;
	check_cases(encoded, COUNT(encoded));
}

static void
test_no_sign(void **state)
{
	static const char *const subjects[] = {"Subject: Lunch at noon\r\n",
	    "Subject: a - b, see http://x/[1]/y\r\n", "Subject: x\r\n",
	    "Subject: Is 5 < 7?\r\n"};
	static const char *const ids[] = {"subject-tag", "subject-tag-moved",
	    "subject-suffix", "subject-reply", "subject-empty",
	    "header-words-encoded", "header-words-whole",
	    "header-words-decoded", "header-octets", "header-masked"};

	(void)state;
	for (size_t i = 0; i < COUNT(subjects); i++)
		for (size_t k = 0; k < COUNT(ids); k++)
			assert_int_equal(
			    count_proposals(R, ids[k], N, subjects[i]), 0);
	/* not signed, and another field */
	assert_int_equal(
	    count_proposals(R, "subject-tag", N, "Comments: [dev] x\r\n"), 0);
	assert_int_equal(count_proposals(R, "subject-tag", N,
			     "Subject: [a] x\r\nSubject: y\r\n"),
	    0);
}

/* A tag of 60 octets, and one of 61. */
static void
test_long_tag(void **state)
{
	char text[100];

	(void)state;
	for (int n = 59; n <= 60; n++) {
		snprintf(text, sizeof(text), "Subject: [%0*d] x\r\n", n, 7);
		assert_int_equal(
		    count_proposals(R, "subject-tag", N, text), n == 59);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_subject),
	    cmocka_unit_test(test_encoded),
	    cmocka_unit_test(test_no_sign),
	    cmocka_unit_test(test_long_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
