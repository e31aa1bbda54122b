#include "vbr.h"

#include "ascii.h"
#include "buf.h"
#include "domain.h"
#include "fold.h"
#include "taglist.h"

const struct result_reason vbr_reasons[] = {VBR_REASONS(RESULT_REASON)};

/* Upper and lower case are the same in the whole field (RFC 5518 4). */
static struct span
lower(struct span s, struct arena *a)
{
	char *copy = arena_cstr(a, s);

	for (size_t i = 0; i < s.len; i++)
		copy[i] = ascii_lower(copy[i]);
	return (struct span){copy, s.len};
}

static bool
parse_certifiers(struct span list, struct arena *a, struct vbr_info *info)
{
	struct span item;

	while (taglist_item(&list, ':', &item)) {
		struct span host = domain_normal(item, a);

		if (!host.p)
			return false;
		info->certifier =
		    ARENA_PUSH(a, info->certifier, info->certifiers);
		info->certifier[info->certifiers++] = host;
	}
	return info->certifiers > 0;
}

bool
vbr_info_parse(struct span body, struct arena *a, struct vbr_info *info)
{
	struct taglist list;

	*info = (struct vbr_info){.domain = SPAN_NONE};
	if (taglist_parse(lower(body, a), a, &list) != TAGLIST_OK)
		return false;
	info->domain = domain_normal(taglist_value(&list, "md"), a);
	info->type = taglist_value(&list, "mc");
	return info->domain.p && vbr_is_type(info->type) &&
	    parse_certifiers(taglist_value(&list, "mv"), a, info);
}

struct span
vbr_info_compose(const struct vbr_info *info, const char *eol, struct arena *a)
{
	struct fold f = fold_begin(SPAN("VBR-Info"), eol, a);

	fold_word(&f, SPAN("md="));
	fold_text(&f, info->domain);
	fold_text(&f, SPAN(";"));
	fold_word(&f, SPAN("mc="));
	fold_text(&f, info->type);
	fold_text(&f, SPAN(";"));
	fold_word(&f, SPAN("mv="));
	/* RFC 5518 4: no white space within the list, so it is never folded. */
	for (size_t i = 0; i < info->certifiers; i++) {
		if (i)
			fold_text(&f, SPAN(":"));
		fold_text(&f, info->certifier[i]);
	}
	fold_text(&f, SPAN(";"));
	return fold_end(&f);
}

bool
vbr_is_type(struct span type)
{
	for (size_t i = 0; i < type.len; i++)
		if (type.p[i] < 'a' || type.p[i] > 'z')
			return false;
	return type.len > 0;
}

bool
vbr_is_defined_type(struct span type)
{
	return span_eq(type, SPAN("all")) || span_eq(type, SPAN("list")) ||
	    span_eq(type, SPAN("transaction"));
}

struct span
vbr_name(struct span domain, struct span certifier, struct arena *a)
{
	return arena_printf(a, SPAN_FMT "._vouch." SPAN_FMT, SPAN_ARG(domain),
	    SPAN_ARG(certifier));
}

/* Lower-case words separated by spaces (RFC 5518 5)? */
static bool
is_record(struct span record)
{
	for (size_t i = 0; i < record.len; i++)
		if (record.p[i] != ' ' &&
		    (record.p[i] < 'a' || record.p[i] > 'z'))
			return false;
	return span_trim(record).len > 0;
}

static bool
vouches(struct span record, struct span type)
{
	while (record.p) {
		struct span word = span_cut(&record, ' ');

		if (span_eq(word, SPAN("all")) || span_eq(word, type))
			return true;
	}
	return false;
}

/* RFC 5518 5: what is no list of types is discarded; one must be left. */
static enum vbr_reason
judge(const struct dns_answer *answer, struct span type)
{
	struct span record = SPAN_NONE;
	size_t n = 0;

	for (size_t i = 0; i < answer->records; i++)
		if (is_record(answer->record[i].data)) {
			record = answer->record[i].data;
			n++;
		}
	if (n != 1)
		return n ? VBR_SEVERAL : VBR_BAD_RECORD;
	return vouches(record, type) ? VBR_OK : VBR_NOT_TYPE;
}

enum vbr_reason
vbr_query(struct dns *dns, struct span domain, struct span certifier,
    struct span type, struct arena *a)
{
	const struct dns_answer *answer =
	    dns_query(dns, vbr_name(domain, certifier, a), DNS_TXT);

	if (dns_failed(answer->status))
		return (enum vbr_reason)(
		    VBR_DNS_TIMEOUT + (answer->status - DNS_TIMEOUT));
	if (answer->status != DNS_DATA)
		return VBR_NOT_LISTED;
	return judge(answer, type);
}
