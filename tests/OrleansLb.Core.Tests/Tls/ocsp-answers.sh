#!/usr/bin/env bash
# Makes ocsp-answers.txt: what OpenSSL's responder says of a certificate that is in order, one that is revoked and one that it does not know; status, serial number and answer on a line.
#   tests/OrleansLb.Core.Tests/Tls/ocsp-answers.sh > tests/OrleansLb.Core.Tests/Tls/ocsp-answers.txt
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=authority" -keyout ca.key -out ca.pem 2> /dev/null
printf 'V\t351231235959Z\t\tA001\tunknown\t/CN=good\nR\t351231235959Z\t260101000000Z,keyCompromise\tA002\tunknown\t/CN=revoked\n' > index.txt

answer() { # STATUS SERIAL
  openssl ocsp -issuer ca.pem -serial "0x$2" -no_nonce -reqout request.der 2> /dev/null
  openssl ocsp -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -ndays 7 -reqin request.der -respout answer.der > /dev/null 2>&1
  echo "$1 $2 $(base64 -w 0 answer.der)"
}

answer Good A001
answer Revoked A002
answer Unknown A003
