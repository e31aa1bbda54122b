# mail.awk: messages as a chain leaves them, for the part dmarc.
#	awk -v count=N -v domains=N -v signed=N -f mail.awk
# In the directory: maildir/new with count messages, each with a VBR-Info and
# results of SPF and DKIM, of which one, both or none is aligned; their author
# domains are those with a record or below; messages and domains, the lists of
# peers; and a zone: of SPF and DKIM for the first ones, signed so many.
function write_message(file, domain, author, field) {
	print "Return-Path: <a@bounce." domain ">" >file
	print "Authentication-Results: mx.test;\n " field >file
	print "Received: from mail." domain " (mail." domain >file
	print "\t[192.0.2.1]) by mx.test (Postfix) with ESMTP id 1;" >file
	print "\tFri, 20 Nov 2026 10:00:00 +0000 (UTC)" >file
	print "VBR-Info: md=" domain "; mc=list; mv=c1.test:c2.test" >file
	print "From: Name <a@" author ">\nTo: b@mx.test" >file
	print "Date: Fri, 20 Nov 2026 10:00:00 +0000" >file
	print "Subject: bench\nMessage-ID: <1@" domain ">\n" >file
	printf "%s", text >file
	close(file)
}

function write_record(name, type, data) {
	if (type == "TXT")
		data = "\"" data "\""
	print name ". 60 IN " type " " data >"zone"
}

BEGIN {
	split("pass fail pass pass fail", spf)
	split("pass pass none fail fail", dkim)
	text = "It is the text of a message, and a line of it is so long.\n"
	while (length(text) < 2000)
		text = text text
	for (i = 0; i < count; i++) {
		domain = "d" i % domains ".test"
		author = (i % 3 ? "news." : "") domain
		signer = i % 7 ? domain : "lists.test"
		k = i % 5 + 1
		results = "spf=" spf[k] ":bounce." domain
		field = "spf=" spf[k] " smtp.mailfrom=a@bounce." domain
		if (dkim[k] != "none") {
			results = results ",dkim=" dkim[k] ":" signer
			field = field ";\n dkim=" dkim[k] " header.d=" signer
		}
		file = sprintf("maildir/new/%04d", i)
		write_message(file, domain, author, field)
		print file "\tFrom: a@" author "\t" results >"messages"
		print file "\t" author "\t" results >"domains"
	}
	for (i = 0; i < domains; i++) {
		domain = "d" i ".test"
		write_record("_dmarc." domain, "TXT", \
			"v=DMARC1; p=reject; sp=quarantine")
		write_record(domain, "A", "192.0.2.1")
		write_record("news." domain, "A", "192.0.2.1")
		write_record(domain "._vouch.c2.test", "TXT", "list")
	}
	for (i = 0; i < signed; i++) {
		domain = "d" i ".test"
		write_record("bounce." domain, "TXT", \
			"v=spf1 mx include:spf." domain " -all")
		write_record("bounce." domain, "MX", "10 mail." domain ".")
		write_record("mail." domain, "A", "192.0.2.2")
		write_record("spf." domain, "TXT", \
			"v=spf1 ip4:192.0.2.0/28 -all")
	}
}
