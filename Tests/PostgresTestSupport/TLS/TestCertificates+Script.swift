extension TestCertificates {
    /// The shell script that makes the files in an empty directory.
    static let script = #"""
        set -eu
        # `openssl ca` alone can date a certificate back and revoke one.
        authority() {
            mkdir "$1.d"; : > "$1.d/index.txt"; echo 1000 > "$1.d/serial"; echo 1000 > "$1.d/crlnumber"
            cat > "$1.cnf" <<END
        [ca]
        default_ca = own
        [own]
        database = $1.d/index.txt
        new_certs_dir = $1.d
        serial = $1.d/serial
        crlnumber = $1.d/crlnumber
        certificate = $1.crt
        private_key = $1.key
        default_md = sha256
        default_days = 3650
        default_crl_days = 3650
        policy = any
        unique_subject = no
        [any]
        commonName = optional
        END
        }
        key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
        # issue AUTHORITY NAME SUBJECT EXTENSIONS [DATES]: certificates without a key of their own share the server's.
        issue() {
            authority=$1 name=$2 subject=$3 extensions=$4; shift 4
            [ -e "$name.key" ] || cp server.key "$name.key"
            openssl req -new -key "$name.key" -subj "$subject" -out "$name.csr"
            printf '%b\n' "$extensions" > "$name.ext"
            openssl ca -batch -notext -config "$authority.cnf" -in "$name.csr" -extfile "$name.ext" \
                -out "$name.crt" "$@"
        }
        leaf='basicConstraints=CA:FALSE\n'
        # server NAME SUBJECT EXTENSIONS [DATES]
        server() {
            certificate=$1
            issue intermediate "$@"
            cat "$certificate.crt" intermediate.crt > "$certificate.chain.crt"
        }
        self_signed() { openssl req -x509 -new -key "$1.key" -subj "/CN=$3" -days 3650 -out "$2.crt"; }

        key root; key intermediate; key server; key client; key other-root
        self_signed root root "test root"
        self_signed other-root other-root "other root"
        authority root; authority intermediate
        issue root intermediate "/CN=test intermediate" \
            'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign'
        server good "/CN=ignored" "${leaf}subjectAltName=DNS:db.example,DNS:other.example,IP:127.0.0.1,IP:::1"
        server wildcard "/CN=ignored" "${leaf}subjectAltName=DNS:*.example"
        server common-name "/CN=db.example" "$leaf"
        server other-name "/CN=db.example" "${leaf}subjectAltName=DNS:other.example"
        server expired "/CN=ignored" "${leaf}subjectAltName=DNS:db.example" \
            -startdate 20200101000000Z -enddate 20200201000000Z
        server revoked "/CN=ignored" "${leaf}subjectAltName=DNS:db.example"
        server client "/CN=app" "$leaf"
        openssl ca -config intermediate.cnf -revoke revoked.crt
        openssl ca -config root.cnf -gencrl -out root.crl
        openssl ca -config intermediate.cnf -gencrl -out intermediate.crl
        cat root.crl intermediate.crl > lists.crl
        mkdir lists; cp root.crl intermediate.crl lists/; openssl rehash lists
        cp server.key self-signed.key
        self_signed server self-signed db.example; cp self-signed.crt self-signed.chain.crt
        openssl pkcs8 -topk8 -in client.key -v2 aes-256-cbc -passout pass:open-sesame -out client-encrypted.key
        openssl pkey -in client.key -outform DER -out client-der.key

        openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key
        openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key
        openssl genpkey -quiet -algorithm ED25519 -out ed.key
        # kind NAME KEY DIGEST BINDING [OPTIONS]: a certificate signed with DIGEST, and its digest by BINDING.
        kind() {
            name=$1 key=$2 digest=$3 binding=$4; shift 4
            cp "$key.key" "$name.key"
            openssl req -x509 -new -key "$key.key" $digest "$@" -subj /CN=db.example -days 3650 -out "$name.chain.crt"
            [ -n "$binding" ] || return 0
            openssl x509 -in "$name.chain.crt" -outform DER | openssl dgst "-$binding" -r | cut -d' ' -f1 \
                > "$name.binding"
        }
        kind rsa-md5 rsa -md5 sha256
        kind rsa-sha1 rsa -sha1 sha256
        kind rsa-sha256 rsa -sha256 sha256
        kind rsa-sha512 rsa -sha512 sha512
        kind rsa-pss-padding rsa -sha384 sha384 -sigopt rsa_padding_mode:pss
        kind rsa-pss pss -sha512 sha512
        kind ecdsa-sha384 server -sha384 sha384
        kind ed25519 ed "" ""
        chmod 600 *.key
        """#
}
