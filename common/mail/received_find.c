/* received_find: find the Received field of this host or of its relays. */
/* SPDX-License-Identifier: ISC */

#include "mail/received_internal.h"

/* Who wrote a field? */
enum writer {
	WRITER_OTHER,
	WRITER_TRUSTED, /* the host, or a trusted relay */
	WRITER_UNSURE
};

static bool
is_trusted(const struct ip *ip, const struct ip_network *trusted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ip_within(ip, &trusted[i]))
			return true;
	return false;
}

/* Did a host pass the message to itself over a unix socket? Dovecot writes
 * "from HOST by HOST with LMTP", Cyrus "from HOST ([unix socket]) by HOST
 * (Cyrus ...) with LMTPA". For a client on the network every server adds a
 * comment. */
static bool
is_handover(const struct received_reader *r)
{
	struct span from = r->from, by = r->by;

	from.len -= span_caseends(from, SPAN("."));
	by.len -= span_caseends(by, SPAN("."));
	return !r->has_client_comment &&
	    span_casestarts(r->with, SPAN("LMTP")) && span_caseeq(from, by);
}

/* Finds the client, which is 127.0.0.1 if a local user or filter submitted the
 * message: Postfix writes "by HOST (Postfix, from userid 0)", sendmail "(from
 * user@localhost) by HOST". */
static bool
origin(const struct received_reader *r, struct ip *ip, bool *is_local)
{
	*is_local = false;
	if (received_client(r, ip))
		return true;
	*is_local = true;
	return (!r->has_from || is_handover(r)) && !r->addresses &&
	    !r->is_ambiguous && received_only_address(r, NULL) &&
	    ip_parse(SPAN("127.0.0.1"), ip);
}

/* Who wrote a field below one whose client is a trusted relay? That relay,
 * whose name is unknown, if the field has only one "by". qmail-queue's "(qmail
 * 1 invoked by uid 89)" has no host and no text of the client: it is
 * skipped. */
static enum writer
relay_writer(const struct received_reader *r)
{
	size_t n = received_count_by(r, SPAN_NONE);

	if (r->by.p)
		return n == 1 ? WRITER_TRUSTED : WRITER_UNSURE;
	return !n || span_eq(received_first_word(r->body), SPAN("qmail"))
	    ? WRITER_OTHER
	    : WRITER_UNSURE;
}

/* Who wrote a field above those of relays? Another host, if it lacks "by" and
 * the name of host. If it has them twice, the client wrote one of them; and if
 * it has them but was read as another host's, a HELO such as "x by" can be the
 * cause. */
static enum writer
writer(const struct received_reader *r, struct span host, struct arena *a)
{
	size_t n = received_count_by(r, host);

	if (!n)
		return WRITER_OTHER;
	return n == 1 && received_is_host(r->by, host, a) ? WRITER_TRUSTED
							  : WRITER_UNSURE;
}

bool
received_may_be_by(struct span body, struct span host)
{
	struct received_reader r = {.body = body};

	return received_count_by(&r, host) > 0;
}

size_t
received_find(const struct message *m, struct span host,
    const struct ip_network *trusted, size_t n, struct arena *a,
    struct received *found)
{
	bool relayed =
	    false; /* below a field whose client is a trusted relay */

	*found = (struct received){0};
	for (size_t i = 0; host.len && i < m->nfields; i++) {
		struct received_reader r;
		enum writer by;
		struct ip ip;
		bool is_local;

		if (!span_caseeq(m->fields[i].name, SPAN("Received")))
			continue;
		received_read(m->fields[i].body, &r);
		if (r.is_illegible)
			break;
		by = relayed ? relay_writer(&r) : writer(&r, host, a);
		if (by == WRITER_OTHER)
			continue;
		if (by == WRITER_UNSURE || !origin(&r, &ip, &is_local))
			break;
		relayed = is_trusted(&ip, trusted, n);
		if (relayed)
			continue;
		if (is_local)
			break;
		received_fill(&r, a, found);
		found->ip = ip;
		found->has_ip = true;
		return i;
	}
	return SIZE_MAX;
}

bool
received_find_date(const struct message *m, struct span host,
    const struct ip_network *trusted, size_t n, int64_t *seconds)
{
	struct received found;

	received_find(m, host, trusted, n, m->arena, &found);
	if (found.has_date)
		*seconds = found.date;
	return found.has_date;
}
