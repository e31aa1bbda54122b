/* dkim_key: a key record to a checked struct, and whether it may be used. */
/* SPDX-License-Identifier: ISC */

#include "base/base64.h"
#include "base/buf.h"
#include "dkim/dkim_internal.h"

/* Is the word in a list separated by ":"? Case matters (RFC 6376 3.2). */
static bool
has_item(struct span list, struct span word)
{
	struct span item;

	while (taglist_item(&list, ':', &item))
		if (span_eq(item, word))
			return true;
	return false;
}

bool
dkim_key_is_other(struct span record)
{
	struct span rest = record, spec = span_cut(&rest, ';'), value = spec;
	struct span name = span_trim(span_cut(&value, '='));

	return value.p && span_eq(name, SPAN("v")) &&
	    !span_eq(span_trim(value), SPAN("DKIM1"));
}

static enum dkim_reason
parse_type(const struct taglist *list, struct dkim_key *key)
{
	struct span k = taglist_value(list, "k");

	if (!k.p || span_eq(k, SPAN("rsa")))
		key->type = KEY_RSA;
	else if (span_eq(k, SPAN("ed25519")))
		key->type = KEY_ED25519;
	else
		return DKIM_KEY_TYPE;
	return DKIM_OK;
}

/* At most this many octets of a value are shown. */
#define SHOWN 20

/* Records what a reason is about, and words about it. Returns the reason. */
static enum dkim_reason
set_detail(struct dkim_key *key, enum dkim_reason reason, struct span wrong,
    struct span words)
{
	key->wrong = wrong;
	key->detail = words;
	return reason;
}

/* Does the record have a "p=", even if it is not a valid tag-list? */
static bool
has_p_tag(struct span record)
{
	while (record.p) {
		struct span value = span_cut(&record, ';');

		if (span_eq(span_trim(span_cut(&value, '=')), SPAN("p")) &&
		    value.p)
			return true;
	}
	return false;
}

/* The record is not a valid tag-list. Was it meant as a key at all? */
static enum dkim_reason
syntax_reason(struct dkim_key *key, const struct taglist *list, struct arena *a)
{
	struct span text = span_trim(key->record);

	if (span_starts(text, SPAN("\"")))
		return set_detail(
		    key, DKIM_NOT_A_KEY, text, SPAN("it begins with a quote"));
	if (!span_starts(text, SPAN("v=DKIM1")) && !has_p_tag(text))
		return set_detail(key, DKIM_NOT_A_KEY, text,
		    SPAN("it has neither v=DKIM1 nor p="));
	if (!list->words.p) /* TAGLIST_TOO_LARGE */
		return set_detail(key, DKIM_KEY_SYNTAX, SPAN_NONE,
		    SPAN("it has too many octets or tags"));
	return set_detail(
	    key, DKIM_KEY_SYNTAX, list->wrong, arena_span(a, list->words));
}

/* Refuses a record whose v= is not DKIM1, and shows that value. */
static enum dkim_reason
version_reason(struct dkim_key *key, struct span record, struct arena *a)
{
	struct span rest = record, value = span_trim(span_cut(&rest, ';'));
	struct buf b = BUF(a);

	key->record = record;
	key->wrong = value;
	span_cut(&value, '=');
	value = span_trim(value);
	buf_str(&b, "v= is ");
	buf_short(&b, value, SHOWN);
	buf_str(&b, ", not DKIM1");
	if (value.len && value.p[value.len - 1] == '\\')
		buf_str(&b, " (a backslash before the semicolon)");
	key->detail = buf_span(&b);
	return DKIM_NOT_A_KEY;
}

/* RFC 6376 3.6.1: v= is optional, but must come first. */
static enum dkim_reason
check_version(struct dkim_key *key, const struct taglist *list, struct arena *a)
{
	const struct tag *v = taglist_find(list, "v");

	if (!v)
		return DKIM_OK;
	if (v != list->tags)
		return set_detail(key, DKIM_KEY_SYNTAX, v->name,
		    SPAN("v= is not the first tag"));
	if (!span_eq(v->value, SPAN("DKIM1")))
		return version_reason(key, key->record, a);
	return DKIM_OK;
}

static enum dkim_reason
parse_data(struct dkim_key *key, const struct taglist *list, struct arena *a)
{
	const struct tag *p = taglist_find(list, "p");

	if (!p)
		return set_detail(
		    key, DKIM_KEY_SYNTAX, SPAN_NONE, SPAN("p= is missing"));
	key->p = span_trim(span_between(p->name.p, p->whole.p + p->whole.len));
	if (span_empty(p->value))
		return DKIM_KEY_REVOKED;
	if (parse_type(list, key) != DKIM_OK)
		return DKIM_KEY_TYPE;
	return base64_decode(p->value, a, &key->data)
	    ? DKIM_OK
	    : set_detail(
		  key, DKIM_KEY_SYNTAX, key->p, SPAN("p= is not base64"));
}

enum dkim_reason
dkim_key_parse(struct span record, struct arena *a, struct dkim_key *key)
{
	struct taglist list;
	struct span flags;
	enum dkim_reason reason;

	*key = (struct dkim_key){.type = KEY_RSA, .record = record};
	if (taglist_parse(record, a, &list) != TAGLIST_OK)
		return syntax_reason(key, &list, a);
	reason = check_version(key, &list, a);
	if (reason != DKIM_OK)
		return reason;
	if (list.irregular.p)
		key->irregular =
		    SPAN("a hyphen or dot in a tag name of the key record");
	key->hashes = taglist_value(&list, "h");
	key->services = taglist_value(&list, "s");
	flags = taglist_value(&list, "t");
	key->is_testing = has_item(flags, SPAN("y"));
	key->is_strict = has_item(flags, SPAN("s"));
	return parse_data(key, &list, a);
}

enum dkim_reason
dkim_key_query(struct dns *dns, struct span selector, struct span domain,
    struct arena *a, struct dkim_key *key)
{
	const struct dns_answer *answer =
	    dns_query_limited(dns, dkim_key_name(selector, domain, a), DNS_TXT);
	const struct dns_rr *found = NULL;
	size_t n = 0;

	*key = (struct dkim_key){.type = KEY_RSA};
	if (dns_failed(answer->status))
		return DNS_REASON(DKIM_DNS_TIMEOUT, answer->status);
	if (answer->status == DNS_LIMIT)
		return DKIM_DNS_LIMIT;
	if (answer->status != DNS_DATA)
		return DKIM_KEY_NONE;
	for (size_t i = 0; i < answer->nrecords; i++)
		if (!dkim_key_is_other(answer->records[i].data)) {
			found = &answer->records[i];
			n++;
		}
	/* RFC 6376 3.6.2.2: the result with several keys is undefined */
	if (n > 1)
		return DKIM_KEY_SEVERAL;
	if (found)
		return dkim_key_parse(found->data, a, key);
	return answer->nrecords ? version_reason(key, answer->records->data, a)
				: DKIM_KEY_NONE;
}

/* RFC 6376 6.1.2 */
enum dkim_reason
dkim_key_allows(const struct dkim_key *key, const struct dkim_signature *s)
{
	struct span hash =
	    s->hash == DIGEST_SHA1 ? SPAN("sha1") : SPAN("sha256");

	if (key->services.p && !has_item(key->services, SPAN("email")) &&
	    !has_item(key->services, SPAN("*")))
		return DKIM_KEY_SERVICE;
	if (key->hashes.p && !has_item(key->hashes, hash))
		return DKIM_KEY_HASH;
	if (key->type != s->type)
		return DKIM_KEY_TYPE;
	if (key->is_strict && !span_eq(s->auid_domain, s->domain))
		return DKIM_KEY_STRICT;
	return DKIM_OK;
}

enum dkim_reason
dkim_key_reason(
    enum key_status status, const struct key_public *k, unsigned least_bits)
{
	static const enum dkim_reason reasons[] = {
	    [KEY_OK] = DKIM_OK,
	    [KEY_SYNTAX] = DKIM_KEY_SYNTAX,
	    [KEY_TOO_LARGE] = DKIM_KEY_LARGE,
	    [KEY_EXPONENT] = DKIM_KEY_EXPONENT,
	    [KEY_WEAK] = DKIM_KEY_WEAK,
	    [KEY_FORBIDDEN] = DKIM_FORBIDDEN,
	};

	if (status == KEY_OK && key_public_type(k) == KEY_RSA &&
	    key_public_bits(k) < least_bits)
		return DKIM_KEY_SMALL;
	return reasons[status];
}

enum dkim_reason
dkim_key_import(
    const struct dkim_key *key, unsigned least_bits, struct key_public **out)
{
	enum key_status status = key_public_parse(key->type, key->data, out);

	return dkim_key_reason(status, *out, least_bits);
}
