# Fields: alterations of header fields, as software makes them.
# SPDX-License-Identifier: ISC
package Fields;
use strict;
use warnings;
use MIME::Base64 'encode_base64';
use Message;

my @people = qw(From To Cc Reply-To);
my $tag = sub { pick('[dev] ', '[EXTERNAL] ', '***SPAM*** ', '[list 12] ', 'CAUTION: ', '{Spam?} ') };

sub value { my ($m, $name) = @_; my $v = get($m, $name); $v =~ s/\r\n//g if defined $v; return $v }
sub raw { my ($m, $name) = @_; my $i = find($m, $name); return defined $i ? $m->{fields}[$i] : undef }
sub set_raw { my ($m, $name, $new) = @_; my $i = find($m, $name); return if !defined $i || $m->{fields}[$i] eq $new; $m->{fields}[$i] = $new; return 1 }
sub change { # edits the value in $_
	my ($m, $name, $do) = @_;
	local $_ = get($m, $name);
	return if !defined;
	my $was = $_;
	$do->();
	return $_ ne $was && put($m, $name, $_);
}
sub refold { my ($m, $name, $column, $with) = @_; my $v = value($m, $name); return defined $v && put($m, $name, fold(raw($m, $name) =~ /^([^:]*)/, $v, $column, $with)) }
sub q_word { my ($s) = @_; return '=?utf-8?q?' . ($s =~ s/([^A-Za-z0-9 !*+\/-])/sprintf '=%02X', ord $1/ger =~ s/ /_/gr) . '?=' }
sub b_word { return '=?UTF-8?B?' . encode_base64($_[0], '') . '?=' }
sub unword { my ($s) = @_; $s =~ s/\?=\s+=\?/?==?/g;
	$s =~ s/=\?utf-8\?q\?(.*?)\?=/my $t = $1; $t =~ tr|_| |; $t =~ s{=(..)}{chr hex $1}ger/gie; return $s }
sub each_address { # edits each in $_
	my ($m, $name, $do) = @_;
	return change($m, $name, sub { $_ = join ',', map { my ($b, $s) = /^(\s*)(.*)$/s; local $_ = $s; $do->(); "$b$_" } split /,(?=[^"]*(?:"[^"]*"[^"]*)*$)/ });
}
sub signature { my ($m, $do) = @_; my $i = find($m, 'dkim-signature'); local $_ = $m->{fields}[$i]; $do->(); return if $_ eq $m->{fields}[$i]; $m->{fields}[$i] = $_; 1 }
# What most relays do to one field, they do to all: edits each in $_, but not the
# signature; or, half of the time, one.
sub some_fields {
	my ($m, $name, $do) = @_;
	my $all = chance(0.5);
	my $n = 0;
	for my $f (@{$m->{fields}}) {
		next if $f =~ /^dkim-signature/i || !$all && name($f) ne lc $name;
		local $_ = $f;
		$do->();
		$n++ if $_ ne $f;
		$f = $_;
	}
	return $n;
}
sub refold_some { my ($m, $name, $column, $with) = @_; return some_fields($m, $name, sub {
	my ($n, $v) = /^([^:]*):[ \t]*(.*?)\r\n\z/s; $v =~ s/\r\n//g; $_ = "$n: " . fold($n, $v, $column, $with) . "\r\n" if $v ne '' }) }
sub new_mime { my ($m) = @_; return !grep { /^content-type:\s*text/i } @{$m->{fields}} }

my @text = qw(plain eight latin flowed qp base64);
my %list = ('List-Id' => '<dev.lists.example.net>', 'List-Post' => '<mailto:dev@lists.example.net>',
	'List-Help' => '<mailto:dev-request@lists.example.net?subject=help>', Precedence => 'list',
	Sender => 'dev-bounces@lists.example.net');

our %alter = (
'subject-tag' => {do => sub { my ($m) = @_; my $t = $tag->(); chance(0.7) ? change($m, 'Subject', sub { $_ = "$t$_" }) : change($m, 'Subject', sub { s/^(Re: )?/($1 || '') . $t/e }) },
	ids => [qw(subject-tag-moved)]},
'from-rewritten' => {do => sub { my ($m) = @_; my $was = value($m, 'From'); my ($n, $a) = address($was); $n =~ s/^"|"$//g;
	my $how = int rand 3;
	if ($how == 0) { put($m, 'From', '"' . ($n || $a) . ' via Dev" <dev@lists.example.net>'); add($m, 'X-Original-From', $was) }
	elsif ($how == 1) { put($m, 'From', ($n ? "\"$n via groups\"" : 'groups') . ' <' . ($a =~ s/@/=/r) . '@groups.example.com>'); add($m, 'X-Original-From', $was) }
	else { put($m, 'From', '"' . ($n || $a) . ' via Dev" <dev@lists.example.net>'); add($m, 'X-Google-Original-From', $was); add($m, 'List-Id', $list{'List-Id'}) } }},
'from-replied' => {need => {noreply => 1}, over => 'Reply-To', do => sub { my ($m) = @_; return if defined find($m, 'Reply-To'); my $was = value($m, 'From'); my ($n, $a) = address($was); $n =~ s/^"|"$//g;
	put($m, 'From', '"' . ($n || $a) . ' via Dev" <dev@lists.example.net>'); add($m, 'Reply-To', $was) },
	ids => [qw(from-rewritten header-added header-list-added)], also => 1},
'header-kept' => {do => sub { my ($m) = @_; my $f = pick('Subject', 'Message-ID'); my $was = value($m, $f);
	add($m, pick('X-Original-', 'X-Google-Original-') . $f, $was); put($m, $f, $f eq 'Subject' ? 'Neu: ' . int rand 1e6 : '<' . int(rand 1e9) . '@relay.example.net>') }},
'from-invalid' => {do => sub { my $by = pick('.invalid', '.dmarc.invalid'); change($_[0], 'From', sub { s/(>?)$/$by$1/ }) }, ids => ['from-rewritten']},
'header-unfolded' => {header => 'simple', need => {unfolded => 1, many => 1, subject => 'long'}, do => sub { my $c = pick(76, 78, 72); refold_some($_[0], 'Subject', $c, pick('', "\t")) },
	ids => [qw(header-folded header-fold-blanks)]},
'header-folded' => {header => 'simple', need => {folded => 1, many => 1, subject => 'long'}, do => sub { my $c = pick(900, 76, 78, 72); refold_some($_[0], 'Subject', $c) },
	ids => [qw(header-unfolded header-fold-blanks header-fold-items)]},
'header-fold-items' => {header => 'simple', need => {recipients => 3}, do => sub { change($_[0], 'To', sub { s/,\s*/,\r\n\t/g }) },
	ids => [qw(header-folded header-unfolded header-fold-blanks header-commas)]},
'header-fold-blanks' => {header => 'simple', need => {many => 1, subject => 'long'}, do => sub { some_fields($_[0], 'Subject', sub { s/\r\n /\r\n\t/g }) }, ids => ['header-folded']},
'header-fold-inside' => {need => {subject => 'word'}, do => sub { change($_[0], 'Subject', sub { s/^(.{980})/$1\r\n / }) }},
'header-blanks' => {header => 'simple', do => sub { my ($m) = @_; chance(0.5) ? change($m, 'Subject', sub { $_ .= ' ' }) : change($m, 'Subject', sub { s/(\w) (\w)/$1  $2/ }) },
	ids => [qw(header-colon header-folded header-unfolded)]},
'header-joined' => {header => 'simple', need => {folded => 1, many => 1, subject => 'long'}, do => sub { some_fields($_[0], 'Subject', sub { s/\r\n(?=[ \t])/ /g }) }, ids => ['header-blanks']},
'header-colon' => {header => 'simple', need => {tight => 1}, do => sub { my $by = pick(' ', "\t"); some_fields($_[0], 'Subject', sub { s/^([^:]*:) ?(?=\S)/$1$by/ }) },
	ids => ['header-blanks']},
'header-commas' => {need => {to => 'Bob Roe <bob@example.net>, carol@example.com'}, do => sub { change($_[0], 'To', sub { s/,\s+/,/g }) }, ids => ['header-folded']},
'header-name-case' => {header => 'simple', do => sub { my ($f, $to) = pick(['Message-ID', sub { join '-', map { ucfirst lc } split /-/, $_[0] }], ['Subject', sub { uc $_[0] }], ['MIME-Version', sub { lc $_[0] }])->@*;
	some_fields($_[0], $f, sub { s/^([^:]*)/$to->($1)/e }) }},
'subject-tag-moved' => {need => {subject => 'tagged'}, do => sub { change($_[0], 'Subject', sub { s/^(\[dev\] )(Re: )/$2$1/ }) }},
'subject-suffix' => {do => sub { my $by = pick(' [SPAM]', ' (fwd)', ' {External}'); change($_[0], 'Subject', sub { $_ .= $by }) }},
'subject-reply' => {need => {subject => 'reply', thread => 1}, do => sub { my $by = pick('RE: ', 'AW: ', '', 'Re: Re: '); change($_[0], 'Subject', sub { s/^Re: /$by/ }) }, ids => ['subject-tag']},
'subject-empty' => {need => {subject => 'empty'}, do => sub { my ($m) = @_; set_raw($m, 'Subject', 'Subject: ' . pick('(no subject)', '[dev] ') . "\r\n") }, ids => ['subject-tag']},
'header-words-decoded' => {need => {subject => 'eight'}, do => sub { my ($m) = @_; my $e = pick(\&q_word, \&b_word); change($m, 'Subject', sub { $_ = $e->($_) }) }, ids => [qw(header-words-encoded)]},
'header-words-encoded' => {need => {subject => 'encoded'}, do => sub { change($_[0], 'Subject', sub { $_ = b_word(unword($_)) }) }, ids => ['header-words-whole', 'header-words-decoded']},
'header-words-whole' => {need => {subject => 'partly'}, do => sub { my $e = pick(\&q_word, \&b_word); change($_[0], 'Subject', sub { $_ = $e->(unword($_)) }) }, ids => ['header-words-encoded']},
'header-octets' => {need => {subject => 'latin'}, do => sub { change($_[0], 'Subject', sub { s/([\x80-\xff])/chr(0xc0 | ord($1) >> 6) . chr(0x80 | ord($1) & 63)/ge }) }},
'header-masked' => {need => {subject => 'letters'}, do => sub { my $by = pick('X', '?'); my $letters = chance(0.5) ? qr/[\xc0-\xff][\x80-\xbf]|[\x80-\xff]/ : qr/[\x80-\xff]/;
	change($_[0], 'Subject', sub { s/$letters/$by/g }) }, ids => ['header-octets']},
'address-quotes' => {need => {named => 1, many => 1}, do => sub { my $n = 0; for my $f (chance(0.5) ? 'To' : @people) { $n++ if each_address($_[0], $f, sub { s/^([^"<=]+?)(\s+)</"$1"$2</s }) } $n }},
'address-form' => {need => {named => 1, recipients => 2}, do => sub { my $how = int rand 2; each_address($_[0], 'To', sub { my ($n, $a) = address($_); $_ = $how ? "$a ($n)" : $a if $n ne '' && $how }) }},
'address-case' => {need => {to => 'Bob.Roe@example.net, Carol <Carol@example.com>'}, do => sub { each_address($_[0], 'To', sub { s/(\S+@\S+)/lc $1/e }) }},
'address-added' => {do => sub { my $new = pick('dev@lists.example.net', 'Dev <dev@lists.example.net>'); change($_[0], 'To', sub { $_ .= ", $new" }) }},
'address-group' => {need => {to => 'undisclosed-recipients:;'}, do => sub { my $by = pick('Undisclosed recipients:;', 'undisclosed-recipients: ;'); put($_[0], 'To', $by) }, ids => ['header-commas', 'header-blanks']},
'address-recipients' => {need => {to => 'bob@example.net'}, do => sub { my ($m) = @_; add($m, 'Delivered-To', 'bob@example.net'); put($m, 'To', 'bob+new@relay.example.net') }},
'address-replaced' => {need => {replyto => 'jane@example.org', author => 'Jane Doe <jane@example.org>'}, do => sub { put($_[0], 'Reply-To', 'dev@lists.example.net') }},
'date-form' => {need => {date => pick('Fri, 20 Nov 2026 11:00:00 +0000', 'Fri, 06 Nov 2026 11:00:00 +0000')}, do => sub { my $how = int rand 3; change($_[0], 'Date', sub {
	$how == 0 ? s/$/ (UTC)/ : $how == 1 ? s/\+0000/GMT/ : s/, 0(\d )/, $1/ || s/^Fri, // }) }},
'date-zone' => {need => {date => 'Fri, 20 Nov 2026 11:00:00 +0100'}, do => sub { put($_[0], 'Date', 'Fri, 20 Nov 2026 10:00:00 +0000') }},
'id-brackets' => {need => {bare => 1}, do => sub { change($_[0], 'Message-ID', sub { $_ = "<$_>" }) }},
'id-list' => {need => {thread => 1}, do => sub { my $how = int rand 2; change($_[0], 'References', sub { $how ? s/ <\S+>$// : s/> </>, </g }) }, ids => ['header-commas', 'header-blanks']},
'type-form' => {shapes => \@text, do => sub { my $how = int rand 2; change($_[0], 'Content-Type', sub { $how ? s/; +/;/g : s/charset="([^"]*)"/charset=$1/ || s/charset=([^";]+)/charset="$1"/ }) },
	ids => [qw(header-commas type-charset)]},
'type-order' => {shapes => ['flowed'], do => sub { change($_[0], 'Content-Type', sub { s/; (charset=[^;]*); (format=flowed)/; $2; $1/ }) }},
'type-case' => {shapes => \@text, do => sub { my $how = int rand 2; change($_[0], 'Content-Type', sub { $how ? s{^text/plain}{TEXT/PLAIN} : s{(charset="?)([^";]+)}{$1 . uc $2}e }) }, ids => ['type-charset']},
'type-parameter-added' => {shapes => \@text, do => sub { my $by = pick('; format=flowed', '; delsp=yes', '; x-mac-type="0"'); change($_[0], 'Content-Type', sub { $_ .= $by if !/format/ }) }},
'type-parameter-lost' => {shapes => ['flowed', 'eight'], do => sub { change($_[0], 'Content-Type', sub { s/; format=flowed// || s/; charset="?utf-8"?// }) }},
'type-charset' => {shapes => ['plain', 'latin'], do => sub { change($_[0], 'Content-Type', sub { s/us-ascii/utf-8/ || s/iso-8859-1/utf-8/ }) }},
'transfer-encoding' => {shapes => ['plain', 'eight', 'flowed'], do => sub { change($_[0], 'Content-Transfer-Encoding', sub { s/8bit/7bit/ || s/7bit/8bit/ }) }},
'mime-version' => {do => sub { change($_[0], 'MIME-Version', sub { s/1\.0/1.0 (MIME-tools)/ && ($_ = "1.0\;") if 0; $_ = '1.0.0' }) }},
'header-twice' => {over => 'Subject', do => sub { my ($m) = @_; my $r = raw($m, 'Subject'); unshift @{$m->{fields}}, $r; 1 }, ids => ['header-completed']},
'header-added' => {over => 'Sender:Reply-To', need => {noreply => 1}, do => sub { my ($m) = @_; my $f = pick('Sender', 'Reply-To'); return if defined find($m, $f); add($m, $f, 'dev@lists.example.net') }},
'header-completed' => {shapes => ['plain'], need => {nomime => 1}, over => 'MIME-Version:Content-Type', do => sub { my ($m) = @_; pick(sub { add($m, 'MIME-Version', '1.0', 1) }, sub { add($m, 'Content-Type', 'text/plain', 1) })->() }, ids => ['header-added']},
'header-mime-added' => {shapes => ['plain'], need => {nomime => 1}, over => 'MIME-Version:Content-Type:Content-Transfer-Encoding', do => sub { my ($m) = @_; my $q = pick('', '"');
	my @new = shuffle(['MIME-Version', '1.0'], ['Content-Type', "text/plain; charset=${q}us-ascii$q"], ['Content-Transfer-Encoding', pick('7bit', '8bit')]);
	add($m, @$_, 1) for @new[0 .. pick(1, 2)]; 1 }, ids => [qw(header-completed header-added)]},
'header-retyped' => {shapes => ['plain'], do => sub { my ($m) = @_; my $to = pick('base64', 'quoted-printable'); my $set = pick('utf-8', 'iso-8859-1');
	get($m, 'Content-Transfer-Encoding') eq '7bit' && change($m, 'Content-Type', sub { s/charset=\K"?us-ascii"?/"$set"/ }) or return;
	$m->{body} = $to eq 'base64' ? b64($m->{body}, 76) : qp($m->{body}); put($m, 'Content-Transfer-Encoding', $to) },
	ids => [qw(body-base64 body-quoted-printable type-charset transfer-encoding)]},
'header-list-added' => {over => join(':', keys %list), do => sub { my ($m) = @_; add($m, $_, $list{$_}) for sort keys %list; 1 }, ids => ['header-added']},
'header-lost-kept' => {need => {replyto => 'office@example.org'}, sign => 'Reply-To', do => sub { my ($m) = @_; my $v = value($m, 'Reply-To'); drop($m, 'Reply-To'); add($m, 'X-Original-Reply-To', $v) }},
'header-lost-mime' => {shapes => ['plain', 'eight'], do => sub { my ($m) = @_; drop($m, $_) for qw(MIME-Version Content-Type Content-Transfer-Encoding); 1 }, ids => ['header-lost']},
'header-moved' => {need => {comments => 1}, sign => 'Comments:Comments', do => sub { my ($m) = @_; my @i = fields($m, 'Comments'); @i == 2 or return; @{$m->{fields}}[@i] = @{$m->{fields}}[reverse @i]; 1 }},
'header-lost' => {need => {replyto => 'Jane Doe <jane@example.org>', author => 'Jane Doe <jane@example.org>'}, do => sub { drop($_[0], pick('MIME-Version', 'Reply-To')) ? 1 : 0 }},
'header-twin-lost' => {need => {twins => 1}, sign => 'Keywords:Keywords', do => sub { drop($_[0], 'Keywords') ? 1 : 0 }},
'field-changed' => {z => 1, do => sub { put($_[0], pick('Subject', 'To'), 'something else ' . int rand 1e6) }, ids => ['field-lost']},
'field-lost' => {z => 1, do => sub { drop($_[0], pick('Date', 'Message-ID', 'To')) ? 1 : 0 }, ids => ['header-lost']},
'signature-bh' => {do => sub { signature($_[0], sub { s/(\bbh=\s*)([A-Za-z])/$1 . ($2 eq 'x' ? 'y' : 'x')/e }) }},
'signature-unfolded' => {header => 'simple', do => sub { signature($_[0], sub { s/\r\n(?=[ \t])//g; $_ = $_ }) }, ids => ['signature-folded', 'signature-blanks']},
'signature-name' => {header => 'simple', do => sub { signature($_[0], sub { s/^DKIM-Signature/Dkim-Signature/ }) }, ids => ['header-name-case']},
'signature-blanks' => {do => sub { signature($_[0], sub { s/; (?=\w+=)/;/g }) }, ids => ['signature-unfolded', 'signature-folded']},
'signature-folded' => {header => 'simple', do => sub { my $w = pick(76, 78); signature($_[0], sub { s/\r\n[ \t]+/ /g; $_ = (s/\s+\z//r); $_ = 'DKIM-Signature: ' . fold('DKIM-Signature', s/^[^:]*: *//r, $w, "\t") . "\r\n" }) },
	ids => ['signature-unfolded', 'signature-blanks']},
'signature-names' => {do => sub { signature($_[0], sub { s/(\bh=)([^;]*)/$1 . lc $2/e }) }},
);

1;
