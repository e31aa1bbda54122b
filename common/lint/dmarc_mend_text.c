/* dmarc_mend_text: one record that has what several texts mean. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/buf.h"
#include "base/limit.h"
#include "lint/mx_lint.h"

/* A record in the making, and what it depends on. */
struct mend {
	const struct dmarc_method *method;
	struct dmarc_owner owner;
	struct dmarc_draft draft;
	struct span mailbox;
};

static bool
gets_mail(const struct mend *m, struct span domain)
{
	enum mail_host host = mail_host_query(m->method->dns, domain);

	return host == MAIL_HOST_MX || host == MAIL_HOST_ADDRESS;
}

/*
 * Policies.
 */

/* The policies are at least quarantine, and none is weaker than p=. By RFC 7489
 * there is no np=. */
static void
mend_policies(struct mend *m)
{
	struct dmarc_draft *d = &m->draft;
	bool psd_y = span_caseeq(d->psd, SPAN("y"));
	bool psd_n = span_caseeq(d->psd, SPAN("n"));
	bool below = psd_y || psd_n || !m->owner.org.p ||
	    span_eq(m->owner.domain, m->owner.org);

	if (!d->has_p || d->p < DMARC_POLICY_QUARANTINE)
		d->p = DMARC_POLICY_QUARANTINE;
	d->has_sp &= below && d->sp >= d->p;
	d->has_np &= below && d->np >= d->p && !m->method->rfc7489;
}

/* psd=y is for public suffixes alone, and makes one its own organizational
 * domain. */
static void
mend_psd(struct mend *m)
{
	bool suffix = dmarc_lint_is_suffix(m->method, m->owner.domain);
	struct dmarc_draft *d = &m->draft;

	if (m->method->rfc7489 || (span_caseeq(d->psd, SPAN("y")) && !suffix) ||
	    span_caseeq(d->psd, SPAN("u")))
		d->psd = SPAN_NONE;
	if (suffix && !d->psd.p && !m->method->rfc7489)
		d->psd = SPAN("y");
	if (span_caseeq(d->psd, SPAN("y")))
		m->owner.org = m->owner.domain;
}

/*
 * Report addresses.
 */

static enum dmarc_address
address(const struct mend *m, const struct dmarc_uri *uri, size_t i)
{
	return i < LIMIT_DMARC_ADDRESSES
	    ? dmarc_lint_address(m->method, uri, m->owner)
	    : DMARC_ADDRESS_UNKNOWN;
}

/* Returns how many addresses work, or may work. */
static size_t
count_live(const struct mend *m, const struct dmarc_uri *list, size_t n)
{
	size_t live = 0;

	for (size_t i = 0; i < n; i++) {
		enum dmarc_address a = address(m, &list[i], i);

		live += a == DMARC_ADDRESS_WORKS || a == DMARC_ADDRESS_UNKNOWN;
	}
	return live;
}

static void
drop_dead(const struct mend *m, struct dmarc_uri *list, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (address(m, &list[i], i) != DMARC_ADDRESS_DEAD)
			list[kept++] = list[i];
	*n = kept;
}

/* An address of the domain itself needs no authorization; where the domain gets
 * no mail, its organizational domain may. */
static void
add_mailbox(struct mend *m)
{
	struct dmarc_draft *d = &m->draft;
	struct span domain = m->owner.domain;

	if (!gets_mail(m, domain))
		domain = m->owner.org;
	if (!domain.p || !gets_mail(m, domain))
		return;
	m->mailbox =
	    ARENA_JOIN(m->method->arena, SPAN("dmarc-reports@"), domain);
	*ARENA_PUSH(m->method->arena, d->rua, d->nrua) = (struct dmarc_uri){
	    .text = ARENA_JOIN(m->method->arena, SPAN("mailto:"), m->mailbox),
	    .domain = domain};
}

/* Dead addresses of rua= stay if no other is known: the owner may repair what
 * they need. */
static void
mend_reports(struct mend *m)
{
	struct dmarc_draft *d = &m->draft;

	dmarc_lint_reports_prefetch(m->method,
	    &(struct dmarc_record){
		.rua = d->rua, .nrua = d->nrua, .ruf = d->ruf, .nruf = d->nruf},
	    m->owner);
	if (!count_live(m, d->rua, d->nrua))
		add_mailbox(m);
	if (count_live(m, d->rua, d->nrua))
		drop_dead(m, d->rua, &d->nrua);
	drop_dead(m, d->ruf, &d->nruf);
	if (!d->nruf)
		d->fo = SPAN_NONE;
}

/*
 * The text.
 */

static void
put(struct buf *b, const char *name, struct span value)
{
	if (!value.p)
		return;
	buf_str(b, "; ");
	buf_str(b, name);
	buf_char(b, '=');
	buf_add(b, value);
}

static void
put_policy(struct buf *b, const char *name, bool has, enum dmarc_policy policy)
{
	put(b, name, has ? span_of(dmarc_policy_name(policy)) : SPAN_NONE);
}

static void
put_uris(
    struct buf *b, const char *name, const struct dmarc_uri *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_str(b, ",");
		else
			buf_printf(b, "; %s=", name);
		buf_add(b, list[i].text);
	}
}

struct span
dmarc_mend_text(const struct dmarc_method *method,
    const struct dmarc_mend_texts *texts, struct span *mailbox)
{
	struct mend m = {.method = method,
	    .owner = texts->owner,
	    .draft = {.arena = method->arena}};
	const struct dmarc_draft *d = &m.draft;
	struct buf b = BUF(method->arena);

	for (size_t i = 0; i < texts->ntexts; i++)
		dmarc_mend_read(&m.draft, texts->text[i]);
	mend_psd(&m);
	mend_policies(&m);
	mend_reports(&m);
	buf_str(&b, "v=DMARC1");
	put_policy(&b, "p", true, d->p);
	put_policy(&b, "sp", d->has_sp, d->sp);
	put_policy(&b, "np", d->has_np, d->np);
	put(&b, "adkim", d->adkim);
	put(&b, "aspf", d->aspf);
	put(&b, "psd", d->psd);
	put(&b, "fo", d->fo);
	put_uris(&b, "rua", d->rua, d->nrua);
	put_uris(&b, "ruf", d->ruf, d->nruf);
	*mailbox = m.mailbox;
	return buf_span(&b);
}
