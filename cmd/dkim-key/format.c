/* format: a key record in the forms of DNS servers and providers. */
/* SPDX-License-Identifier: ISC */

#include "dkim-key.h"

#include <inttypes.h>

#include "base/json.h"
#include "lint/key_lint.h"
#include "tool/output.h"

const char *const format_names[] = {[FORMAT_ZONE] = "zone",
    [FORMAT_PLAIN] = "plain",
    [FORMAT_NSUPDATE] = "nsupdate",
    [FORMAT_TINYDNS] = "tinydns",
    [FORMAT_ROUTE53] = "route53",
    [FORMAT_OCTODNS] = "octodns",
    [FORMAT_JSON] = "json",
    NULL};

struct span
record_text(const struct key_public *key, struct span flags, struct arena *a)
{
	return key_lint_record(key_public_type(key), SPAN_NONE, SPAN_NONE,
	    flags, key_public_octets(key, a), a);
}

/* RFC 1035 3.3: a character-string has at most 255 octets. */
#define STRING_OCTETS 255u

/* Takes the next string off a text. The text is that of a key record: it has
 * neither quotes nor backslashes. */
static struct span
take_string(struct span *text)
{
	size_t n = text->len < STRING_OCTETS ? text->len : STRING_OCTETS;
	struct span string = span_upto(*text, n);

	*text = span_from(*text, n);
	return string;
}

/* "..." "..." (RFC 1035 5.1) */
static void
add_strings(struct buf *b, struct span text)
{
	while (text.len) {
		buf_char(b, '"');
		buf_add(b, take_string(&text));
		buf_str(b, text.len ? "\" " : "\"");
	}
}

static void
add_zone(struct buf *b, const struct record *r)
{
	buf_printf(
	    b, SPAN_FMT ". %" PRIu64 " IN TXT ", SPAN_ARG(r->name), r->ttl);
	add_strings(b, r->text);
	buf_char(b, '\n');
}

static void
add_plain(struct buf *b, const struct record *r)
{
	buf_add(b, r->text);
	buf_char(b, '\n');
}

static void
add_nsupdate(struct buf *b, const struct record *r)
{
	buf_str(b, "update add ");
	add_zone(b, r);
	buf_str(b, "send\n");
}

/* tinydns-data(8): 'fqdn:s:ttl; it splits the text itself. Octal escapes for
 * what ends a field, and for itself. */
static void
add_tinydns(struct buf *b, const struct record *r)
{
	buf_printf(b, "'" SPAN_FMT ":", SPAN_ARG(r->name));
	for (size_t i = 0; i < r->text.len; i++)
		if (r->text.p[i] == ':' || r->text.p[i] == '\\')
			buf_printf(b, "\\%03o", (unsigned)r->text.p[i]);
		else
			buf_char(b, r->text.p[i]);
	buf_printf(b, ":%" PRIu64 "\n", r->ttl);
}

static void
add_dump(struct buf *b, json_t *object, size_t flags)
{
	char *text = json_dumps(object, flags);

	if (!text)
		arena_exhausted();
	buf_str(b, text);
	buf_char(b, '\n');
	free(text);
	json_decref(object);
}

/* A change batch of Route 53: CREATE fails where a record is there already. */
static void
add_route53(struct buf *b, const struct record *r)
{
	struct buf value = BUF(b->arena), name = BUF(b->arena);
	json_t *set;

	add_strings(&value, r->text);
	buf_add(&name, r->name);
	buf_char(&name, '.');
	set = json_pack("{s:o, s:s, s:I, s:[{s:o}]}",
	    JSON_MEMBER("Name", json_text(buf_span(&name), b->arena)),
	    JSON_MEMBER("Type", "TXT"), JSON_MEMBER("TTL", (json_int_t)r->ttl),
	    "ResourceRecords",
	    JSON_MEMBER("Value", json_text(buf_span(&value), b->arena)));
	add_dump(b,
	    json_pack("{s:[{s:s, s:o}]}", "Changes",
		JSON_MEMBER("Action", "CREATE"),
		JSON_MEMBER("ResourceRecordSet", set)),
	    JSON_INDENT(2) | JSON_ENSURE_ASCII);
}

/* An entry of the YAML file of the zone DOMAIN. octoDNS splits the text itself,
 * and wants a backslash before a semicolon. */
static void
add_octodns(struct buf *b, const struct record *r)
{
	buf_printf(b,
	    "'" SPAN_FMT "._domainkey':\n  type: TXT\n  ttl: %" PRIu64
	    "\n  value: '",
	    SPAN_ARG(r->selector), r->ttl);
	for (size_t i = 0; i < r->text.len; i++) {
		if (r->text.p[i] == ';')
			buf_char(b, '\\');
		buf_char(b, r->text.p[i]);
	}
	buf_str(b, "'\n");
}

void
format_key(json_t *object, const struct key_public *key, struct arena *a)
{
	struct span fingerprint = SPAN_NONE;

	if (key)
		fingerprint = key_public_fingerprint(key, a);
	json_object_set_new(object, "kind",
	    key ? json_string(key_type_name(key_public_type(key)))
		: json_null());
	json_object_set_new(object, "bits",
	    key ? json_integer(key_public_bits(key)) : json_null());
	json_object_set_new(object, "fingerprint", json_text(fingerprint, a));
}

static void
add_json(struct buf *b, const struct record *r)
{
	struct span rest = r->text;
	json_t *strings = json_array(), *object;

	while (rest.len)
		json_array_append_new(
		    strings, json_text(take_string(&rest), b->arena));
	object =
	    json_pack("{s:i, s:o, s:o, s:o, s:o}", JSON_MEMBER("schema", 1),
		JSON_MEMBER("domain", json_text(r->domain, b->arena)),
		JSON_MEMBER("selector", json_text(r->selector, b->arena)),
		JSON_MEMBER("name", json_text(r->name, b->arena)),
		JSON_MEMBER("file", json_text(span_of(r->file), b->arena)));
	format_key(object, r->key, b->arena);
	json_object_set_new(object, "ttl", json_integer((json_int_t)r->ttl));
	json_object_set_new(object, "record", json_text(r->text, b->arena));
	json_object_set_new(object, "strings", strings);
	add_dump(b, object, OUTPUT_DUMP);
}

struct span
format_record(enum format format, const struct record *r, struct arena *a)
{
	static void (*const add[])(struct buf * b, const struct record *r) = {
	    [FORMAT_ZONE] = add_zone,
	    [FORMAT_PLAIN] = add_plain,
	    [FORMAT_NSUPDATE] = add_nsupdate,
	    [FORMAT_TINYDNS] = add_tinydns,
	    [FORMAT_ROUTE53] = add_route53,
	    [FORMAT_OCTODNS] = add_octodns,
	    [FORMAT_JSON] = add_json};
	struct buf b = BUF(a);

	add[format](&b, r);
	return buf_span(&b);
}
