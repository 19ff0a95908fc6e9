//! `/api/waf`, and what rows say of rules.

mod categories;
mod rescore;
mod rows;
mod rules;
mod score;
mod stats;
mod test_rule;
mod timeline;

use crate::support::api::Api;

/// A log of the last hours, in Squid's format, with something in it for rules; it has no user agents.
pub const LINES: [(i64, &str); 7] = [
    (90, "10.0.0.1 TCP_MISS/200 900 GET http://www.example.com/news?page=2 - HIER_DIRECT/192.0.2.7 text/html"),
    (
        80,
        "10.0.0.1 TCP_MISS/200 900 GET http://www.example.com/item?id=1%27%20UNION%20SELECT%20null,null--%20 - HIER_DIRECT/192.0.2.7 text/html",
    ),
    (
        70,
        "10.0.0.2 TCP_DENIED/403 900 GET http://www.example.com/item?id=2%27%20UNION%20SELECT%20null,null--%20 - HIER_NONE/- text/html",
    ),
    (
        60,
        "10.0.0.2 TCP_MISS/200 900 GET http://www.example.org/?q=%3Cscript%3Ealert(1)%3C/script%3E - HIER_DIRECT/192.0.2.7 text/html",
    ),
    (50, "10.0.0.3 TCP_TUNNEL/200 900 CONNECT www.example.com:443 - HIER_DIRECT/192.0.2.7 -"),
    (40, "10.0.0.3 TCP_MISS/200 900 GET http://203.0.113.9/index.html - HIER_DIRECT/203.0.113.9 text/html"),
    (30, "10.0.0.1 TCP_MISS/200 900 GET http://www.example.com/news?page=3 - HIER_DIRECT/192.0.2.7 text/html"),
];

/// The log, scored on its way in as lines always are.
pub fn scored() -> Api {
    let api = Api::empty();
    api.log(&LINES);
    api
}
