/* test_failure: the fields of failure reports. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <inttypes.h>

#include "base/buf.h"
#include "report/failure.h"

static void
add(struct buf *b, const char *name, struct span value)
{
	if (value.p)
		buf_printf(b, " %s=[" SPAN_FMT "]", name, SPAN_ARG(value));
}

static struct span
text_of(const struct failure *f, struct arena *a)
{
	struct buf b = BUF(a);

	add(&b, "type", f->feedback_type);
	add(&b, "failure", f->auth_failure);
	add(&b, f->has_ip ? "ip" : "not-ip", f->source_ip);
	add(&b, "domain", f->reported_domain);
	add(&b, "d", f->dkim_domain);
	add(&b, "s", f->dkim_selector);
	add(&b, "from", f->original_mail_from);
	if (f->has_arrival)
		buf_printf(&b, " at=%" PRId64, f->arrival_date);
	add(&b, "unaligned", f->identity_alignment);
	add(&b, "result", f->delivery_result);
	if (f->incidents != 1)
		buf_printf(&b, " incidents=%" PRIu64, f->incidents);
	return buf_span(&b);
}

static const struct {
	const char *fields, *read;
} fields[] = {
    {"Feedback-Type: Auth-Failure (RFC 6591)\r\n", " type=[auth-failure]"},
    {"feedback-type:\n abuse\n", " type=[abuse]"},
    {"Feedback-Type: abuse\nFeedback-Type: fraud\n", " type=[abuse]"},
    {"\n\nFeedback-Type: abuse\n", " type=[abuse]"},
    {"Auth-Failure: DMARC", " failure=[dmarc]"},
    {"Source-IP: 192.0.2.1 (a)\n", " ip=[192.0.2.1]"},
    {"Source-IP: 2001:DB8:0::1\n", " ip=[2001:db8::1]"},
    {"Source-IP: ::ffff:192.0.2.1\n", " ip=[192.0.2.1]"},
    {"Source-IP: [IPv6:2001:db8::1]\n", " ip=[2001:db8::1]"},
    {"Source-IP: unknown\n", " not-ip=[unknown]"},
    {"Source-IP:\n", ""},
    {"Reported-Domain: EXAMPLE.org.\n", " domain=[example.org]"},
    {"Reported-Domain: b\303\274cher.example\n",
	" domain=[xn--bcher-kva.example]"},
    {"Reported-Domain: a b\n", " domain=[a b]"},
    {"DKIM-Domain: (c)Example.ORG\nDKIM-Selector: s1 (c)\n",
	" d=[example.org] s=[s1]"},
    {"Original-Mail-From: <a(b)@example.org>\n", " from=[a(b)@example.org]"},
    {"Original-Mail-From: a@example.org\n", " from=[a@example.org]"},
    {"Original-Mail-From: <>\n", " from=[]"},
    {"Original-Mail-From:\nAuth-Failure: spf", " failure=[spf]"},
    {"Original-Mail-From: \033[1m\377\n", " from=[\033[1m\377]"},
    {"Arrival-Date: Thu, 1 Jan 1970 01:00:01 +0100\n", " at=1"},
    {"Received-Date: Thu, 1 Jan 1970 00:00:02 +0000\n", " at=2"},
    {"Received-Date: Thu, 1 Jan 1970 00:00:02 +0000\n"
     "Arrival-Date: Thu, 1 Jan 1970 00:00:01 +0000\n",
	" at=1"},
    {"Arrival-Date: yesterday\n", ""},
    {"Identity-Alignment: DKIM (a) ,\n spf\n", " unaligned=[dkim,spf]"},
    {"Identity-Alignment: none", " unaligned=[none]"},
    {"Delivery-Result: Policy\n", " result=[policy]"},
    {"Incidents: 12\n", " incidents=12"},
    {"Incidents: 0\n", ""},
    {"Incidents: many\n", ""},
};

static void
reads_fields(void **state)
{
	struct arena *a = *state;
	struct failure f;

	for (size_t i = 0; i < COUNT(fields); i++) {
		assert_true(failure_read(&f, span_of(fields[i].fields), a));
		same(fields[i].fields, text_of(&f, a), fields[i].read);
	}
	assert_false(failure_read(&f, SPAN("Subject: x\n"), a));
	assert_false(failure_read(&f, SPAN(""), a));
	assert_false(failure_read(&f, SPAN("\n\n"), a));
}

static const struct {
	const char *text, *read;
} texts[] = {
    {"  Sender Domain: example.org\r\n  Sender IP Address: 192.0.2.1\r\n",
	" failure=[dmarc] ip=[192.0.2.1] domain=[example.org]"},
    {"sender domain: A.example\nSENDER IP ADDRESS: ::1\n"
     "Received date: Thu, 1 Jan 1970 00:00:01 +0000\n"
     "SPF Alignment: no\nDKIM Alignment: yes\n",
	" failure=[dmarc] ip=[::1] domain=[a.example] at=1 unaligned=[spf]"},
    {"Sender Domain: a.example\nSender IP Address: 192.0.2.1\n"
     "SPF Alignment: yes\nDKIM Alignment: yes\n",
	" failure=[dmarc] ip=[192.0.2.1] domain=[a.example] "
	"unaligned=[none]"},
    {"Sender Domain: a.example\n", NULL},
    {"Sender Domain: a.example\nSender IP Address: there\n", NULL},
    {"Sender IP Address: 192.0.2.1\n", NULL},
    {"Sender Domain: a.example\n------ copy\nSender IP Address: 192.0.2.1\n",
	NULL},
    {"", NULL},
};

static void
reads_text(void **state)
{
	struct arena *a = *state;
	struct failure f;

	for (size_t i = 0; i < COUNT(texts); i++) {
		bool is = failure_read_text(&f, span_of(texts[i].text), a);

		assert_int_equal(is, texts[i].read != NULL);
		if (is)
			same(texts[i].text, text_of(&f, a), texts[i].read);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(reads_fields),
	    TEST(reads_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
