/* dns_wire: one exchange with one server. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <arpa/nameser.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"

#define QUERY_SIZE 512 /* a header, a name, an OPT record */

/*
 * Queries.
 */

/* Sets the only server of the state. An IPv6 address goes into _u._ext, where
 * res_nclose() frees it. */
static int
set_server(struct __res_state *s, const struct sockaddr *server)
{
	struct sockaddr_in6 *v6;

	for (size_t i = 0; i < MAXNS; i++) {
		free(s->_u._ext.nsaddrs[i]);
		s->_u._ext.nsaddrs[i] = NULL;
	}
	s->nscount = 1;
	s->_u._ext.nscount = 0;
	s->_u._ext.nssocks[0] = -1;
	if (server->sa_family == AF_INET) {
		memcpy(&s->nsaddr_list[0], server, sizeof(struct sockaddr_in));
		return 0;
	}
	v6 = malloc(sizeof(*v6));
	if (!v6)
		return -1;
	memcpy(v6, server, sizeof(*v6));
	s->nsaddr_list[0].sin_family = 0;
	s->_u._ext.nsaddrs[0] = v6;
	s->_u._ext.nscount = 1;
	return 0;
}

/* RFC 6891 6.1.2: the root's name, type OPT, the largest UDP reply accepted, no
 * flags, no data. */
static size_t
add_opt(unsigned char *query, size_t len)
{
	static const unsigned char opt[] = {0, 0, ns_t_opt, LIMIT_DNS_UDP >> 8,
	    LIMIT_DNS_UDP & 255, 0, 0, 0, 0, 0, 0};

	assert(len + sizeof(opt) <= QUERY_SIZE);
	memcpy(query + len, opt, sizeof(opt));
	query[11] = 1; /* ARCOUNT (RFC 1035 4.1.1) */
	return len + sizeof(opt);
}

static int
exchange(struct __res_state *s, const char *name, enum dns_type type, bool edns,
    unsigned char *reply, size_t size)
{
	unsigned char query[QUERY_SIZE];
	int len = res_nmkquery(s, ns_o_query, name, ns_c_in, (int)type, NULL, 0,
	    NULL, query, sizeof(query));

	assert(len > 0); /* the name was checked */
	if (edns)
		len = (int)add_opt(query, (size_t)len);
	return res_nsend(s, query, len, reply, (int)size);
}

/* RFC 1035 4.1.1: TC */
static bool
is_truncated(const unsigned char *reply, int len)
{
	return len >= NS_HFIXEDSZ && (reply[2] & 0x02);
}

/* Repeats the query over TCP (RFC 7766 5) after a truncated reply of len
 * octets. Keeps that reply if there is no connection, or it ends without an
 * answer. */
static int
exchange_tcp(struct __res_state *s, const char *name, enum dns_type type,
    bool edns, unsigned char *reply, int len)
{
	unsigned char *whole = arena_malloc(LIMIT_DNS_ANSWER);
	int n, error;

	s->options |= RES_USEVC;
	n = exchange(s, name, type, edns, whole, LIMIT_DNS_ANSWER);
	error = errno;
	if (n > 0)
		memcpy(reply, whole, (size_t)n);
	free(whole);
	errno = error;
	return n > 0 || error == ETIMEDOUT ? n : len;
}

/* Sends the query over UDP or TCP, as the state and how tell. */
static int
exchange_any(struct __res_state *s, const char *name, enum dns_type type,
    unsigned how, unsigned char *reply, size_t size)
{
	bool edns = how & DNS_WIRE_EDNS;
	int len;

	if (how & DNS_WIRE_TCP)
		s->options |= RES_USEVC;
	if (how & DNS_WIRE_UDP)
		s->options &= ~RES_USEVC;
	len = exchange(s, name, type, edns, reply, size);
	if (!is_truncated(reply, len) || (s->options & RES_USEVC))
		return len;
	if (!(how & DNS_WIRE_UDP))
		return exchange_tcp(s, name, type, edns, reply, len);
	errno = EMSGSIZE;
	return -1;
}

bool
dns_wire_is_tcp(void)
{
	struct __res_state s = {0};
	bool is_tcp = !res_ninit(&s) && (s.options & RES_USEVC);

	res_nclose(&s);
	return is_tcp;
}

int
dns_wire_ask(const struct sockaddr *server, const char *name,
    enum dns_type type, unsigned seconds, unsigned how, unsigned char *reply,
    size_t size)
{
	struct __res_state s = {0};
	int len = -1, error;

	if (res_ninit(&s))
		return -1;
	/* Without RES_TRUSTAD libresolv clears the AD bit. With RES_PRF_REPLY
	 * it returns SERVFAIL and REFUSED instead of dropping them. */
	s.options = RES_INIT | RES_RECURSE | RES_TRUSTAD | RES_IGNTC |
	    (s.options & RES_USEVC);
	s.pfcode = RES_PRF_REPLY;
	s.retrans = (int)seconds;
	s.retry = 1;
	if (!set_server(&s, server))
		len = exchange_any(&s, name, type, how, reply, size);
	error = errno;
	res_nclose(&s);
	errno = error;
	return len;
}

/*
 * Replies. ns_initparse() has checked that all sections can be parsed.
 */

/* Is a name as libresolv writes it (the root: "") this canonical name? */
static bool
name_is(const char *text, struct span name, struct arena *a)
{
	struct span canonical = SPAN("");

	return (!*text ||
		   !dns_name_parse(span_of(text), SPAN(""), a, &canonical)) &&
	    span_eq(canonical, name);
}

/* Is the reply to this query? libresolv is known to accept others. */
static bool
question_is(ns_msg *m, struct span name, enum dns_type type, struct arena *a)
{
	ns_rr rr;

	return ns_msg_count(*m, ns_s_qd) == 1 &&
	    !ns_parserr(m, ns_s_qd, 0, &rr) &&
	    (unsigned)ns_rr_type(rr) == (unsigned)type &&
	    ns_rr_class(rr) == ns_c_in && name_is(ns_rr_name(rr), name, a);
}

/* Returns the RCODE with its upper bits from the OPT record (RFC 6891 6.1.3),
 * or -1. */
static int
rcode_of(ns_msg *m)
{
	int rcode = (int)ns_msg_getflag(*m, ns_f_rcode);

	for (int i = 0; i < ns_msg_count(*m, ns_s_ar); i++) {
		ns_rr rr;

		if (ns_parserr(m, ns_s_ar, i, &rr))
			return -1;
		if (ns_rr_type(rr) == ns_t_opt)
			return rcode | (int)(ns_rr_ttl(rr) >> 24 << 4);
	}
	return rcode;
}

/* RFC 2181 8: a TTL whose highest bit is set is 0. */
static uint32_t
ttl_of(const ns_rr *rr)
{
	return ns_rr_ttl(*rr) > INT32_MAX ? 0 : ns_rr_ttl(*rr);
}

/* Takes the records of the type, and CNAMEs, from the answer section. */
static enum dns_status
take_records(ns_msg *m, enum dns_type type, size_t room, struct arena *a,
    struct dns_reply *reply)
{
	for (int i = 0; i < ns_msg_count(*m, ns_s_an); i++) {
		struct dns_rr r = {.owner = SPAN("")};
		ns_rr rr;

		if (ns_parserr(m, ns_s_an, i, &rr))
			return DNS_GARBAGE;
		r.type = (enum dns_type)ns_rr_type(rr);
		r.ttl = ttl_of(&rr);
		if (ns_rr_class(rr) != ns_c_in ||
		    (r.type != type && r.type != DNS_CNAME))
			continue;
		if (*ns_rr_name(rr) &&
		    dns_name_parse(
			span_of(ns_rr_name(rr)), SPAN(""), a, &r.owner))
			return DNS_GARBAGE;
		if (!dns_rdata_decode(&r, ns_msg_base(*m), ns_msg_end(*m),
			ns_rr_rdata(rr), ns_rr_rdlen(rr), a))
			return DNS_GARBAGE;
		reply->octets += dns_rr_octets(&r);
		if (reply->octets > room)
			return DNS_LIMIT;
		*ARENA_PUSH(a, reply->records, reply->nrecords) = r;
	}
	return DNS_DATA;
}

/* Does the reply only name other servers (RFC 2308 2.2), from a server that
 * does not offer recursion? */
static bool
is_referral(ns_msg *m)
{
	bool ns = false;

	if (ns_msg_count(*m, ns_s_an) || ns_msg_getflag(*m, ns_f_aa) ||
	    ns_msg_getflag(*m, ns_f_ra))
		return false;
	for (int i = 0; i < ns_msg_count(*m, ns_s_ns); i++) {
		ns_rr rr;

		if (ns_parserr(m, ns_s_ns, i, &rr) ||
		    ns_rr_type(rr) == ns_t_soa)
			return false;
		ns |= ns_rr_type(rr) == ns_t_ns;
	}
	return ns;
}

/* What was queried, and how many octets of memory the records may take. */
struct question {
	struct span name;
	enum dns_type type;
	size_t room;
};

/* A reply of RCODE 0 or 3. */
static enum dns_status
read_answer(ns_msg *m, const struct question *q, int rcode, struct arena *a,
    struct dns_reply *reply)
{
	enum dns_status status;
	bool matches = false;

	if (!question_is(m, q->name, q->type, a))
		return DNS_GARBAGE;
	if (ns_msg_getflag(*m, ns_f_tc))
		return DNS_TRUNCATED;
	status = take_records(m, q->type, q->room, a, reply);
	if (status != DNS_DATA)
		return status;
	if (is_referral(m))
		return DNS_GARBAGE;
	for (size_t i = 0; i < reply->nrecords && !matches; i++)
		matches = span_eq(reply->records[i].owner, q->name);
	if (ns_msg_count(*m, ns_s_an) && !matches)
		return DNS_GARBAGE; /* an answer to something else */
	if (rcode == ns_r_nxdomain)
		return DNS_NXDOMAIN;
	return reply->nrecords ? DNS_DATA : DNS_NODATA;
}

static enum dns_status
read_message(ns_msg *m, const struct question *q, struct arena *a,
    struct dns_reply *reply, bool *retry)
{
	int rcode = rcode_of(m);

	if (rcode < 0 || !ns_msg_getflag(*m, ns_f_qr) ||
	    ns_msg_getflag(*m, ns_f_opcode) != ns_o_query)
		return DNS_GARBAGE;
	if (rcode == ns_r_noerror || rcode == ns_r_nxdomain)
		return read_answer(m, q, rcode, a, reply);
	/* RFC 6891 7; 16 is BADVERS (9). */
	*retry = rcode == ns_r_formerr || rcode == ns_r_notimpl || rcode == 16;
	if (rcode == ns_r_servfail)
		return DNS_SERVFAIL;
	return rcode == ns_r_refused ? DNS_REFUSED : DNS_RCODE;
}

void
dns_wire_parse(const unsigned char *message, size_t len, struct span name,
    enum dns_type type, size_t room, struct arena *a, struct dns_reply *reply,
    bool *retry)
{
	const struct question q = {name, type, room};
	ns_msg m;

	*retry = false;
	*reply = (struct dns_reply){.status = DNS_GARBAGE};
	if (len > LIMIT_DNS_ANSWER || ns_initparse(message, (int)len, &m))
		return;
	reply->ad = ns_msg_getflag(m, ns_f_ad);
	reply->status = read_message(&m, &q, a, reply, retry);
	if (dns_unknown(reply->status))
		reply->nrecords = reply->octets = 0;
}
