#include "base64.h"
#include "dkim.h"

/* Is a word, with its case (RFC 6376 3.2), in a list separated by ":"? */
static bool
has_item(struct span list, struct span word)
{
	struct span item;

	while (taglist_item(&list, ':', &item))
		if (span_eq(item, word))
			return true;
	return false;
}

/* Is the record to be discarded unread: a "v=" in front with another value
 * (RFC 6376 3.6.1)? Such records may stand beside a key. */
static bool
is_other(struct span record)
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

enum dkim_reason
dkim_key_parse(struct span record, struct arena *a, struct dkim_key *key)
{
	struct taglist list;
	struct span flags;

	*key = (struct dkim_key){.type = KEY_RSA};
	if (taglist_parse(record, a, &list) != TAGLIST_OK)
		return DKIM_KEY_SYNTAX;
	/* RFC 6376 3.6.1: v= must be first, if it is there at all. */
	if (taglist_find(&list, "v") &&
	    (taglist_find(&list, "v") != list.tag ||
		!span_eq(list.tag[0].value, SPAN("DKIM1"))))
		return DKIM_KEY_SYNTAX;
	key->hashes = taglist_value(&list, "h");
	key->services = taglist_value(&list, "s");
	flags = taglist_value(&list, "t");
	key->is_testing = has_item(flags, SPAN("y"));
	key->is_strict = has_item(flags, SPAN("s"));
	if (!taglist_find(&list, "p"))
		return DKIM_KEY_SYNTAX;
	if (span_empty(taglist_value(&list, "p")))
		return DKIM_KEY_REVOKED;
	if (parse_type(&list, key) != DKIM_OK)
		return DKIM_KEY_TYPE;
	return base64_decode(taglist_value(&list, "p"), a, &key->data)
	    ? DKIM_OK
	    : DKIM_KEY_SYNTAX;
}

enum dkim_reason
dkim_key_query(struct dns *dns, struct span selector, struct span domain,
    struct arena *a, struct dkim_key *key)
{
	const struct dns_answer *answer =
	    dns_query(dns, dkim_key_name(selector, domain, a), DNS_TXT);
	const struct dns_record *found = NULL;
	size_t n = 0;

	if (dns_failed(answer->status))
		return (enum dkim_reason)(
		    DKIM_DNS_TIMEOUT + (answer->status - DNS_TIMEOUT));
	if (answer->status != DNS_DATA)
		return DKIM_KEY_NONE;
	for (size_t i = 0; i < answer->records; i++)
		if (!is_other(answer->record[i].data)) {
			found = &answer->record[i];
			n++;
		}
	/* RFC 6376 3.6.2.2: with several the result is undefined; ours. */
	if (n > 1)
		return DKIM_KEY_SEVERAL;
	return found ? dkim_key_parse(found->data, a, key) : DKIM_KEY_NONE;
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
	if (key->is_strict && !span_eq(s->identity_domain, s->domain))
		return DKIM_KEY_STRICT;
	return DKIM_OK;
}
