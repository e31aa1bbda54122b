/* spf_flatten_write: the flattened record, split to keep records short. */
/* SPDX-License-Identifier: ISC */

#include <sys/socket.h>

#include "base/buf.h"
#include "spf/spf_flatten_internal.h"

/*
 * Networks that pass can move into other records, which end in -all: what does
 * not match there is not matched by the include (RFC 7208 5.2), and nobody else
 * may send mail as their domains. Other networks do not move: the include could
 * have their qualifier, but they would pass for those domains.
 */
#define BEGIN "v=spf1"
#define END   " -all"

/* The most octets of a character-string (RFC 1035 3.3). */
#define STRING_MAX 255u

static void
put_qualifier(struct buf *b, char qualifier)
{
	buf_char(b, ' ');
	if (qualifier != '+')
		buf_char(b, qualifier);
}

static struct span
network_text(char qualifier, const struct ip_network *network, struct arena *a)
{
	bool v4 = network->ip.family == AF_INET;
	struct buf b = BUF(a);
	char text[IP_TEXT];

	put_qualifier(&b, qualifier);
	buf_str(&b, v4 ? "ip4:" : "ip6:");
	buf_str(&b, ip_text(&network->ip, text));
	if (network->bits < (v4 ? 32 : 128))
		buf_printf(&b, "/%u", network->bits);
	return buf_span(&b);
}

static void
make_texts(struct spf_flat_part *p, struct arena *a)
{
	p->cut[0] = p->set.nnetworks;
	p->text = ARENA_ARRAY(a, struct span, p->set.nnetworks);
	for (size_t i = 0; i < p->set.nnetworks; i++)
		p->text[i] = network_text(p->qualifier, &p->set.networks[i], a);
}

/*
 * Records.
 */

static void
put_texts(struct buf *b, const struct spf_flat_part *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		buf_add(b, p->text[i]);
}

/* Writes a part, with includes of the records that took networks from it.
 * Returns the next unused name. */
static const struct span *
put_part(struct buf *b, const struct spf_flat_part *p, const struct span *name)
{
	if (p->kept.p) {
		put_qualifier(b, p->qualifier);
		buf_add(b, p->kept);
		return name;
	}
	put_texts(b, p, 0, p->cut[p->cuts]);
	for (unsigned k = p->cuts; k > 0; k--) {
		buf_str(b, " include:");
		buf_add(b, *name++);
	}
	return name;
}

static struct span
first_record(const struct spf_flat *f)
{
	const struct span *name = f->names;
	struct buf b = BUF(f->tree.arena);

	buf_str(&b, BEGIN);
	for (size_t i = 0; i < f->nparts; i++)
		name = put_part(&b, &f->parts[i], name);
	if (f->all) {
		put_qualifier(&b, f->all);
		buf_str(&b, "all");
	}
	if (f->redirect.p) {
		buf_char(&b, ' ');
		buf_add(&b, f->redirect);
	}
	if (f->exp.p) {
		buf_char(&b, ' ');
		buf_add(&b, f->exp);
	}
	return buf_span(&b);
}

static struct span
other_record(
    const struct spf_flat_part *p, size_t from, size_t to, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, BEGIN);
	put_texts(&b, p, from, to);
	buf_str(&b, END);
	return buf_span(&b);
}

/*
 * Splitting.
 */

static size_t
octets_left(const struct spf_flat_part *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->cut[p->cuts]; i++)
		n += p->text[i].len;
	return n;
}

/* Returns the part from which most can move to other records, or NULL. */
static struct spf_flat_part *
largest(const struct spf_flat *f)
{
	struct spf_flat_part *found = NULL;
	size_t most = 0;

	for (size_t i = 0; i < f->nparts; i++) {
		size_t octets = octets_left(&f->parts[i]);

		if (f->parts[i].qualifier == '+' && octets > most) {
			found = &f->parts[i];
			most = octets;
		}
	}
	return found;
}

/* Moves networks from the end of the part to
 * another record, until that is full. */
static void
cut(struct spf_flat_part *p)
{
	size_t at = p->cut[p->cuts], octets = sizeof(BEGIN END) - 1;

	while (at && octets + p->text[at - 1].len <= LIMIT_SPF_RECORD)
		octets += p->text[--at].len;
	p->cut[++p->cuts] = at;
}

/* RFC 7208 3.4, 4.6.4 */
static enum spf_reason
split_record(struct spf_flat *f, struct span *first)
{
	unsigned lookups = f->lookups;

	while ((*first = first_record(f)).len > LIMIT_SPF_RECORD) {
		struct spf_flat_part *p = largest(f);
		enum spf_reason reason;

		if (!p || ++lookups > LIMIT_SPF_LOOKUPS)
			return spf_flat_fail(&f->tree, SPF_LOOKUP_LIMIT,
			    arena_printf(f->tree.arena,
				"more addresses than records of %u octets hold "
				"with %u lookups",
				LIMIT_SPF_RECORD, LIMIT_SPF_LOOKUPS));
		reason = spf_flat_name(f);
		if (reason != SPF_PASS)
			return reason;
		cut(p);
	}
	return SPF_PASS;
}

/*
 * Lines.
 */

/* Takes the next string, which ends after a blank where possible, so that
 * whoever reads the strings without joining them still sees whole terms. */
static struct span
cut_string(struct span *text)
{
	struct span string = *text;

	if (string.len > STRING_MAX) {
		size_t blank =
		    span_find_last(span_upto(*text, STRING_MAX), ' ');

		string.len = blank < STRING_MAX ? blank + 1 : STRING_MAX;
	}
	*text = span_from(*text, string.len);
	return string;
}

static struct span
line_of(struct span owner, struct span text, struct arena *a)
{
	struct dns_rr r = {.owner = owner, .type = DNS_TXT, .data = text};

	while (text.len) {
		*ARENA_PUSH(a, r.strings, r.nstrings) = cut_string(&text);
	}
	return dns_rr_text(&r, a);
}

static void
write_others(const struct spf_flat *f, const struct spf_flat_part *p,
    struct span *lines, size_t *nlines)
{
	struct arena *a = f->tree.arena;

	for (unsigned k = p->cuts; k > 0; k--) {
		struct span text = other_record(p, p->cut[k], p->cut[k - 1], a);

		lines[*nlines] = line_of(f->names[*nlines - 1], text, a);
		++*nlines;
	}
}

enum spf_reason
spf_flat_write(struct spf_flat *f, struct span **lines, size_t *nlines)
{
	struct arena *a = f->tree.arena;
	struct span first;
	enum spf_reason reason;

	if (f->lookups > LIMIT_SPF_LOOKUPS)
		return spf_flat_fail(&f->tree, SPF_LOOKUP_LIMIT,
		    arena_printf(a,
			"the terms that cannot be replaced need %u lookups",
			f->lookups));
	for (size_t i = 0; i < f->nparts; i++)
		make_texts(&f->parts[i], a);
	reason = split_record(f, &first);
	if (reason != SPF_PASS)
		return reason;
	*lines = ARENA_ARRAY(a, struct span, LIMIT_SPF_LOOKUPS + 1);
	(*lines)[0] = line_of(f->domain, first, a);
	*nlines = 1;
	for (size_t i = 0; i < f->nparts; i++)
		write_others(f, &f->parts[i], *lines, nlines);
	return SPF_PASS;
}
