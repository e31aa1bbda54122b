/* dns_rdata: rdata in the form of zone files. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/ascii.h"

/* Notes an error and its token. Always returns false. */
static bool
fail(struct dns_rdata *d, const struct dns_token *at, const char *wrong)
{
	d->at = at;
	d->wrong = wrong;
	return false;
}

static bool
take_name(struct dns_rdata *d, const struct dns_token *t, struct span *name)
{
	const char *wrong = t->quoted
	    ? "a quoted name"
	    : dns_name_parse(t->text, d->origin, d->arena, name);

	return !wrong || fail(d, t, wrong);
}

static bool
read_address(struct dns_rdata *d, struct dns_rr *r)
{
	const struct dns_token *t = d->token;
	int family = r->type == DNS_A ? AF_INET : AF_INET6;
	size_t size = r->type == DNS_A ? 4 : 16;
	char *octets = arena_alloc(d->arena, size);

	/* To inet_pton(), a NUL would end the text. */
	if (t->quoted || span_find(t->text, '\0') < t->text.len ||
	    inet_pton(family, arena_cstr(d->scratch, t->text), octets) != 1)
		return fail(d, t, "not an address of this type");
	r->data = (struct span){octets, size};
	return true;
}

static bool
read_name(struct dns_rdata *d, struct dns_rr *r)
{
	return take_name(d, d->token, &r->data);
}

static bool
read_mx(struct dns_rdata *d, struct dns_rr *r)
{
	uint64_t preference;

	if (!span_number(d->token[0].text, 65535, &preference))
		return fail(d, d->token, "not a preference");
	r->preference = (unsigned)preference;
	return take_name(d, &d->token[1], &r->data);
}

/* Returns the seconds of a unit of BIND's, or 0 for any other letter. */
static unsigned
unit_seconds(char letter)
{
	static const struct {
		char letter;
		unsigned seconds;
	} unit[] = {
	    {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};

	for (size_t i = 0; i < COUNT(unit); i++)
		if (unit[i].letter == ascii_lower(letter))
			return unit[i].seconds;
	return 0;
}

bool
dns_ttl_parse(struct span text, uint64_t *seconds)
{
	if (span_number(text, UINT32_MAX, seconds))
		return true;
	for (*seconds = 0; text.len && *seconds <= UINT32_MAX;) {
		size_t digits = 0;
		uint64_t n;
		unsigned unit;

		while (digits < text.len && ascii_is_digit(text.p[digits]))
			digits++;
		unit = digits < text.len ? unit_seconds(text.p[digits]) : 0;
		if (!unit ||
		    !span_number(span_upto(text, digits), UINT32_MAX, &n))
			return false;
		*seconds += n * unit;
		text = span_from(text, digits + 1);
		if (!text.len)
			return *seconds <= UINT32_MAX;
	}
	return false;
}

/* RFC 1035 3.3.13 */
static bool
read_soa(struct dns_rdata *d, struct dns_rr *r)
{
	struct buf b = BUF(d->arena);
	const struct dns_token *t = d->token;
	struct span name;
	uint64_t number;

	for (size_t i = 0; i < 7; i++) {
		if (i)
			buf_char(&b, ' ');
		if (i < 2 && !take_name(d, &t[i], &name))
			return false;
		if (i >= 2 && !dns_ttl_parse(t[i].text, &number))
			return fail(d, &t[i], "not a number");
		if (i < 2)
			dns_name_write(&b, name);
		else
			buf_printf(&b, "%u", (unsigned)number);
	}
	r->data = buf_span(&b);
	return true;
}

static bool
take_string(struct dns_rdata *d, const struct dns_token *t, struct span *string)
{
	struct span text = t->text;
	char *p = arena_alloc(d->scratch, text.len);
	bool escaped;

	*string = (struct span){p, 0};
	while (text.len) {
		size_t plain = span_find(text, '\\');

		memcpy(p + string->len, text.p, plain);
		string->len += plain;
		text = span_from(text, plain);
		if (text.len &&
		    !dns_unescape(&text, &p[string->len++], &escaped))
			return fail(d, t, "a bad escape in a string");
	}
	/* RFC 1035 3.3 */
	return string->len <= 255 || fail(d, t, "a string over 255 octets");
}

static bool
read_txt(struct dns_rdata *d, struct dns_rr *r)
{
	struct span *string = ARENA_ARRAY(d->scratch, struct span, d->n);

	for (size_t i = 0; i < d->n; i++)
		if (!take_string(d, &d->token[i], &string[i]))
			return false;
	dns_rr_strings(r, string, d->n, d->arena);
	return true;
}

static const struct kind {
	enum dns_type type;
	size_t min, max; /* tokens */
	bool (*read)(struct dns_rdata *d, struct dns_rr *r);
} kinds[] = {
    {DNS_A, 1, 1, read_address},
    {DNS_AAAA, 1, 1, read_address},
    {DNS_CNAME, 1, 1, read_name},
    {DNS_MX, 2, 2, read_mx},
    {DNS_NS, 1, 1, read_name},
    {DNS_PTR, 1, 1, read_name},
    {DNS_SOA, 7, 7, read_soa},
    {DNS_SPF, 1, SIZE_MAX, read_txt},
    {DNS_TXT, 1, SIZE_MAX, read_txt},
};

static const struct kind *
kind_of(enum dns_type type)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

bool
dns_rdata_known(enum dns_type type)
{
	return kind_of(type);
}

static int
hex(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads len octets from hex digits, which may be split into several tokens. */
static bool
read_hex(struct dns_rdata *d, unsigned char *octets, size_t len)
{
	size_t digits = 0;

	for (size_t i = 2; i < d->n; i++) {
		struct span text = d->token[i].text;

		for (size_t k = 0; k < text.len; k++, digits++) {
			unsigned char *to = &octets[digits / 2];
			int value = hex(text.p[k]);

			if (value < 0 || digits == len * 2)
				return fail(d, &d->token[i], "bad hex digits");
			*to = (unsigned char)(*to << 4 | value);
		}
	}
	return digits == len * 2 ||
	    fail(d, &d->token[1], "hex digits do not match the length");
}

/* RFC 3597 5: \# LENGTH HEX... */
static bool
read_generic(struct dns_rdata *d, struct dns_rr *r)
{
	unsigned char *octets;
	uint64_t len;

	if (d->n < 2 || !span_number(d->token[1].text, 65535, &len))
		return fail(d, d->token, "length is missing after");
	octets = arena_alloc(d->scratch, len);
	if (!read_hex(d, octets, len))
		return false;
	return dns_rdata_decode(
		   r, octets, octets + len, octets, len, d->arena) ||
	    fail(d, d->token, "malformed data for the type");
}

bool
dns_rdata_read(struct dns_rdata *d, struct dns_rr *r)
{
	const struct kind *k = kind_of(r->type);

	if (!k)
		return true;
	if (d->n && !d->token->quoted && span_eq(d->token->text, SPAN("\\#")))
		return read_generic(d, r);
	if (d->n < k->min)
		return fail(d, NULL, "data is missing after");
	if (d->n > k->max)
		return fail(d, &d->token[k->max], "too much data");
	return k->read(d, r);
}
