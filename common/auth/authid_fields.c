/* authid_fields: taking results from Authentication-Results fields. */
/* SPDX-License-Identifier: ISC */

#include "mail/authres_read.h"
#include "base/domain.h"
#include "auth/authid_internal.h"
#include "base/limit.h"
#include "base/scan.h"

/* Why a result is not taken, or not all of it. */
#define NO_ROOM "over 1000 results"
#define D_ALONE "for header.d alone: header.i is not within it (RFC 6376 3.5)"

/* Returns the value of a property; empty ones are ignored. Absent if the result
 * does not have it, or has several with different values (*differ). */
static struct span
find_property(const struct authres_result *r, struct span ptype,
    struct span name, bool *differ)
{
	struct span value = SPAN_NONE;

	*differ = false;
	for (size_t i = 0; i < r->nproperties; i++) {
		const struct authres_property *p = &r->properties[i];

		if (!p->value.len || !span_eq(p->ptype, ptype) ||
		    !span_eq(p->name, name))
			continue;
		*differ = *differ || (value.p && !span_caseeq(value, p->value));
		value = p->value;
	}
	return *differ ? SPAN_NONE : value;
}

/* Returns h= of the only signature that header.d and header.b (RFC 6008)
 * identify, or absent: which fields it covers is known without its key. */
static struct span
signed_names_of(const struct authid_job *job, const struct authres_result *r,
    struct span domain)
{
	struct span b, names = SPAN_NONE;
	bool differ;
	size_t n = 0;

	b = find_property(r, SPAN("header"), SPAN("b"), &differ);
	if (!b.p)
		return SPAN_NONE;
	for (size_t i = 0; i < job->nsignatures; i++) {
		const struct dkim_signature *s = &job->signatures[i];

		if (span_eq(s->domain, domain) && span_starts(s->text, b)) {
			names = s->names;
			n++;
		}
	}
	return n == 1 ? names : SPAN_NONE;
}

/* The state of taking one result. */
struct taking {
	const struct authid_job *job;
	const struct authres_entry *entry;
	struct authids *out;
	struct authid id; /* as far as it was read; the domain may be absent */
	struct span octets; /* the text that has its domain, if not read */
	bool unread;        /* it may be a pass, and was not read */
};

/* Reads a dkim result (RFC 8601 2.7.1). If a property has two different values,
 * it is not known which was verified. Returns why the result is not taken, or
 * not all of it, or NULL. */
static const char *
read_dkim(struct taking *t)
{
	const struct authres_result *r = &t->entry->result;
	struct arena *a = t->job->arena;
	struct authid *id = &t->id;
	bool ds, is;
	struct span d = find_property(r, SPAN("header"), SPAN("d"), &ds);
	struct span i = find_property(r, SPAN("header"), SPAN("i"), &is);

	t->out->found = true;
	if (id->code == RESULT_NONE)
		return "nothing was signed (RFC 8601 2.7.1)";
	if (i.p)
		id->auid_domain = authid_domain_of(i, a);
	if (ds)
		return "header.d twice, with different values";
	if (!d.p && is && t->job->policy.accept_header_i)
		return "header.i twice, with different values";
	if (!d.p && !(i.p && t->job->policy.accept_header_i))
		return "no header.d";
	id->from_auid = !d.p;
	id->domain = d.p ? authid_domain_of(d, a) : id->auid_domain;
	if (!id->domain.p)
		return d.p ? "header.d has no domain name"
			   : "header.i has no domain name";
	id->auid_mismatch =
	    is || (i.p && !domain_within(id->auid_domain, id->domain));
	id->signed_names = signed_names_of(t->job, r, id->domain);
	id->is_unchecked =
	    id->code == RESULT_POLICY && dkim_is_unchecked(r->reason);
	return id->auid_mismatch ? D_ALONE : NULL;
}

static struct span
local_of(struct span value, struct arena *a)
{
	size_t at = span_find_last(value, '@');

	if (!at || at == value.len)
		return SPAN_NONE;
	return arena_span(a, scan_unquote(span_upto(value, at), a));
}

/* Reads an spf result (RFC 8601 2.7.2). One with smtp.helo alone is of HELO,
 * which DMARC does not use (RFC 9989 3.2.4); beside smtp.mailfrom, smtp.helo
 * only gives the value of %{h}. Returns as read_dkim(). */
static const char *
read_spf(struct taking *t)
{
	const struct authres_result *r = &t->entry->result;
	bool differ, helos;
	struct span from =
	    find_property(r, SPAN("smtp"), SPAN("mailfrom"), &differ);
	struct span helo = find_property(r, SPAN("smtp"), SPAN("helo"), &helos);

	t->id.is_spf = true;
	if (!from.p && !differ && (helo.p || helos)) {
		t->octets = t->entry->skipped;
		return "smtp.helo alone";
	}
	t->out->found = true;
	if (!from.p)
		return differ ? "smtp.mailfrom twice, with different values"
			      : "no smtp.mailfrom";
	t->id.domain = authid_domain_of(from, t->job->arena);
	t->id.local = local_of(from, t->job->arena);
	return t->id.domain.p ? NULL : "smtp.mailfrom has no domain name";
}

/* Reads a result; its domain, too, if it is malformed, for
 * authid_may_have_passed(). Returns as read_dkim(). */
static const char *
read_taking(struct taking *t)
{
	const struct authres_result *r = &t->entry->result;
	bool found = t->out->found;
	const char *why =
	    span_eq(r->method, SPAN("spf")) ? read_spf(t) : read_dkim(t);

	if (t->entry->clear && r->version == 1)
		return why;
	t->out->found = found;
	t->octets = t->entry->text;
	return t->entry->clear ? "of another version (RFC 8601 2.2)"
			       : "it cannot be read (RFC 8601 2.2)";
}

/* Keeps a result that was not taken: it may be a pass of any domain in its
 * octets. */
static void
keep_unread(const struct taking *t)
{
	struct arena *a = t->job->arena;
	struct authids *out = t->out;

	if (out->nunread == LIMIT_AUTHIDS) {
		out->omitted++;
		return;
	}
	*ARENA_PUSH(a, out->unread, out->nunread) =
	    (struct authid_unread){.text = arena_span(a, t->octets),
		.domain = t->id.domain,
		.auid_domain = t->id.auid_domain};
}

/* Adds the result if it was read. Returns false if it was not, or the list is
 * full. */
static bool
keep(struct taking *t, bool may_pass, const char **why)
{
	if (t->entry->clear && t->entry->result.version == 1 &&
	    t->id.domain.p) {
		if (authid_add(t->job, t->out, t->id))
			return true;
		*why = NO_ROOM;
		return false;
	}
	t->unread = may_pass && t->octets.p;
	if (t->unread)
		keep_unread(t);
	return false;
}

/* Takes a dkim or spf result. Returns true if a part of it is unreadable. */
static bool
take_entry(const struct authid_job *job, const struct authres_entry *e,
    struct authids *out)
{
	struct taking t = {
	    .job = job, .entry = e, .out = out, .octets = e->text};
	bool known = result_parse(e->result.result, &t.id.code);
	const char *why = "no such result (RFC 8601 2.7)";
	bool taken = false;

	if (known || !e->clear) {
		why = read_taking(&t);
		taken = keep(&t, !e->clear || t.id.code == RESULT_PASS, &why);
	}
	authid_verbose_result(job, e, taken, why, out);
	return e->skipped.p || t.unread;
}

/* Takes a result; one of dmarc is not needed. Returns as take_entry(). */
static bool
take(const struct authid_job *job, const struct authres_entry *e,
    struct authids *out)
{
	if (!span_eq(e->result.method, SPAN("dmarc")))
		return take_entry(job, e, out);
	if (e->clear && !e->skipped.p)
		return false;
	authid_verbose_result(job, e, false, "not needed", out);
	return true;
}

/*
 * RFC 8601 2.5, 5: is the whole id the trusted one? Removing forged fields
 * matches ids widely (authres_bears_id()), trusting matches them narrowly: a
 * trusted host does not write its id in a form that needs the mappings of IDNA,
 * by which "m<soft hyphen>x" is "mx".
 */
static bool
is_trusted_id(struct span id, struct span trusted, struct arena *a)
{
	if (span_empty(trusted) ||
	    !(span_is_ascii(id) || span_caseeq(id, domain_display(trusted, a))))
		return false;
	return span_eq(domain_normal_id(id, a), trusted);
}

/*
 * Reads a field and returns how it is treated. One with a blank before the
 * colon (RFC 5322 4.5.8) is not trusted: the host that removes forged fields
 * may have overlooked it. Another version cannot be read (RFC 8601 2.2). A
 * field with an unreadable id remains the topmost one: a sender whose name is
 * in it must not make the next field the topmost.
 */
static enum authid_field
read_field(const struct authid_policy *policy, const struct field *f,
    struct arena *a, struct authres_reading *out)
{
	struct span trusted = policy->trusted_id;
	bool topmost = policy->trust == AUTHID_TOPMOST;
	bool reads = authres_read(f->body, topmost, a, out);

	if (out->id.p && policy->unread_id.p &&
	    span_eq(domain_normal_id(out->id, a), policy->unread_id))
		return AUTHID_FIELD_OWN;
	if (f->raw.p[f->name.len] != ':')
		return AUTHID_FIELD_BLANK;
	if (!topmost &&
	    (reads ? !is_trusted_id(out->id, trusted, a)
		   : span_empty(trusted) ||
			!authres_bears_id(f->body, trusted, a)))
		return AUTHID_FIELD_OTHER;
	if (!reads)
		return AUTHID_FIELD_MALFORMED;
	return out->version == 1 ? AUTHID_FIELD_TRUSTED : AUTHID_FIELD_VERSION;
}

/* Parses the signatures that a verifier evaluates: the topmost ones. */
static void
read_signatures(struct authid_job *job)
{
	const struct message *m = job->m;
	size_t n = 0;

	for (size_t i = 0; i < m->nfields && n < LIMIT_SIGNATURES; i++) {
		struct dkim_signature *s = &job->signatures[job->nsignatures];

		if (!span_caseeq(m->fields[i].name, SPAN("DKIM-Signature")))
			continue;
		n++;
		if (dkim_signature_parse(&m->fields[i], job->arena, s) ==
		    DKIM_OK)
			job->nsignatures++;
	}
}

static void
take_results(const struct authid_job *job, const struct authres_reading *ar,
    struct authids *out)
{
	bool partly = false;

	for (size_t k = 0; k < ar->nentries; k++)
		partly = take(job, &ar->entries[k], out) || partly;
	if (ar->rest.p) {
		authid_verbose_rest(job, ar->rest, out);
		out->unread_rest = partly = true;
	}
	out->partly_read += partly;
	out->omitted += ar->omitted;
}

/* Takes the results of a field if it is trusted. Returns false if it is skipped
 * as if it did not exist. The rest of a field whose id only resembles the
 * trusted one is not noted as unread, except for the topmost field: a stranger
 * may have written it to turn a fail into none. */
static bool
take_field(const struct authid_job *job, const struct field *f, size_t number,
    struct arena *scratch, struct authids *out)
{
	struct authres_reading ar;
	enum authid_field kind = read_field(&job->policy, f, scratch, &ar);

	authid_verbose_field(job, number, ar.id, kind, out);
	switch (kind) {
	case AUTHID_FIELD_TRUSTED:
		take_results(job, &ar, out);
		break;
	case AUTHID_FIELD_MALFORMED:
		out->partly_read++;
		if (job->policy.trust == AUTHID_TOPMOST)
			out->unread_rest = true;
		break;
	case AUTHID_FIELD_VERSION:
		out->partly_read++;
		out->unread_rest = true;
		break;
	case AUTHID_FIELD_OWN:
		return false;
	case AUTHID_FIELD_OTHER:
	case AUTHID_FIELD_BLANK:
		break;
	}
	return true;
}

/* Reads each field into a scratch arena, which is reset after it: a header has
 * room for very many results. */
void
authid_take_fields(struct authid_job *job, struct authids *out)
{
	const struct message *m = job->m;
	bool topmost = job->policy.trust == AUTHID_TOPMOST, done = false;
	struct arena *scratch = arena_new();
	size_t number = 0;

	read_signatures(job);
	for (size_t i = 0; i < m->nfields && !done; i++) {
		if (!authres_is_name(m->fields[i].name))
			continue;
		arena_reset(scratch);
		done = take_field(job, &m->fields[i], ++number, scratch, out) &&
		    topmost;
	}
	if (!number)
		authid_verbose_no_field(job, out);
	arena_free(scratch);
}
