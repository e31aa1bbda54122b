#include "mail/received_internal.h"

/* Which of the hosts wrote a field. */
enum writer {
	WRITER_OTHER,
	WRITER_OURS, /* the host itself, or a relay of ours */
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

/* A host to itself over a unix socket: Dovecot "from HOST by HOST with LMTP",
 * Cyrus "from HOST ([unix socket]) by HOST (Cyrus ...) with LMTPA". No server
 * writes so of a client of the network: there is no comment about it. */
static bool
is_handover(const struct received_reader *r)
{
	struct span from = r->from, by = r->by;

	from.len -= span_caseends(from, SPAN("."));
	by.len -= span_caseends(by, SPAN("."));
	return !r->has_client_comment &&
	    span_casestarts(r->with, SPAN("LMTP")) && span_caseeq(from, by);
}

/* The client, or this host itself where a user or a filter of it submitted the
 * message: Postfix "by HOST (Postfix, from userid 0)", sendmail "(from
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

/* A field of a relay, whose name is not known: the only "by" in it is the one
 * that the relay wrote. qmail-queue's "(qmail 1 invoked by uid 89)" has nothing
 * of the client's, and no host. */
static enum writer
relay_writer(const struct received_reader *r)
{
	size_t n = received_count_by(r, SPAN_NONE);

	if (r->by.p)
		return n == 1 ? WRITER_OURS : WRITER_UNSURE;
	return !n || span_eq(received_first_word(r->body), SPAN("qmail"))
	    ? WRITER_OTHER
	    : WRITER_UNSURE;
}

/* This host writes "by" and its name, so that a field without them is another
 * one's. If they are there twice, the client wrote one of them; and if the
 * field was read as another host's, a HELO such as "x by" can be the reason. */
static enum writer
writer(const struct received_reader *r, struct span host, struct arena *a)
{
	size_t n = received_count_by(r, host);

	if (!n)
		return WRITER_OTHER;
	return n == 1 && received_is_host(r->by, host, a) ? WRITER_OURS
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
	bool relayed = false; /* below a field whose client is ours */

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
