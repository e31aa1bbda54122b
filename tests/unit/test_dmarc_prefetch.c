/* test_dmarc_prefetch: what dmarc_eval_prefetch() queries, and when. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdio.h>

#include "base/buf.h"
#include "dmarc/dmarc.h"

/*
 * Replaces dns.c: gives the answers below, but one that is late. Queries other
 * than those for DMARC records are recorded.
 */

struct dns {
	struct arena *arena;
	struct span late; /* the domain whose record has not arrived */
	struct buf ahead, asked;
};

static const struct {
	const char *domain, *text;
} records[] = {
    {"np.org", "v=DMARC1; p=none; np=reject"},
    {"own.np.org", "v=DMARC1; p=none; np=reject"},
    {"sp.org", "v=DMARC1; p=none; sp=reject; np=reject"},
    {"low.org", "v=DMARC1; p=none; sp=reject; np=none"},
    {"p.org", "v=DMARC1; p=reject; np=reject"},
    {"without.org", "v=DMARC1; p=none; sp=reject"},
    {"bad.org", "v=DMARC1; p=none; np=x"},
    {"rua.org", "v=DMARC1; p=none; sp=x; np=reject; rua=mailto:a@rua.org"},
    {"psd", "v=DMARC1; psd=y; p=none; np=reject"},
    {"fails.org", NULL},
};

bool
dns_failed(enum dns_status status)
{
	return status >= DNS_TIMEOUT;
}

bool
dns_unknown(enum dns_status status)
{
	return dns_failed(status);
}

static const struct dns_answer *
answer(struct arena *a, struct span name)
{
	struct dns_answer *answer = ARENA_NEW(a, struct dns_answer);

	*answer = (struct dns_answer){
	    .name = name, .canonical = name, .status = DNS_NXDOMAIN};
	for (size_t i = 0; i < COUNT(records); i++) {
		if (!span_eq(
			name, arena_printf(a, "_dmarc.%s", records[i].domain)))
			continue;
		answer->status = records[i].text ? DNS_DATA : DNS_SERVFAIL;
		answer->nrecords = records[i].text != NULL;
		answer->records = ARENA_NEW(a, struct dns_rr);
		answer->records->data = span_of(records[i].text);
	}
	return answer;
}

static void
note(struct buf *b, struct span name, enum dns_type type)
{
	if (type == DNS_TXT)
		return;
	assert_int_equal(type, DNS_A);
	buf_add(b, name);
	buf_char(b, ' ');
}

const struct dns_answer *
dns_query(struct dns *d, struct span name, enum dns_type type)
{
	note(&d->asked, name, type);
	return answer(d->arena, name);
}

const struct dns_answer *
dns_query_limited(struct dns *d, struct span name, enum dns_type type)
{
	return dns_query(d, name, type);
}

const struct dns_answer *
dns_ready(struct dns *d, struct span name, enum dns_type type)
{
	assert_int_equal(type, DNS_TXT);
	if (d->late.p &&
	    span_eq(name,
		arena_printf(d->arena, "_dmarc." SPAN_FMT, SPAN_ARG(d->late))))
		return NULL;
	return answer(d->arena, name);
}

void
dns_prefetch(struct dns *d, struct span name, enum dns_type type)
{
	note(&d->ahead, name, type);
}

void
dns_prefetch_limited(struct dns *d, struct span name, enum dns_type type)
{
	dns_prefetch(d, name, type);
}

/*
 * Worlds.
 */

struct world {
	struct arena *arena;
	struct dns dns;
	struct dmarc_method method;
};

static void
world_init(struct world *w)
{
	struct arena *a = arena_new();

	*w = (struct world){
	    .arena = a, .dns = {.arena = a, .ahead = BUF(a), .asked = BUF(a)}};
	w->method = (struct dmarc_method){.dns = &w->dns, .arena = a};
}

/* Checks that text is the query for a name, or empty if name is NULL. */
static void
asks(const char *author, struct span text, const char *name)
{
	char expected[64] = "";

	if (name)
		snprintf(expected, sizeof(expected), "%s ", name);
	same(author, text, expected);
}

/*
 * Tests.
 */

/* Does np= make a difference for the author domain (RFC 9989 4.7)? */
static const struct {
	const char *author;
	bool asks;
} differences[] = {
    {"gone.np.org", true}, {"x.gone.np.org", true}, {"gone.low.org", true},
    {"gone.psd", true}, {"np.org", false},   /* p of its own record */
    {"own.np.org", false},                   /* the same, below another */
    {"x.sp.org", false}, {"x.p.org", false}, /* sp is p */
    {"x.without.org", false},                /* np is sp */
    {"x.bad.org", false},                    /* permerror */
    {"x.rua.org", false},                    /* as p=none (RFC 9989 4.10.1) */
    {"x.fails.org", false},                  /* temperror */
    {"x.nothing.org", false},                /* no record */
};

static void
asks_ahead_what_the_judgement_asks_and_no_more(void **state)
{
	static const struct dmarc_identifier passes[] = {
	    {DMARC_DKIM, RESULT_PASS, {"np.org", 6}, false, false},
	    {DMARC_SPF, RESULT_PASS, {"x.psd", 5}, false, false}};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(differences); i++) {
		const char *author = differences[i / 2].author;
		const char *name = differences[i / 2].asks ? author : NULL;
		struct dmarc_verdict v;
		struct world w;

		world_init(&w);
		dmarc_eval_prefetch(&w.method, span_of(author));
		asks(author, buf_span(&w.dns.ahead), name);
		asks(author, buf_span(&w.dns.asked), NULL);
		/* Whether an identifier passes or not. */
		dmarc_eval(&w.method, span_of(author), passes,
		    i % 2 ? COUNT(passes) : 0, 0, &v);
		asks(author, buf_span(&w.dns.asked), name);
		arena_free(w.arena);
	}
}

/* Is the record that has not arrived needed? */
static const struct {
	const char *author, *late;
	bool asks, settled;
} arrivals[] = {
    {"gone.np.org", "gone.np.org", false, false},
    {"gone.np.org", "np.org", false, false},
    {"gone.np.org", "org", false, false}, /* the topmost could apply */
    {"gone.np.org", "net", true, true},
    {"gone.psd", "psd", false, false},
    {"own.np.org", "own.np.org", false, false},
    {"own.np.org", "np.org", false, true}, /* its own is enough */
    {"x.sp.org", "sp.org", false, false},
    {"x.sp.org", "net", false, true},
    {"x.bad.org", "net", false, true},
    {"x.nothing.org", "net", false, true},
    {"x.fails.org", "net", false, false},
};

static void
asks_when_the_records_are_here(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(arrivals); i++) {
		const char *author = arrivals[i].author;
		struct world w;

		world_init(&w);
		w.dns.late = span_of(arrivals[i].late);
		if (dmarc_eval_prefetch(&w.method, span_of(author)) !=
		    arrivals[i].settled)
			fail_msg("%s without %s: settled or not", author,
			    arrivals[i].late);
		asks(author, buf_span(&w.dns.ahead),
		    arrivals[i].asks ? author : NULL);
		arena_free(w.arena);
	}
}

static void
the_old_way_asks_nothing(void **state)
{
	char suffixes[] = "org\n";
	FILE *file = fmemopen(suffixes, sizeof(suffixes) - 1, "r");
	psl_ctx_t *list = psl_load_fp(file);
	struct world w;

	(void)state;
	fclose(file);
	assert_non_null(list);
	world_init(&w);
	w.method.psl = list;
	assert_true(dmarc_eval_prefetch(&w.method, SPAN("gone.np.org")));
	asks("by the list", buf_span(&w.dns.ahead), "gone.np.org");
	w.dns.ahead = BUF(w.arena);
	w.method.rfc7489 = true;
	assert_true(dmarc_eval_prefetch(&w.method, SPAN("gone.np.org")));
	asks("RFC 7489", buf_span(&w.dns.ahead), NULL);
	psl_free(list);
	arena_free(w.arena);
}

static void
a_record_of_what_if_is_here(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	w.method.record = SPAN("v=DMARC1; p=none; np=reject");
	w.method.record_of = SPAN("x.org");
	w.dns.late = SPAN("x.org");
	assert_true(dmarc_eval_prefetch(&w.method, SPAN("x.org")));
	asks("its own", buf_span(&w.dns.ahead), NULL);
	assert_true(dmarc_eval_prefetch(&w.method, SPAN("gone.x.org")));
	asks("above", buf_span(&w.dns.ahead), "gone.x.org");
	arena_free(w.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(asks_ahead_what_the_judgement_asks_and_no_more),
	    cmocka_unit_test(asks_when_the_records_are_here),
	    cmocka_unit_test(the_old_way_asks_nothing),
	    cmocka_unit_test(a_record_of_what_if_is_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
