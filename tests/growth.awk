# growth.awk: an input of a shape and a size, for growth.sh.
#	awk -v shape=SHAPE -v size=N -f growth.awk
# N is of fields, signatures, records, or octets of what is repeated in a field.

# filled TEXT OCTETS: the text again and again, that many octets or a little less
function filled(text, octets,	all) {
	if (octets < length(text))
		return ""
	all = text
	while (length(all) * 2 <= octets)
		all = all all
	return all filled(text, octets - length(all))
}

function repeat(form,	i) {
	for (i = 0; i < size; i++)
		printf form "\n", i
}

function text() {
	print "Subject: growth\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\ntext"
}

function message() {
	print "From: a@example.org\nTo: b@example.net"
	text()
}

function from(value) {
	print "From: " value
	text()
}

# None of them passes: they cost what any costs.
function signature(tags) {
	print "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;" \
		" d=example.org;\n s=r2048; h=from:to; " tags "\n" \
		" bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"
}

function results(list) {
	print "Authentication-Results: mx.test; dkim=pass" list \
		" header.d=example.org"
	message()
}

function zone(form) {
	repeat(form)
	print "example.org. 60 IN TXT \"v=spf1 ip4:192.0.2.1 -all\""
	print "_dmarc.example.org. 60 IN TXT \"v=DMARC1; p=reject\""
}

BEGIN {
	# Fields
	if (shape == "fields")
		repeat("X-%d: a field")
	else if (shape == "named-alike")
		repeat("Received: field %d")
	else if (shape == "received")
		repeat("Received: from a.test (b.test [192.0.2.1])" \
			" by mx.test; Fri, 20 Nov 2026 10:00:00 +0000")
	else if (shape == "results-fields")
		repeat("Authentication-Results: mx.test; dkim=fail" \
			" header.d=d%d.test")
	if (shape ~ /^(fields|named-alike|received|results-fields)$/)
		message()

	# Signatures and tag lists
	else if (shape == "signatures") {
		for (i = 0; i < size; i++)
			signature("")
		message()
	} else if (shape == "tags") {
		signature(filled("x=y; ", size))
		message()
	} else if (shape == "tag") {
		signature("z=" filled("a:b|\n ", size) ";")
		message()
	} else if (shape == "vbr-tags") {
		print "VBR-Info: md=example.org; mc=all; mv=c1.test; " \
			filled("x=y; ", size)
		message()
	}

	# Address lists
	else if (shape == "addresses")
		from(filled("a@example.org, ", size) "b@example.org")
	else if (shape == "comments")
		from(filled("(a) ", size) "b@example.org")
	else if (shape == "quotes")
		from(filled("\"", size) "b@example.org")
	else if (shape == "labels")
		from("b@" filled("a.", size) "example.org")

	# Trusted fields
	else if (shape == "results")
		results(" header.d=example.org" \
			filled("; dkim=pass header.d=example.org", size) \
			"; dkim=pass")
	else if (shape == "folds")
		results(filled("\n ", size))
	else if (shape == "comment")
		results(" (" filled("word ", size) ")")

	# Zones
	else if (shape == "zone")
		zone("d%d.test. 60 IN A 192.0.2.1")
	else if (shape == "zone-below")
		zone("_dmarc.d%d.example.org. 60 IN TXT \"v=DMARC1; p=none\"")
	else if (shape == "zone-hosts")
		zone("example.org. 60 IN MX 10 m%d.example.org.")
	else
		exit 1
}
