#include "ascii.h"
#include "authres.h"
#include "buf.h"
#include "domain.h"
#include "identity_job.h"
#include "limit.h"
#include "scan.h"

/* Why a result is not taken, or only for one purpose. */
#define NO_ROOM "over 1000 results"
#define D_ALONE                                                \
	"for header.d alone: header.i is no domain within it " \
	"(RFC 6376 3.5)"

/* How many properties of a name a result has, and the value of one. */
static size_t
find_property(const struct authres_result *r, struct span ptype,
    struct span name, struct span *value)
{
	size_t n = 0;

	*value = SPAN_NONE;
	for (size_t i = 0; i < r->properties; i++) {
		const struct authres_property *p = &r->property[i];

		if (span_eq(p->ptype, ptype) && span_eq(p->name, name)) {
			*value = p->value;
			n++;
		}
	}
	return n;
}

/* h= of the one signature that header.b means (RFC 6008): what it covers can be
 * told without its key. */
static struct span
signed_names_of(const struct identity_job *job, const struct authres_result *r,
    struct span domain)
{
	struct span b, names = SPAN_NONE;
	size_t n = 0;

	if (find_property(r, SPAN("header"), SPAN("b"), &b) != 1 || !b.len)
		return SPAN_NONE;
	for (size_t i = 0; i < job->signatures; i++) {
		const struct dkim_signature *s = &job->signature[i];

		if (span_eq(s->domain, domain) && span_starts(s->text, b)) {
			names = s->names;
			n++;
		}
	}
	return n == 1 ? names : SPAN_NONE;
}

/* RFC 8601 2.7.1. Which one of two was judged, nobody knows. */
static const char *
take_dkim(const struct identity_job *job, const struct authres_result *r,
    enum result_code code, struct identities *out)
{
	const struct span header = SPAN("header");
	struct identity id = {.code = code};
	struct span d, i;
	size_t ds = find_property(r, header, SPAN("d"), &d);
	size_t is = find_property(r, header, SPAN("i"), &i);

	out->found = true;
	if (code == RESULT_NONE)
		return "nothing was signed (RFC 8601 2.7.1)";
	if (ds > 1)
		return "header.d twice";
	if (!ds && !(is && job->policy.accept_header_i))
		return "no header.d";
	id.of_agent = !ds;
	id.agent = is == 1 ? identity_domain_of(i, job->arena) : SPAN_NONE;
	id.domain = ds ? identity_domain_of(d, job->arena) : id.agent;
	if (!id.domain.p)
		return ds ? "header.d has no domain name"
			  : "header.i has no domain name, or is there twice";
	id.agent_unfit = is && !domain_within(id.agent, id.domain);
	id.signed_names = signed_names_of(job, r, id.domain);
	if (!identity_add(job, out, id))
		return NO_ROOM;
	return id.agent_unfit ? D_ALONE : NULL;
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
 * 3.2.4); where both are written, smtp.helo says what %{h} was. */
static const char *
take_spf(const struct identity_job *job, const struct authres_result *r,
    enum result_code code, struct identities *out)
{
	const struct span smtp = SPAN("smtp");
	struct span from, helo;
	size_t froms = find_property(r, smtp, SPAN("mailfrom"), &from);
	struct identity id = {.is_spf = true, .code = code};

	if (!froms && find_property(r, smtp, SPAN("helo"), &helo))
		return "smtp.helo alone";
	out->found = true;
	if (froms != 1)
		return froms ? "smtp.mailfrom twice" : "no smtp.mailfrom";
	id.domain = identity_domain_of(from, job->arena);
	id.local = local_of(from, job->arena);
	if (!id.domain.p)
		return "smtp.mailfrom has no domain name";
	return identity_add(job, out, id) ? NULL : NO_ROOM;
}

static const struct {
	struct span name;
	/* Returns why not, or for what alone, or NULL. */
	const char *(*take)(const struct identity_job *,
	    const struct authres_result *, enum result_code,
	    struct identities *);
} methods[] = {
    {{"dkim", 4}, take_dkim},
    {{"spf", 3}, take_spf},
};
#define METHODS (sizeof(methods) / sizeof(*methods))

/* RFC 8601 2.2: version 1 of the method. */
static void
take(const struct identity_job *job, const struct authres_result *r,
    struct identities *out)
{
	enum result_code code;
	size_t before = out->n;
	const char *why;

	for (size_t i = 0; i < METHODS; i++) {
		if (!span_eq(r->method, methods[i].name))
			continue;
		if (r->version != 1)
			why = "of another version (RFC 8601 2.2)";
		else if (!result_parse(r->result, &code))
			why = "no such result (RFC 8601 2.7)";
		else
			why = methods[i].take(job, r, code, out);
		identity_explain_result(job, r, out->n > before, why, out);
	}
}

/* What stands before the next semicolon that neither quotes nor a comment
 * hide. False: they do not end. */
static bool
scan_part(struct scan *s, struct arena *a, struct span *part)
{
	struct scan start = *s;
	struct span quoted;

	while (!scan_end(s) && *s->p != ';') {
		const char *here = s->p;

		if (!scan_cfws(s))
			return false;
		if (s->p > here || scan_quoted_string(s, a, &quoted))
			continue;
		if (scan_char(s, '"'))
			return false;
		s->p++;
	}
	*part = scan_since(s, &start);
	scan_char(s, ';');
	return true;
}

/* Does the part begin as methodspec does (RFC 8601 2.2)? */
static bool
begins_result(struct span part, struct span *method)
{
	struct scan s = scan_of(part);

	return scan_cfws(&s) && scan_class(&s, ascii_is_token, method) &&
	    scan_cfws(&s) && (scan_char(&s, '=') || scan_char(&s, '/'));
}

static bool
is_method(struct span name)
{
	for (size_t i = 0; i < METHODS; i++)
		if (span_caseeq(name, methods[i].name))
			return true;
	return false;
}

/*
 * A field without an id, as Exchange Online writes it: nothing but results.
 * Those of other methods are not as RFC 8601 has it ("action=none"), and are
 * not read.
 */
static bool
parse_without_id(struct span body, struct arena *a, struct authres *out)
{
	struct scan s = scan_of(body);
	struct buf b = BUF(a);
	struct span part, method;
	bool others = false, parses;

	buf_char(&b, '-'); /* for the id */
	while (!scan_end(&s)) {
		if (!scan_part(&s, a, &part))
			return false;
		if (scan_end(&s) && !span_trim(part).len)
			break;
		if (!begins_result(part, &method))
			return false;
		if (!is_method(method)) {
			others = true;
			continue;
		}
		buf_char(&b, ';');
		buf_add(&b, part);
	}
	if (others && b.len == 1)
		buf_str(&b, "; none");
	parses = authres_parse(buf_span(&b), a, out);
	out->id = SPAN_NONE;
	return parses;
}

/*
 * RFC 8601 2.5, 5: the id, whole. Who removes forged fields reads widely
 * (authres_bears_id), who trusts reads narrowly: IDNA's mappings, by which
 * "m<soft hyphen>x" is "mx", are not for this host to write.
 */
static bool
is_id(struct span id, struct span ours, struct arena *a)
{
	if (span_empty(ours) || !span_eq(domain_normal_id(id, a), ours))
		return false;
	return span_is_ascii(id) || span_caseeq(id, domain_display(ours, a));
}

/* A blank before the colon (RFC 5322 4.5.8), by which others may have
 * overlooked the field, is not trusted. RFC 8601 2.2: another version is none
 * that we can read. What cannot be parsed is not ours, and is the topmost: a
 * sender whose name is in it must not make the next one that. */
static enum identity_standing
read_field(const struct identity_policy *policy, const struct field *f,
    struct arena *a, struct authres *out)
{
	struct span ours = policy->trusted_id;
	bool parses = authres_parse(f->body, a, out);

	if (!parses)
		*out = (struct authres){.id = SPAN_NONE};
	else if (policy->unread_id.p &&
	    span_eq(domain_normal_id(out->id, a), policy->unread_id))
		return IDENTITY_FIELD_OURS;
	if (f->raw.p[f->name.len] != ':')
		return IDENTITY_FIELD_BLANK;
	if (policy->trust == IDENTITY_TOPMOST)
		parses = parses || parse_without_id(f->body, a, out);
	else if (parses
		? !is_id(out->id, ours, a)
		: span_empty(ours) || !authres_bears_id(f->body, ours, a))
		return IDENTITY_FIELD_OTHER;
	if (!parses)
		return IDENTITY_FIELD_MALFORMED;
	return out->version == 1 ? IDENTITY_FIELD_TRUSTED
				 : IDENTITY_FIELD_VERSION;
}

/* Those that a verifier looks at. */
static void
read_signatures(struct identity_job *job)
{
	const struct message *m = job->m;
	size_t n = 0;

	for (size_t i = 0; i < m->fields && n < LIMIT_SIGNATURES; i++) {
		struct dkim_signature *s = &job->signature[job->signatures];

		if (!span_caseeq(m->field[i].name, SPAN("DKIM-Signature")))
			continue;
		n++;
		if (dkim_signature_parse(&m->field[i], job->arena, s) ==
		    DKIM_OK)
			job->signatures++;
	}
}

/* False: it is passed over as if it were not there. */
static bool
take_field(const struct identity_job *job, const struct field *f, size_t number,
    struct arena *scratch, struct identities *out)
{
	struct authres ar;
	enum identity_standing standing =
	    read_field(&job->policy, f, scratch, &ar);

	identity_explain_field(job, number, ar.id, standing, out);
	if (standing == IDENTITY_FIELD_MALFORMED ||
	    standing == IDENTITY_FIELD_VERSION)
		out->unreadable++;
	if (standing != IDENTITY_FIELD_TRUSTED)
		return standing != IDENTITY_FIELD_OURS;
	for (size_t k = 0; k < ar.results; k++)
		take(job, &ar.result[k], out);
	out->left_out += ar.left_out;
	return true;
}

/* Memory that is needed for one field is given back: a header has room for
 * many results. */
void
identity_take_fields(struct identity_job *job, struct identities *out)
{
	const struct message *m = job->m;
	bool topmost = job->policy.trust == IDENTITY_TOPMOST, done = false;
	struct arena *scratch = arena_new();
	size_t number = 0;

	read_signatures(job);
	for (size_t i = 0; i < m->fields && !done; i++) {
		if (!authres_is_name(m->field[i].name))
			continue;
		arena_reset(scratch);
		done = take_field(job, &m->field[i], ++number, scratch, out) &&
		    topmost;
	}
	if (!number)
		identity_explain_no_field(job, out);
	arena_free(scratch);
}
