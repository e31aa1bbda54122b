#include "base/ascii.h"
#include "base/buf.h"
#include "auth/identity_job.h"
#include "base/limit.h"

static void
say(const struct identity_job *job, struct identities *out, struct span line)
{
	out->explain = ARENA_PUSH(job->arena, out->explain, out->explains);
	out->explain[out->explains++] = line;
}

static const char *const standing_words[] = {
    [IDENTITY_FIELD_TRUSTED] = "trusted (RFC 8601 5)",
    [IDENTITY_FIELD_MALFORMED] =
	"not read: it has no ID that can be read (RFC 8601 2.2)",
    [IDENTITY_FIELD_VERSION] = "not read: another version (RFC 8601 2.2)",
    [IDENTITY_FIELD_OTHER] = "not trusted",
    [IDENTITY_FIELD_BLANK] = "not trusted: a blank before its colon",
    [IDENTITY_FIELD_OURS] = "not read: another name than our own is trusted",
};

void
identity_explain_field(const struct identity_job *job, size_t number,
    struct span id, enum identity_standing standing, struct identities *out)
{
	struct buf b = BUF(job->arena);

	if (!job->policy.explain)
		return;
	buf_printf(&b, "Authentication-Results field %zu", number);
	if (id.p) {
		buf_str(&b, ", of ");
		buf_short(&b, id, LIMIT_SHOWN_LIST);
	}
	buf_printf(&b, ": %s", standing_words[standing]);
	say(job, out, buf_span(&b));
}

void
identity_explain_no_field(
    const struct identity_job *job, struct identities *out)
{
	if (job->policy.explain)
		say(job, out, SPAN("no Authentication-Results field"));
}

/* Does the value end where a reader thinks that it does? */
static bool
is_clear(struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_vchar(value.p[i]) || value.p[i] == ';' ||
		    value.p[i] == '"')
			return false;
	return value.len > 0;
}

/* Those that it depends on. */
static bool
is_shown(const struct authres_property *p)
{
	if (span_eq(p->ptype, SPAN("header")))
		return span_eq(p->name, SPAN("d")) ||
		    span_eq(p->name, SPAN("i"));
	return span_eq(p->ptype, SPAN("smtp")) &&
	    (span_eq(p->name, SPAN("mailfrom")) ||
		span_eq(p->name, SPAN("helo")));
}

/* In quotes, if it is not clear. */
static void
add_value(struct buf *b, struct span text)
{
	struct buf value = BUF(b->arena);

	buf_short(&value, text, LIMIT_SHOWN_LIST);
	if (is_clear(text)) {
		buf_add(b, buf_span(&value));
		return;
	}
	buf_char(b, '"');
	buf_qcontent(b, buf_span(&value));
	buf_char(b, '"');
}

static void
add_property(struct buf *b, const struct authres_property *p)
{
	buf_char(b, ' ');
	buf_add(b, p->ptype);
	buf_char(b, '.');
	buf_add(b, p->name);
	buf_char(b, '=');
	add_value(b, p->value);
}

void
identity_explain_result(const struct identity_job *job,
    const struct authres_entry *e, bool taken, const char *why,
    struct identities *out)
{
	const struct authres_result *r = &e->result;
	struct buf b = BUF(job->arena);

	if (!job->policy.explain)
		return;
	buf_str(&b, "  ");
	buf_add(&b, r->method);
	if (r->version != 1)
		buf_printf(&b, "/%ju", (uintmax_t)r->version);
	buf_char(&b, '=');
	if (r->result.p)
		buf_short(&b, r->result, LIMIT_SHOWN_PIECE);
	else
		buf_char(&b, '?');
	for (size_t i = 0; i < r->properties; i++)
		if (is_shown(&r->property[i]))
			add_property(&b, &r->property[i]);
	buf_str(&b, taken ? ": taken" : ": not taken");
	if (why)
		buf_printf(&b, taken ? " %s" : ": %s", why);
	if (e->skipped.p) {
		buf_str(&b, "; skipped: ");
		add_value(&b, e->skipped);
	}
	say(job, out, buf_span(&b));
}

void
identity_explain_rest(
    const struct identity_job *job, struct span rest, struct identities *out)
{
	struct buf b = BUF(job->arena);

	if (!job->policy.explain)
		return;
	buf_str(&b,
	    "  not read from here on, as quotes or a comment in it are "
	    "not closed: ");
	add_value(&b, span_trim(rest));
	say(job, out, buf_span(&b));
}
