/* spf_record: parses SPF records into terms. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf_record.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ascii.h"
#include "base/limit.h"

static const char version[] = "v=spf1";
#define VERSION_LEN (sizeof(version) - 1)

bool
spf_is_record(struct span text)
{
	/* RFC 7208 4.5: SP or the end of the record follows. */
	return span_casestarts(text, span_of(version)) &&
	    (text.len == VERSION_LEN || text.p[VERSION_LEN] == ' ');
}

size_t
spf_record_count(const struct dns_answer *answer, struct span *text)
{
	size_t found = 0;

	for (size_t i = 0; i < answer->nrecords; i++)
		if (spf_is_record(answer->records[i].data)) {
			*text = answer->records[i].data;
			found++;
		}
	return found;
}

/* RFC 7208 4.5 */
static enum spf_reason
select_record(const struct dns_answer *answer, struct span *text)
{
	size_t found = spf_record_count(answer, text);

	return found > 1 ? SPF_SEVERAL : found ? SPF_PASS : SPF_NO_RECORD;
}

enum spf_reason
spf_record_select(const struct dns_answer *answer, struct span *text)
{
	if (dns_failed(answer->status))
		return DNS_REASON(SPF_DNS_TIMEOUT, answer->status);
	switch (answer->status) {
	case DNS_BADNAME:
		return SPF_BAD_DOMAIN;
	case DNS_LIMIT:
		return SPF_DNS_LIMIT;
	case DNS_NXDOMAIN:
		return SPF_NO_DOMAIN;
	default:
		return select_record(answer, text);
	}
}

bool
spf_term_queries(const struct spf_term *t)
{
	switch (t->kind) {
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
	case SPF_REDIRECT:
		return true;
	default:
		return false;
	}
}

bool
spf_term_is_reached(const struct spf_record *r, const struct spf_term *t)
{
	if (t->kind == SPF_REDIRECT)
		return !r->all; /* RFC 7208 6.1 */
	return t->kind < SPF_REDIRECT && (!r->all || t <= r->all);
}

/* RFC 7208 4.6.2 */
static const struct {
	char c;
	enum spf_reason result;
} qualifiers[] = {
    {'+', SPF_PASS},
    {'-', SPF_FAIL},
    {'?', SPF_NEUTRAL},
    {'~', SPF_SOFTFAIL},
};
#define QUALIFIERS (COUNT(qualifiers))

static size_t
qualifier(char c)
{
	size_t i = 0;

	while (i < QUALIFIERS && qualifiers[i].c != c)
		i++;
	return i;
}

enum spf_reason
spf_term_result(const struct spf_term *t)
{
	size_t i = qualifier(t->qualifier);

	assert(i < QUALIFIERS);
	return qualifiers[i].result;
}

static enum spf_reason
parse_spec(struct span text, struct spf_term *t)
{
	t->domain = text;
	if (!spf_macro_is_string(text, false))
		return SPF_MACRO_SYNTAX;
	return spf_macro_is_domain(text) ? SPF_PASS : SPF_DOMAIN_SYNTAX;
}

/* RFC 7208 5.6: a prefix length has no leading zeros. */
static bool
parse_bits(struct span digits, unsigned max, unsigned *bits)
{
	uint64_t value;

	if (!span_number(digits, max, &value) ||
	    (digits.len > 1 && digits.p[0] == '0'))
		return false;
	*bits = (unsigned)value;
	return true;
}

/* Takes one slash, or two, and the digits after it off the end of the text. A
 * domain-spec may have slashes, but never ends in this way (RFC 7208 7.1). */
static bool
take_bits(struct span *text, struct span slash, struct span *digits)
{
	size_t at = text->len;

	while (at && ascii_is_digit(text->p[at - 1]))
		at--;
	if (!span_caseends(span_upto(*text, at), slash))
		return false;
	*digits = span_from(*text, at);
	*text = span_upto(*text, at - slash.len);
	return true;
}

/* Takes a dual-cidr-length off the end (RFC 7208 5.6). */
static bool
parse_dual_bits(struct span *rest, struct spf_term *t)
{
	struct span digits;

	if (take_bits(rest, SPAN("//"), &digits) &&
	    !parse_bits(digits, 128, &t->ip6_bits))
		return false;
	return !take_bits(rest, SPAN("/"), &digits) ||
	    parse_bits(digits, 32, &t->ip4_bits);
}

/* Parsers of what follows the name of a mechanism: nothing, or text that begins
 * with ":" or "/" (RFC 7208 5.1 to 5.7). */

static enum spf_reason
parse_nothing(struct span rest, struct spf_term *t)
{
	(void)t;
	return rest.len ? SPF_TERM_SYNTAX : SPF_PASS;
}

static enum spf_reason
parse_domain(struct span rest, struct spf_term *t)
{
	if (!rest.len)
		return SPF_DOMAIN_SYNTAX;
	if (rest.p[0] != ':')
		return SPF_TERM_SYNTAX;
	return parse_spec(span_from(rest, 1), t);
}

static enum spf_reason
parse_ptr(struct span rest, struct spf_term *t)
{
	return rest.len ? parse_domain(rest, t) : SPF_PASS;
}

static enum spf_reason
parse_host(struct span rest, struct spf_term *t)
{
	if (!parse_dual_bits(&rest, t))
		return SPF_ADDRESS_SYNTAX;
	if (!rest.len)
		return SPF_PASS;
	return rest.p[0] == ':' ? parse_domain(rest, t) : SPF_ADDRESS_SYNTAX;
}

static enum spf_reason
parse_network(struct span rest, int family, unsigned max, struct spf_term *t)
{
	struct span address, digits;

	if (!rest.len || rest.p[0] != ':')
		return SPF_ADDRESS_SYNTAX;
	digits = span_from(rest, 1);
	address = span_cut(&digits, '/');
	t->network.bits = max;
	if (!ip_parse_family(address, family, &t->network.ip) ||
	    (digits.p && !parse_bits(digits, max, &t->network.bits)))
		return SPF_ADDRESS_SYNTAX;
	return SPF_PASS;
}

static enum spf_reason
parse_ip4(struct span rest, struct spf_term *t)
{
	return parse_network(rest, AF_INET, 32, t);
}

static enum spf_reason
parse_ip6(struct span rest, struct spf_term *t)
{
	return parse_network(rest, AF_INET6, 128, t);
}

static const struct {
	const char *name;
	enum spf_kind kind;
	enum spf_reason (*parse)(struct span rest, struct spf_term *t);
} mechanisms[] = {
    {"all", SPF_ALL, parse_nothing},
    {"include", SPF_INCLUDE, parse_domain},
    {"a", SPF_A, parse_host},
    {"mx", SPF_MX, parse_host},
    {"ptr", SPF_PTR, parse_ptr},
    {"ip4", SPF_IP4, parse_ip4},
    {"ip6", SPF_IP6, parse_ip6},
    {"exists", SPF_EXISTS, parse_domain},
};

/* directive (RFC 7208 4.6.1) */
static enum spf_reason
parse_directive(struct span name, struct span rest, struct spf_term *t)
{
	for (size_t i = 0; i < COUNT(mechanisms); i++)
		if (span_caseeq(name, span_of(mechanisms[i].name))) {
			t->kind = mechanisms[i].kind;
			return mechanisms[i].parse(rest, t);
		}
	return SPF_TERM_SYNTAX;
}

/* name (RFC 7208 4.6.1) */
static bool
is_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_' &&
		    s.p[i] != '.')
			return false;
	return s.len && ascii_is_alpha(s.p[0]);
}

/* modifier (RFC 7208 4.6.1, 6) */
static enum spf_reason
parse_modifier(struct span name, struct span value, struct spf_term *t)
{
	if (!is_name(name))
		return SPF_TERM_SYNTAX;
	if (span_caseeq(name, SPAN("redirect")))
		t->kind = SPF_REDIRECT;
	else if (span_caseeq(name, SPAN("exp")))
		t->kind = SPF_EXP;
	else
		return spf_macro_is_string(value, false) ? SPF_PASS
							 : SPF_MACRO_SYNTAX;
	return parse_spec(value, t);
}

/* RFC 7208 7.1: terms consist of visible ASCII. */
static bool
is_visible(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_vchar(s.p[i]))
			return false;
	return true;
}

/* RFC 7208 4.6.1: a modifier has its "=" before any ":" or "/". */
static enum spf_reason
parse_term(struct span text, struct spf_term *t)
{
	struct span name, rest;
	size_t n = 0;

	*t = (struct spf_term){.text = text,
	    .kind = SPF_UNKNOWN,
	    .qualifier = '+',
	    .ip4_bits = 32,
	    .ip6_bits = 128};
	if (!is_visible(text))
		return SPF_TERM_SYNTAX;
	while (n < text.len && !memchr(":/=", text.p[n], 3))
		n++;
	name = span_upto(text, n);
	rest = span_from(text, n);
	if (rest.len && rest.p[0] == '=')
		return parse_modifier(name, span_from(rest, 1), t);
	if (qualifier(text.p[0]) < QUALIFIERS) {
		t->qualifier = text.p[0];
		name = span_from(name, 1);
	}
	return parse_directive(name, rest, t);
}

static const struct spf_term *
find(const struct spf_record *r, enum spf_kind kind)
{
	for (size_t i = 0; i < r->nterms; i++)
		if (r->terms[i].kind == kind)
			return &r->terms[i];
	return NULL;
}

static enum spf_reason
add_term(struct spf_record *r, struct span text, struct arena *a)
{
	struct spf_term t;
	enum spf_reason reason = parse_term(text, &t);

	if (reason != SPF_PASS)
		return reason;
	/* RFC 7208 6: at most one of each. */
	if ((t.kind == SPF_REDIRECT || t.kind == SPF_EXP) && find(r, t.kind))
		return SPF_DUPLICATE;
	if (r->nterms == LIMIT_SPF_TERMS)
		return SPF_TERMS;
	*ARENA_PUSH(a, r->terms, r->nterms) = t;
	return SPF_PASS;
}

/* Takes the next term, after 1*SP. False at the end of the record, which may
 * have *SP before it (RFC 7208 4.5, 4.6.1). */
static bool
next_term(struct span *rest, struct span *text)
{
	do
		*text = span_cut(rest, ' ');
	while (!text->len && rest->p);
	return text->len > 0;
}

enum spf_reason
spf_record_parse(
    struct span text, struct arena *a, struct spf_record *r, struct span *fault)
{
	struct span rest = span_from(text, VERSION_LEN), term;
	enum spf_reason reason = SPF_PASS;

	assert(spf_is_record(text));
	*r = (struct spf_record){.text = text};
	*fault = SPAN_NONE;
	while (reason == SPF_PASS && next_term(&rest, &term))
		reason = add_term(r, term, a);
	if (reason != SPF_PASS) {
		*fault = term;
		while (span_is_ascii(term) && next_term(&rest, &term))
			;
		if (term.len && !span_is_ascii(term)) {
			*fault = term;
			reason = SPF_RECORD_OCTETS;
		}
	}
	r->all = find(r, SPF_ALL);
	r->redirect = find(r, SPF_REDIRECT);
	r->exp = find(r, SPF_EXP);
	return reason;
}
