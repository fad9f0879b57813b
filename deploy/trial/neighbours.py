"""The servers that an office finds outside: one for certificates, one for mails.

Pebble speaks ACME as Let's Encrypt does, and looks at the domain as it would; aiosmtpd
takes no mail without TLS and the right password. Both have certificates of a small CA
that the machine is set to trust, so that nothing of the installer is bent for them.
(Not by `update-ca-certificates`, which would forget what this machine's bundle has.)
"""

import json
import textwrap

from deploy.trial.debian import Debian

ACME_PORT, SMTP_PORT = 7314, 7325
ACME, SMTP = "acme.contoh.test", "smtp.contoh.test"
ACME_URL = f"https://{ACME}:{ACME_PORT}/dir"
# What a person might choose, and what an address, a shell and a unit each trip over.
SMTP_USER, SMTP_PASSWORD = "pst@contoh.test", 'k@ta: s"a/n#d%i $1'
FOLDER, MAILS = "/root/outside", "/var/lib/trial-mails"

CERTIFICATES = f"""
mkdir -p {FOLDER} {MAILS} && cd {FOLDER}
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Trial CA" \
  -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt
openssl req -newkey rsa:2048 -nodes -subj "/CN={ACME}" -keyout key.pem -out all.csr
printf 'subjectAltName=DNS:{ACME},DNS:{SMTP}\\nauthorityKeyIdentifier=keyid\\n' > names
openssl x509 -req -in all.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 \
  -extfile names -out crt.pem
cat ca.crt >> /etc/ssl/certs/ca-certificates.crt
cp ca.crt /etc/ssl/certs/$(openssl x509 -hash -noout -in ca.crt).0
"""

MAIL_SERVER = """
import ssl, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

class Keep:
    count = 0
    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        name = f"{folder}/{{Keep.count:04}}.eml"
        open(name, "wb").write(envelope.content)
        return "250 taken"

def knows(server, session, envelope, mechanism, data):
    given = (data.login.decode(), data.password.decode())
    return AuthResult(success=given == {account!r}, handled=False)

tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain("{home}/crt.pem", "{home}/key.pem")
Controller(Keep(), hostname="127.0.0.1", port={port}, tls_context=tls,
    require_starttls=True, auth_required=True, authenticator=knows).start()
while True:
    time.sleep(60)
"""


def move_in(debian: Debian, domain: str, http_port: int, https_port: int) -> None:
    """Start both, and have the machine find and trust them."""
    debian.run(
        "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq"
        " --no-install-recommends pebble python3-aiosmtpd openssl"
    )
    debian.run(f"printf '127.0.0.1 {domain} {ACME} {SMTP}\\n' >> /etc/hosts")
    debian.run(CERTIFICATES.strip().replace("\n", " && ").replace("\\ && ", ""))
    pebble = {
        "listenAddress": f"127.0.0.1:{ACME_PORT}",
        "managementListenAddress": f"127.0.0.1:{ACME_PORT + 1}",
        "certificate": f"{FOLDER}/crt.pem",
        "privateKey": f"{FOLDER}/key.pem",
        "httpPort": http_port,
        "tlsPort": https_port,
    }
    home = debian.root / FOLDER.lstrip("/")
    (home / "pebble.json").write_text(json.dumps({"pebble": pebble}))
    words = {"folder": MAILS, "home": FOLDER, "port": SMTP_PORT}
    account = (SMTP_USER, SMTP_PASSWORD)
    text = MAIL_SERVER.format(account=account, **words)
    (home / "mail.py").write_text(textwrap.dedent(text))
    start(debian)


def start(debian: Debian) -> None:
    """Start them, as after each start of the machine."""
    debian.run(
        "systemd-run -q --unit=trial-acme --setenv=PEBBLE_VA_NOSLEEP=1"
        f" pebble -config {FOLDER}/pebble.json"
    )
    debian.run(f"systemd-run -q --unit=trial-smtp python3 {FOLDER}/mail.py")
