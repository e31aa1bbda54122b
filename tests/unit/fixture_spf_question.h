/* fixture_spf_question: the question whether SPF is sound, in a zone. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SPF_QUESTION_H
#define FIXTURE_SPF_QUESTION_H

#include "fixture_zone.h"
#include "lint/spf_lint.h"

/* What is there beside the records of example.org. */
static const char around[] =
    "$ORIGIN example.org.\n"
    "mail A 192.0.2.2\nmail AAAA 2001:db8::2\n"
    "four A 192.0.2.4\n"
    "ok TXT \"v=spf1 ip4:198.51.100.0/24 -all\"\n"
    "soft TXT \"v=spf1 mx:mx.example.org ~all\"\nmx MX 1 mail\n"
    "open TXT \"v=spf1 ip4:198.51.100.0/24\"\n"
    "neutral TXT \"v=spf1 ip4:198.51.100.0/24 ?all\"\n"
    "everybody TXT \"v=spf1 +all\"\n"
    "wide TXT \"v=spf1 ip4:192.0.0.0/3 -all\"\n"
    "bad TXT \"v=spf1 foo -all\"\n"
    "two TXT \"v=spf1 -all\"\ntwo TXT \"v=spf1 ~all\"\n"
    "back TXT \"v=spf1 include:example.org -all\"\n"
    "null MX 0 .\n"
    "text TXT \"not for %{i}\"\n"
    "many MX 1 m1\nmany MX 2 m2\nmany MX 3 m3\nmany MX 4 m4\nmany MX 5 m5\n"
    "many MX 6 m6\nmany MX 7 m7\nmany MX 8 m8\nmany MX 9 m9\nmany MX 10 ma\n"
    "many MX 11 mb\n"
    "ten TXT \"v=spf1 a:mail.example.org a:mail.example.org/31 "
    "a:mail.example.org/30 a:mail.example.org/29 a:mail.example.org/28 "
    "a:mail.example.org/27 a:mail.example.org/26 a:mail.example.org/25 "
    "a:mail.example.org/24 a:mail.example.org/23 -all\"\n"
    ";!SERVFAIL down *\n";

#define MAIL "@ MX 10 mail\n@ A 192.0.2.1\n@ AAAA 2001:db8::1\n"

struct answered {
	struct arena *arena;
	struct dns *dns;
	struct spf_lint lint;
	struct question question;
};

static inline void
ask(const char *zone, struct answered *x)
{
	x->arena = arena_new();
	x->dns =
	    dns_of(arena_printf(x->arena, "%s%s\n", around, zone), x->arena);
	spf_lint(SPAN("example.org"), SPAN_NONE, x->dns, x->arena, &x->lint);
	spf_question(&x->lint, x->dns, x->arena, &x->question);
}

static inline void
done(struct answered *x)
{
	dns_free(x->dns);
	arena_free(x->arena);
}

#endif
