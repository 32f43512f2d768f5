# Answers questions about SPF with Mail::SPF. Standard input: a JSON list of questions, each with
# "scope" (helo, mfrom), "identity", "address", "helo", and "records", lines of a zone file.
# Prints a JSON list of results.
use strict;
use warnings;
use JSON::PP;
use Mail::SPF;
use Net::DNS;

# Instead of the network: the records that were given.
package Resolver;
sub new { bless { records => $_[1] }, $_[0] }

sub send {
    my ( $self, $name, $type ) = @_;
    my @named = grep { lc $_->owner eq lc $name } @{ $self->{records} };
    my $packet = Net::DNS::Packet->new( $name, $type );
    $packet->header->qr(1);
    $packet->header->rcode('NXDOMAIN') unless @named || $self->above($name);
    $packet->push( answer => grep { $_->type eq $type } @named );
    return $packet;
}

sub above {
    my ( $self, $name ) = @_;
    return grep { lc( $_->owner ) =~ /\.\Q$name\E$/i } @{ $self->{records} };
}
sub errorstring { 'NOERROR' }

package main;
local $/;
my @results;
for my $question ( @{ decode_json(<STDIN>) } ) {
    my @records = map { Net::DNS::RR->new($_) } @{ $question->{records} };
    my $server = Mail::SPF::Server->new( dns_resolver => Resolver->new( \@records ) );
    my $request = Mail::SPF::Request->new(
        scope         => $question->{scope},
        identity      => $question->{identity},
        ip_address    => $question->{address},
        helo_identity => $question->{helo},
    );
    push @results, $server->process($request)->code;
}
print encode_json( \@results );
