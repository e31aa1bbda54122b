/* context_software: the software that came after signing. */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

#include "base/ascii.h"
#include "base/domain.h"

/*
 * Where a field must be to show that the software came after the signer: ABOVE
 * the signature field, as relays add fields at the top; or ANYWHERE, but then
 * not covered by h=. Many lists add fields at the end of the header; what
 * gateways add is there, too, if the sender has one. Newsletters have fields of
 * lists when they are signed: where no more than such a field shows a list, it
 * must be ABOVE, unless what was altered is what lists alter, too.
 */
enum place {
	ABOVE,
	ANYWHERE,
	ANYWHERE_IF_LIKE_LIST
};

struct software {
	const char *field; /* its name; one that ends with "*" is a prefix */
	const char *text;  /* that its body contains, or NULL */
	enum place place;  /* of a prefix: ABOVE */
	enum context_software kind;
	const char *name; /* or NULL */
	bool has_version; /* the body begins with one */
};

/* The first that is found counts, so those that alter more come first. */
static const struct software table[] = {
    {"X-Google-Group-Id", NULL, ANYWHERE, CONTEXT_LIST, "Google Groups", false},
    {"List-Post", "googlegroups.com", ANYWHERE, CONTEXT_LIST, "Google Groups",
	false},
    {"Mailing-List", "googlegroups.com", ANYWHERE, CONTEXT_LIST,
	"Google Groups", false},
    {"Sender", "googlegroups.com", ANYWHERE, CONTEXT_LIST, "Google Groups",
	false},
    {"X-Groupsio-MsgNum", NULL, ANYWHERE, CONTEXT_LIST, "groups.io", false},
    {"List-Id", ".groups.io", ANYWHERE, CONTEXT_LIST, "groups.io", false},
    {"Mailing-List", "groups.io", ANYWHERE, CONTEXT_LIST, "groups.io", false},
    {"X-Mailman-Version", NULL, ANYWHERE, CONTEXT_LIST, "Mailman", true},
    {"X-Mailman-Rule-Misses", NULL, ANYWHERE, CONTEXT_LIST, "Mailman", false},
    {"Mailing-List", "ezmlm", ANYWHERE, CONTEXT_LIST, "ezmlm", false},
    {"List-Help", "sympa@", ANYWHERE, CONTEXT_LIST, "Sympa", false},
    {"Received", "(LISTSERV", ABOVE, CONTEXT_LIST, "LISTSERV", false},
    {"X-LSV-ListID", NULL, ANYWHERE, CONTEXT_LIST, "LISTSERV", false},
    {"X-Majordomo-Version", NULL, ANYWHERE, CONTEXT_LIST, "Majordomo", true},
    {"X-Loop", "majordomo@", ANYWHERE, CONTEXT_LIST, "Majordomo", false},
    {"X-Ecartis-Version", NULL, ANYWHERE, CONTEXT_LIST, "Ecartis", false},
    {"X-ListServer", "CommuniGate", ANYWHERE, CONTEXT_LIST, "CommuniGate",
	false},
    {"Sender", "owner-", ANYWHERE, CONTEXT_LIST, NULL, false},
    {"X-BeenThere", NULL, ANYWHERE, CONTEXT_LIST, NULL, false},
    {"X-Mailing-List", NULL, ANYWHERE, CONTEXT_LIST, NULL, false},
    {"Mailing-List", NULL, ANYWHERE, CONTEXT_LIST, NULL, false},
    {"List-Post", NULL, ANYWHERE, CONTEXT_LIST, NULL, false},
    {"List-Id", NULL, ANYWHERE_IF_LIKE_LIST, CONTEXT_LIST, NULL, false},
    {"Received", "by lists.", ABOVE, CONTEXT_LIST, NULL, false},
    {"Received", "by list.", ABOVE, CONTEXT_LIST, NULL, false},

    {"X-Exclaimer-*", NULL, ABOVE, CONTEXT_GATEWAY, "Exclaimer", false},
    {"X-CodeTwo*", NULL, ABOVE, CONTEXT_GATEWAY, "CodeTwo", false},
    {"X-Disclaimer*", NULL, ABOVE, CONTEXT_GATEWAY, NULL, false},
    {"X-Mimecast-*", NULL, ABOVE, CONTEXT_GATEWAY, "Mimecast", false},
    {"X-Proofpoint-*", NULL, ABOVE, CONTEXT_GATEWAY, "Proofpoint", false},
    {"X-Barracuda-*", NULL, ABOVE, CONTEXT_GATEWAY, "Barracuda", false},
    {"X-ASG-*", NULL, ABOVE, CONTEXT_GATEWAY, "Barracuda", false},
    {"X-Sophos-*", NULL, ABOVE, CONTEXT_GATEWAY, "Sophos", false},
    {"X-LASED-*", NULL, ABOVE, CONTEXT_GATEWAY, "Sophos", false},
    {"X-IronPort-*", NULL, ABOVE, CONTEXT_GATEWAY, "Cisco IronPort", false},
    {"X-TM-AS-*", NULL, ABOVE, CONTEXT_GATEWAY, "Trend Micro", false},
    {"X-TMASE-*", NULL, ABOVE, CONTEXT_GATEWAY, "Trend Micro", false},
    {"X-FE-Policy-ID", NULL, ABOVE, CONTEXT_GATEWAY, "FortiMail", false},
    {"X-FEAS-*", NULL, ABOVE, CONTEXT_GATEWAY, "FortiMail", false},
    {"X-StarScan-*", NULL, ABOVE, CONTEXT_GATEWAY, "MessageLabs", false},
    {"X-Brightmail-*", NULL, ABOVE, CONTEXT_GATEWAY, "Brightmail", false},
    {"X-antispameurope-*", NULL, ABOVE, CONTEXT_GATEWAY, "Hornetsecurity",
	false},
    {"X-KSMG-*", NULL, ABOVE, CONTEXT_GATEWAY, "Kaspersky", false},
    {"X-EsetResult", NULL, ABOVE, CONTEXT_GATEWAY, "ESET", false},
    {"X-MailScanner*", NULL, ABOVE, CONTEXT_GATEWAY, "MailScanner", false},
    {"X-Forefront-*", NULL, ABOVE, CONTEXT_GATEWAY, "Exchange Online", false},
    {"X-Microsoft-Antispam*", NULL, ABOVE, CONTEXT_GATEWAY, "Exchange Online",
	false},
    {"X-MS-Exchange-*", NULL, ABOVE, CONTEXT_GATEWAY, "Exchange", false},
    {"X-MS-Exchange-Organization-AuthAs", NULL, ANYWHERE, CONTEXT_GATEWAY,
	"Exchange", false},
    {"X-MS-Exchange-Organization-SCL", NULL, ANYWHERE, CONTEXT_GATEWAY,
	"Exchange", false},
    {"Received", "with Microsoft SMTP Server", ABOVE, CONTEXT_GATEWAY,
	"Exchange", false},

    {"X-Forwarded-To", NULL, ABOVE, CONTEXT_FORWARD, NULL, false},
    {"X-Forwarded-For", "@", ABOVE, CONTEXT_FORWARD, NULL, false},
    {"X-Forwarding-Service", "ImprovMX", ABOVE, CONTEXT_FORWARD, "ImprovMX",
	false},
    {"Resent-From", NULL, ABOVE, CONTEXT_FORWARD, NULL, false},
    {"Resent-To", NULL, ABOVE, CONTEXT_FORWARD, NULL, false},
    {"Resent-Sender", NULL, ABOVE, CONTEXT_FORWARD, NULL, false},
    {"Return-Path", "SRS0=", ABOVE, CONTEXT_FORWARD, NULL, false},
    {"Return-Path", "SRS1=", ABOVE, CONTEXT_FORWARD, NULL, false},

    {"X-Spam-Checker-Version", NULL, ABOVE, CONTEXT_GATEWAY, "SpamAssassin",
	false},
    {"X-Spamd-Result", NULL, ABOVE, CONTEXT_GATEWAY, "Rspamd", false},
    {"X-Rspamd-*", NULL, ABOVE, CONTEXT_GATEWAY, "Rspamd", false},
    {"X-Virus-Scanned", "amavis", ABOVE, CONTEXT_GATEWAY, "amavis", false},
    {"X-Virus-Scanned", "clamav", ABOVE, CONTEXT_GATEWAY, "ClamAV", false},
    {"X-Virus-Scanned", NULL, ABOVE, CONTEXT_GATEWAY, NULL, false},
    {"X-Spam-Status", NULL, ABOVE, CONTEXT_GATEWAY, NULL, false},
    {"X-Forwarded-Encrypted", NULL, ABOVE, CONTEXT_RELAY, "Gmail", false},
    {"X-Google-*", NULL, ABOVE, CONTEXT_RELAY, "Gmail", false},

    {"X-Mozilla-Status", NULL, ANYWHERE, CONTEXT_ARCHIVE, "Mozilla", false},
    {"X-Evolution", NULL, ANYWHERE, CONTEXT_ARCHIVE, "Evolution", false},
    {"X-GM-THRID", NULL, ANYWHERE, CONTEXT_ARCHIVE, "Gmail", false},
    {"Status", NULL, ANYWHERE, CONTEXT_ARCHIVE, NULL, false},
    {"X-Status", NULL, ANYWHERE, CONTEXT_ARCHIVE, NULL, false},
    {"X-UID", NULL, ANYWHERE, CONTEXT_ARCHIVE, NULL, false},
    {"X-Keywords", NULL, ANYWHERE, CONTEXT_ARCHIVE, NULL, false},
    {"Content-Length", NULL, ANYWHERE, CONTEXT_ARCHIVE, NULL, false},
};

/* Octets of a field in which a text is searched: a Received field that has
 * one of them begins with it. */
#define SEARCHED 500u

static bool
has_text(const struct field *f, const char *text)
{
	struct span body = f->body;

	if (body.len > SEARCHED)
		body = span_upto(body, SEARCHED);
	return !text || span_casecontains(body, span_of(text));
}

/* Returns the host after the "@" of an address in a text, or absent. */
static struct span
host_of(struct span text, struct arena *a)
{
	struct span host = text;
	size_t n = 0;

	span_cut(&host, '@');
	while (n < host.len &&
	    (ascii_is_alnum(host.p[n]) || host.p[n] == '.' || host.p[n] == '-'))
		n++;
	return n ? domain_normal(span_upto(host, n), a) : SPAN_NONE;
}

/* RFC 2919 3: "<", the name of the list, ".", its host, ">". */
static struct span
host_of_id(struct span text, struct arena *a)
{
	struct span id = span_from(text, span_find_last(text, '<'));

	id = span_upto(id, span_find(id, '>'));
	span_cut(&id, '.');
	return id.p ? domain_normal(id, a) : SPAN_NONE;
}

static struct span
find_list(const struct context_search *c)
{
	static const char *const names[] = {"List-Post", "X-BeenThere"};
	const struct field *f;
	struct span host = SPAN_NONE;

	for (size_t i = 0; i < COUNT(names) && !host.p; i++) {
		f = message_lowest(c->m, span_of(names[i]));
		if (f)
			host = host_of(f->body, c->arena);
	}
	f = message_lowest(c->m, SPAN("List-Id"));
	return host.p || !f ? host : host_of_id(f->body, c->arena);
}

/*
 * Did the list itself make this signature, after it had added its fields? If d=
 * is its host; or if it is in d=, and below there is a signature of another
 * domain: that of the author.
 */
static bool
is_of_list(const struct context_search *c)
{
	struct dkim_outcome o;

	if (!c->list.p || !c->s->domain.p ||
	    !domain_within(c->list, c->s->domain))
		return false;
	if (span_eq(c->list, c->s->domain))
		return true;
	for (size_t i = 0; context_other(c, &i, &o);)
		if (o.signature->field > c->s->field && o.signature->domain.p &&
		    !span_eq(o.signature->domain, c->s->domain))
			return true;
	return false;
}

/* Is there a field of this name, given by its lowest one, that was added after
 * signing? h= covers the lowest ones, as many as it names. */
static bool
is_added(const struct context_search *c, const struct software *s,
    const struct field *f, bool of_list)
{
	size_t covered = 0;
	bool anywhere =
	    (s->place == ANYWHERE ||
		(s->place == ANYWHERE_IF_LIKE_LIST && c->q->is_like_list)) &&
	    !(s->kind == CONTEXT_LIST && of_list);

	if (anywhere)
		covered = dkim_times_named(c->s->names, f->name);
	for (; f; f = message_above(c->m, f)) {
		bool is_above = f < c->s->field;

		if ((is_above || (anywhere && !covered)) &&
		    has_text(f, s->text))
			return true;
		covered -= covered > 0;
	}
	return false;
}

/* Returns the index of the first name that is not before a text. */
static size_t
first_name(const struct message *m, struct span text)
{
	size_t low = 0, high = m->nnames;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span_casecmp(m->names[middle].name, text) >= 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Returns a field by which the software is known, or NULL. */
static const struct field *
find_field(
    const struct context_search *c, const struct software *s, bool of_list)
{
	const struct message *m = c->m;
	struct span name = span_of(s->field);
	const struct field *f;

	if (name.p[name.len - 1] != '*') {
		f = message_lowest(m, name);
		return f && is_added(c, s, f, of_list) ? f : NULL;
	}
	name.len--;
	for (size_t i = first_name(m, name); i < m->nnames; i++) {
		f = &m->fields[m->names[i].lowest];
		if (!span_casestarts(f->name, name))
			return NULL;
		if (is_added(c, s, f, of_list))
			return f;
	}
	return NULL;
}

static bool
is_version(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '+';
}

/* The longest version that is shown: "3.3.10rc1+git20250101". */
#define VERSION_MOST 24u

static struct span
name_of(const struct software *s, const struct field *f, struct arena *a)
{
	struct span text = span_trim(f->body);
	size_t n = 0;

	while (n < text.len && n <= VERSION_MOST && is_version(text.p[n]))
		n++;
	if (!s->has_version || n > VERSION_MOST || !n ||
	    !ascii_is_digit(text.p[0]))
		return span_of(s->name);
	return ARENA_JOIN(a, span_of(s->name), SPAN(" "), span_upto(text, n));
}

void
context_software_find(struct context_search *c)
{
	struct context *out = c->out;
	bool of_list;

	c->list = find_list(c);
	of_list = is_of_list(c);
	out->is_archived = c->m->mbox.len > 0;
	for (size_t i = 0; i < COUNT(table); i++) {
		const struct software *s = &table[i];
		const struct field *f = find_field(c, s, of_list);

		if (!f)
			continue;
		out->is_archived |= s->kind == CONTEXT_ARCHIVE;
		if (out->software != CONTEXT_UNKNOWN)
			continue;
		out->software = s->kind;
		out->name = name_of(s, f, c->arena);
	}
	if (out->software == CONTEXT_UNKNOWN && out->is_archived)
		out->software = CONTEXT_ARCHIVE;
}
