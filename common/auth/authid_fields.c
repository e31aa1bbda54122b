#include "mail/authres_read.h"
#include "base/domain.h"
#include "auth/authid_internal.h"
#include "base/limit.h"
#include "base/scan.h"

/* Why a result is not taken, or only for one purpose. */
#define NO_ROOM "over 1000 results"
#define D_ALONE                                                \
	"for header.d alone: header.i is no domain within it " \
	"(RFC 6376 3.5)"

/* The value of a property: an empty one is as if it were not there, and so is
 * another one that is equal. Absent: there is none, or *differ. */
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

/* h= of the one signature that header.b means (RFC 6008): what it covers can be
 * told without its key. */
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

/* A result that is being taken. */
struct taking {
	const struct authid_job *job;
	const struct authres_entry *entry;
	struct authids *out;
	struct authid id;   /* what was read of it, with or without a domain */
	struct span octets; /* where its domain is, if it was not read */
	bool unread;        /* it may be a pass, and was not read */
};

/* RFC 8601 2.7.1. Which one of two was judged, nobody knows. */
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

/* RFC 8601 2.7.2. A result of HELO alone is none that DMARC takes (RFC 9989
 * 3.2.4), whatever it names; where both are written, smtp.helo says what %{h}
 * was. */
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

/* The domain is read for what may have passed, too. */
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

/* What was not taken may be a pass of whoever its octets name. */
static void
keep_unread(const struct taking *t)
{
	struct arena *a = t->job->arena;
	struct authids *out = t->out;

	if (out->nunread == LIMIT_AUTHIDS) {
		out->left_out++;
		return;
	}
	*ARENA_PUSH(a, out->unread, out->nunread) =
	    (struct authid_unread){.text = arena_span(a, t->octets),
		.domain = t->id.domain,
		.auid_domain = t->id.auid_domain};
}

/* Of what was read: false if it is not taken, or has no room. */
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

/* A result of dkim or spf. True: something of it could not be read. */
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

/* One of DMARC is not needed. */
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
 * RFC 8601 2.5, 5: the id, whole. Who removes forged fields reads widely
 * (authres_bears_id), who trusts reads narrowly: IDNA's mappings, by which
 * "m<soft hyphen>x" is "mx", are not for this host to write.
 */
static bool
is_id(struct span id, struct span ours, struct arena *a)
{
	if (span_empty(ours) ||
	    !(span_is_ascii(id) || span_caseeq(id, domain_display(ours, a))))
		return false;
	return span_eq(domain_normal_id(id, a), ours);
}

/* A blank before the colon (RFC 5322 4.5.8), by which others may have
 * overlooked the field, is not trusted. RFC 8601 2.2: another version is none
 * that we can read. What has no id that can be read is not ours, and is the
 * topmost: a sender whose name is in it must not make the next one that. */
static enum authid_field
read_field(const struct authid_policy *policy, const struct field *f,
    struct arena *a, struct authres_reading *out)
{
	struct span ours = policy->trusted_id;
	bool topmost = policy->trust == AUTHID_TOPMOST;
	bool reads = authres_read(f->body, topmost, a, out);

	if (out->id.p && policy->unread_id.p &&
	    span_eq(domain_normal_id(out->id, a), policy->unread_id))
		return AUTHID_FIELD_OWN;
	if (f->raw.p[f->name.len] != ':')
		return AUTHID_FIELD_BLANK;
	if (!topmost &&
	    (reads ? !is_id(out->id, ours, a)
		   : span_empty(ours) || !authres_bears_id(f->body, ours, a)))
		return AUTHID_FIELD_OTHER;
	if (!reads)
		return AUTHID_FIELD_MALFORMED;
	return out->version == 1 ? AUTHID_FIELD_TRUSTED : AUTHID_FIELD_VERSION;
}

/* Those that a verifier looks at. */
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
	out->left_out += ar->left_out;
}

/* False: it is passed over as if it were not there. A field whose id is not
 * ours to the letter may be a stranger's, who could turn a fail into none. */
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

/* Memory that is needed for one field is given back: a header has room for
 * many results. */
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
