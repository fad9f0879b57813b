"""nginx in front: TLS, HTTP/2, limits; and the certificate it shows."""

import socket
from pathlib import Path

from deploy.installer import places
from deploy.installer.answers import Answers, wants_acme
from deploy.installer.machine import (
    Failed,
    folder,
    link,
    log,
    remove,
    run,
    works,
    write,
)
from deploy.installer.units import fill

NGINX = Path("/etc/nginx")
SITE = NGINX / "sites-available" / places.NAME
ENABLED = NGINX / "sites-enabled" / places.NAME
SAMPLE = NGINX / "sites-enabled/default"
PROXY = NGINX / f"{places.NAME}-proxy.conf"
OURS = "# Made by PST's deploy/install"  # how each of our sites begins
# What a site needs with any answers; names in nginx have no hyphen.
PLACES = {
    "ID": places.NAME.replace("-", "_"),
    "NAME": places.NAME,
    "CURRENT": str(places.CURRENT),
    "PROXY": str(PROXY),
    "CHALLENGES": str(places.CHALLENGES),
    "WEB_SOCKET": str(places.WEB_SOCKET),
}
# The addresses at which those who have logged in send files.
UPLOADS = (
    "^/(konsultasi/[^/]+/(lampiran|pesan)|petugas/konsultasi/[^/]+/pesan"
    "|petugas/artikel/[0-9]+(/berkas)?)$"
)
ACME = Path("/etc/letsencrypt/live")
RENEWAL = "certbot.timer"
DEFAULT_TLS = "ssl http2 default_server"
FEW, MANY = "worker_connections 768;", "worker_connections 8192;"
SELF_SIGNED = (
    "the certificate is SELF-SIGNED: browsers warn everybody. It is for trying out."
    " When the domain leads here from the internet, run deploy/install again."
)


def install(release: Path, answers: Answers) -> None:
    """Let nginx serve the site, with the best certificate there is."""
    folder(places.CHALLENGES)
    if SAMPLE.is_symlink() and SAMPLE.resolve() == NGINX / "sites-available/default":
        SAMPLE.unlink()
        log.changed("nginx: took its sample page off")
    make_room()
    certificate, key = certificate_for(answers)
    serve(release, answers, certificate, key)
    is_wanted = wants_acme(answers) and ACME not in certificate.parents
    if is_wanted and ask_acme(answers):
        certificate, key = certificate_for(answers)
        serve(release, answers, certificate, key)
    start_timers(answers)
    if certificate.parent == places.CERTIFICATES and "self" in certificate.name:
        log.warn(SELF_SIGNED)


def start_timers(answers: Answers) -> None:
    """Start what rotates the log and renews the certificate, not only after a restart.

    The installer holds back what new packages would start, and so these too.
    """
    timers = ["logrotate.timer", *([RENEWAL] if wants_acme(answers) else [])]
    down = [unit for unit in timers if not works("systemctl", "is-active", "-q", unit)]
    if down:
        run("systemctl", "enable", "-q", "--now", *down)
        log.changed(f"started: {' '.join(down)}")


def make_room() -> None:
    """Let nginx hold as many connections as people may wait with."""
    path = NGINX / "nginx.conf"
    text = path.read_text()
    if FEW in text:
        write(path, text.replace(FEW, MANY))
        log.changed("nginx: room for more connections")


def certificate_for(answers: Answers) -> tuple[Path, Path]:
    """Return the certificate to show; make one of our own when there is no other."""
    if answers["certificate"] == "file":
        return Path(answers["certificate_file"]), Path(answers["key_file"])
    live = ACME / answers["domain"]
    if wants_acme(answers) and (live / "fullchain.pem").exists():
        return live / "fullchain.pem", live / "privkey.pem"
    return self_signed(answers["domain"])


def self_signed(domain: str) -> tuple[Path, Path]:
    folder(places.CERTIFICATES, 0o700)
    certificate = places.CERTIFICATES / f"{domain}.self-signed.pem"
    key = certificate.with_suffix(".key")
    if not (key.exists() and lasts(certificate)):
        run(
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "397"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={domain}"),
            *("-addext", f"subjectAltName=DNS:{domain}", "-keyout", key),
            *("-out", certificate),
        )
        log.changed(f"a self-signed certificate for {domain}")
    return certificate, key


def lasts(certificate: Path) -> bool:
    """Return whether it holds for another month."""
    words = ("-noout", "-checkend", str(30 * 86_400))
    return works("openssl", "x509", "-in", certificate, *words)


def ask_acme(answers: Answers) -> bool:
    """Ask Let's Encrypt, or another; certbot's own timer renews what it gives."""
    server = answers["acme_server"]
    whose = server or "Let's Encrypt"
    try:
        socket.getaddrinfo(answers["domain"], 80)
        run(
            *("certbot", "certonly", "--non-interactive", "--agree-tos", "--webroot"),
            *("--webroot-path", places.CHALLENGES, "--email", answers["admin_email"]),
            *("--domain", answers["domain"], "--keep-until-expiring"),
            *("--deploy-hook", "systemctl reload nginx"),
            *(("--server", server) if server else ()),
            timeout=180,
        )
    except (Failed, OSError) as error:
        reason = str(error).strip().splitlines()[-1].strip()
        log.warn(f"no certificate from {whose} for {answers['domain']}: {reason}")
        return False
    log.changed(f"a certificate from {whose} for {answers['domain']}")
    return True


def serve(release: Path, answers: Answers, certificate: Path, key: Path) -> None:
    """Write the site, and have nginx take it up; put it back when nginx refuses."""
    texts = {PROXY: proxy_of(release)}
    texts[SITE] = rendered(release, answers, certificate, key)
    before = {path: path.read_text() if path.exists() else None for path in texts}
    fresh = [path.name for path, text in texts.items() if write(path, text)]
    is_new = link(ENABLED, SITE)
    try:
        run("nginx", "-t", "-q")
    except Failed:
        for path, text in before.items():
            write(path, text) if text is not None else remove(path)
        if is_new:
            remove(ENABLED)
        raise
    if not works("systemctl", "is-active", "-q", "nginx"):
        run("systemctl", "enable", "-q", "--now", "nginx")
        log.changed("nginx: started")
    elif log.put(bool(fresh) or is_new, f"nginx: {answers['domain']}"):
        run("systemctl", "reload", "nginx")


def rendered(release: Path, answers: Answers, certificate: Path, key: Path) -> str:
    """Write the site for these answers."""
    sites = neighbours()
    has_v6 = Path("/proc/net/if_inet6").exists()
    plain, tls = answers["http_port"], answers["https_port"]
    default = " default_server" if is_free(f"{plain} default_server;", sites) else ""
    takes_others = is_free(f"{tls} {DEFAULT_TLS};", sites)
    values = {
        **PLACES,
        "DOMAIN": answers["domain"],
        "HOST": answers["domain"] + ("" if tls == "443" else f":{tls}"),
        "HTTP_PORT": plain,
        "HTTPS_PORT": tls,
        "DEFAULT": default,
        "V6_HTTP": f"    listen [::]:{plain}{default};" if has_v6 else "",
        "V6_HTTPS": f"    listen [::]:{tls} ssl http2;" if has_v6 else "",
        "V6_OTHERS": f"    listen [::]:{tls} {DEFAULT_TLS};" if has_v6 else "",
        "CERTIFICATE": str(certificate),
        "KEY": str(key),
        "BODY_MB": "64",  # as pst.config.MAX_REQUEST_BYTES
        "UPLOADS": UPLOADS,
    }
    others = fill((release / "deploy/nginx/others.conf").read_text(), values)
    values["OTHERS"] = others if takes_others else ""
    return fill((release / "deploy/nginx/pst.conf").read_text(), values)


def proxy_of(release: Path) -> str:
    """Write what each place that leads to the web server has in common."""
    return fill((release / "deploy/nginx/pst-proxy.conf").read_text(), PLACES)


def neighbours() -> list[str]:
    """Read the sites that this nginx serves besides ours."""
    paths = set((NGINX / "sites-enabled").glob("*")) - {ENABLED, SAMPLE}
    return [path.read_text() for path in sorted(paths) if path.exists()]


def is_free(listen: str, sites: list[str]) -> bool:
    """Return whether we answer there for names that no site has.

    Another's site may want to; of the offices one does.
    """
    others = [text for text in sites if not text.startswith(OURS)]
    return not others and not any(f"listen {listen}" in text for text in sites)


def give_up_certificate(domain: str) -> None:
    """Let certbot forget it, so that it does not try to renew it for ever."""
    if (ACME / domain).exists():
        run("certbot", "delete", "-n", "--cert-name", domain, check=False)
        log.changed(f"the certificate for {domain} is given up")


def uninstall() -> None:
    """Take the site away; other sites of this nginx go on."""
    for path in (ENABLED, SITE, PROXY):
        remove(path)
    if works("systemctl", "is-active", "-q", "nginx"):
        run("systemctl", "reload", "nginx", check=False)
