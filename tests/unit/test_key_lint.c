/* test_key_lint: findings in published DKIM keys, and the records that mend
 * them. */
/* SPDX-License-Identifier: ISC */

#include "fixture_finding.h"
#include "fixture_key.h"

#include "lint/key_lint.h"

#define NAME SPAN("s1._domainkey.example.org")

/* What each key is proposed as. */
#define RSA "v=DKIM1; k=rsa; p=@rsa2048@"
#define ED  "v=DKIM1; k=ed25519; p=@ed@"

/* A record, all findings, and the one proposed, or NULL. */
struct text_case {
	const char *text, *findings, *proposed;
};

static void
check_text(const struct text_case *c)
{
	struct arena *a = arena_new();
	struct span text = with_keys(c->text, a);
	struct key_lint l;

	key_lint_text(NAME, text, NULL, a, &l);
	same(c->text, text_of(&l.findings, NAME, a),
	    with_keys(c->findings, a).p);
	assert_int_equal(l.state == KEY_LINT_SOUND, !key_lint_worst(&l));
	if (c->proposed)
		same(c->text, l.proposed, with_keys(c->proposed, a).p);
	else if (l.proposed.p)
		fail_msg("%s: proposed: " SPAN_FMT, c->text,
		    SPAN_ARG(l.proposed));
	if (l.proposed.p) {
		assert_true(l.mend.p);
		key_lint_text(NAME, l.proposed, NULL, a, &l);
		assert_int_equal(l.state, KEY_LINT_SOUND);
		assert_int_equal(l.findings.n, 0);
		assert_true(l.is_usable);
	}
	arena_free(a);
}

static void
check_texts(const struct text_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_text(&c[i]);
}

/* with_keys() ends its text with a NUL, as arena texts do not. */
static void
test_sound(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; k=rsa; p=@rsa2048@", "", NULL},
	    {"v=DKIM1;k=rsa;p=@rsa2048@;", "", NULL},
	    {"k=rsa; p=@rsa2048@", "", NULL},
	    {"p=@rsa2048@", "", NULL},
	    {"p=@rsa2048-bare@", "", NULL},
	    {"v = DKIM1 ; p = @rsa2048@ ; ", "", NULL},
	    {"v=DKIM1; k=ed25519; p=@ed@", "", NULL},
	    {"v=DKIM1; h=sha256; s=email; t=s; k=ed25519; p=@ed@", "", NULL},
	    {"v=DKIM1; h=sha1:sha256; s=*; p=@rsa2048@", "", NULL},
	    {"v=DKIM1; t=; p=@rsa2048@", "", NULL},
	    {"v=DKIM1; n=of \"May\" \xe2\x80\x93 (new); x=1; p=@rsa2048@", "",
		NULL},
	    {"v=DKIM1; g=*; p=@rsa2048@", "", NULL},
	    {"v=DKIM1; p=@rsa2048:64@ @rsa2048+64@", "key-blanks", NULL},
	    {"v=DKIM1; p=@rsa2048:64@\r\n @rsa2048+64@", "key-blanks", NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
