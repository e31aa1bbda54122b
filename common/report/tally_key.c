/* tally_key: what a record is grouped by. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

#include "report/tally_internal.h"

/* Networks that addresses are grouped by. */
#define BITS_IPV4 24
#define BITS_IPV6 48

/* The first octet of an address; that of an unknown one comes last. */
enum {
	SOURCE_IPV4 = 4,
	SOURCE_IPV6 = 6,
	SOURCE_UNKNOWN = 0x7f
};

struct span
tally_reporter(const struct aggregate_metadata *metadata)
{
	size_t at;

	if (!span_empty(metadata->org_name))
		return metadata->org_name;
	at = span_find_last(metadata->email, '@');
	if (at + 1 >= metadata->email.len)
		return SPAN_NONE;
	return span_from(metadata->email, at + 1);
}

static void
add_char(struct key *key, int c)
{
	assert(key->len < sizeof(key->octet));
	key->octet[key->len++] = (char)c;
}

/* UTF-8 goes on with octets of 10xxxxxx (RFC 3629 3). */
static struct span
cut(struct span text)
{
	size_t n = LIMIT_REPORT_KEY;

	if (text.len <= n)
		return text;
	while (n && (text.p[n] & 0xc0) == 0x80)
		n--;
	return span_upto(text, n);
}

/* No text has a NUL, as XML has none (XML 1.0 2.2), so it can end one. */
void
key_text(struct key *key, struct span text)
{
	text = cut(text);
	assert(key->len + text.len < sizeof(key->octet));
	if (text.len)
		memcpy(key->octet + key->len, text.p, text.len);
	key->len += text.len;
	add_char(key, '\0');
}

/* The highest octet first, so that keys compare as days do. */
void
key_day(struct key *key, int32_t day)
{
	uint32_t number = day == TALLY_NO_DAY ? UINT32_MAX : (uint32_t)day;

	for (int shift = 24; shift >= 0; shift -= 8)
		add_char(key, (int)(number >> shift & 0xff));
}

static void
add_ip(struct key *key, const struct ip *ip)
{
	size_t n = ip->family == AF_INET ? 4 : 16;

	add_char(key, ip->family == AF_INET ? SOURCE_IPV4 : SOURCE_IPV6);
	assert(key->len + n <= sizeof(key->octet));
	memcpy(key->octet + key->len, ip->octet, n);
	key->len += n;
}

void
key_source(struct key *key, const struct aggregate_record *record)
{
	if (record->has_ip)
		add_ip(key, &record->ip);
	else
		add_char(key, SOURCE_UNKNOWN);
}

struct ip_network
key_network_of(const struct ip *ip)
{
	struct ip_network network = {
	    *ip, ip->family == AF_INET ? BITS_IPV4 : BITS_IPV6};

	return ip_masked(&network);
}

void
key_network(struct key *key, const struct aggregate_record *record)
{
	if (record->has_ip) {
		struct ip_network network = key_network_of(&record->ip);

		add_ip(key, &network.ip);
	} else {
		add_char(key, SOURCE_UNKNOWN);
	}
}

void
key_selector(struct key *key, const struct verdict *v)
{
	key_text(key, v->dkim_result ? v->dkim_result->domain : SPAN_NONE);
	key_text(key, v->dkim_result ? v->dkim_result->selector : SPAN_NONE);
}

/* Adds " NAME=VALUE" if it is not the default. */
static void
add_tag(struct key *key, const char *name, struct span value, struct span usual)
{
	struct span text = span_of(name);

	if (span_empty(value) || span_eq(value, usual))
		return;
	if (key->octet[key->len - 1])
		add_char(key, ' ');
	/* The values are short words of a few kinds. */
	assert(key->len + text.len + value.len + 1 < sizeof(key->octet));
	memcpy(key->octet + key->len, text.p, text.len);
	memcpy(key->octet + key->len + text.len, value.p, value.len);
	key->len += text.len + value.len;
}

void
key_policy(struct key *key, const struct aggregate_policy *policy)
{
	char pct[3], *digit = pct + sizeof(pct);
	struct span sp = span_empty(policy->sp) ? policy->p : policy->sp;

	for (unsigned n = policy->pct; digit == pct + sizeof(pct) || n; n /= 10)
		*--digit = (char)('0' + n % 10);
	key_text(key, policy->domain);
	add_tag(key, "p=", policy->p, SPAN_NONE);
	add_tag(key, "sp=", policy->sp, policy->p);
	add_tag(key, "np=", policy->np, sp);
	add_tag(key, "adkim=", policy->adkim, SPAN("r"));
	add_tag(key, "aspf=", policy->aspf, SPAN("r"));
	if (policy->has_pct)
		add_tag(key, "pct=", span_between(digit, pct + sizeof(pct)),
		    SPAN("100"));
	add_tag(key, "t=", policy->testing, SPAN("n"));
	add_char(key, '\0');
}

/* Does the rule not tell that SPF is aligned, or has a result for an aligned
 * domain? */
static bool
has_other_spf(enum verdict_rule rule)
{
	return rule != VERDICT_RULE_SPF_BROKEN && rule != VERDICT_RULE_BOTH &&
	    rule != VERDICT_RULE_DKIM_FAILS;
}

void
key_typical(struct key *key, const struct aggregate_record *record,
    const struct verdict *v)
{
	add_char(key, v->rule);
	key_selector(key, v);
	key_text(key, record->header_from);
	key_text(key,
	    v->spf_result && has_other_spf(v->rule) ? v->spf_result->domain
						    : SPAN_NONE);
}

void
key_sender(struct key *key, struct span domain, bool elsewhere,
    const struct aggregate_record *record)
{
	key_text(key, domain);
	add_char(key, elsewhere);
	key_source(key, record);
}

/*
 * Reading.
 */

/* Removes a text and the NUL after it; an empty one is absent. */
static struct span
cut_text(struct span *key)
{
	struct span text = span_cut(key, '\0');

	return text.len ? text : SPAN_NONE;
}

static int32_t
read_day(struct span key)
{
	uint32_t number = 0;

	for (size_t i = 0; i < key.len; i++)
		number = number << 8 | (unsigned char)key.p[i];
	return number == UINT32_MAX ? TALLY_NO_DAY : (int32_t)number;
}

static void
read_source(struct span key, bool is_network, struct tally_row *row)
{
	bool ipv4 = key.p[0] == SOURCE_IPV4;

	if (key.p[0] == SOURCE_UNKNOWN)
		return;
	row->has_network = true;
	row->network.ip.family = ipv4 ? AF_INET : AF_INET6;
	memcpy(row->network.ip.octet, key.p + 1, key.len - 1);
	if (is_network)
		row->network.bits = ipv4 ? BITS_IPV4 : BITS_IPV6;
	else
		row->network.bits = ipv4 ? 32 : 128;
}

void
key_read(struct span key, enum tally_by by, struct tally_row *row)
{
	switch (by) {
	case TALLY_BY_SOURCE:
	case TALLY_BY_NETWORK:
		read_source(key, by == TALLY_BY_NETWORK, row);
		break;
	case TALLY_BY_DAY:
		row->day = read_day(key);
		break;
	case TALLY_BY_SELECTOR:
		row->more = cut_text(&key);
		row->text = cut_text(&key);
		break;
	default:
		row->text = cut_text(&key);
		row->more = cut_text(&key);
	}
}

void
key_read_typical(struct span key, struct tally_row *row)
{
	row->rule = (enum verdict_rule)key.p[0];
	key = span_from(key, 1);
	row->dkim_domain = cut_text(&key);
	row->dkim_selector = cut_text(&key);
	row->header_from = cut_text(&key);
	row->spf_domain = cut_text(&key);
}

void
key_read_sender(struct span key, struct tally_row *row)
{
	row->text = cut_text(&key);
	row->elsewhere = key.p[0] != 0;
	read_source(span_from(key, 1), false, row);
}
