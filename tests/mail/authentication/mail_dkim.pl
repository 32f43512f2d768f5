# Verifies the message on standard input with Mail::DKIM. Arguments: name=key of each key record.
# Prints one line a signature: domain, result.
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;

my %keys = map { split /=/, $_, 2 } @ARGV;

package Answer;
sub type    { 'TXT' }
sub char_str_list { @{ $_[0] } }
sub txtdata { join '', @{ $_[0] } }

package main;
no warnings 'redefine';
# Instead of the network: the keys that were given.
*Mail::DKIM::DNS::query = sub {
    my ($name) = @_;
    return exists $keys{$name} ? bless( [ $keys{$name} ], 'Answer' ) : ();
};

my $verifier = Mail::DKIM::Verifier->new();
binmode STDIN;
local $/;
$verifier->PRINT(<STDIN>);
$verifier->CLOSE();
print join( ' ', $_->domain, $_->result ), "\n" for $verifier->signatures;
