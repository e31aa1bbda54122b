/* test_compare_header: the fields of a header and of its original. */
/* SPDX-License-Identifier: ISC */

#include "fixture_compare.h"

#include "../helper/random.h"
#include "base/limit.h"

/* Returns the fields: "+", "-", "!" (changed) or "=", the name, "*" if signed,
 * "~" if hidden. */
static struct span
fields(const struct comparison *c, struct arena *a)
{
	static const char signs[] = {[COMPARE_SAME] = '=',
	    [COMPARE_CHANGED] = '!',
	    [COMPARE_ADDED] = '+',
	    [COMPARE_LOST] = '-'};
	struct buf b = BUF(a);

	for (size_t i = 0; i < c->nfields; i++) {
		const struct compare_field *f = &c->fields[i];

		buf_printf(&b, "%s%c" SPAN_FMT "%s%s", i ? " " : "",
		    signs[f->state], SPAN_ARG(f->name), f->is_signed ? "*" : "",
		    f->is_hidden ? "~" : "");
	}
	return buf_span(&b);
}

#define SIMPLE  SIGNATURE("simple/simple", "", "from:to:subject:subject")
#define RELAXED SIGNATURE("relaxed/relaxed", "", "from:to:subject:subject")

static void
fields_are_compared_in_both_canonical_forms(void **state)
{
	static const struct {
		const char *before, *after, *simple, *relaxed;
	} cases[] = {
	    {"From: a\n", "From: a\n", "=From*", "=From*"},
	    {"From: a\n", "From: a\r\n", "=From*", "=From*"},
	    {"From: a\n", "From: b\n", "!From*", "!From*"},
	    {"From: a\n", "From:  a\n", "!From*", "=From*~"},
	    {"From: a\n", "from: a\n", "!from*", "=from*~"},
	    {"From: a b\n", "From: a\n b\n", "!From*", "=From*~"},
	    {"From: a \n", "From: a\n", "!From*", "=From*~"},
	    {"From: a\nTo: b\n", "To: b\nFrom: a\n", "=From* =To*",
		"=From* =To*"},
	    {"From: a\nTo: b\n", "From: a\n", "=From* -To*", "=From* -To*"},
	    {"From: a\n", "From: a\nTo: b\n", "=From* +To*", "=From* +To*"},
	    {"From: a\nSubject: x\n", "From: a\nSubject: [l] x\n",
		"=From* !Subject*", "=From* !Subject*"},
	    /* Named twice: a second one matters, a third does not. */
	    {"From: a\nSubject: x\n", "From: a\nSubject: y\nSubject: x\n",
		"=From* =Subject* +Subject*", "=From* =Subject* +Subject*"},
	    {"From: a\nSubject: y\nSubject: x\n",
		"From: a\nSubject: z\nSubject: y\nSubject: x\n",
		"=From* =Subject* =Subject* +Subject",
		"=From* =Subject* =Subject* +Subject"},
	    {"From: a\nSubject: y\nSubject: x\n",
		"From: a\nSubject: x\nSubject: y\n",
		"=From* !Subject* !Subject*", "=From* !Subject* !Subject*"},
	    /* Those that are not named. */
	    {"From: a\n", "Received: x\nFrom: a\n", "=From* +Received",
		"=From* +Received"},
	    {"Received: x\nFrom: a\n", "Received: y\nReceived: x\nFrom: a\n",
		"=From* +Received", "=From* +Received"},
	    {"Date: 1\nFrom: a\n", "Date: 2\nFrom: a\n", "=From* !Date",
		"=From* !Date"},
	    {"Date: 1\nFrom: a\n", "Date:  1\nFrom: a\n", "=From* !Date",
		"=From*"},
	    {"X-A: 1\nFrom: a\n", "X-B: 2\nFrom: a\n", "=From* +X-B -X-A",
		"=From* +X-B -X-A"},
	    {"From: a\nFrom: b\n", "From: b\n", "=From* -From", "=From* -From"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span before = span_of(cases[i].before);
		struct span after = span_of(cases[i].after);

		for (int relaxed = 0; relaxed < 2; relaxed++) {
			struct pair p = compare_pair(relaxed ? RELAXED : SIMPLE,
			    false, before, SPAN(""), after, SPAN(""), *state);

			same(cases[i].after, fields(&p.c, *state),
			    relaxed ? cases[i].relaxed : cases[i].simple);
			assert_false(p.c.has_signature);
			assert_false(p.c.body_differs);
		}
	}
}

static void
the_signature_field_is_compared_if_the_original_has_it(void **state)
{
	static const struct {
		const char *from, *to; /* in the field of the original */
		const char *fields;
	} cases[] = {
	    {"a=", "a=", "=From* =DKIM-Signature*"},
	    {" a=", "  a=", "=From* !DKIM-Signature*"},
	    {"b=BBBB", "b=BB\n BB", "=From* =DKIM-Signature*"},
	    {"b=BBBB", "b=BBBC", "=From* !DKIM-Signature*"},
	    {"s=s;", "s=t;", "=From* !DKIM-Signature*"},
	    /* Another signature. */
	    {"s=s; c=simple/simple; h=from; "
	     "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=BBBB",
		"s=t; c=simple/simple; h=from; "
		"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=CCCC",
		"=From* -DKIM-Signature"},
	};
	struct span field =
	    SPAN("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; "
		 "c=simple/simple; h=from; "
		 "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=BBBB\n");

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *at = strstr(field.p, cases[i].from);
		size_t n = strlen(cases[i].from);
		struct span before = ARENA_JOIN(*state,
		    span_between(field.p, at), span_of(cases[i].to),
		    span_of(at + n), SPAN("From: a\n"));
		struct pair p = compare_pair(field.p, false, before, SPAN(""),
		    SPAN("From: a\n"), SPAN(""), *state);

		same(cases[i].to, fields(&p.c, *state), cases[i].fields);
	}
}

static struct span
canonical(
    const struct message *m, const struct dkim_signature *s, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);
	const struct field *self =
	    s->field >= m->fields && s->field < m->fields + m->nfields
	    ? s->field
	    : NULL;

	dkim_put_header(
	    m, s->header, s->names, self, SPAN("X: \n"), &out.sink, NULL);
	return buf_span(&out.buf);
}

static struct span
random_header(struct generator *g, struct arena *a)
{
	static const char *const names[] = {
	    "From", "from", "To", "Subject", "X", "DKIM-Signature"};
	static const char *const values[] = {"a", "b", " a", "a\n b", "a b"};
	struct buf b = BUF(a);

	buf_str(&b, "From: x\n");
	for (size_t n = pick(g, 5); n; n--)
		buf_printf(&b, "%s:%s\n", names[pick(g, COUNT(names))],
		    values[pick(g, COUNT(values))]);
	return buf_span(&b);
}

static void
a_header_differs_if_and_only_if_the_hashed_octets_do(void **state)
{
	static const char *const signatures[] = {SIMPLE, RELAXED,
	    SIGNATURE("simple/simple", "", "from:dkim-signature"),
	    SIGNATURE("relaxed/relaxed", "", "to:from:from:x:subject")};
	struct generator g = {.random = 16};
	size_t differ = 0, n = rounds(4000, 40000);

	for (size_t i = 0; i < n; i++) {
		struct pair p = compare_pair(signatures[i % COUNT(signatures)],
		    false, random_header(&g, *state), SPAN(""),
		    random_header(&g, *state), SPAN(""), *state);
		bool differs =
		    !span_eq(canonical(p.before, p.signature, *state),
			canonical(p.after, p.signature, *state));

		assert_int_equal(p.c.header_differs, differs);
		differ += differs;
		arena_reset(*state);
	}
	assert_in_range(differ, n / 4, n - n / 20);
}

static void
unsigned_fields_are_listed_up_to_a_limit(void **state)
{
	for (size_t more = 0; more < 2; more++) {
		struct buf b = BUF(*state);
		struct pair p;

		for (size_t i = 0; i < LIMIT_COMPARE_FIELDS + more; i++)
			buf_printf(&b, "X-%zu: a\n", i);
		buf_str(&b, "From: a\n");
		p = compare_pair(RELAXED, false, SPAN("From: a\n"), SPAN(""),
		    buf_span(&b), SPAN(""), *state);
		assert_int_equal(p.c.nfields, 1 + LIMIT_COMPARE_FIELDS);
		assert_int_equal(p.c.nleft, more);
	}
}

static void
as_many_fields_as_a_header_can_have_are_compared(void **state)
{
	struct buf b = BUF(*state);
	struct pair p;

	for (size_t i = 0; i < LIMIT_HEADER_FIELDS - 10; i++)
		buf_printf(&b, "%s: %zu\n", i % 2 ? "From" : "X", i);
	p = compare_pair(RELAXED, true, buf_span(&b), SPAN(""),
	    ARENA_JOIN(*state, buf_span(&b), SPAN("From: a\n")), SPAN(""),
	    *state);
	assert_true(p.c.header_differs);
	assert_int_equal(p.c.nfields, 2 + LIMIT_COMPARE_FIELDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(fields_are_compared_in_both_canonical_forms),
	    TEST(the_signature_field_is_compared_if_the_original_has_it),
	    TEST(a_header_differs_if_and_only_if_the_hashed_octets_do),
	    TEST(unsigned_fields_are_listed_up_to_a_limit),
	    TEST(as_many_fields_as_a_header_can_have_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
