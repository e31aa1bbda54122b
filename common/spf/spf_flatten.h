/* spf_flatten: the SPF record of a domain without its includes. */
#ifndef SPF_FLATTEN_H
#define SPF_FLATTEN_H

#include "dns/dns.h"
#include "spf/spf.h"

/*
 * An equivalent record from addresses alone, in master-file form, split into
 * records _spfN below the domain where it is over LIMIT_SPF_RECORD: lines that
 * --zone can read. What cannot become addresses stays: exists, ptr and terms
 * with macros other than %{d}; includes of records that have such terms; a
 * redirect= to a record where such a term, or exp=, depends on its domain. The
 * exp= of the last record that redirect= leads to is kept, unless that one
 * stays; other modifiers are not.
 *
 * The domain is in normal form; record is instead of its own one, or absent.
 * SPF_PASS, or why there is none, with *detail: what is wrong in any record
 * that it leads to; SPF_LOOKUP_LIMIT if that takes over LIMIT_SPF_TREE
 * questions, or if the new records need over LIMIT_SPF_LOOKUPS lookups.
 */
enum spf_reason
spf_flatten(struct span domain, struct span record, struct dns *dns,
    struct arena *a, struct span **lines, size_t *nlines, struct span *detail);

#endif
