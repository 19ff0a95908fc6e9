//! What settings say of rows: which tags they have, and why.

use crate::classify::{Destination, LookAlikes, dga_reasons, is_dga, service_of};
use crate::control::lists::{Aliases, HostSet};
use crate::control::settings::{
    CLIENT_ALIASES, COUNT_AUTH_CHALLENGES_AS_BLOCKED, IGNORED_HOSTS, INTERNAL_NETWORKS, PROTECTED_DOMAINS, Sanctions,
    Settings, WAF_BLOCK_THRESHOLD,
};
use crate::model::{Lens, OutcomeSet, Tag};
use crate::scoring::look_alikes;
use ipnet::IpNet;
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

/// What settings say of rows.
#[derive(Clone, Debug)]
pub struct RowSettings {
    /// Changes with every setting.
    pub(in crate::api) version: u64,
    pub(in crate::api) challenges_block: bool,
    /// The score from which on a row is flagged.
    pub(in crate::api) flagged_from: u32,
    internal: Arc<[IpNet]>,
    ignored: Arc<HostSet>,
    /// None where addresses are not shown: a name would say as much.
    aliases: Option<Arc<Aliases>>,
    /// Which services may be used.
    pub(in crate::api) sanctions: Sanctions,
    /// What imitates the names that are protected.
    pub(in crate::api) lookalikes: Arc<LookAlikes>,
}

impl RowSettings {
    /// For rows seen through `lens`.
    pub fn of(settings: &Settings, lens: &Lens) -> RowSettings {
        RowSettings {
            version: settings.version(),
            challenges_block: settings.get(COUNT_AUTH_CHALLENGES_AS_BLOCKED),
            flagged_from: u32::try_from(settings.get(WAF_BLOCK_THRESHOLD)).unwrap_or(u32::MAX),
            internal: settings.get(INTERNAL_NETWORKS),
            ignored: settings.get(IGNORED_HOSTS),
            aliases: lens.client_is_plain().then(|| settings.get(CLIENT_ALIASES)),
            sanctions: Sanctions::of(settings),
            lookalikes: look_alikes(&settings.get(PROTECTED_DOMAINS)),
        }
    }

    /// The outcomes that count as blocked.
    pub fn blocked(&self) -> OutcomeSet {
        OutcomeSet::blocked(self.challenges_block)
    }

    /// What a client, as shown, is called.
    pub fn client_name(&self, client: &str) -> Option<String> {
        let address: IpAddr = client.parse().ok()?;
        self.aliases.as_ref()?.name_of(address).map(str::to_owned)
    }

    /// Why a destination has a tag that destinations have, where it does.
    pub fn why(&self, tag: Tag, target: &Destination) -> Option<String> {
        match tag {
            Tag::IpLiteral => target.address().map(|address| format!("the host is the address {address}, not a name")),
            Tag::PrivateDestination => self.private(target),
            Tag::Ignored => {
                self.ignored(target).map(|entry| format!("the host is or lies below {entry}, one of ignored_hosts"))
            }
            Tag::ShadowIt => self.unsanctioned(target),
            Tag::UnusualPort => {
                target.has_unusual_port().then(|| format!("port {} is none that the web is served on", target.port()))
            }
            Tag::Dga => {
                let reasons = is_dga(target.host()).then(|| dga_reasons(target.host())).flatten()?;
                Some(format!("the name looks made up by a program: {reasons}"))
            }
            Tag::LookAlike => self
                .lookalikes
                .of(target.host())
                .map(|found| format!("the name imitates {}: {}", found.protected, found.how.name())),
            Tag::Blocked | Tag::DoubleExtension | Tag::MimeMismatch | Tag::HighEntropy | Tag::Flagged => None,
        }
    }

    /// Why a destination counts as private, where it does.
    fn private(&self, target: &Destination) -> Option<String> {
        let address = target.address()?.to_canonical();
        if target.is_private() {
            return Some("the address is not reachable on the public Internet".to_owned());
        }
        let network = self.internal.iter().find(|network| network.contains(&address))?;
        Some(format!("the address lies in {network}, one of internal_networks"))
    }

    /// The entry of the ignored hosts that covers a destination.
    fn ignored(&self, target: &Destination) -> Option<&str> {
        let host = match target.address() {
            Some(address) => Cow::Owned(address.to_canonical().to_string()),
            None => Cow::Borrowed(target.host()),
        };
        self.ignored.covering(&host)
    }

    /// Why a destination belongs to a service that may not be used, where it does.
    fn unsanctioned(&self, target: &Destination) -> Option<String> {
        let service = service_of(target.host())?;
        let category = service.category;
        if self.sanctions.allow(service.name, category.name()) {
            return None;
        }
        let by = match self.sanctions.decision(service.name) {
            Some(_) => format!("{}, which unsanctioned_services names", service.name),
            None => format!("{}, which neither sanctioned_services nor sanctioned_categories covers", service.name),
        };
        Some(format!("the host belongs to {by} ({}, {} risk)", category.title(), service.risk.name()))
    }
}
