#include "dns/json.h"

#include "base/buf.h"
#include "base/utf8.h"

json_t *
json_text(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	if (!s.p)
		return json_null();
	if (utf8_valid(s) && span_find(s, 0x7f) == s.len &&
	    span_find(s, '\0') == s.len)
		return json_stringn(s.p, s.len);
	buf_escaped(&b, s);
	return json_stringn(b.p, b.len);
}

json_t *
json_answer(const struct dns_answer *answer, struct arena *a)
{
	json_t *object = json_object(), *records = json_array();

	for (size_t i = 0; i < answer->records; i++)
		json_array_append_new(records,
		    json_text(dns_record_text(&answer->record[i], a), a));
	json_object_set_new(object, "name", json_text(answer->name, a));
	json_object_set_new(
	    object, "type", json_string(dns_type_name(answer->type, a)));
	json_object_set_new(
	    object, "status", json_string(dns_status_words(answer->status)));
	json_object_set_new(object, "records", records);
	return object;
}
