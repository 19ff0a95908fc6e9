//! Kinds of services, each with its part of the catalogue, and how much a use of one matters.

use std::fmt;

/// One line a category: the variant, its word in answers, its title, its part of the catalogue.
macro_rules! categories {
    ($($variant:ident $name:literal $title:literal)*) => {
        /// What kind of service a destination is.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum ServiceCategory {
            $(#[doc = $title] $variant,)*
        }

        impl ServiceCategory {
            /// All of them, by name.
            pub const ALL: &[ServiceCategory] = &[$(ServiceCategory::$variant),*];

            /// The word in answers.
            pub fn name(self) -> &'static str {
                match self {
                    $(ServiceCategory::$variant => $name,)*
                }
            }

            /// The words for people.
            pub fn title(self) -> &'static str {
                match self {
                    $(ServiceCategory::$variant => $title,)*
                }
            }

            /// Its part of the catalogue, as TOML.
            pub(super) fn catalogue(self) -> &'static str {
                match self {
                    $(ServiceCategory::$variant => include_str!(concat!("catalogue/", $name, ".toml")),)*
                }
            }
        }
    };
}

categories! {
    Adult "adult" "Adult content"
    Advertising "advertising" "Advertising"
    Ai "ai" "AI assistants"
    Analytics "analytics" "Analytics and telemetry"
    Business "business" "Business applications"
    CodeHosting "code_hosting" "Code hosting"
    Conferencing "conferencing" "Conferencing"
    Crypto "crypto" "Cryptocurrencies"
    Doh "doh" "DNS over HTTPS"
    Education "education" "Education and science"
    Gambling "gambling" "Gambling"
    Gaming "gaming" "Games"
    Hosting "hosting" "Web hosting and dynamic DNS"
    Identity "identity" "Sign-in and certificates"
    Infrastructure "infrastructure" "Cloud and content delivery"
    Messaging "messaging" "Messaging"
    News "news" "News"
    Packages "packages" "Packages and images"
    Paste "paste" "Paste sites"
    Payments "payments" "Payments and banking"
    Productivity "productivity" "Office and productivity"
    RemoteAccess "remote_access" "Remote access"
    Search "search" "Search and reference"
    Security "security" "Security products"
    Shopping "shopping" "Shopping and travel"
    Shortener "shortener" "Link shorteners"
    Social "social" "Social networks"
    Storage "storage" "File storage"
    Streaming "streaming" "Streaming"
    Torrent "torrent" "Peer-to-peer"
    Transfer "transfer" "File transfer"
    Translation "translation" "Translation"
    Tunnel "tunnel" "Tunnels"
    Updates "updates" "Updates"
    Vpn "vpn" "VPN and anonymisers"
    Webhook "webhook" "Request bins and webhooks"
    Webmail "webmail" "Webmail"
}

impl ServiceCategory {
    /// The category of a word.
    pub fn parse(name: &str) -> Option<ServiceCategory> {
        ServiceCategory::ALL.iter().copied().find(|category| category.name() == name)
    }
}

impl fmt::Display for ServiceCategory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What a use of a service that nobody sanctioned can mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// People read, watch or buy there, or machines are looked after.
    Low,
    /// It takes in what people write or upload, under an account.
    Medium,
    /// It gets past the proxy or controls from outside, takes data in without an account, or is outside the law.
    High,
}

impl Risk {
    /// All of them, lowest first.
    pub const ALL: [Risk; 3] = [Risk::Low, Risk::Medium, Risk::High];

    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }
}
