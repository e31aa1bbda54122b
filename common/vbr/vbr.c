/* vbr: the VBR-Info field, the query to a certifier and its answer. */
/* SPDX-License-Identifier: ISC */

#include "vbr/vbr.h"

#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/domain.h"
#include "mail/fold.h"
#include "base/ip.h"
#include "base/limit.h"
#include "base/taglist.h"

const struct result_reason vbr_reasons[] = {VBR_REASONS(RESULT_REASON)};

/* Records "TAG='PIECE'" as the cause of a failure. Always returns false. */
static bool
reject(
    struct vbr_info *info, const char *tag, struct span piece, struct arena *a)
{
	struct buf b = BUF(a);

	buf_printf(&b, "%s='", tag);
	buf_short(&b, piece, LIMIT_SHOWN_PIECE);
	buf_char(&b, '\'');
	info->wrong = buf_span(&b);
	return false;
}

static bool
parse_domain(struct span value, struct arena *a, struct vbr_info *info)
{
	info->domain = domain_normal(value, a);
	return info->domain.p || reject(info, "md", value, a);
}

/* RFC 5518 4: types are not case-sensitive. */
static bool
parse_type(struct span value, struct arena *a, struct vbr_info *info)
{
	info->type = arena_lower(a, value);
	return vbr_is_type(info->type) || reject(info, "mc", value, a);
}

static bool
parse_certifiers(struct span list, struct arena *a, struct vbr_info *info)
{
	struct span item;

	if (list.len > LIMIT_LINE) {
		info->wrong = arena_printf(a, "mv= over %u octets", LIMIT_LINE);
		return false;
	}
	while (taglist_item(&list, ':', &item)) {
		struct span host = domain_normal(item, a);

		if (!host.p)
			return reject(info, "mv", item, a);
		*ARENA_PUSH(a, info->certifiers, info->ncertifiers) = host;
	}
	return true;
}

static const struct {
	struct span name;
	bool (*parse)(struct span value, struct arena *a, struct vbr_info *);
} elements[] = {
    {{"md", 2}, parse_domain},
    {{"mc", 2}, parse_type},
    {{"mv", 2}, parse_certifiers},
};
#define ELEMENTS (COUNT(elements))

static bool
parse_element(size_t i, struct span value, bool seen[static ELEMENTS],
    struct arena *a, struct vbr_info *info)
{
	if (seen[i]) {
		info->wrong = arena_printf(
		    a, SPAN_FMT "= twice", SPAN_ARG(elements[i].name));
		return false;
	}
	seen[i] = true;
	return elements[i].parse(span_trim(value), a, info);
}

static bool
has_all(
    const bool seen[static ELEMENTS], struct arena *a, struct vbr_info *info)
{
	for (size_t i = 0; i < ELEMENTS; i++)
		if (!seen[i]) {
			info->wrong = arena_printf(
			    a, "no " SPAN_FMT "=", SPAN_ARG(elements[i].name));
			return false;
		}
	return true;
}

/* RFC 5518 4: the three elements are mandatory, in any order; others are
 * ignored. */
bool
vbr_info_parse(struct span body, struct arena *a, struct vbr_info *info)
{
	bool seen[ELEMENTS] = {false};

	*info = (struct vbr_info){.domain = SPAN_NONE};
	if (body.len > LIMIT_TAGLIST) {
		info->wrong = arena_printf(a, "over %u octets", LIMIT_TAGLIST);
		return false;
	}
	while (body.p) {
		struct span value = span_cut(&body, ';');
		struct span name = span_trim(span_cut(&value, '='));
		size_t i = 0;

		while (i < ELEMENTS && !span_caseeq(name, elements[i].name))
			i++;
		if (value.p && i < ELEMENTS &&
		    !parse_element(i, value, seen, a, info))
			return false;
	}
	return has_all(seen, a, info);
}

struct span
vbr_info_compose(const struct vbr_info *info, const char *eol, struct arena *a)
{
	struct fold f = fold_begin(SPAN("VBR-Info"), eol, a);

	fold_word(&f, SPAN("md="));
	fold_text(&f, info->domain);
	fold_text(&f, SPAN(";"));
	fold_word(&f, SPAN("mc="));
	fold_text(&f, info->type);
	fold_text(&f, SPAN(";"));
	fold_word(&f, SPAN("mv="));
	/* RFC 5518 4: no white space within the list, so it is never folded. */
	for (size_t i = 0; i < info->ncertifiers; i++) {
		if (i)
			fold_text(&f, SPAN(":"));
		fold_text(&f, info->certifiers[i]);
	}
	fold_text(&f, SPAN(";"));
	return fold_end(&f);
}

bool
vbr_is_type(struct span type)
{
	for (size_t i = 0; i < type.len; i++)
		if (type.p[i] < 'a' || type.p[i] > 'z')
			return false;
	return type.len > 0;
}

const char *const vbr_types[] = {"all", "list", "transaction", NULL};

bool
vbr_is_defined_type(struct span type)
{
	size_t i = 0;

	while (vbr_types[i] && !span_eq(type, span_of(vbr_types[i])))
		i++;
	return vbr_types[i];
}

struct span
vbr_name(struct span domain, struct span certifier, struct arena *a)
{
	return arena_printf(a, SPAN_FMT "._vouch." SPAN_FMT, SPAN_ARG(domain),
	    SPAN_ARG(certifier));
}

/* Is a record a list of types: lower-case words separated by spaces (RFC 5518
 * 5)? */
static bool
is_record(struct span record)
{
	for (size_t i = 0; i < record.len; i++)
		if (record.p[i] != ' ' &&
		    (record.p[i] < 'a' || record.p[i] > 'z'))
			return false;
	return span_trim(record).len > 0;
}

static bool
vouches(struct span record, struct span type)
{
	while (record.p) {
		struct span word = span_cut(&record, ' ');

		if (span_eq(word, SPAN("all")) || span_eq(word, type))
			return true;
	}
	return false;
}

/* RFC 5518 5: records other than lists of types are discarded; exactly one list
 * must remain. */
static struct vbr_answer
evaluate_types(const struct dns_answer *answer, struct span type)
{
	struct vbr_answer out = {.reason = VBR_BAD_RECORD};
	struct span record = SPAN_NONE;

	for (size_t i = 0; i < answer->nrecords; i++)
		if (is_record(answer->records[i].data)) {
			record = answer->records[i].data;
			out.lists++;
		}
	if (out.lists > 1)
		out.reason = VBR_SEVERAL;
	if (out.lists != 1)
		return out;
	out.detail = span_trim(record);
	out.reason = vouches(record, type) ? VBR_OK : VBR_NOT_TYPE;
	return out;
}

/* The meaning of addresses by their first three octets. The first row that any
 * address of an answer matches decides. */
static const struct {
	struct span prefix;
	enum vbr_reason reason;
} address_table[] = {
    {{"\177\377\377", 3}, VBR_QUERY_REFUSED},
    {{"\177\0\2", 3}, VBR_OK},
    {{"", 0}, VBR_OTHER_ADDRESS},
};

static struct span
address_text(struct span octets, struct arena *a)
{
	struct ip ip = {.family = AF_INET};
	char text[IP_TEXT];

	memcpy(ip.octet, octets.p, 4);
	return arena_span(a, span_of(ip_text(&ip, text)));
}

static struct vbr_answer
evaluate_addresses(const struct dns_answer *answer, struct arena *a)
{
	size_t rows = COUNT(address_table);

	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i < answer->nrecords; i++) {
			struct span data = answer->records[i].data;

			if (data.len == 4 &&
			    span_starts(data, address_table[row].prefix))
				return (struct vbr_answer){
				    .reason = address_table[row].reason,
				    .detail = address_text(data, a)};
		}
	return (struct vbr_answer){.reason = VBR_OTHER_ADDRESS};
}

bool
vbr_certifier_parse(struct span text, struct arena *a, struct vbr_certifier *c)
{
	struct span how = text;

	c->host = domain_normal(span_cut(&how, '/'), a);
	c->by_address = how.p != NULL;
	return c->host.p && (!how.p || span_caseeq(how, SPAN("a")));
}

static enum dns_type
query_type(const struct vbr_certifier *c)
{
	return c->by_address ? DNS_A : DNS_TXT;
}

/* Returns the reason for an answer without records. */
static enum vbr_reason
reason_of(enum dns_status status)
{
	if (dns_failed(status))
		return DNS_REASON(VBR_DNS_TIMEOUT, status);
	if (status == DNS_LIMIT)
		return VBR_DNS_LIMIT;
	return status == DNS_BADNAME ? VBR_BAD_NAME : VBR_NOT_LISTED;
}

struct vbr_answer
vbr_query(struct dns *dns, struct span domain,
    const struct vbr_certifier *certifier, struct span type, struct arena *a)
{
	const struct dns_answer *answer = dns_query_limited(
	    dns, vbr_name(domain, certifier->host, a), query_type(certifier));

	if (answer->status != DNS_DATA)
		return (struct vbr_answer){.reason = reason_of(answer->status)};
	return certifier->by_address ? evaluate_addresses(answer, a)
				     : evaluate_types(answer, type);
}

void
vbr_query_prefetch(struct dns *dns, struct span domain,
    const struct vbr_certifier *certifier, struct arena *a)
{
	dns_prefetch_limited(
	    dns, vbr_name(domain, certifier->host, a), query_type(certifier));
}
