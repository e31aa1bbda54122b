/* spf_flatten: an SPF record rewritten without its includes. */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_FLATTEN_H
#define SPF_FLATTEN_H

#include "dns/dns.h"
#include "spf/spf.h"

/*
 * Makes an equivalent record of addresses alone, in master-file form, split
 * into records _spfN below the domain where it is over LIMIT_SPF_RECORD; the
 * lines can be read by --zone. Each N is the next for which no term of the
 * records has the name, and the DNS has none: not in any type, nor below it, so
 * that the record that is in use now goes on meaning the same. What cannot be expressed as addresses stays:
 * exists, ptr and terms with macros other than %{d}; includes of records that
 * have such terms; a redirect= to a record where such a term, or exp=, depends
 * on its domain. The exp= of the last record that redirect= leads to is kept,
 * unless that redirect= stays; other modifiers are dropped.
 *
 * The domain is in normal form; record, unless absent, is used instead of its
 * own. Returns SPF_PASS, or the reason why there is no such record, with
 * *detail: what is invalid in any record that the domain's record leads to;
 * SPF_LOOKUP_LIMIT if reading these takes over LIMIT_SPF_TREE queries, if the new
 * records need over LIMIT_SPF_LOOKUPS lookups, or if there is no name for them.
 */
enum spf_reason
spf_flatten(struct span domain, struct span record, struct dns *dns,
    struct arena *a, struct span **lines, size_t *nlines, struct span *detail);

#endif
