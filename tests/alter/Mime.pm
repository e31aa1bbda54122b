# Mime: alterations of the MIME structure and encodings of a body.
# SPDX-License-Identifier: ISC
package Mime;
use strict;
use warnings;
use Message;

my @multi = qw(alternative mixed nested);
my $disclaimer = 'This e-mail is confidential. Please delete it if you are not meant.';

# The MIME fields of a message, without its name for them, or with others.
sub mime_fields { my ($m) = @_; return join '', grep { /^content-/i } @{$m->{fields}} }

sub set_mime { # the fields of MIME become others
	my ($m, $head) = @_;
	my %new = map { (name($_), $_) } $head =~ /([^ \t][^\n]*\n(?:[ \t][^\n]*\n)*)/g;
	for my $i (reverse 0 .. $#{$m->{fields}}) {
		my $n = name($m->{fields}[$i]);
		next if $n !~ /^content-/;
		if ($new{$n}) { $m->{fields}[$i] = delete $new{$n} }
		else { splice @{$m->{fields}}, $i, 1 }
	}
	push @{$m->{fields}}, sort values %new;
	push @{$m->{fields}}, "MIME-Version: 1.0\r\n" if !defined find($m, 'MIME-Version');
}

sub boundary { return '===============' . int(rand 1e15) . '==' }

sub wrapped { # in a multipart, with a part after it, or before
	my ($m) = @_;
	my ($b, $head) = (boundary(), mime_fields($m));
	my $footer = "--$b\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\nMIME-Version: 1.0\r\n" .
		"Content-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\n" .
		"_______________________________________________\r\ndev mailing list\r\n";
	my $body = $m->{body};
	$head = "Content-Type: text/plain; charset=\"us-ascii\"\r\n" if $head eq '';
	my $part = "--$b\r\n$head\r\n$body";
	$part .= "\r\n" if $body !~ /\r\n\z/ || chance(0.5);
	$m->{body} = ($head =~ /multipart/ && chance(0.5) ? "This is a multi-part message in MIME format.\r\n" : '') .
		(chance(0.7) ? "$part$footer" : "$footer\r\n$part") . "\r\n--$b--\r\n";
	set_mime($m, "Content-Type: multipart/mixed; boundary=\"$b\"\r\n");
	return 1;
}

sub attached { # a report, and the message as received
	my ($m) = @_;
	my $b = '----------=_' . boundary();
	my $all = octets($m);
	$m->{body} = "This is a multi-part message in MIME format.\r\n\r\n--$b\r\nContent-Type: text/plain\r\n\r\n" .
		"Spam detection software has identified this.\r\n\r\n--$b\r\nContent-Type: message/rfc822; x-spam-type=original\r\n" .
		"Content-Disposition: inline\r\n\r\n$all\r\n--$b--\r\n";
	set_mime($m, "Content-Type: multipart/mixed; boundary=\"$b\"\r\n");
	return 1;
}

sub encoding { return lc(($_[0] =~ /^content-transfer-encoding:\s*([^\s;]+)/mi)[0] || '7bit') }
sub decoded { my ($e, $s) = @_; return $e eq 'base64' ? MIME::Base64::decode_base64($s) : $e eq 'quoted-printable' ? unqp($s) : $s }

# Encodes leaves of text again: from encodings that match to one.
sub recode {
	my ($m, $from, $to, $how, $only) = @_;
	my $done = 0;
	for my $p (reverse parts($m)) {
		my $e = encoding($p->{head});
		next if $e !~ $from || type_of($p->{head}) !~ m{^text/}i;
		my $content = substr $m->{body}, $p->{from}, $p->{to} - $p->{from};
		my $text = decoded($e, $content);
		my $new = $how->($text, $e);

		my $value = $to eq 'plain' ? ($text =~ /[\x80-\xff]/ ? '8bit' : '7bit') : $to;
		my $head = $p->{head} =~ s/^(content-transfer-encoding:\s*)\S+/$1$value/mir;
		next if $new eq $content && $head eq $p->{head};
		if (defined $p->{header}) { part_header($m, $p, $head, $new) }
		else { $m->{body} = $new; put($m, 'Content-Transfer-Encoding', $value) }
		$done++;
	}
	return $done;
}

# Adds words to leaves of text, those of a type or all.
sub say_in {
	my ($m, $at_start, $type, $most) = @_;
	my $done = 0;
	for my $p (reverse parts($m)) {
		my $t = type_of($p->{head});
		next if $t !~ $type || $done >= $most || !defined $p->{header};
		my $e = encoding($p->{head});
		my $text = decoded($e, substr $m->{body}, $p->{from}, $p->{to} - $p->{from});
		if ($t =~ /html/i) {
			$at_start ? $text =~ s{(<body[^>]*>)}{$1<div>$disclaimer</div>}i
				: $text =~ s{(</body>)}{<div>$disclaimer</div>$1}i or next;
		} elsif ($at_start) { $text = "$disclaimer\r\n\r\n$text" }
		else { $text .= ($text =~ /\n\z/ ? '' : "\r\n") . "\r\n$disclaimer\r\n" }
		$text = qp($text) if $e eq 'quoted-printable';
		$text = b64($text, 76) =~ s/\r\n\z//r if $e eq 'base64';
		part_header($m, $p, undef, $text);
		$done++;
	}
	return $done;
}

# Changes the headers of parts.
sub part_fields {
	my ($m, $do) = @_;
	my $done = 0;
	for my $p (reverse parts($m)) {
		next if !defined $p->{header};
		local $_ = $p->{head};
		$do->();
		next if $_ eq $p->{head};
		part_header($m, $p, $_);
		$done++;
	}
	return $done;
}

sub boundary_of { my ($m) = @_; return param(mime_fields($m), 'boundary') }

my @mixed = qw(mixed nested);
our %alter = (
'body-wrapper' => {do => \&wrapped, ids => [qw(header-mime type-parameter-lost)], also => 1},
'body-part-added' => {shapes => \@mixed, do => sub { my ($m) = @_; my $b = boundary_of($m);
	my $part = "--$b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n$disclaimer\r\n";
	$m->{body} =~ s/\r\n\K(?=--\Q$b\E--)/$part/ }, ids => ['body-block', 'body-footer']},
'body-attached' => {do => \&attached, ids => [qw(body-wrapper header-mime)], also => 1},
'body-disclaimer' => {shapes => ['alternative', 'nested'], do => sub { say_in($_[0], 0, qr/^text/, 9) == 2 }},
'body-banner' => {shapes => ['alternative', 'nested'], do => sub { say_in($_[0], 1, qr/^text/, 9) == 2 }},
'body-text-added' => {shapes => \@multi, do => sub { say_in($_[0], chance(0.3), qr/^text/, 1) }, ids => [qw(body-block)]},
'body-quoted-printable' => {shapes => ['plain', 'eight', 'flowed', @multi], need => {encoding => '7bit'}, moved => 1,
	do => sub { recode($_[0], qr/^[78]bit/, 'quoted-printable', sub { qp($_[0]) }) }, ids => ['transfer-encoding']},
'body-base64' => {shapes => ['plain', 'eight', 'latin'], moved => 1, do => sub { recode($_[0], qr/^[78]bit/, 'base64', sub { b64($_[0], pick(72, 76)) }) }, ids => ['transfer-encoding']},
'body-quoted-printable-decoded' => {shapes => ['qp', @multi], moved => 1, need => {encoding => 'quoted-printable'},
	do => sub { recode($_[0], qr/^quoted/, 'plain', sub { $_[0] }) }, ids => ['transfer-encoding']},
'body-base64-decoded' => {shapes => ['base64'], moved => 1, do => sub { recode($_[0], qr/^base64/, 'plain', sub { $_[0] }) }, ids => ['transfer-encoding']},
'body-base64-lines' => {shapes => ['base64'], do => sub { my $n = pick(72, 60, 64); recode($_[0], qr/^base64/, 'base64', sub { b64($_[0], $n) }) }},
'body-quoted-printable-to-base64' => {shapes => ['qp'], moved => 1, do => sub { recode($_[0], qr/^quoted/, 'base64', sub { b64($_[0], 76) }) }, ids => ['transfer-encoding']},
'body-quoted-printable-lines' => {shapes => ['qp'], do => sub { my $n = pick(72, 70, 78); recode($_[0], qr/^quoted/, 'quoted-printable', sub { qp($_[0], $n) }) }},
'body-quoted-printable-case' => {shapes => ['qp'], do => sub { $_[0]{body} =~ s/=([0-9A-F]{2})/'=' . lc $1/ge }},
'body-preamble' => {shapes => \@multi, do => sub { my ($m) = @_; $m->{body} =~ s/\AThis is a multi-part.*?\r\n//
	or $m->{body} = pick("This is a multi-part message in MIME format.\r\n", "\r\nThis is a MIME-encapsulated message.\r\n") . $m->{body} },
	ids => [qw(body-prefix body-blank-start-added)]},
'body-part-fields' => {shapes => \@multi, need => {encoding => '7bit'}, do => sub { my $how = int rand($_[0]{body} =~ /Content-Disposition/ ? 2 : 3);
	part_fields($_[0], sub { $how == 0 ? s/^Content-Transfer-Encoding: 7bit\r\n//m : $how == 1 ? s/\A/MIME-Version: 1.0\r\n/
		: s/\A(Content-Type:[^\r]*\r\n)(Content-Tr[^\r]*\r\n)/$2$1/ }) }, ids => ['body-block']},
'body-part-charset' => {shapes => \@multi, do => sub { my $how = int rand 2; part_fields($_[0], sub { $how ? s/us-ascii/utf-8/ : s/; charset="?(?:us-ascii|utf-8)"?// }) },
	ids => ['body-part-spelling']},
'body-part-spelling' => {shapes => \@multi, do => sub { my $how = int rand 4; part_fields($_[0], sub { $how == 0 ? s/charset=([\w-]+)/charset="$1"/ : $how == 3 ? s/charset="([\w-]+)"/charset=$1/
	: $how == 1 ? s/; (charset|name)=/;\r\n\t$1=/ : s/utf-8/UTF-8/ || s/us-ascii/US-ASCII/ }) }, ids => ['body-part-charset']},
'body-delimiters' => {shapes => \@multi, do => sub { my ($m) = @_; my $b = boundary_of($m); my $n = 0;
	if (chance(0.5)) { $n = $m->{body} =~ s/\r\n(?=--\Q$b\E)/\r\n\r\n/g }
	else { $n = $m->{body} =~ s/\r\n\K\r\n(?=--\Q$b\E)//g }
	$n }, ids => [qw(body-blank-added body-blank-lost body-blank-collapsed)]},
'body-base64-to-quoted-printable' => {shapes => ['base64'], moved => 1, do => sub { recode($_[0], qr/^base64/, 'quoted-printable', sub { qp($_[0]) }) }, ids => ['transfer-encoding']},
);

1;
