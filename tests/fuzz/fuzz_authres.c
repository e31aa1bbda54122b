/* Authentication-Results: parsed, compared, stripped; no crash, no hang. */
#include "authres.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct sink_buf out = sink_to_buf(a);
	const struct authres_removal what = {
	    SPAN("mx.example.org"), "dkim", true, SPAN("X-Score")};
	struct sink *strip = authres_strip_new(&out.sink, &what, "\n");
	struct span s = fuzz_span(data, size);
	struct authres ar;

	authres_parse(s, a, &ar);
	authres_is_ours(s, &what, a);
	sink_put(strip, s);
	sink_end(strip);
	authres_strip_free(strip);
	arena_free(a);
	return 0;
}
