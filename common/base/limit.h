/*
 * limit: every limit of the toolkit: a name, a value, where it comes from.
 * Going over one is a result or an error of its own; nothing is cut short in
 * silence.
 */
#ifndef LIMIT_H
#define LIMIT_H

/* A message's header, in octets and in fields. No mail system sends a header
 * of a hundredth of this; it bounds our memory. */
#define LIMIT_HEADER        (8u << 20)
#define LIMIT_HEADER_FIELDS 100000u

/* Memory that is left when a library is called that needs some: many times what
 * a signature takes, and more than the MiB that the C library asks for at once
 * when its heap cannot grow. */
#define LIMIT_HEADROOM (2u << 20)

/* The stack that a run is given at its start, more than any needs. */
#define LIMIT_STACK (256u << 10)

/* How much of one field is held when a header over the limit is cleaned. */
#define LIMIT_STRIP_FIELD (64u << 10)

/* A body up to this size is kept in memory to be written back; a larger one
 * goes to an unlinked temporary file. */
#define LIMIT_SPOOL_MEMORY (1u << 20)

/* RFC 5322 2.1.1: a line has at most 998 octets, and should have 78. */
#define LIMIT_LINE      998u
#define LIMIT_LINE_FOLD 78u

/* Signatures judged in one message; the rest is reported as not judged.
 * RFC 6376 6.1 lets verifiers limit them; each costs a DNS question. */
#define LIMIT_SIGNATURES 10u

/* RFC 8301 3.2: less than 1024 bits is no key. 8192 bits and an exponent of
 * 64 bits bound the time that a hostile key can cost. */
#define LIMIT_RSA_BITS_MIN      1024u
#define LIMIT_RSA_BITS_WARN     2048u
#define LIMIT_RSA_BITS_MAX      8192u
#define LIMIT_RSA_EXPONENT_BITS 64u
/* RFC 6376 3.3.3 before RFC 8301: the smallest key of old archives. */
#define LIMIT_RSA_BITS_LEGACY 512u

/* A tag-list (signature, key record): octets and tags. */
#define LIMIT_TAGLIST      (64u << 10)
#define LIMIT_TAGLIST_TAGS 100u

/* Names in one h= tag. */
#define LIMIT_SIGNED_FIELDS 1000u

/* RFC 6376 3.5: t= and x= have 1*12DIGIT; more is no number. */
#define LIMIT_TIME_DIGITS 12u

/* Allowed difference between two clocks, in seconds. */
#define LIMIT_CLOCK_SKEW 300

/* Results and properties in one Authentication-Results field. */
#define LIMIT_AUTHRES_RESULTS    1000u
#define LIMIT_AUTHRES_PROPERTIES 100u

/* A value that we write there, quotes and backslashes included: far from
 * LIMIT_LINE, which no line may pass. */
#define LIMIT_AUTHRES_VALUE 512u

/* Comments nested in comments (counted, not recursed). */
#define LIMIT_COMMENT_DEPTH 100u

/* RFC 1035 2.3.4. A name in text form without the last dot. */
#define LIMIT_DNS_NAME  253u
#define LIMIT_DNS_LABEL 63u

/* CNAMEs followed for one question. */
#define LIMIT_DNS_CHAIN 8u

/* An answer over TCP cannot be larger. */
#define LIMIT_DNS_ANSWER 65535u

/* What we offer by EDNS0 (RFC 6891 6.2.5); avoids fragments. */
#define LIMIT_DNS_UDP 1232u

/* DNS questions of one message that neither RFC 7208 4.6.4 bounds nor the walks
 * of LIMIT_AUTHORS author domains: keys, walks of identifiers, certifiers,
 * explanations. Ten signatures of names of three labels take 40. */
#define LIMIT_DNS_QUESTIONS 60u

/*
 * Memory of the answers of one message, in octets. One that takes no more than
 * LIMIT_DNS_SMALL, which is 80 addresses or some 30 records of SPF or DMARC, is
 * always kept, so that nobody's large ones take the place of another's. All
 * others together take LIMIT_DNS_LARGE; the rest has room for 320 small ones:
 * SPF asks for some 110 at most, the author domains for 90.
 */
#define LIMIT_DNS_OCTETS (16u << 20)
#define LIMIT_DNS_SMALL  (32u << 10)
#define LIMIT_DNS_LARGE  (6u << 20)

/* Octets of the JSON object of one message or query. */
#define LIMIT_JSON (4u << 20)

/* Author domains of one message, each of which costs a walk (RFC 9989 11.5);
 * and addresses of a From field that are looked at for them. */
#define LIMIT_AUTHORS        10u
#define LIMIT_AUTHORS_LISTED 1000u

/* "@" of a From field that has one domain however it is read. */
#define LIMIT_FROM_READ 100u

/* Of From fields that cannot be read: names with an A-label or U-label that are
 * looked at, of each message. The policy that is found there makes a result
 * stricter, never a pass. */
#define LIMIT_FROM_IDNA 1000u

/* Report addresses of a tag, and of a consent, that an explanation shows; more
 * are counted. Each can be a walk that somebody else's record makes us do. */
#define LIMIT_DMARC_ADDRESSES 20u

/* Authenticated identifiers of one message. What is over it counts for nothing,
 * so that it can take a pass away and never give one. */
#define LIMIT_AUTHIDS 1000u

/* What the words of a reason show of another's text, in octets: of a piece, and
 * of a list, which has room for a name of the DNS. What is left out is said. */
#define LIMIT_SHOWN_PIECE 60u
#define LIMIT_SHOWN_LIST  253u

/* Received fields whose hosts are named where none is this host's. */
#define LIMIT_SHOWN_RECEIVED 10u

/* VBR-Info fields judged in one message (RFC 5518 8); the rest is counted. */
#define LIMIT_VBR_INFO 100u

/* Clients that are counted one by one over all messages of a run. */
#define LIMIT_SUMMARY_SOURCES 1000u

/* Questions at once; with those that are waited for while so many others are
 * under way, and those whose answer nobody wants any more; and answers kept
 * between the messages of one run, with the octets that they take: one of
 * 64 KiB takes 2 MiB when it is read, if it wants to. */
#define LIMIT_DNS_WORKERS      32u
#define LIMIT_DNS_THREADS      64u
#define LIMIT_DNS_CACHE        10000u
#define LIMIT_DNS_CACHE_OCTETS (16u << 20)

/* RFC 7208 4.6.4: terms that ask, lookups that find nothing, names of one MX or
 * PTR answer. */
#define LIMIT_SPF_LOOKUPS 10u
#define LIMIT_SPF_VOIDS   2u
#define LIMIT_SPF_NAMES   10u

/* Terms of one record. It is full at 30 or so (RFC 7208 3.4). */
#define LIMIT_SPF_TERMS 1000u

/* check_host() within check_host(), where --lookup-limit allows it. */
#define LIMIT_SPF_DEPTH 100u

/* Macros expanded: a name or an explanation of a few lines has less. */
#define LIMIT_SPF_EXPANSION (16u << 10)

/* RFC 7208 3.4: octets of a record that fits into a UDP packet. */
#define LIMIT_SPF_RECORD 450u

/* Default of --tree-limit: questions of one tree. */
#define LIMIT_SPF_TREE 100u

/* HELO and MAIL FROM in octets. RFC 5321 4.5.3.1.3 says 256; rewritten
 * addresses may have more, a name of the DNS never. */
#define LIMIT_ENVELOPE 1000u

/* Default of --timeout: seconds for all DNS work on one message. */
#define LIMIT_DNS_TIMEOUT 20u

/* A zone, table or list file read whole, in octets. */
#define LIMIT_FILE (64u << 20)

/* A private key's file (8192 bits in PEM have 7 KiB), and a password's. */
#define LIMIT_KEY_FILE (64u << 10)
#define LIMIT_PASSWORD 1024u

#endif
