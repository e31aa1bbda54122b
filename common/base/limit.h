/*
 * limit: every limit of the toolkit, with its name, its value and the reason
 * for it. Exceeding a limit has its own result or error; nothing is silently
 * cut.
 */
/* SPDX-License-Identifier: ISC */
#ifndef LIMIT_H
#define LIMIT_H

/* Sources and reasons of failure reports that are counted apart. Reporters send
 * few of these; a search of the list for each must not take long. */
#define LIMIT_FAILURE_GROUPS 1000u

/* Octets that the explainer of signatures holds beyond the message: copies of a
 * body of 25 MB with one or two repairs, and what is proposed for them. */
#define LIMIT_EXPLAIN_MEMORY ((size_t)64 << 20)

/* A message's header, in octets and in fields. It bounds memory; mail systems
 * send headers that are not a hundredth as large. */
#define LIMIT_HEADER        (8u << 20)
#define LIMIT_HEADER_FIELDS 100000u

/* Parts of a message, nested in each other (multiparts and messages) and in
 * all. Each nested one costs a comparison for each line, and memory; what
 * forwards a report in a message in a message takes 6. A digest of a list has
 * some 100 parts. */
#define LIMIT_MAIL_DEPTH 8u
#define LIMIT_MAIL_PARTS 10000u

/* Octets of the header of a part, but the first, which the walk over the parts
 * holds, and parameters of a field in it: a file name in pieces (RFC 2231 3)
 * takes some 10. */
#define LIMIT_MIME_HEADER     (256u << 10)
#define LIMIT_MIME_PARAMETERS 64u

/* Memory that must be available before a call of a library (arena_probe()):
 * many times what a signature takes, and more than the 1 MiB that glibc maps at
 * once when its heap cannot grow. */
#define LIMIT_HEADROOM (2u << 20)

/* Octets of a message on stderr that are shown: more than anyone reads, for
 * texts that others wrote, such as a line of a file without line ends. */
#define LIMIT_WARNING 4096u

/* Stack that a run maps at its start (grow_stack() in tool/cli.c): more than
 * any run needs. */
#define LIMIT_STACK (256u << 10)

/* Octets of one field that are held while forged fields are removed from a
 * header that is too large to be held. */
#define LIMIT_STRIP_FIELD (64u << 10)

/* A body that is to be written back is kept in memory up to this size; a larger
 * one goes to an unlinked temporary file. */
#define LIMIT_SPOOL_MEMORY (1u << 20)

/* Default of --max-size: octets that the archives of one operand or message
 * inflate to. The largest reports known have some 20 MB; a bomb of 200 KB would
 * have 200 MB. */
#define LIMIT_UNPACK_SIZE (64u << 20)

/* Archives in archives. Reporters send a zip in a gzip by mistake, people make
 * a zip of what they received; each level takes memory of its own. */
#define LIMIT_UNPACK_DEPTH 4u

/* Octets of an archive in another are taken from the budget so many times.
 * Deflate without output, which takes longest for its size (some 80 ns an
 * octet), can be compressed 300 times: 180 KB of it would take 5 s. */
#define LIMIT_UNPACK_WEIGHT 8u

/* Entries of a zip archive with those of archives in it. A reporter sends
 * one; none of them needs octets to cost time. */
#define LIMIT_ZIP_MEMBERS 100u

/* Octets of a member's name that are kept, with a NUL: names of files have at
 * most 255. They occur in messages only; a longer one ends in "...". */
#define LIMIT_ZIP_NAME 256u

/* Mails in archives in mails: each level takes the memory of a walk over parts
 * and of unpacking. A mail that carries an archive of forwarded mails with
 * reports in them takes two. */
#define LIMIT_MAIL_ARCHIVES 3u

/* Octets of a part message/feedback-report, and of the text before it. Those
 * that are sent have some 1 KiB; a field can have the canonicalized body of a
 * message (RFC 6591 3.2.4). */
#define LIMIT_FEEDBACK (256u << 10)

/* RFC 5322 2.1.1: a line must have at most 998 octets, and should have 78. */
#define LIMIT_LINE      998u
#define LIMIT_LINE_FOLD 78u

/* Signatures verified in one message; the others are reported as not verified.
 * RFC 6376 6.1 lets verifiers limit them; each costs a DNS query. */
#define LIMIT_SIGNATURES 10u

/* Signatures of one message whose alterations are searched for, the topmost of
 * those that do not pass: each gets a part of the budget, and a tenth of it
 * finds little. A message through two lists has five. */
#define LIMIT_EXPLAIN_SIGNATURES 5u

/* RFC 8301 3.2: keys of less than 1024 bits must not be used. 8192 bits and an
 * exponent of 64 bits bound the time that a hostile key can cost. */
#define LIMIT_RSA_BITS_MIN      1024u
#define LIMIT_RSA_BITS_WARN     2048u
#define LIMIT_RSA_BITS_MAX      8192u
#define LIMIT_RSA_EXPONENT_BITS 64u

/* What repairs of a header look at where a signature does not verify: octets
 * of a field, of which each repair proposes some ten copies, and fields. The
 * longest that are sent, lists of 300 recipients, have some 16 KiB; h= rarely
 * has 40 names. */
#define LIMIT_EXPLAIN_FIELD  (16u << 10)
#define LIMIT_EXPLAIN_FIELDS 100u

/* RFC 6376 3.3.3, before RFC 8301: the smallest key in old archives. */
#define LIMIT_RSA_BITS_LEGACY 512u

/* Public keys that are kept for the next signatures by them: one run over a
 * folder sees many messages of few senders. */
#define LIMIT_KEY_RING 64u

/* A tag-list (signature, key record): octets and tags. */
#define LIMIT_TAGLIST      (64u << 10)
#define LIMIT_TAGLIST_TAGS 100u

/* Names in one h= tag. */
#define LIMIT_SIGNED_FIELDS 1000u

/* Proposals that the search for a signed header keeps, and the octets of their
 * texts: proposals of proposals are many, and those after so many are unlikely.
 * A proposal takes some 300 octets besides. Those of a repair at once. */
#define LIMIT_EXPLAIN_PROPOSALS 16384u
#define LIMIT_EXPLAIN_TEXTS     (16u << 20)
#define LIMIT_EXPLAIN_AT_ONCE   256u

/* Those of a repair at once for a field of so many octets, the length of a line
 * (RFC 5322 2.1.1): two letters that are not known have some 900 texts. */
#define LIMIT_EXPLAIN_SHORT         998u
#define LIMIT_EXPLAIN_AT_ONCE_SHORT 1024u

/* RFC 6376 3.5: t= and x= are 1*12DIGIT; more digits are invalid. */
#define LIMIT_TIME_DIGITS 12u

/* Keys that are looked up for a signature that does not verify, to find the one
 * that made it: those of other signatures of the domain, and of common
 * selectors. Each costs a DNS query. */
#define LIMIT_EXPLAIN_SELECTORS 8u

/* Received fields that are read for it. RFC 5321 6.3: a message with 100 of
 * them loops. */
#define LIMIT_EXPLAIN_HOPS 100u

/*
 * A comparison with the original message. The bodies are compared line by line
 * between their common start and end, if each has at most so many lines there,
 * as a text of 25 MB has, and so many were added or lost. A line takes 28
 * octets; the time is the product of both at worst, the memory besides is the
 * square of the latter. Unsigned fields that differ are listed up to a number,
 * the others are counted.
 */
#define LIMIT_COMPARE_LINES  500000u
#define LIMIT_COMPARE_EDITS  512u
#define LIMIT_COMPARE_FIELDS 100u

/* Allowed difference between two clocks, in seconds. */
#define LIMIT_CLOCK_SKEW 300

/* Results and properties in one Authentication-Results field. */
#define LIMIT_AUTHRES_RESULTS    1000u
#define LIMIT_AUTHRES_PROPERTIES 100u

/* A value that is written to that field, quotes and backslashes included: so
 * short that its line stays well within LIMIT_LINE. */
#define LIMIT_AUTHRES_VALUE 512u

/* Comments nested in comments. */
#define LIMIT_COMMENT_DEPTH 100u

/* RFC 1035 2.3.4: a name as text, without the last dot, and a label. */
#define LIMIT_DNS_NAME  253u
#define LIMIT_DNS_LABEL 63u

/* CNAMEs followed for one query. */
#define LIMIT_DNS_CHAIN 8u

/* The largest answer that TCP can carry (RFC 1035 4.2.2). */
#define LIMIT_DNS_ANSWER 65535u

/* The UDP payload size offered by EDNS0 (RFC 6891 6.2.5); avoids fragments. */
#define LIMIT_DNS_UDP 1232u

/* DNS queries for one message, except those of SPF, which RFC 7208 4.6.4
 * bounds, and the walks of its author domains (LIMIT_AUTHORS): keys, walks of
 * identifiers, certifiers, explanations. Ten signatures by domains of three
 * labels take 40. */
#define LIMIT_DNS_QUESTIONS 60u

/*
 * Memory for the answers of one message, in octets. An answer of at most
 * LIMIT_DNS_SMALL, which holds 80 addresses or some 30 records of SPF or DMARC,
 * is always kept, so that one domain's large answers cannot displace another
 * domain's. All larger ones together take at most LIMIT_DNS_LARGE; what remains
 * has room for 320 small ones: SPF needs some 110 at most, the author domains
 * 90.
 */
#define LIMIT_DNS_OCTETS (16u << 20)
#define LIMIT_DNS_SMALL  (32u << 10)
#define LIMIT_DNS_LARGE  (6u << 20)

/* The JSON object of one message or query, in octets. */
#define LIMIT_JSON (4u << 20)

/* A text in an object of a report, in octets. So the object of a record that
 * has LIMIT_REPORT_RESULTS of all lists stays within LIMIT_JSON, and texts of
 * LIMIT_XML_ELEMENT are not repeated for each of many small records. */
#define LIMIT_JSON_TEXT 1000u

/* Author domains of one message, each of which costs a walk (RFC 9989 11.5),
 * and addresses of a From field that are searched for them. */
#define LIMIT_AUTHORS        10u
#define LIMIT_AUTHORS_LISTED 1000u

/* "@" in a malformed From field that has one domain however it is read. */
#define LIMIT_FROM_READ 100u

/* Names with an A-label or U-label that are considered, for one message, in
 * From fields that cannot be parsed. A policy found there can only make a
 * result stricter, never a pass. */
#define LIMIT_FROM_IDNA 1000u

/* Report addresses of one tag, and of the record of an external destination,
 * that -v shows; the others are counted. Each can cost a walk, at the choice of
 * whoever wrote the record. */
#define LIMIT_DMARC_ADDRESSES 20u

/* Names below a domain whose records are reported one by one: a zone file can
 * have any number, and people read a page. The others are counted. */
#define LIMIT_LINT_NAMES 100u

/* Authenticated identifiers of one message. Those over the limit are ignored,
 * which can lose a pass but never give one. */
#define LIMIT_AUTHIDS 1000u

/* Octets of a message's or record's text that the words of a reason quote: of a
 * piece, and of a list, which has room for a DNS name. The words tell what was
 * left out. */
#define LIMIT_SHOWN_PIECE 60u
#define LIMIT_SHOWN_LIST  253u

/* Lines of a text that was altered, as received and as signed, that are shown
 * to people: more than a footer has. */
#define LIMIT_EXPLAIN_LINES 10u

/* Octets of each of these: what a terminal of 80 columns has room for. */
#define LIMIT_EXPLAIN_SHOWN 68u

/* Memory that a recipe takes, in octets: each object of it some 250, its texts
 * beside that. A JSON object with a larger one would not stay within
 * LIMIT_JSON, and a body that was encoded anew has no use for one. */
#define LIMIT_EXPLAIN_RECIPE (4u << 20)

/* Received fields whose hosts are named where this host wrote none of them. */
#define LIMIT_SHOWN_RECEIVED 10u

/* VBR-Info fields evaluated in one message (RFC 5518 8); the others are
 * counted. */
#define LIMIT_VBR_INFO 100u

/* Clients that the summary of a run counts one by one. */
#define LIMIT_SUMMARY_SOURCES 1000u

/* Groups of messages that aggregate reports are counted in: a table of so many
 * takes some 20 MiB. What such a group has on single days, where it is known
 * only at the end which days are to be counted: 3,000 sources that send on each
 * of 100 days. */
#define LIMIT_REPORT_GROUPS 100000u
#define LIMIT_REPORT_CELLS  300000u

/* Octets of a text by which they are grouped, such as a reporter's name: a
 * domain name has at most 253. Texts that differ only after that are one
 * group. */
#define LIMIT_REPORT_KEY 255u

/* What dmarc-report --spf evaluates: domains, and sources of each, those of
 * which most messages pass first; what --dkim looks up. Strangers can name any
 * number of each, and some records need a query for each source. */
#define LIMIT_REPORT_DOMAINS 200u
#define LIMIT_REPORT_SENDERS 2000u
#define LIMIT_REPORT_KEYS    1000u

/* Selectors of one domain that --selectors-from takes; each costs a query. A
 * domain that rotates its keys each month has 12 a year. */
#define LIMIT_SELECTORS 100u

/* Queries in flight at once (WORKERS), and with those that the evaluation waits
 * for beyond that, and those whose answer is no longer needed (THREADS).
 * Answers kept from one message of a run to the next (CACHE), and the octets
 * that they take: a hostile answer of 64 KiB can take 2 MiB once parsed. */
#define LIMIT_DNS_WORKERS      32u
#define LIMIT_DNS_THREADS      64u
#define LIMIT_DNS_CACHE        10000u
#define LIMIT_DNS_CACHE_OCTETS (16u << 20)

/* Addresses of authoritative servers that are queried for one name; the root
 * has 26. And names that are queried at once, since each address takes threads
 * and sockets. */
#define LIMIT_DNS_SERVERS      32u
#define LIMIT_DNS_SERVER_NAMES 8u

/* RFC 7208 4.6.4: terms that query the DNS, void lookups, names of one MX or
 * PTR answer. */
#define LIMIT_SPF_LOOKUPS 10u
#define LIMIT_SPF_VOIDS   2u
#define LIMIT_SPF_NAMES   10u

/* Hosts of a domain's MX records that are looked up. No sender tries so many
 * (Postfix: 5 addresses), and each costs two queries. */
#define LIMIT_MX_HOSTS 20u

/* An MTA-STS policy, in octets: RFC 8461 3.3 suggests this limit to senders.
 * Faults in it that are told one by one; the others are counted. */
#define LIMIT_STS_POLICY (64u << 10)
#define LIMIT_STS_FAULTS 5u

/* Terms of one record. A record of the usual size has at most some 30 (RFC 7208
 * 3.4). */
#define LIMIT_SPF_TERMS 1000u

/* Nested calls of check_host(), where --lookup-limit allows so many. */
#define LIMIT_SPF_DEPTH 100u

/* A text after macro expansion, in octets. A name or an explanation of a few
 * lines is shorter. */
#define LIMIT_SPF_EXPANSION (16u << 10)

/* RFC 7208 3.4: octets of a record whose answer fits in a UDP packet. */
#define LIMIT_SPF_RECORD 450u

/*
 * A network with a shorter prefix is wide: its owner cannot know all of it. The
 * largest mail providers list IPv4 networks of their own up to /14, and domains
 * that include them should not get a warning; a /13, half a million addresses,
 * cannot be mail servers alone. In IPv6, registries allocate a /32 to a
 * provider; a larger network belongs to several.
 */
#define LIMIT_SPF_WIDE_IP4 14u
#define LIMIT_SPF_WIDE_IP6 32u

/* Default of --tree-limit: DNS queries of one tree. */
#define LIMIT_SPF_TREE 100u

/* HELO and MAIL FROM, in octets. RFC 5321 4.5.3.1.3 allows 256; rewritten
 * addresses may have more, a DNS name never. */
#define LIMIT_ENVELOPE 1000u

/* Default of --timeout: seconds for all DNS work on one message. */
#define LIMIT_DNS_TIMEOUT 20u

/*
 * Aggregate reports (RFC 9990). Elements nest 7 deep in them; extensions can
 * add some. The text of an element, and a tag or comment that is mended, in
 * octets: the longest that reporters send are some 10 KiB. A child of the root,
 * with what precedes it: a record with 100 signatures has 30 KiB; the octets
 * are held, so that they can be mended, and expat's time for a long token that
 * comes in pieces is quadratic.
 */
#define LIMIT_XML_DEPTH   32u
#define LIMIT_XML_ELEMENT (64u << 10)
#define LIMIT_XML_CHILD   (1u << 20)

/* Octets of a stream that are searched for the end of unknown elements and of
 * CDATA while it is mended: each search can be in vain, over some
 * LIMIT_XML_ELEMENT. */
#define LIMIT_XML_SEARCH (64u << 20)

/* Records of one report: it would have some 800 MiB. */
#define LIMIT_REPORT_RECORDS 1000000u

/* Records that are held while report_metadata and policy_published have not
 * come, and the octets they take; usually none is. */
#define LIMIT_REPORT_HELD        10000u
#define LIMIT_REPORT_HELD_OCTETS (8u << 20)

/* DKIM results of a record: RFC 9990 3.1.3 has at most 100. The same for its
 * SPF results and reasons, and for the errors of a report. */
#define LIMIT_REPORT_RESULTS 100u

/* Messages of one record: what a double, and so JSON, can hold exactly. */
#define LIMIT_REPORT_COUNT ((uint64_t)1 << 53)

/* The longest period of a report that is not odd, in days. Most are of one,
 * some of seven. */
#define LIMIT_REPORT_DAYS 8

/* Refused records of a stream that are told one by one. */
#define LIMIT_REPORT_REFUSALS 100u

/* A zone, table or list file read whole, in octets. */
#define LIMIT_FILE (64u << 20)

/* The file of a private key (8192 bits take 7 KiB in PEM), and of a password,
 * in octets. */
#define LIMIT_KEY_FILE (64u << 10)
#define LIMIT_PASSWORD 1024u

/* Edits of a body that are proposed together: one for each line of 20 MB. They
 * take 8 MiB. */
#define LIMIT_EXPLAIN_EDITS (1u << 18)

/* Places of an alteration that are tried one by one, besides all at once, and
 * gone on from: more of them were mostly altered by a rule. */
#define LIMIT_EXPLAIN_PLACES 64u

/* Octets of a link that are read: browsers and servers take 2 to 8 KB. */
#define LIMIT_EXPLAIN_LINK (16u << 10)

#endif
