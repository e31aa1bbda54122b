/* dns_rr: types, statuses, and records from the wire and as text. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>

#include "base/ascii.h"
#include "base/limit.h"

/* The types of IANA's registry (RFC 6895 3.1) except QTYPEs. */
static const struct {
	const char *name;
	unsigned number;
} types[] = {
    {"A", 1},
    {"NS", 2},
    {"MD", 3},
    {"MF", 4},
    {"CNAME", 5},
    {"SOA", 6},
    {"MB", 7},
    {"MG", 8},
    {"MR", 9},
    {"NULL", 10},
    {"WKS", 11},
    {"PTR", 12},
    {"HINFO", 13},
    {"MINFO", 14},
    {"MX", 15},
    {"TXT", 16},
    {"RP", 17},
    {"AFSDB", 18},
    {"X25", 19},
    {"ISDN", 20},
    {"RT", 21},
    {"NSAP", 22},
    {"NSAP-PTR", 23},
    {"SIG", 24},
    {"KEY", 25},
    {"PX", 26},
    {"GPOS", 27},
    {"AAAA", 28},
    {"LOC", 29},
    {"NXT", 30},
    {"EID", 31},
    {"NIMLOC", 32},
    {"SRV", 33},
    {"ATMA", 34},
    {"NAPTR", 35},
    {"KX", 36},
    {"CERT", 37},
    {"A6", 38},
    {"DNAME", 39},
    {"SINK", 40},
    {"APL", 42},
    {"DS", 43},
    {"SSHFP", 44},
    {"IPSECKEY", 45},
    {"RRSIG", 46},
    {"NSEC", 47},
    {"DNSKEY", 48},
    {"DHCID", 49},
    {"NSEC3", 50},
    {"NSEC3PARAM", 51},
    {"TLSA", 52},
    {"SMIMEA", 53},
    {"HIP", 55},
    {"NINFO", 56},
    {"RKEY", 57},
    {"TALINK", 58},
    {"CDS", 59},
    {"CDNSKEY", 60},
    {"OPENPGPKEY", 61},
    {"CSYNC", 62},
    {"ZONEMD", 63},
    {"SVCB", 64},
    {"HTTPS", 65},
    {"DSYNC", 66},
    {"SPF", 99},
    {"UINFO", 100},
    {"UID", 101},
    {"GID", 102},
    {"UNSPEC", 103},
    {"NID", 104},
    {"L32", 105},
    {"L64", 106},
    {"LP", 107},
    {"EUI48", 108},
    {"EUI64", 109},
    {"NXNAME", 128},
    {"URI", 256},
    {"CAA", 257},
    {"AVC", 258},
    {"DOA", 259},
    {"AMTRELAY", 260},
    {"RESINFO", 261},
    {"WALLET", 262},
    {"CLA", 263},
    {"IPN", 264},
    {"TA", 32768},
    {"DLV", 32769},
};

#define TYPES (COUNT(types))

const char *
dns_type_name(enum dns_type type, struct arena *a)
{
	for (size_t i = 0; i < TYPES; i++)
		if (types[i].number == (unsigned)type)
			return types[i].name;
	return arena_printf(a, "TYPE%u", (unsigned)type).p;
}

bool
dns_type_parse(struct span text, enum dns_type *type)
{
	uint64_t number;

	for (size_t i = 0; i < TYPES; i++)
		if (span_caseeq(text, span_of(types[i].name))) {
			*type = (enum dns_type)types[i].number;
			return true;
		}
	/* RFC 3597 5. Type 0 is reserved (RFC 6895 3.1). */
	if (!span_casestarts(text, SPAN("TYPE")) ||
	    !span_number(span_from(text, 4), 65535, &number) || !number)
		return false;
	*type = (enum dns_type)number;
	return true;
}

/*
 * Statuses.
 */

static const char *const words[] = {
    [DNS_DATA] = "data",
    [DNS_NODATA] = "no data",
    [DNS_NXDOMAIN] = "no such name",
    [DNS_BADNAME] = "not a name",
    [DNS_LIMIT] = "over the limit",
    [DNS_TIMEOUT] = "timeout",
    [DNS_SERVFAIL] = "SERVFAIL",
    [DNS_REFUSED] = "REFUSED",
    [DNS_RCODE] = "unexpected RCODE",
    [DNS_GARBAGE] = "unusable answer",
    [DNS_TRUNCATED] = "truncated, and TCP does not work",
    [DNS_LOOP] = "CNAME loop or chain too long",
    [DNS_NETWORK] = "no server reached",
};

bool
dns_failed(enum dns_status status)
{
	return status >= DNS_TIMEOUT;
}

bool
dns_unknown(enum dns_status status)
{
	return dns_failed(status) || status == DNS_LIMIT;
}

const char *
dns_status_words(enum dns_status status)
{
	return words[status];
}

/*
 * Wire form to records.
 */

struct wire {
	const unsigned char *message, *end; /* names may point back into it */
	const unsigned char *p, *stop;      /* the rest of the rdata */
	struct arena *arena;
};

/* Takes a name, in canonical form. */
static bool
take_name(struct wire *w, struct span *name)
{
	char text[NS_MAXDNAME];
	int n = w->p < w->stop
	    ? ns_name_uncompress(w->message, w->end, w->p, text, sizeof(text))
	    : -1;

	if (n < 0 || n > w->stop - w->p)
		return false;
	w->p += n;
	return !dns_name_parse(span_of(text), SPAN(""), w->arena, name);
}

static bool
take_number(struct wire *w, size_t size, unsigned *number)
{
	*number = 0;
	if ((size_t)(w->stop - w->p) < size)
		return false;
	while (size--)
		*number = *number << 8 | *w->p++;
	return true;
}

static struct span
rest(const struct wire *w)
{
	return (struct span){(const char *)w->p, (size_t)(w->stop - w->p)};
}

static bool
decode_octets(struct wire *w, struct dns_rr *r)
{
	r->data = arena_span(w->arena, rest(w));
	w->p = w->stop;
	return true;
}

static bool
decode_a(struct wire *w, struct dns_rr *r)
{
	return rest(w).len == 4 && decode_octets(w, r);
}

static bool
decode_aaaa(struct wire *w, struct dns_rr *r)
{
	return rest(w).len == 16 && decode_octets(w, r);
}

static bool
decode_name(struct wire *w, struct dns_rr *r)
{
	return take_name(w, &r->data);
}

static bool
decode_mx(struct wire *w, struct dns_rr *r)
{
	return take_number(w, 2, &r->preference) && take_name(w, &r->data);
}

/* RFC 1035 3.3.13 */
static bool
decode_soa(struct wire *w, struct dns_rr *r)
{
	struct buf b = BUF(w->arena);
	struct span name[2];
	unsigned number;

	if (!take_name(w, &name[0]) || !take_name(w, &name[1]))
		return false;
	dns_name_write(&b, name[0]);
	buf_char(&b, ' ');
	dns_name_write(&b, name[1]);
	for (size_t i = 0; i < 5; i++) {
		if (!take_number(w, 4, &number))
			return false;
		buf_printf(&b, " %u", number);
	}
	r->data = buf_span(&b);
	return true;
}

/* RFC 1035 3.3: a length octet precedes each string. Returns false if the last
 * is cut off. */
static bool
count_strings(struct span left, size_t *n)
{
	for (*n = 0; left.len; ++*n) {
		size_t len = (unsigned char)left.p[0] + 1u;

		if (len > left.len)
			return false;
		left = span_from(left, len);
	}
	return true;
}

/* RFC 1035 3.3.14. It requires at least one string, but records without any
 * occur. */
static bool
decode_txt(struct wire *w, struct dns_rr *r)
{
	struct span left = rest(w), *string;
	size_t n;

	if (!count_strings(left, &n))
		return false;
	string = ARENA_ARRAY(w->arena, struct span, n);
	for (size_t i = 0; i < n; i++) {
		size_t len = (unsigned char)left.p[0];

		string[i] = span_upto(span_from(left, 1), len);
		left = span_from(left, 1 + len);
	}
	dns_rr_strings(r, string, n, w->arena);
	w->p = w->stop;
	return true;
}

void
dns_rr_strings(
    struct dns_rr *r, const struct span *string, size_t n, struct arena *a)
{
	size_t len = 0, at = 0;
	char *joined;

	for (size_t i = 0; i < n; i++)
		len += string[i].len;
	joined = arena_alloc(a, len);
	r->data = (struct span){joined, len};
	r->strings = ARENA_ARRAY(a, struct span, n);
	r->nstrings = n;
	for (size_t i = 0; i < n; i++) {
		if (string[i].len)
			memcpy(joined + at, string[i].p, string[i].len);
		r->strings[i] = (struct span){joined + at, string[i].len};
		at += string[i].len;
	}
}

/* An answer's array of records grows by doubling, and is copied once. */
#define COPIES 3

size_t
dns_rr_octets(const struct dns_rr *r)
{
	return COPIES * sizeof(*r) + r->owner.len + r->data.len +
	    r->nstrings * sizeof(*r->strings);
}

/*
 * Records to text.
 */

static void
write_octets(struct buf *b, const struct dns_rr *r)
{
	buf_printf(b, "\\# %zu%s", r->data.len, r->data.len ? " " : "");
	for (size_t i = 0; i < r->data.len; i++)
		buf_printf(b, "%02x", (unsigned char)r->data.p[i]);
}

static void
write_a(struct buf *b, const struct dns_rr *r)
{
	char text[INET_ADDRSTRLEN];

	buf_str(b, inet_ntop(AF_INET, r->data.p, text, sizeof(text)));
}

static void
write_aaaa(struct buf *b, const struct dns_rr *r)
{
	char text[INET6_ADDRSTRLEN];

	buf_str(b, inet_ntop(AF_INET6, r->data.p, text, sizeof(text)));
}

static void
write_name(struct buf *b, const struct dns_rr *r)
{
	dns_name_write(b, r->data);
}

static void
write_mx(struct buf *b, const struct dns_rr *r)
{
	buf_printf(b, "%u ", r->preference);
	dns_name_write(b, r->data);
}

static void
write_soa(struct buf *b, const struct dns_rr *r)
{
	buf_add(b, r->data);
}

/* RFC 1035 5.1 */
static void
write_string(struct buf *b, struct span s)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		if (c == ' ' || ascii_is_vchar(c))
			buf_char(b, c);
		else
			buf_printf(b, "\\%03u", (unsigned)(unsigned char)c);
	}
	buf_char(b, '"');
}

static void
write_txt(struct buf *b, const struct dns_rr *r)
{
	for (size_t i = 0; i < r->nstrings; i++) {
		if (i)
			buf_char(b, ' ');
		write_string(b, r->strings[i]);
	}
}

static const struct kind {
	enum dns_type type;
	bool (*decode)(struct wire *w, struct dns_rr *r);
	void (*write)(struct buf *b, const struct dns_rr *r);
} kinds[] = {
    {DNS_A, decode_a, write_a},
    {DNS_AAAA, decode_aaaa, write_aaaa},
    {DNS_CNAME, decode_name, write_name},
    {DNS_MX, decode_mx, write_mx},
    {DNS_NS, decode_name, write_name},
    {DNS_PTR, decode_name, write_name},
    {DNS_SOA, decode_soa, write_soa},
    {DNS_SPF, decode_txt, write_txt},
    {DNS_TXT, decode_txt, write_txt},
    {DNS_ANY, decode_octets, write_octets},
};

/* The last kind is for all other types. */
static const struct kind *
kind_of(enum dns_type type)
{
	const struct kind *k = kinds;

	while (k->type != type && k->type != DNS_ANY)
		k++;
	return k;
}

bool
dns_rdata_decode(struct dns_rr *r, const unsigned char *message,
    const unsigned char *end, const unsigned char *rdata, size_t len,
    struct arena *a)
{
	struct wire w = {message, end, rdata, rdata + len, a};

	return kind_of(r->type)->decode(&w, r) && w.p == w.stop;
}

struct span
dns_rr_text(const struct dns_rr *r, struct arena *a)
{
	struct buf b = BUF(a);
	bool empty = kind_of(r->type)->write == write_txt && !r->nstrings;

	dns_name_write(&b, r->owner);
	if (empty) /* RFC 3597 5 */
		buf_printf(&b, " IN TYPE%u \\# 0", (unsigned)r->type);
	else
		buf_printf(&b, " IN %s ", dns_type_name(r->type, a));
	if (!empty)
		kind_of(r->type)->write(&b, r);
	return buf_span(&b);
}
