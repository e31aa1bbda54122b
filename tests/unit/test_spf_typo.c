/* test_spf_typo: mistyped terms of SPF records, and what they were meant to
 * be. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_lint.h"

/* Returns "WHAT > NEAR|..." of the findings that tell what was meant. */
static struct span
hints_of(const struct findings *list, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < list->n; i++) {
		const struct finding *f = &list->list[i];

		if (!f->near)
			continue;
		if (b.len)
			buf_char(&b, '|');
		buf_add(&b, span_upto(f->what, span_find(f->what, '(')));
		buf_str(&b, "> ");
		buf_str(&b, f->near);
	}
	return buf_span(&b);
}

static void
a_mistyped_term_has_a_hint(void **state)
{
	static const struct {
		const char *record, *hints;
	} cases[] = {
	    {"v=spf1 ipv6:2001:db8::1 -all",
		"ipv6:2001:db8::1 > ip6:2001:db8::1"},
	    {"v=spf1 ?IPv4:192.0.2.1 -all", "?IPv4:192.0.2.1 > ?ip4:192.0.2.1"},
	    {"v=spf1 ip:192.0.2.0/24 -all",
		"ip:192.0.2.0/24 > ip4:192.0.2.0/24"},
	    {"v=spf1 ip4:2001:db8::1 -all",
		"ip4:2001:db8::1 > ip6:2001:db8::1"},
	    {"v=spf1 a:192.0.2.1 -all", "a:192.0.2.1 > ip4:192.0.2.1"},
	    {"v=spf1 192.0.2.1 -all", "192.0.2.1 > ip4:192.0.2.1"},
	    {"v=spf1 -2001:db8::/32 -all",
		"-2001:db8::/32 > -ip6:2001:db8::/32"},
	    {"v=spf1 include: a.example -all", "include: > include:a.example"},
	    {"v=spf1 include :a.example -all", "include > include:a.example"},
	    {"v=spf1 ip4:192.0.2.0 /24 -all", "/24 > ip4:192.0.2.0/24"},
	    {"v=spf1 mx - all", "- > -all"},
	    {"v=spf1 mx; -all", "mx; > mx"},
	    {"v=spf1 mx\\; -all", "mx\\; > mx"},
	    {"v=spf1 mx;include:a.example;-all",
		"mx;include:a.example;-all > mx include:a.example -all"},
	    {"v=spf1 mx,ip4:192.0.2.1, -all",
		"mx,ip4:192.0.2.1, > mx ip4:192.0.2.1"},
	    {"v=spf1 \"mx\" -all", "\"mx\" > mx"},
	    {"v=spf1 include:\"a.example\" -all",
		"include:\"a.example\" > include:a.example"},
	    {"v=spf1 mx -al", "-al > -all"},
	    {"v=spf1 mx -all.", "-all. > -all"},
	    {"v=spf1 mx ~all!", "~all! > ~all"},
	    {"v=spf1 mx \xe2\x80\x93"
	     "all",
		"\xe2\x80\x93"
		"all > -all"},
	    {"v=spf1 mx\xc2\xa0-all", "mx\xc2\xa0-all > mx -all"},
	    {"v=spf1 incldue:a.example -all",
		"incldue:a.example > include:a.example"},
	    {"v=spf1 redirect:a.example",
		"redirect:a.example > redirect=a.example"},
	    {"v=spf1 ip4=192.0.2.1 -all", "ip4=192.0.2.1> ip4:192.0.2.1"},
	    {"v=spf1 redirct=ok.example.org",
		"redirct=ok.example.org> redirect=ok.example.org"},
	    {"v=spf10 mx -all", "v=spf10 mx -all> v=spf1 mx -all"},
	    {"v=spf1;mx;-all", "v=spf1;mx;-all> v=spf1 mx -all"},
	    {"v = spf1 mx", "v = spf1 mx> v=spf1 mx"},
	    {"v=sfp1 mx -all", "v=sfp1 mx -all> v=spf1 mx -all"},
	    {"mx -all", "mx -all> v=spf1 mx -all"},
	    {"\"v=spf1 -all\"", "\"v=spf1 -all\"> v=spf1 -all"},
	    {"V=SPF", "V=SPF> v=spf1"},
	    {"v=spf1 include:a.example,include:b.example -all",
		"include:a.example,include:b.example > include:a.example "
		"include:b.example"},
	    /* Not known: nothing is guessed. */
	    {"v=spf1 mail.example.org -all", ""},
	    {"v=spf1 ip4:300.0.0.1 -all", ""},
	    {"v=spf1 foo:bar -all", ""},
	    {"v=spf1 x= y=z -all", ""},
	    {"v=spf1 exists:%{l,}.%{d} -all", ""},
	    {"v=spf1 mx -all", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(spf_zone), a);
		struct spf_lint l;

		spf_lint(
		    SPAN("example.org"), span_of(cases[i].record), d, a, &l);
		same(cases[i].record, hints_of(&l.findings, a), cases[i].hints);
		dns_free(d);
		arena_free(a);
	}
}

static void
unseen_characters_are_named(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 mx \xe2\x80\x8b-all",
		"unseen-character: U+200B after 'v=spf1 mx ' (octet 11)|"
		"syntax: \xe2\x80\x8b-all (the record has octets that are not "
		"ASCII)"},
	    {"v=spf1 mx\x7f -all",
		"unseen-character: U+007F after 'v=spf1 mx' (octet 10)|"
		"syntax: mx\x7f (the record has an unknown or malformed "
		"term)"},
	    {"v=spf1 include:unseen.example.org -all",
		"unseen-character @unseen.example.org: U+2011 after 'v=spf1 ' "
		"(octet 8)|syntax @unseen.example.org: \xe2\x80\x91"
		"all (the record has octets that are not ASCII)"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mistyped_term_has_a_hint),
	    cmocka_unit_test(unseen_characters_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
