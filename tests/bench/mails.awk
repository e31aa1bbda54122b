# mails.awk: files for tests/bench/report.sh, of the reports of report.awk.
#	awk -v count=N -f mails.awk packed...
# packed: base64 of a report in gzip, in lines. Writes count mails, mail-1 and
# so on, each with one of them in turn.
{
	packed[FILENAME] = packed[FILENAME] $0 "\n"
}
function write_mail(file, i, text) {
	print "Received: from mail.example.net (mail.example.net " >file
	print "\t[192.0.2.1]) by mx.example.org with ESMTPS id " i ";" >file
	print "\tSun, 01 Nov 2026 00:00:00 +0000" >file
	print "From: dmarc@example.net\nTo: dmarc@example.org" >file
	print "Subject: Report Domain: example.org Submitter: example.net" >file
	print " Report-ID: " i "\nMessage-ID: <" i "@example.net>" >file
	print "Date: Sun, 01 Nov 2026 00:00:00 +0000" >file
	print "MIME-Version: 1.0\nContent-Type: multipart/mixed;" >file
	print " boundary=\"=_" i "\"\n\n--=_" i >file
	print "Content-Type: text/plain\n\nAn aggregate report.\n" >file
	print "--=_" i "\nContent-Type: application/gzip" >file
	print "Content-Disposition: attachment; filename=\"example.net!" >file
	print "\texample.org!1793491200!1793577599.xml.gz\"" >file
	print "Content-Transfer-Encoding: base64\n" >file
	printf "%s", text >file
	print "--=_" i "--" >file
	close(file)
}
END {
	for (i = 1; i <= count; i++)
		write_mail("mail-" i, i, packed[ARGV[(i - 1) % (ARGC - 1) + 1]])
}
