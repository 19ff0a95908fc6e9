//! Which rows of a batch hold personal data, so that a lens may show their URL, referer or agent differently: found once
//! as they are stored, so that a search has to look at the rest only as it was logged.
//!
//! Exact, and fast by what most texts can't hold: one pass over a text says which bytes it has and how its digits stand
//! ([`Hints`]). Only where that leaves something possible is the text looked at as the lenses do.

use super::decode::Decoded;
use super::hints::Hints;
use super::{Owner, Place, hide_host, scan, split_origin};
use crate::model::{Batch, DictColumn, TextColumn, ip_literal};
use std::collections::HashMap;

/// Whether a lens may show URL, referer or agent of a row otherwise than they were logged: they hold personal data, or
/// the row's own client or user.
pub fn holds_personal(origin: &[u8], rest: &[u8], referer: &[u8], agent: &[u8], client: &[u8], user: &[u8]) -> bool {
    let owner = Owner::new(client, user);
    let (from, behind) = split_origin(referer);
    names_in_host(origin, &owner)
        || holds(rest, Place::Url, &owner)
        || names_in_host(from, &owner)
        || holds(behind, Place::Url, &owner)
        || holds(agent, Place::Agent, &owner)
}

fn holds(text: &[u8], place: Place, owner: &Owner) -> bool {
    !super::find(&Decoded::of(text), place, owner).is_empty()
}

fn names_in_host(origin: &[u8], owner: &Owner) -> bool {
    matches!(hide_host(origin, owner), std::borrow::Cow::Owned(_))
}

/// Finds the rows of a batch that hold personal data.
#[derive(Debug)]
pub struct PersonalRows<'b> {
    columns: Columns<'b>,
    clients: Vec<Somebody>,
    users: Vec<Somebody>,
    origins: Vec<Shared>,
    agents: Vec<Shared>,
    /// Whether the shared text of the first number names who has the second; agents and origins, clients and users.
    named: [HashMap<(u32, u32), bool>; 4],
}

/// What is looked at of rows.
#[derive(Clone, Copy, Debug)]
struct Columns<'b> {
    client: &'b DictColumn,
    user: &'b DictColumn,
    origin: &'b DictColumn,
    agent: &'b DictColumn,
    rest: &'b TextColumn,
    /// Without one where no row has a referer.
    referer: Option<&'b TextColumn>,
}

/// A client or a user.
#[derive(Debug)]
struct Somebody {
    owner: Owner,
    /// What a text must have to name them.
    hints: Hints,
}

/// A text that many rows have.
#[derive(Debug)]
struct Shared {
    hints: Hints,
    /// Whether it holds personal data whoever has it.
    is_personal: bool,
    /// Whether hints don't do: what is encoded, and addresses as hosts, have more spellings than they know of.
    is_respelt: bool,
}

impl<'b> PersonalRows<'b> {
    /// Of the rows of a batch.
    pub fn of(batch: &'b Batch) -> PersonalRows<'b> {
        let columns = Columns {
            client: &batch.client,
            user: &batch.user,
            origin: &batch.origin,
            agent: &batch.agent,
            rest: &batch.rest,
            referer: Some(&batch.referer).filter(|referer| !referer.bytes.is_empty()),
        };
        let somebody = |owner: Owner| Somebody { hints: Hints::of_owner(&owner), owner };
        let nobody = Owner::default();
        let host = |origin: &[u8]| Shared {
            hints: Hints::of(origin),
            is_personal: names_in_host(origin, &nobody),
            is_respelt: is_respelt(origin),
        };
        let agent = |agent: &[u8]| Shared {
            hints: Hints::of(agent),
            is_personal: holds(agent, Place::Agent, &nobody),
            is_respelt: Hints::of(agent).is_encoded(),
        };
        PersonalRows {
            columns,
            clients: columns.client.values.iter().map(|client| somebody(Owner::new(client, b""))).collect(),
            users: columns.user.values.iter().map(|user| somebody(Owner::new(b"", user))).collect(),
            origins: columns.origin.values.iter().map(host).collect(),
            agents: columns.agent.values.iter().map(agent).collect(),
            named: Default::default(),
        }
    }

    /// Whether a row does: what [`holds_personal`] says of it.
    pub fn holds(&mut self, row: usize) -> bool {
        let Columns { client, user, origin, agent, rest, referer } = self.columns;
        let people = [(client.codes[row], &self.clients), (user.codes[row], &self.users)];
        let texts = [(origin, &self.origins), (agent, &self.agents)];
        for (at, (column, shared)) in texts.into_iter().enumerate() {
            let code = column.codes[row];
            let text = &shared[code as usize];
            if text.is_personal {
                return true;
            }
            for (number, (person, all)) in people.into_iter().enumerate() {
                let somebody = &all[person as usize];
                if somebody.may_be_named(text.hints) || text.is_respelt {
                    let value = column.values.get(code);
                    let names = || match at {
                        0 => names_in_host(value, &somebody.owner),
                        _ => holds(value, Place::Owned, &somebody.owner),
                    };
                    if *self.named[at * 2 + number].entry((code, person)).or_insert_with(names) {
                        return true;
                    }
                }
            }
        }
        let people = people.map(|(person, all)| &all[person as usize]);
        if text_holds(rest.get(row), people) {
            return true;
        }
        let Some(referer) = referer.map(|referer| referer.get(row)).filter(|referer| !referer.is_empty()) else {
            return false;
        };
        let (from, behind) = split_origin(referer);
        let hints = Hints::of(from);
        hints.has_at_sign()
            || people.iter().any(|somebody| {
                (somebody.may_be_named(hints) || is_respelt(from)) && names_in_host(from, &somebody.owner)
            })
            || text_holds(behind, people)
    }
}

impl Somebody {
    #[inline]
    fn may_be_named(&self, text: Hints) -> bool {
        !self.owner.is_nobody() && text.may_name(self.hints)
    }
}

/// Whether a path and query holds personal data, or names one of the people.
#[inline]
fn text_holds(text: &[u8], people: [&Somebody; 2]) -> bool {
    if text.len() < Hints::FEWEST_BYTES {
        return false;
    }
    let hints = Hints::of(text);
    hints.may_hold(text.len()) && !scan::scan(&Decoded::of(text), Place::Url).is_empty()
        || people.iter().filter(|somebody| !somebody.owner.is_nobody()).any(|somebody| {
            (hints.is_encoded() || hints.may_name(somebody.hints)) && holds(text, Place::Owned, &somebody.owner)
        })
}

/// Whether the host of an origin is an address in some spelling, or is encoded.
fn is_respelt(origin: &[u8]) -> bool {
    let host = &origin[memchr::memmem::find(origin, b"://").map_or(0, |at| at + 3)..];
    let (host, end) = match host.strip_prefix(b"[") {
        Some(inside) => (inside, memchr::memchr(b']', inside)),
        None => (host, memchr::memchr(b':', host)),
    };
    let host = &host[..end.unwrap_or(host.len())];
    memchr::memchr(b'%', origin).is_some()
        || std::str::from_utf8(host).is_ok_and(|host| ip_literal(&host.to_ascii_lowercase()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccessEvent, ClientIp, Event, EventView, Lens, PseudonymKey, Target, Url, UrlLevel, Username};
    use crate::model::{ClientLevel, SourceName, Timestamp, UserLevel};
    use proptest::prelude::*;
    use proptest::sample::select;

    type Row = (&'static str, String, String, &'static str, &'static str, &'static str);

    const CLIENTS: [&str; 7] = ["10.0.0.1", "10.0.0.12", "2001:db8::5", "::ffff:10.0.0.1", "pc-7.lan", "::", ""];
    const USERS: [&str; 7] = ["", "ada", "CORP\\ada", "j.smith@corp.example", "ada%20l", "mary ann", "ab"];
    const ORIGINS: [&str; 9] = [
        "http://www.example.com",
        "http://ada.example.com",
        "10.0.0.1:443",
        "http://167772161",
        "http://0xa.1:80",
        "http://[2001:db8::5]:81",
        "http://ip-10-0-0-1.example",
        "http://%61da.example",
        "",
    ];
    const AGENTS: [&str; 6] =
        ["", "curl/8", "Chrome/10.0.0.1", "agent of ada", "mailto:ada@b.example", "of%20%61da and 10.0.0.12;"];

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-z0-9/._-]{1,9}",
            1 => "[A-Za-z0-9?&=%@:+. -]{1,9}",
            1 => select(vec!["ada", "ADA", "10.0.0.1", "10-0-0-12", "%61da", "mary+ann", "/a?user=x", "smith", "eyJ"])
                .prop_map(str::to_owned),
        ]
    }

    fn row() -> impl Strategy<Value = Row> {
        let rest = proptest::collection::vec(piece(), 0..5).prop_map(|pieces| pieces.concat());
        let behind = || proptest::collection::vec(piece(), 0..3).prop_map(|pieces| pieces.concat());
        let referer = prop_oneof![
            2 => Just(String::new()),
            1 => (select(ORIGINS.to_vec()), behind()).prop_map(|(origin, behind)| format!("{origin}/{behind}")),
            1 => behind().prop_map(|behind| format!("http://ada:pw@x.example/{behind}")),
        ];
        let people = (select(CLIENTS.to_vec()), select(USERS.to_vec()));
        (select(ORIGINS.to_vec()), rest, referer, select(AGENTS.to_vec()), people)
            .prop_map(|(origin, rest, referer, agent, (client, user))| (origin, rest, referer, agent, client, user))
    }

    /// What a lens shows of the texts.
    fn shown((origin, rest, referer, agent, client, user): &Row, lens: &Lens) -> [String; 3] {
        let event = Event {
            id: 1,
            time: Timestamp(0),
            time_taken_ms: 0,
            c_ip: ClientIp::new(client.as_bytes()),
            cs_username: Username::new(user.as_bytes()),
            cs_method: Box::default(),
            origin: origin.as_bytes().into(),
            rest: Url::new(rest.as_bytes()),
            sc_status: 0,
            sc_bytes: 0,
            cs_bytes: None,
            result: Box::default(),
            hierarchy: Box::default(),
            peer: Box::default(),
            content_type: Box::default(),
            user_agent: agent.as_bytes().into(),
            referer: Url::new(referer.as_bytes()),
            verdict: None,
            source: SourceName::default(),
            extra: Url::default(),
            raw: None,
        };
        let view = EventView::of(&event, lens);
        [view.url, view.referer.unwrap_or_default(), view.user_agent.unwrap_or_default()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn rows_that_any_lens_changes_are_found(rows in proptest::collection::vec(row(), 1..20)) {
            let mut batch = Batch::default();
            for (origin, rest, referer, agent, client, user) in &rows {
                let event = AccessEvent {
                    c_ip: client.as_bytes(),
                    cs_username: user.as_bytes(),
                    user_agent: agent.as_bytes(),
                    referer: referer.as_bytes(),
                    canonical: true,
                    ..AccessEvent::default()
                };
                batch.push(&event, &Target { origin: origin.as_bytes(), rest: rest.as_bytes(), had_userinfo: false }, b"");
            }
            let key = PseudonymKey::new([1; 32]);
            let mut found = PersonalRows::of(&batch);
            for (at, row) in rows.iter().enumerate() {
                let (origin, rest, referer, agent, client, user) = row;
                let [origin, rest, referer] = [origin.as_bytes(), rest.as_bytes(), referer.as_bytes()];
                let holds = holds_personal(origin, rest, referer, agent.as_bytes(), client.as_bytes(), user.as_bytes());
                prop_assert_eq!(found.holds(at), holds, "{:?}", row);
                let mut is_changed = false;
                for url in [UrlLevel::Plain, UrlLevel::Personal, UrlLevel::Pseudonym(key)] {
                    for user in [UserLevel::Plain, UserLevel::Pseudonym(key), UserLevel::Mask] {
                        for client in [ClientLevel::Plain, ClientLevel::Prefix, ClientLevel::Mask] {
                            is_changed |= shown(row, &Lens { client, user, url }) != shown(row, &Lens::PLAIN);
                        }
                    }
                }
                prop_assert_eq!(is_changed, holds, "{:?}", row);
            }
        }
    }
}
